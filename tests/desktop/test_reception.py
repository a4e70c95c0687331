from __future__ import annotations

import json
import queue
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moments import NOW

from posture.clock import ManualClock
from posture.core.effects import Answered, Outcome, ReminderKind
from posture.core.inputs import Action, ActionKind
from posture.desktop.reception import BURST, MAX_BYTES, Reception
from posture.desktop.wishes import Command, CommandKind

Sink = queue.SimpleQueue[Any]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def reception(sink: Sink, clock: ManualClock) -> Reception:
    return Reception(sink, clock, patience_s=0)


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
    answer = asked(reception, request_)
    assert answer.pop("text")
    assert answer == {"ok": True, "did": request_["do"]} | {
        name: value for name, value in request_.items() if name == "seconds"
    }
    assert sink.get_nowait() == wish
    assert sink.empty()


def test_the_status_is_the_one_published_last(reception: Reception, sink: Sink) -> None:
    assert asked(reception, {"do": "status"})["error"] == "the monitor is still starting"

    for number in (1, 2):
        reception.publish(partial(dict, sitting_s=number))

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
        (b'{"do": "stop", "now": 1}', "the request has an unknown part: 'now'"),
        (b'{"\\ud800": 1}', r"the request has an unknown part: '\ud800'"),
        (b'{"do": "stop", "seconds": 5}', "stop takes no seconds"),
        (b'{"do": "pause", "seconds": 0}', "seconds must be a number above 0 and up to 604800"),
        (b'{"do": "pause", "seconds": 1e9}', "seconds must be a number above 0 and up to 604800"),
        (b'{"do": "pause", "seconds": NaN}', "seconds must be a number above 0 and up to 604800"),
        (
            b'{"do": "pause", "seconds": %s}' % (b"9" * 400),
            "seconds must be a number above 0 and up to 604800",
        ),
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


TEXTS = st.text(st.characters(exclude_categories=()), max_size=8)  # half characters too
WISHES = st.sampled_from(["status", "pause", "snooze", "stop", "resume"])
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers(-(10**400), 10**400) | TEXTS | WISHES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["do", "seconds"]) | TEXTS, inner, max_size=3)
    ),
    max_leaves=6,
)
REQUESTS = st.fixed_dictionaries({"do": WISHES}, optional={"seconds": JSON, "\ud800": JSON})


@given(st.binary(max_size=200) | (JSON | REQUESTS).map(lambda value: json.dumps(value).encode()))
def test_no_line_is_without_an_answer(line: bytes) -> None:
    sink: Sink = queue.SimpleQueue()
    answer = json.loads(Reception(sink, ManualClock(NOW), patience_s=0).answer(line))

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


class Monitor:
    """Says at once what came of each wish, as the monitor's thread would."""

    def __init__(self, **came_of_it: Any) -> None:
        self.reception: Reception | None = None
        self.came_of_it = came_of_it

    def put(self, item: object) -> None:
        assert self.reception is not None
        if isinstance(item, Action):
            unasked = Answered(NOW, Action(NOW, item.kind), Outcome.NOTHING)
            self.reception.watch([unasked, Answered(NOW, item, **self.came_of_it)])


def told(do: str, **came_of_it: Any) -> dict[str, Any]:
    monitor = Monitor(**came_of_it)
    monitor.reception = Reception(monitor, ManualClock(NOW), patience_s=5)
    return asked(monitor.reception, {"do": do})


def test_the_answer_is_what_came_of_this_very_wish() -> None:
    answer = told("wrong_alarm", kind=ReminderKind.POSTURE, measure="slump_cm", factor=1.3225)

    assert answer == {
        "ok": True,
        "did": "wrong_alarm",
        "outcome": "done",
        "reminder": "posture",
        "measure": "slump_cm",
        "factor": 1.323,
        "text": "Noted: a wrong alarm. Now 32% laxer than set: slumping "
        "(`posture undo` takes it back).",
    }


@pytest.mark.parametrize(
    ("do", "came_of_it", "text"),
    [
        (
            "wrong_alarm",
            {"outcome": Outcome.NO_LAXER, "kind": ReminderKind.STAND},
            "Noted: a wrong alarm (stand). No threshold became laxer.",
        ),
        (
            "wrong_alarm",
            {"outcome": Outcome.NO_REMINDER},
            "There is no reminder to call a wrong alarm.",
        ),
        (
            "undo_wrong_alarm",
            {"measure": "slump_cm", "factor": 1.15},
            "Taken back. Now 15% laxer than set: slumping.",
        ),
        (
            "undo_wrong_alarm",
            {"measure": "slump_cm", "factor": 1.0},
            "Taken back. As set again: slumping.",
        ),
        (
            "undo_wrong_alarm",
            {"outcome": Outcome.NOTHING},
            "There is no wrong alarm to take back.",
        ),
        ("resume", {"outcome": Outcome.NOTHING}, "It was not paused."),
        (
            "snooze",
            {"outcome": Outcome.EVERYTHING, "seconds": 300.0},
            "No reminder is on the screen: all of them are put off for 5 min.",
        ),
        (
            "snooze",
            {"kind": ReminderKind.STAND, "seconds": 90.0},
            "You will be reminded again in 90 s.",
        ),
        ("resume", {"ended": "paused"}, "Watching again."),
        ("resume", {"ended": "snoozed"}, "Reminders are no longer put off."),
        ("resume", {"ended": "break"}, "Your break is over: reminders come again."),
        ("pause", {}, "Paused until `posture resume`."),
        ("pause", {"seconds": 5400.0}, "Paused for 1 h 30 min."),
        ("break_now", {"seconds": 300.0}, "You take a break: no reminders for 5 min."),
        ("done", {"kind": ReminderKind.STAND}, "Done."),
        ("done", {"outcome": Outcome.NO_REMINDER}, "No reminder is on the screen."),
    ],
)
def test_what_came_of_it_is_said(do: str, came_of_it: dict[str, Any], text: str) -> None:
    assert told(do, **came_of_it)["text"] == text


def test_a_monitor_that_does_not_say_is_not_waited_for_long(sink: Sink) -> None:
    reception = Reception(sink, ManualClock(NOW), patience_s=0.05)

    passed_on = {"ok": True, "text": "Passed on. `posture status` shows what came of it."}
    assert asked(reception, {"do": "wrong_alarm"}) == passed_on | {"did": "wrong_alarm"}
    late: Action = sink.get_nowait()
    reception.watch([Answered(NOW, late)])
    assert asked(reception, {"do": "resume"}) == passed_on | {"did": "resume"}


def test_the_end_of_the_program_is_not_waited_for(sink: Sink) -> None:
    """Nobody would answer."""
    reception = Reception(sink, ManualClock(NOW), patience_s=3600)

    assert asked(reception, {"do": "stop"})["text"] == "posture ends."
