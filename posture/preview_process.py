"""The preview of a running monitor: a process of its own that is told what to draw.

The monitor goes on whatever becomes of the window, and no window's library is loaded into it.
"""

from __future__ import annotations

import contextlib
import subprocess
import threading
from collections.abc import Callable, Sequence
from typing import BinaryIO, cast

from posture.core.effects import Effect, Status, WantCamera
from posture.core.senses import CameraState
from posture.core.thresholds import Thresholds
from posture.desktop.marks import marks
from posture.desktop.preview import moment
from posture.own_command import own_command
from posture.preview_pipe import Shown, write
from posture.sense.sight import Sight

# The window is looked for at least so often, to notice that it was closed (chosen).
_LOOK_S = 0.5
_GOODBYE_S = 2.0


Show = Callable[[Sight], None]


class PreviewProcess:
    """Opens the preview, tells it what to draw, and notices that it was closed.

    ``request_pictures``: has a callback see each moment with its picture, or None. While the
    monitor wants the camera closed, none are requested. ``thresholds``: by which is judged.
    """

    def __init__(
        self,
        request_pictures: Callable[[Show | None], None],
        thresholds: Thresholds,
        *,
        command: Sequence[str] | None = None,
    ) -> None:
        self._request_pictures = request_pictures
        self._thresholds = thresholds
        self._command = list(command or own_command("preview", "--follow"))
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None
        # What follows is shared with the threads of pictures and of the monitor.
        self._changed = threading.Condition()
        self._status: Status | None = None
        self._picture: Sight | None = None
        self._camera_wanted = True
        self._picturing = False
        self._new = False
        self._stopping = False

    @property
    def open(self) -> bool:
        """Is the window there?"""
        return self._thread is not None and self._thread.is_alive()

    def show(self) -> None:
        """Open the window, unless it is open. Raises OSError when no process can be started."""
        if self.open:
            return
        self._stopping = False
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE)  # noqa: S603
        self._thread = threading.Thread(target=self._run, name="preview", daemon=True)
        self._thread.start()

    def obey(self, thresholds: Thresholds) -> None:
        """Judge by other thresholds from now on."""
        self._thresholds = thresholds

    def watch(self, effects: Sequence[Effect]) -> None:
        """Take what the monitor says; called in its thread."""
        for effect in effects:
            if isinstance(effect, WantCamera) and effect.wanted != self._camera_wanted:
                self._camera_wanted = effect.wanted
                if self.open:
                    self._ask_for_pictures()
            if isinstance(effect, Status):
                with self._changed:
                    self._status, self._new = effect, True
                    if effect.camera == CameraState.LOST:
                        # An old picture would look like what the camera sees now.
                        self._picture = None
                    self._changed.notify_all()

    def close(self) -> None:
        """Take the window away."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread is None or self._process is None:
            return
        self._thread.join(_GOODBYE_S)
        if self._thread.is_alive():
            # It hangs in the middle of a message: a window that reads no more.
            self._process.kill()
            self._thread.join(_GOODBYE_S)

    def _ask_for_pictures(self) -> None:
        wanted = self._camera_wanted and not self._stopping
        with self._changed:
            self._picturing = wanted
            if not wanted:
                self._picture = None
        self._request_pictures(self._see if wanted else None)

    def _see(self, picture: Sight) -> None:
        """Take one picture; called in the thread of the pictures, which must not wait."""
        with self._changed:
            # One may be on its way when no more are wanted: shown, it would never go away.
            if self._picturing:
                self._picture, self._new = picture, True
                self._changed.notify_all()

    # What follows runs in the preview's own thread.

    def _run(self) -> None:
        process = cast("subprocess.Popen[bytes]", self._process)
        pipe = cast("BinaryIO", process.stdin)
        self._ask_for_pictures()
        try:
            # A window that was closed reads no more.
            with contextlib.suppress(OSError):
                while process.poll() is None and not self._stopping:
                    shown = self._news()
                    if shown is not None:
                        write(pipe, shown)
        finally:
            self._stopping = True
            self._ask_for_pictures()
            _end(process)

    def _news(self) -> Shown | None:
        """Wait a little for something new to draw."""
        with self._changed:
            self._changed.wait_for(lambda: self._new or self._stopping, _LOOK_S)
            status, picture, new = self._status, self._picture, self._new
            self._new = False
        if status is None or not new:
            return None
        told = moment(status, self._thresholds)
        if picture is None:
            return Shown(told)
        return Shown(told, picture.jpeg, marks(picture.landmarks))


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):
        cast("BinaryIO", process.stdin).close()
    try:
        process.wait(_GOODBYE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
