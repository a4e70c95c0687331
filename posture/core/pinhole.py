"""The camera as a pinhole: pixels to rays and back."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from posture.core.landmarks import FloatArray

# Webcams span about 55-90 degrees horizontally; 66 +- 8 is science.md's prior.
TYPICAL_HFOV_DEG = 66.0
# What webcams send: 4:3 to 16:9; today's sensors are 16:9.
_NARROWEST, _WIDE = 1.3, 16 / 9


@dataclass(frozen=True, slots=True)
class Pinhole:
    """``size``: width, height in px; ``focal_px``: focal length in px; centre in the middle."""

    size: tuple[int, int]
    focal_px: float

    @classmethod
    def typical(cls, size: tuple[int, int]) -> Pinhole:
        """A webcam of average field of view.

        A picture narrower than 4:3 is a part cut out of a wide one.
        """
        width, height = size
        whole = width if width / height >= _NARROWEST else height * _WIDE
        return cls(size, whole / 2 / math.tan(math.radians(TYPICAL_HFOV_DEG / 2)))

    def pixels(self, normalised: FloatArray) -> FloatArray:
        """(n, 2+) MediaPipe coordinates → (n, 2) px from the picture's centre, y down."""
        return (normalised[:, :2] - 0.5) * self.size

    def ray(self, pixel: FloatArray) -> FloatArray:
        """(2,) px from the centre → (3,) unit ray, x right, y down, z forward."""
        x, y = pixel.tolist()
        length = math.hypot(x, y, self.focal_px)
        return np.array([x / length, y / length, self.focal_px / length])
