"""A thread that keeps pictures flowing: a source in, landmarks and camera troubles out.

A camera is looked at as often as its picture calls for (core/sampling.py); in between, glances
tell whether anything has changed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Protocol, runtime_checkable

from posture.clock import Clock
from posture.core.inputs import CameraLost
from posture.core.sampling import Step
from posture.errors import PostureError, WatchFailed
from posture.sense.attention import Attention
from posture.sense.frame import Glance
from posture.sense.landmark_stream import Enough, Seen
from posture.sense.picture import jpeg_of
from posture.sense.sight import Again, FeedItem, Sight, SourceEnded
from posture.sense.source import FrameSource
from posture.sense.trace import TraceSource

# A camera that cannot be opened is tried again after these seconds, then always the last; chosen.
_RETRY_S = (1.0, 2.0, 5.0, 10.0)
# Someone watches the pictures: they come at least this often; chosen.
PICTURE_INTERVAL_S = 0.2
# A camera that gives no picture for this long has something to say; chosen.
_GLANCE_TIMEOUT_S = 1.0


class Stream(Protocol):
    """What a feed reads: landmarks in order, and camera troubles."""

    def watched(self, peek: Callable[[], Enough | None]) -> Iterator[Seen | CameraLost]:
        """Yield them; raises what the source and the landmarker raise.

        *peek*, asked each time: when the next picture's face alone is enough.
        """


@runtime_checkable
class Glanced(Protocol):
    """A source that can be looked at in passing."""

    def glance(self, timeout_s: float) -> Glance | CameraLost | None:
        """Return a small picture of now, or why there is none, or None if the time is up."""


Opener = Callable[[], FrameSource | TraceSource]


class Feed:
    """Reads a source in a thread of its own and hands everything to *sink*.

    ``open_source``: opens the source, again after a loss. ``stream``: turns it into landmarks.
    ``paced``: a file's pictures come at their own time instead of as fast as they are read.
    ``opened``: called with each source that was opened. ``adaptive``: looks at a camera only where
    it can say something new, else at every interval.
    """

    def __init__(
        self,
        open_source: Opener,
        stream: Callable[[FrameSource | TraceSource], Stream],
        sink: Callable[[FeedItem], None],
        clock: Clock,
        *,
        paced: bool = True,
        opened: Callable[[FrameSource | TraceSource], None] | None = None,
        adaptive: bool = True,
    ) -> None:
        self._open_source = open_source
        self._stream = stream
        self._sink = sink
        self._clock = clock
        self._paced = paced
        self._opened = opened
        self._adaptive = adaptive
        self._interval_s = 0.0
        self._wanted = True
        self._pictures = False
        self._undecided = True
        self._stopping = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="feed", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def want(self, wanted: bool, interval_s: float) -> None:
        """Open or release the camera; look every *interval_s* seconds. A file plays on."""
        with self._changed:
            self._wanted, self._interval_s = wanted, interval_s
            self._changed.notify_all()

    def doubt(self, undecided: bool) -> None:
        """Whether the next look may settle what the last has raised (at first: yes)."""
        self._undecided = undecided

    def request_pictures(self, on: bool) -> None:
        """Give the pictures too, several a second; a camera is open for them in any case."""
        with self._changed:
            self._pictures = on
            self._changed.notify_all()

    def stop(self, timeout_s: float = 5.0) -> bool:
        """Release everything and end the thread; False when it hangs in the driver."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._watch()
        except PostureError as error:
            self._sink(SourceEnded(error))
        except Exception as error:  # noqa: BLE001 - it is told, and who is told can start again
            what = f"{type(error).__name__}: {error}".rstrip(".: ")
            self._sink(
                SourceEnded(WatchFailed(f"Watching failed ({what}).", "Start posture again."))
            )

    def _watch(self) -> None:
        """Open and read, again and again. Raises what the first opening raises: it never worked."""
        failures: int | None = None
        while self._until_wanted():
            try:
                source = self._open_source()
            except PostureError as error:
                if failures is None:
                    raise
                self._sink(CameraLost(self._clock.now(), error.what))
                self._pause(_RETRY_S[min(failures, len(_RETRY_S) - 1)])
                failures += 1
                continue
            failures = 0
            try:
                if self._opened is not None:
                    self._opened(source)
                self._read(source)
            finally:
                source.close()
            if not source.live:
                self._sink(SourceEnded())
                return

    def _read(self, source: FrameSource | TraceSource) -> None:
        attention = Attention(self._interval_s)
        for item in self._stream(source).watched(attention.take_peek):
            if self._paced and not source.live:
                moment = item if isinstance(item, CameraLost) else item.landmarks
                self._rest(moment.at - self._clock.now())
            if not self._may_go_on(source):
                return
            self._sink(item if isinstance(item, CameraLost) else self._sight(item))
            if source.live:
                self._await_next(source, item, attention)
            if not self._may_go_on(source):
                return

    def _await_next(
        self, source: FrameSource | TraceSource, item: Seen | CameraLost, attention: Attention
    ) -> None:
        """Wait until a camera is worth another look; meanwhile tell that nothing has changed."""
        if isinstance(item, CameraLost) or item.frame is None or not isinstance(source, Glanced):
            self._pause(self._looking_interval_s())
            return
        if item.face_alone:
            attention.peeked(item.frame)
        else:
            attention.looked(item.frame, item.landmarks)
        while self._may_go_on(source):
            attention.sampling.want(self._interval_s)
            if self._pictures or attention.sampling.dense or not self._adaptive:
                self._pause(self._looking_interval_s())
                return
            self._pause(attention.sampling.glance_s)
            glance = source.glance(_GLANCE_TIMEOUT_S) if self._may_go_on(source) else None
            if not isinstance(glance, Glance):
                return
            # What the last look said was read in the meantime.
            attention.sampling.undecided = self._undecided
            match attention.glanced(glance):
                case Step.LOOK | Step.PEEK:
                    return
                case Step.TELL:
                    self._sink(Again(glance.at))
                case Step.WAIT:
                    pass

    def _sight(self, seen: Seen) -> Sight:
        wanted = self._pictures and seen.frame is not None
        return Sight(seen.landmarks, jpeg_of(seen.frame) if wanted and seen.frame else None)

    def _looking_interval_s(self) -> float:
        with self._changed:
            if self._pictures:
                return min(self._interval_s, PICTURE_INTERVAL_S)
            return self._interval_s

    def _open_for_someone(self) -> bool:
        return self._wanted or self._pictures

    def _until_wanted(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._open_for_someone() or self._stopping)
            return not self._stopping

    def _may_go_on(self, source: FrameSource | TraceSource) -> bool:
        with self._changed:
            return not self._stopping and (self._open_for_someone() or not source.live)

    def _pause(self, seconds: float) -> None:
        """Wait, but not longer than the camera is wanted, nor while pictures are asked for."""
        before = self._pictures
        if seconds <= 0:
            return
        with self._changed:
            self._changed.wait_for(
                lambda: (
                    self._stopping
                    or not self._open_for_someone()
                    or (self._pictures and not before)
                ),
                seconds,
            )

    def _rest(self, seconds: float) -> None:
        """Wait for a file's next picture."""
        if seconds > 0:
            with self._changed:
                self._changed.wait_for(lambda: self._stopping, seconds)
