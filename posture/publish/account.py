"""What the user is told of how a publisher fares: news, but not every hiccup of a network."""

from __future__ import annotations

import queue
from collections.abc import Callable

from posture.clock import Clock, Instant

# Chosen: a broker that comes and goes is no news each time.
_SAME_TROUBLE_S = 600.0


class Account:
    """Tells once that it works, and of trouble again only after ten minutes.

    The publisher's thread reports, the monitor's thread tells. ``said``: how it fares now, in
    words; None before anything was known.
    """

    def __init__(self, tell: Callable[[str], None], clock: Clock) -> None:
        self.said: str | None = None
        self._tell = tell
        self._untold: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._clock = clock
        self._told_trouble: bool | None = None
        self._trouble_at: Instant | None = None

    def pass_on(self) -> None:
        """Tell what is untold."""
        while not self._untold.empty():
            self._tell(self._untold.get())

    def warn(self, text: str) -> None:
        """Something the user should know, whether it works or not."""
        self._untold.put(text)

    def fine(self, text: str) -> None:
        """It works, as *text* says."""
        self.said = text
        if self._told_trouble is not False:
            self._told_trouble = False
            self._untold.put(text)

    def trouble(self, text: str) -> None:
        """It does not work, as *text* says."""
        self.said = text
        now = self._clock.now()
        recent = self._trouble_at is not None and now - self._trouble_at < _SAME_TROUBLE_S
        if self._told_trouble is not True and not recent:
            self._told_trouble, self._trouble_at = True, now
            self._untold.put(text)
