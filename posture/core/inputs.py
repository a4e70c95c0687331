"""Everything the monitor can be told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from posture.clock import Instant
from posture.core.landmarks import Landmarks
from posture.core.reading import Reading


class ActionKind(StrEnum):
    """What the user can say, from tray, notification or command line."""

    PAUSE = "pause"
    RESUME = "resume"
    SNOOZE = "snooze"
    STANDING = "standing"
    SITTING = "sitting"
    BREAK_NOW = "break_now"
    DONE = "done"
    WRONG_ALARM = "wrong_alarm"
    UNDO_WRONG_ALARM = "undo_wrong_alarm"


@dataclass(frozen=True, slots=True)
class Action:
    """The user said something.

    ``seconds``: length of a pause (None = until resumed), snooze or break (None = the setting).
    ``reminder_id``: which reminder is answered, None = the newest one on the screen.
    """

    at: Instant
    kind: ActionKind
    seconds: float | None = None
    reminder_id: int | None = None


@dataclass(frozen=True, slots=True)
class CameraLost:
    """No pictures any more, and why ("unplugged", "busy", "black", "frozen", …)."""

    at: Instant
    reason: str


@dataclass(frozen=True, slots=True)
class Session:
    """What the desktop says; None = this system does not tell.

    ``camera_used_by``: name of another program that uses a camera. ``idle_s``: seconds since
    keyboard or mouse were used; where it is known, tell it anew at least every 10 s.
    """

    locked: bool | None = None
    idle_s: float | None = None
    full_screen: bool | None = None
    camera_used_by: str | None = None
    on_battery: bool | None = None
    asleep: bool | None = None


@dataclass(frozen=True, slots=True)
class SessionChanged:
    """The desktop's state as of now, whole."""

    at: Instant
    session: Session


@dataclass(frozen=True, slots=True)
class Delivered:
    """A reminder reached the screen, or did not (``why``)."""

    at: Instant
    reminder_id: int
    ok: bool
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passed; wanted at least once a second while no pictures come."""

    at: Instant


Input = Landmarks | Reading | Action | CameraLost | SessionChanged | Delivered | Tick
