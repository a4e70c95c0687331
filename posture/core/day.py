"""Day: totals of one local day, and the goal for time on the feet."""

from __future__ import annotations

from dataclasses import dataclass, field

from posture.clock import Instant
from posture.core.effects import Activity
from posture.core.moments import later
from posture.core.policy import StandingPolicy

# A longer absence is a night or a day out, not a break (chosen).
AWAY_MAX_S = 10800.0
# A day with less than this at the desk neither meets nor misses the goal (chosen).
COUNTS_S = 3600.0
# Days the goal must be met before it grows, and by how much (chosen; Buckley 2015: progress).
MET_DAYS = 5
GROWS_H = 0.5


@dataclass(slots=True)
class DayState:
    """What must outlive a restart. ``date``: proleptic ordinal of the local day."""

    date: int = 0
    sitting_s: float = 0.0
    standing_s: float = 0.0
    away_s: float = 0.0
    activity: Activity = Activity.UNKNOWN
    since: Instant | None = None
    first_sat: Instant | None = None
    hours_said: int = 0
    lunch_said: bool = False
    lunched: bool = False
    eyes_ignored: int = 0
    met_days: int = 0
    goal_growth_h: float = 0.0

    def __post_init__(self) -> None:
        counts = (self.hours_said, self.eyes_ignored, self.met_days)
        totals = (self.sitting_s, self.standing_s, self.away_s, self.goal_growth_h)
        if min(*counts, *totals) < 0:
            raise ValueError("neither count nor total can be negative")


@dataclass(frozen=True, slots=True)
class Totals:
    """Seconds of the day so far; ``upright``: standing and breaks that ended."""

    sitting_s: float
    standing_s: float
    upright_s: float


@dataclass(slots=True)
class Day:
    """Sums what the body does until local midnight."""

    policy: StandingPolicy
    state: DayState = field(default_factory=DayState)

    def turn(self, activity: Activity, since: Instant) -> tuple[Activity, Instant, Instant] | None:
        """The body does *activity* since *since*; returns the stretch that ended."""
        s = self.state
        if activity is s.activity and s.since is not None:
            return None
        before, began = s.activity, s.since
        since = since if began is None else later(since, began)
        if began is not None:
            self._add(before, since - began, back=activity is not Activity.UNKNOWN)
        s.activity, s.since = activity, since
        if activity is Activity.SITTING and s.first_sat is None:
            s.first_sat = since
        return None if began is None else (before, began, since)

    def _add(self, activity: Activity, seconds: float, *, back: bool) -> None:
        s = self.state
        if activity is Activity.SITTING:
            s.sitting_s += seconds
        elif activity is Activity.STANDING:
            s.standing_s += seconds
        elif activity is Activity.AWAY and back and seconds <= AWAY_MAX_S:
            # Before the first sitting of the day nobody has left the desk yet.
            s.away_s += seconds if s.sitting_s + s.standing_s > 0 else 0.0

    def totals(self, now: Instant) -> Totals:
        """The sums at *now*."""
        s = self.state
        running = 0.0 if s.since is None else max(now - s.since, 0.0)
        sitting = s.sitting_s + (running if s.activity is Activity.SITTING else 0.0)
        standing = s.standing_s + (running if s.activity is Activity.STANDING else 0.0)
        return Totals(sitting, standing, standing + s.away_s)

    @property
    def goal_s(self) -> float:
        """Seconds on the feet to reach today."""
        grown_h = self.policy.goal_h + self.state.goal_growth_h
        return min(grown_h, self.policy.goal_max_h) * 3600.0

    def roll(self, date: int, midnight: Instant) -> None:
        """A new local day began at *midnight*."""
        s = self.state
        if s.date == 0:
            s.date = date
            return
        totals = self.totals(midnight)
        if totals.sitting_s + totals.standing_s >= COUNTS_S and totals.upright_s >= self.goal_s:
            s.met_days += 1
        if s.met_days >= MET_DAYS:
            s.met_days = 0
            s.goal_growth_h += GROWS_H
        since = s.since if s.since is None else later(s.since, midnight)
        self.state = DayState(
            date=date,
            activity=s.activity,
            since=since,
            first_sat=since if s.activity is Activity.SITTING else None,
            met_days=s.met_days,
            goal_growth_h=s.goal_growth_h,
        )
