"""Stillness: how long the body has not shifted. Any change of posture is good."""

from __future__ import annotations

from dataclasses import dataclass, field

from posture.clock import Instant
from posture.core.metrics import MEASURES, Metrics
from posture.core.policy import MovePolicy

# Looking at the body this often is enough to see a shift of some seconds (chosen).
SAMPLE_S = 0.75
_LENGTHS = tuple(measure for measure in MEASURES if measure.endswith("_cm"))
_ANGLES = tuple(measure for measure in MEASURES if measure.endswith("_deg"))


@dataclass(slots=True)
class StillState:
    """What must outlive a restart. ``carry_s``: stillness when ``since`` began."""

    carry_s: float = 0.0
    since: Instant | None = None
    began: Instant | None = None

    def __post_init__(self) -> None:
        if self.carry_s < 0:
            raise ValueError("a clock cannot be negative")


@dataclass(slots=True)
class Stillness:
    """Seconds since the last shift, counted only while the user is seen seated."""

    policy: MovePolicy
    state: StillState = field(default_factory=StillState)
    shifts: int = 0
    _held: dict[str, float] = field(default_factory=dict)
    _moving: Instant | None = None
    _sampled: Instant | None = None

    def see(self, metrics: Metrics, at: Instant) -> None:
        """Compare with the posture held so far."""
        s = self.state
        if s.since is None:
            s.since = at
            s.began = s.began or at
        if self._sampled is not None and at - self._sampled < SAMPLE_S:
            return
        self._sampled = at
        if not self._moved(metrics):
            self._moving = None
        elif self._moving is None:
            self._moving = at
        if self._moving is not None and at - self._moving >= self.policy.shift_s:
            self.shifted(self._moving)
            self._held = _values(metrics)
            s.since = s.began

    def _moved(self, metrics: Metrics) -> bool:
        moved, held = False, self._held
        for measures, least in (
            (_LENGTHS, self.policy.shift_cm),
            (_ANGLES, self.policy.shift_deg),
        ):
            for measure in measures:
                value = metrics.get(measure)
                if value is not None and abs(value - held.setdefault(measure, value)) >= least:
                    moved = True
        return moved

    def shifted(self, at: Instant) -> None:
        """A shift began at *at*: start afresh."""
        s = self.state
        s.carry_s, s.since, s.began = 0.0, None, at
        self.shifts += 1
        self._moving = None

    def lose(self, since: Instant) -> None:
        """Not seen since *since*: the clock waits."""
        s = self.state
        if s.since is not None:
            s.carry_s = self.seconds(since)
            s.since = None
        self._moving = None

    def leave(self, since: Instant) -> None:
        """Away or on the feet: that is a shift."""
        if self.state.since is not None or self.state.carry_s > 0:
            self.shifted(since)
        self._held = {}

    def take_shifts(self) -> int:
        """Shifts since last taken."""
        taken, self.shifts = self.shifts, 0
        return taken

    def seconds(self, now: Instant) -> float:
        """Stillness at *now*."""
        s = self.state
        return s.carry_s + (0.0 if s.since is None else max(now - s.since, 0.0))


def _values(metrics: Metrics) -> dict[str, float]:
    return {m: v for m in MEASURES if (v := metrics.get(m)) is not None}
