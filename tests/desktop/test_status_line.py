"""The line ``posture run`` keeps up to date on a terminal."""

from __future__ import annotations

import io
import sys
from dataclasses import replace

import pytest
from moments import NOW, status

from posture.cli.terminal import Terminal, status_line
from posture.core.effects import (
    Activity,
    CameraChanged,
    Fate,
    PresenceChanged,
    ReminderFate,
    ReminderKind,
    ShowReminder,
)
from posture.core.inputs import Tick
from posture.core.monitor import Monitor
from posture.core.reading import Label, Presence
from posture.desktop.words import speak


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_it_is_drawn_when_it_changes_and_only_then(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stdout", screen)
    terminal = Terminal()

    terminal.watch([status()])
    drawn = screen.getvalue()
    assert drawn.strip()
    terminal.watch([replace(status(), at=NOW.shifted(1))])
    assert screen.getvalue() == drawn
    terminal.watch([replace(status(), label=Label.SLOUCH)])
    assert screen.getvalue() != drawn


@pytest.mark.parametrize("columns", [200, 60, 30, 8])
def test_it_never_runs_over_the_terminals_edge(columns: int) -> None:
    """What was broken into two lines could not be wiped again."""
    whole = status_line(status(silent="meeting"), 500)

    line = status_line(status(silent="meeting"), columns)

    assert len(line) <= columns
    assert whole.startswith(line)
    assert line == whole or len(whole) > columns
    # Only a terminal that is narrower than the first word cuts into one.
    assert columns == 8 or f"{whole} · ".startswith(f"{line} · ")


def test_before_the_first_picture_it_looks() -> None:
    starting = replace(status(), reading=None, label=Label.UNKNOWN, activity=Activity.UNKNOWN)

    assert status_line(starting, 80).split(" · ")[0] == "Looking for you"


def test_before_the_first_picture_none_is_called_unclear() -> None:
    monitor = Monitor()
    monitor.step(Tick(NOW))
    assert "Silent" not in status_line(monitor.status(), 200)

    unseen = replace(status(silent="low_confidence"), reading=None, presence_reason="dark")
    assert "Silent" in status_line(unseen, 200)


@pytest.mark.parametrize(
    ("label", "score", "told"),
    [
        (Label.UPRIGHT, 21.0, False),
        (Label.RECLINED, 21.0, False),
        (Label.UPRIGHT, 50.0, True),
        (Label.SLOUCH, 21.0, True),
    ],
)
def test_a_score_does_not_belie_a_word_that_is_about_to_change(
    label: Label, score: float, told: bool
) -> None:
    before = status()
    assert before.reading is not None
    reading = replace(before.reading, score=score)

    line = status_line(replace(before, label=label, reading=reading), 200)

    assert (f"score {score:.0f}" in line) is told


@pytest.mark.parametrize("columns", [200, 60, 30])
def test_a_reminder_is_broken_at_words_and_stays_in_its_column(
    columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", str(columns))
    text = "Stand up and drink a glass of water; walking a few steps loosens the back."

    Terminal().show(ShowReminder(NOW, 1, ReminderKind.STAND, "Stand up", text, NOW))

    first, *others = screen.getvalue().splitlines()
    assert "● Stand up  Stand up and" in f"{first} {' '.join(others)}".replace("         ", "")
    assert all(len(line) <= columns for line in (first, *others))
    assert all(line.startswith(" " * 9) and line[9] != " " for line in others)
    assert bool(others) is (columns < 200)
    assert text == " ".join([first.split("  ", 2)[2], *(line.strip() for line in others)])


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["The camera is closed: paused.", "you are here", "stand: heeded after 6 min"]),
        ("de", ["Die Kamera ist zu: pausiert.", "du bist da", "aufstehen: befolgt nach 6 min"]),
    ],
)
def test_a_pause_is_told_once_in_the_users_words(
    language: str, said: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = Terminal()
    speak(language)
    try:
        terminal.watch(
            [
                CameraChanged(NOW, "closed", "paused"),
                PresenceChanged(NOW, Presence.UNKNOWN, NOW, "paused"),
                CameraChanged(NOW, "open", None),
                PresenceChanged(NOW, Presence.PRESENT, NOW, None),
                # The log says the same of it.
                ReminderFate(NOW, 1, ReminderKind.STAND, Fate.HEEDED, 340.0),
            ]
        )
    finally:
        speak("en")

    assert [line[5:].strip() for line in capsys.readouterr().out.splitlines()] == said
