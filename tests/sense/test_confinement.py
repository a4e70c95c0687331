"""The worker locked in: what it may no longer do fails, and it watches all the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from mjpeg_server import serving
from test_worker import LONG_S, Heard, feeding

from posture.clock import SystemClock
from posture.core.inputs import CameraLost
from posture.core.landmarks import Landmarks
from posture.sense import confinement
from posture.sense.confinement import Locks
from posture.sense.wire import Assignment
from posture.sense.worker_feed import WorkerFeed

ROOT = Path(__file__).resolve().parents[2]
DESK = ROOT / "tests" / "data" / "pictures" / "desk.jpg"
# Each is tried by itself in a process that has locked itself in; what came of it is printed.
PROGRAM = """
import contextlib, ctypes, errno, json, os, pathlib, socket, subprocess, sys, threading
from posture.sense.confinement import confine

there = pathlib.Path(sys.argv[1])
kept = open(there / "open already", "w")
said = {}

def attempt(name, act):
    try:
        act()
        said[name] = "done"
    except OSError as error:
        said[name] = errno.errorcode[error.errno]

def attempt_all():
    attempt("connection", lambda: socket.create_connection(("127.0.0.1", int(sys.argv[3])), 5))
    attempt("elsewhere", lambda: socket.create_connection(("127.0.0.1", 9), 5))
    attempt("IPv6", lambda: socket.socket(socket.AF_INET6))
    attempt("UDP", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    attempt("local socket", lambda: socket.socket(socket.AF_UNIX))
    attempt("netlink", lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW))
    attempt("pair", socket.socketpair)
    attempt("program", lambda: os.execv("/bin/true", ["true"]))
    attempt("shell", lambda: subprocess.run(["/bin/sh", "-c", "true"]))
    attempt("new file", lambda: open(there / "new", "w"))
    attempt("nameless file", lambda: os.open(there, os.O_TMPFILE | os.O_RDWR))
    attempt("old file", lambda: open(there / "old", "r+"))
    attempt("truncated", lambda: os.truncate(there / "old", 0))
    attempt("shared memory", lambda: open("/dev/shm/posture-test", "w"))
    attempt("folder", lambda: os.mkdir(there / "folder"))
    attempt("renamed", lambda: os.rename(there / "old", there / "other"))
    attempt("linked", lambda: os.link(there / "old", there / "other"))
    attempt("symlink", lambda: os.symlink("old", there / "other"))
    attempt("removed", lambda: os.unlink(there / "old"))
    attempt("mode", lambda: os.chmod(there / "old", 0o777))
    attempt("read", lambda: (there / "old").read_bytes())
    attempt("listed", lambda: os.listdir(there))
    attempt("pipe", os.pipe)
    # A camera's device is opened for reading and writing, again and again.
    for _ in range(3):
        attempt("device", lambda: os.close(os.open("/dev/null", os.O_RDWR | os.O_NONBLOCK)))

before = len(os.listdir("/proc/self/task"))
locks = confine(None if sys.argv[2] == "none" else int(sys.argv[2]))
attempt_all()
first = dict(said)
# A thread made later is locked in as well.
thread = threading.Thread(target=attempt_all)
thread.start()
thread.join()
print(json.dumps({"locks": [locks.seccomp, locks.landlock], "said": said, "same": said == first,
                  "threads": before}))
