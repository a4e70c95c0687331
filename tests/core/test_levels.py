"""Levels: two thresholds and a hold, so that no measure flickers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posture.clock import Instant
from posture.core.levels import JUDGED, Band, Levels, bands, deviation
from posture.core.metrics import Metrics
from posture.core.reading import Level
from posture.core.thresholds import Thresholds

START = Instant(50.0, 0)
RANK = {Level.GOOD: 0, Level.WARN: 1, Level.LIMIT: 2}


def judged(levels: Levels, name: str, values: Sequence[float | None], step_s: float) -> list[Level]:
    """The level of one measure at each of these values, *step_s* apart."""
    return [
        levels.judge(Metrics(START.shifted(i * step_s), **{name: value}))[name]
        for i, value in enumerate(values)
    ]


def changes(levels: list[Level]) -> int:
    return sum(a is not b for a, b in pairwise(levels))


@pytest.mark.parametrize(
    ("warn", "limit", "warn_back", "limit_back"),
    [(5, 4, 3, 3), (5, 8, 6, 7), (5, 8, 4, 9), (5, 8, 4, 4.5), (5, 8, -1, 6)],
)
def test_thresholds_out_of_order_are_refused(
    warn: float, limit: float, warn_back: float, limit_back: float
) -> None:
    with pytest.raises(ValueError, match="out of order"):
        Band(warn, limit, warn_back, limit_back)


@given(st.floats(0.1, 100), st.floats(1, 3))
def test_a_band_of_two_thresholds_is_in_order(warn: float, ratio: float) -> None:
    band = Band.of(warn, warn * ratio)
    assert (band.warn, band.limit) == (warn, warn * ratio)


@given(st.floats(0, 30), st.sampled_from(list(Level)))
def test_a_higher_value_never_has_a_lower_level(value: float, before: Level) -> None:
    band = Band.of(10.0, 15.0)
    assert RANK[band.level(value, before)] <= RANK[band.level(value + 0.5, before)]


@given(st.floats(0, 30))
def test_who_comes_from_a_worse_level_gets_no_better_one(value: float) -> None:
    band = Band.of(10.0, 15.0)
    ranks = [RANK[band.level(value, before)] for before in RANK]
    assert ranks == sorted(ranks)


# Where each measure crosses its two thresholds, and the way it counts.
CROSSINGS = {
    "distance_cm": [(50.0, 40.0, -1)],
    "head_flexion_deg": [(15.0, 25.0, 1), (-10.0, -15.0, -1)],
    "forward_head_deg": [(8.0, 12.0, 1)],
    "forward_lean_cm": [(8.0, 15.0, 1)],
    "trunk_inclination_deg": [(15.0, 20.0, 1)],
    "slump_cm": [(2.5, 4.0, 1)],
    "neck_lateral_deg": [(10.0, 15.0, 1), (-10.0, -15.0, -1)],
    "shoulder_tilt_deg": [(5.0, 8.0, 1), (-5.0, -8.0, -1)],
    "trunk_lateral_deg": [(10.0, 15.0, 1), (-10.0, -15.0, -1)],
    "shoulder_shrug_cm": [(2.0, 3.0, 1)],
    "head_yaw_deg": [(25.0, 35.0, 1), (-25.0, -35.0, -1)],
}
crossings = pytest.mark.parametrize(
    ("name", "warn", "limit", "way"),
    [(name, *crossing) for name, found in CROSSINGS.items() for crossing in found],
)


def test_each_judged_measure_is_in_the_table() -> None:
    assert set(CROSSINGS) == set(JUDGED)


@crossings
def test_thresholds_are_those_of_the_literature(
    name: str, warn: float, limit: float, way: int
) -> None:
    def level(value: float) -> Level:
        return judged(Levels(0.0), name, [value], 1.0)[0]

    margin = 0.02 * abs(limit - warn) * way
    assert level(warn - margin) is Level.GOOD
    assert level(warn + margin) is Level.WARN
    assert level(limit - margin) is Level.WARN
    assert level(limit + margin) is Level.LIMIT


@crossings
@pytest.mark.parametrize("step_s", [0.1, 0.5, 3.0])
def test_a_value_that_swings_about_a_threshold_changes_the_level_once(
    name: str, warn: float, limit: float, way: int, step_s: float
) -> None:
    """Two units either way, or a tenth of the threshold where that is less."""
    for threshold, level in ((warn, Level.WARN), (limit, Level.LIMIT)):
        swing = min(1.5, 0.1 * abs(threshold))
        values = [threshold + way * (swing if i % 2 else -swing) for i in range(60)]
        held = judged(Levels(1.0), name, values, step_s)
        assert changes(held) <= 1
        assert held[-1] in (held[0], level)


@settings(max_examples=100)
@given(
    st.lists(st.floats(-1, 1), min_size=20, max_size=60),
    st.sampled_from([0.1, 0.37, 1.0, 3.0]),
    st.sampled_from(["slump_cm", "forward_head_deg", "head_flexion_deg", "shoulder_tilt_deg"]),
)
def test_noise_on_a_threshold_changes_the_level_at_most_once(
    noise: list[float], step_s: float, name: str
) -> None:
    warn = bands(Thresholds())[name].warn
    values: list[float | None] = [warn * (1 + 0.1 * part) for part in noise]
    assert changes(judged(Levels(1.0), name, values, step_s)) <= 1


def test_a_level_is_told_after_its_hold_and_not_before() -> None:
    held = judged(Levels(1.0), "slump_cm", [0.0, 3.0, 3.0, 3.0, 3.0], 0.5)
    assert held == [Level.GOOD] * 3 + [Level.WARN] * 2


def test_what_is_over_within_the_hold_is_not_told() -> None:
    held = judged(Levels(1.0), "slump_cm", [0.0, 5.0, 0.0, 0.0, 5.0, 0.0], 0.6)
    assert held == [Level.GOOD] * 6


def test_an_unknown_value_is_unknown_at_once_and_known_again_at_once() -> None:
    held = judged(Levels(1.0), "slump_cm", [3.0, None, None, 0.0, 0.0], 0.2)
    assert held == [Level.WARN, Level.UNKNOWN, Level.UNKNOWN, Level.GOOD, Level.GOOD]


def test_unknown_breaks_the_hold() -> None:
    held = judged(Levels(1.0), "slump_cm", [0.0, 3.0, 3.0, None, 0.0, 3.0, 3.0], 0.4)
    assert held[-1] is Level.GOOD


def test_looser_thresholds_loosen_one_measure_only() -> None:
    levels = Levels(0.0, Thresholds().softened({"slump_cm": 2.0}))
    metrics = Metrics(START, slump_cm=3.0, shoulder_shrug_cm=2.5)
    judged = levels.judge(metrics)
    assert judged["slump_cm"] is Level.GOOD
    assert judged["shoulder_shrug_cm"] is Level.WARN


def test_the_user_s_own_thresholds_are_taken() -> None:
    own = Thresholds(slump_warn_cm=1.0, slump_limit_cm=2.0, near_warn_cm=70.0, near_limit_cm=60.0)
    levels = Levels(0.0, own)
    judged = levels.judge(Metrics(START, slump_cm=1.5, distance_cm=55.0))
    assert judged["slump_cm"] is Level.WARN
    assert judged["distance_cm"] is Level.LIMIT


def test_a_negative_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="hold_s"):
        Levels(-1.0)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("trunk_inclination_deg", -20.0),
        ("slump_cm", -3.0),
        ("forward_lean_cm", -30.0),
        ("forward_head_deg", -8.0),
        ("shoulder_shrug_cm", -2.0),
        ("distance_cm", 75.0),
    ],
)
def test_the_harmless_side_is_good(name: str, value: float) -> None:
    assert deviation(name, value) == 0.0
    assert judged(Levels(0.0), name, [value], 1.0) == [Level.GOOD]
