"""Landmarks in; head, rough head and shoulders as the camera sees them out. No calibration yet."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from posture.core.head_pose import HeadPose, fit_head, looking_along
from posture.core.landmarks import FloatArray, Landmarks
from posture.core.pinhole import Pinhole

NOSE, LEFT_EYE, RIGHT_EYE, LEFT_EAR, RIGHT_EAR = 0, 2, 5, 7, 8
LEFT_SHOULDER, RIGHT_SHOULDER = 11, 12
CHIN = 152

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

    ``points``: (33, 2) the pose model's, px from the picture's centre, None without a body.
    ``shoulders``: (2, 2) left and right, px from the centre / focal length (tangents), NaN where
    not seen. ``chin_height`` and ``ear_height``: above the shoulders, in shoulder widths.
    ``nose_y``: height of the nose in the picture (0 top, 1 bottom; beyond = outside).
    """

    camera: Pinhole
    head: HeadPose | None
    points: FloatArray | None
    shoulders: FloatArray
    chin_height: float | None
    ear_height: float | None
    nose_y: float | None

    @cached_property
    def rough(self) -> RoughHead | None:
        """The head by the pose model's points: worked out only when it is asked for."""
        return None if self.points is None else _rough_head(self.points, self.camera)

    @property
    def shoulder_width(self) -> float:
        """Distance between the shoulders as a tangent; NaN when one is not seen."""
        return float(np.linalg.norm(self.shoulders[0] - self.shoulders[1]))


def observe(landmarks: Landmarks, camera: Pinhole) -> Observation:
    """Turn one picture's landmarks into geometry."""
    head = _head(landmarks.face, camera)
    pose = landmarks.pose if _is_a_body(landmarks) else None
    shoulders = np.full((2, 2), np.nan)
    points = chin_height = ear_height = nose_y = None
    if pose is not None:
        points = camera.pixels(pose)
        for side, index in enumerate((LEFT_SHOULDER, RIGHT_SHOULDER)):
            if _in_view(pose[index]):
                shoulders[side] = points[index] / camera.focal_px
        nose_y = float(pose[NOSE, 1])
        across = points[LEFT_SHOULDER] - points[RIGHT_SHOULDER]
        width = math.hypot(across[0], across[1])
        level = float(points[LEFT_SHOULDER, 1] + points[RIGHT_SHOULDER, 1]) / 2
        ear_height = (level - float(points[LEFT_EAR, 1] + points[RIGHT_EAR, 1]) / 2) / width
        if landmarks.face is not None and head is not None:
            chin = camera.pixels(landmarks.face[CHIN : CHIN + 1])[0]
            chin_height = (level - float(chin[1])) / width
        if head is not None and head.size_px > _MOST_HEAD * width:
            head = chin_height = None
    return Observation(camera, head, points, shoulders, chin_height, ear_height, nose_y)


def _head(face: FloatArray | None, camera: Pinhole) -> HeadPose | None:
    if face is None or _is_scattered(face):
        return None
    head = fit_head(face, camera)
    real = head.size_px > _LEAST_FACE_PX and head.misfit <= _MOST_MISFIT
    return head if real else None


def _is_scattered(points: FloatArray) -> bool:
    return bool(np.abs(points).max() > _FURTHEST)


def _in_view(point: FloatArray) -> bool:
    # Shoulders just outside the frame are still extrapolated well; further out they are guesses.
    return bool(point[3] >= _VISIBLE and -0.02 <= point[0] <= 1.02 and point[1] <= 1.02)


def _is_a_body(landmarks: Landmarks) -> bool:
    pose = landmarks.pose
    if pose is None or pose[[LEFT_SHOULDER, RIGHT_SHOULDER], 3].max() < _VISIBLE:
        return False
    if _is_scattered(pose[:, :2]):
        return False
    points = pose[:, :2] * landmarks.size
    across = points[LEFT_SHOULDER] - points[RIGHT_SHOULDER]
    width = math.hypot(across[0], across[1])
    # Ears, not the nose: a chin on the chest is no reason to vanish.
    top = min(float(points[LEFT_EAR, 1]), float(points[RIGHT_EAR, 1]), float(points[NOSE, 1]))
    height = float((points[LEFT_SHOULDER, 1] + points[RIGHT_SHOULDER, 1]) / 2) - top
    return width >= _LEAST_SHOULDER_WIDTH * landmarks.size[0] and height >= (
        _LEAST_HEAD_HEIGHT * width
    )


def _rough_head(points: FloatArray, camera: Pinhole) -> RoughHead | None:
    ears = (points[LEFT_EAR] + points[RIGHT_EAR]) / 2
    facing = looking_along(camera.ray(ears))
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
