"""The question before the first picture, as it looks. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from posture.core.live_checks import Mark
from posture.desktop import icons
from posture.desktop.canvas import INK, Canvas
from posture.desktop.consent_words import promises
from posture.desktop.icon_state import IconState
from posture.desktop.window_parts import bar, enter, escape, mark
from posture.desktop.words import say

_LEFT, _WIDTH = 210.0, 700.0


def paint(canvas: Canvas, told: Sequence[str] = ()) -> None:
    """Draw the question; *told*: who is told of states, as the settings have it."""
    canvas.icon((_LEFT, 84), icons.draw(IconState.GOOD, canvas.pixels(72)))
    y = canvas.paragraph((_LEFT, 182), say("consent.title"), _WIDTH, 40, bold=True, leading=1.2)
    y += 22
    for promise in promises(told):
        mark(canvas, (_LEFT + 13, y + 14), Mark.GOOD)
        y = canvas.paragraph((_LEFT + 44, y), promise, _WIDTH - 44, 21, INK) + 18
    bar(canvas, [enter(say("do.agree")), escape(say("do.refuse"))], " ")
