"""Landmarks in; head, rough head and shoulders as the camera sees them out. No calibration yet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from posture.core.head_pose import HeadPose, fit_heads, looking_along
from posture.core.landmarks import FloatArray, Landmarks
from posture.core.pinhole import Pinhole

NOSE, LEFT_EYE, RIGHT_EYE, LEFT_EAR, RIGHT_EAR = 0, 2, 5, 7, 8
LEFT_SHOULDER, RIGHT_SHOULDER = 11, 12
CHIN = 152
_BUST = np.array([NOSE, LEFT_EAR, RIGHT_EAR, LEFT_SHOULDER, RIGHT_SHOULDER])
_UNSEEN = np.full((2, 2), np.nan)

# Points further out than this, in picture sizes, are none: those of people at desks stay within 4.
_FURTHEST = 10.0
# Faces differ from the average one by up to 0.19 pupil distances (RMS, of 1,588 real and 387
# rendered ones): what differs far more is no face.
_MOST_MISFIT = 0.5
# A head whose pupils fall on one pixel is a point.
_LEAST_FACE_PX = 1.0
_LEAST_PX_PER_CM = 0.15
# Below this the pose model is guessing (science.md section 5, quality gate).
_VISIBLE = 0.5
# In an empty room the pose model returns all points in one spot (seen on round tables): a body
# has shoulders this wide (share of the picture) and a head this far above them (of the shoulders).
_LEAST_SHOULDER_WIDTH = 0.05
_LEAST_HEAD_HEIGHT = 0.15

# Pupil distance over shoulder width: 0.2 to 0.29 for people, 0.37 for one bent over the camera;
# more is no face but a pattern on a shirt.
_MOST_HEAD = 0.45

# An average head, centimetres: half the distance between the ears' openings, and how far the
# nose's tip lies before the line between them (anthropometric means, rounded).
_EAR_TO_EAR_CM = 14.5
_NOSE_BEFORE_EARS_CM = 11.0


@dataclass(frozen=True, slots=True, eq=False)
class RoughHead:
    """The head from the pose model's five points, for when no face is found.

    ``pitch``/``yaw``: radians to the camera (+ chin down, + to the user's right), about 5 and 9
    degrees off; ``px_per_cm``: scale, about 10 % off; ``ears``: (2,) px from the picture's centre.
    """

    pitch: float
    yaw: float
    px_per_cm: float
    ears: FloatArray


@dataclass(frozen=True, eq=False)
class Observation:
    """One picture's geometry.

    ``pose``: (33, 4) the pose model's points as they came, None without a body.
    ``shoulders``: (2, 2) left and right, px from the centre / focal length (tangents), NaN where
    not seen. ``chin_height`` and ``ear_height``: above the shoulders, in shoulder widths.
    ``nose_y``: height of the nose in the picture (0 top, 1 bottom; beyond = outside).
    """

    camera: Pinhole
    head: HeadPose | None
    pose: FloatArray | None
    shoulders: FloatArray
    chin_height: float | None
    ear_height: float | None
    nose_y: float | None

    @cached_property
    def rough(self) -> RoughHead | None:
        """The head by the pose model's points: worked out only when it is asked for."""
        if self.pose is None:
            return None
        return _rough_head(self.camera.pixels(self.pose), self.camera)

    @cached_property
    def both_shoulders(self) -> bool:
        """Whether both are seen."""
        return not any(map(math.isnan, self.shoulders.ravel().tolist()))

    @property
    def shoulder_width(self) -> float:
        """Distance between the shoulders as a tangent; NaN when one is not seen."""
        return float(np.linalg.norm(self.shoulders[0] - self.shoulders[1]))


def observe(landmarks: Landmarks, camera: Pinhole) -> Observation:
    """Turn one picture's landmarks into geometry."""
    return observe_all([landmarks], camera)[0]


def observe_all(landmarks: Sequence[Landmarks], camera: Pinhole) -> list[Observation]:
    """The same of several pictures from one *camera*: together they cost a fraction."""
    heads = _heads([one.face for one in landmarks], camera)
    return [_observed(one, head, camera) for one, head in zip(landmarks, heads, strict=True)]


def _observed(landmarks: Landmarks, head: HeadPose | None, camera: Pinhole) -> Observation:
    pose, face, (across, down) = landmarks.pose, landmarks.face, camera.size
    bodiless = Observation(camera, head, None, _UNSEEN, None, None, None)
    if pose is None or np.abs(pose[:, :2]).max() > _FURTHEST:
        return bodiless
    nose, left_ear, right_ear, left, right = bust = pose.take(_BUST, axis=0).tolist()
    width = math.hypot((left[0] - right[0]) * across, (left[1] - right[1]) * down)
    shoulders_y = (left[1] + right[1]) / 2
    # Ears, not the nose: a chin on the chest is no reason to vanish.
    height = (shoulders_y - min(nose[1], left_ear[1], right_ear[1])) * down
    if max(left[3], right[3]) < _VISIBLE or not _is_a_body(width, height, camera):
        return bodiless
    shoulders = np.array(
        [
            [(x - 0.5) * across / camera.focal_px, (y - 0.5) * down / camera.focal_px]
            if _in_view(x, y, visibility)
            else [math.nan, math.nan]
            for x, y, _, visibility in bust[-2:]
        ]
    )
    chin_height = None
    if head is not None and head.size_px > _MOST_HEAD * width:
        head = None
    elif head is not None and face is not None:
        chin_height = (shoulders_y - float(face[CHIN, 1])) * down / width
    ear_height = (shoulders_y - (left_ear[1] + right_ear[1]) / 2) * down / width
    return Observation(camera, head, pose, shoulders, chin_height, ear_height, nose[1])


def _heads(faces: Sequence[FloatArray | None], camera: Pinhole) -> list[HeadPose | None]:
    """The heads of those *faces* that are some."""
    found: list[HeadPose | None] = [None] * len(faces)
    shown = [(place, face) for place, face in enumerate(faces) if face is not None]
    if not shown:
        return found
    stacked = np.stack([face for _, face in shown])
    near = np.abs(stacked).max(axis=(1, 2)) <= _FURTHEST
    places = [place for (place, _), is_near in zip(shown, near.tolist(), strict=True) if is_near]
    for place, head in zip(places, fit_heads(stacked[near], camera), strict=True):
        if head.size_px > _LEAST_FACE_PX and head.misfit <= _MOST_MISFIT:
            found[place] = head
    return found


def _in_view(x: float, y: float, visibility: float) -> bool:
    # Shoulders just outside the frame are still extrapolated well; further out they are guesses.
    return visibility >= _VISIBLE and -0.02 <= x <= 1.02 and y <= 1.02


def _is_a_body(shoulder_width: float, height: float, camera: Pinhole) -> bool:
    """``height``: of the head above the shoulders; both in pixels."""
    wide = shoulder_width >= _LEAST_SHOULDER_WIDTH * camera.size[0]
    return wide and height >= _LEAST_HEAD_HEIGHT * shoulder_width


def _rough_head(points: FloatArray, camera: Pinhole) -> RoughHead | None:
    ears = (points[LEFT_EAR] + points[RIGHT_EAR]) / 2
    facing = looking_along(camera.rays(ears[None]))[0]
    rays = np.full((3, 3), camera.focal_px)
    rays[:, :2] = points[[NOSE, LEFT_EAR, RIGHT_EAR]]
    turned = rays @ facing
    nose, left, right = turned[:, :2] / np.maximum(turned[:, 2:], 1.0) * camera.focal_px
    across, out = left - right, nose - (left + right) / 2
    px_per_cm = math.hypot(float(out[0]) / _NOSE_BEFORE_EARS_CM, float(across[0]) / _EAR_TO_EAR_CM)
    if px_per_cm < _LEAST_PX_PER_CM:
        return None
    yaw = -math.atan2(
        float(out[0]) / _NOSE_BEFORE_EARS_CM, max(float(across[0]), 1e-6) / _EAR_TO_EAR_CM
    )
    sine = float(out[1]) / (_NOSE_BEFORE_EARS_CM * px_per_cm)
    pitch = math.asin(min(max(sine, -1.0), 1.0))
    return RoughHead(pitch, yaw, px_per_cm, ears)
