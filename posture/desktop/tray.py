"""The tray icon, whatever kind this desktop has; and in words, why there is none.

pystray's X11 backend is never used: its icon has no menu and does not feel clicks.
"""

from __future__ import annotations

import os
import queue
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from posture.clock import Clock
from posture.desktop.face import Face
from posture.desktop.loop import LoopThread
from posture.desktop.wishes import Sink
from posture.desktop.words import say

# Windows delivers Ctrl-C only between waits.
_WAIT_S = 0.5 if sys.platform == "win32" else None


class Backend(StrEnum):
    """The kinds of tray."""

    SNI = "sni"
    APPINDICATOR = "appindicator"
    GTK = "gtk"
    WIN32 = "win32"
    DARWIN = "darwin"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Hidden:
    """Why no icon can be seen, and what to do about it; *detail*: for who looks into it."""

    why: str
    do: str
    detail: str | None = None

    def __str__(self) -> str:
        return f"{self.why} {self.do}"


def hidden(reason: str, detail: object = None, **values: object) -> Hidden:
    """The words for one *reason*, such as "no_bus"."""
    return Hidden(
        say(f"tray.{reason}", **values),
        say(f"tray.{reason}_do"),
        None if detail is None else str(detail),
    )


@dataclass(frozen=True, slots=True)
class TrayProbe:
    """What was found: the backend to use, and why its icon cannot be seen now (None: it can)."""

    backend: Backend
    hidden: Hidden | None = None


class Tray(Protocol):
    """An icon with a menu. Clicks go to the sink it was made with."""

    @property
    def backend(self) -> Backend:
        """Which kind of tray this is."""

    def why_hidden(self) -> str | None:
        """Why no icon can be seen at the moment, and what to do; None when it can."""

    def start(self) -> None:
        """Show the icon, where that does not need the main thread."""

    def run(self) -> None:
        """Block the main thread until :meth:`stop`, then take the icon away."""

    def stop(self) -> None:
        """End :meth:`run`; from any thread, from a signal handler, before or after it."""

    def show(self, face: Face) -> None:
        """Show *face*, new or not; from any thread, also before :meth:`start`; never blocks."""


def probe(loop: LoopThread, environ: Mapping[str, str] | None = None) -> TrayProbe:
    """Find out which tray this desktop has."""
    if sys.platform == "win32":
        return TrayProbe(Backend.WIN32)
    if sys.platform == "darwin":
        return TrayProbe(Backend.DARWIN)
    from posture.desktop import tray_bus  # noqa: PLC0415 - D-Bus is a Linux matter

    return tray_bus.probe(loop, os.environ if environ is None else environ)


def open_tray(
    sink: Sink, clock: Clock, loop: LoopThread, first: Face, *, prefer: str = "auto"
) -> Tray:
    """Make the tray this desktop can show; *prefer* names a backend, "auto" or "none".

    Where :func:`probe` finds no tray, the one named is none either. There is always a tray to
    run: where no icon is possible it only waits for :meth:`Tray.stop`.
    """
    if prefer == Backend.NONE:
        return NoTray(hidden("switched_off"))
    found = probe(loop)
    known = prefer == "auto" or found.backend is Backend.NONE
    backend = found.backend if known else Backend(prefer)
    match backend:
        case Backend.NONE:
            return NoTray(found.hidden)
        case Backend.SNI:
            from posture.desktop.tray_bus import BusTray  # noqa: PLC0415 - a Linux matter

            return BusTray(sink, clock, loop, first, waiting=found.hidden)
        case Backend.GTK | Backend.APPINDICATOR | Backend.WIN32 | Backend.DARWIN:
            from posture.desktop.tray_pystray import (  # noqa: PLC0415 - not where no icon is
                PystrayTray,
            )

            return PystrayTray(sink, clock, loop, first, backend)


class Waiter:
    """Lets the main thread wait where a signal handler may wake it.

    A SimpleQueue, because its put() is safe in a signal handler; an Event's set() is not.
    """

    def __init__(self) -> None:
        self._wake: queue.SimpleQueue[None] = queue.SimpleQueue()

    def wait(self) -> None:
        """Block until :meth:`wake`."""
        while True:
            try:
                return self._wake.get(timeout=_WAIT_S)
            except queue.Empty:
                continue

    def wake(self) -> None:
        """End :meth:`wait`, also one that has not begun."""
        self._wake.put(None)


class NoTray:
    """No icon; waits for the end all the same."""

    backend = Backend.NONE

    def __init__(self, why: Hidden | None) -> None:
        self._why = why
        self._waiter = Waiter()

    def why_hidden(self) -> str | None:
        """Why there is no icon."""
        return None if self._why is None else str(self._why)

    def start(self) -> None:
        """Nothing to show."""

    def run(self) -> None:
        """Block until :meth:`stop`."""
        self._waiter.wait()

    def stop(self) -> None:
        """End :meth:`run`."""
        self._waiter.wake()

    def show(self, face: Face) -> None:
        """Nothing to show *face* on."""
