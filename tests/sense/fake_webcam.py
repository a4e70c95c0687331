"""A webcam to plug, unplug, occupy and stall, behind the face of ``cv2.VideoCapture``."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Any

from media import plain

from posture.sense.frame import Image
from posture.sense.webcam_list import CameraInfo

_PICTURE_S = 0.01
_SELECT_TIMEOUT_S = 0.05
_A_WHILE_S = 0.25


@dataclass
class Bench:
    """The USB ports of a computer, and what was done to the webcam in them.

    ``plugged``: index of the webcam, None while it is not there. ``stalled``: no picture comes and
    a read fails after the driver's time-out; ``hung``: a read does not come back until ``freed``.
    ``path``: its device. ``picture``: shown instead of an ever changing one. ``broken``: pictures
    cannot be decoded. ``buffers``: so many pictures, black ones, wait where none was grabbed for
    a while. ``instant``: no grab waits.
    """

    name: str = "HD Webcam"
    plugged: int | None = 0
    path: str | None = None
    busy: bool = False
    stalled: bool = False
    hung: bool = False
    broken: bool = False
    picture: Image | None = None
    buffers: int = 0
    instant: bool = False
    freed: threading.Event = field(default_factory=threading.Event)
    opened: list[int] = field(default_factory=list)
    settings: dict[int, float] = field(default_factory=dict)
    grabs: int = 0
    retrieves: int = 0
    releases: int = 0
    wrong_thread: list[str] = field(default_factory=list)

    def cameras(self) -> list[CameraInfo]:
        if self.plugged is None:
            return []
        return [CameraInfo(self.plugged, self.name, self.path)]

    def capture(self, index: int, backend: int) -> Any:
        return FakeVideoCapture(self, index)


class FakeVideoCapture:
    """Behaves as OpenCV's does on V4L2: a lost one stays open, and ``grab`` is False for ever."""

    def __init__(self, bench: Bench, index: int) -> None:
        self._bench = bench
        self._thread = threading.current_thread()
        self._number = 0
        self._index = index
        self._lost = False
        self._grabbed = time.monotonic()
        self._waiting = 0
        self._waited = False
        self._open = bench.plugged == index and not bench.busy
        if self._open:
            bench.opened.append(index)

    def isOpened(self) -> bool:  # noqa: N802 - OpenCV's name
        return self._open

    def set(self, setting: int, value: float) -> bool:
        self._owned("set")
        self._bench.settings[setting] = value
        return True

    def grab(self) -> bool:
        self._owned("grab")
        bench = self._bench
        bench.grabs += 1
        if bench.hung:
            bench.freed.wait(30)
        if time.monotonic() - self._grabbed > _A_WHILE_S:
            self._waiting = bench.buffers
        self._waited = self._waiting > 0
        if self._waited:
            self._waiting -= 1
        elif not bench.instant:
            time.sleep(_PICTURE_S)
        self._grabbed = time.monotonic()
        if bench.stalled:
            time.sleep(_SELECT_TIMEOUT_S)
        self._lost = self._lost or bench.stalled or bench.plugged != self._index
        self._number += 1
        return self._open and not self._lost

    def retrieve(self) -> tuple[bool, Image | None]:
        self._owned("retrieve")
        self._bench.retrieves += 1
        if self._bench.broken:
            return False, None
        if self._waited:
            return True, plain(0)
        if self._bench.picture is not None:
            return True, self._bench.picture.copy()
        return True, plain(50 + self._number % 150)

    def release(self) -> None:
        self._owned("release")
        if self._open:
            self._bench.releases += 1
        self._open = False

    def _owned(self, call: str) -> None:
        # From another thread the real one ends the process.
        if threading.current_thread() is not self._thread:
            self._bench.wrong_thread.append(call)
