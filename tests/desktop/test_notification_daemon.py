"""Reminders of a run whose notification service is not there yet, dies, and comes back."""

from __future__ import annotations

import queue
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from fakes import RecordingServer, serving
from moments import NOW, reminder
from stage import LONG_S

from posture.clock import ManualClock
from posture.core.effects import Effect, ShowReminder
from posture.core.inputs import Delivered
from posture.delivery import Delivery
from posture.desktop.loop import LoopThread
from posture.desktop.notify import Notifier
from posture.settings import NotificationSettings

NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"


class Terminal:
    """Keeps what was printed."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.shown: list[int] = []

    def say(self, text: str) -> None:
        self.said.append(text)

    def show(self, reminder: ShowReminder) -> None:
        self.shown.append(reminder.id)

    def watch(self, effects: Sequence[Effect]) -> None:
        """Nothing to see."""


@pytest.fixture
def terminal() -> Terminal:
    return Terminal()


@pytest.fixture
def inbox() -> queue.SimpleQueue[Any]:
    return queue.SimpleQueue()


@pytest.fixture
def delivery(
    bus: str, loop: LoopThread, terminal: Terminal, inbox: queue.SimpleQueue[Any]
) -> Iterator[Delivery]:
    delivery = Delivery(terminal, inbox, NotificationSettings())
    notifier = Notifier(delivery, ManualClock(NOW), loop)
    delivery.use(notifier)
    yield delivery
    notifier.stop()


def test_a_service_that_is_not_there_at_the_start_is_used_when_it_comes(
    delivery: Delivery, terminal: Terminal, inbox: queue.SimpleQueue[Any]
) -> None:
    (line,) = terminal.said
    assert line.startswith("No notifications yet: reminders are shown here until your desktop can")

    # Where nothing else is, printed is shown.
    assert delivery.show(reminder(1)) is None
    assert inbox.get(timeout=LONG_S) == Delivered(NOW, 1, ok=True)

    server = RecordingServer(["body", "actions"])
    with serving(NAME, {PATH: server}):
        delivery.show(reminder(2))
        assert server.shown.get(timeout=LONG_S).title == reminder(2).title
        assert inbox.get(timeout=LONG_S) == Delivered(NOW, 2, ok=True)

    assert terminal.shown == [1, 2]


def test_a_service_that_dies_is_missed_and_used_again_when_it_is_back(
    bus: str, loop: LoopThread, terminal: Terminal, inbox: queue.SimpleQueue[Any]
) -> None:
    delivery = Delivery(terminal, inbox, NotificationSettings())
    notifier = Notifier(delivery, ManualClock(NOW), loop)
    server = RecordingServer(["body", "actions"])
    try:
        with serving(NAME, {PATH: server}):
            delivery.use(notifier)
            assert terminal.said == []

        delivery.show(reminder(1))
        missed = inbox.get(timeout=LONG_S)
        assert (missed.reminder_id, missed.ok) == (1, False)
        assert f"{NAME} was not provided" in missed.why

        with serving(NAME, {PATH: server}):
            delivery.show(reminder(2))
            assert server.shown.get(timeout=LONG_S).title == reminder(2).title
            assert inbox.get(timeout=LONG_S) == Delivered(NOW, 2, ok=True)
    finally:
        notifier.stop()


def test_a_film_played_faster_than_its_time_waits_for_the_answer(
    bus: str, loop: LoopThread, terminal: Terminal, inbox: queue.SimpleQueue[Any]
) -> None:
    delivery = Delivery(terminal, inbox, NotificationSettings(), wait=True)
    # The answer's own time is that of the clock on the wall; the film's is long past it.
    notifier = Notifier(delivery, ManualClock(NOW.shifted(-60)), loop)
    server = RecordingServer(["body", "actions"])
    try:
        with serving(NAME, {PATH: server}):
            delivery.use(notifier)
            assert delivery.show(reminder(1)) == Delivered(reminder(1).at, 1, ok=True)

        missed = delivery.show(reminder(2))
        assert missed is not None
        assert (missed.at, missed.reminder_id, missed.ok) == (reminder(2).at, 2, False)
        assert inbox.empty()
    finally:
        notifier.stop()
