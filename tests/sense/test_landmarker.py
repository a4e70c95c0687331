"""The real models on real pictures."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from posture.clock import Instant
from posture.core.landmarks import ExpectedFace, FloatArray, Landmarks
from posture.errors import LandmarkingFailed
from posture.sense import models
from posture.sense.frame import Frame, Image
from posture.sense.landmarker import EVERYBODY_S, UNCHECKED_S, Landmarker, mean_luma
from posture.sense.mediapipe_tasks import LandmarkTask

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "tests" / "data" / "pictures"
# The true joints, px: tests/data/pictures/README.md.
DESK = {"nose": (327, 228), "eyes": (323, 196), "left": (431, 312), "right": (204, 312)}
BEHIND = {"nose": (250, 202), "eyes": (245, 174), "left": (365, 269), "right": (193, 304)}


def picture(name: str) -> Image:
    image = cv2.imread(str(PICTURES / name))
    assert image is not None
    return image.astype(np.uint8)


def frame(image: Image, seconds: float = 0.0) -> Frame:
    return Frame(Instant(seconds, round(seconds * 1e6)), image)


@pytest.fixture(scope="module")
def pictures() -> Iterator[Landmarker]:
    with Landmarker("image") as landmarker:
        yield landmarker


def pixels(points: FloatArray, size: tuple[int, int], index: int) -> FloatArray:
    return np.asarray(points[index, :2] * size)


def assert_is(found: Landmarks, truth: dict[str, tuple[int, int]]) -> None:
    """Face within 6 px of the truth, body within the pose model's own offset of 30 px."""
    face, pose = found.face, found.pose
    assert face is not None
    assert pose is not None
    eyes = (pixels(face, found.size, 468) + pixels(face, found.size, 473)) / 2
    assert np.linalg.norm(eyes - truth["eyes"]) < 6
    for index, joint in ((0, "nose"), (11, "left"), (12, "right")):
        assert np.linalg.norm(pixels(pose, found.size, index) - truth[joint]) < 30, joint


def test_person_at_a_desk_is_found_where_they_are(pictures: Landmarker) -> None:
    found = pictures.process(frame(picture("desk.jpg")))
    assert found.size == (640, 480)
    assert_is(found, DESK)


def test_body_is_the_users_when_a_colleague_stands_behind(pictures: Landmarker) -> None:
    image = picture("colleague_behind.jpg")
    assert_is(pictures.process(frame(image)), BEHIND)
    with Landmarker("video") as landmarker:
        for step in range(4):
            assert_is(landmarker.process(frame(image, step * 0.2)), BEHIND)


def test_pose_model_alone_would_have_taken_the_colleague(pictures: Landmarker) -> None:
    image = picture("colleague_behind.jpg")
    (pose,) = pictures._pose.find(np.ascontiguousarray(image[:, :, ::-1]), 0)
    assert np.linalg.norm(pixels(pose, (640, 480), 0) - BEHIND["nose"]) > 60


def side_by_side() -> Image:
    """The person of desk.jpg on the left, a second one, three quarters as large, on the right."""
    canvas = np.full((480, 640, 3), 90, np.uint8)
    canvas[:, :400] = picture("desk.jpg")[:, 120:520]
    second = cv2.resize(picture("colleague_behind.jpg"), (480, 360))
    canvas[60:420, 400:] = second[:, 70:310]
    return canvas


def eyes_x(found: Landmarks) -> float:
    assert found.face is not None
    return float(found.face[[468, 473], 0].mean()) * found.size[0]


def test_calibration_tells_which_of_two_is_the_user() -> None:
    image = side_by_side()
    with Landmarker("image") as landmarker:
        assert eyes_x(landmarker.process(frame(image))) < 300
        landmarker.expected = ExpectedFace(eye_x=0.8, eye_y=0.4, pupil_distance=0.05)
        found = landmarker.process(frame(image))
        assert eyes_x(found) > 400
        assert found.pose is not None
        assert found.pose[0, 0] * 640 > 400


def test_video_follows_the_user_it_began_with() -> None:
    alone = side_by_side()
    alone[:, :400] = 90
    with Landmarker("video") as landmarker:
        assert eyes_x(landmarker.process(frame(alone, 0.0))) > 400
        for step in range(1, 5):
            found = landmarker.process(frame(side_by_side(), 0.3 * step))
            assert eyes_x(found) > 400
            assert found.pose is not None
            assert found.pose[0, 0] * 640 > 400


