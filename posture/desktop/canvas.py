"""A sheet of paper to draw windows on: text, marks, cards and the live picture. Pure.

All lengths are points on a sheet of 1120 × 700; the sheet is scaled to the window, centred, and
drawn at the window's own resolution, so that type and lines are sharp at every size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from posture.core.texts import tied

SHEET = (1120.0, 700.0)

Colour = tuple[int, int, int]
Point = tuple[float, float]
Box = tuple[float, float, float, float]

INK: Colour = (0x1F, 0x24, 0x2B)
SOFT: Colour = (0x5C, 0x64, 0x6E)
PAPER: Colour = (0xF6, 0xF4, 0xEF)
CARD: Colour = (0xFF, 0xFF, 0xFF)
LINE: Colour = (0xDD, 0xD8, 0xCE)
NIGHT: Colour = (0x2A, 0x2F, 0x37)
# As in the tray's icons; each stands out 4:1 or more on paper.
GREEN: Colour = (0x23, 0x7A, 0x4C)
AMBER: Colour = (0xA8, 0x62, 0x00)
RED: Colour = (0xC9, 0x36, 0x2C)
BLUE: Colour = (0x2F, 0x6D, 0xB8)


@dataclass(frozen=True, slots=True)
class Target:
    """A place that can be clicked instead of pressing ``key``; ``box`` in pixels."""

    box: tuple[int, int, int, int]
    key: str


@lru_cache(maxsize=64)
def _font(size_px: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    name = "Inter-SemiBold.otf" if bold else "Inter-Regular.otf"
    with resources.as_file(resources.files("posture.desktop") / "fonts" / name) as path:
        return ImageFont.truetype(str(path), size_px)


class Canvas:
    """Draws on one sheet. ``texts``: every line written, in order. ``targets``: what is clickable.

    Raises ValueError for a size below 1 px.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        if min(size) < 1:
            raise ValueError(f"size must be positive, not {size}")
        self.image = Image.new("RGB", size, PAPER)
        self.texts: list[str] = []
        self.targets: list[Target] = []
        self._draw = ImageDraw.Draw(self.image)
        self._unit = min(size[0] / SHEET[0], size[1] / SHEET[1])
        self._left = (size[0] - SHEET[0] * self._unit) / 2
        self._top = (size[1] - SHEET[1] * self._unit) / 2

    def write(
        self,
        at: Point,
        text: str,
        size: float = 20,
        colour: Colour = INK,
        *,
        bold: bool = False,
        anchor: str = "la",
    ) -> float:
        """Write one line; ``anchor`` as in Pillow ("l", "m", "r" and "a", "m", "s"). Its width."""
        font = self._sized(size, bold=bold)
        self._draw.text(self._px(at), text, colour, font=font, anchor=anchor)
        self.texts.append(text)
        return font.getlength(text) / self._unit

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """How wide a line would be."""
        return self._sized(size, bold=bold).getlength(text) / self._unit

    def broken(self, text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
        """As few lines as fit into *width*, and no word left alone in the last one."""
        lines = self._filled(text, width, size, bold=bold)
        low, high = width / 2, width
        while len(lines) > 1 and high - low > size / 2:
            narrower = (low + high) / 2
            tried = self._filled(text, narrower, size, bold=bold)
            if len(tried) == len(lines):
                lines, high = tried, narrower
            else:
                low = narrower
        return lines

    def paragraph(
        self,
        at: Point,
        text: str,
        width: float,
        size: float = 20,
        colour: Colour = INK,
        *,
        bold: bool = False,
        leading: float = 1.42,
    ) -> float:
        """Write *text* within *width* in lines of like length, broken at spaces; the y below it."""
        x, y = at
        for line in self.broken(text, width, size, bold=bold):
            self.write((x, y), line, size, colour, bold=bold)
            y += size * leading
        # The text is what was said, however it was broken.
        self.texts.append(text)
        return y

    def card(self, box: Box, radius: float, colour: Colour, outline: Colour | None = None) -> None:
        """A filled box with round corners."""
        placed, curve = self._box_px(box), round(radius * self._unit)
        if outline is not None:
            self._fill(placed, curve, outline)
            # The same whole number of pixels on every side.
            edge = self.pixels(1.5)
            x0, y0, x1, y1 = placed
            placed, curve = (x0 + edge, y0 + edge, x1 - edge, y1 - edge), max(curve - edge, 0)
        self._fill(placed, curve, colour)

    def disc(self, centre: Point, radius: float, colour: Colour) -> None:
        """A filled disc."""
        self.stroke([centre], 2 * radius, colour)

    def ring(
        self, centre: Point, radius: float, width: float, colour: Colour, share: float = 1.0
    ) -> None:
        """A ring, or the *share* of it clockwise from the top."""
        (x, y), unit = self._px(centre), self._unit
        reach = (radius + width / 2) * unit
        left, top, across, down = _grid(x - reach, y - reach, x + reach, y + reach)
        distance = np.abs(np.hypot(across - x, down - y) - radius * unit) - width * unit / 2
        if share < 1.0:
            angle = np.mod(np.arctan2(across - x, y - down), 2 * np.pi)
            distance = np.where(angle <= share * 2 * np.pi, distance, 1.0)
        self._blend(left, top, distance, colour)

    def stroke(
        self, points: Sequence[Point], width: float, colour: Colour, opacity: float = 1.0
    ) -> None:
        """A line with round ends through *points* (one point: a disc)."""
        placed = [self._px(point) for point in points]
        half = width * self._unit / 2
        xs, ys = [x for x, _ in placed], [y for _, y in placed]
        left, top, across, down = _grid(
            min(xs) - half, min(ys) - half, max(xs) + half, max(ys) + half
        )
        ends = placed[1:] or placed
        distance = np.full(across.shape, np.inf)
        for start, end in zip(placed, ends, strict=False):
            np.minimum(distance, _to_segment(across, down, start, end), out=distance)
        self._blend(left, top, distance - half, colour, opacity)

    def picture(self, box: Box, picture: Image.Image, radius: float) -> None:
        """Show *picture* in *box*, which should have its proportions, with round corners."""
        x0, y0, x1, y1 = self._box_px(box)
        size = (max(x1 - x0, 1), max(y1 - y0, 1))
        scaled = picture.resize(size, Image.Resampling.BILINEAR)
        self.image.paste(scaled, (x0, y0), _rounded(*size, round(radius * self._unit)))

    def pixels(self, length: float) -> int:
        """*length* in pixels, at least one."""
        return max(round(length * self._unit), 1)

    def icon(self, at: Point, icon: Image.Image) -> None:
        """Place an RGBA *icon*, drawn at its size in pixels, with its left upper corner at *at*."""
        x, y = self._px(at)
        self.image.paste(icon, (round(x), round(y)), icon)

    def clickable(self, box: Box, key: str) -> None:
        """Let a click into *box* count as *key*."""
        self.targets.append(Target(self._box_px(box), key))

    def _fill(self, box: tuple[int, int, int, int], radius: int, colour: Colour) -> None:
        x0, y0, x1, y1 = box
        if x1 > x0 and y1 > y0:
            self.image.paste(colour, box, _rounded(x1 - x0, y1 - y0, radius))

    def _filled(self, text: str, width: float, size: float, *, bold: bool) -> list[str]:
        """Lines as long as fit into *width*."""
        lines: list[str] = []
        for word in tied(text).split(" "):
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.width(longer, size, bold=bold) <= width:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def _sized(self, size: float, *, bold: bool) -> ImageFont.FreeTypeFont:
        return _font(max(round(size * self._unit), 4), bold=bold)

    def _px(self, at: Point) -> Point:
        return self._left + at[0] * self._unit, self._top + at[1] * self._unit

    def _box_px(self, box: Box) -> tuple[int, int, int, int]:
        x0, y0 = self._px((box[0], box[1]))
        x1, y1 = self._px((box[2], box[3]))
        return round(x0), round(y0), round(x1), round(y1)

    def _blend(
        self,
        left: int,
        top: int,
        distance: npt.NDArray[np.float64],
        colour: Colour,
        opacity: float = 1.0,
    ) -> None:
        """Paint where *distance* (px outside the shape) is below 0, its edge half covered."""
        cover = np.clip(0.5 - distance, 0.0, 1.0) * (255 * opacity)
        self.image.paste(colour, (left, top), Image.fromarray(cover.astype(np.uint8)))


def _grid(
    x0: float, y0: float, x1: float, y1: float
) -> tuple[int, int, npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Left and top pixel of a box, and the x and y of the middles of its pixels."""
    left, top = int(x0) - 1, int(y0) - 1
    across = np.arange(left, int(x1) + 2, dtype=np.float64) + 0.5
    down = np.arange(top, int(y1) + 2, dtype=np.float64) + 0.5
    return left, top, *np.meshgrid(across, down)


def _to_segment(
    across: npt.NDArray[np.float64], down: npt.NDArray[np.float64], start: Point, end: Point
) -> npt.NDArray[np.float64]:
    dx, dy = end[0] - start[0], end[1] - start[1]
    along = (across - start[0]) * dx + (down - start[1]) * dy
    share = np.clip(along / max(dx * dx + dy * dy, 1e-9), 0.0, 1.0)
    distance: npt.NDArray[np.float64] = np.hypot(
        across - start[0] - share * dx, down - start[1] - share * dy
    )
    return distance


@lru_cache(maxsize=64)
def _rounded(width: int, height: int, radius: int) -> Image.Image:
    """The mask of a box with round corners."""
    radius = min(radius, width // 2, height // 2)
    x = np.abs(np.arange(width) + 0.5 - width / 2) - (width / 2 - radius)
    y = np.abs(np.arange(height) + 0.5 - height / 2) - (height / 2 - radius)
    outside = np.hypot(np.maximum(x, 0)[None, :], np.maximum(y, 0)[:, None]) - radius
    inside = np.minimum(np.maximum(x[None, :], y[:, None]), 0)
    cover = np.clip(0.5 - outside - inside, 0.0, 1.0) * 255
    return Image.fromarray(cover.astype(np.uint8))
