from __future__ import annotations

import queue
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from moments import NOW
from stage import LONG_S, until

from posture.clock import ManualClock
from posture.core.effects import Activity, Status
from posture.core.inputs import Session, SessionChanged
from posture.core.reading import Presence
from posture.desktop.session import FACTS, SessionWatcher, worth_telling

Sink = queue.SimpleQueue[Any]
PAUSE_S = 3.0


@pytest.mark.parametrize(
    ("before", "after", "later_s", "told"),
    [
        (Session(), Session(), 60.0, False),
        (Session(), Session(locked=False), 0.1, True),
        (Session(locked=False), Session(locked=True), 0.1, True),
        (Session(camera_used_by="zoom"), Session(), 0.1, True),
        (Session(on_battery=False), Session(on_battery=True), 0.1, True),
        (Session(idle_s=0.2), Session(idle_s=1.2), 1.0, False),
        (Session(idle_s=2.5), Session(idle_s=3.0), 1.0, True),  # a natural pause has begun
        (Session(idle_s=90.0), Session(idle_s=0.1), 1.0, True),  # and ended
        (Session(idle_s=90.0), Session(idle_s=94.9), 4.9, False),
        (Session(idle_s=90.0), Session(idle_s=95.0), 5.0, True),
        (Session(idle_s=None), Session(idle_s=0.0), 0.1, True),
        (Session(idle_s=0.0), Session(idle_s=None), 0.1, True),
    ],
)
def test_only_news_is_told(before: Session, after: Session, later_s: float, told: bool) -> None:
    then = SessionChanged(NOW, before)
    now = SessionChanged(NOW.shifted(later_s), after)

    assert worth_telling(then, now, PAUSE_S) is told


def test_the_first_look_is_always_told() -> None:
    assert worth_telling(None, SessionChanged(NOW, Session()), PAUSE_S)


def test_the_pause_is_as_long_as_the_setting_says() -> None:
    then = SessionChanged(NOW, Session(idle_s=5.5))
    now = SessionChanged(NOW.shifted(1.0), Session(idle_s=6.5))

    assert worth_telling(then, now, 6.0)
    assert not worth_telling(then, now, PAUSE_S)


class Source:
    """A source moved by hand."""

    def __init__(self) -> None:
        self.session: Session | None = Session(locked=False)
        self.changed: Callable[[], None] = lambda: None
        self.stopped = False
        self.reads = 0

    def start(self, changed: Callable[[], None]) -> None:
        self.changed = changed

    def read(self) -> Session:
        self.reads += 1
        if self.session is None:
            raise OSError("the desktop is ending")
        return self.session

    def told_by(self) -> Mapping[str, str | None]:
        return dict.fromkeys(FACTS)

    def stop(self) -> None:
        self.stopped = True


def test_an_event_is_told_without_waiting_for_the_poll(sink: Sink) -> None:
    source = Source()
    watcher = SessionWatcher(source, sink, ManualClock(NOW), pause_s=PAUSE_S, poll_s=LONG_S)
    watcher.start()

    assert sink.get(timeout=LONG_S) == SessionChanged(NOW, Session(locked=False))

    source.session = Session(locked=True)
    source.changed()

    assert sink.get(timeout=LONG_S / 2) == SessionChanged(NOW, Session(locked=True))

    watcher.stop()

    assert source.stopped


def test_what_sends_no_event_is_polled(sink: Sink) -> None:
    source = Source()
    watcher = SessionWatcher(source, sink, ManualClock(NOW), pause_s=PAUSE_S, poll_s=0.005)
    watcher.start()
    sink.get(timeout=LONG_S)
    source.session = Session(full_screen=True)

    assert sink.get(timeout=LONG_S).session.full_screen is True

    watcher.stop()


def test_a_source_that_fails_is_unknown_and_asked_again(
    sink: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    source = Source()
    watcher = SessionWatcher(source, sink, ManualClock(NOW), pause_s=PAUSE_S, poll_s=0.005)
    watcher.start()
    sink.get(timeout=LONG_S)
    source.session = None

    assert sink.get(timeout=LONG_S).session == Session()

    reads = source.reads
    until(lambda: source.reads > reads + 2, "more looks")
    source.session = Session(locked=True)

    assert sink.get(timeout=LONG_S).session == Session(locked=True)

    watcher.stop()

    assert [record.message for record in caplog.records] == ["The session cannot be read"]


def test_a_changed_pause_holds_for_a_watcher_that_runs(sink: Sink) -> None:
    source = Source()
    source.session = Session(idle_s=5.5)
    clock = ManualClock(NOW)
    watcher = SessionWatcher(source, sink, clock, pause_s=PAUSE_S, poll_s=0.005)
    watcher.start()
    sink.get(timeout=LONG_S)

    watcher.pause_s = 6.0
    source.session = Session(idle_s=6.5)

    assert sink.get(timeout=LONG_S).session == Session(idle_s=6.5)

    watcher.stop()


def test_while_nobody_is_there_what_must_be_polled_is_polled_less_often(sink: Sink) -> None:
    source = Source()
    watcher = SessionWatcher(source, sink, ManualClock(NOW), pause_s=PAUSE_S, poll_s=0.005)
    gone = Status(NOW, Activity.AWAY, 0.0, 0.0, 1.0, presence=Presence.AWAY)
    back = replace(gone, activity=Activity.SITTING, presence=Presence.PRESENT)
    watcher.start()
    sink.get(timeout=LONG_S)
    watcher.watch([gone])
    time.sleep(0.1)
    reads = source.reads
    time.sleep(0.3)

    assert source.reads == reads

    # What tells by itself is heard all the same.
    source.session = Session(locked=True)
    source.changed()

    assert sink.get(timeout=LONG_S).session == Session(locked=True)

    reads = source.reads
    watcher.watch([back])

    until(lambda: source.reads > reads + 5, "looks as often as before")

    watcher.stop()
