"""A file that may be anything: bytes or text out of it or into it, never an endless wait."""

from __future__ import annotations

import errno
import os
import stat
from io import BufferedReader, FileIO
from pathlib import Path

# A pipe without a writer would be waited for; Windows has neither.
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
_BUFFER = 1 << 17


def open_plain(path: Path) -> BufferedReader:
    """Open the file at *path* for reading.

    Raises OSError, also for a pipe or socket; its ``strerror`` says why.
    """
    file: BufferedReader = BufferedReader(FileIO(path, "rb", opener=_opener), _BUFFER)
    kind = os.fstat(file.fileno()).st_mode
    if stat.S_ISREG(kind) or stat.S_ISCHR(kind):
        return file
    file.close()
    raise OSError(errno.EINVAL, "it is a pipe, not a file", str(path))


def read_head(path: Path, count: int) -> bytes:
    """The first *count* bytes of the file at *path*, or all where there are fewer.

    Raises what :func:`open_plain` does.
    """
    with open_plain(path) as file:
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


def write_to_device(path: Path, data: bytes) -> None:
    """Write *data* to the device or pipe at *path*. Raises OSError, for a pipe nobody reads too."""
    try:
        handle = os.open(path, os.O_WRONLY | _NO_WAIT)
    except OSError as error:
        if error.errno == errno.ENXIO:
            raise OSError(errno.ENXIO, "nobody reads from this pipe", str(path)) from error
        raise
    if _NO_WAIT:
        os.set_blocking(handle, True)
    with os.fdopen(handle, "wb") as file:
        file.write(data)


def refuse_device(path: Path) -> None:
    """Raise OSError where *path* is a pipe or device.

    A file put there would take its place, and who looks for a file's end finds none.
    """
    try:
        kind = path.stat().st_mode
    except OSError:  # as who opens it will hear
        return
    if not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
        raise OSError(errno.EINVAL, "it is a pipe or device, not a file", str(path))


def _opener(path: str, flags: int) -> int:
    return os.open(path, flags | _NO_WAIT)
