"""Calibration: a good one is taken as it is, a bad one is refused with its reason."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from desk import hiding, trembling
from person import ASIDE, AVERAGE, EYE_LEVEL, LAPTOP, LARGE, STILL, Moves, Webcam, seen

from posture.core.calibration import PICTURES, STREAM, calibrate
from posture.core.landmarks import Landmarks
from posture.core.measure import Measurer
from posture.core.observation import observe
from posture.core.reader import Reader
from posture.core.reading import Presence
from posture.errors import CalibrationRefused

webcams = pytest.mark.parametrize(
    "webcam", [EYE_LEVEL, LAPTOP, ASIDE], ids=["eye", "laptop", "aside"]
)


def sitting(
    webcam: Webcam = EYE_LEVEL, seconds: float = 10.0, rate_hz: float = 5.0, sway: float = 0.15
) -> list[Landmarks]:
    """Someone who sits as still as people do: *sway* is how far they move (cm, and degrees)."""
    random = np.random.default_rng(11)
    taken = []
    for step in range(int(seconds * rate_hz) + 1):
        forward, right, nod, yaw = random.normal(0, sway, 4)
        moves = Moves(forward=forward, right=right, nod=2 * nod, yaw=2 * yaw)
        taken.append(trembling(seen(moves, webcam, at_s=step / rate_hz), random, 0.0004))
    return taken


def refused(taken: list[Landmarks], **more: object) -> str:
    with pytest.raises(CalibrationRefused) as caught:
        calibrate(taken, 60.0, **more)  # type: ignore[arg-type]
    assert caught.value.exit_code == 25
    assert caught.value.do
    return caught.value.what


@webcams
def test_a_good_one_is_taken(webcam: Webcam) -> None:
    neutral = calibrate(sitting(webcam), webcam.distance, source="desk.mp4", profile="office")
    assert neutral.size == webcam.size
    assert neutral.distance_cm == pytest.approx(webcam.distance, rel=1e-3)
    assert neutral.measured
    assert (neutral.source, neutral.profile, neutral.samples) == ("desk.mp4", "office", 51)
    assert neutral.focal_px == pytest.approx(webcam.focal_px, rel=0.06)
    assert neutral.pupil_cm == pytest.approx(6.2, rel=0.06)
    assert neutral.sway_cm < 0.5
    assert neutral.sway_deg < 1.0
    assert neutral.light == pytest.approx(120.0)
    assert neutral.made_us == seen(at_s=10.0).at.wall_us
    # Judged against it, the person who sat there sits well.
    reading = Reader(neutral, independent=True).read(seen(STILL, webcam))
    assert reading.score is not None
    assert reading.score > 98


def test_the_middle_of_the_sway_is_the_neutral() -> None:
    """One sneeze in ten seconds does not move it."""
    taken = sitting()
    for index in (7, 8, 30):
        taken[index] = seen(Moves(nod=35, lean=20), at_s=taken[index].at - taken[0].at)
    metrics = Reader(calibrate(taken, 60.0), independent=True).read(seen()).metrics
    assert metrics.head_flexion_deg == pytest.approx(0.0, abs=2.5)
    assert metrics.slump_cm == pytest.approx(0.0, abs=0.5)
    assert metrics.distance_cm == pytest.approx(60.0, abs=2.0)


def test_a_few_pictures_without_a_face_do_not_matter() -> None:
    taken = [replace(s, face=None) if i % 4 == 0 else s for i, s in enumerate(sitting())]
    assert calibrate(taken, 60.0).samples == 38


@pytest.mark.parametrize(
    ("taken", "words"),
    [
        ([], "Only 0 pictures"),
        (sitting(seconds=10)[:7], "Only 7 pictures"),
        (sitting(seconds=2, rate_hz=30), "in 2 s"),
    ],
    ids=["none", "seven", "two-seconds"],
)
def test_too_few_are_refused(taken: list[Landmarks], words: str) -> None:
    assert words in refused(taken)


def test_restlessness_is_refused() -> None:
    assert "moved too much" in refused(sitting(sway=3.0))


def test_a_swinging_head_is_refused() -> None:
    taken = [
        seen(Moves(yaw=15 * math.sin(i), nod=10 * math.cos(2 * i)), at_s=0.2 * i) for i in range(50)
    ]
    assert "moved too much" in refused(taken)


@pytest.mark.parametrize("yaw", [60.0, -60.0])
def test_a_head_that_looks_elsewhere_is_refused(yaw: float) -> None:
    what = refused([seen(Moves(yaw=yaw), at_s=0.5 * i) for i in range(20)])
    assert "turned" in what
    assert "60°" in what or "59°" in what or "61°" in what


def test_a_camera_far_to_the_side_is_fine() -> None:
    webcam = Webcam(distance=65.0, side=30.0)
    assert calibrate(sitting(webcam), 65.0).samples == 51


def test_the_dark_is_refused() -> None:
    taken = [replace(s, light=5.0) for s in sitting()]
    assert "dark" in refused(taken)
    # An unlit picture without a face is refused for the dark too: that is what to mend.
    assert "dark" in refused([replace(s, face=None) for s in taken])


def test_without_a_face_it_is_refused() -> None:
    taken = [replace(s, face=None) for s in sitting()]
    assert "A face was found in only 0 of 51" in refused(taken)
    half = [replace(s, face=None) if i % 2 else s for i, s in enumerate(sitting())]
    assert "A face was found in only 26 of 51" in refused(half)


@pytest.mark.parametrize("sides", [(11,), (12,), (11, 12)])
def test_without_shoulders_it_is_refused(sides: tuple[int, ...]) -> None:
    assert "shoulders" in refused([hiding(s, *sides) for s in sitting()])


def test_without_a_body_it_is_refused() -> None:
    assert "shoulders" in refused([replace(s, pose=None) for s in sitting()])


def test_an_empty_room_is_refused() -> None:
    assert "face" in refused([replace(s, face=None, pose=None) for s in sitting()])


def test_a_place_across_the_room_is_refused() -> None:
    """From there nobody is ever taken to be at the desk."""
    far = Webcam(distance=160.0)
    taken = [seen(STILL, far, at_s=0.5 * i) for i in range(20)]
    for told in (160.0, None):
        with pytest.raises(CalibrationRefused, match="cm from the camera"):
            calibrate(taken, told)
    near = Webcam(distance=120.0)
    neutral = calibrate([seen(STILL, near, at_s=0.5 * i) for i in range(20)], 120.0)
    reading = Reader(neutral, independent=True).read(seen(Moves(lean=-5), near))
    assert reading.presence is Presence.PRESENT


class TestPictures:
    """A folder of pictures: few, and the person moved between them."""

    def test_three_are_enough(self) -> None:
        taken = [seen(Moves(forward=f, nod=f), at_s=i) for i, f in enumerate((-2.0, 0.0, 2.0))]
        neutral = calibrate(taken, 60.0, PICTURES)
        assert neutral.samples == 3
        assert neutral.distance_cm == pytest.approx(60.0, rel=0.01)

    def test_the_distance_given_is_their_mean(self) -> None:
        taken = [seen(Moves(forward=f), at_s=i) for i, f in enumerate((-5.0, 0.0, 5.0, 4.0))]
        neutral = calibrate(taken, 59.0, PICTURES)
        metrics = Reader(neutral, independent=True).read(seen()).metrics
        assert metrics.distance_cm == pytest.approx(60.0, rel=0.01)

    def test_two_are_not(self) -> None:
        assert "Only 2 pictures" in refused([seen(), seen(at_s=1.0)], demands=PICTURES)

    def test_three_postures_are_no_neutral(self) -> None:
        taken = [seen(Moves(nod=n, forward=n), at_s=i) for i, n in enumerate((-25.0, 0.0, 25.0))]
        assert "moved too much" in refused(taken, demands=PICTURES)


def test_pictures_of_another_size_are_left_out() -> None:
    """A camera may change its mode while it starts; the last one counts."""
    wide = replace(EYE_LEVEL, size=(1280, 720))
    taken = [seen(STILL, wide, at_s=0.5 * i) for i in range(4)]
    taken += [seen(STILL, EYE_LEVEL, at_s=2.0 + 0.5 * i) for i in range(16)]
    neutral = calibrate(taken, 60.0)
    assert (neutral.size, neutral.samples) == ((640, 480), 16)


def test_a_longer_tape_makes_a_longer_distance() -> None:
    """The tape is believed, and everything in centimetres follows it."""
    near, far = (calibrate(sitting(), distance) for distance in (50.0, 70.0))
    moved = seen(Moves(forward=6))
    leans = []
    for neutral in (near, far):
        metrics = Measurer(neutral).measure(moved.at, observe(moved, neutral.camera(moved.size)))
        assert metrics.forward_lean_cm is not None
        leans.append(metrics.forward_lean_cm)
    assert leans[1] / leans[0] == pytest.approx(70 / 50, rel=0.05)


def test_a_person_of_another_size_needs_no_other_settings() -> None:
    taken = [seen(STILL, EYE_LEVEL, LARGE, at_s=0.5 * i) for i in range(20)]
    assert (
        calibrate(taken, 60.0).pupil_cm
        > calibrate(
            [seen(STILL, EYE_LEVEL, AVERAGE, at_s=0.5 * i) for i in range(20)], 60.0
        ).pupil_cm
    )


def test_the_stream_demands_more_than_pictures() -> None:
    assert STREAM.least_samples > PICTURES.least_samples
    assert STREAM.sway_cm < PICTURES.sway_cm
