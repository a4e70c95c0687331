"""Frame: one picture with the moment it was captured. Glance: the same, tiny and grey."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from posture.clock import Instant

Image = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """``image``: (height, width, 3) BGR, not mirrored. Lives in memory only."""

    at: Instant
    image: Image

    @property
    def size(self) -> tuple[int, int]:
        """Width, height in pixels."""
        height, width = self.image.shape[:2]
        return width, height


@dataclass(frozen=True, slots=True, eq=False)
class Glance:
    """``small``: (about 60, 80) grey; lives in memory only, and shows nobody's features."""

    at: Instant
    small: Image
