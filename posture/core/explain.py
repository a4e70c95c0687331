"""Why each measure is good or not: the value, and the threshold it is held against."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from posture.core.levels import JUDGED, bands
from posture.core.metrics import Metrics
from posture.core.reading import Level, Reading
from posture.core.thresholds import Thresholds


class Side(StrEnum):
    """On which side of its threshold a measure is."""

    BELOW = "below"
    ABOVE = "above"
    RETURNING = "returning"  # back within it, but not yet by enough or for long enough


@dataclass(frozen=True, slots=True)
class Explanation:
    """One measure: its value (None = not measured), its level, and where the threshold lies.

    ``bound``: in the measure's unit, as a magnitude where both sides count.
    """

    measure: str
    value: float | None
    level: Level
    side: Side | None = None
    bound: float | None = None


def explain(reading: Reading, thresholds: Thresholds | None = None) -> tuple[Explanation, ...]:
    """Explain every judged measure of *reading*, which was judged by *thresholds*."""
    set_to = thresholds or Thresholds()
    if not reading.calibrated:
        set_to = set_to.for_a_stranger()
    return tuple(
        _explain_one(name, reading.metrics, reading.states[name], set_to)
        for name in JUDGED
        if name in reading.states
    )


def _explain_one(name: str, metrics: Metrics, level: Level, thresholds: Thresholds) -> Explanation:
    value = metrics.get(name)
    if value is None or level not in (Level.WARN, Level.LIMIT):
        return Explanation(name, value, level)
    if name == "distance_cm":
        return _distance(value, level, thresholds)
    bound = _bound(name, value, level, thresholds)
    side = Side.ABOVE if abs(value) >= bound else Side.RETURNING
    return Explanation(name, value, level, side, bound)


def _distance(value: float, level: Level, thresholds: Thresholds) -> Explanation:
    near, far = thresholds.near, thresholds.far_warn_cm
    if value > far:
        return Explanation("distance_cm", value, level, Side.ABOVE, far)
    bound = near.limit if level is Level.LIMIT else near.warn
    side = Side.BELOW if value <= bound else Side.RETURNING
    if side is Side.RETURNING and value > (near.warn + far) / 2:
        bound = far
    return Explanation("distance_cm", value, level, side, bound)


def _bound(name: str, value: float, level: Level, thresholds: Thresholds) -> float:
    extended = name == "head_flexion_deg" and value < 0
    bounds = thresholds.band("head_extension_deg") if extended else bands(thresholds)[name]
    return bounds.limit if level is Level.LIMIT else bounds.warn
