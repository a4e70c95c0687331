"""Trends: a day against the days before it, streaks, and the shape of the week. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from statistics import fmean

from posture.core.effects import Fate, ReminderKind
from posture.journal.calendar import local
from posture.journal.day import Day
from posture.journal.judged import share
from posture.journal.rows import SCORE, US_PER_MINUTE, Minute
from posture.journal.told import Told

# Minutes before and after a reminder that are compared (chosen).
BEFORE_MIN = 10
AFTER_MIN = 15

Figure = Callable[[Day], float | None]

FIGURES: Mapping[str, Figure] = {
    "sitting_s": lambda day: day.sitting_s,
    "longest_bout_s": lambda day: day.longest_bout.sitting_s if day.longest_bout else None,
    "breaks": lambda day: float(len(day.breaks)),
    "upright_s": lambda day: day.upright_s,
    "good_share": lambda day: day.good_share,
    "near_share": lambda day: day.near_share,
    "distance_cm": lambda day: day.distance_cm,
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Means of the figures over the days that count; None where no day had the figure."""

    days: int
    means: Mapping[str, float | None]


def compare(days: Iterable[Day]) -> Comparison:
    """Means over those of *days* that had enough desk time to count."""
    counted = [day for day in days if day.counts]
    means: dict[str, float | None] = {}
    for name, figure in FIGURES.items():
        values = [value for day in counted if (value := figure(day)) is not None]
        means[name] = fmean(values) if values else None
    return Comparison(len(counted), means)


def before(day: date, days: Sequence[Day], length: int) -> list[Day]:
    """Those of *days* that lie in the *length* days before *day*."""
    first = day - timedelta(days=length)
    return [one for one in days if first <= one.date < day]


def streak(days: Sequence[Day], *, today: date) -> int:
    """Days in a row, up to the latest, on which the goal on the feet was met.

    A day off does not count and breaks nothing; neither does *today* while it is not met yet.
    """
    met = 0
    for day in sorted(days, key=lambda one: one.date, reverse=True):
        if day.counts and day.goal_met:
            met += 1
        elif day.counts and day.date != today:
            break
    return met


@dataclass(frozen=True, slots=True)
class Cell:
    """One hour of the week (Monday = 0): judged and good seconds, and of how many days."""

    weekday: int
    hour: int
    judged_s: float
    good_s: float
    sitting_s: float
    days: int

    @property
    def good_share(self) -> float | None:
        """Share of the judged time in good posture."""
        return share(self.good_s, self.judged_s)


def week_shape(days: Iterable[Day], zone: tzinfo) -> list[Cell]:
    """Hour × weekday over *days*; hours without any desk time are absent."""
    cells: dict[tuple[int, int], list[tuple[float, float, float]]] = {}
    for day in days:
        for hour in day.hours:
            if hour.judged_s > 0 or hour.sitting_s > 0:
                key = (day.date.weekday(), local(hour.began_us, zone).hour)
                cells.setdefault(key, []).append((hour.judged_s, hour.good_s, hour.sitting_s))
    shape = []
    for (weekday, o_clock), values in sorted(cells.items()):
        judged_s, good_s, sitting_s = (sum(column) for column in zip(*values, strict=True))
        shape.append(Cell(weekday, o_clock, judged_s, good_s, sitting_s, len(values)))
    return shape


@dataclass(frozen=True, slots=True)
class Step:
    """Mean score so many minutes before (−) or after a reminder, over ``n`` reminders."""

    offset_min: int
    score: float
    n: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What reminders of one kind changed.

    ``heeded_share``: of those that were settled. ``after_s``: median time until heeded.
    ``improvement``: measure → mean step towards the neutral, the most frequent first.
    ``steps``: score around them.
    """

    kind: ReminderKind
    told: int
    fates: Mapping[Fate, int]
    heeded_share: float | None
    after_s: float | None
    improvement: Mapping[str, float]
    steps: tuple[Step, ...] = ()


SETTLED = (Fate.HEEDED, Fate.SNOOZED, Fate.EXPIRED, Fate.WRONG_ALARM)


def effects_of(told: Sequence[Told], minutes: Sequence[Minute] = ()) -> list[Effect]:
    """What became of the reminders, kind by kind, in the order of the kinds."""
    scores = {
        one.minute_us // US_PER_MINUTE: one.measures[SCORE].median
        for one in minutes
        if SCORE in one.measures
    }
    by_kind: dict[ReminderKind, list[Told]] = {}
    for one in told:
        by_kind.setdefault(one.reminder.kind, []).append(one)
    return [_effect(kind, by_kind[kind], scores) for kind in ReminderKind if kind in by_kind]


def _effect(kind: ReminderKind, told: Sequence[Told], scores: Mapping[int, float]) -> Effect:
    fates = {fate: sum(one.fate is fate for one in told) for fate in Fate}
    settled = sum(fates[fate] for fate in SETTLED)
    heeded = [one for one in told if one.fate is Fate.HEEDED]
    waits = sorted(one.after_s for one in heeded if one.after_s is not None)
    measures = Counter(name for one in heeded for name in one.improvement)
    return Effect(
        kind,
        len(told),
        {fate: count for fate, count in fates.items() if count},
        share(fates[Fate.HEEDED], settled),
        waits[len(waits) // 2] if waits else None,
        {
            name: fmean(one.improvement[name] for one in heeded if name in one.improvement)
            for name, _ in measures.most_common()
        },
        _steps(told, scores),
    )


def _steps(told: Sequence[Told], scores: Mapping[int, float]) -> tuple[Step, ...]:
    steps = []
    seen = [one for one in told if one.fate is not Fate.UNDELIVERED]
    for offset in range(-BEFORE_MIN, AFTER_MIN + 1):
        found = [
            scores[minute]
            for one in seen
            if (minute := one.reminder.at_us // US_PER_MINUTE + offset) in scores
        ]
        if found:
            steps.append(Step(offset, fmean(found), len(found)))
    return tuple(steps)
