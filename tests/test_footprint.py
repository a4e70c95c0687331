"""What only starting needed goes back to the system, and nothing is lost by it."""

from __future__ import annotations

import mmap
import os
import re
from pathlib import Path

from posture.footprint import shrink

SIZE = 8 << 20


def resident_kb(path: Path) -> int:
    """How much of the file at *path* this process holds in memory (Linux)."""
    maps = Path("/proc/self/smaps").read_text()
    found = re.search(rf"{re.escape(str(path))}\n(?:.*\n)*?Rss:\s+(\d+) kB", maps)
    assert found is not None
    return int(found[1])


def test_pages_of_a_mapped_file_go_and_come_back_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "model"
    content = bytes(range(256)) * (SIZE // 256)
    with path.open("wb") as written:
        written.write(content)
        written.flush()
        # What is not yet on the disk is not let go.
        os.fsync(written.fileno())
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        assert mapped[:] == content
        before = resident_kb(path)
        shrink()
        assert resident_kb(path) < before / 4
        assert mapped[:] == content
