"""The way from the command line to the running monitor: local, the user's own, no internet socket.

A socket in the user's private run-time directory (on Windows a named pipe with a key only the user
can read), named after the data directory, so that each has its own monitor.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from posture import paths
from posture.desktop.loop import LoopThread
from posture.desktop.reception import Reception
from posture.errors import ControlRefused, NotRunning
from posture.without import without_openssl


class ControlServer(Protocol):
    """Listens until stopped."""

    def start(self) -> None:
        """Begin to listen. Raises OutputUnwritable when the place cannot be made."""

    def stop(self) -> None:
        """Stop, and leave nothing behind."""


with without_openssl():
    import hashlib

# Each system's own way only: the pipe's brings a few megabytes along.
if sys.platform == "win32":
    from posture.desktop.control_pipe import PipeServer, ask_pipe, key_in

    def _serve(data_dir: Path, reception: Reception, _loop: LoopThread) -> ControlServer:
        return PipeServer(*_pipe(data_dir), reception)

    def _exchange(data_dir: Path, line: bytes) -> bytes:
        return ask_pipe(*_pipe(data_dir), line)

    def _pipe(data_dir: Path) -> tuple[str, str, bytes]:
        """Name, family and key."""
        digest = _digest(data_dir)
        key = key_in(paths.runtime_dir() / f"{digest}.key")
        return rf"\\.\pipe\posture-{digest}", "AF_PIPE", key

else:
    from posture.desktop.control_socket import SocketServer, ask_socket

    def _serve(data_dir: Path, reception: Reception, loop: LoopThread) -> ControlServer:
        return SocketServer(socket_path(data_dir), reception, loop)

    def _exchange(data_dir: Path, line: bytes) -> bytes:
        return ask_socket(socket_path(data_dir), line)


def serve(data_dir: Path, reception: Reception, loop: LoopThread) -> ControlServer:
    """The server for the monitor of *data_dir*; its lock must be held (see ``instance``)."""
    return _serve(data_dir, reception, loop)


def ask(data_dir: Path, request: Mapping[str, object]) -> dict[str, Any]:
    """Ask the monitor of *data_dir* and return its answer.

    Raises NotRunning when nobody listens, ControlRefused when the answer is no or none comes.
    """
    line = json.dumps(dict(request)).encode() + b"\n"
    try:
        answer: dict[str, Any] = json.loads(_exchange(data_dir, line))
    except (TimeoutError, ValueError, EOFError, BrokenPipeError, ConnectionResetError) as error:
        raise ControlRefused(
            "The running monitor does not answer.", "Try again, or stop and start it."
        ) from error
    except OSError as error:
        raise NotRunning("posture is not running.", "Start it with: posture run") from error
    if not answer.get("ok"):
        raise ControlRefused(f"The running monitor says no: {answer.get('error')}.", "")
    return answer


def socket_path(data_dir: Path) -> Path:
    """Where the monitor of *data_dir* listens."""
    return paths.runtime_dir() / f"{_digest(data_dir)}.sock"


def _digest(data_dir: Path) -> str:
    # Not resolve(): that raises where a link leads to itself.
    return hashlib.sha256(os.fsencode(os.path.realpath(data_dir))).hexdigest()[:16]
