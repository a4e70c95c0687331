"""A closer look at a head whose face was not found: small, dim or half turned faces."""

from __future__ import annotations

import numpy as np

from posture.core.landmarks import FloatArray
from posture.sense.frame import Image
from posture.sense.opencv import cv2

_HEAD = slice(0, 11)
_LEFT_SHOULDER, _RIGHT_SHOULDER = 11, 12
# A window this many shoulder widths wide holds the head with some room; chosen.
_WINDOW_SHOULDERS = 0.9
_LEAST_WINDOW_PX = 60
# The face model's own input is 192 px; the detector wants a face of a good part of 256.
CLOSE_UP_PX = 256


class CloseUp:
    """The square part of a picture around the head of a body, enlarged.

    ``picture``: (256, 256, 3) in the colours given. Outside the picture is black.
    """

    def __init__(self, rgb: Image, pose: FloatArray) -> None:
        height, width = rgb.shape[:2]
        points = pose[:, :2] * (width, height)
        shoulders = float(np.linalg.norm(points[_LEFT_SHOULDER] - points[_RIGHT_SHOULDER]))
        self._side = max(_WINDOW_SHOULDERS * shoulders, _LEAST_WINDOW_PX)
        self._corner = points[_HEAD].mean(axis=0) - self._side / 2
        self._size = (width, height)
        zoom = CLOSE_UP_PX / self._side
        shift = np.array([[zoom, 0, -self._corner[0] * zoom], [0, zoom, -self._corner[1] * zoom]])
        self.picture: Image = cv2.warpAffine(rgb, shift, (CLOSE_UP_PX, CLOSE_UP_PX)).astype(
            np.uint8, copy=False
        )

    def in_whole_picture(self, face: FloatArray) -> FloatArray:
        """Landmarks of the close-up, (478, 3) normalised, in the whole picture's coordinates."""
        width, height = self._size
        whole = np.empty_like(face)
        whole[:, 0] = (self._corner[0] + face[:, 0] * self._side) / width
        whole[:, 1] = (self._corner[1] + face[:, 1] * self._side) / height
        whole[:, 2] = face[:, 2] * self._side / width
        return whole
