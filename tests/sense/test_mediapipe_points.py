"""Points read where MediaPipe's library has them are those that its Tasks API gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
import pytest

from posture.sense import models
from posture.sense.frame import Image
from posture.sense.mediapipe_points import detector
from posture.sense.mediapipe_tasks import LandmarkTask, Mode

PICTURES = Path(__file__).resolve().parents[1] / "data" / "pictures"

Kind = Literal["pose", "face"]
BUNDLES = {"pose": models.POSE, "face": models.FACE}


@pytest.fixture(scope="module", params=["pose", "face"])
def kind(request: pytest.FixtureRequest) -> Kind:
    return request.param  # type: ignore[no-any-return]


def opened(kind: Kind, mode: Mode) -> LandmarkTask:
    with models.open_bundle(BUNDLES[kind], None) as file:
        return LandmarkTask(kind, file, mode, 3, "shipped")


def rgb(name: str) -> Image:
    image = cv2.imread(str(PICTURES / name))
    assert image is not None
    return np.ascontiguousarray(image[:, :, ::-1]).astype(np.uint8)


def by_the_tasks_api(kind: Kind, result: Any) -> list[list[list[float]]]:
    """Everyone's points as the vendor's objects tell them."""
    if kind == "pose":
        return [[[p.x, p.y, p.z, p.visibility] for p in one] for one in result.pose_landmarks]
    return [[[p.x, p.y, p.z] for p in one] for one in result.face_landmarks]


def image_of(task: LandmarkTask, picture: Image) -> Any:
    return task._mediapipe.Image(image_format=task._mediapipe.ImageFormat.SRGB, data=picture)


@pytest.mark.parametrize("people", [1, 2])
def test_points_of_a_picture_are_the_tasks_apis(kind: Kind, people: int) -> None:
    task = opened(kind, "image")
    try:
        image = image_of(task, np.hstack([rgb("desk.jpg")[:, 160:480]] * people))
        told = by_the_tasks_api(kind, task._task.detect(image))
        found = detector(task._task)(image, None)
    finally:
        task.close()
    assert len(told) == people
    assert [person.tolist() for person in found] == told


def test_points_of_a_film_are_the_tasks_apis(kind: Kind) -> None:
    one, other = opened(kind, "video"), opened(kind, "video")
    try:
        for step in range(1, 4):
            image = image_of(one, rgb("desk.jpg"))
            told = by_the_tasks_api(kind, one._task.detect_for_video(image, step * 200))
            found = detector(other._task)(image, step * 200)
            assert told
            assert [person.tolist() for person in found] == told
    finally:
        one.close()
        other.close()


def test_nobody_has_no_points_and_what_was_found_is_kept(kind: Kind) -> None:
    task = opened(kind, "image")
    try:
        detect = detector(task._task)
        found = detect(image_of(task, rgb("desk.jpg")), None)
        before = [person.copy() for person in found]
        # The library has freed its own by now, and takes the room for others.
        assert detect(image_of(task, np.zeros((480, 640, 3), np.uint8)), None) == []
        assert all(np.array_equal(a, b) for a, b in zip(before, found, strict=True))
    finally:
        task.close()
    assert found
    assert all(person.dtype == np.float64 and person.flags.owndata for person in found)
