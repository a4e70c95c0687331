"""What a process and all it started cost, as Linux counts it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_KB_PER_MB = 1024


class NotLinuxError(Exception):
    """There is no /proc to read the costs from."""


@dataclass(frozen=True, slots=True)
class Usage:
    """``cpu_s``: user and system time so far; ``pss_mb``: memory, shared pages shared out."""

    cpu_s: float
    pss_mb: float
    processes: int


def usage(pid: int) -> Usage:
    """The cost of *pid* and its descendants, those that have ended included in the time."""
    if not Path("/proc/self/stat").exists():
        raise NotLinuxError("the costs of a process are read from /proc, which is Linux's")
    family = _family(pid)
    return Usage(sum(map(_cpu_s, family)), sum(map(_pss_mb, family)), len(family))


def _family(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(word) for word in task.read_text().split()]
        except OSError:
            continue
        for child in children:
            found += _family(child)
    return found


def _cpu_s(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    # utime, stime, and those of children that were waited for.
    return sum(int(value) for value in fields[11:15]) / _TICKS_PER_S


def _pss_mb(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    line = next((line for line in text.splitlines() if line.startswith("Pss:")), "Pss: 0 kB")
    return int(line.split()[1]) / _KB_PER_MB
