"""A stream of looks: landmarks of every picture, or of its face alone where that is enough."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Self

import cv2
import numpy as np

from posture.clock import Instant
from posture.core.inputs import CameraLost
from posture.core.landmarks import Landmarks
from posture.sense.attention import Attention
from posture.sense.frame import Frame, Glance
from posture.sense.glance import small_of
from posture.sense.landmark_stream import Enough, LandmarkStream, Seen

_DESK = Path(__file__).resolve().parents[1] / "data" / "pictures" / "desk.jpg"


class Desk:
    """A camera before a person who does not move; it is lost for one moment, the third."""

    live = True
    independent = False
    epoch = Instant(0.0, 0)
    name = "a desk"

    def __init__(self) -> None:
        image = cv2.imread(str(_DESK))
        assert image is not None
        self.image = image.astype(np.uint8)

    def frames(self) -> Iterator[Frame | CameraLost]:
        for index in range(6):
            at = Instant(float(index), index * 1_000_000)
            yield CameraLost(at, "unplugged") if index == 2 else Frame(at, self.image)

    def close(self) -> None:
        """Nothing to close."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close."""


def test_a_face_that_is_enough_ends_a_look() -> None:
    def asked() -> Enough | None:
        return answers.pop(0)

    faces: list[Landmarks] = []

    def yes(face: Landmarks) -> bool:
        faces.append(face)
        return True

    # The third is asked of a loss, and does not hold for the picture after it.
    answers: list[Enough | None] = [None, yes, yes, None, lambda _: False, yes]
    items = list(LandmarkStream(Desk()).watched(asked))

    sights = [item for item in items if isinstance(item, Seen)]
    assert [item.landmarks.at.mono for item in sights] == [0.0, 1.0, 3.0, 4.0, 5.0]
    assert [item.face_alone for item in sights] == [False, True, False, False, True]
    assert isinstance(items[2], CameraLost)
    assert [face.pose for face in faces] == [None, None]
    first, peek, _, look, last = (item.landmarks for item in sights)
    # The face is of now, the body of the last look.
    assert peek.face is faces[0].face
    assert peek.pose is first.pose
    assert last.pose is look.pose
    assert look.pose is not first.pose


def test_who_only_wants_to_see_gets_every_picture_whole() -> None:
    items = [item for item in LandmarkStream(Desk()).seen() if isinstance(item, Seen)]

    assert [item.face_alone for item in items] == [False] * 5
    assert len({id(item.landmarks.pose) for item in items}) == 5


def test_a_head_that_stirs_is_peeked_at_once_and_for_all() -> None:
    """Attention asks for a peek where only the head stirs, once for each such glance."""
    image = Desk().image
    first = next(iter(LandmarkStream(Desk()).seen()))
    assert isinstance(first, Seen)
    assert first.frame is not None
    attention = Attention(0.5)
    grain = np.random.default_rng(1)

    def glance(at_s: float, moved_px: int = 0) -> Glance:
        moved = image.copy()
        # The head as far as it is above the shoulders.
        moved[120:224, 240:400] = np.roll(image, moved_px, axis=1)[120:224, 240:400]
        noisy = np.clip(moved + grain.normal(0, 2, image.shape), 0, 255).astype(np.uint8)
        return Glance(Instant(at_s, round(at_s * 1e6)), small_of(noisy))

    attention.looked(first.frame, first.landmarks)
    attention.glanced(glance(0.5))
    again = Instant(1.0, 1_000_000)
    attention.looked(Frame(again, image), replace(first.landmarks, at=again))
    for step in range(12):
        assert attention.take_peek() is None
        attention.glanced(glance(1.5 + 0.5 * step))

    attention.glanced(glance(8.0, moved_px=4))
    enough = attention.take_peek()

    assert enough is not None
    assert enough(Landmarks(Instant(8.0, 8_000_000), (640, 480), None, first.landmarks.face))
    assert attention.take_peek() is None

    # What was peeked at is what the next glance is compared with.
    moved = image.copy()
    moved[120:224, 240:400] = np.roll(image, 4, axis=1)[120:224, 240:400]
    attention.peeked(Frame(Instant(8.1, 8_100_000), moved))
    attention.glanced(glance(8.6, moved_px=4))
    for step in range(4):
        assert attention.take_peek() is None
        attention.glanced(glance(9.1 + 0.5 * step, moved_px=4))
    assert attention.take_peek() is None
