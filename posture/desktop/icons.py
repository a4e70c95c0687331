"""The tray icons, drawn: one shape per state, told apart at 16 px and without colour.

Each fill has a relative luminance between 0.18 and 0.26, so that it stands out (3:1 or more,
WCAG 2.1 §1.4.11) on white as well as on black panels, without knowing the panel.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from PIL import Image, ImageDraw

from posture.desktop.icon_state import IconState

_GRID = 64.0  # all coordinates below are on a 64 × 64 grid
_OVERSAMPLE = 8  # drawn larger, then averaged down: even edges at 16 px

_WHITE = (255, 255, 255, 255)
_GREEN = (0x2B, 0x8A, 0x57, 255)
_AMBER = (0xB3, 0x6E, 0x08, 255)
_RED = (0xDE, 0x43, 0x38, 255)
_GREY = (0x83, 0x87, 0x8D, 255)
_BLUE = (0x3B, 0x7F, 0xCF, 255)
_PURPLE = (0xA0, 0x66, 0xCC, 255)

Colour = tuple[int, int, int, int]
Point = tuple[float, float]


class _Pen:
    """Draws on the 64 × 64 grid, whatever the picture's size."""

    def __init__(self, size: int) -> None:
        side = size * _OVERSAMPLE
        self.picture = Image.new("RGBA", (side, side), (0, 0, 0, 0))
        self._draw = ImageDraw.Draw(self.picture)
        self._unit = side / _GRID

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        u = self._unit
        box = ((x - radius) * u, (y - radius) * u, (x + radius) * u, (y + radius) * u)
        self._draw.ellipse(box, fill=colour)

    def ring(self, x: float, y: float, radius: float, width: float, colour: Colour) -> None:
        u = self._unit
        box = ((x - radius) * u, (y - radius) * u, (x + radius) * u, (y + radius) * u)
        self._draw.ellipse(box, outline=colour, width=round(width * u))

    def arc(self, centre: Point, radius: float, width: float, span: Point, colour: Colour) -> None:
        x, y = centre
        u = self._unit
        box = ((x - radius) * u, (y - radius) * u, (x + radius) * u, (y + radius) * u)
        self._draw.arc(box, span[0], span[1], fill=colour, width=round(width * u))

    def slab(self, corner: Point, opposite: Point, round_by: float, colour: Colour) -> None:
        u = self._unit
        box = (corner[0] * u, corner[1] * u, opposite[0] * u, opposite[1] * u)
        self._draw.rounded_rectangle(box, radius=round_by * u, fill=colour)

    def shape(self, points: tuple[Point, ...], colour: Colour) -> None:
        self._draw.polygon([(x * self._unit, y * self._unit) for x, y in points], fill=colour)

    def stroke(self, points: tuple[Point, ...], width: float, colour: Colour) -> None:
        """A line with round joints and ends."""
        scaled = [(x * self._unit, y * self._unit) for x, y in points]
        self._draw.line(scaled, fill=colour, width=round(width * self._unit), joint="curve")
        for x, y in points:
            self.disc(x, y, width / 2, colour)


def _good(pen: _Pen) -> None:
    """A disc with someone who sits upright."""
    pen.disc(32, 32, 31, _GREEN)
    pen.disc(27, 16, 7.5, _WHITE)
    pen.stroke(((27, 30), (27, 46), (43, 46), (43, 55)), 7.5, _WHITE)


def _drifting(pen: _Pen) -> None:
    """A rounded square with someone whose head and back come forward."""
    pen.slab((2, 2), (62, 62), 12, _AMBER)
    pen.disc(43, 19, 7.5, _WHITE)
    pen.stroke(((32, 27), (23, 36), (21, 48), (40, 48), (40, 56)), 7.5, _WHITE)


def _bad(pen: _Pen) -> None:
    """A warning triangle."""
    pen.stroke(((32, 8), (57, 54), (7, 54), (32, 8)), 10, _RED)
    pen.shape(((32, 8), (57, 54), (7, 54)), _RED)
    pen.stroke(((32, 24), (32, 38)), 8, _WHITE)
    pen.disc(32, 50, 4.8, _WHITE)


def _away(pen: _Pen) -> None:
    """An empty chair: nothing behind it, nobody on it."""
    pen.stroke(((16, 7), (16, 38), (48, 38)), 11, _GREY)
    pen.stroke(((16, 38), (16, 57)), 10, _GREY)
    pen.stroke(((48, 38), (48, 57)), 10, _GREY)


def _paused(pen: _Pen) -> None:
    """Two bars."""
    pen.slab((9, 5), (27, 59), 5, _GREY)
    pen.slab((37, 5), (55, 59), 5, _GREY)


def _camera_lost(pen: _Pen) -> None:
    """A camera, struck out."""
    pen.slab((2, 16), (44, 50), 8, _RED)
    pen.shape(((46, 29), (62, 19), (62, 47), (46, 37)), _RED)
    pen.stroke(((9, 6), (55, 60)), 13, (0, 0, 0, 0))
    pen.stroke(((9, 6), (55, 60)), 6, _RED)


def _not_calibrated(pen: _Pen) -> None:
    """A target with a hole: a ring with four marks, waiting to be aimed."""
    pen.ring(32, 32, 22, 7, _BLUE)
    for tip, end in (((32, 3), (32, 12)), ((32, 61), (32, 52))):
        pen.stroke((tip, end), 6, _BLUE)
        pen.stroke(((tip[1], tip[0]), (end[1], end[0])), 6, _BLUE)
    pen.disc(32, 32, 6, _BLUE)


def _unseen(pen: _Pen) -> None:
    """A question mark: the camera runs and cannot tell."""
    pen.arc((32, 21), 19, 11, (175, 400), _PURPLE)
    pen.disc(18.6, 19.8, 5.5, _PURPLE)
    pen.stroke(((42, 31), (32, 38), (32, 43)), 11, _PURPLE)
    pen.disc(32, 57, 6.5, _PURPLE)


def _break_due(pen: _Pen) -> None:
    """A dot in the corner, cut free of what is below it."""
    pen.disc(52, 52, 15, (0, 0, 0, 0))
    pen.disc(52, 52, 11, _BLUE)


_DRAWINGS: dict[IconState, Callable[[_Pen], None]] = {
    IconState.GOOD: _good,
    IconState.DRIFTING: _drifting,
    IconState.BAD: _bad,
    IconState.AWAY: _away,
    IconState.PAUSED: _paused,
    IconState.CAMERA_LOST: _camera_lost,
    IconState.NOT_CALIBRATED: _not_calibrated,
    IconState.UNSEEN: _unseen,
}


@lru_cache(maxsize=64)
def draw(state: IconState, size: int, *, break_due: bool = False) -> Image.Image:
    """The icon of *state*, *size* × *size* px, RGBA; *break_due* adds a dot in the corner."""
    pen = _Pen(size)
    _DRAWINGS[state](pen)
    if break_due:
        _break_due(pen)
    return pen.picture.convert("RGBa").resize((size, size), Image.Resampling.BOX).convert("RGBA")
