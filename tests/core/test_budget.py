"""The budget: a leaky store whose level is a formula of time."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.clock import Instant
from posture.core.budget import FREEZE, RECOVER, Budget, BudgetState, Flow, drain

ZERO = Instant(0.0, 0)


def at(seconds: float) -> Instant:
    return ZERO.shifted(seconds)


def test_it_empties_in_exactly_its_dwell() -> None:
    budget = Budget(60.0)
    budget.turn(drain(180.0), at(0))

    assert budget.level(at(90)) == pytest.approx(0.5)
    assert not budget.empty(at(179.9))
    assert budget.empty(at(180))
    assert budget.empties_in_s(at(30)) == pytest.approx(150)


def test_it_recovers_as_the_differential_equation_says() -> None:
    """dB/dt = (1.25 + 3.75 (1 - B)) / 60, in small steps."""
    budget = Budget(60.0)
    budget.state = BudgetState(0.1)
    budget.turn(RECOVER, at(0))
    level, step_s = 0.1, 0.001
    for _ in range(10_000):
        level += (1.25 + 3.75 * (1 - level)) / 60 * step_s

    assert budget.level(at(10)) == pytest.approx(level, abs=1e-4)
    assert budget.level(at(1000)) == 1.0


def test_it_recovers_faster_than_it_drains() -> None:
    budget = Budget(60.0)
    budget.turn(drain(60.0), at(0))
    budget.turn(RECOVER, at(40))

    assert budget.level(at(60)) > 0.9


def test_frozen_is_neither_credit_nor_debit() -> None:
    budget = Budget(60.0)
    budget.turn(drain(60.0), at(0))
    budget.turn(FREEZE, at(30))

    assert budget.level(at(3600)) == pytest.approx(0.5)
    assert budget.empties_in_s(at(3600)) is None


def test_a_change_may_be_back_dated_but_not_before_the_last_one() -> None:
    budget = Budget(60.0)
    budget.turn(RECOVER, at(100))
    budget.turn(drain(60.0), at(90))

    assert budget.level(at(130)) == pytest.approx(0.5)


@given(
    st.lists(
        st.tuples(
            st.floats(0, 500),
            st.sampled_from([FREEZE, RECOVER, drain(20.0), drain(180.0), Flow(60.0)]),
        ),
        max_size=20,
    ),
    st.floats(0, 1000),
)
def test_looking_more_often_changes_nothing(
    turns: list[tuple[float, Flow]], seconds: float
) -> None:
    seldom, often = Budget(60.0), Budget(60.0)
    now = 0.0
    for gap, flow in turns:
        for part in range(5):
            often.level(at(now + gap * part / 5))
        now += gap
        seldom.turn(flow, at(now))
        often.turn(flow, at(now))
        often.turn(flow, at(now))

    level = seldom.level(at(now + seconds))
    assert level == often.level(at(now + seconds))
    assert 0.0 <= level <= 1.0
    assert math.isfinite(level)


def test_a_level_outside_its_range_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        BudgetState(1.5)
