"""Explanations: each level beside the value and the threshold it came from."""

from __future__ import annotations

import pytest
from desk import neutral_of
from person import EYE_LEVEL, START, Moves, seen

from posture.core.explain import Explanation, Side, explain
from posture.core.metrics import Metrics
from posture.core.reader import Reader
from posture.core.reading import Label, Level, Presence, Reading
from posture.core.thresholds import Thresholds


def explained(
    measure: str, value: float | None, level: Level, *, calibrated: bool = True,
    thresholds: Thresholds | None = None,
) -> Explanation:  # fmt: skip
    metrics = Metrics(START) if value is None else Metrics(START, **{measure: value})
    reading = Reading(
        START, Presence.PRESENT, Label.UPRIGHT, metrics, START, START,
        states={measure: level}, calibrated=calibrated,
    )  # fmt: skip
    (one,) = explain(reading, thresholds)
    return one


@pytest.mark.parametrize(
    ("measure", "value", "level", "side", "bound"),
    [
        ("distance_cm", 47.0, Level.WARN, Side.BELOW, 50.0),
        ("distance_cm", 38.0, Level.LIMIT, Side.BELOW, 40.0),
        ("distance_cm", 52.0, Level.WARN, Side.RETURNING, 50.0),
        ("distance_cm", 110.0, Level.WARN, Side.ABOVE, 100.0),
        ("distance_cm", 98.0, Level.WARN, Side.RETURNING, 100.0),
        ("slump_cm", 3.0, Level.WARN, Side.ABOVE, 2.5),
        ("slump_cm", 2.0, Level.WARN, Side.RETURNING, 2.5),
        ("slump_cm", 4.4, Level.LIMIT, Side.ABOVE, 4.0),
        ("neck_lateral_deg", -12.0, Level.WARN, Side.ABOVE, 10.0),
        ("head_flexion_deg", 17.0, Level.WARN, Side.ABOVE, 15.0),
        ("head_flexion_deg", -12.0, Level.WARN, Side.ABOVE, 10.0),
        ("head_yaw_deg", 40.0, Level.LIMIT, Side.ABOVE, 35.0),
    ],
)
def test_the_threshold_is_named(
    measure: str, value: float, level: Level, side: Side, bound: float
) -> None:
    one = explained(measure, value, level)

    assert one.side is side
    assert one.bound == pytest.approx(bound)


def test_good_and_unmeasured_need_no_reason() -> None:
    assert explained("slump_cm", 1.0, Level.GOOD).side is None
    unmeasured = explained("slump_cm", None, Level.UNKNOWN)
    assert (unmeasured.value, unmeasured.side) == (None, None)


def test_the_users_own_thresholds_count() -> None:
    strict = Thresholds(scale=0.8)

    assert explained("slump_cm", 2.2, Level.WARN, thresholds=strict).bound == pytest.approx(2.0)


def test_without_calibration_thresholds_are_wider() -> None:
    one = explained("neck_lateral_deg", 20.0, Level.WARN, calibrated=False)

    assert one.bound == pytest.approx(14.0)


def test_without_calibration_a_distance_must_be_nearer_to_be_too_near() -> None:
    one = explained("distance_cm", 38.0, Level.WARN, calibrated=False)

    assert one.side is Side.BELOW
    assert one.bound == pytest.approx(50.0 / 1.126)


@pytest.mark.parametrize("forward", [0.0, 12.0, 25.0])
@pytest.mark.parametrize("slump", [0.0, 3.0, 6.0])
def test_what_a_reader_judges_is_explained_without_contradiction(
    forward: float, slump: float
) -> None:
    reader = Reader(neutral_of(EYE_LEVEL), independent=True)

    reading = reader.read(seen(Moves(forward=forward, slump=slump)))

    for one in explain(reading):
        if one.level in (Level.WARN, Level.LIMIT):
            assert one.side in (Side.ABOVE, Side.BELOW), one
        else:
            assert one.side is None, one
