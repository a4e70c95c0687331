"""No copy of the memory, with the picture in it, goes to the disk when the program crashes."""

from __future__ import annotations

import contextlib
import sys


def forbid_memory_dumps() -> None:
    """Hold for this process and all it starts. Never raises; Windows has no such limit."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - POSIX only

    # core(5): 0 does not keep Linux from handing the dump to a collecting program; 1 does, and is
    # too little for a file.
    most = 1 if sys.platform == "linux" else 0
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (most, most))
