"""The worker: camera and landmarkers in a process of their own, told what to do through a pipe.

A driver that hangs or a library that crashes takes this process down, not the program. It needs
no more than its two pipes, locks itself in with them, and ends when the program does.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from posture.clock import SystemClock
from posture.sense import wire
from posture.sense.confinement import confine
from posture.sense.feed import Feed
from posture.sense.landmark_stream import LandmarkStream
from posture.sense.sight import FeedItem, Sight
from posture.sense.source import FrameSource, open_source
from posture.sense.trace import TraceSource

_PR_SET_PDEATHSIG = 1
# Time for the camera to be closed; chosen. A hung driver is left to the end of the process.
_GOODBYE_S = 1.0
_HTTP_PORT = 80


def main() -> None:
    """Work until the pipe from the program is closed. Never returns."""
    # Ctrl-C in a terminal reaches every process of it; the program decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_the_program()
    # A worker one of whose threads has died is only silent; one that ends is replaced at once.
    threading.excepthook = lambda _died: os._exit(1)
    told, says = sys.stdin.buffer, _take_stdout()
    try:
        message = wire.read(told)
        if message is not None:
            assignment = wire.assignment_of(message[0])
            confine(_port(assignment.source))
            _work(assignment, told, says)
    except (OSError, wire.WireBrokenError):
        pass  # the program has gone
    finally:
        # Not sys.exit: it would wait for a driver that hangs.
        os._exit(0)


def _port(source: str) -> int | None:
    """Where a stream is served; None for every other source."""
    if "://" not in source:
        return None
    try:
        return urlsplit(source).port or _HTTP_PORT
    except ValueError:
        return None  # no address: opening it says so


def _take_stdout() -> BinaryIO:
    """Keep stdout for messages alone; what libraries print goes to stderr."""
    own = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(own, "wb")


def die_with_the_program() -> None:
    """Linux: have this process killed when the program dies, even while it hangs in a driver."""
    if sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(0)


def _work(assignment: wire.Assignment, told: BinaryIO, says: BinaryIO) -> None:
    clock = SystemClock()
    reporter = _Reporter(says)

    def stream(source: FrameSource | TraceSource) -> LandmarkStream:
        return LandmarkStream(
            source,
            assignment.expected,
            pose_model=_path(assignment.pose_model),
            face_model=_path(assignment.face_model),
        )

    feed = Feed(
        lambda: open_source(assignment.source, clock, wait_for_camera=True),
        stream,
        reporter.see,
        clock,
        paced=assignment.paced,
        adaptive=assignment.adaptive,
        opened=reporter.open,
    )
    feed.start()
    while (message := wire.read(told)) is not None:
        wish = wire.wish_of(message[0])
        feed.want(wish.wanted, wish.interval_s)
        feed.request_pictures(wish.pictures)
        feed.doubt(wish.undecided)
    feed.stop(_GOODBYE_S)


class _Reporter:
    """Tells the program what the feed sees, and with the first picture what the source is."""

    def __init__(self, says: BinaryIO) -> None:
        self._says = says
        self._speaking = threading.Lock()
        self._source: FrameSource | TraceSource | None = None
        self._name = ""

    def open(self, source: FrameSource | TraceSource) -> None:
        """*source* was opened."""
        self._source, self._name = source, ""
        self._say(wire.Opened(source.live))

    def see(self, item: FeedItem) -> None:
        """The feed has something."""
        source = self._source
        if isinstance(item, Sight) and source is not None and source.name != self._name:
            self._name = source.name
            self._say(wire.Opened(source.live, source.name))
        self._say(item)

    def _say(self, report: FeedItem | wire.Opened) -> None:
        with self._speaking:
            try:
                wire.write_report(self._says, report)
            except OSError:
                os._exit(0)  # nobody listens any more


def _path(name: str | None) -> Path | None:
    return None if name is None else Path(name)
