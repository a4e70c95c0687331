"""Where the body is in the picture and how large: enough to tell whether it has moved."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from posture.core.calibration import AVERAGE_PUPIL_CM
from posture.core.landmarks import FloatArray, Landmarks, pupil_distance_px
from posture.core.presence import SHOULDERS_CM

_FACE_POINTS = {"nose": 1, "chin": 152, "left cheek": 234, "right cheek": 454}
_SHOULDERS = (11, 12)
_HEAD_OF_POSE = slice(0, 11)
_VISIBLE = 0.5
# A head as wide as this, with some room, where only the shoulders tell the size; chosen.
_HEAD_CM = 16.0
# At 60 cm this share of the distance is two centimetres; chosen.
_SIZE_SHARE = 0.03


@dataclass(frozen=True, slots=True)
class Box:
    """Part of a picture: shares of its width and height, 0 to 1."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Body:
    """The user in one picture.

    ``points``: name → x, y in pixels. ``cm_per_px``: at the user's distance, about a tenth off.
    ``head``, ``trunk``: where they are, with some room; None when not in view.
    """

    points: Mapping[str, tuple[float, float]]
    cm_per_px: float
    head: Box | None
    trunk: Box | None

    @staticmethod
    def of(landmarks: Landmarks) -> Body | None:
        """The body in *landmarks*; None when nobody is there."""
        size = landmarks.size
        scale = np.array(size, np.float64)
        points: dict[str, tuple[float, float]] = {}
        cm_per_px = head = trunk = None
        face, pose = landmarks.face, landmarks.pose
        if face is not None:
            pixels = face[:, :2] * scale
            pupils_px = pupil_distance_px(face, size)
            if pupils_px > 1:
                cm_per_px = AVERAGE_PUPIL_CM / pupils_px
                points |= {name: _xy(pixels[index]) for name, index in _FACE_POINTS.items()}
                head = _box(pixels, 0.25 * _HEAD_CM / cm_per_px, size)
        if pose is not None:
            pixels = pose[:, :2] * scale
            seen = [index for index in _SHOULDERS if pose[index, 3] >= _VISIBLE]
            points |= {f"shoulder {index}": _xy(pixels[index]) for index in seen}
            width_px = math.dist(_xy(pixels[_SHOULDERS[0]]), _xy(pixels[_SHOULDERS[1]]))
            if cm_per_px is None and seen and width_px > 1:
                cm_per_px = SHOULDERS_CM / width_px
                head = _box(pixels[_HEAD_OF_POSE], 0.5 * _HEAD_CM / cm_per_px, size)
            if cm_per_px is not None and seen:
                trunk = _box(pixels[seen], 0.3 * SHOULDERS_CM / cm_per_px, size)
        if cm_per_px is None:
            return None
        return Body(points, cm_per_px, head, trunk)

    @property
    def has_face(self) -> bool:
        """Whether a face tells where the head is, not the body below it."""
        return self.points.keys() >= _FACE_POINTS.keys()

    def moved_cm(self, before: Body) -> float:
        """How far the point that moved most has moved since *before*; infinite when other ones are
        seen.
        """
        if self.points.keys() != before.points.keys():
            return math.inf
        return self._moved_cm(before, self.points.keys())

    def head_moved_cm(self, before: Body) -> float:
        """The same of the face alone; infinite when one of them has none."""
        if not (self.has_face and before.has_face):
            return math.inf
        return self._moved_cm(before, _FACE_POINTS.keys())

    def _moved_cm(self, before: Body, names: Collection[str]) -> float:
        moved_px = max(math.dist(self.points[name], before.points[name]) for name in names)
        nearer = abs(self.cm_per_px / before.cm_per_px - 1) / _SIZE_SHARE
        return max(moved_px * min(self.cm_per_px, before.cm_per_px), 2 * nearer)


def _xy(point: FloatArray) -> tuple[float, float]:
    return float(point[0]), float(point[1])


def _box(pixels: FloatArray, room_px: float, size: tuple[int, int]) -> Box | None:
    """Around *pixels* with so much room, as far as it is in the picture."""
    left, top = (pixels.min(axis=0) - room_px) / size
    right, bottom = (pixels.max(axis=0) + room_px) / size
    box = Box(max(left, 0.0), max(top, 0.0), min(right, 1.0), min(bottom, 1.0))
    return box if box.left < box.right and box.top < box.bottom else None
