"""The channel to the running monitor, over real sockets."""

from __future__ import annotations

import contextlib
import os
import queue
import socket
import stat
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from multiprocessing.connection import Client
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from moments import NOW
from stage import LONG_S, until

from posture import paths
from posture.clock import ManualClock, SystemClock
from posture.core.inputs import Action, ActionKind
from posture.desktop import control, control_pipe, control_socket
from posture.desktop.instance import only_one
from posture.desktop.loop import LoopThread
from posture.desktop.reception import BURST, MAX_BYTES, PER_SECOND, TIMEOUT_S, Reception
from posture.errors import AlreadyRunning, ControlRefused, NotRunning

Sink = queue.SimpleQueue[Any]


@pytest.fixture
def home(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's own directories."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder / "run"))
    (folder / "run").mkdir(mode=0o700)
    return folder


@pytest.fixture
def data_dir(home: Path) -> Path:
    return home / "data"


@pytest.fixture
def reception(sink: Sink) -> Reception:
    reception = Reception(sink, ManualClock(NOW), patience_s=0)
    reception.publish(lambda: {"activity": "sitting"})
    return reception


@pytest.fixture
def server(
    data_dir: Path, reception: Reception, loop: LoopThread
) -> Iterator[control.ControlServer]:
    server = control.serve(data_dir, reception, loop)
    server.start()
    yield server
    server.stop()


def connected(data_dir: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(LONG_S)
    connection.connect(str(control.socket_path(data_dir)))
    return connection


def exchanged(connection: socket.socket, data: bytes) -> bytes:
    connection.sendall(data)
    with connection.makefile("rb") as answers:
        return answers.readline()


def test_a_request_reaches_the_sink_and_is_answered(
    server: control.ControlServer, data_dir: Path, sink: Sink
) -> None:
    assert control.ask(data_dir, {"do": "pause", "seconds": 60}) == {
        "ok": True,
        "did": "pause",
        "seconds": 60.0,
        "text": "Passed on. `posture status` shows what came of it.",
    }
    assert sink.get_nowait() == Action(NOW, ActionKind.PAUSE, seconds=60.0)


def test_the_status_comes_back(server: control.ControlServer, data_dir: Path) -> None:
    assert control.ask(data_dir, {"do": "status"})["status"] == {"activity": "sitting"}


def test_nobody_listening_is_said(data_dir: Path) -> None:
    with pytest.raises(NotRunning, match=r"posture is not running\. Start it with: posture run"):
        control.ask(data_dir, {"do": "status"})


def test_another_data_directory_is_another_monitor(
    server: control.ControlServer, home: Path
) -> None:
    with pytest.raises(NotRunning):
        control.ask(home / "other", {"do": "status"})


def test_a_refusal_is_told_as_the_monitor_said_it(
    server: control.ControlServer, data_dir: Path
) -> None:
    with pytest.raises(ControlRefused, match="stop takes no seconds"):
        control.ask(data_dir, {"do": "stop", "seconds": 1})


def test_only_the_user_can_reach_it(server: control.ControlServer, data_dir: Path) -> None:
    path = control.socket_path(data_dir)

    assert stat.S_ISSOCK(path.stat().st_mode)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path.stat().st_uid == os.geteuid()


def test_a_program_of_another_user_gets_no_answer(
    server: control.ControlServer, data_dir: Path, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, path = os.geteuid(), control.socket_path(data_dir)
    monkeypatch.setattr(os, "geteuid", lambda: mine + 1)
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        try:
            answer = exchanged(connection, b'{"do": "stop"}\n')
        except OSError:
            answer = b""  # the other side has left already

    assert answer == b""
    assert sink.empty()


STRANGER = """
import os, socket, sys
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
with socket.socket(socket.AF_UNIX) as s:
    s.settimeout(20)
    try:
        s.connect(sys.argv[1])
    except PermissionError:
        sys.exit("no way in")
    try:
        s.sendall(b'{"do": "stop"}\\n')
        sys.exit(s.recv(100).decode() or "no answer")
    except OSError:
        sys.exit("no answer")
"""


def stranger(path: Path) -> str:
    """What the user nobody hears at *path*; only the administrator can send somebody else."""
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    done = subprocess.run(
        # In its folder, so that the folders above do not decide; apart from our own modules.
        [*as_root, sys.executable, "-I", "-c", STRANGER, path.name],
        cwd=path.parent,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    return done.stderr.strip()


def test_really_another_user_finds_no_way_in_and_no_answer(
    server: control.ControlServer, data_dir: Path, sink: Sink
) -> None:
    path = control.socket_path(data_dir)
    assert stranger(path) == "no way in"  # the folder is closed

    path.parent.chmod(0o755)
    assert stranger(path) == "no way in"  # and so is the socket

    path.chmod(0o666)
    assert stranger(path) == "no answer"  # and who asks is looked at
    assert sink.empty()
    assert control.ask(data_dir, {"do": "status"})["ok"]


def test_macos_says_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    class Connection:
        def getsockopt(self, level: int, option: int, size: int) -> bytes:
            assert (level, option, size) == (0, 1, 76)
            return struct.pack("2Ih", 0, 501, 1) + bytes(66)

    monkeypatch.delattr(socket, "SO_PEERCRED")
    monkeypatch.setattr(socket, "LOCAL_PEERCRED", 1, raising=False)
    assert control_socket.user_of(Connection()) == 501

    monkeypatch.delattr(socket, "LOCAL_PEERCRED")
    assert control_socket.user_of(Connection()) is None


def test_no_internet_socket_is_opened(server: control.ControlServer, data_dir: Path) -> None:
    control.ask(data_dir, {"do": "status"})
    files = [path for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    links = [str(path.readlink()) for path in files if os.path.lexists(path)]
    inodes = {
        link.removeprefix("socket:[").rstrip("]") for link in links if link.startswith("socket:")
    }
    assert inodes
    internet = {
        line.split()[9]
        for table in ("tcp", "tcp6", "udp", "udp6")
        for line in Path(f"/proc/self/net/{table}").read_text().splitlines()[1:]
    }

    assert inodes & internet == set()


@pytest.mark.parametrize(
    "data",
    [
        b"\n",
        b"\x00\xff\x80\n",
        b'{"do": "status"',  # and nothing more
        b"x" * (MAX_BYTES * 3),
        b"x" * (MAX_BYTES * 3) + b"\n",
        struct.pack("=I", 2**32 - 1) * 10 + b"\n",
    ],
)
def test_nonsense_is_answered_and_the_server_goes_on(
    data: bytes, server: control.ControlServer, data_dir: Path, sink: Sink
) -> None:
    with connected(data_dir) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        with connection.makefile("rb") as answers:
            first = answers.readline()

    assert b'"ok": false' in first
    assert sink.empty()
    assert control.ask(data_dir, {"do": "status"})["ok"]


def test_several_requests_may_follow_each_other(
    server: control.ControlServer, data_dir: Path
) -> None:
    with connected(data_dir) as connection:
        connection.sendall(b'{"do": "standing"}\nnonsense\n{"do": "sitting"}\n')
        connection.shutdown(socket.SHUT_WR)
        with connection.makefile("rb") as answers:
            lines = answers.read().splitlines()

    assert [b'"ok": true' in line for line in lines] == [True, False, True]


def test_silent_guests_do_not_lock_others_out(
    server: control.ControlServer, data_dir: Path
) -> None:
    guests = [connected(data_dir) for _ in range(control_socket.MAX_CONNECTIONS)]
    until(lambda: len(server._guests) == len(guests), "the guests")  # type: ignore[attr-defined]
    with pytest.raises(ControlRefused, match="too many connections"):
        control.ask(data_dir, {"do": "status"})
    for guest in guests:
        guest.close()
    until(lambda: not server._guests, "the guests to leave")  # type: ignore[attr-defined]

    assert control.ask(data_dir, {"do": "status"})["ok"]


def test_a_crowd_takes_no_descriptors(server: control.ControlServer, data_dir: Path) -> None:
    """Each guest holds one; the log needs some too."""
    before = descriptors()
    with ExitStack() as house:
        guests = [
            house.enter_context(closing(connected(data_dir)))
            for _ in range(2 * control_socket.MAX_WAITING)
        ]
        for late in guests[control_socket.MAX_WAITING :]:
            late.settimeout(TIMEOUT_S / 2)  # sooner than one that is heard out
            with contextlib.suppress(ConnectionResetError):
                assert late.recv(1) == b""
        assert descriptors() - before <= len(guests) + control_socket.MAX_WAITING
    until(lambda: not server._guests, "the guests to leave")  # type: ignore[attr-defined]

    assert control.ask(data_dir, {"do": "status"})["ok"]


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_flood_is_held_back_and_leaves_no_mark(
    data_dir: Path, sink: Sink, loop: LoopThread
) -> None:
    """A megabyte of requests on each of several lines: few are heard, and the way stays open."""
    flood = b'{"do": "stop"}\n' * 70_000
    reception = Reception(sink, SystemClock())
    reception.publish(dict)
    server = control.serve(data_dir, reception, loop)
    server.start()

    def pour() -> None:
        with connected(data_dir) as connection, contextlib.suppress(OSError):
            connection.settimeout(0.5)
            connection.sendall(flood)  # never reads an answer, so that those pile up

    pourers = [Thread(target=pour) for _ in range(4)]
    for one in pourers:
        one.start()
    for one in pourers:
        one.join()
    until(lambda: not server._guests, "the guests to leave")  # type: ignore[attr-defined]

    heard = sink.qsize()
    assert 0 < heard <= BURST + PER_SECOND * LONG_S
    until(lambda: answers(data_dir), "an answer")
    server.stop()


def answers(data_dir: Path) -> bool:
    try:
        return bool(control.ask(data_dir, {"do": "status"})["ok"])
    except ControlRefused:
        return False


def test_a_guest_that_says_nothing_is_shown_out(
    server: control.ControlServer, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control_socket, "TIMEOUT_S", 0.05)
    with connected(data_dir) as guest:
        assert guest.recv(1) == b""


def test_the_end_leaves_nothing_behind_even_with_guests(
    data_dir: Path, reception: Reception, loop: LoopThread
) -> None:
    server = control.serve(data_dir, reception, loop)
    server.start()
    with connected(data_dir):
        server.stop()

        assert list(control.socket_path(data_dir).parent.iterdir()) == []


def test_a_socket_left_by_a_killed_monitor_is_replaced(
    data_dir: Path, reception: Reception, loop: LoopThread
) -> None:
    path = control.socket_path(data_dir)
    path.parent.mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    with pytest.raises(NotRunning):
        control.ask(data_dir, {"do": "status"})
    server = control.serve(data_dir, reception, loop)
    server.start()
    assert control.ask(data_dir, {"do": "status"})["ok"]
    server.stop()


def test_a_deep_run_time_directory_is_no_hindrance(
    home: Path, reception: Reception, loop: LoopThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = home / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True, mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
    server = control.serve(home / "data", reception, loop)
    server.start()
    assert control.ask(home / "data", {"do": "status"})["ok"]
    server.stop()


def test_a_monitor_that_hangs_is_said(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control_socket, "TIMEOUT_S", 0.05)
    path = control.socket_path(data_dir)
    path.parent.mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as hung:
        hung.bind(str(path))
        hung.listen()
        with pytest.raises(ControlRefused, match="does not answer"):
            control.ask(data_dir, {"do": "status"})


KEY = b"k" * 32


@pytest.fixture
def pipe(folder: Path, reception: Reception) -> Iterator[str]:
    """The Windows server, through the one kind of pipe this system has."""
    name = str(folder / "pipe")
    server = control_pipe.PipeServer(name, "AF_UNIX", KEY, reception)
    server.start()
    yield name
    server.stop()
    assert not Path(name).exists()


def test_the_pipe_answers_who_has_the_key(pipe: str, sink: Sink) -> None:
    answer = control_pipe.ask_pipe(pipe, "AF_UNIX", KEY, b'{"do": "resume"}\n')

    assert answer.startswith(b'{"ok": true, "did": "resume"')
    assert sink.get_nowait() == Action(NOW, ActionKind.RESUME)


def test_the_pipe_refuses_a_wrong_key_and_goes_on(pipe: str, sink: Sink) -> None:
    with pytest.raises(OSError, match="key"):
        control_pipe.ask_pipe(pipe, "AF_UNIX", b"x" * 32, b'{"do": "stop"}\n')

    assert sink.empty()
    assert b"true" in control_pipe.ask_pipe(pipe, "AF_UNIX", KEY, b'{"do": "status"}\n')


def test_the_pipe_survives_a_long_message_and_a_guest_that_leaves(pipe: str) -> None:
    with Client(pipe, "AF_UNIX", authkey=KEY) as guest:
        guest.send_bytes(b"x" * (MAX_BYTES * 2))
    Client(pipe, "AF_UNIX", authkey=KEY).close()

    assert b"true" in control_pipe.ask_pipe(pipe, "AF_UNIX", KEY, b'{"do": "status"}\n')


def test_the_key_is_made_once_and_is_the_users_own(data_dir: Path) -> None:
    path = paths.runtime_dir() / "one.key"
    key = control_pipe.key_in(path)

    assert control_pipe.key_in(path) == key
    assert len(key) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


HOLD = """
import sys, time
from pathlib import Path
from posture.desktop.instance import only_one
with only_one(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(data_dir: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_second_monitor_is_told_of_the_first(data_dir: Path) -> None:
    process = holder(data_dir)
    try:
        with (
            pytest.raises(AlreadyRunning, match=f"already running as process {process.pid} "),
            only_one(data_dir),
        ):
            pass
    finally:
        process.communicate("")
    with only_one(data_dir):  # the first has gone
        assert (data_dir / "monitor.pid").read_text() == f"{os.getpid()}\n"

    assert not (data_dir / "monitor.pid").exists()


def test_a_killed_monitor_holds_nothing(data_dir: Path) -> None:
    process = holder(data_dir)
    process.kill()
    process.communicate()
    with only_one(data_dir):
        assert (data_dir / "monitor.pid").read_text() == f"{os.getpid()}\n"


def test_another_data_directory_is_free(data_dir: Path, home: Path) -> None:
    with only_one(data_dir), only_one(home / "other"):
        assert sorted(path.name for path in home.glob("*/monitor.pid")) == ["monitor.pid"] * 2


def test_where_locks_do_not_work_an_answer_counts(
    server: control.ControlServer, data_dir: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoLocks:
        def __init__(self, *_: object, **__: object) -> None:
            pass

        def acquire(self) -> None:
            raise NotImplementedError

        def release(self) -> None:
            pass

    monkeypatch.setattr("posture.desktop.instance.FileLock", NoLocks)
    with pytest.raises(AlreadyRunning, match="in another process"), only_one(data_dir):
        pass
    with only_one(home / "other"):
        assert (home / "other" / "monitor.pid").exists()


def test_the_answer_does_not_wait_for_a_busy_monitor(
    server: control.ControlServer, data_dir: Path
) -> None:
    """Requests are answered by another thread than the one that looks and thinks."""
    stopped = False

    def think() -> None:
        while not stopped:
            pass

    thinker = Thread(target=think)
    thinker.start()
    try:
        assert control.ask(data_dir, {"do": "status"})["ok"]
    finally:
        stopped = True
        thinker.join()
