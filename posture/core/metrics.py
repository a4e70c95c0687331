"""Metrics: what one picture says about the body, in centimetres and degrees.

The user's right is +. None means "not measured", never zero.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from operator import attrgetter

from posture.clock import Instant


@dataclass(frozen=True, slots=True)
class Metrics:
    """The measures of one moment against the user's own neutral posture.

    ``distance_cm``: eyes to camera (or to the screen, once its place is known).
    ``head_flexion_deg``: + chin down. ``head_yaw_deg``: + turned to the user's right.
    ``head_roll_deg``: + right ear lower.
    ``forward_head_deg``: loss of craniovertebral angle, + worse.
    ``neck_lateral_deg``: + right ear nearer to the right shoulder.
    ``shoulder_tilt_deg``: + right shoulder lower.
    ``trunk_inclination_deg``: + forward. ``trunk_lateral_deg``: + towards the user's right.
    ``slump_cm``: loss of sitting height, + lower. ``forward_lean_cm``: + towards the screen.
    ``shoulder_shrug_cm``: + shoulders raised. ``eye_rise_cm``: eyes above the neutral, + higher.

    Raises ValueError for a value that is not finite.
    """

    at: Instant
    distance_cm: float | None = None
    head_flexion_deg: float | None = None
    head_yaw_deg: float | None = None
    head_roll_deg: float | None = None
    forward_head_deg: float | None = None
    neck_lateral_deg: float | None = None
    shoulder_tilt_deg: float | None = None
    trunk_inclination_deg: float | None = None
    trunk_lateral_deg: float | None = None
    slump_cm: float | None = None
    forward_lean_cm: float | None = None
    shoulder_shrug_cm: float | None = None
    eye_rise_cm: float | None = None

    def __post_init__(self) -> None:
        for place, value in enumerate(_values(self)):
            if value is not None and not math.isfinite(value):
                raise ValueError(f"{MEASURES[place]} must be finite or None, not {value}")

    def get(self, measure: str) -> float | None:
        """The value of one measure by its name in :data:`MEASURES`."""
        value: float | None = getattr(self, measure)
        return value

    def values(self) -> tuple[float | None, ...]:
        """The values in the order of :data:`MEASURES`."""
        return _values(self)


# Their sign tells the side of the body: to the left is as bad as to the right.
SIDED = frozenset(
    {
        "head_yaw_deg",
        "head_roll_deg",
        "neck_lateral_deg",
        "shoulder_tilt_deg",
        "trunk_lateral_deg",
    }
)
MEASURES: tuple[str, ...] = tuple(f.name for f in fields(Metrics) if f.name != "at")
_values: Callable[[Metrics], tuple[float | None, ...]] = attrgetter(*MEASURES)
