"""Measures in, calm measures out: the 1 euro filter in seconds (Casiez, Roussel, Vogel 2012)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from posture.core.metrics import MEASURES, Metrics
from posture.core.sampling import GAP_S

_TURN = 2.0 * math.pi


@dataclass(frozen=True, slots=True)
class Tuning:
    """``min_cutoff_hz`` at rest, ``beta`` per unit/s of speed, ``d_cutoff_hz`` for the speed.

    Defaults are science.md section 5's.
    """

    min_cutoff_hz: float = 0.3
    beta: float = 0.02
    d_cutoff_hz: float = 1.0

    def __post_init__(self) -> None:
        if min(self.min_cutoff_hz, self.d_cutoff_hz) <= 0 or self.beta < 0:
            raise ValueError(f"not a usable tuning: {self}")


class OneEuro:
    """Smooths one quantity sampled at uneven times; after a gap it starts anew."""

    def __init__(self, tuning: Tuning) -> None:
        self._tuning = tuning
        self._value: float | None = None
        self._speed = 0.0
        self._at = 0.0

    def __call__(self, value: float, at: float) -> float:
        """The smoothed value after *value* was seen at time *at* (seconds)."""
        elapsed = at - self._at
        if self._value is None or not 0 < elapsed <= GAP_S:
            self._value, self._speed = value, 0.0
        else:
            tuning, turns = self._tuning, _TURN * elapsed
            step = value - self._value
            weight = turns * tuning.d_cutoff_hz
            self._speed += weight / (1.0 + weight) * (step / elapsed - self._speed)
            weight = turns * (tuning.min_cutoff_hz + tuning.beta * abs(self._speed))
            self._value += weight / (1.0 + weight) * step
        self._at = at
        return self._value


class Smoother:
    """One filter for each measure."""

    def __init__(self, tuning: Tuning) -> None:
        self._filters = [OneEuro(tuning) for _ in MEASURES]

    def __call__(self, metrics: Metrics) -> Metrics:
        """The same moment with every known measure smoothed."""
        at = metrics.at.mono
        smoothed = [
            None if value is None else smooth(value, at)
            for smooth, value in zip(self._filters, metrics.values(), strict=True)
        ]
        return Metrics(metrics.at, *smoothed)
