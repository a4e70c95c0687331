"""What the user wants, from menu, notification or command line, on its way to the monitor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Protocol

from posture.clock import Instant
from posture.core.inputs import Action, ActionKind, Delivered, SessionChanged

# Chosen: after the latest night, before the earliest morning; a pause "until tomorrow" ends here.
MORNING = time(5, 0)


class CommandKind(StrEnum):
    """What concerns the program rather than the policy."""

    REPORT = "report"
    PREVIEW = "preview"
    RECALIBRATE = "recalibrate"
    PROFILE = "profile"
    SETTING = "setting"
    SETTINGS_FILE = "settings_file"
    AUTOSTART = "autostart"
    QUIT = "quit"


@dataclass(frozen=True, slots=True)
class Command:
    """The user wants the program itself to do something.

    ``argument``: the profile's name, "name=value" of a setting, "on" or "off", or why to quit.
    """

    at: Instant
    kind: CommandKind
    argument: str | None = None


Desire = Action | Command


class Sink(Protocol):
    """Where the desktop puts what it hears; a ``queue.SimpleQueue`` is one. Never blocks."""

    def put(self, item: Action | Command | Delivered | SessionChanged, /) -> None:
        """Hand *item* over and return at once."""


class Nowhere:
    """A sink for those who only look."""

    def put(self, item: Action | Command | Delivered | SessionChanged, /) -> None:
        """Let *item* go."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a menu item stands for, before anybody clicked it."""

    kind: ActionKind | CommandKind
    seconds: float | None = None
    reminder_id: int | None = None
    argument: str | None = None
    until_tomorrow: bool = False

    def at(self, now: Instant) -> Desire:
        """The wish as made *now*."""
        if isinstance(self.kind, CommandKind):
            return Command(now, self.kind, self.argument)
        seconds = seconds_until_tomorrow(now) if self.until_tomorrow else self.seconds
        return Action(now, self.kind, seconds=seconds, reminder_id=self.reminder_id)


def seconds_until_tomorrow(now: Instant, zone: tzinfo | None = None) -> float:
    """Seconds from *now* to the next morning in *zone* (None: the system's), DST included."""
    local = now.utc.astimezone(zone)
    day = local.date() if local.time() < MORNING else local.date() + timedelta(days=1)
    morning = datetime.combine(day, MORNING)
    # A naive time is read in the system's zone by astimezone().
    aware = morning.astimezone() if zone is None else morning.replace(tzinfo=zone)
    return aware.timestamp() - now.utc.timestamp()
