"""A thread that keeps pictures flowing: a source in, landmarks and camera troubles out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from posture.clock import Clock
from posture.core.inputs import CameraLost
from posture.core.landmarks import Landmarks
from posture.errors import PostureError
from posture.sense.source import FrameSource
from posture.sense.trace import TraceSource

# A camera that cannot be opened is tried again after these seconds, then always the last; chosen.
_RETRY_S = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class SourceEnded:
    """A file is at its end, or the source cannot go on (``error``)."""

    error: PostureError | None = None


FeedItem = Landmarks | CameraLost | SourceEnded


class Stream(Protocol):
    """What a feed reads: landmarks in order, and camera troubles."""

    def __iter__(self) -> Iterator[Landmarks | CameraLost]: ...


Opener = Callable[[], FrameSource | TraceSource]


class Feed:
    """Reads a source in a thread of its own and hands everything to *sink*.

    ``open_source``: opens the source, again after a loss. ``stream``: turns it into landmarks.
    ``paced``: a file's pictures come at their own time instead of as fast as they are read.
    """

    def __init__(
        self,
        open_source: Opener,
        stream: Callable[[FrameSource | TraceSource], Stream],
        sink: Callable[[FeedItem], None],
        clock: Clock,
        *,
        paced: bool = True,
    ) -> None:
        self._open_source = open_source
        self._stream = stream
        self._sink = sink
        self._clock = clock
        self._paced = paced
        self._interval_s = 0.0
        self._wanted = True
        self._stopping = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="feed", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def want(self, wanted: bool, interval_s: float) -> None:
        """Open or release the camera; look every *interval_s* seconds."""
        with self._changed:
            self._wanted, self._interval_s = wanted, interval_s
            self._changed.notify_all()

    def stop(self, timeout_s: float = 5.0) -> bool:
        """Release everything and end the thread; False when it hangs in the driver."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        failures = 0
        while self._until_wanted():
            try:
                source = self._open_source()
            except PostureError as error:
                self._sink(CameraLost(self._clock.now(), error.what))
                self._pause(_RETRY_S[min(failures, len(_RETRY_S) - 1)])
                failures += 1
                continue
            failures = 0
            try:
                self._read(source)
            except PostureError as error:
                self._sink(SourceEnded(error))
                return
            finally:
                source.close()
            if not source.live:
                self._sink(SourceEnded())
                return

    def _read(self, source: FrameSource | TraceSource) -> None:
        for item in self._stream(source):
            if self._paced and not source.live:
                self._pause(item.at - self._clock.now())
            if not self._may_go_on():
                return
            self._sink(item)
            if source.live:
                self._pause(self._interval_s)
            if not self._may_go_on():
                return

    def _until_wanted(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._wanted or self._stopping)
            return not self._stopping

    def _may_go_on(self) -> bool:
        with self._changed:
            return self._wanted and not self._stopping

    def _pause(self, seconds: float) -> None:
        if seconds <= 0:
            return
        with self._changed:
            self._changed.wait_for(lambda: self._stopping or not self._wanted, seconds)