"""
HARMLESS = {"read": "done", "listed": "done", "pipe": "done", "device": "done"}


def locked_in(folder: Path, port: int | None, served: int) -> dict[str, Any]:
    (folder / "old").write_text("what was there")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder), str(port or "none"), str(served)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
        timeout=LONG_S,
    )
    assert (folder / "old").read_text() == "what was there"
    assert sorted(path.name for path in folder.iterdir()) == ["old", "open already"]
    told: dict[str, Any] = json.loads(done.stdout)
    assert told["same"]
    assert told["threads"] == 1
    return told


def test_nothing_gets_out_and_nothing_is_written(tmp_path: Path) -> None:
    with serving() as camera:
        told = locked_in(tmp_path, None, camera.port)

    assert told["locks"][0]
    assert told["locks"][1] == confinement.offered().landlock
    said = told["said"]
    assert {name: said.pop(name) for name in HARMLESS} == HARMLESS
    # To write what is there already is Landlock's to refuse.
    overwritten = "EACCES" if told["locks"][1] else "done"
    assert said.pop("old file") == overwritten
    assert {name: how for name, how in said.items() if how != "EPERM"} == {}


def test_a_stream_of_this_computer_is_let_through_and_no_other(tmp_path: Path) -> None:
    with serving() as camera:
        told = locked_in(tmp_path, camera.port, camera.port)

    said = told["said"]
    assert said["connection"] == "done"
    assert said["IPv6"] == "done"
    if told["locks"][1] >= 4:
        assert said["elsewhere"] == "EACCES"
    for name in ("UDP", "local socket", "netlink", "program", "new file", "removed"):
        assert said[name] == "EPERM", name


def test_the_real_worker_is_locked_in_and_reconnects() -> None:
    with serving() as camera, feeding(camera.url) as (feed, heard):
        heard.next(Landmarks)
        status = Path(f"/proc/{feed.worker_pid}/status").read_text()
        fields = dict(line.split(":\t", 1) for line in status.splitlines())
        camera.closed = camera.away = True
        heard.next(CameraLost)
        camera.closed = camera.away = False
        heard.next(Landmarks)

    assert fields["Seccomp"] == "2"
    assert fields["NoNewPrivs"] == "1"


EVIL = """
import os, socket, sys
sys.path.insert(0, sys.argv[1])
from posture.core.inputs import CameraLost
from posture.sense import worker

def open_source(spec, clock, **options):
    # What somebody would try who had taken over a library that reads pictures.
    for act in (lambda: socket.socket(), lambda: open(sys.argv[2], "w"),
                lambda: os.execv("/bin/true", ["true"])):
        try:
            act()
        except PermissionError:
            continue
        os._exit(7)
    return real(spec, clock, **options)

real, worker.open_source = worker.open_source, open_source
worker.main()
"""


def test_the_worker_is_locked_in_before_it_reads_anything(tmp_path: Path) -> None:
    heard = Heard()
    wrong = tmp_path / "wrong"
    feed = WorkerFeed(
        Assignment(str(DESK)),
        heard.items.put,
        SystemClock(),
        command=[sys.executable, "-c", textwrap.dedent(EVIL), str(ROOT), str(wrong)],
    )
    feed.start()
    seen = heard.next(Landmarks)
    assert feed.stop(10.0)

    # Both landmarkers were loaded and found the person, behind the lock.
    assert isinstance(seen, Landmarks)
    assert seen.pose is not None
    assert seen.face is not None
    assert not wrong.exists()


def test_cameras_are_listed_behind_the_lock() -> None:
    code = (
        "from posture.sense.confinement import confine; confine(); "
        "from posture.sense.webcam_list import list_cameras; list_cameras()"
    )
    subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True
    )


@pytest.mark.parametrize(
    ("spoil", "left"),
    [
        ("_CREATE_RULESET", Locks(seccomp=True, landlock=0)),
        ("_processor", Locks(seccomp=False, landlock=confinement.offered().landlock)),
    ],
)
def test_what_a_kernel_does_not_have_is_done_without(spoil: str, left: Locks) -> None:
    """Old kernels and other processors: the worker works unlocked, and says so."""
    code = (
        "from posture.sense import confinement as c\n"
        f"c.{spoil} = (lambda: None) if {spoil!r} == '_processor' else 9999\n"
        "offered = c.offered()\n"
        "print(offered == c.confine(), offered.seccomp, offered.landlock)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout.split() == ["True", str(left.seccomp), str(left.landlock)]


def test_other_systems_have_no_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    for system in ("win32", "darwin"):
        monkeypatch.setattr(sys, "platform", system)
        assert confinement.offered() == confinement.confine() == Locks()


def test_the_calls_refused_have_the_numbers_of_this_processor() -> None:
    """A wrong number would refuse something else: each is called, and must not be unknown."""
    code = (
        "import ctypes, errno, os\n"
        "from posture.sense import confinement as c\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "c.confine()\n"
        "column = c._PROCESSORS[os.uname().machine].column\n"
        "for name, numbers in c._REFUSED.items():\n"
        "    if numbers[column] is not None:\n"
        "        assert libc.syscall(numbers[column], *[0] * 6) == -1, name\n"
        "        assert ctypes.get_errno() == errno.EPERM, name\n"
        "assert libc.syscall(c._OPENAT2[column], 0, 0, 0, 0) == -1\n"
        "assert ctypes.get_errno() == errno.ENOSYS\n"
    )
    subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True
    )
