"""A reminder comes in; it is shown where the user looks, and what became of that goes out."""

from __future__ import annotations

import queue
from collections.abc import Sequence
from typing import Protocol

from posture.app import Inbox
from posture.core.effects import Effect, ShowReminder
from posture.core.inputs import Action, Delivered, SessionChanged
from posture.desktop.notify import Notifier
from posture.desktop.wishes import Command
from posture.desktop.words import say
from posture.settings import NotificationSettings


class Terminal(Protocol):
    """Where a person may be reading."""

    def say(self, text: str) -> None:
        """Print a line."""

    def show(self, reminder: ShowReminder) -> None:
        """Print a reminder."""

    def watch(self, effects: Sequence[Effect]) -> None:
        """See all effects."""


class Delivery:
    """Shows reminders where the user looks: always in the terminal, and as notifications.

    It is also the *inbox* of the notifier: until a notification service was seen to work, printed
    is delivered; from then on what it does not show is not. *wait*: for the answer to each, as
    a film played faster than its time would be far on by then.
    """

    def __init__(
        self,
        terminal: Terminal,
        inbox: Inbox,
        wanted: NotificationSettings,
        *,
        wait: bool = False,
    ) -> None:
        self._terminal = terminal
        self._wait = wait
        self._answers: queue.SimpleQueue[Delivered] = queue.SimpleQueue()
        self._inbox = inbox
        self._wanted = wanted
        self._notifier: Notifier | None = None
        self._works = False

    def obey(self, wanted: NotificationSettings) -> None:
        """Show the next reminders as *wanted*."""
        self._wanted = wanted

    def use(self, notifier: Notifier) -> None:
        """Show reminders through *notifier*, too. A service that comes later is found."""
        self._notifier = notifier
        if not self._wanted.enabled:
            return
        try:
            notifier.offer()
        except OSError:
            self._terminal.say(say("notify.none_yet"))
        else:
            self._works = True

    def put(self, item: Action | Command | Delivered | SessionChanged) -> None:
        """Take the notifier's answers and proofs."""
        if isinstance(item, Delivered):
            self._works = self._works or item.ok
            if not self._works:
                item = Delivered(item.at, item.reminder_id, ok=True)
            if self._wait:
                self._answers.put(item)
                return
        self._inbox.put(item)

    def show(self, reminder: ShowReminder) -> Delivered | None:
        """Show *reminder*; the notifier proves it later, and printed is delivered."""
        self._terminal.show(reminder)
        if self._notifier is None or not self._wanted.enabled:
            return Delivered(reminder.at, reminder.id, ok=True)
        self._notifier.show(reminder, sound=self._wanted.sound)
        if not self._wait:
            return None
        # The notifier answers each within its own time limit.
        while (answer := self._answers.get()).reminder_id != reminder.id:
            pass
        return Delivered(reminder.at, reminder.id, ok=answer.ok, why=answer.why)

    def withdraw(self, reminder_id: int) -> None:
        """Take it away."""
        if self._notifier is not None:
            self._notifier.withdraw(reminder_id)
