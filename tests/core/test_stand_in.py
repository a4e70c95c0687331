"""The test person itself: what the truth of all other tests rests on."""

from __future__ import annotations

import math

import numpy as np
import pytest
from desk import flipped
from person import AVERAGE, EYE_LEVEL, LAPTOP, LARGE, STILL, Moves, Webcam, body, seen, truth

from posture.core.canonical_face import INDEX


def test_the_left_side_is_on_the_pictures_right_and_up_is_up() -> None:
    landmarks = seen(STILL, EYE_LEVEL)
    assert landmarks.pose is not None
    assert landmarks.face is not None
    assert landmarks.pose[11, 0] > 0.5 > landmarks.pose[12, 0]
    assert landmarks.face[10, 1] < landmarks.face[468, 1] < landmarks.face[152, 1]
    assert landmarks.pose[0, 1] < landmarks.pose[11, 1]


def test_sizes_in_the_picture_are_those_of_a_pinhole() -> None:
    landmarks = seen(STILL, Webcam(distance=60.0, tilt=0.0))
    assert landmarks.face is not None
    assert landmarks.face[[468, 473], :2].mean(axis=0) == pytest.approx([0.5, 0.5])
    # 640 px over 66 degrees are a focal length of 493 px; 6.2 cm at 60 cm.
    assert (landmarks.face[473, 0] - landmarks.face[468, 0]) * 640 == pytest.approx(
        6.2 / 60 * 320 / math.tan(math.radians(33))
    )


@pytest.mark.parametrize(
    ("moves", "place", "direction"),
    [
        (Moves(lean=10), "c7", (0, -1, 1)),
        (Moves(lateral=10), "c7", (-1, -1, 0)),
        (Moves(slump=4), "c7", (0, -1, 1)),
        (Moves(poke=10), "eyes", (0, -1, 1)),
        (Moves(shrug=3), "left_shoulder", (0, 1, 0)),
        (Moves(uneven=3), "right_shoulder", (0, -1, 0)),
        (Moves(turn=20), "left_shoulder", (-1, 0, 1)),
        (Moves(nod=20), "eyes", (0, -1, -1)),
        (Moves(yaw=20), "eyes", (-1, 0, -1)),
    ],
)
def test_moves_go_where_they_say(moves: Moves, place: str, direction: tuple[int, int, int]) -> None:
    shift = getattr(body(moves), place) - getattr(body(STILL), place)
    assert np.sign(np.round(shift, 9)).tolist() == list(direction)


def test_a_slump_loses_the_height_it_says() -> None:
    assert (body(STILL).c7 - body(Moves(slump=4)).c7)[1] == pytest.approx(4.0)
    assert truth(Moves(slump=4), EYE_LEVEL).slump_cm == pytest.approx(4.0)


def test_nothing_is_the_matter_with_someone_who_sits_still() -> None:
    still = truth(STILL, LAPTOP, LARGE)
    assert still.distance_cm == pytest.approx(LAPTOP.distance)
    others = [getattr(still, name) for name in still.__slots__ if name != "distance_cm"]
    assert others == pytest.approx([0.0] * len(others), abs=1e-9)


def test_a_mirror_shows_the_mirrored_person() -> None:
    moves = Moves(lateral=7, yaw=12, roll=-9, uneven=2, right=3)
    webcam = Webcam(side=15.0, pan=4.0)
    glass = flipped(seen(moves, webcam))
    twin = seen(moves.mirrored(), webcam.mirrored(), AVERAGE)
    assert glass.pose is not None
    assert twin.pose is not None
    assert glass.face is not None
    assert twin.face is not None
    assert np.abs(glass.pose[:13] - twin.pose[:13]).max() < 1e-9
    known = [*INDEX, 152, *range(468, 478)]
    assert np.abs(glass.face[known] - twin.face[known]).max() < 1e-4
