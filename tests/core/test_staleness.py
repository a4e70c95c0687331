"""A calibration that fits no more is noticed; a moving person is not mistaken for it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from desk import neutral_of
from person import ASIDE, EYE_LEVEL, LAPTOP, STILL, Moves, Webcam, seen

from posture.core.landmarks import SceneMotion
from posture.core.reader import Reader
from posture.core.staleness import MOVED, RESHAPED, UNLIKE, ZOOMED


def told_after(
    reader: Reader,
    seconds: float,
    webcam: Webcam,
    moves: Moves = STILL,
    scene: SceneMotion | None = None,
) -> str | None:
    reason = None
    for i in range(int(seconds) + 1):
        landmarks = replace(seen(moves, webcam, at_s=float(i)), scene=scene)
        reason = reader.read(landmarks).stale_calibration
    return reason


@pytest.mark.parametrize("webcam", [EYE_LEVEL, LAPTOP, ASIDE], ids=["eye_level", "laptop", "aside"])
@pytest.mark.parametrize("nudge", [{"tilt": 7.0}, {"tilt": -7.0}, {"pan": 7.0}, {"pan": -7.0}])
def test_a_nudged_camera_is_said_after_half_a_minute(
    webcam: Webcam, nudge: dict[str, float]
) -> None:
    reader = Reader(neutral_of(webcam))
    nudged = replace(
        webcam,
        tilt=webcam.tilt + nudge.get("tilt", 0.0),
        pan=webcam.pan + nudge.get("pan", 0.0),
    )

    assert told_after(reader, 25, nudged) is None
    assert told_after(Reader(neutral_of(webcam)), 40, nudged) == MOVED


@pytest.mark.parametrize("webcam", [EYE_LEVEL, LAPTOP, ASIDE], ids=["eye_level", "laptop", "aside"])
@pytest.mark.parametrize(
    "moves",
    [
        STILL,
        Moves(slump=4.0, poke=12.0),
        Moves(lean=15.0),
        Moves(lean=-18.0),
        Moves(lateral=12.0, roll=6.0),
        Moves(nod=20.0),
        Moves(yaw=20.0),
        Moves(roll=12.0),
        Moves(right=6.0),
        Moves(forward=10.0),
        Moves(up=-5.0),
    ],
    ids=str,
)
def test_a_posture_held_for_minutes_is_no_moved_camera(webcam: Webcam, moves: Moves) -> None:
    assert told_after(Reader(neutral_of(webcam)), 180, webcam, moves) is None


@pytest.mark.parametrize(
    ("scene", "reason"),
    [
        (SceneMotion(right=0.05), MOVED),
        (SceneMotion(roll_deg=4.0), MOVED),
        (SceneMotion(scale=1.08), ZOOMED),
        (SceneMotion(right=0.01, scale=1.01), None),
    ],
)
def test_the_room_tells_of_a_moved_or_zooming_camera(
    scene: SceneMotion, reason: str | None
) -> None:
    reader = Reader(neutral_of(EYE_LEVEL))

    assert told_after(reader, 3, EYE_LEVEL, scene=scene) is None
    assert told_after(Reader(neutral_of(EYE_LEVEL)), 8, EYE_LEVEL, scene=scene) == reason


def test_a_camera_put_back_is_trusted_again() -> None:
    reader = Reader(neutral_of(EYE_LEVEL))
    story = [(8, SceneMotion(right=0.05)), (8, SceneMotion())]
    reasons, second = [], 0
    for seconds, scene in story:
        for _ in range(seconds):
            landmarks = replace(seen(STILL, EYE_LEVEL, at_s=float(second)), scene=scene)
            reasons.append(reader.read(landmarks).stale_calibration)
            second += 1

    assert reasons[7] == MOVED
    assert reasons[-1] is None


def test_a_picture_of_another_shape_is_said_at_once() -> None:
    wide = replace(EYE_LEVEL, size=(1280, 720))

    assert told_after(Reader(neutral_of(EYE_LEVEL)), 0, wide) == RESHAPED


@pytest.mark.parametrize(
    ("calibrated", "now"), [(EYE_LEVEL, LAPTOP), (LAPTOP, EYE_LEVEL), (LAPTOP, ASIDE)]
)
def test_another_desk_is_no_posture_of_this_one_and_is_measured_roughly(
    calibrated: Webcam, now: Webcam
) -> None:
    reader = Reader(neutral_of(calibrated))
    readings = [reader.read(seen(STILL, now, at_s=float(second))) for second in range(80)]

    assert readings[20].stale_calibration is None
    assert readings[-1].stale_calibration in (UNLIKE, MOVED)
    # Nothing is told against a neutral that does not hold here, and the rest is told roughly.
    assert not readings[-1].calibrated
    assert readings[-1].metrics.slump_cm is None
    assert readings[-1].score is not None
    assert readings[-1].metrics.distance_cm == pytest.approx(now.distance, rel=0.15)


def test_back_at_the_desk_every_measure_is_told_again() -> None:
    reader = Reader(neutral_of(LAPTOP))
    webcams = [EYE_LEVEL] * 80 + [LAPTOP] * 10
    readings = [
        reader.read(seen(STILL, webcam, at_s=float(second)))
        for second, webcam in enumerate(webcams)
    ]

    assert readings[79].stale_calibration is not None
    assert readings[-1].stale_calibration is None
    assert readings[-1].calibrated
    assert readings[-1].metrics.slump_cm == pytest.approx(0.0, abs=0.5)


def test_a_zooming_camera_tells_no_distance() -> None:
    reader = Reader(neutral_of(EYE_LEVEL))
    readings = [
        reader.read(replace(seen(STILL, at_s=float(second)), scene=SceneMotion(scale=1.1)))
        for second in range(10)
    ]

    assert readings[2].metrics.distance_cm is not None
    assert readings[-1].stale_calibration == ZOOMED
    assert readings[-1].metrics.distance_cm is None


def test_pictures_of_a_folder_do_not_add_up_to_a_moved_camera() -> None:
    reader = Reader(neutral_of(EYE_LEVEL), independent=True)
    nudged = replace(EYE_LEVEL, tilt=EYE_LEVEL.tilt + 7.0)

    assert told_after(reader, 180, nudged) is None
