"""A local day, summed up: what is known of it, and what it is held against. Pure.

What was not measured is None, never zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from posture.clock import US_PER_S
from posture.core.effects import Activity
from posture.journal.bouts import BREAK_MIN_S, Bout, Break
from posture.journal.hours import Hour
from posture.journal.judged import judged_of, share
from posture.journal.rows import Event
from posture.journal.tiles import Tile, seconds_by_value
from posture.journal.told import Told

# Less than this at the desk makes no day to compare (chosen).
COUNTS_S = 3600.0
# An hour is best or worst only when this much of it was judged (chosen).
HOUR_JUDGED_S = 900.0


@dataclass(frozen=True, slots=True)
class Goals:
    """What the day is held against. ``upright_s``: seconds on the feet; ``bout_s``: sitting."""

    upright_s: float = 7200.0  # Buckley 2015: start with 2 h
    bout_s: float = 3600.0  # HSE L26: 5-10 min per 50-60 min
    near_cm: float = 50.0  # OSHA, DGUV: at least 50 cm


@dataclass(frozen=True, slots=True)
class Day:
    """A local day, summed up.

    ``began_us``/``ended_us``: first and last time at the desk. ``unknown_s``: within them, the
    camera could not tell. ``unwatched_s``: within them, the program did not run. ``unseen_s``: over
    the whole day, reason → the camera, meant to watch, could not tell who is there;
    ``unseen_before_s``, ``unseen_after_s`` of it lay before or after the time at the desk.
    ``closed_s``: within that time, reason → the camera was closed on purpose. ``rough``: when
    posture was judged by no calibration (``absent``) or one that did not fit (``stale``).
    ``near_s``: eyes nearer than the goal, of the ``measured_s`` in which the distance was known; it
    and ``distance_cm`` are None when it never was. ``screen_s``: eyes on the screen. ``zones``:
    other time zones in which part of it was recorded. ``demo``: some of it is a demonstration.
    """

    date: date
    start_us: int
    end_us: int
    began_us: int | None
    ended_us: int | None
    sitting_s: float
    standing_s: float
    away_s: float
    unknown_s: float
    unwatched_s: float
    unseen_s: Mapping[str, float]
    unseen_before_s: float
    unseen_after_s: float
    closed_s: Mapping[str, float]
    upright_s: float
    upright_goal_s: float
    bouts: tuple[Bout, ...]
    breaks: tuple[Break, ...]
    judged_s: float
    good_s: float
    posture_s: Mapping[str, float]
    near_s: float | None
    measured_s: float
    screen_s: float
    distance_cm: float | None
    look_aways_own: int
    look_aways_prompted: int
    reminders: tuple[Told, ...]
    hours: tuple[Hour, ...]
    silence_s: Mapping[str, float]
    camera_lost_s: Mapping[str, float]
    events: tuple[Event, ...]
    activity: tuple[Tile, ...]
    posture: tuple[Tile, ...]
    near: tuple[Tile, ...]
    silence: tuple[Tile, ...]
    camera: tuple[Tile, ...]
    rough: tuple[Tile, ...]
    zones: tuple[str, ...] = ()
    demo: bool = False

    @property
    def watched(self) -> bool:
        """Is anything known of the day? If not, its lengths mean nothing."""
        return any(one.value != Activity.UNKNOWN for one in self.activity)

    @property
    def desk_s(self) -> float:
        """Seconds seen at the desk."""
        return self.sitting_s + self.standing_s

    @property
    def rough_s(self) -> Mapping[str, float]:
        """Judged without a calibration that fits: ``absent`` or ``stale`` → seconds."""
        return seconds_by_value(self.rough)

    @property
    def rough_still(self) -> bool:
        """Was the posture at the end of the day judged so?"""
        judged = judged_of(self.posture)
        if not self.rough or not judged:
            return False
        # A crash loses the last seconds of a run.
        return (judged[-1].ended_us - self.rough[-1].ended_us) / US_PER_S < BREAK_MIN_S

    @property
    def counts(self) -> bool:
        """Was there enough of a day to compare it?"""
        return self.desk_s >= COUNTS_S

    @property
    def good_share(self) -> float | None:
        """Share of the judged time in good posture."""
        return share(self.good_s, self.judged_s)

    @property
    def near_share(self) -> float | None:
        """Share of the measured time nearer than the goal."""
        return None if self.near_s is None else share(self.near_s, self.measured_s)

    @property
    def longest_bout(self) -> Bout | None:
        """The longest sitting, the first of equals."""
        return max(self.bouts, key=lambda bout: bout.sitting_s, default=None)

    @property
    def goal_met(self) -> bool:
        """Enough time on the feet?"""
        return self.upright_s >= self.upright_goal_s

    @property
    def best_hour(self) -> Hour | None:
        """The hour with the greatest share of good posture."""
        return max(self._judged_hours, key=_good_share_of, default=None)

    @property
    def worst_hour(self) -> Hour | None:
        """The hour with the smallest share of good posture; None when there was only one."""
        hours = self._judged_hours
        return min(hours, key=_good_share_of) if len(hours) > 1 else None

    @property
    def _judged_hours(self) -> list[Hour]:
        return [hour for hour in self.hours if hour.judged_s >= HOUR_JUDGED_S]


def _good_share_of(hour: Hour) -> float:
    return hour.good_s / hour.judged_s
