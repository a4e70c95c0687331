"""The preview as it looks: the live picture, every measure, and why it is judged so. Pure."""

from __future__ import annotations

from posture.core.live_checks import Mark
from posture.core.reading import Level
from posture.core.score import AT_LIMIT
from posture.desktop import icons
from posture.desktop.canvas import AMBER, GREEN, INK, LINE, RED, SOFT, Canvas, Point
from posture.desktop.preview import Moment, Row
from posture.desktop.window_parts import (
    COLUMN_WIDTH,
    COLUMN_X,
    PICTURE,
    Live,
    bar,
    escape,
    limit_mark,
    live_picture,
    mark,
)
from posture.desktop.words import say

_RIGHT = COLUMN_X + COLUMN_WIDTH
_ROW, _ROW_WITH_REASON = 36.0, 54.0
_TOP, _BOTTOM = 40.0, 622.0
_ICON = 44.0


def paint(canvas: Canvas, moment: Moment, live: Live) -> None:
    """Draw one moment."""
    live_picture(canvas, live, message=moment.message)
    _headline(canvas, moment)
    _rows(canvas, moment)
    bar(canvas, [escape(say("do.close"))])


def _headline(canvas: Canvas, moment: Moment) -> None:
    """Below the picture: the icon as in the tray, the headline, the score."""
    top = PICTURE[3] + 22
    icon = icons.draw(moment.icon, canvas.pixels(_ICON))
    canvas.icon((PICTURE[0], top + 4), icon)
    left = PICTURE[0] + _ICON + 18
    room = PICTURE[2] - left - (110 if moment.score is not None else 0)
    y = top + 18
    if canvas.width(moment.headline, 28, bold=True) <= room:
        canvas.write((left, y), moment.headline, 28, bold=True, anchor="lm")
    else:
        y = canvas.paragraph((left, top - 4), moment.headline, room, 21, bold=True, leading=1.2)
        y -= 14
    below = " · ".join(moment.lines)
    if canvas.width(below, 17) <= room:
        canvas.write((left, y + 30), below, 17, SOFT, anchor="lm")
    else:
        canvas.paragraph((left, y + 18), below, room, 15, SOFT, leading=1.25)
    if moment.score is not None:
        _score(canvas, moment.score, (PICTURE[2] - 44, top + 28))


def _score(canvas: Canvas, score: float, middle: Point) -> None:
    canvas.ring(middle, 36, 6, LINE)
    share = min(max(score / 100, 0.0), 1.0)
    colour = GREEN if score >= 75 else AMBER if score >= AT_LIMIT else RED
    if share > 0:
        canvas.ring(middle, 36, 6, colour, share)
    x, y = middle
    canvas.write((x, y - 4), f"{score:.0f}", 24, bold=True, anchor="mm")
    canvas.write((x, y + 16), say("preview.score"), 11, SOFT, anchor="mm")


def _rows(canvas: Canvas, moment: Moment) -> None:
    if not moment.rows:
        canvas.paragraph((COLUMN_X, _TOP + 8), say("preview.nothing"), COLUMN_WIDTH, 19, SOFT)
    y = _TOP
    needed = sum(_ROW_WITH_REASON if row.why else _ROW for row in moment.rows)
    shrink = min(1.0, (_BOTTOM - _TOP) / needed) if needed else 1.0
    for number, row in enumerate(moment.rows):
        height = (_ROW_WITH_REASON if row.why else _ROW) * shrink
        if number:
            canvas.stroke([(COLUMN_X, y), (_RIGHT, y)], 1, LINE)
        _row(canvas, row, y, height)
        y += height


def _row(canvas: Canvas, row: Row, y: float, height: float) -> None:
    middle = y + (height - (18 if row.why else 0)) / 2
    at = (COLUMN_X + 12, middle)
    unknown = row.level is Level.UNKNOWN
    match row.level:
        case Level.GOOD:
            mark(canvas, at, Mark.GOOD, 10)
        case Level.WARN:
            mark(canvas, at, Mark.BAD, 10)
        case Level.LIMIT:
            limit_mark(canvas, at, 11)
        case Level.UNKNOWN:
            mark(canvas, at, Mark.WAITING, 10)
    bold = row.level in (Level.WARN, Level.LIMIT)
    colour = SOFT if unknown else INK
    canvas.write((COLUMN_X + 34, middle), row.name, 17, colour, anchor="lm")
    size = 15 if unknown else 17
    canvas.write((_RIGHT, middle), row.value, size, colour, bold=bold, anchor="rm")
    if row.why:
        reason = RED if row.level is Level.LIMIT else AMBER
        canvas.write((COLUMN_X + 34, middle + 21), row.why, 15, reason, anchor="lm")
