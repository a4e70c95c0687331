"""What only starting needed goes back to the system, and nothing is lost by it."""

from __future__ import annotations

import mmap
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from posture.footprint import shrink

SIZE = 8 << 20
CONTENT = bytes(range(256)) * (SIZE // 256)


def resident_kb(path: Path) -> int:
    """How much of the file at *path* this process holds in memory (Linux)."""
    maps = Path("/proc/self/smaps").read_text()
    found = re.search(rf"{re.escape(str(path))}\n(?:.*\n)*?Rss:\s+(\d+) kB", maps)
    assert found is not None
    return int(found[1])


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model"
    with path.open("wb") as written:
        written.write(CONTENT)
        written.flush()
        # What is not yet on the disk is not let go.
        os.fsync(written.fileno())
    return path


@pytest.mark.parametrize("access", [mmap.ACCESS_READ, mmap.ACCESS_COPY], ids=["read", "writable"])
def test_pages_of_a_mapped_file_go_and_come_back_unchanged(model: Path, access: int) -> None:
    with model.open("rb") as file, mmap.mmap(file.fileno(), 0, access=access) as mapped:
        assert mapped[:] == CONTENT
        before = resident_kb(model)
        shrink()
        assert resident_kb(model) < before / 4
        assert mapped[:] == CONTENT


HOLDER = """
import mmap, sys
with open(sys.argv[1], "rb") as file:
    mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    assert len(mapped[:]) == mapped.size()
    print("held", flush=True)
    sys.stdin.read()
"""


def test_pages_another_process_has_mapped_too_are_let_go(model: Path) -> None:
    """As a library's are: the system frees none of them."""
    words = [sys.executable, "-c", HOLDER, str(model)]
    with (
        subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other,
        model.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
    ):
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        assert mapped[:] == CONTENT
        before = resident_kb(model)
        shrink()
        assert resident_kb(model) < before / 4
        assert mapped[:] == CONTENT


def test_what_was_written_to_a_mapping_stays(model: Path) -> None:
    """Pages of one's own could only go to the swap space, and be fetched from it at once."""
    with model.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY) as mapped:
        mapped[: SIZE // 2] = bytes(SIZE // 2)
        shrink()
        assert resident_kb(model) >= SIZE // 2 // 1024
        assert mapped[:] == bytes(SIZE // 2) + CONTENT[SIZE // 2 :]


STARTING = """
import re
from pathlib import Path
from posture.sense import landmarker

opened = landmarker._open

def watched(kind, *rest):
    status = Path("/proc/self/status").read_text()
    print(kind, re.search(r"RssFile:\\s+(\\d+) kB", status)[1])
    return opened(kind, *rest)

landmarker._open = watched
landmarker.Landmarker().close()
"""


def test_the_first_landmarker_is_no_burden_while_the_second_is_loaded() -> None:
    said = subprocess.run(
        [sys.executable, "-c", STARTING], check=True, capture_output=True, text=True
    ).stdout
    held_kb = dict(line.split() for line in said.splitlines())
    assert held_kb.keys() == {"pose", "face"}
    # 60 MB of libraries and model without it.
    assert int(held_kb["face"]) < 30_000