def test_a_face_alone_is_the_users_and_is_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with Landmarker("video") as landmarker:
        landmarker.process(frame(picture("desk.jpg"), 0.0))
        found: list[str] = []
        for name in ("_face", "_pose"):
            task = getattr(landmarker, name)

            def find(rgb: Image, at_ms: int, name: str = name, of: LandmarkTask = task) -> object:
                found.append(name)
                return LandmarkTask.find(of, rgb, at_ms)

            monkeypatch.setattr(task, "find", find)
        second = frame(picture("desk.jpg"), 1.0)
        alone = landmarker.face_alone(second)

        assert alone is not None
        assert (alone.at, alone.size, alone.pose) == (second.at, second.size, None)
        assert abs(eyes_x(alone) - DESK["eyes"][0]) < 6
        assert found == ["_face"]

        whole = landmarker.process(second)

        assert_is(whole, DESK)
        assert found == ["_face", "_pose"]

        # Another picture is looked at anew, whichever was peeked at.
        landmarker.face_alone(frame(picture("desk.jpg"), 2.0))
        assert_is(landmarker.process(frame(picture("desk.jpg"), 3.0)), DESK)
        assert found == ["_face", "_pose", "_face", "_face", "_pose"]

        # So is the same one, when it is to be seen twice.
        landmarker.face_alone(second)
        landmarker.process(second)
        landmarker.process(second)
        assert found[5:] == ["_face", "_pose"] * 2


def test_nobodys_face_is_none() -> None:
    with Landmarker("video") as landmarker:
        assert landmarker.face_alone(frame(np.full((480, 640, 3), 90, np.uint8))) is None


def test_video_takes_equal_and_backward_times() -> None:
    with Landmarker("video") as landmarker:
        for seconds in (100.0, 100.0, 100.0002, 99.0, 99.2, 3.0):
            assert_is(landmarker.process(frame(picture("desk.jpg"), seconds)), DESK)


def test_pictures_do_not_depend_on_the_one_before(pictures: Landmarker) -> None:
    first = pictures.process(frame(picture("desk.jpg")))
    pictures.process(frame(picture("colleague_behind.jpg")))
    again = pictures.process(frame(picture("desk.jpg")))
    assert first.pose is not None
    assert first.face is not None
    np.testing.assert_array_equal(first.pose, again.pose)
    np.testing.assert_array_equal(first.face, again.face)


def face_models_open() -> int:
    """How many landmarkers hold the face model (Linux)."""
    return Path("/proc/self/maps").read_text().count(models.FACE.file_name)


FAR_SCALE = 0.45


def far_away(scale: float = FAR_SCALE) -> Image:
    """The person of desk.jpg, too small for the face detector."""
    canvas = np.full((480, 640, 3), 110, np.uint8)
    small = cv2.resize(picture("desk.jpg"), None, fx=scale, fy=scale, interpolation=3)
    height, width = small.shape[:2]
    canvas[480 - height :, 200 : 200 + width] = small
    return canvas


def test_a_small_face_is_found_by_a_closer_look_with_the_same_models() -> None:
    before = face_models_open()
    truth = np.array(DESK["eyes"]) * FAR_SCALE + (200, 480 - 480 * FAR_SCALE)
    with Landmarker("video") as landmarker:
        rgb = np.ascontiguousarray(far_away()[:, :, ::-1])
        assert landmarker._face.find(rgb, 0) == []
        for step in range(1, 4):
            face = landmarker.process(frame(far_away(), step)).face
            assert face is not None
            eyes = (pixels(face, (640, 480), 468) + pixels(face, (640, 480), 473)) / 2
            assert np.linalg.norm(eyes - truth) < 4
        assert face_models_open() == before + 1


class Runs:
    """Counts what a landmarker's two models are run on, by the size of the picture."""

    def __init__(self, landmarker: Landmarker, monkeypatch: pytest.MonkeyPatch) -> None:
        self.faces: list[tuple[int, ...]] = []
        self.poses = 0
        find_face, find_pose = landmarker._face.find, landmarker._pose.find

        def face(rgb: Image, at_ms: int) -> list[FloatArray]:
            self.faces.append(rgb.shape[:2] if rgb.any() else ())
            return find_face(rgb, at_ms)

        def pose(rgb: Image, at_ms: int) -> list[FloatArray]:
            self.poses += 1
            return find_pose(rgb, at_ms)

        monkeypatch.setattr(landmarker._face, "find", face)
        monkeypatch.setattr(landmarker._pose, "find", pose)

    def take(self) -> list[tuple[int, ...]]:
        """The pictures searched for faces since last asked; () for a black one."""
        taken, self.faces = self.faces, []
        return taken


