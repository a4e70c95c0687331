"""The line ``posture run`` keeps up to date on a terminal."""

from __future__ import annotations

import io
import sys
from dataclasses import replace

import pytest
from moments import NOW, status

from posture.cli.terminal import Terminal
from posture.core.effects import (
    CameraChanged,
    Fate,
    PresenceChanged,
    ReminderFate,
    ReminderKind,
)
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
