"""Advice: which tip a week of habits calls for. Practical, never about health."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from posture.core.habits import Week

# Fewer days or hours say nothing about habits (chosen).
ENOUGH_DAYS = 3
ENOUGH_S = 5 * 3600.0
# The head held so far off the neutral on average is the screen's doing (chosen).
SCREEN_LOW_DEG = 6.0
SCREEN_HIGH_DEG = -5.0
# ASR A6: about 1.6 x the diagonal, within 50-100 cm; 55 cm where that is not known (chosen).
CM_PER_IN = 2.54
DIAGONALS = 1.6
NEAREST_CM, FARTHEST_CM, USUAL_CM = 50.0, 100.0, 55.0
NEAR_MARGIN_CM = 5.0
# Share of the time beyond warn: amber begins at 20 % (science 5); for shoulders 10 % (chosen).
SLUMPED = 0.2
SHRUGGED = 0.1
# Shoulders within 3 deg are level (science 1 #8).
UNEVEN_DEG = 3.0
# ROSA: 30-60 min at a time is middling; above 45 worth a word (chosen).
BOUT_MIN = 45.0
# Science 1 #12: fewer than two shifts an hour. #17: fewer than seven blinks a minute.
FEW_SHIFTS_PER_H = 2.0
FEW_BLINKS_PER_MIN = 7.0


@dataclass(frozen=True, slots=True)
class Tip:
    """A tip's text key, how much it is called for (1 = just), and its numbers."""

    key: str
    need: float
    values: dict[str, float] = field(default_factory=dict)


def choose(week: Week, diagonal_in: float | None, last: str | None) -> Tip | None:
    """The tip most called for, another one than *last* if there is any."""
    if week.days < ENOUGH_DAYS or week.seen_s < ENOUGH_S:
        return None
    tips = [tip for tip in _called_for(week, diagonal_in) if tip.need >= 1.0]
    fresh = [tip for tip in tips if tip.key != last]
    return max(fresh or tips, key=lambda tip: tip.need, default=None)


def viewing_goal_cm(diagonal_in: float | None) -> float:
    """A comfortable distance to a screen of that diagonal."""
    if diagonal_in is None:
        return USUAL_CM
    return min(max(DIAGONALS * diagonal_in * CM_PER_IN, NEAREST_CM), FARTHEST_CM)


def _called_for(week: Week, diagonal_in: float | None) -> Iterator[Tip]:
    flexion, tilt = week.head_flexion_deg, week.shoulder_tilt_deg
    if flexion is not None:
        size = round(abs(flexion))
        yield Tip("tip.screen_low", flexion / SCREEN_LOW_DEG, {"size": size})
        yield Tip("tip.screen_high", flexion / SCREEN_HIGH_DEG, {"size": size})
    if week.distance_cm is not None:
        goal = round(viewing_goal_cm(diagonal_in))
        near = (goal - week.distance_cm) / NEAR_MARGIN_CM
        yield Tip("tip.screen_near", near, {"size": round(week.distance_cm), "goal": goal})
    if tilt is not None:
        yield Tip("tip.bag", abs(tilt) / UNEVEN_DEG, {"size": round(abs(tilt))})
    yield from _over_time(week)


def _over_time(week: Week) -> Iterator[Tip]:
    slumped, shrugged = week.slumped_share, week.shrugged_share
    if slumped is not None:
        yield Tip("tip.chair", slumped / SLUMPED, {"size": round(slumped * 100)})
    if shrugged is not None:
        yield Tip("tip.stress", shrugged / SHRUGGED, {"size": round(shrugged * 100)})
    if week.bout_min is not None:
        yield Tip("tip.breaks", week.bout_min / BOUT_MIN, {"size": week.bout_min * 60})
    if week.shifts_per_h is not None:
        need = _fewer(week.shifts_per_h, FEW_SHIFTS_PER_H)
        yield Tip("tip.shifts", need, {"size": week.shifts_per_h})
    if week.blinks_per_min is not None:
        need = _fewer(week.blinks_per_min, FEW_BLINKS_PER_MIN)
        yield Tip("tip.blinks", need, {"size": week.blinks_per_min})


def _fewer(value: float, least: float) -> float:
    """1 at *least*, growing to 2 at none."""
    return 2.0 - value / least
