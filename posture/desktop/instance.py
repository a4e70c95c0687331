"""One monitor per data directory: a lock that the system drops with the process."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from posture import paths
from posture.desktop import control
from posture.errors import AlreadyRunning, ControlRefused, NotRunning
from posture.plain_file import read_head
from posture.without import without_openssl

with without_openssl():
    from filelock import FileLock, Timeout

_LONGEST_NUMBER = 32


@contextlib.contextmanager
def only_one(data_dir: Path) -> Iterator[None]:
    """Hold *data_dir* for this process. Raises AlreadyRunning, naming the process that has it."""
    paths.make_private(data_dir)
    lock = FileLock(data_dir / "monitor.lock", mode=paths.FILE_MODE, blocking=False)
    number = data_dir / "monitor.pid"
    try:
        lock.acquire()
    except Timeout:
        raise _already(data_dir, _number(number)) from None
    except (NotImplementedError, OSError):
        # Some network file systems have no locks; whoever answers is running all the same.
        if _somebody_answers(data_dir):
            raise _already(data_dir, _number(number)) from None
    try:
        paths.write_own(number, f"{os.getpid()}\n")
        yield
    finally:
        with contextlib.suppress(OSError):
            number.unlink()
        lock.release()


def _already(data_dir: Path, number: int | None) -> AlreadyRunning:
    who = "in another process" if number is None else f"as process {number}"
    return AlreadyRunning(
        f"posture is already running {who} (data in {data_dir}).",
        "Look at it with: posture status. End it with: posture stop",
    )


def _number(path: Path) -> int | None:
    try:
        return int(read_head(path, _LONGEST_NUMBER))
    except (OSError, ValueError):
        return None


def _somebody_answers(data_dir: Path) -> bool:
    try:
        control.ask(data_dir, {"do": "status"})
    except NotRunning:
        return False
    except ControlRefused:
        return True
    return True
