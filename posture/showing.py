"""The windows at work: pictures and keys in, drawings out, until the user is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from PIL import Image

from posture.core.guide import Guide
from posture.core.number_field import Key
from posture.desktop import calibration_window, consent_window
from posture.desktop.canvas import Canvas
from posture.desktop.marks import marks
from posture.desktop.window_parts import Live, bar, live_picture
from posture.looking import Item, Looking
from posture.sense.landmark_stream import Seen

# Chosen: a key is answered within this time; the picture moves as often as it comes.
_TURN_S = 0.04


class Window(Protocol):
    """Something on the screen that shows drawings and hears keys; ``sense.highgui.Pane``."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""

    @property
    def closed(self) -> bool:
        """Has the user closed it?"""

    def show(self, drawing: Image.Image) -> None:
        """Show *drawing*."""

    def wait(self, seconds: float) -> None:
        """Let the window live."""

    def take_keys(self) -> Sequence[str]:
        """The keys pressed since the last time."""

    def take_clicks(self) -> Sequence[tuple[int, int]]:
        """Where it was clicked since the last time."""


class Sheet:
    """Draws on a window when there is something new to see, and tells which keys were meant."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._canvas: Canvas | None = None

    @property
    def closed(self) -> bool:
        """Has the user closed the window?"""
        return self._window.closed

    def turn(self, paint: Callable[[Canvas], None], *, new: bool) -> list[str]:
        """Draw if something is *new* or the window's size is, then wait for keys."""
        size = self._window.size
        if new or self._canvas is None or self._canvas.image.size != size:
            self._canvas = Canvas(size)
            paint(self._canvas)
            self._window.show(self._canvas.image)
        self._window.wait(_TURN_S)
        keys = list(self._window.take_keys())
        keys += _clicked(self._canvas, self._window.take_clicks())
        return [Key.ESCAPE] if self._window.closed else keys


def _clicked(canvas: Canvas, clicks: Iterable[tuple[int, int]]) -> list[str]:
    return [
        target.key
        for x, y in clicks
        for target in canvas.targets
        if target.box[0] <= x < target.box[2] and target.box[1] <= y < target.box[3]
    ]


def ask_consent(window: Window, told: Sequence[str] = ()) -> bool:
    """Ask whether the camera may be used. Closing the window is a no.

    ``told``: other programs that are told of states.
    """
    sheet = Sheet(window)
    while True:
        for key in sheet.turn(lambda canvas: consent_window.paint(canvas, told), new=False):
            if key == Key.ESCAPE:
                return False
            if key in (Key.ENTER, " "):
                return True


def show_starting(window: Window) -> None:
    """Show that the camera is being opened, which takes a moment."""

    def paint(canvas: Canvas) -> None:
        live_picture(canvas, Live())
        bar(canvas, [])

    Sheet(window).turn(paint, new=True)


def guide_in_window(guide: Guide, looking: Looking, window: Window) -> None:
    """Go through *guide* in *window* until it is over. Raises what the looking raises."""
    sheet = Sheet(window)
    live = Live()
    new = True
    while not guide.progress.over:
        for item in looking.take():
            guide.see(item.landmarks if isinstance(item, Seen) else item)
            live, new = seen(item), True

        def paint(canvas: Canvas, now: Live = live) -> None:
            calibration_window.paint(canvas, guide.progress, now)

        keys = sheet.turn(paint, new=new)
        for key in keys:
            guide.press(key)
        new = bool(keys)


def seen(item: Item) -> Live:
    """What a window shows of *item*."""
    if not isinstance(item, Seen) or item.frame is None:
        return Live()
    # BGR to RGB.
    picture = Image.fromarray(item.frame.image[:, :, ::-1])
    return Live(picture, marks(item.landmarks))
