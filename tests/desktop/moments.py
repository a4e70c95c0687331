"""Statuses for the desktop tests, given by what matters."""

from __future__ import annotations

from typing import Any

from posture.clock import Instant
from posture.core.effects import Activity, NextReminder, ReminderKind, ShowReminder, Status
from posture.core.inputs import ActionKind
from posture.core.metrics import Metrics
from posture.core.reading import Label, Level, Presence, Reading
from posture.desktop.face import Face, face
from posture.desktop.menu import Surroundings

NOW = Instant(1000.0, 1_770_000_000_000_000)  # 2026-02-02 02:40 UTC


def reading(**given: Any) -> Reading:
    values: dict[str, Any] = {
        "at": NOW,
        "presence": Presence.PRESENT,
        "label": Label.UPRIGHT,
        "metrics": Metrics(NOW, distance_cm=62.4),
        "presence_since": NOW,
        "label_since": NOW,
        "states": {"forward_head_deg": Level.GOOD},
        "score": 97.0,
        "calibrated": True,
    }
    return Reading(**(values | given))


def status(**given: Any) -> Status:
    values: dict[str, Any] = {
        "at": NOW,
        "activity": Activity.SITTING,
        "sitting_s": 42 * 60.0,
        "standing_today_s": 0.0,
        "budget": 1.0,
        "reading": reading(),
        "next_reminders": (NextReminder(ReminderKind.STAND, 18 * 60.0),),
    }
    seen: Reading | None = given.get("reading", values["reading"])
    if seen is not None:
        values |= {
            "presence": seen.presence,
            "presence_reason": seen.reason,
            "label": seen.label,
        }
    return Status(**(values | given))


def reminder(number: int = 7, **given: Any) -> ShowReminder:
    values: dict[str, Any] = {
        "at": NOW,
        "id": number,
        "kind": ReminderKind.POSTURE,
        "title": "Your head has come forward",
        "text": "It is 6 cm further forward than your neutral. Sit back and lift your chest.",
        "began": NOW,
        "buttons": (ActionKind.SNOOZE, ActionKind.DONE, ActionKind.WRONG_ALARM),
    }
    return ShowReminder(**(values | given))


def look(**given: Any) -> Face:
    """The tray's face for :func:`status` with *given*."""
    return face(status(**given), Surroundings(autostart=True))
