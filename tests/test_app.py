"""The running program's loop, with a feed, a screen and a record that only take notes."""

from __future__ import annotations

import queue
from collections.abc import Sequence
from dataclasses import replace

import pytest
from desk import neutral_of
from person import LAPTOP, START, STILL, Moves, seen

from posture.app import App, Inbox, InboxItem
from posture.clock import Instant, ManualClock, ScaledClock
from posture.core.effects import Activity, Effect, PresenceChanged, ShowReminder, Status
from posture.core.inputs import Input
from posture.core.monitor import Monitor
from posture.core.reader import Reader
from posture.core.reading import Presence
from posture.desktop.wishes import Command, CommandKind
from posture.engine import Engine, TimeStretch


class SlowToClose:
    """A camera that is closed a minute after it was told to."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self.doubts: list[bool] = []

    def start(self) -> None:
        """Nothing to begin."""

    def want(self, wanted: bool, interval_s: float) -> None:
        """Looks when the test says so."""

    def doubt(self, undecided: bool) -> None:
        self.doubts.append(undecided)

    def stop(self) -> None:
        self._clock.advance(60.0)


class NoScreen:
    def show(self, reminder: ShowReminder) -> None:
        raise AssertionError(reminder)

    def withdraw(self, reminder_id: int) -> None:
        raise AssertionError(reminder_id)


class Kept:
    def __init__(self) -> None:
        self.effects: list[Effect] = []

    def record(self, effects: Sequence[Effect]) -> None:
        self.effects += effects


def test_nobody_becomes_unseen_while_the_camera_closes() -> None:
    clock = ManualClock(START)
    inbox: Inbox = queue.SimpleQueue()
    reader = Reader(neutral_of(LAPTOP))
    app = App(Engine(Monitor(reader=reader), reader), clock, inbox, NoScreen())
    app.use(SlowToClose(clock))
    inbox.put(seen(STILL, LAPTOP))
    app.stop()
    record = Kept()

    app.run(record)

    told = [one.presence for one in record.effects if isinstance(one, PresenceChanged)]
    assert told == [Presence.PRESENT]


def test_the_camera_is_told_when_something_is_undecided_and_when_no_more() -> None:
    clock = ManualClock(START)
    inbox: Inbox = queue.SimpleQueue()
    reader = Reader(neutral_of(LAPTOP))
    app = App(Engine(Monitor(reader=reader), reader), clock, inbox, NoScreen())
    camera = SlowToClose(clock)
    app.use(camera)
    slouched = Moves(slump=4.5, poke=5.0)
    for at_s, moves in enumerate([STILL, STILL, slouched, slouched, slouched, STILL, STILL]):
        inbox.put(seen(moves, LAPTOP, at_s=2.0 * at_s))
    app.stop()

    app.run(Kept())

    # At first nobody knows; a slouch, and coming back, must be seen twice.
    assert camera.doubts == [False, True, False, True, False]


@pytest.mark.parametrize(
    ("real_seconds", "presences"),
    [(0.2, [Presence.PRESENT]), (3.5, [Presence.PRESENT, Presence.UNKNOWN])],
)
def test_in_quickened_time_the_last_picture_stands_until_the_end_unless_it_is_old(
    real_seconds: float, presences: list[Presence]
) -> None:
    base = ManualClock(START)
    clock = ScaledClock(90.0, base)
    inbox: Inbox = queue.SimpleQueue()
    reader = Reader(neutral_of(LAPTOP))
    engine = Engine(Monitor(reader=reader), reader, stretch=TimeStretch(clock))
    app = App(engine, clock, inbox, NoScreen(), in_real_time=False)
    app.use(SlowToClose(base))
    inbox.put(seen(STILL, LAPTOP))
    app.stop()
    record = Kept()
    base.advance(real_seconds)

    app.run(record)

    told = [one.presence for one in record.effects if isinstance(one, PresenceChanged)]
    assert told == presences


class Waits(queue.SimpleQueue[InboxItem]):
    """An inbox that notes how long somebody would have waited for it, and does not let them."""

    def __init__(self) -> None:
        self.waited: list[float] = []

    def get(self, block: bool = True, timeout: float | None = None) -> InboxItem:
        if self.empty():
            assert timeout is not None
            self.waited.append(timeout)
            if len(self.waited) == 2:
                return Command(START, CommandKind.QUIT)
        return super().get(block=False)


class Says(Engine):
    """An engine that says one status and no more."""

    def __init__(self, status: Status) -> None:
        self._status = status

    def take(self, given: Input) -> list[Effect]:
        return [self._status]

    def close(self, now: Instant) -> list[Effect]:
        return []


SITTING = Status(START, Activity.SITTING, 60.0, 0.0, 1.0, presence=Presence.PRESENT)
PAUSED = replace(SITTING, presence=Presence.UNKNOWN, camera="closed", silent="paused")


@pytest.mark.parametrize(
    ("status", "wait_s"),
    [
        (SITTING, 1.0),
        (replace(SITTING, presence=Presence.UNKNOWN), 1.0),
        (replace(SITTING, presence=Presence.UNKNOWN, camera="lost"), 1.0),
        (replace(SITTING, presence=Presence.AWAY), 10.0),
        (PAUSED, 10.0),
        (replace(PAUSED, silent_until=START.shifted(600.0)), 10.0),
        (replace(PAUSED, silent_until=START.shifted(2.5)), 2.5),
        (replace(PAUSED, silent_until=START.shifted(-1.0)), 1.0),
    ],
)
def test_the_second_counts_only_while_somebody_is_watched(status: Status, wait_s: float) -> None:
    inbox = Waits()
    app = App(Says(status), ManualClock(START), inbox, NoScreen())

    app.run(Kept())

    assert inbox.waited == [1.0, pytest.approx(wait_s)]


def test_where_time_is_quickened_every_second_counts() -> None:
    inbox = Waits()
    app = App(Says(PAUSED), ManualClock(START), inbox, NoScreen(), in_real_time=False)

    app.run(Kept())

    assert inbox.waited == [1.0, 1.0]