WHOLE, CLOSE, BLACK = (480, 640), (256, 256), ()


def test_a_face_found_enlarged_is_looked_for_there_and_everybodys_now_and_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Landmarker("video") as landmarker:
        runs = Runs(landmarker, monkeypatch)
        faces = [landmarker.process(frame(far_away(), 0.0)).face]
        assert runs.take() == [WHOLE, CLOSE]
        for step in (1, 4, 9):
            faces.append(landmarker.process(frame(far_away(), step)).face)
            assert runs.take() == [CLOSE]
        faces.append(landmarker.process(frame(far_away(), 10.5)).face)
        assert runs.take() == [BLACK, WHOLE, CLOSE]
        for face in faces:
            assert face is not None
            assert faces[0] is not None
            assert np.abs(face - faces[0])[:, :2].max() < 0.003


def test_a_small_face_alone_is_found_too(monkeypatch: pytest.MonkeyPatch) -> None:
    with Landmarker("video") as landmarker:
        whole = landmarker.process(frame(far_away(), 0.0))
        runs = Runs(landmarker, monkeypatch)
        alone = landmarker.face_alone(frame(far_away(), 1.0))
        assert runs.take() == [CLOSE]
        assert alone is not None
        assert alone.face is not None
        assert whole.face is not None
        assert np.abs(alone.face - whole.face)[:, :2].max() < 0.003


def test_who_left_their_enlarged_face_is_looked_for_in_the_whole_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Landmarker("video") as landmarker:
        landmarker.process(frame(far_away(), 0.0))
        runs = Runs(landmarker, monkeypatch)
        found = landmarker.process(frame(picture("desk.jpg"), 3.0))
        assert runs.take() == [CLOSE, WHOLE]
        assert found.face is not None
        assert_is(landmarker.process(frame(picture("desk.jpg"), 4.0)), DESK)
        assert runs.take() == [WHOLE]


def test_a_face_followed_enlarged_is_not_followed_in_the_whole_picture() -> None:
    with Landmarker("video") as landmarker:
        found = landmarker.process(frame(far_away(), 0.0))
        assert found.face is not None
        # Too blurred for a face to be found, not for one to be followed.
        blurred = cv2.GaussianBlur(far_away(), (0, 0), 7).astype(np.uint8)
        assert landmarker.process(frame(blurred, EVERYBODY_S + 1)).face is None


def test_pictures_that_stand_alone_are_searched_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    with Landmarker("image") as landmarker:
        runs = Runs(landmarker, monkeypatch)
        for step in range(2):
            assert landmarker.process(frame(far_away(), step)).face is not None
            assert runs.take() == [WHOLE, CLOSE]


def test_who_is_beyond_any_desk_is_not_looked_at_closely(monkeypatch: pytest.MonkeyPatch) -> None:
    with Landmarker("video") as landmarker:
        runs = Runs(landmarker, monkeypatch)
        found = landmarker.process(frame(far_away(0.3), 0.0))
        assert found.pose is not None
        assert found.face is None
        assert runs.take() == [WHOLE]
        runs.poses = 0
        for step in range(1, 9):
            landmarker.process(frame(far_away(0.3), step))
        assert runs.poses == 8


