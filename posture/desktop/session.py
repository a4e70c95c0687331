"""What the desktop knows: locked, idle, full screen, camera in use, battery, asleep.

One port, one adapter per system. What a system does not tell is None, never a guess.
"""

from __future__ import annotations

import logging
import queue
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Protocol

from posture.clock import Clock
from posture.core.effects import Effect, Status
from posture.core.inputs import Session, SessionChanged
from posture.desktop.loop import LoopThread
from posture.desktop.wishes import Sink

FACTS: tuple[str, ...] = tuple(field.name for field in fields(Session))
POLL_S = 1.0  # chosen: input is polled, so a natural pause of 3 s is seen in time
_CALM_POLL_S = 5.0  # chosen: nobody is there whose typing could be broken into
_REFRESH_S = 5.0  # chosen: how old the idle time may get while nothing else changes

_log = logging.getLogger(__name__)


class SessionSource(Protocol):
    """One system's way of knowing. Only :meth:`start` and :meth:`stop` may block."""

    def start(self, changed: Callable[[], None]) -> None:
        """Begin to listen; *changed* is called, from any thread, when :meth:`read` would differ."""

    def read(self) -> Session:
        """The facts as of now; called about once a second from one thread."""

    def told_by(self) -> Mapping[str, str | None]:
        """Each fact of :data:`FACTS` with who tells it; None: nobody on this system."""

    def stop(self) -> None:
        """Stop listening."""


class NoSource:
    """A system that tells nothing."""

    def start(self, changed: Callable[[], None]) -> None:
        """Nothing to listen to."""

    def read(self) -> Session:
        """Return all unknown."""
        return Session()

    def told_by(self) -> Mapping[str, str | None]:
        """Nobody tells anything."""
        return dict.fromkeys(FACTS)

    def stop(self) -> None:
        """Nothing to stop."""


def source_for_this_system(loop: LoopThread, clock: Clock) -> SessionSource:
    """The adapter of the present system."""
    if sys.platform == "linux":
        from posture.desktop.session_linux import LinuxSession  # noqa: PLC0415 - only there

        return LinuxSession(loop, clock)
    if sys.platform == "win32":
        from posture.desktop.session_windows import WindowsSession  # noqa: PLC0415 - only there

        return WindowsSession()
    if sys.platform == "darwin":
        from posture.desktop.session_macos import MacSession  # noqa: PLC0415 - only there

        return MacSession()
    return NoSource()


class SessionWatcher:
    """Puts a SessionChanged into *sink* whenever there is something to tell.

    *pause_s* (``reminders.pause_s``): no input for this long is told at once, and so is its end.
    It may be set anew at any time.
    """

    def __init__(
        self,
        source: SessionSource,
        sink: Sink,
        clock: Clock,
        *,
        pause_s: float,
        poll_s: float = POLL_S,
    ) -> None:
        self.pause_s = pause_s
        self._source = source
        self._sink = sink
        self._clock = clock
        self._poll_s = poll_s
        self._calm = False
        self._told: SessionChanged | None = None
        self._complained = False
        self._wake: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="session", daemon=True)

    @property
    def session(self) -> Session:
        """The facts told last; all unknown before the first."""
        return Session() if self._told is None else self._told.session

    def watch(self, effects: Sequence[Effect]) -> None:
        """Ask less often while nobody is there or watched; what tells by itself still does."""
        for effect in effects:
            if isinstance(effect, Status):
                woken = self._calm and not effect.calm
                self._calm = effect.calm
                if woken:
                    self._wake.put(True)

    def start(self) -> None:
        """Begin to watch, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Stop watching."""
        self._wake.put(False)
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        self._source.start(lambda: self._wake.put(True))
        try:
            self._look()
            while self._go_on():
                self._look()
        finally:
            self._source.stop()

    def _go_on(self) -> bool:
        try:
            pause_s = max(self._poll_s, _CALM_POLL_S) if self._calm else self._poll_s
            return self._wake.get(timeout=pause_s)
        except queue.Empty:
            return True

    def _look(self) -> None:
        try:
            session = self._source.read()
        except Exception:  # noqa: BLE001 - the desktop may be ending; unknown is an answer
            if not self._complained:
                _log.warning("The session cannot be read", exc_info=True)
            self._complained = True
            session = Session()
        now = SessionChanged(self._clock.now(), session)
        if worth_telling(self._told, now, self.pause_s):
            self._told = now
            self._sink.put(now)


def worth_telling(told: SessionChanged | None, now: SessionChanged, pause_s: float) -> bool:
    """Whether *now* says more than what was *told* last; *pause_s*: a pause in typing."""
    if told is None:
        return True
    before, after = told.session, now.session
    if replace(before, idle_s=None) != replace(after, idle_s=None):
        return True
    if before.idle_s is None or after.idle_s is None:
        return before.idle_s is not after.idle_s
    pausing = [idle_s >= pause_s for idle_s in (before.idle_s, after.idle_s)]
    return pausing[0] is not pausing[1] or now.at - told.at >= _REFRESH_S
