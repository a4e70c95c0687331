"""The windows of a running monitor: preview and recalibration, each in a process of its own."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from posture.app import Inbox
from posture.clock import Clock
from posture.core.effects import Effect
from posture.core.thresholds import Thresholds
from posture.desktop.wishes import Command, CommandKind
from posture.desktop.words import say
from posture.own_command import own_command
from posture.plan import Plan
from posture.preview_process import PreviewProcess, Show
from posture.sense.source import names_camera

_CANCELLED = 130
_GOODBYE_S = 3.0


class Watching(Protocol):
    """What a feed offers to windows."""

    def start(self) -> None:
        """Begin to watch."""

    def want(self, wanted: bool, interval_s: float) -> None:
        """Open or release the camera."""

    def doubt(self, undecided: bool) -> None:
        """Whether the next picture may settle what the last has raised."""

    def stop(self) -> object:
        """End, and release everything."""

    def request_pictures(self, show: Show | None) -> None:
        """Have *show* see each moment with its picture; None: no longer."""


class LendableFeed:
    """A feed whose camera can be lent to another process; meanwhile it waits."""

    def __init__(self, feed: Watching) -> None:
        self._feed = feed
        self._lock = threading.Lock()
        self._wish = (True, 0.0)
        self._show: Show | None = None
        self._lent = False

    def start(self) -> None:
        """Begin to watch."""
        self._feed.start()

    def want(self, wanted: bool, interval_s: float) -> None:
        """Open or release the camera, now or when it comes back."""
        with self._lock:
            self._wish = (wanted, interval_s)
            if not self._lent:
                self._feed.want(wanted, interval_s)

    def doubt(self, undecided: bool) -> None:
        """Look as what was told needs it."""
        self._feed.doubt(undecided)

    def request_pictures(self, show: Show | None) -> None:
        """Have *show* see the pictures, now or when the camera comes back."""
        with self._lock:
            self._show = show
            if not self._lent:
                self._feed.request_pictures(show)

    def lend(self) -> None:
        """Release the camera for somebody else."""
        with self._lock:
            self._lent = True
            self._feed.request_pictures(None)
            self._feed.want(False, self._wish[1])

    def take_back(self) -> None:
        """Go on as wished."""
        with self._lock:
            self._lent = False
            self._feed.want(*self._wish)
            self._feed.request_pictures(self._show)

    def stop(self) -> object:
        """End, and release everything."""
        return self._feed.stop()


class Windows:
    """Performs the commands that open windows.

    ``profile``: the calibrated desk in use. ``tell``: shows one line to the user. ``command``: how
    the calibration is started.
    """

    def __init__(
        self,
        feed: LendableFeed,
        plan: Plan,
        thresholds: Thresholds,
        inbox: Inbox,
        clock: Clock,
        *,
        profile: Callable[[], str],
        tell: Callable[[str], None],
        preview: PreviewProcess | None = None,
        command: Sequence[str] | None = None,
    ) -> None:
        self._feed = feed
        self._source = plan.source
        self._profile = profile
        self._inbox = inbox
        self._clock = clock
        self.tell = tell
        self._preview = preview or PreviewProcess(feed.request_pictures, thresholds)
        self._command = command
        self._calibrating: subprocess.Popen[str] | None = None
        self._thread: threading.Thread | None = None

    def handle(self, command: Command) -> bool:
        """Perform *command* if it concerns windows; whether it did."""
        match command.kind:
            case CommandKind.PREVIEW:
                self._open_preview()
            case CommandKind.RECALIBRATE:
                self._recalibrate()
            case _:
                return False
        return True

    def obey(self, thresholds: Thresholds) -> None:
        """Judge by other thresholds from now on."""
        self._preview.obey(thresholds)

    def watch(self, effects: Sequence[Effect]) -> None:
        """Take what the monitor says."""
        self._preview.watch(effects)

    def close(self) -> None:
        """Take all windows away."""
        self._preview.close()
        if self._calibrating is not None:
            self._calibrating.terminate()
        if self._thread is not None:
            self._thread.join(_GOODBYE_S)

    def _open_preview(self) -> None:
        try:
            self._preview.show()
        except OSError as error:
            self.tell(say("preview.failed", why=error.strerror))

    def _recalibrate(self) -> None:
        if not names_camera(self._source):
            self.tell(say("recalibrate.no_camera"))
            return
        if self._thread is not None and self._thread.is_alive():
            return
        of = ("--source", self._source, "--profile", self._profile())
        guided = self._command or own_command("calibrate", "--window", *of)
        self._feed.lend()
        try:
            process = subprocess.Popen(  # noqa: S603 - our own program
                list(guided),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
            )
        except OSError as error:
            self._feed.take_back()
            self.tell(say("recalibrate.failed", why=error.strerror))
            return
        self._calibrating = process
        self._thread = threading.Thread(
            target=self._await, args=(process,), name="calibration", daemon=True
        )
        self._thread.start()

    def _await(self, process: subprocess.Popen[str]) -> None:
        """Wait for the guided calibration to end, and have what it learnt used."""
        try:
            said, _ = process.communicate()
        finally:
            self._feed.take_back()
        if process.returncode == 0:
            # In the monitor's own thread, as if another profile had been chosen.
            self._inbox.put(Command(self._clock.now(), CommandKind.PROFILE, self._profile()))
        elif process.returncode not in (_CANCELLED, -signal.SIGTERM):
            self.tell(said.strip().splitlines()[-1] if said.strip() else "")
