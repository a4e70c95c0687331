"""The whole program, MediaPipe included, while its camera and its worker are maltreated."""

from __future__ import annotations

import os
import resource
import signal
from pathlib import Path

import cv2
import numpy as np
import pytest
from fake_camera import somebody_upright
from monitor_process import Home, Monitor, monitoring, until

BACK = "The camera works again."


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def worker_of(monitor: Monitor) -> int:
    """The process that watches the camera."""

    def found() -> list[int]:
        tasks = Path(f"/proc/{monitor.process.pid}/task")
        return [int(pid) for path in tasks.glob("*/children") for pid in path.read_text().split()]

    until(lambda: len(found()) == 1, "the worker")
    return found()[0]


def in_size(film: tuple[bytes, ...], width: int, height: int) -> tuple[bytes, ...]:
    pictures = (cv2.imdecode(np.frombuffer(one, np.uint8), cv2.IMREAD_COLOR) for one in film)
    resized = (cv2.resize(one, (width, height)) for one in pictures if one is not None)
    return tuple(cv2.imencode(".jpg", one)[1].tobytes() for one in resized)


def test_whatever_befalls_camera_and_worker_the_monitor_goes_on(home: Home) -> None:
    with somebody_upright() as camera, monitoring(home, camera.url) as monitor:
        monitor.hears("you are here")

        camera.closed = camera.away = True
        monitor.hears("The camera was unplugged. Plug it in again: it is found by itself.")
        camera.closed = camera.away = False
        monitor.hears(BACK)

        # It crashes.
        killed = worker_of(monitor)
        os.kill(killed, signal.SIGKILL)
        monitor.hears("The part that watches the camera crashed. It is started again.")
        monitor.hears(BACK)
        assert worker_of(monitor) != killed

        # It gets no more memory, and needs some for a larger picture.
        starved = worker_of(monitor)
        resource.prlimit(starved, resource.RLIMIT_AS, (2**20, 2**20))
        small = tuple(camera.film)
        camera.film = in_size(small, 1920, 1080)
        monitor.hears("The part that watches the camera ")
        monitor.hears(BACK)
        assert worker_of(monitor) != starved

        # Another size in mid-run, by the same worker.
        worker = worker_of(monitor)
        camera.film = small
        before = home.status()["sitting_s"]
        until(lambda: home.status()["sitting_s"] > before + 2.0, "it to go on")
        now = home.status()
        assert (now["presence"], now["camera"], now["camera_reason"]) == ("present", "open", None)
        assert worker_of(monitor) == worker

        assert monitor.end(signal.SIGTERM) == (0, "")

    # No trouble counted as having left the desk.
    presences = home.rows(
        "SELECT DISTINCT text FROM span JOIN word ON word.id = value"
        " WHERE kind = (SELECT id FROM word WHERE text = 'presence')"
    )
    assert ("present",) in presences
    assert ("away",) not in presences
