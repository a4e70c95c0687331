"""Disks that are full or may not be written, and files that are not what they should be."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from monitor_process import Home, monitoring, until, write_desk
from strace import strace

from posture.clock import SystemClock
from posture.journal.schema import VERSION
from posture.journal.store import Journal

Troubles = Mapping[str, Future[None]]
WRITTEN_AGAIN = "The log is being written again; nothing was lost meanwhile."
_PR_CAPBSET_DROP = 24
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH, _CAP_FOWNER = 1, 2, 3


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_desk(tmp_path_factory.mktemp("desk") / "desk.jsonl", 150)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def failing(home: Home, error: str, when: str) -> list[str]:
    """Have the writes number *when* to the log's files fail with *error*, in the kernel itself."""
    files = [word for name in ("db", "db-wal") for word in ("-P", f"{home.data}/posture.{name}")]
    inject = f"--inject=pwrite64:error={error}:when={when}"
    return [strace(), "-f", "-qq", "-e", "trace=pwrite64", inject, *files, "-o", "/dev/null", "--"]


def disk_in_trouble(home: Home, desk: Path, error: str, words: str) -> None:
    home.data.mkdir(mode=0o700)
    with closing(sqlite3.connect(home.data / "posture.db")):
        pass
    with monitoring(home, desk, before=failing(home, error, "25..26")) as monitor:
        monitor.hears(words)
        monitor.hears(WRITTEN_AGAIN)
        sitting = home.status()["sitting_s"]

        assert home.ask("stop", "--data-dir", str(home.data)).returncode == 0
        assert monitor.end() == (0, "")

    told = json.loads(home.ask("log", "--json", "--data-dir", str(home.data)).stdout)
    assert sum(day["sitting_s"] for day in told["days"]) >= sitting - 2.0


def log_held_by_another(home: Home, desk: Path) -> None:
    with monitoring(home, desk) as monitor:
        monitor.hears("you are here")
        until(lambda: home.rows("SELECT * FROM span"), "the log")
        with closing(sqlite3.connect(home.data / "posture.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            monitor.hears(
                "Another program is using the log posture.db; it is written as soon as it is free."
            )
            other.execute("ROLLBACK")
        monitor.hears(WRITTEN_AGAIN)
        sitting = home.status()["sitting_s"]
        assert monitor.end(signal.SIGTERM) == (0, "")

    told = json.loads(home.ask("log", "--json", "--data-dir", str(home.data)).stdout)
    assert sum(day["sitting_s"] for day in told["days"]) >= sitting - 2.0


@pytest.fixture(scope="module")
def troubles(tmp_path_factory: pytest.TempPathFactory, desk: Path) -> Iterator[Troubles]:
    """Stories that mostly wait, told at the same time, each in a home of its own."""

    def home(name: str) -> Home:
        return Home(tmp_path_factory.mktemp(name))

    full = "The disk is full: the log waits in memory. Free some space."
    gone = "cannot be reached. Check the disk."
    with ThreadPoolExecutor() as pool:
        yield {
            "ENOSPC": pool.submit(disk_in_trouble, home("full"), desk, "ENOSPC", full),
            "EIO": pool.submit(disk_in_trouble, home("gone"), desk, "EIO", gone),
            "held": pool.submit(log_held_by_another, home("held"), desk),
        }


@pytest.mark.parametrize("error", ["ENOSPC", "EIO"])
def test_a_disk_in_trouble_is_said_and_nothing_is_lost(error: str, troubles: Troubles) -> None:
    troubles[error].result()


def test_a_log_another_program_holds_is_said_and_nothing_is_lost(troubles: Troubles) -> None:
    troubles["held"].result()


def test_a_log_that_may_not_be_written_is_said_and_waits(home: Home, desk: Path) -> None:
    """Made writable again, it gets all that waited."""
    Journal(home.data, SystemClock()).close()
    log = home.data / "posture.db"
    log.chmod(0o400)
    with monitoring(home, desk, in_child=bound_by_modes) as monitor:
        monitor.hears(f"The log {log} cannot be written. Check who may write to its folder.")
        monitor.hears("you are here")
        assert home.rows("SELECT * FROM span") == []
        log.chmod(0o600)
        monitor.hears(WRITTEN_AGAIN)
        sitting = home.status()["sitting_s"]
        assert monitor.end(signal.SIGTERM) == (0, "")

    told = json.loads(home.ask("log", "--json", "--data-dir", str(home.data)).stdout)
    assert sum(day["sitting_s"] for day in told["days"]) >= sitting - 2.0


def bound_by_modes() -> None:
    """Before a program is started: have the modes of files count for root, too."""
    if os.geteuid() == 0:
        for capability in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH, _CAP_FOWNER):
            assert ctypes.CDLL(None).prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0) == 0


