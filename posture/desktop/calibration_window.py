"""The guided calibration as it looks: one sheet per step. Pure: progress in, drawing out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from posture.core.calibration_quality import Quality
from posture.core.desk import Place
from posture.core.guide import CM, Progress, Step
from posture.core.live_checks import Mark
from posture.core.number_field import Key, Typed
from posture.desktop.calibration_words import doubts, facts, hint, refusal
from posture.desktop.canvas import AMBER, BLUE, CARD, GREEN, INK, LINE, SOFT, Canvas, Point
from posture.desktop.window_parts import (
    COLUMN_WIDTH,
    COLUMN_X,
    PICTURE,
    Live,
    Press,
    bar,
    check_list,
    enter,
    escape,
    heading,
    live_picture,
    mark,
    number_box,
    steps,
)
from posture.desktop.words import decimal, say

_RING: Point = (COLUMN_X + COLUMN_WIDTH / 2, 462.0)


def paint(canvas: Canvas, progress: Progress, live: Live) -> None:
    """Draw the present step."""
    seated = progress.step in (Step.WELCOME, Step.HOLD)
    message = hint(progress.findings) if seated or live.picture is None else None
    live_picture(canvas, live, progress.findings if seated else (), message)
    if seated:
        check_list(canvas, progress.findings)
    steps(canvas, progress.number, progress.steps)
    _SHEETS[progress.step](canvas, progress)


def _welcome(canvas: Canvas, _: Progress) -> None:
    y = heading(canvas, say("guide.welcome.title"), say("guide.welcome.text"))
    canvas.paragraph((COLUMN_X, y + 14), say("guide.welcome.plan"), COLUMN_WIDTH, 19, SOFT)
    bar(canvas, [enter(say("do.start")), escape(say("do.cancel"))])


def _screen(canvas: Canvas, progress: Progress) -> None:
    y = heading(canvas, say("guide.screen.title"), say("guide.screen.text"))
    y = number_box(canvas, _typed(progress), y + 18)
    _below(canvas, say("guide.screen.skip"))
    _small_screen(canvas, (COLUMN_X + COLUMN_WIDTH / 2, y + 110.0), 190.0, diagonal=True)
    _entry_bar(canvas, _typed(progress))


def _place(canvas: Canvas, progress: Progress) -> None:
    y = heading(canvas, say("guide.place.title"), say("guide.place.text"))
    middle = (COLUMN_X + COLUMN_WIDTH / 2, y + 122.0)
    _small_screen(canvas, middle, 190.0)
    _camera_places(canvas, middle, progress.desk.place)
    y += 272
    canvas.write((COLUMN_X, y), say("guide.place.offset"), 17, SOFT)
    usual = progress.desk.offset_cm
    number_box(canvas, _typed(progress), y + 28, usual)
    text = (
        say("guide.place.skip") if usual is None else say("guide.place.usual", cm=decimal(usual, 0))
    )
    _below(canvas, text)
    arrows = Press(say("key.arrows"), say("do.choose"), Key.UP)
    unit = _other_unit(_typed(progress))
    bar(canvas, [enter(say("do.go_on")), arrows, unit, escape(say("do.cancel"))])


def _hold(canvas: Canvas, progress: Progress) -> None:
    counting = progress.remaining_s is not None
    title = say("guide.hold.counting" if counting else "guide.hold.waiting")
    y = heading(canvas, title) + 16
    for name in ("back", "feet", "loose", "look"):
        canvas.disc((COLUMN_X + 5, y + 12), 4, SOFT)
        canvas.write((COLUMN_X + 22, y), say(f"guide.hold.{name}"), 19, INK)
        y += 34
    _countdown(canvas, progress)
    bar(canvas, [*([_again()] if counting else []), escape(say("do.cancel"))])


def _countdown(canvas: Canvas, progress: Progress) -> None:
    x, y = _RING
    canvas.ring(_RING, 92, 10, LINE)
    left_s = progress.remaining_s
    if left_s is None:
        canvas.write((x, y - 6), f"{progress.hold_s:.0f}", 72, SOFT, bold=True, anchor="mm")
    else:
        canvas.ring(_RING, 92, 10, GREEN, 1.0 - left_s / progress.hold_s)
        canvas.write((x, y - 6), f"{-int(-left_s // 1)}", 92, INK, bold=True, anchor="mm")
    canvas.write((x, y + 50), say("guide.seconds"), 16, SOFT, anchor="mm")
    if left_s is not None:
        return
    broke = progress.broke
    if broke is not None and broke.hint is not None:
        text = say("guide.hold.broke", hint=say(f"hint.{broke.hint.value}"))
        canvas.paragraph((COLUMN_X, y + 112), text, COLUMN_WIDTH, 17, AMBER, bold=True)
    else:
        canvas.write((x, y + 124), say("guide.hold.soon"), 17, SOFT, anchor="mm")


def _distance(canvas: Canvas, progress: Progress) -> None:
    y = heading(canvas, say("guide.distance.title"), say("guide.distance.text"))
    y = number_box(canvas, _typed(progress), y + 16, progress.estimate_cm)
    if progress.estimate_cm is not None:
        text = say("guide.distance.estimate", cm=decimal(progress.estimate_cm, 0))
        y = canvas.paragraph((COLUMN_X, y), text, COLUMN_WIDTH, 17, INK) + 6
    canvas.paragraph((COLUMN_X, y), say("guide.distance.skip"), COLUMN_WIDTH, 17, SOFT)
    _below(canvas, say("guide.distance.no_tape"))
    _entry_bar(canvas, _typed(progress), _again())


def _result(canvas: Canvas, progress: Progress) -> None:
    neutral, quality = progress.neutral, progress.quality
    if neutral is None or quality is None:
        _refused(canvas, progress)
        return
    mark(canvas, (COLUMN_X + 20, 108), Mark.GOOD if quality.good else Mark.BAD, 20)
    y = heading(canvas, say(f"guide.result.{'good' if quality.good else 'fair'}"), top=144.0)
    for name, value in facts(neutral):
        y += 14
        canvas.write((COLUMN_X, y), name, 18, SOFT)
        canvas.write((COLUMN_X + COLUMN_WIDTH, y), value, 18, INK, bold=True, anchor="ra")
        y += 34
        canvas.stroke([(COLUMN_X, y), (COLUMN_X + COLUMN_WIDTH, y)], 1, LINE)
    _doubts(canvas, quality, y + 18)
    _below(canvas, say("guide.result.again"))
    bar(canvas, [enter(say("do.keep")), _again(), escape(say("do.discard"))])


def _doubts(canvas: Canvas, quality: Quality, y: float) -> None:
    if not quality.doubts:
        canvas.write((COLUMN_X, y), say("guide.result.certain"), 18, SOFT)
        return
    canvas.write((COLUMN_X, y), say("guide.result.less_certain"), 17, INK, bold=True)
    y += 30
    for text in doubts(quality):
        canvas.disc((COLUMN_X + 5, y + 11), 4, SOFT)
        y = canvas.paragraph((COLUMN_X + 22, y), text, COLUMN_WIDTH - 22, 16, SOFT) + 6


def _refused(canvas: Canvas, progress: Progress) -> None:
    mark(canvas, (COLUMN_X + 20, 108), Mark.BAD, 20)
    heading(canvas, say("guide.result.refused"), refusal(progress), top=144.0)
    bar(canvas, [enter(say("do.again")), escape(say("do.cancel"))])


def _typed(progress: Progress) -> Typed:
    return progress.typed or Typed("", CM, CM)


def _below(canvas: Canvas, text: str) -> None:
    """Help that not everybody needs, below the picture."""
    canvas.paragraph((PICTURE[0], 546), text, PICTURE[2] - PICTURE[0], 17, SOFT)


def _nothing(canvas: Canvas, progress: Progress) -> None:
    """Kept or cancelled: the window is about to close."""


_SHEETS: Mapping[Step, Callable[[Canvas, Progress], None]] = {
    Step.WELCOME: _welcome,
    Step.SCREEN: _screen,
    Step.PLACE: _place,
    Step.HOLD: _hold,
    Step.DISTANCE: _distance,
    Step.RESULT: _result,
    Step.KEPT: _nothing,
    Step.CANCELLED: _nothing,
}


def _entry_bar(canvas: Canvas, typed: Typed, *more: Press) -> None:
    go_on = enter(say("do.go_on" if typed.text else "do.skip"))
    bar(canvas, [go_on, _other_unit(typed), *more, escape(say("do.cancel"))])


def _other_unit(typed: Typed) -> Press:
    return Press(say("key.tab"), say("do.unit", unit=say(f"unit.{typed.other.name}")), Key.TAB)


def _again() -> Press:
    return Press("R", say("do.again"), "r")


def _small_screen(canvas: Canvas, middle: Point, width: float, *, diagonal: bool = False) -> None:
    x, y = middle
    half, tall = width / 2, width * 9 / 32
    canvas.card((x - half, y - tall, x + half, y + tall), 9, INK)
    canvas.card((x - half + 6, y - tall + 6, x + half - 6, y + tall - 6), 5, CARD)
    canvas.card((x - 8, y + tall, x + 8, y + tall + 16), 0, INK)
    canvas.card((x - 40, y + tall + 14, x + 40, y + tall + 20), 3, INK)
    if diagonal:
        canvas.stroke([(x - half + 20, y + tall - 18), (x + half - 20, y - tall + 18)], 3, BLUE)
        for sign in (1, -1):
            canvas.disc((x - sign * (half - 20), y + sign * (tall - 18)), 6, BLUE)


def _camera_places(canvas: Canvas, middle: Point, chosen: Place | None) -> None:
    x, y = middle
    places = {
        Place.ABOVE: (x, y - 80),
        Place.BELOW: (x, y + 100),
        Place.LEFT: (x - 126, y),
        Place.RIGHT: (x + 126, y),
    }
    keys = {
        Place.ABOVE: Key.UP,
        Place.BELOW: Key.DOWN,
        Place.LEFT: Key.LEFT,
        Place.RIGHT: Key.RIGHT,
    }
    for place, (cx, cy) in places.items():
        if place is chosen:
            canvas.disc((cx, cy), 17, BLUE)
            canvas.ring((cx, cy), 7, 3, CARD)
        else:
            canvas.ring((cx, cy), 11, 2, SOFT)
        canvas.clickable((cx - 20, cy - 20, cx + 20, cy + 20), keys[place])
    if chosen is not None:
        canvas.write((x, y), say(f"place.{chosen.value}"), 15, SOFT, anchor="mm")
