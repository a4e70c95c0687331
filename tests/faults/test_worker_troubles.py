"""The program, most of it with MediaPipe, while its camera and its worker are maltreated."""

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
from watched import employing

from posture.core.effects import SpanKind
from posture.journal.reader import Reader as LogReader

# For a picture, but not for the landmarkers' work on it.
A_LITTLE = 16 * 2**20
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

        # Another size in mid-run, by the same worker.
        worker = worker_of(monitor)
        camera.film = in_size(tuple(camera.film), 320, 240)
        before = home.status()["sitting_s"]
        until(lambda: home.status()["sitting_s"] > before + 2.0, "it to go on")
        now = home.status()
        assert (now["presence"], now["camera"], now["camera_reason"]) == ("present", "open", None)
        assert worker_of(monitor) == worker

        assert monitor.end(signal.SIGTERM) == (0, "")

    assert presences(home) >= {"present"}
    assert "away" not in presences(home)


def presences(home: Home) -> set[str]:
    """What the log says of presence."""
    rows = home.rows(
        "SELECT DISTINCT text FROM span JOIN word ON word.id = value"
        " WHERE kind = (SELECT id FROM word WHERE text = 'presence')"
    )
    return {text for (text,) in rows}


def test_a_worker_without_memory_is_replaced_and_nothing_is_lost(home: Home) -> None:
    """It gets no more, and needs some for larger pictures."""
    with somebody_upright() as camera, monitoring(home, camera.url) as monitor:
        monitor.hears("you are here")
        until(lambda: home.status()["sitting_s"] > 4.0, "it to be at work")
        starved = worker_of(monitor)
        pages = int(Path(f"/proc/{starved}/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + A_LITTLE
        resource.prlimit(starved, resource.RLIMIT_AS, (limit, limit))
        camera.film = in_size(tuple(camera.film), 1920, 1080)

        # Whether a library ends the process, raises or waits for ever is its own affair.
        told = monitor.hears("The part that watches the camera ")
        how = told.partition(" camera ")[2]
        assert how in {f"{word}. It is started again." for word in ("crashed", "failed", "hung")}
        monitor.hears(BACK)
        assert worker_of(monitor) != starved
        before = home.status()
        until(lambda: home.status()["sitting_s"] > before["sitting_s"], "it to go on")
        assert before["sitting_s"] > 4.0
        assert monitor.end(signal.SIGTERM) == (0, "")

    assert presences(home) >= {"present"}
    assert "away" not in presences(home)


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("dies", "The part that watches the camera crashed. It is started again."),
        ("babbles", "The part that watches the camera crashed. It is started again."),
        ("landmarker", "The part that watches the camera failed. It is started again."),
        ("model", "The part that watches the camera failed. It is started again."),
        ("silent", "The part that watches the camera hung. It is started again."),
    ],
)
def test_a_worker_in_trouble_is_said_shown_and_over(way: str, words: str, tmp_path: Path) -> None:
    with employing(way, tmp_path) as desk:
        said = desk.hears(words)
        desk.shows(words)
        said = desk.hears(BACK, after=said)
        # Every new one ends like the one before: said anew, and the monitor bears it.
        said = desk.hears(words, after=said)
        desk.hears(BACK, after=said)
    assert desk.app.error is None

    with LogReader(tmp_path) as log:
        cameras = [span.value for span in log.spans(0, 2**62, [SpanKind.CAMERA])]
        presences = {span.value for span in log.spans(0, 2**62, [SpanKind.PRESENCE])}
    assert cameras[:3] == ["open", "lost", "open"]
    assert "away" not in presences


def test_a_worker_that_never_works_ends_the_run_with_a_reason(tmp_path: Path) -> None:
    with employing("dies at once", tmp_path) as desk:
        desk.hears("The part that watches the camera crashed. It is started again.")
        until(lambda: desk.app.error, "the end")

    assert desk.app.error is not None
    assert desk.app.error.exit_code == 35
    assert str(desk.app.error) == "The part that watches the camera crashed. Start posture again."
