"""What the windows are put together from: the live picture, checks, keys, a typed number. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from posture.core.live_checks import Check, Finding, Mark
from posture.core.number_field import Key, Typed
from posture.desktop.calibration_words import check_name
from posture.desktop.canvas import (
    AMBER,
    BLUE,
    CARD,
    GREEN,
    INK,
    LINE,
    NIGHT,
    RED,
    SOFT,
    Box,
    Canvas,
    Colour,
    Point,
)
from posture.desktop.marks import Marks
from posture.desktop.words import decimal, say

PICTURE: Box = (40.0, 40.0, 680.0, 520.0)
COLUMN_X, COLUMN_WIDTH = 724.0, 356.0
_BAR_Y = 652.0
_LEADING = 1.3
_MINT: Colour = (0xA6, 0xF2, 0xCB)
_SAND: Colour = (0xFF, 0xD9, 0x8F)
_SHADE: Colour = (0x10, 0x14, 0x18)
WHITE: Colour = (0xFF, 0xFF, 0xFF)
# 3:1 on a card, enough for large type (WCAG 2.1 §1.4.3).
_FAINT: Colour = (0x90, 0x8E, 0x88)
MARK_COLOURS = {Mark.GOOD: GREEN, Mark.BAD: AMBER, Mark.WAITING: SOFT}


@dataclass(frozen=True, slots=True, eq=False)
class Live:
    """The newest picture (not mirrored, RGB) with what was seen in it; either may be missing."""

    picture: Image.Image | None = None
    marks: Marks | None = None


@dataclass(frozen=True, slots=True)
class Press:
    """A key that does something now: its name on the keyboard, what it does, and the key itself."""

    cap: str
    does: str
    key: str
    main: bool = False


def live_picture(
    canvas: Canvas,
    live: Live,
    findings: Sequence[Finding] = (),
    message: str | None = None,
    within: Box = PICTURE,
) -> None:
    """The picture as a mirror shows it, the lines upon it, and one *message* at its lower edge."""
    box = within if live.picture is None else _fitting(live.picture.size, within)
    if live.picture is None:
        canvas.card(box, 18, NIGHT)
        middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        text = message or say("window.starting")
        _lines(canvas, middle, text, canvas.broken(text, box[2] - box[0] - 72, 22), 22)
        return
    mirrored = live.picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    canvas.picture(box, mirrored, 18)
    if live.marks is not None:
        _draw_marks(canvas, live.marks, box, {f.check: f.mark for f in findings})
    if message is not None:
        _message(canvas, message, box)


def _fitting(size: tuple[int, int], within: Box) -> Box:
    """The largest box of *size*'s proportions in the middle of *within*."""
    width, height = within[2] - within[0], within[3] - within[1]
    scale = min(width / size[0], height / size[1])
    across, down = size[0] * scale, size[1] * scale
    left, top = within[0] + (width - across) / 2, within[1] + (height - down) / 2
    return (left, top, left + across, top + down)


def _draw_marks(canvas: Canvas, marks: Marks, box: Box, checked: dict[Check, Mark]) -> None:
    def place(point: Point) -> Point:
        # Mirrored; marks outside the picture stay at its edge.
        x, y = 1.0 - min(max(point[0], 0.0), 1.0), min(max(point[1], 0.0), 1.0)
        return box[0] + x * (box[2] - box[0]), box[1] + y * (box[3] - box[1])

    def colour(check: Check) -> Colour:
        return _SAND if checked.get(check) is Mark.BAD else _MINT

    _fine_line(canvas, [place(p) for p in marks.neck], WHITE, 1.6)
    shoulders = [place(p) for p in marks.shoulders]
    _fine_line(canvas, shoulders, colour(Check.SHOULDERS), 2.6)
    for point in shoulders:
        canvas.disc(point, 6.5, _SHADE)
        canvas.disc(point, 5, WHITE)
    _fine_line(canvas, [place(p) for p in marks.head], colour(Check.STRAIGHT), 2.2)
    radius = max(marks.iris * (box[2] - box[0]), 4.0)
    for point in (place(p) for p in marks.eyes):
        canvas.ring(point, radius, 3.2, _SHADE)
        canvas.ring(point, radius, 1.6, WHITE)


