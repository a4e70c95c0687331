"""A pipe, an endless device or a far too large file where a plain file is read."""

from __future__ import annotations

import gzip
import os
import signal
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType

import pytest
from answers import alone, told
from monitor_process import write_desk

from posture import consent
from posture.clock import SystemClock
from posture.errors import ModelError, OutputUnwritable
from posture.journal.file import FILE_NAME
from posture.journal.store import Journal
from posture.memory_file import MEMORY_NAME, MemoryFile, Remembered
from posture.paths import config_dir, write_private
from posture.plain_file import read_bytes, read_text
from posture.sense.models import POSE, open_bundle

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


@pytest.mark.parametrize("what", ["pipe", "/dev/zero", "huge"])
@pytest.mark.parametrize(
    ("name", "code", "why"),
    [("film.mp4", 21, "not a video"), ("desk.jsonl", 30, "line is far too long")],
)
@pytest.mark.parametrize("words", ["analyze", "calibrate --out me.json --source"])
def test_no_source_is_waited_for(
    tmp_path: Path, words: str, name: str, code: int, why: str, what: str
) -> None:
    with alone(tmp_path):
        source = tmp_path / "given" / name
        source.parent.mkdir()
        if what == "pipe":
            os.mkfifo(source)
        elif what == "huge":
            source.touch()
            os.truncate(source, 1 << 40)
        else:
            source.symlink_to(what)

        answer, complaint = told(*words.split(), str(source))

    assert answer == code, complaint
    assert ("pipe, not a file" if what == "pipe" else why) in complaint
    assert len(complaint.strip().splitlines()) == 1


def test_a_few_packed_bytes_are_not_unpacked_without_end(home: Path) -> None:
    """A tenth of a gigabyte of empty lines; ten times ten would take minutes."""
    with gzip.open(home / "bomb.jsonl.gz", "wb", 1) as file:
        for _ in range(100):
            file.write(b"\n" * 1_000_000)

    answer, complaint = told("analyze", "bomb.jsonl.gz")

    assert answer == 30
    assert "line 10001: there are far too many empty lines" in complaint


@pytest.mark.parametrize("what", ["pipe", "/dev/zero", "huge"])
def test_in_place_of_a_model_it_is_refused(home: Path, what: str) -> None:
    with pytest.raises(ModelError, match=r"pipe or device, not a file|not a task bundle"):
        open_bundle(POSE, home / what)


@pytest.mark.parametrize("what", ["pipe", "/dev/zero"])
@pytest.mark.parametrize("words", ["log", "data export --out -", "data delete --all --yes"])
def test_in_place_of_the_log_it_is_refused(home: Path, words: str, what: str) -> None:
    (home / "kept").mkdir()
    (home / "kept" / FILE_NAME).symlink_to(home / what)

    answer, complaint = told(*words.split(), "--data-dir", "kept")

    assert answer == 27, complaint
    assert "pipe or device, not a file" in complaint


@pytest.mark.parametrize(
    "words",
    [
        "report --demo --out pipe",
        "data export --data-dir kept --out pipe",
        "data export --data-dir kept --format sqlite --out pipe",
        "analyze desk.jsonl --trace-out pipe",
    ],
)
def test_as_a_target_a_pipe_nobody_reads_is_refused_and_stays(home: Path, words: str) -> None:
    Journal(home / "kept", SystemClock()).close()

    answer, complaint = told(*words.split())

    assert answer == OutputUnwritable.exit_code, complaint
    assert "nobody reads from this pipe" in complaint or "pipe or device, not a file" in complaint
    assert stat.S_ISFIFO((home / "pipe").stat().st_mode)


def test_a_pipe_somebody_reads_gets_all_of_a_long_page(home: Path) -> None:
    page = b"0123456789abcdef" * 100_000
    with ThreadPoolExecutor() as elsewhere:
        read = elsewhere.submit(os.open, home / "pipe", os.O_RDONLY)
        # Opened both ways a pipe waits for nobody; it lets the reader in.
        held = os.open(home / "pipe", os.O_RDWR)
        reader = os.fdopen(read.result(), "rb")
        got = elsewhere.submit(reader.read, len(page))

        write_private(home / "pipe", page)

        assert got.result() == page
        reader.close()
        os.close(held)


def test_as_much_as_is_allowed_is_read(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_bytes(b"one\r\ntwo")

    assert read_text(path, 8) == "one\ntwo"
    assert read_bytes(path, 8) == b"one\r\ntwo"
    with pytest.raises(OSError, match="far too large"):
        read_bytes(path, 7)
