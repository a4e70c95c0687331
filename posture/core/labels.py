"""Measures in; out one word for the posture, held."""

from __future__ import annotations

from posture.clock import Instant
from posture.core.metrics import Metrics
from posture.core.reading import Label
from posture.core.thresholds import Thresholds

_STANDARD = Thresholds()


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

    @property
    def undecided(self) -> bool:
        """Was another label seen, not yet for long enough?"""
        return self._next is not None

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
