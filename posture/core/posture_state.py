"""Measures in; a level for each, one label and one score out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from posture.clock import Instant
from posture.core.metrics import MEASURES, Metrics
from posture.core.reading import Label, Level
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
_STANDARD_BANDS = bands(_STANDARD)
JUDGED: tuple[str, ...] = tuple(_STANDARD_BANDS)
# Turning the head is advice, not posture (science.md, measure 11).
_NOT_SCORED = {"head_yaw_deg"}
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
    if measure in {"neck_lateral_deg", "shoulder_tilt_deg", "trunk_lateral_deg", "head_yaw_deg"}:
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
        return {name: self._one(name, metrics) for name in JUDGED}

    def _one(self, name: str, metrics: Metrics) -> Level:
        held = self._held[name]
        value = metrics.get(name)
        if value is None:
            held.level = held.candidate = Level.UNKNOWN
            held.since = None
            return Level.UNKNOWN
        now = self._judge(name, value, held.level)
        if held.level is Level.UNKNOWN or now is held.level:
            held.level = held.candidate = now
            held.since = None
        elif now is not held.candidate or held.since is None:
            held.candidate, held.since = now, metrics.at
        if held.since is not None and metrics.at - held.since >= self._hold_s:
            held.level, held.since = held.candidate, None
        return held.level

    def _judge(self, name: str, value: float, before: Level) -> Level:
        if name == "head_flexion_deg" and value < 0:
            return self._extension.level(-value, before)
        return self._bands[name].level(deviation(name, value, self._thresholds), before)


class LabelHold:
    """The label over time: declared after a hold, back-dated to when it began."""

    def __init__(self, hold_s: float) -> None:
        if hold_s < 0:
            raise ValueError("hold_s must not be negative")
        self._hold_s = hold_s
        self._held: tuple[Label, Instant] | None = None
        self._next: tuple[Label, Instant] | None = None

    def clear(self) -> None:
        """Nobody is there: the next label holds at once."""
        self._held = self._next = None

    def update(self, at: Instant, label: Label | None) -> tuple[Label, Instant]:
        """The held label and when it began; None = nothing to be told from this moment."""
        if label is None:
            return self._held or (Label.UNKNOWN, at)
        if self._held is None:
            self._held = (label, at)
        if label is self._held[0]:
            self._next = None
            return self._held
        if self._next is None or self._next[0] is not label:
            self._next = (label, at)
        if at - self._next[1] >= self._hold_s:
            self._held, self._next = self._next, None
        return self._held


# Labels. Numbers were chosen on rendered people between the classes, with the measure's own error
# as margin, and checked on people left out (scripts/evaluate.py).
_LOOKING_AWAY_DEG = 28.0
_STANDING_RISE_CM = 20.0
_LEAVING_RISE_CM = 8.0
_TOP_EDGE = 0.06
_CLOSE_BY_LEANING_CM = 14.0
_FAR_MOVE_CM = 24.0
_RECLINED_CM = 6.0
_HEAD_DOWN_DEG = 11.0
_LATERAL_DEG = 6.5
_TILT_DEG = 8.0
_SHOULDERS_DEG = 1.5
_LEAST_TILT_DEG = 0.9
# The shoulder line follows the trunk's lean to the side by this share, and the pose model lets it
# follow the head's roll (rendered people): what is left is the shoulders' own.
_FOLLOWS_TRUNK, _FOLLOWS_ROLL = 0.8, 0.3
_SLUMP_CM = 2.0
_FORWARD_HEAD_DEG = 7.0
_FORWARD_HEAD_CM = 4.0
_LEANING_CM = 8.0


def looking_away(metrics: Metrics) -> bool:
    """Is the head turned from the screen?"""
    return metrics.head_yaw_deg is not None and abs(metrics.head_yaw_deg) > _LOOKING_AWAY_DEG


def name_posture(
    metrics: Metrics, *, standing: bool | None, thresholds: Thresholds = _STANDARD
) -> Label:
    """One word for the posture of a present, calibrated user, the first that applies.

    Of *thresholds* only what is near and far counts: the rest names what is seen, not what is
    minded.
    """
    if standing:
        return Label.STANDING
    if looking_away(metrics):
        return Label.LOOKING_AWAY
    distance = metrics.distance_cm
    near = thresholds.near
    lean = metrics.forward_lean_cm or 0.0
    if distance is not None and (
        distance < near.limit or (distance < near.warn and lean > _CLOSE_BY_LEANING_CM)
    ):
        return Label.TOO_CLOSE
    named = _sideways(metrics) or _sagittal(metrics)
    if named is not None:
        return named
    if distance is not None and distance < near.warn:
        return Label.TOO_CLOSE
    if distance is not None and (distance > thresholds.far_warn_cm or lean < -_FAR_MOVE_CM):
        return Label.TOO_FAR
    if lean < -_RECLINED_CM:
        return Label.RECLINED
    if _uneven(metrics):
        return Label.UNEVEN_SHOULDERS
    if distance is None and metrics.head_flexion_deg is None:
        return Label.UNKNOWN
    return Label.UPRIGHT


_STRANGERS = _STANDARD.for_a_stranger()
# Odds of one to seven that this is an upright posture (chosen).
_STRANGERS_SLOUCH = 12.5


def name_strangers_posture(
    metrics: Metrics, points: float | None, thresholds: Thresholds = _STRANGERS
) -> Label:
    """One word for the posture of someone without calibration; *points*: :func:`stranger_score`.

    Of *thresholds*, those for a stranger, only what is near and far counts. Rough distances, and
    the tilt that a camera askew or aside adds to a level line, go into it: so only what is far off
    is told.
    """
    if looking_away(metrics):
        return Label.LOOKING_AWAY
    distance, tilt = metrics.distance_cm, metrics.shoulder_tilt_deg or 0.0
    neck, roll = metrics.neck_lateral_deg, metrics.head_roll_deg or 0.0
    if distance is not None and distance < thresholds.near.warn:
        return Label.TOO_CLOSE
    head_tilts = abs(roll) > abs(tilt)
    if head_tilts and neck is not None and abs(neck) > _STRANGERS.band("neck_lateral_deg").warn:
        return Label.HEAD_TILT_RIGHT if neck > 0 else Label.HEAD_TILT_LEFT
    if points is not None and points < _STRANGERS_SLOUCH:
        return Label.SLOUCH
    if distance is not None and distance > thresholds.far_warn_cm:
        return Label.TOO_FAR
    if abs(tilt) > _STRANGERS.band("shoulder_tilt_deg").limit:
        return Label.UNEVEN_SHOULDERS
    return Label.UPRIGHT


def _uneven(metrics: Metrics) -> bool:
    """Is one shoulder lower, also when what follows trunk and head is taken out?"""
    tilt = metrics.shoulder_tilt_deg
    if tilt is None:
        return False
    trunk, roll = metrics.trunk_lateral_deg or 0.0, metrics.head_roll_deg or 0.0
    own = tilt - _FOLLOWS_TRUNK * trunk - _FOLLOWS_ROLL * roll
    return min(abs(tilt) / _LEAST_TILT_DEG, abs(own) / _SHOULDERS_DEG) > 1 and tilt * own > 0


def _sideways(metrics: Metrics) -> Label | None:
    lateral, neck = metrics.trunk_lateral_deg, metrics.neck_lateral_deg
    if lateral is not None and abs(lateral) > _LATERAL_DEG:
        return Label.LEANING_RIGHT if lateral > 0 else Label.LEANING_LEFT
    bowed = metrics.head_flexion_deg or 0.0
    if neck is not None and abs(neck) > max(_TILT_DEG, bowed):
        return Label.HEAD_TILT_RIGHT if neck > 0 else Label.HEAD_TILT_LEFT
    return None


def _sagittal(metrics: Metrics) -> Label | None:
    lean = metrics.forward_lean_cm or 0.0
    slump = metrics.slump_cm
    if metrics.head_flexion_deg is not None and metrics.head_flexion_deg > _HEAD_DOWN_DEG:
        return Label.HEAD_DOWN
    # Two signals: lower shoulders and a head that came forward (science.md section 3).
    if slump is not None and slump > _SLUMP_CM and lean > _FORWARD_HEAD_CM:
        return Label.SLOUCH
    if (
        metrics.forward_head_deg is not None
        and metrics.forward_head_deg > _FORWARD_HEAD_DEG
        and lean > _FORWARD_HEAD_CM / 2
    ):
        return Label.FORWARD_HEAD
    if lean > _LEANING_CM:
        return Label.LEANING_FORWARD
    return None


def is_standing(metrics: Metrics, nose_y: float | None) -> bool | None:
    """Eyes well above the neutral, or the head leaving at the top; None without a head.

    ``nose_y``: the nose's height in the picture, 0 = top edge.
    """
    rise = metrics.eye_rise_cm
    if rise is None:
        return None
    leaving = nose_y is not None and nose_y < _TOP_EDGE and rise > _LEAVING_RISE_CM
    return leaving or rise > _STANDING_RISE_CM


# A chin that has come down to the shoulders by this much, in shoulder widths, halves the score.
# A nod alone brings it down too, which head flexion counts already: its share is taken out. Both
# were chosen on rendered people (AUC 0.992 to 0.995, sequences 0.996 to 0.999). It tells a slouch
# also where a laptop's tilted lid confuses the other measures: over real bursts calibrated within
# their source AUC rises from 0.84 and 0.66 to 0.92 and 0.74.
_CHIN_SUNK_LIMIT = 0.06
_CHIN_SUNK_BY_NOD = 0.006


def score(metrics: Metrics, chin_sunk: float | None = None) -> float | None:
    """0-100, 100 at the calibrated neutral, 50 when one measure is at its limit.

    ``chin_sunk``: how much nearer the chin is to the shoulders, in shoulder widths.
    """
    bad = 0.0
    if chin_sunk is not None:
        nod = max(0.0, metrics.head_flexion_deg or 0.0)
        bad = (max(0.0, chin_sunk - _CHIN_SUNK_BY_NOD * nod) / _CHIN_SUNK_LIMIT) ** 2
    known = False
    for name, band in _STANDARD_BANDS.items():
        value = metrics.get(name)
        if value is None or name in _NOT_SCORED:
            continue
        known = True
        bad += (deviation(name, value) / band.limit) ** 2
    return 100.0 / (1.0 + bad) if known else None


# Without a calibration the score rests on how high the chin stands above the shoulders, in
# shoulder widths. One number, so that there is little to overfit: over 146 bursts of two real
# sources and 143 rendered pictures it separates upright from slouched with AUC 0.996, 0.98 and
# 0.90. Its zero and slope are the even-handed logistic fit over the three. Ears stand in for a
# chin that is not seen.
_CHIN_MIDDLE, _CHIN_SLOPE = 0.23, 18.4
_EAR_ABOVE_CHIN = 0.34


def stranger_score(chin_height: float | None, ear_height: float | None) -> float | None:
    """0-100 without calibration; 50 is as likely slouched as not, 100 a head held very high."""
    if chin_height is None:
        if ear_height is None:
            return None
        chin_height = ear_height - _EAR_ABOVE_CHIN
    evidence = _CHIN_SLOPE * (chin_height - _CHIN_MIDDLE)
    return 100.0 / (1.0 + math.exp(-min(max(evidence, -30.0), 30.0)))
