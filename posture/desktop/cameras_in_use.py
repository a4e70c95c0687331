"""Which other programs of the user have a camera open, on Linux: read from /proc."""

from __future__ import annotations

import os
import re
from pathlib import Path

PROC = Path("/proc")
_CAMERA = re.compile(r"/dev/video\d+$")
# The sound and video server's own manager opens each camera for a look at what it can do.
_ONLY_LOOKING = frozenset({"wireplumber", "pipewire-media-"})


def users(proc: Path = PROC, own: int | None = None) -> dict[int, str]:
    """Process number and name of each process that has a camera open.

    *own*: this program's process (None: the present one); it and what it started do not count.
    Other users' processes cannot be read and are not seen.
    """
    own = os.getpid() if own is None else own
    found: dict[int, str] = {}
    with os.scandir(proc) as folders:
        for folder in folders:
            if not folder.name.isdigit():
                continue
            try:
                if _has_camera(f"{folder.path}/fd"):
                    name = (proc / folder.name / "comm").read_text(errors="replace").strip()
                    found[int(folder.name)] = name
            except OSError:
                continue  # another user's, or gone in between
    return {
        number: name
        for number, name in found.items()
        if name not in _ONLY_LOOKING and not _is_from(proc, number, own)
    }


def _has_camera(folder: str) -> bool:
    # Without pathlib: there are thousands of them on a desktop, and this comes every few seconds.
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                if _CAMERA.match(os.readlink(entry.path)):  # noqa: PTH115
                    return True
            except OSError:
                continue  # closed in between
    return False


def _is_from(proc: Path, number: int, own: int) -> bool:
    """Whether the process is *own* or was started by it, however far back."""
    while number not in (0, 1):
        if number == own:
            return True
        number = _parent(proc, number)
    return False


def _parent(proc: Path, number: int) -> int:
    try:
        stat = (proc / str(number) / "stat").read_text(errors="replace")
    except OSError:
        return 0
    # The second field is the name in parentheses and may hold anything (proc(5)).
    return int(stat.rpartition(")")[2].split()[1])
