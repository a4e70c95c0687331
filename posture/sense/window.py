"""Which part of a source is wanted, and how densely."""

from __future__ import annotations

import math
from dataclasses import dataclass

from posture.errors import UsageError

# Containers count in milliseconds: 0.333 is meant by a start at 1/3 s.
_ROUNDING_S = 0.001


@dataclass(frozen=True, slots=True)
class Window:
    """From ``start_s`` on, for ``duration_s`` (None = to the end), ``fps`` pictures a second.

    Seconds on the source's own clock; ``fps`` None = every picture. Raises UsageError for values
    that make no window.
    """

    start_s: float = 0.0
    duration_s: float | None = None
    fps: float | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.start_s) and self.start_s >= 0):
            raise UsageError("The start must be 0 seconds or more.", "Change --start.")
        for name, value in (("duration", self.duration_s), ("fps", self.fps)):
            if value is not None and not (math.isfinite(value) and value > 0):
                raise UsageError(f"The {name} must be more than 0.", f"Change --{name}.")

    @property
    def end_s(self) -> float:
        """First moment that is not wanted any more; infinite without a duration."""
        return math.inf if self.duration_s is None else self.start_s + self.duration_s

    def is_over(self, t_s: float) -> bool:
        """Whether *t_s* lies behind the window."""
        return t_s > self.end_s - _ROUNDING_S

    def nothing_found(self, name: str, last_s: float) -> UsageError:
        """Return the error for a window that lies behind the source's last picture."""
        return UsageError(
            f"{name} ends at {last_s:.1f} s: nothing is left from {self.start_s:g} s on.",
            "Choose an earlier --start.",
        )


class Sampler:
    """Chooses the pictures of a window: with ``fps``, those nearest to an even grid.

    Ask once for each picture, in order. A source slower than the grid is taken whole.
    """

    def __init__(self, window: Window, first_gap_s: float = 0.0) -> None:
        self._window = window
        self._first_gap_s = first_gap_s
        self._previous_s: float | None = None
        self._next_point = 0

    def wants(self, t_s: float) -> bool:
        """Whether the picture at *t_s* (seconds on the source's clock) is one to take."""
        gap_s = self._first_gap_s if self._previous_s is None else t_s - self._previous_s
        self._previous_s = t_s
        start_s, fps = self._window.start_s, self._window.fps
        if t_s < start_s - _ROUNDING_S or self._window.is_over(t_s):
            return False
        if fps is None:
            return True
        # The gap ahead is taken to be the gap behind: within half of it no other picture is
        # nearer. After a hole in the recording that must not swallow the points to come.
        reach_s = t_s - start_s + min(gap_s, 1 / fps) / 2
        if reach_s + _ROUNDING_S < self._next_point / fps:
            return False
        self._next_point = math.floor((reach_s + _ROUNDING_S) * fps) + 1
        return True
