"""Measures in, calm measures out: the 1 euro filter in seconds (Casiez, Roussel, Vogel 2012)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from posture.core.metrics import MEASURES, Metrics
from posture.core.sampling import GAP_S


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
            speed = (value - self._value) / elapsed
            share = _share(self._tuning.d_cutoff_hz, elapsed)
            self._speed += share * (speed - self._speed)
            cutoff = self._tuning.min_cutoff_hz + self._tuning.beta * abs(self._speed)
            self._value += _share(cutoff, elapsed) * (value - self._value)
        self._at = at
        return self._value


def _share(cutoff_hz: float, elapsed_s: float) -> float:
    return 1.0 / (1.0 + 1.0 / (2.0 * math.pi * cutoff_hz * elapsed_s))


class Smoother:
    """One filter for each measure."""

    def __init__(self, tuning: Tuning) -> None:
        self._filters = {name: OneEuro(tuning) for name in MEASURES}

    def __call__(self, metrics: Metrics) -> Metrics:
        """The same moment with every known measure smoothed."""
        at = metrics.at.mono
        return metrics.changed(
            {
                name: smooth(value, at)
                for (name, smooth), value in zip(
                    self._filters.items(), metrics.values(), strict=True
                )
                if value is not None
            }
        )
