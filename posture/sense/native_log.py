"""Keeps the routine chatter of native libraries out of the user's terminal."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from typing import BinaryIO, cast

# Log lines of abseil ("W0000 00:00:17… file.cc:114] …") and TensorFlow Lite, and the second line
# of MediaPipe's report on a failed graph. MediaPipe raises its errors too: nothing is lost.
_ROUTINE = re.compile(
    rb"[IWE]\d{4} [^\]]*\] |(INFO|WARNING): (Created TensorFlow Lite|All log messages before absl)"
    rb"|ERROR: (The model is not|Node number )|Calculator::\w+\(\) for node "
)
_STDERR = 2
_one_at_a_time = threading.Lock()


@contextlib.contextmanager
def quiet_native_log() -> Iterator[None]:
    """Hold back what is written to stderr meanwhile, then pass on all but the routine lines.

    Native libraries write to the file descriptor itself, so redirecting ``sys.stderr`` would not
    reach them. Where there is no stderr, or it cannot be redirected, nothing is changed.
    """
    with _one_at_a_time, contextlib.ExitStack() as stack:
        try:
            held = stack.enter_context(_somewhere())
            real = os.dup(_STDERR)
        except OSError:
            yield
            return
        stack.callback(os.close, real)
        _flush_python_stderr()
        os.dup2(held.fileno(), _STDERR)
        try:
            yield
        finally:
            _flush_python_stderr()
            os.dup2(real, _STDERR)
            _pass_on(held, real)


def _somewhere() -> BinaryIO:
    """A file without a name, in memory where the system has such."""
    if sys.platform == "linux":
        return os.fdopen(os.memfd_create("native log"), "w+b")
    return cast("BinaryIO", tempfile.TemporaryFile())


def _flush_python_stderr() -> None:
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.flush()


def _pass_on(held: BinaryIO, real: int) -> None:
    held.seek(0)
    kept = b"".join(line for line in held if not _ROUTINE.match(line))
    if kept:
        with contextlib.suppress(OSError):
            os.write(real, kept)
