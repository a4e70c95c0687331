"""How near the screen was, from the minutes."""

from __future__ import annotations

import pytest
from days import day_of, later, us
from hypothesis import given
from hypothesis import strategies as st

from posture.core.effects import MinuteMeasure
from posture.journal.distance import below
from posture.journal.rows import Minute

NINE = us("2026-03-02 09:00")


def minute(start_us: int, distance_cm: float | None, valid_s: float = 60.0, run: int = 1) -> Minute:
    measures = (
        {}
        if distance_cm is None
        else {"distance_cm": MinuteMeasure(distance_cm, distance_cm, distance_cm, 60)}
    )
    return Minute(start_us, valid_s, measures, run)


def test_mean_distance_weighs_the_seen_seconds() -> None:
    minutes = [minute(NINE, 60, 60), minute(later(NINE, minutes=1), 80, 20)]

    assert day_of([], minutes=minutes).distance_cm == 65


def test_not_measured_is_not_zero() -> None:
    day = day_of([], minutes=[minute(NINE, None)])

    assert (day.distance_cm, day.near_s, day.near_share) == (None, None, None)


def test_measured_and_never_near_is_zero() -> None:
    day = day_of([], minutes=[minute(NINE, 70)])

    assert (day.near_s, day.near_share) == (0, 0)


def test_time_nearer_than_the_goal() -> None:
    minutes = [minute(later(NINE, minutes=n), cm, 30) for n, cm in enumerate([49, 49, 50, 51, 60])]

    day = day_of([], minutes=minutes)

    assert (day.near_s, day.measured_s, day.near_share) == (60, 150, 0.4)
    assert [(one.began_us, one.seconds) for one in day.near] == [(NINE, 120)]


@pytest.mark.parametrize(
    ("limit", "expected"),
    [(47, 0), (48, 0.0), (50, 0.1), (54, 0.3), (58, 0.5), (60, 0.9), (60.5, 1), (70, 1)],
)
def test_share_of_a_minute_below_a_limit(limit: float, expected: float) -> None:
    assert below(MinuteMeasure(58, 50, 60, 60), limit) == pytest.approx(expected)


@given(
    st.lists(st.floats(30, 120), min_size=3, max_size=3).map(sorted),
    st.floats(20, 130),
    st.floats(20, 130),
)
def test_shares_grow_with_the_limit(spread: list[float], a: float, b: float) -> None:
    low, middle, high = spread
    measure = MinuteMeasure(middle, low, high, 60)

    assert 0 <= below(measure, min(a, b)) <= below(measure, max(a, b)) <= 1


def test_a_minute_told_by_two_runs_counts_once() -> None:
    minutes = [minute(NINE, 60, 50, run=1), minute(NINE, 90, 10, run=2)]

    for order in (minutes, minutes[::-1]):
        assert day_of([], minutes=order).distance_cm == 60
