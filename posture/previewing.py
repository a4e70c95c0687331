"""The preview at work: what a monitor tells, or what a source shows, in a window."""

from __future__ import annotations

import contextlib
import io
import threading
from typing import BinaryIO

from PIL import Image

from posture.core.effects import Activity, Status
from posture.core.inputs import CameraLost
from posture.core.number_field import Key
from posture.core.reader import Reader
from posture.core.reading import Reading
from posture.core.senses import CameraState
from posture.core.thresholds import Thresholds
from posture.desktop import preview_window
from posture.desktop.canvas import Canvas
from posture.desktop.icon_state import IconState
from posture.desktop.preview import Moment, camera_lost, moment
from posture.desktop.window_parts import Live
from posture.desktop.words import say
from posture.looking import Looking
from posture.preview_pipe import Shown, read
from posture.sense.highgui import Pane
from posture.sense.wire import WireBrokenError
from posture.showing import Sheet, Window, seen

_LEAVE = (Key.ESCAPE, Key.ENTER, "q")


class Following:
    """Reads what the monitor tells in a thread of its own; only the newest matters."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._newest: Shown | None = None
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="following", daemon=True)
        self._thread.start()

    @property
    def ended(self) -> bool:
        """Will nothing more come?"""
        return not self._thread.is_alive()

    def take(self) -> Shown | None:
        """What came since the last time."""
        with self._lock:
            newest, self._newest = self._newest, None
        return newest

    def _run(self) -> None:
        with contextlib.suppress(WireBrokenError, OSError, ValueError):
            while (shown := read(self._stream)) is not None:
                with self._lock:
                    self._newest = shown


def follow_monitor(stream: BinaryIO) -> None:
    """Show what the monitor tells through *stream*, until it ends or the window is closed."""
    following = Following(stream)
    with Pane(say("window.preview")) as pane:
        show_told(following, pane)


def show_told(following: Following, window: Window) -> None:
    """Draw what is told until the telling ends or the user leaves."""
    sheet = Sheet(window)
    told, live = Moment(IconState.UNSEEN, say("glance.starting")), Live()
    new = True
    while not following.ended:
        shown = following.take()
        if shown is not None:
            told, live, new = shown.moment, _live(shown), True
        if _turn(sheet, told, live, new=new):
            return
        new = False


def watch_source(looking: Looking, reader: Reader, thresholds: Thresholds) -> None:
    """Show what a source shows in a window, judged by *reader*, until it ends."""
    with Pane(say("window.preview")) as pane:
        show_source(looking, reader, thresholds, pane)


def show_source(looking: Looking, reader: Reader, thresholds: Thresholds, window: Window) -> None:
    """Draw what is seen until the source ends or the user leaves."""
    reader.retune(thresholds)
    sheet = Sheet(window)
    told, live = Moment(IconState.UNSEEN, say("glance.starting")), Live()
    new = True
    while not looking.ended:
        for item in looking.take():
            live, new = seen(item), True
            if isinstance(item, CameraLost):
                told = camera_lost(item.reason)
            else:
                told = moment(_status(reader.read(item.landmarks)), thresholds)
        if _turn(sheet, told, live, new=new):
            return
        new = False


def _turn(sheet: Sheet, told: Moment, live: Live, *, new: bool) -> bool:
    """Draw and listen once: whether the user wants to leave."""

    def paint(canvas: Canvas) -> None:
        preview_window.paint(canvas, told, live)

    return any(key in _LEAVE for key in sheet.turn(paint, new=new))


def _status(reading: Reading) -> Status:
    """A reading as a monitor that has only just begun would tell it."""
    return Status(
        reading.at,
        Activity.UNKNOWN,
        sitting_s=0.0,
        standing_today_s=0.0,
        budget=1.0,
        reading=reading,
        camera=CameraState.OPEN,
        presence=reading.presence,
        presence_reason=reading.reason,
        label=reading.label,
    )


def _live(shown: Shown) -> Live:
    if shown.jpeg is None:
        return Live()
    try:
        picture = Image.open(io.BytesIO(shown.jpeg)).convert("RGB")
    except (OSError, ValueError):
        return Live()
    return Live(picture, shown.marks)
