"""Pictures in, the background's own motion out: tells a moved or zooming camera from a moving user.

A few dozen corners of a small grey picture are followed from picture to picture; those on the
person are left out. Nothing but corners and one small picture is kept, in memory only.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from posture.clock import Instant
from posture.core.landmarks import FloatArray, SceneMotion
from posture.sense.frame import Frame, Image
from posture.sense.opencv import cv2

# Small enough to cost about a millisecond, large enough for a shift of 1 % to be 3 px.
_WIDTH_PX = 320
# Looking more often adds cost and drift, and tells a moved camera a few seconds sooner; chosen.
_EVERY_S = 10.0
_CORNERS, _LEAST_CORNERS = 80, 12
# A step that most of the background agrees on; below these it is trembling and not added up.
_AGREED = 0.6
_LEAST_SHIFT, _LEAST_SCALE, _LEAST_ROLL_DEG = 0.006, 0.008, 0.5
# Around a person also the chair moves: this much of the shoulders' width is left out on each side.
_ROOM_ASIDE = 0.6
# Corners must lie on both sides, or a swaying chair could pass for the room.
_LEAST_EACH_SIDE = 5


class SceneWatch:
    """Adds up how the background moved since the first picture."""

    def __init__(self) -> None:
        self._before: tuple[Instant, Image, FloatArray | None] | None = None
        self._motion = SceneMotion()

    def look(self, frame: Frame, pose: FloatArray | None) -> SceneMotion:
        """The motion up to *frame*; *pose* (33, 4) says where the person is."""
        before = self._before
        if before is not None and 0 <= frame.at - before[0] < _EVERY_S:
            return self._motion
        width, height = frame.size
        small = cv2.resize(
            cv2.cvtColor(frame.image, cv2.COLOR_BGR2GRAY),
            (_WIDTH_PX, max(1, round(_WIDTH_PX * height / width))),
            interpolation=cv2.INTER_AREA,
        ).astype(np.uint8, copy=False)
        self._before = (frame.at, small, pose)
        if before is not None and before[1].shape == small.shape:
            step = _step(before[1], small, (before[2], pose))
            if step is not None:
                self._motion = _after(self._motion, step)
        return self._motion


def _step(
    before: Image, now: Image, poses: tuple[FloatArray | None, FloatArray | None]
) -> SceneMotion | None:
    mask = np.full(before.shape, 255, np.uint8)
    for pose in poses:
        if pose is not None:
            left, top, right = _person(pose, before.shape)
            mask[top:, left:right] = 0
    corners = cv2.goodFeaturesToTrack(before, _CORNERS, 0.02, 6, mask=mask)
    if corners is None or not _all_around(corners[:, 0, 0], before.shape[1]):
        return None
    # OpenCV's types do not know that it makes room for the result itself.
    flow: Any = cv2.calcOpticalFlowPyrLK
    moved, found, _ = flow(before, now, corners, None)
    kept = found.ravel() == 1
    if not _all_around(corners[kept][:, 0, 0], before.shape[1]):
        return None
    matrix, inliers = cv2.estimateAffinePartial2D(
        corners[kept], moved[kept], method=cv2.RANSAC, ransacReprojThreshold=1.0
    )
    if matrix is None or float(inliers.mean()) < _AGREED:
        return None
    agreed = corners[kept][inliers.ravel() == 1]
    if not _all_around(agreed[:, 0, 0], before.shape[1]):
        return None
    scale = math.hypot(matrix[0, 0], matrix[1, 0])
    roll_deg = math.degrees(math.atan2(matrix[1, 0], matrix[0, 0]))
    centre = np.array([before.shape[1] / 2, before.shape[0] / 2, 1.0])
    shift = (matrix @ centre - centre[:2]) / before.shape[1]
    step = SceneMotion(float(shift[0]), float(shift[1]), scale, roll_deg)
    return step if _is_motion(step) else None


def _all_around(across: npt.NDArray[Any], width: int) -> bool:
    left, right = int((across < width / 2).sum()), int((across >= width / 2).sum())
    return left + right >= _LEAST_CORNERS and min(left, right) >= _LEAST_EACH_SIDE


def _is_motion(step: SceneMotion) -> bool:
    return (
        math.hypot(step.right, step.down) > _LEAST_SHIFT
        or abs(step.scale - 1) > _LEAST_SCALE
        or abs(step.roll_deg) > _LEAST_ROLL_DEG
    )


def _person(pose: FloatArray, shape: tuple[int, ...]) -> tuple[int, int, int]:
    """Left, top and right of the person in a picture of *shape*, with room for the chair."""
    height, width = shape[:2]
    across = pose[:25, 0] * width
    room = _ROOM_ASIDE * abs(float(pose[11, 0] - pose[12, 0])) * width
    top = float(pose[:11, 1].min()) * height - room
    return (
        int(min(max(0, across.min() - room), width)),
        int(min(max(0, top), height)),
        int(max(0, min(width, across.max() + room))),
    )


def _after(total: SceneMotion, step: SceneMotion) -> SceneMotion:
    return SceneMotion(
        total.right * step.scale + step.right,
        total.down * step.scale + step.down,
        total.scale * step.scale,
        total.roll_deg + step.roll_deg,
    )
