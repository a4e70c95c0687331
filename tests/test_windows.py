"""The windows of a running monitor: the camera is lent, and taken back."""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest
from desk import neutral_of
from person import EYE_LEVEL, STILL, Moves, seen

from posture.clock import SystemClock
from posture.core.reader import Reader
from posture.core.thresholds import Thresholds
from posture.desktop.wishes import Command, CommandKind
from posture.plan import Plan
from posture.preview_process import PreviewProcess, Show
from posture.windows import LendableFeed, Windows

LONG_S = 20.0


@dataclass
class Camera:
    """A feed that notes what is wished."""

    wishes: list[object] = field(default_factory=list)

    def start(self) -> None:
        self.wishes.append("start")

    def want(self, wanted: bool, interval_s: float) -> None:
        self.wishes.append((wanted, interval_s))

    def doubt(self, undecided: bool) -> None:
        self.wishes.append("undecided" if undecided else "decided")

    def request_pictures(self, show: Show | None) -> None:
        self.wishes.append("pictures" if show else "no pictures")

    def stop(self) -> None:
        self.wishes.append("stop")


class NoPreview:
    """Stands in for the preview's process."""

    def __init__(self) -> None:
        self.shown = 0

    def show(self) -> None:
        self.shown += 1

    def watch(self, effects: object) -> None:
        """See nothing."""

    def close(self) -> None:
        """Nothing to close."""


@dataclass
class Desk:
    """A monitor's windows with stand-ins around them."""

    camera: Camera
    windows: Windows
    preview: NoPreview
    inbox: queue.SimpleQueue[Any]
    told: list[str]

    def ask(self, kind: CommandKind, argument: str | None = None) -> bool:
        return self.windows.handle(Command(SystemClock().now(), kind, argument))


Set = Callable[..., Desk]


@pytest.fixture
def set_up(tmp_path: Path) -> Iterator[Set]:
    desks: list[Desk] = []

    def desk(script: str = "", source: str = "0") -> Desk:
        camera, preview = Camera(), NoPreview()
        inbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
        told: list[str] = []
        plan = Plan(source, None, 1.0, True, tmp_path, demo=False, tray=False, profile="home")
        windows = Windows(
            LendableFeed(camera), plan, Thresholds(), inbox, SystemClock(),
            profile=lambda: "home", tell=told.append, preview=cast("PreviewProcess", preview),
            command=[sys.executable, "-c", script],
        )  # fmt: skip
        desks.append(Desk(camera, windows, preview, inbox, told))
        return desks[-1]

    yield desk
    for one in desks:
        one.windows.close()


def finished(desk: Desk) -> None:
    thread = desk.windows._thread
    assert thread is not None
    thread.join(LONG_S)
    assert not thread.is_alive()


def test_a_calibration_borrows_the_camera_and_is_to_be_used(set_up: Set) -> None:
    desk = set_up("print('Calibrated.')")

    assert desk.ask(CommandKind.RECALIBRATE)
    finished(desk)

    assert desk.camera.wishes == ["no pictures", (False, 0.0), (True, 0.0), "no pictures"]
    command = desk.inbox.get(timeout=LONG_S)
    assert (command.kind, command.argument) == (CommandKind.PROFILE, "home")
    assert desk.told == []


def test_a_cancelled_calibration_changes_nothing(set_up: Set) -> None:
    desk = set_up("raise SystemExit(130)")

    desk.ask(CommandKind.RECALIBRATE)
    finished(desk)

    assert desk.camera.wishes[-2] == (True, 0.0)
    assert desk.inbox.empty()
    assert desk.told == []


def test_a_failed_calibration_says_why_and_gives_the_camera_back(set_up: Set) -> None:
    desk = set_up("import sys; sys.exit('posture: No window can be opened.')")

    desk.ask(CommandKind.RECALIBRATE)
    finished(desk)

    assert desk.camera.wishes[-2] == (True, 0.0)
    assert desk.told == ["posture: No window can be opened."]
    assert desk.inbox.empty()


def test_only_one_calibration_at_a_time(set_up: Set) -> None:
    desk = set_up("import time; time.sleep(60)")

    desk.ask(CommandKind.RECALIBRATE)
    first = desk.windows._thread
    desk.ask(CommandKind.RECALIBRATE)
    assert desk.windows._thread is first

    # The monitor's end ends it too.
    desk.windows.close()
    assert first is not None
    assert not first.is_alive()


def test_a_recording_cannot_be_calibrated_anew(set_up: Set) -> None:
    desk = set_up(source="clip.mp4")

    assert desk.ask(CommandKind.RECALIBRATE)

    assert desk.camera.wishes == []
    assert desk.told == ["Only before a camera can you be calibrated anew."]


def test_the_preview_is_opened_and_other_wishes_are_left_alone(set_up: Set) -> None:
    desk = set_up()

    assert desk.ask(CommandKind.PREVIEW)
    assert not desk.ask(CommandKind.REPORT)

    assert desk.preview.shown == 1


def test_what_is_wished_while_the_camera_is_lent_holds_afterwards() -> None:
    camera = Camera()
    feed = LendableFeed(camera)
    feed.want(True, 0.5)
    feed.lend()
    camera.wishes.clear()

    feed.want(False, 2.0)
    feed.request_pictures(lambda sight: None)
    assert camera.wishes == []
    # Opens nothing.
    feed.doubt(False)
    feed.take_back()

    assert camera.wishes == ["decided", (False, 2.0), "pictures"]


def test_the_camera_is_lent_across_threads() -> None:
    camera = Camera()
    feed = LendableFeed(camera)
    threads = [threading.Thread(target=feed.want, args=(True, float(n))) for n in range(20)]
    feed.lend()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (True, 1.0) not in camera.wishes
    feed.take_back()
    assert camera.wishes[-2] in {(True, float(n)) for n in range(20)}


def test_a_reader_judges_by_the_new_calibration_at_once() -> None:
    reader = Reader(neutral_of(EYE_LEVEL))
    leaning = Moves(forward=15.0)
    for step in range(10):
        reading = reader.read(seen(leaning, at_s=0.5 * step))
    assert reading.metrics.forward_lean_cm == pytest.approx(15.0, abs=1.0)

    nearer = replace(EYE_LEVEL, distance=45.0)
    reader.recalibrate(neutral_of(nearer))

    reading = reader.read(seen(STILL, nearer, at_s=6.0))
    assert reading.metrics.forward_lean_cm == pytest.approx(0.0, abs=1.0)
    assert reading.metrics.distance_cm == pytest.approx(45.0, abs=0.5)
