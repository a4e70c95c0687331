"""One worker process as the program holds it: start it, tell it, hear it, be rid of it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
from collections.abc import Callable, Sequence
from typing import BinaryIO, cast

from posture.errors import WatchFailed
from posture.sense import wire
from posture.sense.wire import Assignment, Report, Wish

# What was killed is gone within this, unless it is stuck in the system itself; chosen.
_KILLED_S = 5.0
# One thread until the worker has locked itself in: its matrices are tiny. One heap: what a thread
# of glibc frees, the others can use.
_SMALL = {"OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}


class WorkerProcess:
    """A running worker; *hear* gets its words, then None when there will be no more.

    *hear* is called in a thread of this object. Raises WatchFailed when it cannot be started.
    """

    def __init__(
        self,
        command: Sequence[str],
        assignment: Assignment,
        hear: Callable[[Report | None], None],
    ) -> None:
        self._hear = hear
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, **_SMALL},
            )
        except OSError as error:
            raise WatchFailed(
                f"The part that watches the camera cannot be started: {error.strerror}.",
                "Install posture again.",
            ) from error
        self._ear = threading.Thread(target=self._listen, name="worker's words", daemon=True)
        self._ear.start()
        self._tell(wire.assignment_head(assignment))

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def tell(self, wish: Wish) -> None:
        """Tell it how to watch; if it has gone, *hear* says so."""
        self._tell(wire.wish_head(wish))

    def end(self, goodbye_s: float) -> None:
        """Let it close the camera and end, or else kill it."""
        with contextlib.suppress(OSError):
            self._pipe(self._process.stdin).close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(goodbye_s)
        self.kill()

    def kill(self) -> None:
        """End it at once. One that even the system cannot end is left behind."""
        self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_KILLED_S)
        self._ear.join(_KILLED_S)
        if not self._ear.is_alive():
            self._pipe(self._process.stdout).close()
            with contextlib.suppress(OSError):
                self._pipe(self._process.stdin).close()

    def _tell(self, head: dict[str, object]) -> None:
        with contextlib.suppress(OSError, ValueError):
            wire.write(self._pipe(self._process.stdin), head)

    def _listen(self) -> None:
        try:
            while (report := wire.read_report(self._pipe(self._process.stdout))) is not None:
                self._hear(report)
        except (OSError, wire.WireBrokenError):
            pass  # as good as gone: it is replaced
        finally:
            self._hear(None)

    @staticmethod
    def _pipe(stream: object) -> BinaryIO:
        return cast("BinaryIO", stream)
