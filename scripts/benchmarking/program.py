"""The shipped program under observation: what it prints, when, and what it costs."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarking.processes import Usage, usage
from posture.clock import SystemClock

ROOT = Path(__file__).resolve().parents[2]
_ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_GOODBYE_S = 20.0


class Program:
    """``posture run`` in a terminal of its own."""

    def __init__(self, process: subprocess.Popen[bytes], terminal: int, started: float) -> None:
        self.started = started
        self._process = process
        self._terminal = terminal
        self._clock = SystemClock()
        self._news = threading.Condition()
        self._lines: list[tuple[float, str]] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def runs(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def usage(self) -> Usage:
        """What it has cost so far, with all it started."""
        return usage(self._process.pid)

    @property
    def lines(self) -> list[tuple[float, str]]:
        """Everything it has written, each with its time on the steady clock."""
        with self._news:
            return list(self._lines)

    def when(self, words: str, after: float, timeout_s: float) -> float | None:
        """When it first wrote *words* (a regular expression) after a moment; None: not in time."""
        pattern = re.compile(words)

        def found() -> float | None:
            hits = (at for at, line in self._lines if at >= after and pattern.search(line))
            return next(hits, None)

        with self._news:
            self._news.wait_for(lambda: found() is not None, timeout_s)
            return found()

    def stop(self) -> None:
        """End it as a user would, with Ctrl-C."""
        self._process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_GOODBYE_S)
        self._process.kill()
        self._process.wait()
        self._reader.join(_GOODBYE_S)

    def _read(self) -> None:
        rest = ""
        while True:
            try:
                data = os.read(self._terminal, 65536)
            except OSError:
                return
            if not data:
                return
            at = self._clock.now().mono
            *lines, rest = re.split(r"[\r\n]+", rest + data.decode("utf-8", "replace"))
            # The status line has no end of its own: what stands there is what is shown.
            shown = [_ESCAPES.sub("", line).strip() for line in (*lines, rest)]
            with self._news:
                self._lines += [(at, line) for line in shown if line]
                self._news.notify_all()


def environment(home: Path) -> dict[str, str]:
    """A user without a desktop, whose files lie in *home*."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ}
    return {
        **kept,
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "PYTHONPATH": str(ROOT),
        "TERM": "xterm",
    }


@contextmanager
def running(home: Path, options: Sequence[str]) -> Iterator[Program]:
    """Have ``posture run`` with *options* run until the block ends."""
    leader, follower = pty.openpty()
    started = SystemClock().now().mono
    process = subprocess.Popen(
        [sys.executable, "-m", "posture", "run", "--no-tray", *options],
        stdin=subprocess.DEVNULL,
        stdout=follower,
        stderr=follower,
        cwd=home,
        env=environment(home),
    )
    os.close(follower)
    program = Program(process, leader, started)
    try:
        yield program
    finally:
        program.stop()
        os.close(leader)


def posture(home: Path, arguments: Sequence[str]) -> None:
    """Run another posture command of the same user to its end. Raises CalledProcessError."""
    subprocess.run(
        [sys.executable, "-m", "posture", *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=home,
        env=environment(home),
    )
