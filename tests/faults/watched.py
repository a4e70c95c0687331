"""A monitor in this process before a webcam to be maltreated: camera, feed, engine, words and log.

Only the landmarkers are left out: every picture shows the same person, sitting well.
"""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from desk import neutral_of
from fake_webcam import Bench
from monitor_process import until
from person import LAPTOP, START, STILL, Moves, seen

from posture.app import App, Inbox, InboxItem
from posture.app import Feed as AnyFeed
from posture.cli.terminal import Terminal
from posture.clock import SystemClock, local_time
from posture.core.effects import Effect, ShowReminder, Status
from posture.core.inputs import CameraLost, Delivered
from posture.core.landmarks import Landmarks, SceneMotion
from posture.core.monitor import Monitor
from posture.core.policy import Policy
from posture.core.reader import Reader
from posture.desktop.glance import Glance, glance
from posture.engine import Engine
from posture.journal.outspoken import OutspokenJournal
from posture.journal.store import Journal
from posture.sense import worker_feed
from posture.sense.camera import Camera, Patience
from posture.sense.feed import Feed
from posture.sense.frame import Frame
from posture.sense.landmark_stream import Enough, Seen
from posture.sense.sight import Again, FeedItem, Sight
from posture.sense.source import FrameSource
from posture.sense.trace import TraceSource
from posture.sense.webcam import Webcam
from posture.sense.wire import Assignment, again
from posture.sense.worker_feed import WorkerFeed

LONG_S = 20.0
HASTY = Patience(
    silent_s=0.6, opening_s=0.6, retry_s=0.02, longest_retry_s=0.05, frozen_s=0.3, goodbye_s=1.0
)
HASTY_WITH_WORKERS = worker_feed.Patience(
    silent_s=1.0, stalled_words=5, idle_s=0.2, retry_s=(0.01,), goodbye_s=1.0
)
_STRANGE_WORKER = Path(__file__).parents[1] / "sense" / "strange_worker.py"
_LOOK_EVERY_S = 0.05
_NEUTRAL = neutral_of(LAPTOP)
_PERSON = seen(STILL, LAPTOP)


def person_in(frame: Frame) -> Landmarks:
    """The same person in any picture, at its own time and in its size."""
    return replace(_PERSON, at=frame.at, size=frame.size)


@dataclass(frozen=True)
class SameFor:
    """Landmarks for every picture of *source*; what is in them is up to *look*."""

    source: FrameSource
    look: Callable[[Frame], Landmarks]

    def watched(self, peek: Callable[[], Enough | None]) -> Iterator[Seen | CameraLost]:
        for item in self.source.frames():
            yield item if isinstance(item, CameraLost) else Seen(self.look(item), item)


class Hearing(Terminal):
    """The real terminal's words, kept."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def say(self, text: str, indent: int = 0) -> None:
        self.said.append(text)


class Screen:
    """Shows everything."""

    def show(self, reminder: ShowReminder) -> Delivered:
        return Delivered(reminder.at, reminder.id, ok=True)

    def withdraw(self, reminder_id: int) -> None:
        """Nothing to take away."""


@dataclass
class Watched:
    """The monitor at work."""

    app: App
    terminal: Hearing
    statuses: list[Status] = field(default_factory=list)

    @property
    def status(self) -> Status | None:
        return self.app.status

    def hears(self, words: str, after: int = 0) -> int:
        """Wait until a line with *words* was said; how many lines were said up to it."""

        def found() -> int | None:
            told = enumerate(list(self.terminal.said))
            return next((n + 1 for n, line in told if n >= after and words in line), None)

        return until(found, lambda: f"{words!r} in {self.terminal.said}", LONG_S)

    def shows(self, headline: str) -> Glance:
        """Wait until the icon's first line is *headline*."""

        def found() -> Glance | None:
            seen_now = glance(self.status)
            return seen_now if seen_now.headline == headline else None

        return until(found, lambda: f"{headline!r}, it is {glance(self.status)}", LONG_S)


