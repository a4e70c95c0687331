"""The feed's thread: when it looks, what it tells, how it ends."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol, Self

import numpy as np
import pytest

from posture.clock import Instant, SystemClock
from posture.core.inputs import CameraLost
from posture.core.landmarks import Landmarks
from posture.core.sampling import Step
from posture.errors import LandmarkingFailed, SourceNotFound, WatchFailed
from posture.sense import feed as feed_module
from posture.sense.attention import Attention
from posture.sense.feed import Feed
from posture.sense.frame import Frame, Glance
from posture.sense.landmark_stream import Enough, Seen
from posture.sense.sight import Again, FeedItem, Sight, SourceEnded

CLOCK = SystemClock()
WAIT_S = 10.0


@dataclass
class Desk:
    """A source whose pictures are endless, or so many; ``failure`` is raised at the end of them."""

    live: bool = True
    independent: bool = False
    epoch: Instant = field(default_factory=CLOCK.now)
    name: str = "a desk"
    pictures: int | None = None
    failure: Exception | None = None
    closed: int = 0

    def frames(self) -> Iterator[Frame | CameraLost]:
        index = 0
        while self.pictures is None or index < self.pictures:
            at = CLOCK.now() if self.live else self.epoch.shifted(index * 0.1)
            yield Frame(at, np.full((480, 800, 3), 90, np.uint8))
            index += 1
        if self.failure is not None:
            raise self.failure

    def close(self) -> None:
        self.closed += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def watched(self, peek: Callable[[], Enough | None]) -> Iterator[Seen | CameraLost]:
        for frame in self.frames():
            if isinstance(frame, CameraLost):
                yield frame
            else:
                yield Seen(Landmarks(frame.at, frame.size, None, None), frame)


class Told:
    """What a feed tells."""

    def __init__(self) -> None:
        self.items: queue.SimpleQueue[FeedItem] = queue.SimpleQueue()

    def next(self) -> FeedItem:
        return self.items.get(timeout=WAIT_S)

    def sight(self) -> Sight:
        item = self.next()
        assert isinstance(item, Sight)
        return item

    def silent(self, seconds: float) -> bool:
        """Nothing is told for so long, but for what was under way."""
        time.sleep(0.1)
        while not self.items.empty():
            self.items.get()
        time.sleep(seconds)
        return self.items.empty()


@pytest.fixture
def told() -> Told:
    return Told()


class Starter(Protocol):
    def __call__(self, desk: Desk, interval_s: float = 0.0) -> Feed: ...


@pytest.fixture
def start(told: Told) -> Iterator[Starter]:
    feeds: list[Feed] = []

    def begin(desk: Desk, interval_s: float = 0.0) -> Feed:
        feed = Feed(lambda: desk, lambda _: desk, told.items.put, CLOCK)
        feeds.append(feed)
        feed.want(True, interval_s)
        feed.start()
        return feed

    yield begin
    assert all(feed.stop() for feed in feeds)


def test_a_camera_is_looked_at_as_often_as_was_said(start: Starter, told: Told) -> None:
    start(Desk(), 0.15)
    first, second, third = told.sight(), told.sight(), told.sight()

    assert second.landmarks.at - first.landmarks.at >= 0.14
    assert third.landmarks.at - second.landmarks.at >= 0.14
    assert first.jpeg is None


def test_a_camera_nobody_wants_is_closed_and_opened_again(start: Starter, told: Told) -> None:
    desk = Desk()
    feed = start(desk)
    told.sight()
    feed.want(False, 0.1)
    assert told.silent(0.2)
    assert desk.closed == 1

    feed.want(True, 0.1)
    told.sight()


def test_a_long_pause_ends_when_the_camera_is_not_wanted(start: Starter, told: Told) -> None:
    desk = Desk()
    feed = start(desk)
    feed.want(True, 600.0)
    told.sight()
    feed.want(False, 600.0)
    wait_until_closed(desk)


class StillDesk(Desk):
    """A camera one can glance at: a room where nothing moves until ``stirred`` is set."""

    glances = 0
    stirred = threading.Event()

    def glance(self, timeout_s: float) -> Glance:
        self.glances += 1
        shade = 200 if self.stirred.is_set() else 90
        small = np.full((48, 80), 90, np.uint8)
        small[10:30, 20:50] = shade
        return Glance(CLOCK.now(), small)


def test_a_still_scene_is_told_without_looking(start: Starter, told: Told) -> None:
    desk = StillDesk()
    desk.stirred = threading.Event()
    start(desk, 0.2)
    items = [told.next() for _ in range(4)]

    looks = [item.landmarks.at for item in items if isinstance(item, Sight)]
    again = [item.at for item in items if isinstance(item, Again)]
    assert len(looks) <= 3
    assert len(again) >= 2
    assert desk.glances >= len(again)

    desk.stirred.set()
    while not isinstance(item := told.next(), Sight):
        assert isinstance(item, Again)


class PeekingDesk(StillDesk):
    """Every second picture is one of the face alone."""

    def watched(self, peek: Callable[[], Enough | None]) -> Iterator[Seen | CameraLost]:
        for index, item in enumerate(super().watched(peek)):
            yield replace(item, face_alone=index % 2 == 1) if isinstance(item, Seen) else item


def test_a_peek_is_told_and_is_no_look(
    start: Starter, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []

    class Notes(Attention):
        def looked(self, frame: Frame, landmarks: Landmarks) -> None:
            heard.append("looked")
            super().looked(frame, landmarks)

        def peeked(self, frame: Frame) -> None:
            heard.append("peeked")

        def glanced(self, glance: Glance) -> Step:
            return Step.PEEK

    monkeypatch.setattr(feed_module, "Attention", Notes)
    start(PeekingDesk(), 0.2)
    sights = [told.sight() for _ in range(4)]

    assert heard[:3] == ["looked", "peeked", "looked"]
    assert all(sight.landmarks.size == (800, 480) for sight in sights)


def test_what_is_undecided_is_known_at_the_next_glance(
    start: Starter, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: list[bool] = []

    class Notes(Attention):
        def glanced(self, glance: Glance) -> Step:
            known.append(self.sampling.undecided)
            return Step.LOOK

    monkeypatch.setattr(feed_module, "Attention", Notes)
    feed = start(StillDesk(), 0.2)
    told.sight(), told.sight()
    feed.doubt(False)
    told.sight(), told.sight()

    assert known[0]
    assert not known[-1]


def test_every_picture_is_a_look_where_that_is_asked(told: Told) -> None:
    desk = StillDesk()
    feed = Feed(lambda: desk, lambda _: desk, told.items.put, CLOCK, adaptive=False)
    feed.want(True, 0.2)
    feed.start()
    for _ in range(4):
        assert isinstance(told.next(), Sight)
    assert feed.stop()
    assert desk.glances == 0


def test_a_preview_and_the_blinks_get_every_picture(start: Starter, told: Told) -> None:
    desk = StillDesk()
    feed = start(desk, 0.05)
    for _ in range(8):
        told.sight()
    assert desk.glances == 0

    feed.want(True, 2.0)
    feed.request_pictures(True)
    pictures = [told.sight() for _ in range(6)]
    assert sum(one.jpeg is not None for one in pictures) >= 4


def wait_until_closed(desk: Desk) -> None:
    deadline = time.monotonic() + WAIT_S
    while not desk.closed and time.monotonic() < deadline:
        time.sleep(0.01)
    assert desk.closed == 1


def test_a_file_plays_on_when_no_camera_is_wanted(start: Starter, told: Told) -> None:
    feed = start(Desk(live=False, pictures=6))
    feed.want(False, 600.0)

    times = [told.sight().landmarks.at for _ in range(6)]

    assert told.next() == SourceEnded()
    assert [round(at - times[0], 3) for at in times] == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]


def test_pictures_are_small_and_come_at_once_when_asked_for(start: Starter, told: Told) -> None:
    feed = start(Desk())
    feed.want(True, 600.0)
    told.sight()
    feed.request_pictures(True)

    jpegs = (sight.jpeg for sight in iter(told.sight, None) if sight.jpeg is not None)
    jpeg, again = next(jpegs), next(jpegs)

    assert again.startswith(b"\xff\xd8")
    assert jpeg.startswith(b"\xff\xd8")
    assert jpeg_size(jpeg) == (640, 384)


def jpeg_size(jpeg: bytes) -> tuple[int, int]:
    start = jpeg.index(b"\xff\xc0")
    height, width = (int.from_bytes(jpeg[start + i : start + i + 2], "big") for i in (5, 7))
    return width, height


def test_a_preview_opens_the_camera_that_nothing_else_wants(start: Starter, told: Told) -> None:
    desk = Desk()
    feed = start(desk)
    feed.want(False, 1.0)
    assert told.silent(0.1)

    feed.request_pictures(True)
    assert told.sight().jpeg is not None

    feed.request_pictures(False)
    assert told.silent(0.2)
    assert desk.closed == 2


def test_the_landmarkers_failure_is_told(start: Starter, told: Told) -> None:
    failure = LandmarkingFailed("MediaPipe failed.", "Start again.")
    desk = Desk(pictures=1, failure=failure)
    start(desk)
    told.sight()

    assert told.next() == SourceEnded(failure)
    assert desk.closed == 1


def test_a_failure_nobody_foresaw_is_told_too(start: Starter, told: Told) -> None:
    start(Desk(pictures=1, failure=MemoryError("no room")))
    told.sight()
    ended = told.next()

    assert isinstance(ended, SourceEnded)
    assert isinstance(ended.error, WatchFailed)
    assert "no room" in ended.error.what


def test_a_source_that_cannot_be_opened_is_an_error_at_first_and_a_loss_later(told: Told) -> None:
    error = SourceNotFound("There is no camera.", "Plug it in.")
    desks: queue.SimpleQueue[Desk | SourceNotFound] = queue.SimpleQueue()

    def open_desk() -> Desk:
        desk = desks.get(timeout=WAIT_S)
        if isinstance(desk, SourceNotFound):
            raise desk
        return desk

    def feed() -> Feed:
        return Feed(open_desk, lambda desk: Desk(), told.items.put, CLOCK)

    desks.put(error)
    first = feed()
    first.start()
    assert told.next() == SourceEnded(error)
    assert first.stop()

    desk = Desk()
    desks.put(desk)
    second = feed()
    second.start()
    second.want(True, 600.0)
    told.sight()
    desks.put(error)
    desks.put(Desk())
    second.want(False, 1.0)
    wait_until_closed(desk)
    second.want(True, 600.0)
    lost = next(item for item in iter(told.next, None) if isinstance(item, CameraLost))
    assert lost.reason == error.what
    assert isinstance(told.sight(), Sight)
    assert second.stop()


def test_a_feed_that_hangs_in_its_driver_is_left(told: Told) -> None:
    held = threading.Event()

    class Hung(Desk):
        def frames(self) -> Iterator[Frame | CameraLost]:
            held.wait(WAIT_S)
            yield CameraLost(CLOCK.now(), "at last")

    desk = Hung()
    feed = Feed(lambda: desk, lambda _: desk, told.items.put, CLOCK)
    feed.start()
    try:
        assert not feed.stop(0.05)
    finally:
        held.set()
        assert feed.stop()
