"""Why each measure is good or not: the value, and the threshold it is held against."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from posture.core.metrics import Metrics
from posture.core.policy import NEAR, Thresholds
from posture.core.posture_state import BANDS
from posture.core.reader import UNCALIBRATED_LOOSENESS
from posture.core.reading import Level, Reading


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
    factor = 1.0 if reading.calibrated else UNCALIBRATED_LOOSENESS
    return tuple(
        _explain_one(name, reading.metrics, reading.states[name], set_to, factor)
        for name in BANDS
        if name in reading.states
    )


def _explain_one(
    name: str, metrics: Metrics, level: Level, thresholds: Thresholds, factor: float
) -> Explanation:
    value = metrics.get(name)
    if value is None or level not in (Level.WARN, Level.LIMIT):
        return Explanation(name, value, level)
    if name == "distance_cm":
        return _distance(value, level, thresholds)
    bound = _bound(name, value, level, thresholds) * factor
    side = Side.ABOVE if abs(value) >= bound else Side.RETURNING
    return Explanation(name, value, level, side, bound)


def _distance(value: float, level: Level, thresholds: Thresholds) -> Explanation:
    near, far = thresholds.band(NEAR), thresholds.far_warn_cm
    if value > far:
        return Explanation("distance_cm", value, level, Side.ABOVE, far)
    bound = near.limit if level is Level.LIMIT else near.warn
    side = Side.BELOW if value <= bound else Side.RETURNING
    if side is Side.RETURNING and value > (near.warn + far) / 2:
        bound = far
    return Explanation("distance_cm", value, level, side, bound)


def _bound(name: str, value: float, level: Level, thresholds: Thresholds) -> float:
    if name == "head_yaw_deg":
        return BANDS[name].limit if level is Level.LIMIT else BANDS[name].warn
    banded = "head_extension_deg" if name == "head_flexion_deg" and value < 0 else name
    bounds = thresholds.band(banded)
    return bounds.limit if level is Level.LIMIT else bounds.warn
