"""A pipe, an endless device or a far too large file where a plain file is read."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest
from answers import alone, told
from monitor_process import write_desk

from posture import consent
from posture.memory_file import MEMORY_NAME, MemoryFile, Remembered
from posture.paths import config_dir
from posture.plain_file import read_bytes, read_text

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has no such files")
PATIENCE_S = 20


@pytest.fixture(autouse=True)
def no_endless_wait() -> Iterator[None]:
    def too_long(number: int, frame: FrameType | None) -> None:
        raise AssertionError("it waits for ever")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(PATIENCE_S)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    with alone(tmp_path):
        write_desk(tmp_path / "desk.jsonl", 3)
        os.mkfifo(tmp_path / "pipe")
        (tmp_path / "huge").touch()
        os.truncate(tmp_path / "huge", 1 << 40)
        yield tmp_path


@pytest.mark.parametrize("what", ["pipe", "/dev/zero", "huge"])
@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("run --no-tray --source desk.jsonl --speed max --config @", 26),
        ("replay desk.jsonl --config @", 26),
        ("replay desk.jsonl --calibration @", 24),
        ("data import @", 27),
    ],
)
def test_it_is_refused_at_once_in_one_line(home: Path, words: str, code: int, what: str) -> None:
    answer, complaint = told(*words.replace("@", what).split())

    assert answer == code, complaint
    assert len(complaint.strip().splitlines()) == 1
    assert what in complaint
    assert ("pipe, not a file" if what == "pipe" else "far too large") in complaint


def test_nothing_from_the_null_device_is_no_settings(home: Path) -> None:
    assert told("replay", "desk.jsonl", "--config", "/dev/null")[0] == 0


@pytest.mark.parametrize("what", ["pipe", "/dev/zero", "huge"])
def test_in_place_of_the_programs_own_files_it_counts_as_none(home: Path, what: str) -> None:
    config_dir().mkdir(parents=True)
    (config_dir() / "consent.json").symlink_to(home / what)
    (home / MEMORY_NAME).symlink_to(home / what)

    assert not consent.given()
    assert MemoryFile(home, 0).load() == Remembered()


def test_as_much_as_is_allowed_is_read(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_bytes(b"one\r\ntwo")

    assert read_text(path, 8) == "one\ntwo"
    assert read_bytes(path, 8) == b"one\r\ntwo"
    with pytest.raises(OSError, match="far too large"):
        read_bytes(path, 7)
