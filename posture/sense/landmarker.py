"""Landmarker: from a picture to the landmarks of the one person who is the user."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal

import numpy as np

from posture.clock import Instant
from posture.core.landmarks import ExpectedFace, FloatArray, Landmarks
from posture.core.observation import observe
from posture.core.pinhole import Pinhole
from posture.core.presence import BEYOND_REACH_CM, body_distance_cm
from posture.footprint import shrink
from posture.sense import models
from posture.sense.closer_look import CloseUp
from posture.sense.frame import Frame, Image
from posture.sense.mediapipe_tasks import LandmarkTask, Mode
from posture.sense.opencv import cv2
from posture.sense.person import UserTrack, body_window, face_on_torso, pose_on_face
from posture.sense.scene_motion import SceneWatch

# Chosen: the user, someone looking over the shoulder, and a poster. Following three faces costs
# 3 ms a picture more than one.
MOST_FACES = 3
# Chosen: a second look for the user's body costs up to two runs of the pose model; when it has
# failed, the next one waits this long.
SECOND_LOOK_PAUSE_S = 2.0
# Chosen: a body without a face is tracked this long before it is looked for afresh, which costs
# two runs of the pose model; twice as long each time it was there, up to EVERYBODY_S.
UNCHECKED_S = 3.0
# Chosen: a face that was found enlarged is looked for there alone, which costs a third of looking
# for everybody's first; who else is there is looked for this often. So long, too, what was no face
# is taken for none.
EVERYBODY_S = 10.0
_LIGHT_STRIDE = 8
_LUMA_OF_BGR = np.array((0.114, 0.587, 0.299))  # ITU-R BT.601


@dataclass(frozen=True, slots=True)
class _Faces:
    """The user's face in a picture, and other people's. ``rgb``: the picture's colours turned."""

    frame: Frame
    rgb: Image
    face: FloatArray | None
    strangers: list[FloatArray]


