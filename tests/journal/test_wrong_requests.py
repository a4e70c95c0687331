"""What cannot be done is said in one line with its exit code, and nothing is lost by asking."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from days import at, effects, story, us

from posture.cli import main
from posture.clock import ManualClock
from posture.core.effects import SpanKind
from posture.journal.file import FILE_NAME
from posture.journal.store import Journal
from posture.paths import write_private

MONDAY = "2026-03-02"
FORMATS = ("json", "csv", "sqlite", "activitywatch")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A morning."""
    directory = tmp_path / "log"
    nine = us(f"{MONDAY} 09:00")
    with Journal(directory, ManualClock(at(nine))) as journal:
        journal.record(effects(story(SpanKind.ACTIVITY, f"{MONDAY} 09:00", "sitting 50m")))
    return directory


def refusal(capsys: pytest.CaptureFixture[str], code: int, words: list[str], folder: Path) -> str:
    """The one line *words* get, exiting with *code*."""
    assert main([*words, "--data-dir", str(folder)]) == code
    said = capsys.readouterr()
    assert said.out == ""
    (line,) = said.err.splitlines()
    return line


def spans_in(folder: Path) -> int:
    with closing(sqlite3.connect(folder / FILE_NAME)) as db:
        count: int = db.execute("SELECT count(*) FROM span").fetchone()[0]
    return count


@pytest.mark.parametrize("what", [*(f"data export --format {name}" for name in FORMATS), "report"])
def test_the_log_is_not_overwritten_by_what_is_made_of_it(
    what: str, log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [*what.split(), "--out", str(log / FILE_NAME)]

    assert "is the log itself" in refusal(capsys, 31, words, log)
    assert spans_in(log) == 1


@pytest.mark.parametrize("what", [*(f"data export --format {name}" for name in FORMATS), "report"])
def test_a_folder_is_no_file(
    what: str, log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "here"
    folder.mkdir()

    line = refusal(capsys, 31, [*what.split(), "--out", str(folder)], log)

    assert f"{folder} is a folder. Name a file in it." in line
    line = refusal(capsys, 31, [*what.split(), "--out", str(tmp_path / ("9" * 300))], log)
    assert "cannot be written: File name too long. Choose another name." in line
    assert sorted(tmp_path.iterdir()) == [folder, log]


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)

    write_private(pipe, "words")

    assert os.read(reader, 100) == b"words"
    os.close(reader)
    assert pipe.is_fifo()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("log 2150-01-01", "2150-01-01 is still to come. Name a day up to today."),
        ("log 2150-01-01 --week", "2150-01-01 is still to come. Name a day up to today."),
        ("report 2150-01-01", "2150-01-01 is still to come. Name a day up to today."),
        (
            "data delete --yes --before 2150-01-01",
            "2150-01-01 is still to come. To delete everything: --all.",
        ),
        ("log 2026-W10", "'2026-W10' is not a date."),
        ("report --demo", "--demo shows no log: --data-dir does not go with it."),
        ("report --open --out -", "What goes to stdout cannot be opened."),
        ("data delete --all --before 2026-01-01", "--before and --all exclude each other."),
    ],
)
def test_what_cannot_be_meant(
    words: str, said: str, log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said in refusal(capsys, 2, words.split(), log)
    assert spans_in(log) == 1


def test_a_log_that_runs_ahead_of_the_clock_can_be_looked_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spans = story(SpanKind.ACTIVITY, "2150-01-02 09:00", "sitting 50m")
    with Journal(tmp_path, ManualClock(at(us("2150-01-02 09:00")))) as journal:
        journal.record(effects(spans))

    assert main(["log", "2150-01-02", "--data-dir", str(tmp_path)]) == 0
    assert "50 min" in capsys.readouterr().out


@pytest.mark.parametrize("words", ["log", "report", "data export", "data delete --all --yes"])
def test_a_file_is_no_folder_of_a_log(
    words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    file.write_text("mine")

    assert f"{file} is not a folder." in refusal(capsys, 27, words.split(), file)
    assert file.read_text() == "mine"
    # Nor is a name that is too long for one.
    long = tmp_path / ("9" * 5000)
    assert f"{long} is not a folder." in refusal(capsys, 27, words.split(), long)


@pytest.mark.parametrize("words", [["--all"], ["--before", MONDAY]])
def test_what_is_damaged_cannot_be_emptied_and_who_can_is_said(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / FILE_NAME).write_text("no database")

    line = refusal(capsys, 27, ["data", "delete", *words, "--yes"], tmp_path)

    assert "Delete the file yourself" in line


@pytest.mark.parametrize(
    ("version", "said"),
    [(99, "was exported by a newer posture. Update posture."), (None, "damaged")],
)
def test_a_file_to_import_is_not_taken_for_the_log(
    version: int | None,
    said: str,
    log: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Advice on the own log, such as to start the monitor, would help nobody."""
    file = tmp_path / "copy.db"
    assert (
        main(["data", "export", "--format", "sqlite", "--out", str(file), "--data-dir", str(log)])
        == 0
    )
    capsys.readouterr()
    if version is None:
        file.write_bytes(file.read_bytes()[:9000])
    else:
        with closing(sqlite3.connect(file)) as db:
            db.execute(f"PRAGMA user_version = {version}")

    line = refusal(capsys, 27, ["data", "import", str(file)], log)

    assert f"{file}" in line
    assert said in line
    assert "posture run" not in line
    assert spans_in(log) == 1
