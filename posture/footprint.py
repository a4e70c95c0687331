"""A smaller footprint: memory that only starting needed goes back to the system."""

from __future__ import annotations

import contextlib
import ctypes
import re
import sys
from pathlib import Path

# madvise(2). Nothing is lost by them here, what is needed again is read from its file again. The
# first, since Linux 5.4, frees pages nobody else has mapped; the second lets go of this process's
# hold on the others, and would lose what was written.
_MADV_PAGEOUT = 21
_MADV_DONTNEED = 4
_MAPPINGS = Path("/proc/self/smaps")
# proc(5): first and last address, rights, offset, device, inode, path; figures in kB below.
_OF_A_FILE = re.compile(
    r"^([0-9a-f]+)-([0-9a-f]+) r(.).[ps] \S+ \S+ [1-9]\d* +/.*\n(?:\w+: .*\n)*?"
    r"Anonymous: +(\d+) kB$",
    re.MULTILINE,
)
# A writable mapping with no more of its own than this (chosen) holds tables that only loading
# needed: as patched libraries in wheels do. The rest of its own may go to the swap space.
_OWN_KB = 16


def shrink() -> None:
    """Give back the pages of files (libraries, models) and freed blocks. Never raises. Linux only.

    The system frees only pages of files that the user owns or may write.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None)
    with contextlib.suppress(AttributeError):  # musl has none
        libc.malloc_trim(0)
    with contextlib.suppress(OSError):
        for first, end, write, own_kb in _OF_A_FILE.findall(_MAPPINGS.read_text()):
            start = ctypes.c_void_p(int(first, 16))
            length = ctypes.c_size_t(int(end, 16) - int(first, 16))
            if write == "-" or int(own_kb) <= _OWN_KB:
                libc.madvise(start, length, _MADV_PAGEOUT)
            if write == "-" and own_kb == "0":
                libc.madvise(start, length, _MADV_DONTNEED)