class Landmarker:
    """Finds the user's pose and face in pictures. Use it as a context manager, in one thread.

    ``mode`` "video": pictures of one camera in time order, tracked and smoothed by capture time;
    "image": independent pictures, nothing is carried from one to the next. ``expected``: where
    the user's face usually is, from calibration; it may be set later. ``pose_model``,
    ``face_model``: other task bundles than the shipped ones.

    Raises ModelError for a bundle that is missing, damaged or refused, MissingLibrary when
    MediaPipe cannot be loaded.
    """

    def __init__(
        self,
        mode: Mode = "video",
        *,
        expected: ExpectedFace | None = None,
        pose_model: Path | None = None,
        face_model: Path | None = None,
    ) -> None:
        self._mode: Mode = mode
        self._track = UserTrack(expected)
        self._first: Instant | None = None
        self._second_look_failed: Instant | None = None
        self._patterned: Instant | None = None
        self._confirmed: Instant | None = None
        self._unchecked_s = UNCHECKED_S
        self._enlarged: FloatArray | None = None
        self._everybody: Instant | None = None
        self._follows: Literal["whole", "enlarged"] | None = None
        self._peeked: _Faces | None = None
        with ExitStack() as stack:
            self._pose = _open("pose", models.POSE, pose_model, mode, 1)
            stack.callback(self._pose.close)
            # Before more is loaded on top: else what starting takes at most is 20 MB more.
            shrink()
            self._face = _open("face", models.FACE, face_model, mode, MOST_FACES)
            stack.callback(self._face.close)
            self._resources = stack.pop_all()
        shrink()
        self._scene = SceneWatch() if mode == "video" else None

    def __enter__(self) -> Landmarker:
        """Give the landmarker itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Free MediaPipe's resources; may be called twice."""
        self._resources.close()

    @property
    def expected(self) -> ExpectedFace | None:
        """The hint from calibration that settles who is the user when no track does."""
        return self._track.expected

    @expected.setter
    def expected(self, hint: ExpectedFace | None) -> None:
        self._track.expected = hint

    def process(self, frame: Frame) -> Landmarks:
        """The user's landmarks in *frame*; ``pose`` and ``face`` are None when not found.

        ``pose`` is None also when the body found is another person's. Raises LandmarkingFailed.
        """
        if self._mode == "image":
            self._track.forget()
            self._enlarged = None
            self._second_look_failed = self._patterned = None
        peeked, self._peeked = self._peeked, None
        if peeked is None or peeked.frame is not frame:
            peeked = self._faces_in(frame)
        rgb, face, strangers = peeked.rgb, peeked.face, peeked.strangers
        body = _only(self._pose.find(rgb, self._milliseconds(frame.at)))
        pose = self._users_pose(rgb, frame, body, face, strangers)
        if body is not None and pose is None and face is not None:
            if face_on_torso(body, face, frame.size):
                # Nobody's: a pattern on somebody's clothes.
                pose, self._patterned = body, frame.at
                face, strangers = self._wearers_face(frame, body, strangers)
        elif face is None and pose is not None:
            face = self._closer_look(rgb, frame, pose)
        if self._mode == "video":
            pose = self._checked(rgb, frame, pose, face, strangers)
        if self._enlarged is not None and pose is not None:
            self._enlarged = pose
        scene = None if self._scene is None else self._scene.look(frame, pose)
        return Landmarks(frame.at, frame.size, pose, face, mean_luma(frame.image), scene)

    def face_alone(self, frame: Frame) -> Landmarks | None:
        """The user's face in *frame*, without pose or scene; None when it is not found.

        :meth:`process` of the same frame goes on from there. Raises LandmarkingFailed.
        """
        self._peeked = self._faces_in(frame)
        face = self._peeked.face
        return None if face is None else Landmarks(frame.at, frame.size, None, face)

    def _faces_in(self, frame: Frame) -> _Faces:
        rgb = cv2.cvtColor(frame.image, cv2.COLOR_BGR2RGB).astype(np.uint8, copy=False)
        pose, self._enlarged = self._enlarged, None
        if pose is not None and self._knows_everybody(frame.at):
            face = self._find_enlarged(rgb, frame, pose)
            if face is not None:
                return _Faces(frame, rgb, face, [])
        self._everybody = frame.at
        faces = self._find_faces(rgb, frame.at, "whole")
        face = self._track.choose(faces, frame.size, frame.at)
        return _Faces(frame, rgb, face, [other for other in faces if other is not face])

    def _knows_everybody(self, at: Instant) -> bool:
        return self._everybody is not None and 0 <= at - self._everybody < EVERYBODY_S

    def _find_faces(
        self, picture: Image, at: Instant, part: Literal["whole", "enlarged"]
    ) -> list[FloatArray]:
        at_ms = self._milliseconds(at)
        if self._follows not in (None, part):
            # It would look for the face it follows at the same place of another part.
            self._face.find(np.zeros_like(picture), at_ms)
        faces = self._face.find(picture, at_ms)
        self._follows = part if faces and self._mode == "video" else None
        return faces

    def _milliseconds(self, at: Instant) -> int:
        if self._first is None:
            self._first = at
        return round((at - self._first) * 1000)

    def _users_pose(
        self,
        rgb: Image,
        frame: Frame,
        pose: FloatArray | None,
        face: FloatArray | None,
        strangers: list[FloatArray],
    ) -> FloatArray | None:
        if face is None:
            strangers_body = pose is not None and any(
                pose_on_face(pose, other, frame.size) for other in strangers
            )
            return None if strangers_body else pose
        if pose is not None and pose_on_face(pose, face, frame.size):
            self._second_look_failed = None
            return pose
        if pose is not None and self._is_pattern(frame, pose, face):
            return None
        return self._second_look(rgb, frame, face)

    def _is_pattern(self, frame: Frame, pose: FloatArray, face: FloatArray) -> bool:
        """Whether *face* is what was found to be none lately, on the clothes of *pose*."""
        then = self._patterned
        lately = then is not None and 0 <= frame.at - then < EVERYBODY_S
        return lately and face_on_torso(pose, face, frame.size)

    def _wearers_face(
        self, frame: Frame, body: FloatArray, faces: list[FloatArray]
    ) -> tuple[FloatArray | None, list[FloatArray]]:
        """The face of *body* among *faces*, the user's from now on, and the others."""
        own = [face for face in faces if pose_on_face(body, face, frame.size)]
        self._track.forget()
        chosen = self._track.choose(own, frame.size, frame.at)
        return chosen, [face for face in faces if face is not chosen]

    def _second_look(self, rgb: Image, frame: Frame, face: FloatArray) -> FloatArray | None:
        """Look for the body below *face* alone, with the rest of the picture blacked out.

        The picture keeps its size, so the video landmarker drops the wrong body, finds the right
        one and goes on following it.
        """
        failed = self._second_look_failed
        if failed is not None and 0 <= frame.at - failed < SECOND_LOOK_PAUSE_S:
            return None
        left, top, right, bottom = body_window(face, frame.size)
        alone = np.zeros_like(rgb)
        alone[top:bottom, left:right] = rgb[top:bottom, left:right]
        at_ms = self._milliseconds(frame.at)
        # A tracking landmarker needs one picture to lose the body it follows.
        for _ in range(2 if self._mode == "video" else 1):
            pose = _only(self._pose.find(alone, at_ms))
            if pose is not None and pose_on_face(pose, face, frame.size):
                self._second_look_failed = None
                return pose
        self._second_look_failed = frame.at
        return None

    def _checked(
        self,
        rgb: Image,
        frame: Frame,
        pose: FloatArray | None,
        face: FloatArray | None,
        strangers: list[FloatArray],
    ) -> FloatArray | None:
        """*pose*, unless only the tracking still believes in it.

        A tracking landmarker goes on seeing a body in the chair, or the coat on it, that somebody
        has left. Without a face it is made to look afresh now and then.
        """
        if face is not None or pose is None:
            self._confirmed = None if pose is None else frame.at
            self._unchecked_s = UNCHECKED_S
            return pose
        if self._confirmed is None:
            self._confirmed = frame.at
        unchecked_s = EVERYBODY_S if _far(frame, pose) else self._unchecked_s
        if 0 <= frame.at - self._confirmed < unchecked_s:
            return pose
        self._confirmed = frame.at
        self._unchecked_s = min(2 * self._unchecked_s, EVERYBODY_S)
        at_ms = self._milliseconds(frame.at)
        # It needs one picture to lose the body it follows.
        self._pose.find(np.zeros_like(rgb), at_ms)
        found = _only(self._pose.find(rgb, at_ms))
        return self._users_pose(rgb, frame, found, None, strangers)

    def _closer_look(self, rgb: Image, frame: Frame, pose: FloatArray) -> FloatArray | None:
        """Look for the face on the head of *pose*, enlarged."""
        return None if _far(frame, pose) else self._find_enlarged(rgb, frame, pose)

    def _find_enlarged(self, rgb: Image, frame: Frame, pose: FloatArray) -> FloatArray | None:
        """The user's face on the head of *pose*, which may be that of the picture before."""
        close_up = CloseUp(rgb, pose)
        found = self._find_faces(close_up.picture, frame.at, "enlarged")
        if not found:
            return None
        face = close_up.in_whole_picture(found[0])
        if not pose_on_face(pose, face, frame.size):
            return None
        chosen = self._track.choose([face], frame.size, frame.at)
        self._enlarged = None if chosen is None else pose
        return chosen


def _far(frame: Frame, pose: FloatArray) -> bool:
    """Whether *pose* is of somebody too far away to sit at the desk."""
    seen = observe(Landmarks(frame.at, frame.size, pose, None), Pinhole.typical(frame.size))
    nearest_cm = body_distance_cm(seen)
    return nearest_cm is not None and nearest_cm > BEYOND_REACH_CM


def mean_luma(image: Image) -> float:
    """Mean luma of a (height, width, 3) BGR picture, 0 to 255, from every eighth pixel."""
    sample = image[::_LIGHT_STRIDE, ::_LIGHT_STRIDE].reshape(-1, 3)
    return float(sample.mean(axis=0) @ _LUMA_OF_BGR)


def _open(
    kind: str, bundle: models.Bundle, path: Path | None, mode: Mode, most: int
) -> LandmarkTask:
    origin = str(path or bundle.file_name)
    with models.open_bundle(bundle, path) as file:
        return LandmarkTask("pose" if kind == "pose" else "face", file, mode, most, origin)


def _only(people: list[FloatArray]) -> FloatArray | None:
    return people[0] if people else None
