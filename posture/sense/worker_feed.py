"""The worker as the program sees it: a feed whose camera and landmarkers cannot take it down."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from posture.clock import Clock
from posture.core.inputs import CameraLost
from posture.core.landmarks import Landmarks
from posture.errors import LandmarkingFailed, WatchFailed
from posture.own_command import worker_command
from posture.sense.camera_device import CameraFault
from posture.sense.sight import Again, Sight, SourceEnded
from posture.sense.wire import Assignment, Opened, Report, Wish, again
from posture.sense.worker_process import WorkerProcess

# CameraLost's reasons when it is not the camera's fault.
CRASHED = "crashed"
HUNG = "hung"
FAILED = "failed"
# Failures that a new start may mend.
_MENDABLE = (LandmarkingFailed, WatchFailed)
# Silence is looked for so often before it counts.
_LOOKS = 4
_LONGEST_DOUBLING = 4


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the program bears with its worker, in seconds (chosen).

    ``silent_s``: without a word although wanted, its start included; a lost camera is a word a
    second. ``stalled_words``: of a driver that does not come back, doubled at each failure.
    ``idle_s``: not needed any more. ``retry_s``: before each new start. ``goodbye_s``: to end.
    ``tries``: failures in a row, before anything was ever seen, that count as an error.
    """

    silent_s: float = 20.0
    stalled_words: int = 20
    idle_s: float = 60.0
    retry_s: tuple[float, ...] = (1.0, 2.0, 5.0, 15.0, 60.0)
    goodbye_s: float = 2.0
    tries: int = 3


@dataclass(slots=True)
class _Life:
    """What one worker has said so far."""

    live: bool | None = None
    last: Landmarks | None = None
    words: int = 0
    stalled_words: int = 0
    ended: SourceEnded | None = None
    gone: bool = False