class Printed:
    """The models' answers for somebody at the desk with a larger face printed on the clothes."""

    def __init__(
        self, landmarker: Landmarker, pictures: Landmarker, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found = pictures.process(frame(picture("desk.jpg")))
        assert found.face is not None
        assert found.pose is not None
        self.face, self.pose = found.face, found.pose
        middle = self.face[:, :2].mean(axis=0)
        self.print = self.face.copy()
        self.print[:, :2] = 1.5 * (self.face[:, :2] - middle) + middle + (0.0, 0.42)
        self.print[:, 2] *= 1.5
        self.faces = [self.print, self.face]
        self.poses = 0
        monkeypatch.setattr(landmarker._face, "find", lambda _rgb, _at_ms: list(self.faces))
        monkeypatch.setattr(landmarker._pose, "find", self._find)

    def _find(self, rgb: Image, _at_ms: int) -> list[FloatArray]:
        self.poses += 1
        # Below a printed face alone there is no body.
        return [self.pose] if rgb[:120].any() else []

    def looks(self) -> int:
        """How often a body was looked for since last asked."""
        taken, self.poses = self.poses, 0
        return taken


def test_who_wears_a_printed_face_is_known_by_their_own(
    pictures: Landmarker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Landmarker("video") as landmarker:
        printed = Printed(landmarker, pictures, monkeypatch)
        for step, looks in ((0.0, 3), (3.0, 1), (6.0, 1), (9.0, 1)):
            found = landmarker.process(frame(picture("desk.jpg"), step))
            assert found.face is printed.face
            assert found.pose is printed.pose
            assert printed.looks() == looks


def test_a_printed_face_is_none_where_its_wearers_is_not_seen(
    pictures: Landmarker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Landmarker("video") as landmarker:
        printed = Printed(landmarker, pictures, monkeypatch)
        printed.faces = [printed.print]
        for step in (0.0, 2.5):
            found = landmarker.process(frame(picture("desk.jpg"), step))
            assert found.face is None
            assert found.pose is printed.pose


def test_who_sits_before_somebody_is_looked_for_again_after_a_while(
    pictures: Landmarker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Landmarker("video") as landmarker:
        printed = Printed(landmarker, pictures, monkeypatch)
        for step in (0.0, 3.0):
            landmarker.process(frame(picture("desk.jpg"), step))
        printed.looks()
        # No picture for so long: it may be somebody else's face now.
        landmarker.process(frame(picture("desk.jpg"), 3.0 + EVERYBODY_S))
        assert printed.looks() == 3


def test_a_body_without_a_face_is_looked_for_afresh_ever_more_seldom(
    pictures: Landmarker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Landmarker("video") as landmarker:
        printed = Printed(landmarker, pictures, monkeypatch)
        printed.faces = []

        def afresh(begin_s: int, end_s: int) -> list[int]:
            times = []
            for second in range(begin_s, end_s):
                assert landmarker.process(frame(picture("desk.jpg"), second)).pose is not None
                if printed.looks() > 1:
                    times.append(second)
            return times

        assert afresh(0, 50) == [3, 9, 19, 29, 39, 49]
        printed.faces = [printed.face]
        landmarker.process(frame(picture("desk.jpg"), 50))
        printed.looks()
        printed.faces = []
        # A face was seen: whoever leaves is missed as soon as before.
        assert afresh(51, 58) == [50 + round(UNCHECKED_S)]


def test_nobody_is_none(pictures: Landmarker) -> None:
    found = pictures.process(frame(np.full((480, 640, 3), 128, np.uint8)))
    assert (found.pose, found.face) == (None, None)
    assert found.light == pytest.approx(128)


def test_light_is_the_luma_of_the_picture() -> None:
    blue, green, red = np.eye(3, dtype=np.uint8) * 255
    for colour, luma in ((blue, 29.07), (green, 149.685), (red, 76.245)):
        assert mean_luma(np.broadcast_to(colour, (48, 64, 3))) == pytest.approx(luma)
    image = picture("desk.jpg")
    assert mean_luma(image) == pytest.approx(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).mean(), abs=2)


def test_failing_mediapipe_is_a_named_error_and_can_be_closed(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with Landmarker("image") as landmarker:
        with pytest.raises(LandmarkingFailed) as caught:
            landmarker._face.find(np.zeros((0, 0, 3), np.uint8), 0)
        with pytest.raises(LandmarkingFailed):
            landmarker.process(frame(picture("desk.jpg")))
    assert "width and height must be > 0" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 33
    assert capfd.readouterr().err == ""


def test_closed_landmarker_does_not_answer_nobody() -> None:
    landmarker = Landmarker("image")
    landmarker.close()
    landmarker.close()
    with pytest.raises(RuntimeError, match="closed"):
        landmarker.process(frame(picture("desk.jpg")))


SCRIPT = """
import sys, cv2
from posture.clock import Instant
from posture.sense import models
from posture.sense.frame import Frame
from posture.sense.landmarker import Landmarker
assert not any(name.startswith("mediapipe") for name in sys.modules), "imported too early"
with Landmarker("video") as landmarker:
    found = landmarker.process(Frame(Instant(0.0, 0), cv2.imread(sys.argv[1])))
assert found.face is not None and found.pose is not None
assert "sounddevice" not in sys.modules, "the sound system was started"
"""


def test_terminal_stays_clean_and_the_sound_system_asleep() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(PICTURES / "desk.jpg")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
