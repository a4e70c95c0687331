"""The line ``posture run`` keeps up to date on a terminal."""

from __future__ import annotations

import io
import sys
from dataclasses import replace

import pytest
from moments import NOW, status

from posture.cli.terminal import Terminal
from posture.core.reading import Label


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