class WorkerFeed:
    """Has a worker read *assignment*'s source; landmarks and camera troubles go to *sink*, and
    a camera's name as soon as it is known.

    A worker that crashes, hangs or fails is replaced, and the program is told that the camera was
    lost. Only a file that was being read, and what never worked, end with an error. ``command``:
    how a worker is started.
    """

    def __init__(
        self,
        assignment: Assignment,
        sink: Callable[[Landmarks | CameraLost | SourceEnded | Opened], None],
        clock: Clock,
        *,
        patience: Patience | None = None,
        command: Sequence[str] | None = None,
    ) -> None:
        self._assignment = assignment
        self._sink = sink
        self._clock = clock
        self._patience = patience or Patience()
        self._command = list(command or worker_command())
        self._process: WorkerProcess | None = None
        # All below is shared between the threads, under this lock.
        self._changed = threading.Condition()
        self._wish = Wish(wanted=True, interval_s=0.0)
        self._show: Callable[[Sight], None] | None = None
        self._stopping = False
        # A daemon: a worker that cannot even be killed must not keep the program alive.
        self._thread = threading.Thread(target=self._run, name="worker feed", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def want(self, wanted: bool, interval_s: float) -> None:
        """Open or release the camera; look every *interval_s* seconds. A file plays on."""
        self._change(lambda wish: replace(wish, wanted=wanted, interval_s=interval_s))

    def doubt(self, undecided: bool) -> None:
        """Whether the next picture may settle what the last has raised (at first: yes)."""
        self._change(lambda wish: replace(wish, undecided=undecided))

    def request_pictures(self, show: Callable[[Sight], None] | None) -> None:
        """Have *show* see each moment with its picture, several a second; None: no longer.

        *show* is called in a thread of the feed and must return soon. While pictures are asked
        for, the camera is open even if nothing else wants it.
        """
        self._show = show
        self._change(lambda wish: replace(wish, pictures=show is not None))

    @property
    def worker_pid(self) -> int | None:
        """The process that is watching now, if there is one."""
        process = self._process
        return None if process is None else process.pid

    def stop(self, timeout_s: float = 5.0) -> bool:
        """End the worker and the thread; False when that takes too long."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _change(self, changed: Callable[[Wish], Wish]) -> None:
        with self._changed:
            self._wish = changed(self._wish)
            self._changed.notify_all()

    # What follows runs in the feed's own thread.

    def _run(self) -> None:
        worked, failures = False, 0
        while self._until_needed():
            life = _Life()
            try:
                trouble = self._employ(life, failures)
            except WatchFailed as error:
                self._sink(SourceEnded(error))
                return
            worked = worked or life.last is not None
            failures = 0 if life.last is not None else failures
            if trouble is None and life.ended is None:
                continue
            failures += 1
            end = self._verdict(life, trouble, worked=worked, failures=failures)
            if isinstance(end, SourceEnded):
                self._sink(end)
                return
            self._sink(CameraLost(self._clock.now(), end))
            retry_s = self._patience.retry_s
            self._pause(retry_s[min(failures, len(retry_s)) - 1])

    def _employ(self, life: _Life, failures: int) -> str | None:
        """Start a worker and stay with it: what went wrong, None if nothing did.

        Raises WatchFailed when none can be started.
        """
        process = WorkerProcess(
            self._command, self._assignment, lambda report: self._hear(life, report)
        )
        self._process = process
        try:
            trouble = self._accompany(process, life, failures)
        finally:
            self._process = None
        if trouble is None:
            process.end(self._patience.goodbye_s)
            return None
        process.kill()
        return trouble

    def _accompany(self, process: WorkerProcess, life: _Life, failures: int) -> str | None:
        told: Wish | None = None
        silent = 0
        stalled = self._patience.stalled_words * 2 ** min(failures, _LONGEST_DOUBLING)
        while True:
            wish, words = self._wish, life.words
            if wish != told:
                process.tell(wish)
                told = wish
            news = self._await_news(life, wish)
            if self._stopping or life.ended is not None:
                return None
            if life.gone:
                return CRASHED
            if life.live is False:
                continue  # a file may have nothing to tell for hours
            if not wish.needed:
                if not news:
                    return None
                continue
            if life.stalled_words >= stalled:
                return CameraFault.STALLED
            # In steps, because a sleeping computer is silent too.
            silent = 0 if news or life.words != words else silent + 1
            if silent >= _LOOKS:
                return HUNG

    def _await_news(self, life: _Life, told: Wish) -> bool:
        """Wait until the worker ends or the wish changes; False when the time is up before."""
        patience = self._patience
        with self._changed:
            return self._changed.wait_for(
                lambda: self._stopping or life.gone or life.ended is not None or self._wish != told,
                patience.silent_s / _LOOKS if told.needed else patience.idle_s,
            )

    def _verdict(
        self, life: _Life, trouble: str | None, *, worked: bool, failures: int
    ) -> SourceEnded | str:
        """What ends the feed for good, or why the camera is lost until another worker watches."""
        if life.ended is not None:
            error = life.ended.error
            mendable = worked or isinstance(error, _MENDABLE)
            if error is None or not (life.live and mendable):
                return life.ended
            reason, final = FAILED, life.ended
        else:
            reason = trouble or FAILED
            final = SourceEnded(
                WatchFailed(f"The part that watches the camera {reason}.", "Start posture again.")
            )
        hopeless = not worked and failures >= self._patience.tries
        if life.live is False or (hopeless and reason != CameraFault.STALLED):
            return final
        return reason

    def _until_needed(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._wish.needed or self._stopping)
            return not self._stopping

    def _pause(self, seconds: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._stopping, seconds)

    # What follows runs in the thread that listens to the worker.

    def _hear(self, life: _Life, report: Report | None) -> None:
        stalled = isinstance(report, CameraLost) and report.reason == CameraFault.STALLED
        with self._changed:
            life.words += 1
            life.stalled_words = life.stalled_words + 1 if stalled else 0
            if report is None:
                life.gone = True
            elif isinstance(report, SourceEnded):
                life.ended = report
            if report is None or isinstance(report, SourceEnded):
                self._changed.notify_all()
        match report:
            case Opened():
                life.live = report.live
                if report.live and report.name:
                    self._sink(report)
            case Sight():
                self._tell(life, report)
            case Again() if life.last is not None:
                self._tell(life, Sight(again(life.last, report.at)))
            case CameraLost():
                self._sink(report)
            case _:
                pass

    def _tell(self, life: _Life, sight: Sight) -> None:
        life.last = sight.landmarks
        show = self._show
        if show is not None:
            show(sight)
        self._sink(sight.landmarks)
