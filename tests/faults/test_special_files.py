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
from monitor_process import Home, write_desk

from posture import consent
from posture.clock import SystemClock
from posture.desktop import control, desktop_entry
from posture.errors import ModelError, OutputUnwritable, TracesRemain
from posture.journal.file import FILE_NAME
from posture.journal.store import Journal
from posture.memory_file import MEMORY_NAME, MemoryFile, Remembered
from posture.paths import config_dir, write_private
from posture.plain_file import read_bytes, read_text
from posture.sense.models import POSE, open_bundle

PATIENCE_S = 60


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


def put(what: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    match what:
        case "pipe":
            os.mkfifo(path)
        case "folder":
            (path / "full").mkdir(parents=True)
        case "link":
            path.symlink_to(path.with_name("nowhere"))
        case "loop":
            path.symlink_to(path)


IN_THE_WAY = ["pipe", "folder", "link", "loop"]


@pytest.mark.parametrize("what", IN_THE_WAY)
@pytest.mark.parametrize("name", ["monitor.pid", "monitor.lock", MEMORY_NAME, "socket"])
def test_in_place_of_a_running_monitors_notes(tmp_path: Path, name: str, what: str) -> None:
    """It gives way or is done without; a folder that cannot is named, and stays."""
    home = Home(tmp_path)
    desk = write_desk(tmp_path / "desk.jsonl", 3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(home.runtime))
        place = control.socket_path(home.data) if name == "socket" else home.data / name
    put(what, place)

    ran = home.ask(
        "run", "--source", str(desk), "--speed", "max", "--no-tray", "--data-dir", str(home.data)
    )

    if what == "folder" and name in ("monitor.pid", "socket"):
        assert ran.returncode == OutputUnwritable.exit_code, ran.stderr
        assert f"{place}" in ran.stderr.splitlines()[-1]
        assert "Move" in ran.stderr.splitlines()[-1]
    else:
        assert ran.returncode == 0, ran.stderr
        assert "you are here" in ran.stdout
    assert "bug" not in ran.stderr
    if what == "folder":
        assert (place / "full").is_dir()


@pytest.mark.parametrize("what", IN_THE_WAY)
@pytest.mark.parametrize(
    ("words", "place"),
    [("autostart", "config/autostart"), ("launcher", "data/applications")],
)
def test_in_place_of_a_desktop_file(home: Path, words: str, place: str, what: str) -> None:
    path = home / place / desktop_entry.NAME
    put(what, path)

    assert told(words, "status") == (0, "")

    if what == "folder":
        code, complaint = told(words, "on")
        assert code == OutputUnwritable.exit_code
        assert complaint == (
            f"posture: {path} is a folder, where posture keeps a file. Move it away.\n"
        )
        assert told(words, "off")[0] == OutputUnwritable.exit_code
        assert (path / "full").is_dir()
    else:
        assert told(words, "on") == (0, "")
        assert path.is_file()
        assert not path.is_symlink()
        assert told(words, "off") == (0, "")
        assert not path.exists()


def test_a_folder_in_place_of_the_memory_is_not_deleted_but_said(home: Path) -> None:
    Journal(home / "kept", SystemClock()).close()
    put("folder", home / "kept" / MEMORY_NAME)

    code, complaint = told("data", "delete", "--all", "--yes", "--data-dir", "kept")

    assert code == TracesRemain.exit_code
    assert f"{MEMORY_NAME} cannot be deleted" in complaint


def test_settings_kept_elsewhere_behind_a_link_stay_there(home: Path) -> None:
    elsewhere = home / "dotfiles" / "posture.toml"
    elsewhere.parent.mkdir()
    config_dir().mkdir(parents=True)
    link = config_dir() / "settings.toml"
    link.symlink_to(elsewhere)

    assert told("config", "set", "eyes.enabled", "false") == (0, "")

    assert link.is_symlink()
    assert "enabled = false" in elsewhere.read_text()


def test_as_much_as_is_allowed_is_read(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_bytes(b"one\r\ntwo")

    assert read_text(path, 8) == "one\ntwo"
    assert read_bytes(path, 8) == b"one\r\ntwo"
    with pytest.raises(OSError, match="far too large"):
        read_bytes(path, 7)
