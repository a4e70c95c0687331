"""Thresholds: how far each measure may be from the neutral before it is worth a word.

A number without a source is marked "chosen".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from posture.core.described import BadValue, Section, setting


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where a measure leaves good: beyond ``warn``, and beyond ``limit``."""

    warn: float
    limit: float


# What has a warn and a limit. "near_cm" is crossed downwards, the others upwards; the lateral
# ones count on both sides; extension is flexion's negative side.
BANDED: tuple[str, ...] = (
    "near_cm",
    "head_flexion_deg",
    "head_extension_deg",
    "forward_head_deg",
    "forward_lean_cm",
    "trunk_inclination_deg",
    "slump_cm",
    "neck_lateral_deg",
    "shoulder_tilt_deg",
    "trunk_lateral_deg",
    "shoulder_shrug_cm",
)
NEAR = "near_cm"
# Before calibration: science.md section 5; a distance through an unknown lens is off by 12.6 % on
# the mean (section 4).
_ROUGH_POSTURE, _ROUGH_DISTANCE = 1.4, 1.126


def _keys(banded: str) -> tuple[str, str]:
    stem, _, unit = banded.rpartition("_")
    return f"{stem}_warn_{unit}", f"{stem}_limit_{unit}"


@dataclass(frozen=True)
class Thresholds(Section):
    """How far a measure may be from the neutral. Signs and units as in ``core.metrics``."""

    scale: float = setting(
        1.0,
        "Tolerance: all posture thresholds below (not the distances) times this.",
        lo=0.7,
        hi=1.6,
        gentle=1.2,
        strict=0.85,
    )
    # OSHA eTool 50-100 cm; DGUV and AUVA at least 50 cm.
    near_warn_cm: float = setting(50.0, "Eyes closer than this: close.", unit="cm", lo=30, hi=90)
    near_limit_cm: float = setting(
        40.0, "Eyes closer than this: much too close.", unit="cm", lo=20, hi=80
    )
    far_warn_cm: float = setting(100.0, "Eyes farther than this: far.", unit="cm", lo=70, hi=250)
    # RULA neck 0-10, 10-20, over 20 deg; ISO 11226 head inclination up to 25 deg.
    head_flexion_warn_deg: float = setting(15.0, "Chin down by this.", unit="deg", lo=5, hi=60)
    head_flexion_limit_deg: float = setting(25.0, "Chin far down.", unit="deg", lo=8, hi=70)
    head_extension_warn_deg: float = setting(10.0, "Chin up by this.", unit="deg", lo=4, hi=40)
    head_extension_limit_deg: float = setting(15.0, "Chin far up.", unit="deg", lo=5, hi=50)
    # Under 5 deg of craniovertebral angle is noise (Gallego-Izquierdo 2020).
    forward_head_warn_deg: float = setting(
        8.0, "Loss of the neck's (craniovertebral) angle.", unit="deg", lo=5, hi=30
    )
    forward_head_limit_deg: float = setting(
        12.0, "Great loss of the neck's angle.", unit="deg", lo=6, hi=40
    )
    # A trunk lean of 10 deg brings C7 9.6 cm forward.
    forward_lean_warn_cm: float = setting(8.0, "Towards the screen.", unit="cm", lo=3, hi=40)
    forward_lean_limit_cm: float = setting(15.0, "Far towards the screen.", unit="cm", lo=5, hi=50)
    # RULA trunk 0-20 deg; ISO 11226 up to 20 deg without a time limit.
    trunk_inclination_warn_deg: float = setting(15.0, "Trunk forward.", unit="deg", lo=5, hi=40)
    trunk_inclination_limit_deg: float = setting(
        20.0, "Trunk far forward.", unit="deg", lo=8, hi=60
    )
    # Seated slump is about 4 cm (Pheasant).
    slump_warn_cm: float = setting(2.5, "Loss of sitting height.", unit="cm", lo=1, hi=10)
    slump_limit_cm: float = setting(4.0, "Great loss of sitting height.", unit="cm", lo=1.5, hi=15)
    # RULA: side-bending counts; EN 1005-4 lateral 10 deg.
    neck_lateral_warn_deg: float = setting(10.0, "Neck bent sideways.", unit="deg", lo=4, hi=30)
    neck_lateral_limit_deg: float = setting(
        15.0, "Neck far bent sideways.", unit="deg", lo=5, hi=40
    )
    shoulder_tilt_warn_deg: float = setting(
        5.0, "One shoulder lower (chosen).", unit="deg", lo=2, hi=20
    )
    shoulder_tilt_limit_deg: float = setting(
        8.0, "One shoulder much lower (chosen).", unit="deg", lo=3, hi=30
    )
    # EN 1005-4 trunk lateral 10 deg.
    trunk_lateral_warn_deg: float = setting(10.0, "Trunk leans sideways.", unit="deg", lo=4, hi=30)
    trunk_lateral_limit_deg: float = setting(
        15.0, "Trunk leans far sideways.", unit="deg", lo=5, hi=40
    )
    shoulder_shrug_warn_cm: float = setting(
        2.0, "Shoulders raised (chosen).", unit="cm", lo=1, hi=8
    )
    shoulder_shrug_limit_cm: float = setting(
        3.0, "Shoulders far raised (chosen).", unit="cm", lo=1.5, hi=10
    )
    # Science 1 #11: advice only, never an alert; beyond the first the side view is not judged.
    head_yaw_warn_deg: float = setting(
        25.0, "Head turned: the other measures wait.", unit="deg", lo=15, hi=45
    )

    # Learned from wrong alarms: name in BANDED -> how many times laxer. Not a setting.
    soft: Mapping[str, float] = field(default_factory=dict)

    def check(self) -> None:
        """Each warn must come before its limit."""
        for name in BANDED:
            (warn_key, limit_key) = _keys(name)
            warn, limit = getattr(self, warn_key), getattr(self, limit_key)
            if name == NEAR and warn <= limit:
                raise BadValue(warn_key, warn, f"above {limit_key} ({limit:g})")
            if name != NEAR and warn >= limit:
                raise BadValue(warn_key, warn, f"below {limit_key} ({limit:g})")
        if self.near_warn_cm >= self.far_warn_cm:
            allowed = f"below far_warn_cm ({self.far_warn_cm:g})"
            raise BadValue("near_warn_cm", self.near_warn_cm, allowed)

    def band(self, name: str) -> Bounds:
        """The thresholds in force for one of :data:`BANDED`: scaled and softened."""
        warn_key, limit_key = _keys(name)
        warn, limit = getattr(self, warn_key), getattr(self, limit_key)
        soft = self.soft.get(name, 1.0)
        if name == NEAR:
            return Bounds(warn / soft, limit / soft)
        return Bounds(warn * self.scale * soft, limit * self.scale * soft)

    @cached_property
    def near(self) -> Bounds:
        """The distances in force that are too near; asked for several times a picture."""
        return self.band(NEAR)

    def softened(self, soft: Mapping[str, float]) -> Thresholds:
        """The same thresholds, laxer by what was learned."""
        return replace(self, soft=dict(soft))

    def for_a_stranger(self) -> Thresholds:
        """The same thresholds, laxer still: those for a user who is not calibrated."""
        return self.softened(
            {
                name: self.soft.get(name, 1.0)
                * (_ROUGH_DISTANCE if name == NEAR else _ROUGH_POSTURE)
                for name in BANDED
            }
        )
