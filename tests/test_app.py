"""The running program's loop, with a feed, a screen and a record that only take notes."""

from __future__ import annotations

import queue
from collections.abc import Sequence

import pytest
from desk import neutral_of
from person import LAPTOP, START, STILL, seen

from posture.app import App, Inbox
from posture.clock import ManualClock, ScaledClock
from posture.core.effects import Effect, PresenceChanged, ShowReminder
from posture.core.monitor import Monitor
from posture.core.reader import Reader
from posture.core.reading import Presence
from posture.engine import Engine, TimeStretch


class SlowToClose:
    """A camera that is closed a minute after it was told to."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock

    def start(self) -> None:
        """Nothing to begin."""

    def want(self, wanted: bool, interval_s: float) -> None:
        """Looks when the test says so."""

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
