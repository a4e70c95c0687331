"""What is published of a moment: words and whole numbers, no measure that names a body. Pure."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

from posture.core.effects import Activity, ReminderKind, Status
from posture.core.reading import Presence


@dataclass(frozen=True, slots=True)
class State:
    """One published state; None = not known.

    ``distance_cm``: eyes to camera. ``sitting_min``: since the last real break.
    ``next_break_min``: of sitting on, until you are asked to stand up.
    """

    presence: str
    posture: str
    activity: str
    standing: bool | None
    distance_cm: int | None
    sitting_min: int
    next_break_min: int | None
    sitting_today_min: int
    standing_today_min: int

    @property
    def words(self) -> tuple[object, ...]:
        """What is worth telling at once when it changes; the rest are figures."""
        return (self.presence, self.posture, self.activity)

    def document(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)


def state_of(status: Status) -> State:
    """What of *status* others may know."""
    known = status.activity is not Activity.UNKNOWN
    return State(
        presence=status.presence.value,
        posture=status.label.value,
        activity=status.activity.value,
        standing=status.activity is Activity.STANDING if known else None,
        distance_cm=_distance_cm(status),
        sitting_min=_minutes(status.sitting_s),
        next_break_min=_next_break_min(status),
        sitting_today_min=_minutes(status.sitting_today_s),
        standing_today_min=_minutes(status.standing_today_s),
    )


def _distance_cm(status: Status) -> int | None:
    if status.presence is not Presence.PRESENT or status.reading is None:
        return None
    distance = status.reading.metrics.get("distance_cm")
    return None if distance is None else round(distance)


def _next_break_min(status: Status) -> int | None:
    due = (one.due_s for one in status.next_reminders if one.kind is ReminderKind.STAND)
    return next((math.ceil(max(due_s, 0.0) / 60) for due_s in due), None)


def _minutes(seconds: float) -> int:
    return int(seconds // 60)
