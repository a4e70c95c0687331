"""Habits, tips and blinks."""

from __future__ import annotations

import numpy as np
import pytest

from posture.clock import Instant
from posture.core.advice import choose, viewing_goal_cm
from posture.core.blinks import BlinkCounter, openness
from posture.core.effects import MinuteMeasure, WriteMinute
from posture.core.habits import DAYS, Habits, Week
from posture.core.thresholds import Thresholds

ZERO = Instant(0.0, 0)


def minute(**medians: float) -> WriteMinute:
    measures = {name: MinuteMeasure(m, m, m, 60) for name, m in medians.items()}
    return WriteMinute(0, measures, None, 60.0)


def week(**found: float) -> Week:
    blank: dict[str, float | None] = dict.fromkeys(
        (
            "slumped_share", "shrugged_share", "bout_min", "shifts_per_h", "blinks_per_min",
            "head_flexion_deg", "distance_cm", "shoulder_tilt_deg",
        )
    )  # fmt: skip
    return Week(days=5, seen_s=40_000.0, **(blank | found))


def test_a_week_is_the_last_seven_days() -> None:
    habits = Habits()
    for date in range(1, 11):
        habits.note_minute(date, minute(distance_cm=float(date)), Thresholds())

    assert habits.week().days == DAYS
    assert habits.week().distance_cm == pytest.approx((4 + 10) / 2)


def test_shares_and_means_are_weighted_by_time() -> None:
    habits = Habits()
    habits.note_minute(1, minute(slump_cm=5.0, distance_cm=60.0), Thresholds())
    for _ in range(3):
        habits.note_minute(1, minute(slump_cm=0.0, distance_cm=70.0), Thresholds())
    habits.note_bout(1, 1800.0)
    habits.note_bout(1, 3600.0)

    found = habits.week()
    assert found.slumped_share == pytest.approx(0.25)
    assert found.distance_cm == pytest.approx(67.5)
    assert found.bout_min == pytest.approx(45.0)
    assert found.head_flexion_deg is None


@pytest.mark.parametrize(
    ("found", "key"),
    [
        ({"head_flexion_deg": 9.0}, "tip.screen_low"),
        ({"head_flexion_deg": -8.0}, "tip.screen_high"),
        ({"distance_cm": 47.0}, "tip.screen_near"),
        ({"shoulder_tilt_deg": -4.0}, "tip.bag"),
        ({"slumped_share": 0.3}, "tip.chair"),
        ({"shrugged_share": 0.2}, "tip.stress"),
        ({"bout_min": 70.0}, "tip.breaks"),
        ({"shifts_per_h": 0.5}, "tip.shifts"),
        ({"blinks_per_min": 4.0}, "tip.blinks"),
    ],
)
def test_each_habit_has_its_tip(found: dict[str, float], key: str) -> None:
    tip = choose(week(**found), None, None)

    assert tip is not None
    assert tip.key == key


def test_the_tip_most_called_for_comes_first_and_another_one_next() -> None:
    both = week(slumped_share=0.8, bout_min=60.0)

    first = choose(both, None, None)
    assert first is not None
    second = choose(both, None, first.key)
    assert second is not None
    assert (first.key, second.key) == ("tip.chair", "tip.breaks")


def test_good_habits_and_too_few_days_earn_none() -> None:
    good = week(distance_cm=70.0, slumped_share=0.02, shifts_per_h=6.0, bout_min=30.0)
    short = Week(2, 40_000.0, 0.9, None, None, None, None, None, None, None)

    assert choose(good, None, None) is None
    assert choose(short, None, None) is None


def test_a_larger_screen_wants_more_distance() -> None:
    assert viewing_goal_cm(None) == 55.0
    assert viewing_goal_cm(24.0) == pytest.approx(1.6 * 24 * 2.54)
    assert viewing_goal_cm(10.0) == 50.0
    assert viewing_goal_cm(49.0) == 100.0
    tip = choose(week(distance_cm=60.0), 27.0, None)
    assert tip is not None
    assert tip.values == {"size": 60, "goal": 100}


def blinking(per_min: float, hz: float, seconds: float, length_s: float = 0.2) -> BlinkCounter:
    counter = BlinkCounter()
    every_s = 60.0 / per_min
    for index in range(int(seconds * hz)):
        t = index / hz
        counter.see(ZERO.shifted(t), 0.08 if t % every_s < length_s and t > 1 else 0.3)
    return counter


def test_blinks_are_counted_at_fifteen_pictures_a_second() -> None:
    counter = blinking(per_min=12, hz=15, seconds=300)

    assert counter.blinks == pytest.approx(60, abs=2)
    assert counter.seconds == pytest.approx(300, abs=1)


def test_too_few_pictures_count_no_blinks_and_no_time() -> None:
    counter = blinking(per_min=12, hz=5, seconds=300)

    assert (counter.blinks, counter.seconds) == (0, 0.0)


def test_closed_eyes_are_a_rest_and_no_blink() -> None:
    assert blinking(per_min=6, hz=15, seconds=120, length_s=3.0).blinks == 0


def test_openness_is_height_over_width_whatever_the_shape_of_the_picture() -> None:
    face = np.full((478, 3), 0.5)
    for inner, outer, upper, lower in (
        (33, 133, (160, 158), (144, 153)),
        (362, 263, (385, 387), (380, 373)),
    ):
        face[inner, 0], face[outer, 0] = 0.40, 0.44  # 0.04 x 640 = 25.6 px wide
        face[list(upper), 1], face[list(lower), 1] = 0.49, 0.506  # 0.016 x 480 = 7.68 px high

    assert openness(face, (640, 480)) == pytest.approx(0.3)
    assert openness(np.zeros((478, 3)), (640, 480)) is None
