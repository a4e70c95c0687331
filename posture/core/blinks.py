"""Blinks: how open the eyes are, and how often they close; only where pictures come fast enough."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from posture.clock import Instant
from posture.core.landmarks import FloatArray

# Corners, then upper and lower lid in pairs, of the right and the left eye in the face mesh.
_EYES = np.array([33, 133, 160, 144, 158, 153, 362, 263, 385, 380, 387, 373])
# A blink lasts 0.1-0.4 s: pictures further apart miss some (science 1 #17: 15 a second).
DENSE_S = 0.1
# Closed: less than this share of how open the eyes usually are; open again: above the other.
# A long closure is a rest, not a blink. All chosen.
CLOSED_SHARE = 0.6
OPEN_SHARE = 0.8
LONGEST_S = 0.5
# The usual opening follows within this time (chosen).
USUAL_S = 10.0


def openness(face: FloatArray, size: tuple[int, int]) -> float | None:
    """Height over width of the eye openings, mean of both eyes; None for a degenerate face.

    ``face``: (478, 3) normalised points. ``size``: width, height in pixels.
    """
    points = face.take(_EYES, axis=0).tolist()
    across, down = size

    def apart(first: int) -> float:
        one, other = points[first], points[first + 1]
        return math.hypot((one[0] - other[0]) * across, (one[1] - other[1]) * down)

    total = 0.0
    for eye in (0, len(points) // 2):
        width = apart(eye)
        if width <= 0:
            return None
        total += (apart(eye + 2) + apart(eye + 4)) / (2 * width)
    return total / 2


@dataclass(slots=True)
class BlinkCounter:
    """Counts blinks in a series of openings. ``seconds``: how long it could have seen them."""

    blinks: int = 0
    seconds: float = 0.0
    _usual: float | None = None
    _last: Instant | None = None
    _closed: Instant | None = None

    def see(self, at: Instant, opening: float | None) -> None:
        """Take the opening of one picture."""
        last, self._last = self._last, None if opening is None else at
        if opening is None or last is None or at - last > DENSE_S:
            self._closed = None
            self._usual = self._usual if opening is None else self._usual or opening
            return
        self.seconds += at - last
        usual = self._usual or opening
        if self._closed is None and opening < CLOSED_SHARE * usual:
            self._closed = at
        elif self._closed is not None and opening > OPEN_SHARE * usual:
            self.blinks += at - self._closed <= LONGEST_S
            self._closed = None
        if self._closed is None or at - self._closed > LONGEST_S:
            share = min((at - last) / USUAL_S, 1.0)
            self._usual = usual + share * (opening - usual)

    def take(self) -> tuple[int, float]:
        """Blinks and seconds since last taken."""
        taken = self.blinks, self.seconds
        self.blinks, self.seconds = 0, 0.0
        return taken
