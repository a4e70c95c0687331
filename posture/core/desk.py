"""Where camera and screen stand to each other."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

# 16:9, and the lens a centimetre and a half beyond the edge (chosen).
_WIDTH, _HEIGHT = 16 / math.hypot(16, 9), 9 / math.hypot(16, 9)
_BEYOND_EDGE_CM = 1.5


class Place(StrEnum):
    """Where the camera is, seen by the user from the screen; values of ``camera.place``."""

    ABOVE = "above"
    BELOW = "below"
    LEFT = "left"
    RIGHT = "right"


# From the camera to the screen's centre: to the user's left, up.
_WAYS = {
    Place.ABOVE: (0.0, -1.0),
    Place.BELOW: (0.0, 1.0),
    Place.LEFT: (-1.0, 0.0),
    Place.RIGHT: (1.0, 0.0),
}


@dataclass(frozen=True, slots=True)
class Desk:
    """``diagonal_in`` of the screen, ``place`` of the camera and ``offset_cm``: its distance to the
    screen's centre. None = not known.
    """

    diagonal_in: float | None = None
    place: Place | None = None
    offset_cm: float | None = None

    @property
    def screen_cm(self) -> tuple[float, float] | None:
        """Centre of the screen from the camera, (to the user's left, up); None = not known."""
        if self.place is None or not self.offset_cm:
            return None
        left, up = _WAYS[self.place]
        return left * self.offset_cm, up * self.offset_cm


def usual_offset_cm(place: Place, diagonal_in: float | None) -> float | None:
    """How far a camera at the edge of a 16:9 screen is from its centre; None: not known."""
    if diagonal_in is None:
        return None
    share = _HEIGHT if place in (Place.ABOVE, Place.BELOW) else _WIDTH
    return round(diagonal_in * 2.54 * share / 2 + _BEYOND_EDGE_CM, 1)
