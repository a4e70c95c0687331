"""Two signs before a strain counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posture.clock import Instant
from posture.core.agenda import posture_words
from posture.core.faults import FINE, UNJUDGED, Fault, head_growth, judge
from posture.core.metrics import Metrics
from posture.core.policy import PosturePolicy
from posture.core.reading import Label, Level, Reading
from posture.core.thresholds import Thresholds
from scenarios.people import WORDS

ZERO = Instant(0.0, 0)
SET = Thresholds()


def reading(word: str) -> Reading:
    pose = WORDS[word]
    return Reading(
        ZERO, pose.presence, pose.label, pose.metrics(shifted=False), ZERO, ZERO,
        pose.levels(SET), looking_away=pose.looking_away, standing=pose.standing,
    )  # fmt: skip


def fault(word: str) -> Fault | None:
    return judge(reading(word), SET, PosturePolicy()).fault


@pytest.mark.parametrize(
    ("word", "main", "level", "dwell_s"),
    [
        ("slouch", "slump_cm", Level.LIMIT, 60),
        ("droop", "slump_cm", Level.WARN, 180),
        ("forward_head", "forward_head_deg", Level.LIMIT, 60),
        ("lean_forward", "forward_lean_cm", Level.LIMIT, 60),
        ("head_down", "head_flexion_deg", Level.LIMIT, 300),
        ("sip", "head_flexion_deg", Level.LIMIT, 300),
        ("tilt_left", "neck_lateral_deg", Level.LIMIT, 60),
        ("phone_at_ear", "neck_lateral_deg", Level.WARN, 180),
        ("lean_left", "trunk_lateral_deg", Level.LIMIT, 60),
        ("uneven", "shoulder_tilt_deg", Level.LIMIT, 60),
        ("raised_shoulders", "shoulder_shrug_cm", Level.LIMIT, 60),
    ],
)
def test_a_strain_and_how_long_it_may_be_held(
    word: str, main: str, level: Level, dwell_s: float
) -> None:
    found = fault(word)

    assert found is not None
    assert (found.main, found.level) == (main, level)
    assert found.dwell_s == pytest.approx(dwell_s)


@pytest.mark.parametrize(
    "word",
    ["upright", "reclined", "standing", "odd_neck", "chair_closer", "chair_lower", "shrug", "far"],
)
def test_no_strain(word: str) -> None:
    assert judge(reading(word), SET, PosturePolicy()) == FINE


@pytest.mark.parametrize("word", ["turned", "second_screen", "dark"])
def test_nothing_can_be_said(word: str) -> None:
    assert judge(reading(word), SET, PosturePolicy()) == UNJUDGED


def test_a_neck_that_cannot_be_compared_with_the_shoulders_needs_another_sign() -> None:
    bent = replace(
        reading("forward_head"), metrics=Metrics(ZERO, forward_head_deg=14.0, distance_cm=64.0)
    )
    slumped = replace(bent, metrics=replace(bent.metrics, slump_cm=1.5))

    assert judge(bent, SET, PosturePolicy()).fault is None
    assert judge(slumped, SET, PosturePolicy()).fault is not None


def test_a_head_tilted_with_level_eyes_is_not_believed() -> None:
    """A neck bent sideways without any tilt of the head, shoulders or trunk: a slip."""
    alone = Metrics(ZERO, neck_lateral_deg=16.0, head_roll_deg=1.0, shoulder_tilt_deg=0.0)
    slip = replace(reading("tilt_left"), metrics=alone)

    assert judge(slip, SET, PosturePolicy()).fault is None


def test_head_growth_is_what_the_two_sizes_say() -> None:
    """Eyes 6 cm nearer, shoulders where they were: 70 / 64 larger against the shoulders."""
    metrics = Metrics(ZERO, distance_cm=64.0, forward_lean_cm=6.0, trunk_inclination_deg=0.0)

    assert head_growth(metrics) == pytest.approx(70 / 64 - 1)
    # The trunk carried the head: shoulders 50 sin 10 = 8.7 cm nearer too.
    carried = replace(metrics, trunk_inclination_deg=10.0)
    assert head_growth(carried) == pytest.approx(70 / 64 * (83 - 8.68) / 83 - 1, abs=1e-3)
    assert head_growth(Metrics(ZERO, distance_cm=64.0)) is None


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("forward_head", ("forward_head_cm", 6)),
        ("slouch", ("slump_cm", 5)),
        ("tilt_left", ("neck_lateral_left", 16)),
        ("phone_at_ear", ("neck_lateral_right", 12)),
        ("uneven", ("shoulder_tilt_right", 9)),
        ("sip", ("head_extension_deg", 20)),
        ("head_down", ("head_flexion_deg", 28)),
    ],
)
def test_the_words_name_what_is_off_and_by_how_much(word: str, expected: tuple[str, int]) -> None:
    found = fault(word)

    assert found is not None
    assert posture_words(found) == expected


def test_without_a_nearer_head_the_neck_is_told_in_degrees() -> None:
    bent = Fault(
        Level.LIMIT, 60.0, "forward_head_deg", "forward_head_deg",
        {"forward_head_deg": 13.4, "forward_lean_cm": 1.0},
    )  # fmt: skip

    assert posture_words(bent) == ("forward_head_deg", 13)


def test_a_measure_that_is_not_judged_never_counts() -> None:
    odd = replace(
        reading("upright"),
        label=Label.UPRIGHT,
        states={"eye_rise_cm": Level.LIMIT, "distance_cm": Level.LIMIT},
    )

    assert judge(odd, SET, PosturePolicy()) == FINE
