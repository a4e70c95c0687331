"""Budget: a leaky store of patience that a held strain empties and relief refills.

Between two changes of flow its level is a closed formula of time, so that the story is the same
at any rate of pictures, and a change may be back-dated.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from posture.clock import Instant


@dataclass(frozen=True, slots=True)
class Flow:
    """What the level does: empties a full store in ``dwell_s``, or recovers, or stands still."""

    dwell_s: float | None = None
    recovers: bool = False


RECOVER = Flow(recovers=True)
FREEZE = Flow()


def drain(dwell_s: float) -> Flow:
    """A strain that empties a full budget in *dwell_s* seconds."""
    return Flow(dwell_s)


@dataclass(slots=True)
class BudgetState:
    """What must outlive a restart."""

    level: float = 1.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.level <= 1.0:
            raise ValueError("a budget lies between 0 and 1")


class Budget:
    """Level in [0, 1]; ``recovery_s`` sets how quickly relief refills it."""

    def __init__(self, recovery_s: float) -> None:
        self.recovery_s = recovery_s
        self.state = BudgetState()
        self.flow = FREEZE
        self._at: Instant | None = None

    def level(self, now: Instant) -> float:
        """The level at *now*, not before the last change of flow."""
        level = self.state.level
        elapsed = 0.0 if self._at is None else max(now - self._at, 0.0)
        if self.flow.dwell_s is not None:
            return max(level - elapsed / self.flow.dwell_s, 0.0)
        if self.flow.recovers:
            # dB/dt = k/T with k = 1.25 + 3.75 (1 - B) (openpilot's recovery of 1.25x to 5x).
            top = 4.0 / 3.0
            return min(top - (top - level) * math.exp(-3.75 * elapsed / self.recovery_s), 1.0)
        return level

    def turn(self, flow: Flow, since: Instant) -> None:
        """Change the flow, from *since* on (not before the last change)."""
        if flow == self.flow and self._at is not None:
            return
        self._settle(since)
        self.flow = flow

    def refill(self, now: Instant) -> None:
        """Start afresh."""
        self._settle(now)
        self.state.level = 1.0

    def empty(self, now: Instant) -> bool:
        """Is it used up?"""
        return self.level(now) <= 1e-9  # rounding of the subtraction

    def empties_in_s(self, now: Instant) -> float | None:
        """Seconds until it is used up if this goes on; None when it does not drain."""
        return None if self.flow.dwell_s is None else self.level(now) * self.flow.dwell_s

    def _settle(self, since: Instant) -> None:
        if self._at is None:
            self._at = since
        elif since.mono > self._at.mono:
            self.state.level = self.level(since)
            self._at = since
