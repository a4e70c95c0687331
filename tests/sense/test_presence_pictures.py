"""Who is there? What stands, hangs and passes in rooms, seen by the real models."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from scenes import DISTANCES_CM, Scene, picture

from posture.clock import Instant
from posture.core.calibration import PICTURES, calibrate
from posture.core.landmarks import Landmarks
from posture.core.neutral import Neutral
from posture.core.reader import Reader
from posture.core.reading import Presence, Reading
from posture.sense.frame import Frame, Image
from posture.sense.landmarker import Landmarker

AWAY, PRESENT, UNKNOWN = Presence.AWAY, Presence.PRESENT, Presence.UNKNOWN


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """A calibrated person, and their room."""

    scene: Scene
    neutral: Neutral
    landmarker: Landmarker

    def read(self, image: Image) -> Reading:
        """What the program says of one picture."""
        self.landmarker.expected = self.neutral.expected_face()
        return Reader(self.neutral, independent=True).read(look(self.landmarker, image))


def look(landmarker: Landmarker, image: Image, at_s: float = 0.0) -> Landmarks:
    return landmarker.process(Frame(Instant(at_s, round(at_s * 1e6)), image))


@pytest.fixture(scope="module", params=list(DISTANCES_CM))
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    name = str(request.param)
    with Landmarker("image") as landmarker:
        taken = [look(landmarker, picture(f"{name}_calibration"))] * 3
        user = picture(f"{name}_upright")
        face = look(landmarker, user).face
        assert face is not None
        scene = Scene(user, picture(f"{name}_empty"), np.asarray(face[:, :2] * (640, 480)))
        yield Desk(scene, calibrate(taken, DISTANCES_CM[name], PICTURES), landmarker)


def test_the_user(desk: Desk) -> None:
    assert desk.read(desk.scene.user).presence is PRESENT


def test_an_empty_chair(desk: Desk) -> None:
    assert desk.read(desk.scene.empty).presence is AWAY


def test_round_things_in_an_empty_room(desk: Desk) -> None:
    assert desk.read(desk.scene.round_things()).presence is AWAY


def test_a_coat_on_the_chair(desk: Desk) -> None:
    assert desk.read(desk.scene.coat_on_the_chair()).presence is AWAY


@pytest.mark.parametrize("x", [140.0, 500.0])
def test_somebody_passes_behind_an_empty_chair(desk: Desk, x: float) -> None:
    assert desk.read(desk.scene.passer_by(0.38, x)).presence is AWAY


@pytest.mark.parametrize("x", [140.0, 500.0])
def test_somebody_passes_behind_the_user(desk: Desk, x: float) -> None:
    reading = desk.read(desk.scene.passer_by(0.38, x, user=True))

    assert reading.presence is PRESENT
    assert reading.metrics.distance_cm == pytest.approx(desk.neutral.distance_cm, rel=0.05)


def test_a_poster_behind_an_empty_chair(desk: Desk) -> None:
    assert desk.read(desk.scene.framed_face(0.35)).presence is AWAY


@pytest.mark.parametrize("scale", [0.35, 0.6], ids=["poster", "video call"])
def test_a_face_on_the_wall_behind_the_user(desk: Desk, scale: float) -> None:
    reading = desk.read(desk.scene.framed_face(scale, user=True))

    assert reading.presence is PRESENT
    assert reading.metrics.distance_cm == pytest.approx(desk.neutral.distance_cm, rel=0.05)


def test_a_hand_before_the_face(desk: Desk) -> None:
    assert desk.read(desk.scene.hand_before_the_mouth()).presence is PRESENT


def test_the_back_of_the_head(desk: Desk) -> None:
    assert desk.read(desk.scene.back_of_the_head()).presence is PRESENT


@pytest.mark.parametrize("share", [0.0, 0.02, 0.05])
def test_in_the_dark_nobody_is_called_away(desk: Desk, share: float) -> None:
    empty = desk.read(desk.scene.darkened(share, user=False))

    assert (empty.presence, empty.reason) == (UNKNOWN, "dark")
    assert desk.read(desk.scene.darkened(share, user=True)).presence in (PRESENT, UNKNOWN)


def test_in_dim_light_the_user_is_seen(desk: Desk) -> None:
    assert desk.read(desk.scene.darkened(0.3, user=True)).presence is PRESENT


def watched(desk: Desk, image: Image, seconds: int) -> list[Presence]:
    """What is held, picture by picture, once the user was seen and *image* follows."""
    reader = Reader(desk.neutral)
    with Landmarker("video", expected=desk.neutral.expected_face()) as landmarker:
        for second in range(4):
            reader.read(look(landmarker, desk.scene.user, second))
        return [
            reader.read(look(landmarker, image, 4 + second)).presence for second in range(seconds)
        ]


def test_the_coat_the_user_leaves_behind_is_not_followed(desk: Desk) -> None:
    """Left to itself the tracking landmarker goes on seeing a body in it."""
    assert watched(desk, desk.scene.coat_on_the_chair(), 12)[-1] is AWAY


@pytest.mark.parametrize("pose", [Scene.hand_before_the_mouth, Scene.back_of_the_head])
def test_whoever_stays_without_a_face_stays_present(
    desk: Desk, pose: Callable[[Scene], Image]
) -> None:
    assert set(watched(desk, pose(desk.scene), 20)) == {PRESENT}
