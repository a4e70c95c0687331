"""Faults: is the posture of a moment worth draining patience for, and for what?

One measure alone deceives (a rolled chair looks like a lean, a shrug like a bent neck), so a
measure counts only with a second sign of the same strain (science 3: two signals per alert).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from posture.core.metrics import SIDED, Metrics
from posture.core.policy import PosturePolicy
from posture.core.reading import Label, Level, Reading
from posture.core.thresholds import Thresholds

# The shoulders sit about 13 cm behind the eyes; hip to acromion is about 50 cm (science 1 #5).
EYES_TO_SHOULDERS_CM = 13.0
TRUNK_CM = 50.0
# The face must have grown this much against the shoulders (science 1 #3).
HEAD_GROWTH = 0.02
# Shoulders raised by this much make the neck look bent (science 1 #9).
SHRUG_CM = 1.5
# A chair let down lowers eyes and shoulders alike and brings nobody nearer (science 3).
CHAIR_LEAN_CM = 1.5
CHAIR_DIFFERENCE_CM = 1.0
# Leaning lowers the eyes, rolling the chair does not: 15 deg of trunk is 2 cm (chosen: half).
LEAN_DROP_CM = 1.0
# A second sign is half of its own warn or more (chosen).
SIGN_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Fault:
    """A strain: its level, the measure that is off the most, and all that show it.

    ``dwell_s``: how long it may be held. ``banded``: the threshold that ``main`` crossed.
    """

    level: Level
    dwell_s: float
    main: str
    banded: str
    measures: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Verdict:
    """``judged`` False: nothing can be said now, neither strain nor relief."""

    judged: bool
    fault: Fault | None = None


UNJUDGED = Verdict(judged=False)
FINE = Verdict(judged=True)


class _Signs:
    """How far each measure of one moment is, in shares of its warn."""

    def __init__(self, metrics: Metrics, thresholds: Thresholds) -> None:
        self.metrics = metrics
        self.thresholds = thresholds

    def share(self, measure: str) -> float:
        """Size over warn, 0 when not measured or on the harmless side."""
        value = self.metrics.get(measure)
        if value is None:
            return 0.0
        size = abs(value) if measure in SIDED else value
        banded = "neck_lateral_deg" if measure == "head_roll_deg" else measure
        return max(size / self.thresholds.band(banded).warn, 0.0)

    def any(self, *measures: str) -> bool:
        """Does one of *measures* show at least a sign?"""
        return any(self.share(measure) >= SIGN_SHARE for measure in measures)


def head_growth(metrics: Metrics) -> float | None:
    """How much the face has grown against the shoulders since the neutral, as a share.

    + = the head is ahead of the shoulders. From (s/Ws)/(s0/Ws0) - 1 with both sizes inverse to
    their depth. None when distance, lean or trunk are not measured.
    """
    distance, lean = metrics.distance_cm, metrics.forward_lean_cm
    trunk = metrics.trunk_inclination_deg
    if distance is None or lean is None or trunk is None or distance <= 0:
        return None
    neutral = distance + lean
    shoulders0 = neutral + EYES_TO_SHOULDERS_CM
    shoulders = shoulders0 - TRUNK_CM * _sin_deg(trunk)
    if neutral <= 0 or shoulders <= 0:
        return None
    return (neutral / distance) * (shoulders / shoulders0) - 1.0


def _forward_head(signs: _Signs) -> bool:
    shrug = signs.metrics.shoulder_shrug_cm
    if shrug is not None and shrug >= SHRUG_CM:
        return False
    growth = head_growth(signs.metrics)
    if growth is not None and growth >= HEAD_GROWTH:
        return True
    return signs.any("slump_cm", "trunk_inclination_deg", "head_flexion_deg")


def _slump(signs: _Signs) -> bool:
    m = signs.metrics
    if m.slump_cm is None or m.eye_rise_cm is None or m.forward_lean_cm is None:
        return signs.any("forward_lean_cm", "trunk_inclination_deg", "forward_head_deg")
    alike = abs(m.slump_cm + m.eye_rise_cm) < CHAIR_DIFFERENCE_CM
    return not (alike and abs(m.forward_lean_cm) < CHAIR_LEAN_CM)


def _lean(signs: _Signs) -> bool:
    if not (signs.any("forward_lean_cm") and signs.any("trunk_inclination_deg")):
        return False
    rise = signs.metrics.eye_rise_cm
    lower = rise is None or rise <= -LEAN_DROP_CM
    return lower or signs.any("slump_cm", "forward_head_deg")


def _alone(signs: _Signs) -> bool:
    del signs  # one angle of the head itself; only held long (head_down_s) does it count
    return True


# The turn of the head is advice only.
_BENT = SIDED - {"head_yaw_deg"}


def _sideways(own: str) -> Callable[[_Signs], bool]:
    others = tuple(sorted(_BENT - {own}))
    return lambda signs: signs.any(*others)


# Distance is its own reminder.
_RULES: Mapping[str, Callable[[_Signs], bool]] = {
    "forward_head_deg": _forward_head,
    "slump_cm": _slump,
    "trunk_inclination_deg": _lean,
    "forward_lean_cm": _lean,
    "head_flexion_deg": _alone,
    "shoulder_shrug_cm": _alone,  # by its formula shoulders and eyes both
    **{measure: _sideways(measure) for measure in sorted(_BENT - {"head_roll_deg"})},
}
_BAD = (Level.WARN, Level.LIMIT)
_FINE_LABELS = (Label.RECLINED, Label.STANDING)  # science 7.9: leaning back supported is fine


def judge(reading: Reading, thresholds: Thresholds, policy: PosturePolicy) -> Verdict:
    """Judge a reading of a user who is present."""
    metrics = reading.metrics
    yaw = metrics.head_yaw_deg
    turned = yaw is not None and abs(yaw) > thresholds.head_yaw_warn_deg
    if (
        turned
        or reading.looking_away
        or reading.stale_calibration is not None
        or reading.label in (Label.LOOKING_AWAY, Label.UNKNOWN)
    ):
        return UNJUDGED
    if reading.label in _FINE_LABELS or reading.standing:
        return FINE
    if all(reading.states.get(name) in _BAD for name in ("distance_cm", "forward_lean_cm")):
        return UNJUDGED  # the reminder to move back says it already
    signs = _Signs(metrics, thresholds)
    bad = {
        measure: level
        for measure, level in reading.states.items()
        if level in _BAD and measure in _RULES and _RULES[measure](signs)
    }
    return Verdict(True, _fault(bad, metrics, thresholds, policy)) if bad else FINE


def _fault(
    bad: Mapping[str, Level], metrics: Metrics, thresholds: Thresholds, policy: PosturePolicy
) -> Fault:
    def weight(measure: str) -> tuple[bool, float]:
        value = metrics.get(measure) or 0.0
        limit = thresholds.band(_banded(measure, value)).limit
        return bad[measure] is Level.LIMIT, abs(value) / limit

    main = max(bad, key=weight)
    level = Level.LIMIT if Level.LIMIT in bad.values() else Level.WARN
    dwell_s = policy.limit_s if level is Level.LIMIT else policy.warn_s
    if set(bad) == {"head_flexion_deg"}:
        dwell_s *= policy.head_down_s / policy.limit_s
    shown = [main, *(m for m in bad if m != main)]
    if "forward_head_deg" in bad and "forward_lean_cm" not in bad:
        shown.append("forward_lean_cm")
    values = {m: v for m in shown if (v := metrics.get(m)) is not None}
    return Fault(level, dwell_s, main, _banded(main, values.get(main, 0.0)), values)


def _banded(measure: str, value: float) -> str:
    return "head_extension_deg" if measure == "head_flexion_deg" and value < 0 else measure


def _sin_deg(angle: float) -> float:
    return math.sin(math.radians(angle))
