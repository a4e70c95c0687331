"""The worker process: what it says, and what becomes of it."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from media import write_film
from mjpeg_server import serving

from posture.clock import SystemClock
from posture.core.inputs import CameraLost
from posture.core.landmarks import Landmarks
from posture.errors import ModelError, SourceNotFound, WatchFailed
from posture.sense.opencv import cv2
from posture.sense.sight import Sight, SourceEnded
from posture.sense.source import open_source
from posture.sense.trace import TraceSource
from posture.sense.trace_writer import TraceWriter
from posture.sense.wire import Assignment, Opened
from posture.sense.worker_feed import Patience, WorkerFeed

ROOT = Path(__file__).resolve().parents[2]
STRANGE = Path(__file__).with_name("strange_worker.py")
# For MediaPipe to start on a busy machine.
LONG_S = 60.0
HASTY = Patience(silent_s=2.0, stalled_words=5, idle_s=0.2, retry_s=(0.01,), goodbye_s=1.0)

Item = Landmarks | CameraLost | SourceEnded | Opened


class Heard:
    """What a feed has told."""

    def __init__(self) -> None:
        self.items: queue.SimpleQueue[Item] = queue.SimpleQueue()

    def until(self, wanted: Callable[[Item], bool], timeout_s: float = LONG_S) -> Item:
        deadline = time.monotonic() + timeout_s
        while (remaining_s := deadline - time.monotonic()) > 0:
            with contextlib.suppress(queue.Empty):
                item = self.items.get(timeout=remaining_s)
                if wanted(item):
                    return item
        raise AssertionError("it was never told")

    def next(self, kind: type[Item]) -> Item:
        return self.until(lambda item: isinstance(item, kind))


@contextmanager
def feeding(
    source: str | Path, patience: Patience = HASTY, way: str | None = None, paced: bool = True
) -> Iterator[tuple[WorkerFeed, Heard]]:
    heard = Heard()
    command = None if way is None else [sys.executable, str(STRANGE), way]
    feed = WorkerFeed(
        Assignment(str(source), paced=paced),
        heard.items.put,
        SystemClock(),
        patience=patience,
        command=command,
    )
    feed.start()
    try:
        yield feed, heard
    finally:
        assert feed.stop(10.0)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):  # gone before or while it was read
        return False
    return state != "Z"


def wait_until(true: Callable[[], bool], timeout_s: float = 10.0) -> bool:
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return False


def write_trace(path: Path, moments: int, step_s: float) -> Path:
    """A trace of points anywhere; every third moment shows nobody."""
    random = np.random.default_rng(7)
    epoch = SystemClock().now()
    with TraceWriter(path, epoch) as writer:
        for index in range(moments):
            there = index % 3 != 2
            writer.write(
                Landmarks(
                    epoch.shifted(index * step_s),
                    (640, 480),
                    random.random((33, 4)) if there else None,
                    random.random((478, 3)) if there else None,
                    float(index),
                )
            )
    return path


# -- what it says


def test_a_trace_comes_through_the_worker_unchanged(tmp_path: Path) -> None:
    trace = write_trace(tmp_path / "desk.jsonl.gz", 5, 0.5)
    source = open_source(str(trace), SystemClock())
    assert isinstance(source, TraceSource)
    wanted = list(source.landmarks())

    with feeding(trace, paced=False) as (_, heard):
        got = [heard.next(Landmarks) for _ in wanted]
        ended = heard.next(SourceEnded)

    assert ended == SourceEnded()
    first = got[0]
    assert isinstance(first, Landmarks)
    for one, other in zip(wanted, got, strict=True):
        assert isinstance(other, Landmarks)
        assert other.at - first.at == pytest.approx(one.at - wanted[0].at)
        assert (other.size, other.light) == (one.size, one.light)
        for points, came in ((one.pose, other.pose), (one.face, other.face)):
            assert (points is None) == (came is None)
            if points is not None and came is not None:
                assert np.array_equal(points, came)


def test_a_source_that_does_not_exist_is_told_as_it_is(tmp_path: Path) -> None:
    with feeding(tmp_path / "none.mp4") as (_, heard):
        ended = heard.next(SourceEnded)

    assert isinstance(ended, SourceEnded)
    assert isinstance(ended.error, SourceNotFound)
    assert "none.mp4" in str(ended.error)


def test_an_unchanged_scene_is_told_with_the_landmarks_known() -> None:
    with feeding("0", way="again") as (_, heard):
        first, second = heard.next(Landmarks), heard.next(Landmarks)
        third = heard.next(Landmarks)

    assert isinstance(first, Landmarks)
    assert isinstance(second, Landmarks)
    assert isinstance(third, Landmarks)
    # A worker that says "again" says nothing of size and light.
    assert third.at > second.at
    assert (third.size, third.light) == (second.size, second.light)


def test_pictures_come_when_they_are_asked_for_and_only_then(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mp4", 25, fps=2)
    sights: queue.SimpleQueue[Sight] = queue.SimpleQueue()

    with feeding(film) as (feed, heard):
        first = heard.next(Landmarks)
        assert sights.empty()
        feed.request_pictures(sights.put)
        sight = next(s for s in iter(lambda: sights.get(timeout=LONG_S), None) if s.jpeg)
        feed.request_pictures(None)
        shown = sights.qsize()
        heard.next(Landmarks)
        heard.next(Landmarks)
        assert sights.qsize() <= shown + 1  # one was under way

    assert isinstance(first, Landmarks)
    assert sight.jpeg is not None
    picture = cv2.imdecode(np.frombuffer(sight.jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert picture.shape == (48, 64, 3)
    assert picture.mean() == pytest.approx(sight.landmarks.light, abs=3)


# -- what becomes of it


def test_a_killed_worker_is_replaced_and_the_camera_watched_again() -> None:
    patient = replace(HASTY, silent_s=LONG_S)
    with serving() as server, feeding(server.url, patient) as (feed, heard):
        # Its name, with the first picture: only then a camera is known.
        assert heard.items.get(timeout=LONG_S) == Opened(live=True, name=server.url)
        heard.next(Landmarks)
        pid = feed.worker_pid
        assert pid is not None

        os.kill(pid, signal.SIGKILL)
        lost = heard.next(CameraLost)
        heard.next(Landmarks)
        other = feed.worker_pid

    assert isinstance(lost, CameraLost)
    assert lost.reason == "crashed"
    assert other not in {None, pid}
    assert not is_alive(pid)
    assert other is not None
    assert not is_alive(other)


@pytest.mark.parametrize(
    ("way", "reason"),
    [
        ("dies", "crashed"),
        ("babbles", "crashed"),
        ("landmarker", "failed"),
        ("model", "failed"),
        ("stalled", "stalled"),
        ("silent", "hung"),
        ("deaf", "hung"),
    ],
)
def test_a_worker_that_fails_is_replaced_again_and_again(way: str, reason: str) -> None:
    with feeding("0", replace(HASTY, silent_s=0.8), way) as (_, heard):
        for _ in range(2):
            heard.next(Landmarks)
            heard.until(lambda item: isinstance(item, CameraLost) and item.reason == reason)
        heard.next(Landmarks)


def test_a_hung_worker_is_killed() -> None:
    with feeding("0", way="silent") as (feed, heard):
        heard.next(Landmarks)
        pid = feed.worker_pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        heard.until(lambda item: isinstance(item, CameraLost) and item.reason == "hung")
        assert not is_alive(pid)


def test_a_worker_that_never_works_is_an_error() -> None:
    with feeding("0", way="dies at once") as (_, heard):
        told = [heard.items.get(timeout=LONG_S) for _ in range(3)]

    assert [type(item) for item in told] == [CameraLost, CameraLost, SourceEnded]
    ended = told[-1]
    assert isinstance(ended, SourceEnded)
    assert isinstance(ended.error, WatchFailed)


def test_a_model_that_is_damaged_from_the_start_is_an_error(tmp_path: Path) -> None:
    damaged = tmp_path / "pose.task"
    damaged.write_bytes(b"no model")
    film = write_film(tmp_path / "film.mp4", 2, fps=10)
    heard = Heard()
    feed = WorkerFeed(
        Assignment(str(film), pose_model=str(damaged)), heard.items.put, SystemClock()
    )
    feed.start()
    ended = heard.next(SourceEnded)
    assert feed.stop()

    assert isinstance(ended, SourceEnded)
    assert isinstance(ended.error, ModelError)


def test_a_crash_in_the_middle_of_a_file_is_an_error_not_a_new_beginning() -> None:
    with feeding("film.mp4", way="file") as (_, heard):
        ended = heard.next(SourceEnded)
        assert isinstance(ended, SourceEnded)
        assert isinstance(ended.error, WatchFailed)
        assert heard.items.empty()


def test_a_worker_that_is_not_needed_for_long_ends_and_comes_back() -> None:
    with feeding("0", way="quiet") as (feed, heard):
        heard.next(Landmarks)
        pid = feed.worker_pid
        assert pid is not None
        feed.want(False, 1.0)
        assert wait_until(lambda: not is_alive(pid) and feed.worker_pid is None)
        assert heard.items.qsize() == 1  # the second picture; that it ended is no loss

        feed.want(True, 1.0)
        for _ in range(3):
            heard.next(Landmarks)


def test_a_worker_is_told_whether_anything_is_undecided() -> None:
    with feeding("0", way="repeats") as (feed, heard):

        def repeated() -> str:
            told = heard.next(CameraLost)
            assert isinstance(told, CameraLost)
            return told.reason

        assert repeated() == "undecided"
        feed.doubt(False)
        assert repeated() == "decided"
        feed.doubt(True)
        assert repeated() == "undecided"


def test_someone_who_wants_to_see_the_picture_has_the_camera_opened() -> None:
    with feeding("0", way="quiet") as (feed, heard):
        feed.want(False, 1.0)
        assert wait_until(lambda: feed.worker_pid is None)
        while not heard.items.empty():
            heard.items.get()

        feed.request_pictures(lambda sight: None)
        heard.next(Landmarks)


DUMBSTRUCK = """
import sys
sys.path.insert(0, sys.argv[1])
from posture.sense import worker
def see(self, item):
    raise MemoryError
