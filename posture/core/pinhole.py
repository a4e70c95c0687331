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
        """(..., 2+) MediaPipe coordinates → (..., 2) px from the picture's centre, y down."""
        return (normalised[..., :2] - 0.5) * self.size

    def rays(self, pixels: FloatArray) -> FloatArray:
        """(n, 2) px from the centre → (n, 3) unit rays, x right, y down, z forward."""
        rays = np.empty((len(pixels), 3))
        rays[:, :2] = pixels
        rays[:, 2] = self.focal_px
        rays /= np.sqrt((rays**2).sum(axis=1, keepdims=True))
        return rays
