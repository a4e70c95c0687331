"""Habits: a week of measured days, the ground for the weekly tip."""

from __future__ import annotations

from dataclasses import dataclass, field

from posture.core.effects import WriteMinute
from posture.core.thresholds import Thresholds

DAYS = 7
# Measures whose mean over the week a tip may speak of.
AVERAGED = ("head_flexion_deg", "distance_cm", "shoulder_tilt_deg")


@dataclass(slots=True)
class Mean:
    """A weighted mean in the making."""

    total: float = 0.0
    weight_s: float = 0.0

    def add(self, value: float, weight_s: float) -> None:
        """Take in *value*, which held for *weight_s* seconds."""
        self.total += value * weight_s
        self.weight_s += weight_s


@dataclass(slots=True)
class DayHabits:
    """One local day. ``seen_s``: seconds the posture was judged."""

    date: int
    seen_s: float = 0.0
    slumped_s: float = 0.0
    shrugged_s: float = 0.0
    bouts: int = 0
    bouts_s: float = 0.0
    shifts: int = 0
    blinks: int = 0
    blinks_s: float = 0.0
    means: dict[str, Mean] = field(default_factory=dict)

    def __post_init__(self) -> None:
        times = (self.seen_s, self.slumped_s, self.shrugged_s, self.bouts_s, self.blinks_s)
        if min(*times, self.bouts, self.shifts, self.blinks) < 0:
            raise ValueError("neither time nor count can be negative")


@dataclass(slots=True)
class HabitsState:
    """What must outlive a restart. ``last_tip``: what the last tip was about."""

    days: list[DayHabits] = field(default_factory=list)
    last_tip: str | None = None

    def __post_init__(self) -> None:
        if len(self.days) > DAYS:
            raise ValueError("more days than a week has")


@dataclass(frozen=True, slots=True)
class Week:
    """The last seven days with measurements as one. None = not measured."""

    days: int
    seen_s: float
    slumped_share: float | None
    shrugged_share: float | None
    bout_min: float | None
    shifts_per_h: float | None
    blinks_per_min: float | None
    head_flexion_deg: float | None
    distance_cm: float | None
    shoulder_tilt_deg: float | None


@dataclass(slots=True)
class Habits:
    """Gathers days; keeps a week of them."""

    state: HabitsState = field(default_factory=HabitsState)

    def on(self, date: int) -> DayHabits:
        """The record of a local day, begun when need be."""
        days = self.state.days
        if not days or days[-1].date != date:
            days.append(DayHabits(date))
            self.state.days = days = days[-DAYS:]
        return days[-1]

    def note_minute(self, date: int, minute: WriteMinute, thresholds: Thresholds) -> None:
        """Take in one minute's aggregates."""
        day, seen_s = self.on(date), minute.valid_s
        day.seen_s += seen_s
        for measure in AVERAGED:
            if measure in minute.measures:
                mean = day.means.setdefault(measure, Mean())
                mean.add(minute.measures[measure].median, seen_s)
        slump, shrug = minute.measures.get("slump_cm"), minute.measures.get("shoulder_shrug_cm")
        if slump is not None and slump.median >= thresholds.band("slump_cm").warn:
            day.slumped_s += seen_s
        if shrug is not None and shrug.median >= thresholds.band("shoulder_shrug_cm").warn:
            day.shrugged_s += seen_s

    def note_bout(self, date: int, seconds: float) -> None:
        """Take in a stretch of sitting that ended."""
        day = self.on(date)
        day.bouts += 1
        day.bouts_s += seconds

    def week(self) -> Week:
        """The days kept, summed up."""
        days = self.state.days
        seen_s = sum(day.seen_s for day in days)
        bouts = sum(day.bouts for day in days)
        blinks_s = sum(day.blinks_s for day in days)
        means = {measure: _mean(days, measure) for measure in AVERAGED}
        return Week(
            days=sum(day.seen_s > 0 for day in days),
            seen_s=seen_s,
            slumped_share=_ratio(sum(day.slumped_s for day in days), seen_s),
            shrugged_share=_ratio(sum(day.shrugged_s for day in days), seen_s),
            bout_min=_ratio(sum(day.bouts_s for day in days) / 60, bouts),
            shifts_per_h=_ratio(sum(day.shifts for day in days), seen_s / 3600),
            blinks_per_min=_ratio(sum(day.blinks for day in days), blinks_s / 60),
            head_flexion_deg=means["head_flexion_deg"],
            distance_cm=means["distance_cm"],
            shoulder_tilt_deg=means["shoulder_tilt_deg"],
        )


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None


def _mean(days: list[DayHabits], measure: str) -> float | None:
    kept = [day.means[measure] for day in days if measure in day.means]
    return _ratio(sum(m.total for m in kept), sum(m.weight_s for m in kept))
