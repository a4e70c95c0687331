"""The commands that talk to a running monitor, as the user types them."""

from __future__ import annotations

import json
import queue
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from posture.cli import main
from posture.cli.durations import read_duration
from posture.clock import Instant, ManualClock
from posture.core.clocks import Clocks
from posture.core.inputs import Action, ActionKind
from posture.core.policy import Policy
from posture.core.voice import Voice
from posture.desktop import control
from posture.desktop.loop import LoopThread
from posture.desktop.reception import Reception
from posture.desktop.wishes import Command, CommandKind
from posture.desktop.words import speak

NOW = Instant(0.0, 1_770_000_000_000_000)
STATUS = {
    "text": ["Sitting well", "Sitting for 42 min"],
    "learned_text": ["After wrong alarms 15% laxer: slumping"],
    "program": {
        "tray_trouble": "No tray icon: it was switched off.",
        "notification_trouble": None,
        "publishing": ["Publishing to the broker."],
    },
}
Sink = queue.SimpleQueue[Any]
_DID = {"wrong": "wrong_alarm", "undo": "undo_wrong_alarm"}


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with TemporaryDirectory(prefix="pt") as name:
        monkeypatch.setenv("XDG_RUNTIME_DIR", name)
        monkeypatch.setenv("XDG_DATA_HOME", name)
        yield Path(name)


class Hearing:
    """Keeps the wishes and says at once what came of each, as a monitor that has just begun."""

    def __init__(self) -> None:
        self.heard: Sink = queue.SimpleQueue()
        self.voice = Voice(Policy(), Clocks(Policy()), 1)
        self.reception: Reception | None = None

    def put(self, item: object) -> None:
        assert self.reception is not None
        self.heard.put(item)
        if isinstance(item, Action):
            self.reception.watch(self.voice.answer(item, item.at))


@pytest.fixture
def hearing() -> Hearing:
    return Hearing()


@pytest.fixture
def monitor(home: Path, hearing: Hearing) -> Iterator[Path]:
    """A monitor's ear, for the data directory it yields."""
    loop = LoopThread()
    reception = hearing.reception = Reception(hearing, ManualClock(NOW))
    reception.publish(lambda: STATUS)
    server = control.serve(home / "data", reception, loop)
    server.start()
    yield home / "data"
    server.stop()
    loop.stop()


@pytest.mark.parametrize(
    ("words", "text", "wish"),
    [
        (["pause"], "Paused until `posture resume`.", Action(NOW, ActionKind.PAUSE)),
        (["pause", "1h"], "Paused for 1 h.", Action(NOW, ActionKind.PAUSE, seconds=3600.0)),
        (["resume"], "It was not paused.", Action(NOW, ActionKind.RESUME)),
        (
            ["snooze"],
            "No reminder is on the screen: all of them are put off for 5 min.",
            Action(NOW, ActionKind.SNOOZE),
        ),
        (
            ["snooze", "90s"],
            "No reminder is on the screen: all of them are put off for 90 s.",
            Action(NOW, ActionKind.SNOOZE, seconds=90.0),
        ),
        (
            ["wrong"],
            "There is no reminder to call a wrong alarm.",
            Action(NOW, ActionKind.WRONG_ALARM),
        ),
        (
            ["undo"],
            "There is no wrong alarm to take back.",
            Action(NOW, ActionKind.UNDO_WRONG_ALARM),
        ),
        (["standing"], "Counted as standing.", Action(NOW, ActionKind.STANDING)),
        (["sitting"], "Counted as sitting.", Action(NOW, ActionKind.SITTING)),
        (["recalibrate"], "Calibration begins.", Command(NOW, CommandKind.RECALIBRATE)),
        (["stop"], "posture ends.", Command(NOW, CommandKind.QUIT)),
        (["preview"], "The running monitor opens its preview.", Command(NOW, CommandKind.PREVIEW)),
    ],
)
def test_a_command_is_obeyed_and_said(
    words: list[str],
    text: str,
    wish: Action | Command,
    monitor: Path,
    hearing: Hearing,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([*words, "--data-dir", str(monitor)]) == 0
    assert capsys.readouterr().out == f"{text}\n"
    assert hearing.heard.get_nowait() == wish

    if words[0] != "preview":
        assert main([*words, "--json", "--data-dir", str(monitor)]) == 0
        answer = json.loads(capsys.readouterr().out)
        assert (answer["ok"], answer["did"]) == (True, _DID.get(words[0], words[0]))


@pytest.mark.parametrize(
    ("language", "before", "text"),
    [
        ("en", "pause", "Watching again."),
        ("en", "snooze", "Reminders are no longer put off."),
        ("de", "pause 45m", "Es geht weiter."),
        ("de", "snooze", "Erinnerungen sind nicht mehr aufgeschoben."),
    ],
)
def test_to_resume_says_what_it_ended_in_the_monitors_language(
    language: str, before: str, text: str, monitor: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    speak(language)
    try:
        for words in (before, "resume"):
            assert main([*words.split(), "--data-dir", str(monitor)]) == 0
    finally:
        speak("en")

    first, second = capsys.readouterr().out.splitlines()
    assert ("5 min" in first) is (before != "pause")
    assert second == text


def test_what_the_monitor_says_came_of_it_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = {"ok": True, "did": "resume", "outcome": "nothing", "text": "It was not paused."}
    monkeypatch.setattr(control, "ask", lambda _home, _request: answer)

    assert main(["resume"]) == 0
    assert capsys.readouterr().out == "It was not paused.\n"
    assert main(["resume", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == answer


def test_the_status_is_told_in_lines(monitor: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--data-dir", str(monitor)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Sitting well",
        "Sitting for 42 min",
        "After wrong alarms 15% laxer: slumping",
        "No tray icon: it was switched off.",
        "Publishing to the broker.",
    ]


def test_the_status_is_told_whole_as_json(
    monitor: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status", "--json", "--data-dir", str(monitor)]) == 0
    assert json.loads(capsys.readouterr().out) == STATUS


@pytest.mark.parametrize("command", ["status", "pause", "stop"])
def test_without_a_monitor_it_is_said(
    command: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command]) == 29
    assert capsys.readouterr() == (
        "",
        "posture: posture is not running. Start it with: posture run\n",
    )


def test_without_a_monitor_json_is_an_object(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status", "--json"]) == 29
    assert json.loads(capsys.readouterr().err)["error"]["code"] == "not_running"


@pytest.mark.parametrize("length", ["soon", "-5", "0", "0m", "8d", "200h", "1.5h", "5m3"])
def test_what_is_no_length_of_time_is_refused(
    length: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pause", "--", length]) == 2
    assert capsys.readouterr().err.startswith("posture: ")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("15", 900),
        ("15m", 900),
        ("15min", 900),
        ("90s", 90),
        ("2h", 7200),
        ("1h30m", 5400),
        ("1h 30m 5s", 5405),
        ("1H", 3600),
        ("", None),
        ("m", None),
        ("30m1h", None),
        ("١٥", None),
    ],
)
def test_lengths_of_time(text: str, seconds: float | None) -> None:
    assert read_duration(text) == seconds
