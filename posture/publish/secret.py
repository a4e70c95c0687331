"""The broker's password: from a file only the user can read, or the system's environment."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

# Longer ones MQTT does not carry (3.1.1, 1.5.3).
_LONGEST = 65536
VARIABLE = "POSTURE_MQTT_PASSWORD"


class Exposed(OSError):
    """Others can read the file."""


def password(file: str) -> str | None:
    """The first line of *file*; the environment's :data:`VARIABLE` where *file* is empty.

    Raises Exposed, OSError or UnicodeDecodeError.
    """
    if not file:
        return os.environ.get(VARIABLE)
    path = Path(file).expanduser()
    if path.exists() and not path.is_file():  # to open a pipe could take for ever
        raise IsADirectoryError(errno.EISDIR, "no regular file")
    with path.open(encoding="utf-8") as opened:
        # On Windows a file has the rights of the user's folder.
        if os.name == "posix" and stat.S_IMODE(os.fstat(opened.fileno()).st_mode) & 0o077:
            raise Exposed
        return opened.readline(_LONGEST).rstrip("\r\n")
