"""What is not seen is unknown: None and no level, never a number and never "good"."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from desk import hiding, judged, neutral_of
from person import ASIDE, EYE_LEVEL, LAPTOP, STILL, Moves, Webcam, seen, truth

from posture.core.calibration import PICTURES, calibrate
from posture.core.landmarks import Landmarks
from posture.core.metrics import MEASURES
from posture.core.reader import Reader
from posture.core.reading import Label, Level, Presence, Reading

webcams = pytest.mark.parametrize(
    "webcam", [EYE_LEVEL, LAPTOP, ASIDE], ids=["eye", "laptop", "aside"]
)

OF_THE_HEAD = {
    "distance_cm",
    "head_flexion_deg",
    "head_yaw_deg",
    "head_roll_deg",
    "forward_lean_cm",
    "eye_rise_cm",
}
OF_BOTH_SHOULDERS = {
    "shoulder_tilt_deg",
    "neck_lateral_deg",
    "trunk_lateral_deg",
    "shoulder_shrug_cm",
}
SLOUCH = Moves(slump=4, poke=10, lateral=5)


def known(reading: Reading) -> set[str]:
    return {name for name in MEASURES if reading.metrics.get(name) is not None}


def consistent(reading: Reading) -> None:
    for name, level in reading.states.items():
        assert (level is Level.UNKNOWN) == (name not in known(reading)), name


@webcams
def test_with_all_in_view_all_is_known(webcam: Webcam) -> None:
    reading = judged(seen(SLOUCH, webcam), webcam)
    assert known(reading) == set(MEASURES)
    consistent(reading)


@webcams
def test_without_a_body_the_head_is_measured(webcam: Webcam) -> None:
    reading = judged(replace(seen(Moves(nod=20), webcam), pose=None), webcam)
    assert reading.presence is Presence.PRESENT
    assert known(reading) >= OF_THE_HEAD
    assert not known(reading) & OF_BOTH_SHOULDERS
    assert reading.label is Label.HEAD_DOWN
    consistent(reading)


@webcams
@pytest.mark.parametrize("sides", [(11,), (12,), (11, 12)])
def test_hidden_shoulders_are_not_measured(webcam: Webcam, sides: tuple[int, ...]) -> None:
    reading = judged(hiding(seen(SLOUCH, webcam), *sides), webcam)
    assert reading.presence is Presence.PRESENT
    assert known(reading) >= OF_THE_HEAD
    assert not known(reading) & OF_BOTH_SHOULDERS
    consistent(reading)


@webcams
def test_a_shoulder_outside_the_picture_is_a_guess(webcam: Webcam) -> None:
    landmarks = seen(SLOUCH, webcam)
    assert landmarks.pose is not None
    pose = landmarks.pose.copy()
    pose[12, 0] = -0.3
    reading = judged(replace(landmarks, pose=pose), webcam)
    assert not known(reading) & OF_BOTH_SHOULDERS


@webcams
@pytest.mark.parametrize("sides", [(11,), (12,), (11, 12)])
def test_estimates_that_rest_on_the_head_alone_stay_near_the_truth(
    webcam: Webcam, sides: tuple[int, ...]
) -> None:
    """Where the head is tells much of a slouch: as long as it is told, it must be near."""
    for moves in (STILL, Moves(slump=4, poke=10), Moves(lean=10), Moves(poke=12)):
        metrics = judged(hiding(seen(moves, webcam), *sides), webcam).metrics
        true = truth(moves, webcam)
        for name, error in (
            ("slump_cm", 1.8),
            ("trunk_inclination_deg", 5.0),
            ("forward_head_deg", 9.0),
        ):
            value = metrics.get(name)
            assert value is None or value == pytest.approx(getattr(true, name), abs=error), name


@webcams
def test_without_a_face_the_pose_model_s_head_serves_for_what_it_can(webcam: Webcam) -> None:
    """It knows distance within 15 % and angles within 9 degrees; roll and lean it does not."""
    reading = judged(replace(seen(STILL, webcam), face=None), webcam)
    assert reading.presence is Presence.PRESENT
    assert reading.metrics.distance_cm == pytest.approx(webcam.distance, rel=0.15)
    assert reading.metrics.head_flexion_deg == pytest.approx(0.0, abs=9.0)
    assert not known(reading) & {"head_roll_deg", "forward_lean_cm", "neck_lateral_deg"}
    assert reading.label in (Label.UPRIGHT, Label.UNKNOWN)
    consistent(reading)


@webcams
def test_a_faceless_head_that_hangs_is_seen_hanging(webcam: Webcam) -> None:
    reading = judged(replace(seen(Moves(nod=30), webcam), face=None), webcam)
    assert reading.label is Label.HEAD_DOWN


def test_a_head_turned_far_away_hides_the_trunk() -> None:
    reading = judged(seen(replace(SLOUCH, yaw=45)), EYE_LEVEL)
    assert not known(reading) & {"trunk_inclination_deg", "slump_cm", "forward_head_deg"}
    consistent(reading)


@pytest.mark.parametrize("calibrated", [True, False])
def test_nobody_has_no_measures(calibrated: bool) -> None:
    neutral = neutral_of(EYE_LEVEL) if calibrated else None
    empty = Landmarks(seen().at, (640, 480), None, None, light=90.0)
    reading = Reader(neutral, independent=True).read(empty)
    assert (reading.presence, reading.label) == (Presence.AWAY, Label.AWAY)
    assert known(reading) == set()
    assert set(reading.states.values()) == {Level.UNKNOWN}
    assert (reading.score, reading.standing, reading.looking_away) == (None, None, False)


def test_a_stranger_is_measured_where_no_neutral_is_needed() -> None:
    reading = Reader(None, independent=True).read(seen(Moves(roll=12)))
    assert reading.metrics.head_roll_deg == pytest.approx(12.0, abs=1.0)
    assert reading.metrics.distance_cm == pytest.approx(60.0, rel=0.1)
    assert "slump_cm" not in known(reading)
    assert "trunk_inclination_deg" not in known(reading)
    assert (reading.calibrated, reading.standing) == (False, None)
    consistent(reading)


def test_a_calibration_without_shoulders_would_know_the_head_only() -> None:
    """A stored neutral may come from elsewhere: what it lacks stays unknown."""
    neutral = calibrate([seen(at_s=at_s) for at_s in range(4)], 60.0, PICTURES)
    blind = replace(neutral, shoulders=np.full((2, 2), np.nan))
    reading = Reader(blind, independent=True).read(seen(SLOUCH))
    assert known(reading) == OF_THE_HEAD
