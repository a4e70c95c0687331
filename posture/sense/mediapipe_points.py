"""A picture and MediaPipe's landmarker in; arrays of points out, read where its library has them.

The Tasks API makes an object of every point: for 511 points that takes a tenth of the time of
finding them. This goes the same way up to there, by names that are not public; the version is
pinned, and a test compares the two.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from posture.core.landmarks import FloatArray

# What is told of a point, in the order of the columns.
_TOLD = {"Pose": ("x", "y", "z", "visibility"), "Face": ("x", "y", "z")}

# Takes MediaPipe's Image and, for a tracking landmarker, its time in whole milliseconds.
Detect = Callable[[Any, int | None], list[FloatArray]]


def detector(task: Any) -> Detect:
    """How to have *task*, a PoseLandmarker or FaceLandmarker, find everyone's points.

    Each is (points, 4) x, y, z, visibility or (points, 3) x, y, z, normalised, float64. It raises
    what MediaPipe raises.
    """
    name = type(task).__name__
    kind = name.removesuffix("Landmarker")
    result_type = getattr(sys.modules[type(task).__module__], f"{name}ResultC")
    library = task._lib
    in_image = getattr(library, f"Mp{name}DetectImage")
    in_video = getattr(library, f"Mp{name}DetectForVideo")
    close = getattr(library, f"Mp{name}CloseResult")
    people = f"{kind.lower()}_landmarks"

    def detect(picture: Any, at_ms: int | None) -> list[FloatArray]:
        result = result_type()
        there = ctypes.byref(result)
        if at_ms is None:
            in_image(task._handle, picture._image_ptr, None, there)
        else:
            in_video(task._handle, picture._image_ptr, None, at_ms, there)
        try:
            found, count = getattr(result, people), getattr(result, f"{people}_count")
            return [_points(found[person], _TOLD[kind]) for person in range(count)]
        finally:
            close(there)

    return detect


def _points(person: Any, told: tuple[str, ...]) -> FloatArray:
    count = person.landmarks_count
    if not count:
        return np.empty((0, len(told)))
    first = person.landmarks.contents
    size = ctypes.sizeof(first)
    # Each point is a row of four-byte numbers, with others among them.
    columns = [getattr(type(first), value).offset // 4 for value in told]
    raw = (ctypes.c_char * (count * size)).from_address(ctypes.addressof(first))
    table = np.frombuffer(raw, np.float32).reshape(count, -1)
    return table[:, columns].astype(np.float64)