@contextmanager
def watching(
    bench: Bench, data: Path, look: Callable[[Frame], Landmarks] = person_in
) -> Iterator[Watched]:
    """Run the monitor before the webcam of *bench* until the block ends."""
    clock = SystemClock()
    seen: list[Landmarks] = []

    def open_camera() -> FrameSource:
        return Camera(Webcam("0", bench.cameras, bench.capture), clock, patience=HASTY)

    def stream(source: FrameSource | TraceSource) -> SameFor:
        assert not isinstance(source, TraceSource)
        return SameFor(source, look)

    def feed(put: Callable[[InboxItem], None]) -> Feed:
        def take(item: FeedItem) -> None:
            match item:
                case Sight():
                    seen[:] = [item.landmarks]
                    put(item.landmarks)
                case Again():
                    put(again(seen[0], item.at))
                case _:
                    put(item)

        return Feed(open_camera, stream, take, clock)

    with _at_work(feed, data) as watched:
        try:
            yield watched
        finally:
            bench.freed.set()
    assert watched.app.error is None


@contextmanager
def employing(way: str, data: Path) -> Iterator[Watched]:
    """Run the monitor with a worker that ends in *way* (see ``strange_worker.py``)."""

    def feed(put: Callable[[InboxItem], None]) -> WorkerFeed:
        def take(item: InboxItem) -> None:
            put(replace(_PERSON, at=item.at) if isinstance(item, Landmarks) else item)

        return WorkerFeed(
            Assignment("0"),
            take,
            SystemClock(),
            patience=HASTY_WITH_WORKERS,
            command=[sys.executable, str(_STRANGE_WORKER), way],
        )

    with _at_work(feed, data) as watched:
        yield watched


@contextmanager
def _at_work(
    feed_into: Callable[[Callable[[InboxItem], None]], AnyFeed], data: Path
) -> Iterator[Watched]:
    clock = SystemClock()
    inbox: Inbox = queue.SimpleQueue()
    feed = feed_into(inbox.put)
    terminal = Hearing()
    reader = Reader(_NEUTRAL)
    engine = Engine(Monitor(Policy(), reader=reader, local_time=local_time), reader)
    app = App(engine, clock, inbox, Screen(), watchers=[terminal.watch, _impatient(feed)])
    app.use(feed)
    failure: list[BaseException] = []

    def work() -> None:
        try:
            with OutspokenJournal(Journal(data, clock), terminal.say) as record:
                app.run(record)
        except BaseException as error:  # noqa: BLE001 - looked at by the test
            failure.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield Watched(app, terminal)
    finally:
        app.stop()
        thread.join(LONG_S)
    assert not thread.is_alive()
    assert failure == []


@dataclass
class Told:
    """What a stretch of pictures led to."""

    said: list[str]
    reminders: list[ShowReminder]
    glance: Glance


@dataclass(frozen=True)
class Part:
    """So many seconds of one posture; ``size``: the picture's; ``scene``: how the room moved."""

    seconds: float
    moves: Moves = STILL
    size: tuple[int, int] = LAPTOP.size
    scene: SceneMotion | None = None


def tell(parts: Sequence[Part], hz: float) -> Told:
    """Play *parts* to the engine at *hz* pictures a second, as fast as it goes."""
    reader = Reader(_NEUTRAL)
    engine = Engine(
        Monitor(Policy(), reader=reader, local_time=local_time), reader, instant_delivery=True
    )
    terminal, at_s = Hearing(), 0.0
    shown: list[ShowReminder] = []
    status: Status | None = None
    for part in parts:
        webcam = replace(LAPTOP, size=part.size)
        person = replace(seen(part.moves, webcam), scene=part.scene)
        for number in range(round(part.seconds * hz)):
            effects = engine.take(replace(person, at=START.shifted(at_s + number / hz)))
            terminal.watch(effects)
            shown += [one for one in effects if isinstance(one, ShowReminder)]
            status = next((one for one in effects if isinstance(one, Status)), status)
        at_s += part.seconds
    return Told(terminal.said, shown, glance(status))


def _impatient(feed: AnyFeed) -> Callable[[Sequence[Effect]], None]:
    """Look far more often than the engine asks for, for the tests to be short."""

    def watch(effects: Sequence[Effect]) -> None:
        if effects:
            feed.want(True, _LOOK_EVERY_S)

    return watch
