"""A picture comes in; out goes what is wrong with it: black, or repeated for ever."""

from __future__ import annotations

import numpy as np

from posture.clock import Instant
from posture.sense.camera_device import CameraFault
from posture.sense.frame import Image

# Of 255, chosen: below the noise of any camera that sees something.
_BLACK_MEAN = 5.0
_BLACK_DEVIATION = 3.0
_BLACK_STEP = 8  # every 8th row and column is enough to tell
_TOLD_BY = 64  # rows of which one is compared first; chosen


class PictureCheck:
    """Tells pictures that show nothing: black ones, and one that is repeated for ever."""

    def __init__(self, frozen_s: float) -> None:
        self._frozen_s = frozen_s
        self._last: Image | None = None
        self._since: Instant | None = None

    def fault(self, image: Image, at: Instant) -> CameraFault | None:
        """Return what is wrong with the picture taken *at*, None if nothing. Keeps the picture."""
        if self._since is None or self._last is None or not _equal(self._last, image):
            self._last, self._since = image, at
        if _is_black(image):
            return CameraFault.BLACK
        return CameraFault.FROZEN if at - self._since >= self._frozen_s else None


def _equal(one: Image, other: Image) -> bool:
    # A few rows of a live picture differ already.
    return np.array_equal(one[::_TOLD_BY], other[::_TOLD_BY]) and np.array_equal(one, other)


def _is_black(image: Image) -> bool:
    sample = image[::_BLACK_STEP, ::_BLACK_STEP]
    return bool(sample.mean() < _BLACK_MEAN and sample.std() < _BLACK_DEVIATION)
