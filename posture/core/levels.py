"""Measures in; out how far each is from good, and its held level."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter

from posture.clock import Instant
from posture.core.metrics import MEASURES, SIDED, Metrics
from posture.core.reading import Level
from posture.core.thresholds import BANDED, Thresholds


@dataclass(frozen=True, slots=True)
class Band:
    """Two thresholds on how far a measure is from good, each with its own way back.

    ``warn`` and ``limit`` are entered above, left below ``warn_back`` and ``limit_back``; in the
    measure's unit, for the magnitude of the deviation that :func:`deviation` gives.

    Raises ValueError when the four are not in order.
    """

    warn: float
    limit: float
    warn_back: float
    limit_back: float

    def __post_init__(self) -> None:
        if not 0 <= self.warn_back <= self.warn <= self.limit_back <= self.limit:
            raise ValueError(f"thresholds out of order: {self}")

    @classmethod
    def of(cls, warn: float, limit: float) -> Band:
        """A band whose ways back are science.md's: 0.7 x, never above the other threshold."""
        return cls(warn, limit, 0.7 * warn, max(0.85 * limit, warn))

    def level(self, value: float, before: Level) -> Level:
        """The level of *value*, given the level held before."""
        if value >= self.limit or (before is Level.LIMIT and value > self.limit_back):
            return Level.LIMIT
        if value >= self.warn or (before in (Level.WARN, Level.LIMIT) and value > self.warn_back):
            return Level.WARN
        return Level.GOOD


# Distances are judged by how far the eyes are inside 53 cm, so that 50 cm warns and 40 cm limits.
_NEAR_BACK_CM = 3.0
# science.md, measure 11: warned of at 25 degrees and limited at 35.
_YAW_LIMIT_DEG = 10.0


def bands(thresholds: Thresholds) -> Mapping[str, Band]:
    """The band of every measure that is judged. Extension has its own: :func:`_extension`."""
    return {
        "distance_cm": _near_band(thresholds),
        **{name: _band(thresholds, name) for name in BANDED if name in MEASURES},
        "head_yaw_deg": Band.of(
            thresholds.head_yaw_warn_deg, thresholds.head_yaw_warn_deg + _YAW_LIMIT_DEG
        ),
    }


def _band(thresholds: Thresholds, banded: str) -> Band:
    bounds = thresholds.band(banded)
    return Band.of(bounds.warn, bounds.limit)


def _near_band(thresholds: Thresholds) -> Band:
    """How far the eyes are inside the distance at which one has moved back again."""
    near = thresholds.near
    limit = _NEAR_BACK_CM + near.warn - near.limit
    return Band(_NEAR_BACK_CM, limit, 0.0, max(limit - 2.0, _NEAR_BACK_CM))


_STANDARD = Thresholds()
# Those of the literature, by which the score is told: it means the same whatever the user set.
STANDARD_BANDS = bands(_STANDARD)
JUDGED: tuple[str, ...] = tuple(STANDARD_BANDS)
# The values of a moment in this order.
_judged: Callable[[Metrics], tuple[float | None, ...]] = attrgetter(*JUDGED)
# Extension limits sit closer than flexion's: -10 and -15 degrees against +15 and +25.
_EXTENSION_FACTOR = 1.6


def deviation(measure: str, value: float, thresholds: Thresholds = _STANDARD) -> float:
    """How far *value* is from good, in the measure's unit; 0 on the harmless side.

    Beyond a readable distance text gets small: that is judged as far as too near is.
    """
    if measure == "distance_cm":
        near = thresholds.near.warn + _NEAR_BACK_CM - value
        far = value - thresholds.far_warn_cm
        return max(0.0, near, far + _NEAR_BACK_CM if far > 0 else 0.0)
    if measure == "head_flexion_deg":
        return value if value >= 0 else -value * _EXTENSION_FACTOR
    if measure in SIDED:
        return abs(value)
    # Leaning back, sitting taller and a drawn-in head are fine (science.md pitfall 9).
    return max(0.0, value)


@dataclass(slots=True)
class _Held:
    level: Level = Level.UNKNOWN
    candidate: Level = Level.UNKNOWN
    since: Instant | None = None


class Levels:
    """The held level of every measure: two thresholds and a hold."""

    def __init__(self, hold_s: float, thresholds: Thresholds = _STANDARD) -> None:
        if hold_s < 0:
            raise ValueError("hold_s must not be negative")
        self._hold_s = hold_s
        self._thresholds = thresholds
        self._bands = bands(thresholds)
        self._extension = _band(thresholds, "head_extension_deg")
        self._held = {name: _Held() for name in JUDGED}

    def judge(self, metrics: Metrics) -> dict[str, Level]:
        """Levels after this moment."""
        at = metrics.at
        return {
            name: self._one(name, held, value, at)
            for (name, held), value in zip(self._held.items(), _judged(metrics), strict=True)
        }

    @property
    def undecided(self) -> bool:
        """Is another level seen of some measure, not yet for long enough?"""
        return any(held.since is not None for held in self._held.values())

    def _one(self, name: str, held: _Held, value: float | None, at: Instant) -> Level:
        if value is None:
            held.level = held.candidate = Level.UNKNOWN
            held.since = None
            return Level.UNKNOWN
        now = self._judge(name, value, held.level)
        if held.level is Level.UNKNOWN or now is held.level:
            held.level = held.candidate = now
            held.since = None
            return now
        if now is not held.candidate or held.since is None:
            held.candidate, held.since = now, at
        if at - held.since >= self._hold_s:
            held.level, held.since = held.candidate, None
        return held.level

    def _judge(self, name: str, value: float, before: Level) -> Level:
        if name == "head_flexion_deg" and value < 0:
            return self._extension.level(-value, before)
        return self._bands[name].level(deviation(name, value, self._thresholds), before)
