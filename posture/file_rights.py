"""Who may look into a folder: by the modes of POSIX; by Windows' lists in ``access_lists``."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path
from typing import Protocol

DIR_MODE = 0o700


class FileRights(Protocol):
    """How a system keeps other users out."""

    def close(self, folder: Path) -> None:
        """Leave *folder* to the user, if the system lets that be done."""

    def is_open(self, folder: Path) -> bool | None:
        """Whether other users may look into *folder*; None where that cannot be told."""

    def advice(self, folder: Path) -> str:
        """The command that closes *folder*."""


def system_rights() -> FileRights:
    """Those of this system."""
    if os.name == "nt":
        from posture.access_lists import AccessLists  # noqa: PLC0415 - nobody else needs it

        return AccessLists()
    return Modes()


class Modes:
    """Linux and macOS: what is not the user's own is taken away."""

    def close(self, folder: Path) -> None:
        """Take every right of group and others."""
        # A read-only file system refuses; what is on it was not written by this run.
        with contextlib.suppress(OSError):
            folder.chmod(stat.S_IMODE(folder.stat().st_mode) & DIR_MODE)

    def is_open(self, folder: Path) -> bool:
        """Has group or others any right?"""
        return bool(stat.S_IMODE(folder.stat().st_mode) & ~DIR_MODE)

    def advice(self, folder: Path) -> str:
        """``chmod`` takes it."""
        return f"chmod 700 '{folder}'"
