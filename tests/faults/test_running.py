"""A monitor that runs: a second one, signals, a kill in the middle of writing, and what is left."""

from __future__ import annotations

import json
import os
import pty
import signal
import stat
from pathlib import Path

import pytest
from monitor_process import Home, monitoring, until, write_desk

SITTING_US = "SELECT coalesce(sum(length_us), 0) FROM span JOIN word ON word.id = span.value"


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_desk(tmp_path_factory.mktemp("desk") / "desk.jsonl", 150)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def left_behind(home: Home) -> list[str]:
    """Files a monitor that has ended should not have left: sockets, numbers, temporary files."""
    kept = {"monitor.lock", "posture.db", "memory.json"}
    found = [path for path in home.folder.rglob("*") if not path.is_dir()]
    return sorted(str(path.relative_to(home.folder)) for path in found if path.name not in kept)


def seen_s(home: Home) -> float:
    """Seconds the log says that somebody was there."""
    rows = home.rows(f"{SITTING_US} WHERE word.text = 'present'")
    return float(rows[0][0]) / 1e6 if rows else 0.0


def test_a_second_monitor_a_kill_and_a_new_beginning(home: Home, desk: Path) -> None:
    with monitoring(home, desk) as first:
        first.hears("you are here")
        own = home.status()
        assert own["program"]["pid"] == first.process.pid

        # A second one is told who is there, whatever it was to watch, and changes nothing.
        for source in (str(desk), "demo"):
            second = home.ask("run", "--source", source, "--data-dir", str(home.data), "--no-tray")
            assert second.returncode == 28
            assert second.stdout == ""
            assert second.stderr == (
                f"posture: posture is already running as process {first.process.pid} (data in "
                f"{home.data}). Look at it with: posture status. End it with: posture stop\n"
            )
        assert home.status()["program"] == own["program"]

        # Everything is the user's own while it runs.
        for path in [home.data, *home.data.rglob("*"), *(home.runtime / "posture").rglob("*")]:
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
        (socket,) = (home.runtime / "posture").iterdir()
        assert stat.S_ISSOCK(socket.stat().st_mode)
        assert stat.S_IMODE(socket.stat().st_mode) == 0o600
        assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700

        until(lambda: seen_s(home) > 3.0, "the first rows")
        before_s = seen_s(home)
        assert first.end(signal.SIGKILL)[0] == -signal.SIGKILL

    # Nothing that was written is lost, and nothing that was left stands in the way.
    with monitoring(home, desk) as again:
        again.hears("you are here")
        assert home.status()["program"]["pid"] == again.process.pid
        until(lambda: seen_s(home) > before_s + 2.0, "more rows")
        assert again.end(signal.SIGTERM) == (0, "")

    assert left_behind(home) == []
    runs = home.rows("SELECT count(*) FROM run")
    assert runs == [(2,)]
    told = json.loads(home.ask("log", "--json", "--data-dir", str(home.data)).stdout)
    assert sum(day["sitting_s"] for day in told["days"]) >= before_s


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_cleanly(number: signal.Signals, home: Home, desk: Path) -> None:
    with monitoring(home, desk) as monitor:
        monitor.hears("you are here")

        assert monitor.end(number) == (0, "")

    assert left_behind(home) == []
    assert seen_s(home) > 0.0


def test_posture_stop_ends_it_and_nobody_answers_then(home: Home, desk: Path) -> None:
    with monitoring(home, desk) as monitor:
        monitor.hears("you are here")
        stopped = home.ask("stop", "--data-dir", str(home.data))
        assert (stopped.returncode, stopped.stderr) == (0, "")
        assert monitor.end() == (0, "")

    after = home.ask("status", "--data-dir", str(home.data))
    assert after.returncode == 29
    assert after.stderr == "posture: posture is not running. Start it with: posture run\n"
    assert left_behind(home) == []


def test_who_says_nohup_means_it(home: Home, desk: Path) -> None:
    def ignore() -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    with monitoring(home, desk, in_child=ignore) as monitor:
        monitor.hears("you are here")
        monitor.process.send_signal(signal.SIGHUP)
        before = home.status()["sitting_s"]
        until(lambda: home.status()["sitting_s"] > before, "it to go on")

        assert monitor.end(signal.SIGTERM) == (0, "")


def test_a_terminal_that_closes_does_not_lose_the_day(home: Home, desk: Path) -> None:
    """Without a controlling terminal no signal tells: the writing fails."""
    master, slave = pty.openpty()
    with monitoring(home, desk, in_child=lambda: os.dup2(slave, 1)) as monitor:
        os.close(slave)
        until(lambda: b"you are here" in os.read(master, 65536), "its first words")
        os.close(master)
        until(lambda: seen_s(home) > 3.0, "the log")

        assert monitor.end(signal.SIGTERM) == (0, "")

    assert left_behind(home) == []
