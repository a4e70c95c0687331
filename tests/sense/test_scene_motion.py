"""A moved camera is told from a moving person by the room behind."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from posture.clock import Instant
from posture.core.landmarks import FloatArray, SceneMotion
from posture.sense.frame import Frame, Image
from posture.sense.scene_motion import SceneWatch

SIZE = (640, 480)


def room(seed: int = 3) -> Image:
    """A wall with some furniture: blocks of different grey."""
    random = np.random.default_rng(seed)
    picture = np.full((SIZE[1], SIZE[0], 3), 120, np.uint8)
    for _ in range(60):
        x, y = random.integers(0, SIZE[0] - 60), random.integers(0, SIZE[1] - 60)
        w, h = random.integers(15, 60, 2)
        picture[y : y + h, x : x + w] = random.integers(30, 230)
    return picture


def body(centre_x: float) -> FloatArray:
    pose = np.zeros((33, 4))
    pose[:, 0], pose[:, 1], pose[:, 3] = centre_x, 0.9, 1.0
    pose[:11, 1] = 0.3
    pose[11, 0], pose[12, 0] = centre_x + 0.12, centre_x - 0.12
    return pose


def at(second: float) -> Instant:
    return Instant(second, int(second * 1e6))


def watched(pictures: list[Image], poses: list[FloatArray | None]) -> SceneMotion:
    watch = SceneWatch()
    motion = SceneMotion()
    for i, (picture, pose) in enumerate(zip(pictures, poses, strict=True)):
        motion = watch.look(Frame(at(i * 10.0), picture), pose)
    return motion


def warped(picture: Image, matrix: npt.NDArray[np.float32]) -> Image:
    moved = cv2.warpAffine(picture, matrix, SIZE, borderMode=cv2.BORDER_REFLECT)
    return np.asarray(moved, np.uint8)


def test_a_still_room_does_not_move() -> None:
    noise = np.random.default_rng(1)
    base = room().astype(np.int16)
    pictures = [
        np.clip(base + noise.normal(0, 4, base.shape), 0, 255).astype(np.uint8) for _ in range(6)
    ]

    assert watched(pictures, [None] * 6) == SceneMotion()


def test_a_person_walking_before_a_still_room_does_not_move_it() -> None:
    pictures, poses = [], []
    for i in range(6):
        picture = room()
        x = 200 + 50 * i
        person = room(seed=9)[100:480, 0:160]
        picture[100:480, x : x + 160] = person
        pictures.append(picture)
        poses.append(body((x + 80) / SIZE[0]))

    assert watched(pictures, [*poses]) == SceneMotion()


def test_a_pushed_camera_moves_the_room() -> None:
    pushed = warped(room(), np.array([[1, 0, 26], [0, 1, 13]], np.float32))

    motion = watched([room(), room(), pushed, pushed], [None] * 4)

    assert motion.right == pytest.approx(26 / 640, abs=0.004)
    assert motion.down == pytest.approx(13 / 640, abs=0.004)
    assert motion.scale == pytest.approx(1.0, abs=0.01)


def test_a_zoom_scales_the_room() -> None:
    zoomed = warped(room(), np.array([[1.1, 0, -32], [0, 1.1, -24]], np.float32))

    assert watched([room(), zoomed, zoomed], [None] * 3).scale == pytest.approx(1.1, abs=0.01)


def test_between_two_comparisons_the_motion_stays_what_it_was() -> None:
    watch = SceneWatch()
    pushed = warped(room(), np.array([[1, 0, 26], [0, 1, 13]], np.float32))
    watch.look(Frame(at(0.0), room()), None)

    assert watch.look(Frame(at(9.0), pushed), None) == SceneMotion()
    assert watch.look(Frame(at(10.0), pushed), None).right == pytest.approx(26 / 640, abs=0.004)


def test_a_bare_wall_says_nothing() -> None:
    bare = np.full((SIZE[1], SIZE[0], 3), 120, np.uint8)

    assert watched([bare, bare], [None, None]) == SceneMotion()