worker._Reporter.see = see
worker.main()
"""


def test_a_worker_whose_watching_thread_dies_is_replaced_at_once() -> None:
    """Not after the long silence that tells of a driver that hangs."""
    heard = Heard()
    with serving() as camera:
        feed = WorkerFeed(
            Assignment(camera.url),
            heard.items.put,
            SystemClock(),
            patience=replace(HASTY, silent_s=10 * LONG_S),
            command=[sys.executable, "-c", DUMBSTRUCK, str(ROOT)],
        )
        feed.start()
        heard.until(lambda item: isinstance(item, CameraLost) and item.reason == "crashed")
        assert feed.stop(10.0)


PROGRAM = """
import sys, time
from posture.clock import SystemClock
from posture.sense.wire import Assignment
from posture.sense.worker_feed import WorkerFeed
feed = WorkerFeed(Assignment(sys.argv[1]), lambda item: print(feed.worker_pid, flush=True),
                  SystemClock())
feed.start()
time.sleep(600)
"""


@pytest.mark.parametrize("stopped", [False, True], ids=["working", "hung"])
def test_the_worker_dies_with_the_program(stopped: bool, tmp_path: Path) -> None:
    trace = write_trace(tmp_path / "desk.jsonl", 20, 60.0)
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(trace)], stdout=subprocess.PIPE, text=True
    )
    assert program.stdout is not None
    with program.stdout:
        pid = int(program.stdout.readline())
        if stopped:
            os.kill(pid, signal.SIGSTOP)

        program.kill()
        program.wait()

    assert wait_until(lambda: not is_alive(pid))


def test_the_worker_has_no_socket_and_no_file_to_write(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mp4", 25, fps=2)
    sights: queue.SimpleQueue[Sight] = queue.SimpleQueue()
    with feeding(film) as (feed, _):
        feed.request_pictures(sights.put)
        assert sights.get(timeout=LONG_S).jpeg is not None
        held = [
            (str(path.readlink()), int(_flags(path), 8))
            for path in Path(f"/proc/{feed.worker_pid}/fd").iterdir()
        ]

    assert not [target for target, _ in held if target.startswith("socket:")]
    # What has no name any more is its stderr, and what libraries wrote there while they started.
    named = [
        target
        for target, flags in held
        if flags & (os.O_WRONLY | os.O_RDWR) and Path(target).is_file()
    ]
    assert named == []
    assert list(tmp_path.iterdir()) == [film]


def _flags(path: Path) -> str:
    text = path.parents[1].joinpath("fdinfo", path.name).read_text()
    return next(line.split()[1] for line in text.splitlines() if line.startswith("flags:"))
