"""Where the program is that watches and disturbs system calls."""

from __future__ import annotations

import shutil


def strace() -> str:
    found = shutil.which("strace")
    assert found is not None, "strace is missing: sudo apt install strace (see .ci/run)"
    return found
