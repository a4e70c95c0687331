"""Linux: the kernel tells that some program has opened or closed a camera (inotify(7))."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

DEV = Path("/dev")
_CAMERAS = "video*"
# <sys/inotify.h>
_IN_CLOSE_WRITE, _IN_CLOSE_NOWRITE, _IN_OPEN, _IN_CREATE = 0x8, 0x10, 0x20, 0x100
_USED = _IN_OPEN | _IN_CLOSE_WRITE | _IN_CLOSE_NOWRITE
_MANY_BYTES = 65536


class CameraOpenings:
    """Watches the cameras in *dev*, and those that are plugged in later. For one thread."""

    def __init__(self, dev: Path = DEV) -> None:
        self._dev = dev
        self._kernel = ctypes.CDLL(None, use_errno=True)
        self._events: int | None = None
        events = self._kernel.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if events < 0:
            return
        self._events = events
        if self._watch(dev, _IN_CREATE):
            self._watch_cameras()
        else:
            self.close()

    def any(self) -> bool | None:
        """Whether a camera was opened, closed or plugged in since this was last asked.

        Who did it is not told; it may be this program. None: the kernel does not tell.
        """
        if self._events is None:
            return None
        told = False
        try:
            while os.read(self._events, _MANY_BYTES):
                told = True
        except BlockingIOError:
            pass
        except OSError:
            self.close()
            return None
        if told:
            self._watch_cameras()
        return told

    def close(self) -> None:
        """Watch no more; may be called twice."""
        if self._events is not None:
            os.close(self._events)
            self._events = None

    def _watch_cameras(self) -> None:
        # One that is watched already is not watched twice.
        for camera in self._dev.glob(_CAMERAS):
            self._watch(camera, _USED)

    def _watch(self, path: Path, what: int) -> bool:
        """Have the kernel tell *what* happens to *path*; False when it does not let us."""
        return int(self._kernel.inotify_add_watch(self._events, os.fsencode(path), what)) >= 0