def _fine_line(canvas: Canvas, points: Sequence[Point], colour: Colour, width: float) -> None:
    """A line with a shade around it, to be seen on light and dark alike."""
    if points:
        canvas.stroke(points, width + 2.2, _SHADE, 0.35)
        canvas.stroke(points, width, colour)


def _message(canvas: Canvas, text: str, box: Box) -> None:
    size = 20.0
    lines = canvas.broken(text, box[2] - box[0] - 72, size)
    half = max(canvas.width(line, size) for line in lines) / 2 + 22
    tall = 44 + (len(lines) - 1) * size * _LEADING
    middle, bottom = (box[0] + box[2]) / 2, box[3] - 18
    canvas.card((middle - half, bottom - tall, middle + half, bottom), 22, _SHADE)
    _lines(canvas, (middle, bottom - tall / 2), text, lines, size)


def _lines(canvas: Canvas, middle: Point, text: str, lines: Sequence[str], size: float) -> None:
    """*text*, broken into *lines*, white and centred around *middle*."""
    x, y = middle
    y -= (len(lines) - 1) * size * _LEADING / 2
    for line in lines:
        canvas.write((x, y), line, size, WHITE, anchor="mm")
        y += size * _LEADING
    canvas.texts.append(text)


def check_list(canvas: Canvas, findings: Sequence[Finding], top: float = 544.0) -> None:
    """The checks below the picture: two rows of three, each with a mark of its own shape."""
    for number, finding in enumerate(findings):
        x = PICTURE[0] + (number % 3) * 216.0
        y = top + (number // 3) * 42.0
        mark(canvas, (x + 14, y + 14), finding.mark)
        colour = SOFT if finding.mark is Mark.WAITING else INK
        bold = finding.mark is Mark.BAD
        canvas.write((x + 38, y + 14), check_name(finding), 19, colour, bold=bold, anchor="lm")


def mark(canvas: Canvas, at: Point, kind: Mark, radius: float = 13.0) -> None:
    """A tick on a disc, an exclamation mark in a diamond, or an empty ring."""
    x, y = at
    r = radius
    match kind:
        case Mark.GOOD:
            canvas.disc(at, r, GREEN)
            tick = [(x - 0.42 * r, y + 0.02 * r), (x - 0.1 * r, y + 0.36 * r)]
            canvas.stroke([*tick, (x + 0.46 * r, y - 0.34 * r)], 0.2 * r, WHITE)
        case Mark.BAD:
            canvas.stroke(_diamond(at, 0.74 * r), 0.5 * r, AMBER)
            canvas.stroke([(x, y)], 1.1 * r, AMBER)
            canvas.stroke([(x, y - 0.46 * r), (x, y + 0.12 * r)], 0.24 * r, WHITE)
            canvas.disc((x, y + 0.5 * r), 0.15 * r, WHITE)
        case Mark.WAITING:
            canvas.ring(at, r - 1.5, 2, LINE)


def limit_mark(canvas: Canvas, at: Point, radius: float = 13.0) -> None:
    """Far beyond good: a cross on a square."""
    x, y = at
    r = radius * 0.9
    canvas.card((x - r, y - r, x + r, y + r), 0.3 * r, RED)
    for sign in (1, -1):
        canvas.stroke(
            [(x - 0.4 * r, y - sign * 0.4 * r), (x + 0.4 * r, y + sign * 0.4 * r)], 0.22 * r, WHITE
        )


def _diamond(at: Point, r: float) -> list[Point]:
    x, y = at
    return [(x, y - r), (x + r, y), (x, y + r), (x - r, y), (x, y - r)]


def steps(canvas: Canvas, number: int, count: int) -> None:
    """How far it is: dots, the present one long."""
    x = COLUMN_X
    for index in range(1, count + 1):
        here = index == number
        width = 26.0 if here else 8.0
        colour = INK if index <= number else LINE
        canvas.stroke([(x + 4, 54), (x + width - 4, 54)], 8, colour)
        x += width + 8
    canvas.write(
        (COLUMN_X + COLUMN_WIDTH, 54),
        say("window.of", number=number, steps=count),
        15,
        SOFT,
        anchor="rm",
    )


def heading(canvas: Canvas, title: str, text: str = "", top: float = 84.0) -> float:
    """A title and a paragraph in the right column; the y below them."""
    y = canvas.paragraph((COLUMN_X, top), title, COLUMN_WIDTH, 32, bold=True, leading=1.22)
    if text:
        y = canvas.paragraph((COLUMN_X, y + 12), text, COLUMN_WIDTH, 19, SOFT)
    return y


def bar(canvas: Canvas, presses: Sequence[Press], note: str | None = None) -> None:
    """The lower edge: *note* on the left, the keys on the right."""
    canvas.write((PICTURE[0], _BAR_Y), note or say("window.private"), 16, SOFT, anchor="lm")
    x = COLUMN_X + COLUMN_WIDTH
    for press in presses:
        x = _key(canvas, x, press)


def _key(canvas: Canvas, right: float, press: Press) -> float:
    """One key with its meaning, ending at *right*; the next one's right end."""
    does = canvas.width(press.does, 17, bold=press.main)
    cap = max(canvas.width(press.cap, 15, bold=True) + 22, 36.0)
    left = right - does - cap - 12
    box = (left, _BAR_Y - 16, left + cap, _BAR_Y + 16)
    fill, ink = (BLUE, WHITE) if press.main else (CARD, INK)
    canvas.card(box, 8, fill, None if press.main else LINE)
    canvas.write((left + cap / 2, _BAR_Y), press.cap, 15, ink, bold=True, anchor="mm")
    canvas.write((left + cap + 10, _BAR_Y), press.does, 17, INK, bold=press.main, anchor="lm")
    canvas.clickable((left, _BAR_Y - 20, right, _BAR_Y + 20), press.key)
    return left - 26


def enter(does: str) -> Press:
    """The key that goes on."""
    return Press(say("key.enter"), does, Key.ENTER, main=True)


def escape(does: str) -> Press:
    """The key that leaves."""
    return Press(say("key.escape"), does, Key.ESCAPE)


def number_box(canvas: Canvas, typed: Typed, top: float, usual: float | None = None) -> float:
    """What is being typed, its unit, and why it is not taken; the y below it.

    ``usual``: in the field's own unit, what an empty field stands for.
    """
    box = (COLUMN_X, top, COLUMN_X + COLUMN_WIDTH, top + 68)
    canvas.card(box, 14, CARD, AMBER if typed.problem else BLUE)
    middle = top + 34
    text = typed.text.replace(".", say("number.sign"))
    x = COLUMN_X + 20
    if text:
        x += canvas.write((x, middle), text, 34, bold=True, anchor="lm")
    canvas.card((x + 3, middle - 18, x + 5.5, middle + 18), 1, BLUE)
    if not text and usual is not None:
        stands_for = decimal(usual / typed.unit.size, 0)
        canvas.write((x + 14, middle), stands_for, 34, _FAINT, bold=True, anchor="lm")
    unit = say(f"unit.{typed.unit.name}")
    canvas.write((box[2] - 20, middle), unit, 20, SOFT, anchor="rm")
    y = box[3] + 12
    if typed.problem is not None:
        text = say(f"problem.{typed.problem.value}")
        y = canvas.paragraph((COLUMN_X, y), text, COLUMN_WIDTH, 18, AMBER, bold=True) + 4
    return y


def background(canvas: Canvas, box: Box) -> None:
    """A quiet card."""
    canvas.card(box, 18, CARD, LINE)
