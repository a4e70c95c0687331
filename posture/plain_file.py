"""A file that may be anything: its bytes or text out, never an endless wait or read."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

# A pipe without a writer would be waited for; Windows has neither.
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)


def read_head(path: Path, count: int) -> bytes:
    """The first *count* bytes of the file at *path*, or all where there are fewer.

    Raises OSError, also for a pipe or socket; its ``strerror`` says why.
    """
    with open(path, "rb", opener=_opener) as file:
        kind = os.fstat(file.fileno()).st_mode
        if not (stat.S_ISREG(kind) or stat.S_ISCHR(kind)):
            raise OSError(errno.EINVAL, "it is a pipe, not a file", str(path))
        return file.read(count) or b""


def read_bytes(path: Path, most_bytes: int) -> bytes:
    """All that is in the file at *path*.

    Raises what :func:`read_head` does, and OSError for more than *most_bytes*: a device gives
    bytes for ever.
    """
    data = read_head(path, most_bytes + 1)
    if len(data) > most_bytes:
        raise OSError(errno.EFBIG, "it is far too large", str(path))
    return data


def read_text(path: Path, most_bytes: int) -> str:
    """All that is in the UTF-8 file at *path*, with plain line ends.

    Raises what :func:`read_bytes` does, and UnicodeDecodeError.
    """
    text = read_bytes(path, most_bytes).decode("utf-8")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _opener(path: str, flags: int) -> int:
    return os.open(path, flags | _NO_WAIT)
