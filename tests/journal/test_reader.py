"""What a reader finds in a file that is empty, damaged, locked or on a disk nobody writes to."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
from contextlib import closing
from pathlib import Path

import pytest
from days import at, effects, story, us

from posture.clock import ManualClock
from posture.core.effects import MinuteMeasure, SpanKind, WriteMinute
from posture.errors import JournalError
from posture.journal.file import FILE_NAME
from posture.journal.reader import NoJournalYet, Reader
from posture.journal.schema import VERSION
from posture.journal.store import Journal

NINE = us("2026-03-02 09:00")
ALL = (0, 2**62)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    with Journal(tmp_path / "log", ManualClock(at(NINE))) as journal:
        journal.record(effects(story(SpanKind.ACTIVITY, "2026-03-02 09:00", "sitting 50m")))
        journal.record([WriteMinute(NINE, {"score": MinuteMeasure(80, 70, 90, 60)})])
    return tmp_path / "log"


def test_no_file_is_no_log_yet(tmp_path: Path) -> None:
    with pytest.raises(NoJournalYet, match="There is no log"):
        Reader(tmp_path)


def test_an_empty_file_is_an_empty_log(tmp_path: Path) -> None:
    """The monitor has created it and written nothing yet."""
    (tmp_path / FILE_NAME).touch()

    with Reader(tmp_path) as reader:
        assert reader.extent() is None
        assert reader.spans(*ALL) == []

    assert (tmp_path / FILE_NAME).stat().st_size == 0


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"\0" * 8192])
def test_what_is_no_database_is_said_and_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)

    with pytest.raises(JournalError, match="damaged") as caught:
        Reader(tmp_path)

    assert caught.value.exit_code == 27
    assert (tmp_path / FILE_NAME).read_bytes() == content


def test_another_programs_database_is_said(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as other:
        other.execute("CREATE TABLE songs (title TEXT)")

    with pytest.raises(JournalError, match="not a log of posture"):
        Reader(tmp_path)


def test_a_newer_log_is_said(log: Path) -> None:
    with closing(sqlite3.connect(log / FILE_NAME)) as newer:
        newer.execute(f"PRAGMA user_version = {VERSION + 1}")

    with pytest.raises(JournalError, match="newer posture"):
        Reader(log)


def test_a_damaged_hour_is_said_when_it_is_read(log: Path) -> None:
    with closing(sqlite3.connect(log / FILE_NAME, isolation_level=None)) as other:
        other.execute("UPDATE hour SET minutes = x'02abcd'")

    with Reader(log) as reader:
        assert len(reader.spans(*ALL)) == 1
        with pytest.raises(JournalError, match="damaged"):
            reader.minutes(*ALL)


def test_a_folder_nobody_may_write_to_is_read(log: Path) -> None:
    """Run as nobody, so that the modes count even where the tests run as root."""
    code = textwrap.dedent(
        """
        import os, sys
        from pathlib import Path
        from posture.journal.reader import Reader
        if os.geteuid() == 0:
            os.setuid(65534)
        assert not os.access(sys.argv[1], os.W_OK)
        with Reader(Path(sys.argv[1])) as reader:
            print(len(reader.spans(0, 2**62)), len(reader.minutes(0, 2**62)))
        """
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copyfile(log / FILE_NAME, folder / FILE_NAME)
        (folder / FILE_NAME).chmod(0o444)
        folder.chmod(0o555)
        try:
            done = subprocess.run(
                [sys.executable, "-c", code, name], check=True, capture_output=True, text=True
            )
        finally:
            folder.chmod(0o755)

    assert done.stdout.split() == ["1", "1"]
