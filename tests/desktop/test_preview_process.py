"""The preview of a running monitor: the real window, in its own process, beside a stand-in."""

from __future__ import annotations

import io
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from at_home import home_environment
from moments import NOW, status
from person import seen
from PIL import Image
from stage import Hands, until
from test_highgui import ask_to_close

from posture.core.effects import WantCamera
from posture.core.thresholds import Thresholds
from posture.preview_pipe import read
from posture.preview_process import PreviewProcess, Show
from posture.sense.sight import Sight

TITLE = "Posture - Preview"
ORANGE, VIOLET = (250, 130, 10), (140, 30, 200)


def jpeg(colour: tuple[int, int, int]) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(data, "jpeg", quality=95)
    return data.getvalue()


class Monitor:
    """Gives pictures while they are asked for, and says how things stand."""

    def __init__(self) -> None:
        self.asked: list[bool] = []
        self.colour = ORANGE
        self.camera = "open"
        self._show: Show | None = None
        self._stopping = threading.Event()
        self.preview = PreviewProcess(self.request_pictures, Thresholds())
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def request_pictures(self, show: Callable[[Sight], None] | None) -> None:
        self.asked.append(show is not None)
        self._show = show

    def close(self) -> None:
        self.preview.close()
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(0.05):
            self.preview.watch([status(camera=self.camera)])
            show = self._show
            if show is not None and self.camera == "open":
                show(Sight(replace(seen(), pose=None, face=None), jpeg(self.colour)))


@pytest.fixture
def monitor(screen: Hands, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Monitor]:
    for name, value in home_environment(folder).items():
        monkeypatch.setenv(name, value)
    monitor = Monitor()
    yield monitor
    monitor.close()
    # Nothing was stored.
    assert [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".conf"] == []


def test_the_preview_lives_and_closes_without_the_monitor_noticing_more(
    monitor: Monitor, screen: Hands
) -> None:
    assert monitor.asked == []
    monitor.preview.show()
    until(lambda: screen.find(ORANGE, 1000), "the picture")
    assert monitor.asked == [True]

    monitor.colour = VIOLET
    until(lambda: screen.find(VIOLET, 1000), "the next picture")

    # Asking again opens no second window.
    monitor.preview.show()
    screen.press("Escape")
    until(lambda: not monitor.preview.open, "the end of the preview")
    assert monitor.asked == [True, False]
    until(lambda: screen.find(VIOLET, 1000) is None, "an empty screen")

    # It can be opened again.
    monitor.preview.show()
    until(lambda: screen.find(VIOLET, 1000), "the picture again")
    ask_to_close(screen.name, TITLE)
    until(lambda: not monitor.preview.open, "the end of the preview")
    assert monitor.asked == [True, False, True, False]


def test_while_the_monitor_wants_no_camera_the_preview_shows_none(
    monitor: Monitor, screen: Hands
) -> None:
    monitor.preview.show()
    until(lambda: screen.find(ORANGE, 1000), "the picture")

    monitor.preview.watch([WantCamera(NOW, wanted=False, reason="paused")])
    assert monitor.asked == [True, False]
    until(lambda: screen.find(ORANGE, 1000) is None, "the picture to go")
    assert monitor.preview.open

    monitor.preview.watch([WantCamera(NOW, wanted=True)])
    until(lambda: screen.find(ORANGE, 1000), "the picture to come back")


def test_a_picture_on_its_way_when_no_more_are_wanted_is_not_shown(tmp_path: Path) -> None:
    told = tmp_path / "told"
    keep = "shutil.copyfileobj(sys.stdin.buffer.raw, open(sys.argv[1], 'wb', 0))"
    command = [sys.executable, "-c", f"import shutil, sys; {keep}", str(told)]
    requested: list[Show | None] = []
    preview = PreviewProcess(requested.append, Thresholds(), command=command)
    preview.show()
    until(lambda: requested, "the wish for pictures")
    see = cast("Show", requested[0])
    preview.watch([WantCamera(NOW, wanted=False, reason="paused")])

    see(Sight(replace(seen(), pose=None, face=None), jpeg(ORANGE)))
    preview.watch([status(camera="closed")])
    until(lambda: told.exists() and told.stat().st_size, "what is shown")
    preview.close()

    with told.open("rb") as stream:
        shown = list(iter(lambda: read(stream), None))
    assert [one.jpeg for one in shown] == [None]


def test_a_lost_camera_leaves_no_old_picture(monitor: Monitor, screen: Hands) -> None:
    monitor.preview.show()
    until(lambda: screen.find(ORANGE, 1000), "the picture")

    monitor.camera = "lost"
    until(lambda: screen.find(ORANGE, 1000) is None, "the picture to go")
    assert monitor.preview.open

    monitor.camera = "open"
    until(lambda: screen.find(ORANGE, 1000), "the picture to come back")


def test_a_preview_that_dies_takes_nobody_with_it(monitor: Monitor, screen: Hands) -> None:
    monitor.preview.show()
    until(lambda: screen.find(ORANGE, 1000), "the picture")
    process = monitor.preview._process
    assert process is not None

    process.kill()

    until(lambda: not monitor.preview.open, "the end of the preview")
    assert monitor.asked == [True, False]


def test_the_end_of_the_monitor_closes_the_preview(monitor: Monitor, screen: Hands) -> None:
    monitor.preview.show()
    until(lambda: screen.find(ORANGE, 1000), "the picture")

    monitor.preview.close()

    assert not monitor.preview.open
    until(lambda: screen.find(ORANGE, 1000) is None, "an empty screen")
