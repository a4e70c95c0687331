"""A smaller footprint: memory that only starting needed goes back to the system."""

from __future__ import annotations

import contextlib
import ctypes
import re
import sys
from pathlib import Path

# madvise(2), since Linux 5.4: nothing is lost, what is needed again is read from its file again.
_MADV_PAGEOUT = 21
_MAPPINGS = Path("/proc/self/maps")
# proc(5): first and last address, rights, offset, device, inode, path. What cannot be written.
_OF_A_FILE = re.compile(r"([0-9a-f]+)-([0-9a-f]+) r-.[ps] \S+ \S+ [1-9]\d* +/")


def shrink() -> None:
    """Give back the pages of files (libraries, models) and freed blocks. Never raises.

    Linux only; it lets go only of files that the user owns or may write.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None)
    with contextlib.suppress(AttributeError):  # musl has none
        libc.malloc_trim(0)
    with contextlib.suppress(OSError):
        for found in map(_OF_A_FILE.match, _MAPPINGS.read_text().splitlines()):
            if found is not None:
                first, end = (int(address, 16) for address in found.groups())
                libc.madvise(ctypes.c_void_p(first), ctypes.c_size_t(end - first), _MADV_PAGEOUT)