def test_a_home_that_cannot_be_written_is_said_at_once(home: Home, desk: Path) -> None:
    home.folder.chmod(0o500)
    try:
        with monitoring(home, desk, in_child=bound_by_modes) as monitor:
            code, complaint = monitor.end()
    finally:
        home.folder.chmod(0o700)

    assert code == 31
    assert complaint == (
        f"posture: The folder {home.data} cannot be made: Permission denied. "
        "Choose another folder.\n"
    )


def write_newer_log(home: Home) -> None:
    Journal(home.data, SystemClock()).close()
    with closing(sqlite3.connect(home.data / "posture.db")) as newer:
        newer.execute(f"PRAGMA user_version = {VERSION + 1}")


def write_text(name: str, text: str) -> Callable[[Home], None]:
    def write(home: Home) -> None:
        path = home.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    return write


SETTINGS = ".config/posture/settings.toml"
CALIBRATION = ".config/posture/calibrations/default.json"


@pytest.mark.parametrize(
    ("spoil", "code", "words"),
    [
        pytest.param(
            write_newer_log, 27,
            "The log posture.db was written by a newer posture "
            f"(format {VERSION + 1}, this one knows {VERSION}). "
            "Update posture, or choose another folder with --data-dir.",
            id="newer log",
        ),
        pytest.param(
            write_text(SETTINGS, "[sitting\n"), 26, "settings.toml", id="damaged settings"
        ),
        pytest.param(
            write_text(SETTINGS, "[sitting]\nnudge_min = 1e999\n"), 26, "sitting.nudge_min",
            id="hostile settings",
        ),
        pytest.param(
            write_text(SETTINGS, "[levitation]\nheight_cm = 3\n"), 26,
            "There is no section [levitation]",
            id="settings of the future",
        ),
        pytest.param(
            write_text(CALIBRATION, '{"calibration": 1, "size": ['), 24, "is not valid JSON",
            id="damaged calibration",
        ),
        pytest.param(
            write_text(CALIBRATION, '{"calibration": 99}'), 24, "its format is 99",
            id="calibration of the future",
        ),
        pytest.param(
            write_text(CALIBRATION, "[" * 90_000), 24, "is not valid JSON",
            id="hostile calibration",
        ),
    ],
)  # fmt: skip
def test_a_file_that_is_not_understood_is_named_and_left_alone(
    spoil: Callable[[Home], None], code: int, words: str, home: Home, desk: Path
) -> None:
    home.data.mkdir(mode=0o700)
    spoil(home)
    before = contents(home)

    done = home.ask("run", "--source", str(desk), "--data-dir", str(home.data), "--no-tray")

    assert done.returncode == code, done
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert contents(home) == before


def contents(home: Home) -> dict[Path, bytes]:
    """Every file of the home and what is in it; lock and memory are the run's own."""
    files = (path for path in home.folder.rglob("*") if path.is_file())
    own = {"monitor.lock", "memory.json"}
    return {path: path.read_bytes() for path in files if path.name not in own}


@pytest.mark.parametrize(
    "rest", [b"", b"no JSON", b"[" * 50_000, b'{"monitor": {"sitting": -1}, "drift": {"a": 1e999}}']
)
def test_a_damaged_memory_is_forgotten(rest: bytes, home: Home, desk: Path) -> None:
    home.data.mkdir(mode=0o700)
    (home.data / "memory.json").write_bytes(rest)
    words = ["--data-dir", str(home.data), "--no-tray", "--for", "1"]

    done = home.ask("run", "--source", str(desk), *words)

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads((home.data / "memory.json").read_text())["monitor"] is not None


def test_a_damaged_log_is_kept_beside_and_a_new_one_begun(home: Home, desk: Path) -> None:
    home.data.mkdir(mode=0o700)
    damaged = b"this is not a database" * 1000
    (home.data / "posture.db").write_bytes(damaged)
    with monitoring(home, desk) as monitor:
        told = monitor.hears("The log was damaged (file is not a database). It was kept as ")
        until(lambda: home.rows("SELECT * FROM span"), "the new log")
        assert monitor.end(signal.SIGTERM) == (0, "")

    (aside,) = home.data.glob("posture-damaged-*.db")
    assert str(aside) in told
    assert aside.read_bytes() == damaged
