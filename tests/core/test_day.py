"""The day's totals and the goal for time on the feet."""

from __future__ import annotations

import pytest

from posture.clock import Instant
from posture.core.day import MET_DAYS, Day
from posture.core.effects import Activity
from posture.core.policy import StandingPolicy

ZERO = Instant(0.0, 0)
HOUR = 3600.0


def at(hours: float) -> Instant:
    return ZERO.shifted(hours * HOUR)


def live(day: Day, date: int, upright_h: float) -> None:
    """One day from nine: sit two hours, stand, sit one more, go home."""
    start = date * 24 + 9
    day.turn(Activity.SITTING, at(start))
    day.turn(Activity.STANDING, at(start + 2))
    day.turn(Activity.SITTING, at(start + 2 + upright_h))
    day.turn(Activity.AWAY, at(start + 3 + upright_h))
    day.roll(date + 1, at((date + 1) * 24))


def test_the_goal_grows_by_half_an_hour_once_it_was_met_on_five_days() -> None:
    day = Day(StandingPolicy())
    day.roll(1, at(24))
    for date in range(1, MET_DAYS + 1):
        assert day.goal_s == 2.0 * HOUR
        live(day, date, upright_h=2.1)

    assert day.goal_s == 2.5 * HOUR


def test_the_goal_does_not_grow_when_missed_and_never_beyond_its_end() -> None:
    lazy, keen = Day(StandingPolicy()), Day(StandingPolicy(goal_h=3.8))
    for day in (lazy, keen):
        day.roll(1, at(24))
    for date in range(1, 12):
        live(lazy, date, upright_h=1.0)
        live(keen, date, upright_h=5.0)

    assert lazy.goal_s == 2.0 * HOUR
    assert keen.goal_s == 4.0 * HOUR


def test_a_day_without_the_desk_counts_neither_way() -> None:
    day = Day(StandingPolicy())
    day.roll(1, at(24))
    for date in range(1, 10):
        day.turn(Activity.AWAY, at(date * 24))
        day.roll(date + 1, at((date + 1) * 24))

    assert day.state.met_days == 0


def test_midnight_splits_what_runs_on() -> None:
    day = Day(StandingPolicy())
    day.roll(1, at(0))
    day.turn(Activity.SITTING, at(22))
    day.roll(2, at(24))

    totals = day.totals(at(25))
    assert totals.sitting_s == pytest.approx(HOUR)


def test_a_night_away_is_no_break() -> None:
    day = Day(StandingPolicy())
    day.roll(1, at(0))
    day.turn(Activity.SITTING, at(9))
    day.turn(Activity.AWAY, at(10))
    day.turn(Activity.SITTING, at(10.5))
    day.turn(Activity.AWAY, at(11))
    day.turn(Activity.SITTING, at(19))

    assert day.totals(at(20)).upright_s == pytest.approx(HOUR / 2)
