"""A program in a terminal of its own, read and typed into as by a person."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from at_home import ROOT, home_environment
from stage import LONG_S

_CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


class Terminal:
    """Its screen is everything that was written so far, without colours."""

    def __init__(self, process: subprocess.Popen[bytes], handle: int) -> None:
        self.process = process
        self._handle = handle
        self._written = b""
        self._seen = 0

    @property
    def text(self) -> str:
        """All that was written."""
        return _CODES.sub("\n", self._written.decode("utf-8", "replace"))

    def await_text(self, wanted: str, within_s: float = LONG_S) -> None:
        """Read on until *wanted* is written, after what was awaited before."""
        end = time.monotonic() + within_s
        while wanted not in self.text[self._seen :]:
            if not self._read(end - time.monotonic()):
                raise AssertionError(f"{wanted!r} was never written:\n{self.text}")
        self._seen = self.text.index(wanted, self._seen) + len(wanted)

    def type(self, line: str) -> None:
        """Type a line and press Enter."""
        os.write(self._handle, f"{line}\n".encode())

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        os.write(self._handle, b"\x03")

    def end(self, within_s: float = LONG_S) -> int:
        """Read on until the program ends; its exit code."""
        end = time.monotonic() + within_s
        while self._read(end - time.monotonic()):
            pass
        return self.process.wait(max(end - time.monotonic(), 1.0))

    def _read(self, timeout_s: float) -> bool:
        ready, _, _ = select.select([self._handle], [], [], max(timeout_s, 0.0))
        if not ready:
            return False
        try:
            data = os.read(self._handle, 4096)
        except OSError:  # Linux says so when the last writer has gone
            return False
        self._written += data
        return bool(data)


@contextmanager
def in_terminal(home: Path, *words: str, columns: int = 100) -> Iterator[Terminal]:
    """``posture`` with *words* in a terminal without a display."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = home_environment(home) | {"TERM": "xterm"}
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "COLUMNS"):
        environment.pop(name, None)
    process = subprocess.Popen(
        # Ctrl-C goes to whoever has this terminal for its own.
        ["setsid", "--ctty", sys.executable, "-m", "posture", *words],
        cwd=ROOT,
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    try:
        yield Terminal(process, ours)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        with contextlib.suppress(OSError):
            os.close(ours)
