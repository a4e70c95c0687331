from __future__ import annotations

import json
import queue
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moments import NOW

from posture.clock import ManualClock
from posture.core.inputs import Action, ActionKind
from posture.desktop.reception import BURST, MAX_BYTES, Reception
from posture.desktop.wishes import Command, CommandKind

Sink = queue.SimpleQueue[Any]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def reception(sink: Sink, clock: ManualClock) -> Reception:
    return Reception(sink, clock)


def asked(reception: Reception, request: object) -> dict[str, Any]:
    answer = reception.answer(json.dumps(request).encode() + b"\n")
    assert answer.endswith(b"\n")
    document: dict[str, Any] = json.loads(answer)
    return document


@pytest.mark.parametrize(
    ("request_", "wish"),
    [
        ({"do": "pause"}, Action(NOW, ActionKind.PAUSE)),
        ({"do": "pause", "seconds": 900}, Action(NOW, ActionKind.PAUSE, seconds=900.0)),
        ({"do": "resume"}, Action(NOW, ActionKind.RESUME)),
        ({"do": "snooze", "seconds": 0.5}, Action(NOW, ActionKind.SNOOZE, seconds=0.5)),
        ({"do": "standing"}, Action(NOW, ActionKind.STANDING)),
        ({"do": "sitting"}, Action(NOW, ActionKind.SITTING)),
        ({"do": "break_now"}, Action(NOW, ActionKind.BREAK_NOW)),
        ({"do": "wrong_alarm"}, Action(NOW, ActionKind.WRONG_ALARM)),
        ({"do": "stop"}, Command(NOW, CommandKind.QUIT)),
        ({"do": "recalibrate"}, Command(NOW, CommandKind.RECALIBRATE)),
        ({"do": "report"}, Command(NOW, CommandKind.REPORT)),
        ({"do": "preview"}, Command(NOW, CommandKind.PREVIEW)),
    ],
)
def test_a_request_becomes_a_wish(
    request_: dict[str, Any], wish: Action | Command, reception: Reception, sink: Sink
) -> None:
    assert asked(reception, request_) == {"ok": True, "did": request_["do"]} | {
        name: value for name, value in request_.items() if name == "seconds"
    }
    assert sink.get_nowait() == wish
    assert sink.empty()


def test_the_status_is_the_one_published_last(reception: Reception, sink: Sink) -> None:
    assert asked(reception, {"do": "status"})["error"] == "the monitor is still starting"

    for number in (1, 2):
        reception.publish({"sitting_s": number})

    assert asked(reception, {"do": "status"}) == {
        "ok": True,
        "did": "status",
        "status": {"sitting_s": 2},
    }
    assert sink.empty()


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"", "the request is no JSON"),
        (b"\xff\xfe", "the request is no JSON"),
        (b"[1]", "the request is no JSON object"),
        (b"[" * 3000, "the request is no JSON"),
        (b"{}", "nobody can 'None' here"),
        (b'{"do": ["stop"]}', "nobody can \"['stop']\" here"),
        (b'{"do": "format disk"}', "nobody can 'format disk' here"),
        (b'{"do": "quit"}', "nobody can 'quit' here"),
        (b'{"do": "stop", "now": 1}', "the request has an unknown part: now"),
        (b'{"do": "stop", "seconds": 5}', "stop takes no seconds"),
        (b'{"do": "pause", "seconds": 0}', "seconds must be a number above 0 and up to 604800"),
        (b'{"do": "pause", "seconds": 1e9}', "seconds must be a number above 0 and up to 604800"),
        (b'{"do": "pause", "seconds": NaN}', "seconds must be a number above 0 and up to 604800"),
        (b'{"do": "pause", "seconds": true}', "seconds must be a number above 0 and up to 604800"),
        (b'{"do": "pause", "seconds": "5"}', "seconds must be a number above 0 and up to 604800"),
        (b" " * (MAX_BYTES + 1), "the request is too long"),
    ],
)
def test_what_cannot_be_is_answered_with_the_reason(
    line: bytes, error: str, reception: Reception, sink: Sink
) -> None:
    assert json.loads(reception.answer(line)) == {"ok": False, "error": error}
    assert sink.empty()


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["do", "seconds", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_no_line_is_without_an_answer(line: bytes) -> None:
    sink: Sink = queue.SimpleQueue()
    answer = json.loads(Reception(sink, ManualClock(NOW)).answer(line))

    assert answer["ok"] is (not sink.empty())
    assert answer["ok"] or answer["error"]


def test_a_flood_is_refused_until_it_ebbs(
    reception: Reception, clock: ManualClock, sink: Sink
) -> None:
    answers = [asked(reception, {"do": "resume"})["ok"] for _ in range(BURST + 5)]
    assert answers == [True] * BURST + [False] * 5

    clock.advance(0.35)
    answers = [asked(reception, {"do": "resume"})["ok"] for _ in range(5)]
    assert answers == [True] * 3 + [False] * 2
    assert sink.qsize() == BURST + 3


def test_a_clock_that_goes_back_gives_nothing_away(
    reception: Reception, clock: ManualClock
) -> None:
    for _ in range(BURST):
        asked(reception, {"do": "resume"})
    clock.advance(-1000)

    assert asked(reception, {"do": "resume"})["error"].startswith("too many requests")
