"""What the tray says at a glance: which icon, which tooltip. Pure: Status in, words out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import tzinfo

from posture.core.effects import Activity, ReminderKind, Status
from posture.core.reading import Level, Presence, Reading
from posture.desktop.icon_state import IconState
from posture.desktop.words import duration, say, say_or

CAMERA_LOST = "lost"
_BREAKS = (ReminderKind.STAND, ReminderKind.DAILY, ReminderKind.STANDING_LONG)


@dataclass(frozen=True, slots=True)
class Glance:
    """The icon and the lines of the tooltip, most important first."""

    icon: IconState
    break_due: bool
    lines: tuple[str, ...]

    @property
    def headline(self) -> str:
        """The first line."""
        return self.lines[0]


def glance(status: Status | None, zone: tzinfo | None = None) -> Glance:
    """What to show for *status*; None: the monitor has not said anything yet."""
    if status is None:
        return Glance(IconState.UNSEEN, break_due=False, lines=(say("glance.starting"),))
    icon = icon_state(status)
    lines = [_headline(status, icon, zone)]
    reading = status.reading
    if reading is not None and icon in _BODY_STATES:
        distance = reading.metrics.distance_cm
        if distance is not None:
            lines.append(say("glance.distance", cm=round(distance)))
    if status.activity is Activity.SITTING and icon is not IconState.AWAY:
        lines.append(say("glance.sitting", duration=duration(status.sitting_s)))
    elif status.activity is Activity.STANDING and status.standing_today_s > 0:
        lines.append(say("glance.standing_today", duration=duration(status.standing_today_s)))
    if icon in _BODY_STATES and status.silent in _HOLDING:
        lines.append(quiet_text(status, zone))
    due_s = next_break_s(status)
    if due_s is not None and icon is not IconState.PAUSED:
        text = say("glance.break_now") if due_s <= 0 else _break_in(due_s)
        lines.append(text)
    marked = bool(status.soft) and icon is not IconState.PAUSED
    return Glance(icon, break_due=marked, lines=tuple(lines))


# Silences the user asked for and can end.
ASKED_FOR = frozenset({"paused", "snoozed", "break"})
# Silences in which nobody is watched. The others (a reminder was just shown, enough for this hour)
# only hold back what is said, and the icon goes on showing what is seen.
_RESTING = frozenset(
    {
        "paused",
        "snoozed",
        "break",
        "locked",
        "asleep",
        "meeting",
        "battery",
        "quiet_hours",
        "out_of_hours",
        "day_off",
        "full_screen",
    }
)
# Silences that hold a due reminder back for a while.
_HOLDING = frozenset({"just_delivered", "hourly_limit", "natural_pause"})
_BODY_STATES = (IconState.GOOD, IconState.DRIFTING, IconState.BAD, IconState.NOT_CALIBRATED)


def icon_state(status: Status) -> IconState:
    """The one state that matters most to the user."""
    if status.camera == CAMERA_LOST:
        return IconState.CAMERA_LOST
    if status.silent in _RESTING:
        return IconState.PAUSED
    if status.activity is Activity.AWAY or status.presence is Presence.AWAY:
        return IconState.AWAY
    if status.presence is Presence.UNKNOWN or status.reading is None:
        return IconState.UNSEEN
    return _posture_state(status.reading) if status.reading.calibrated else IconState.NOT_CALIBRATED


def _posture_state(reading: Reading) -> IconState:
    levels = set(reading.states.values())
    if Level.LIMIT in levels:
        return IconState.BAD
    if Level.WARN in levels:
        return IconState.DRIFTING
    if Level.GOOD in levels or reading.standing:
        return IconState.GOOD
    return IconState.UNSEEN


def next_break_s(status: Status) -> float | None:
    """Seconds of the present behaviour until the next reminder to move; None if none is due."""
    due = [item.due_s for item in status.next_reminders if item.kind in _BREAKS]
    return min(due) if due else None


def _break_in(due_s: float) -> str:
    return say("glance.break_in", duration=duration(due_s))


def _headline(status: Status, icon: IconState, zone: tzinfo | None) -> str:
    if icon is IconState.AWAY:
        return say("label.away")
    if icon is IconState.CAMERA_LOST:
        return camera_text(status.presence_reason)
    if icon is IconState.PAUSED:
        return quiet_text(status, zone)
    if icon is IconState.UNSEEN:
        return _unseen_text(status)
    stale = None if status.reading is None else status.reading.stale_calibration
    if stale is not None:
        return say("glance.stale", reason=reason_text(stale))
    if icon is IconState.NOT_CALIBRATED:
        return say("glance.not_calibrated")
    return say(f"label.{status.label.value}")


def camera_text(reason: str | None) -> str:
    """Why the camera gives no picture and what to do; *reason*: a ``CameraLost``'s."""
    plain = say("glance.camera_lost")
    # A camera that cannot be opened again says why in a sentence.
    otherwise = f"{plain}: {reason}" if reason and " " in reason else plain
    return say_or(f"camera.{reason}", otherwise)


def _unseen_text(status: Status) -> str:
    reason = status.presence_reason
    if reason is None:
        return say("glance.looking" if status.reading is None else "label.unknown")
    return say("glance.unknown_because", reason=reason_text(reason))


def reason_text(code: str) -> str:
    """A reason the engine gives, in the user's language where there are words for it."""
    name = re.sub(r"[^a-z]+", "_", code.lower()).strip("_")
    return say_or(f"reason.{name}", code.replace("_", " "))


def quiet_text(status: Status, zone: tzinfo | None = None) -> str:
    """Why nothing is said at the moment, in words; "" when nothing keeps the program silent."""
    if status.silent is None:
        return ""
    if status.silent in ASKED_FOR and status.silent_until is not None:
        local = status.silent_until.utc.astimezone(zone)
        return say(f"glance.{status.silent}_until", time=f"{local:%H:%M}")
    if status.silent == "paused":
        return say("glance.paused")
    reason = say_or(f"silent.{status.silent}", status.silent.replace("_", " "))
    return say("glance.silent", reason=reason)
