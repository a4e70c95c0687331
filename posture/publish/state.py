"""What is published of a moment: words and whole numbers, no measure that names a body. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from posture.core.effects import Activity, Status
from posture.core.reading import Presence


@dataclass(frozen=True, slots=True)
class State:
    """One published state; None = not known.

    ``distance_cm``: eyes to screen. ``sitting_min``: since the last real break.
    """

    presence: str
    posture: str
    activity: str
    standing: bool | None
    distance_cm: int | None
    sitting_min: int
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
        sitting_today_min=_minutes(status.sitting_today_s),
        standing_today_min=_minutes(status.standing_today_s),
    )


def _distance_cm(status: Status) -> int | None:
    if status.presence is not Presence.PRESENT or status.reading is None:
        return None
    distance = status.reading.metrics.get("distance_cm")
    return None if distance is None else round(distance)


def _minutes(seconds: float) -> int:
    return int(seconds // 60)
