"""What ``posture status --json`` prints: everything the policy and the program know. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import tzinfo

from posture.clock import Instant
from posture.core.effects import ShowReminder, Status
from posture.core.inputs import Session
from posture.desktop.glance import glance, quiet_text
from posture.desktop.words import say
from posture.documents import reading_document


@dataclass(frozen=True, slots=True)
class Program:
    """The running program, as far as it is not the policy's business.

    ``tray``: the kind of tray; ``tray_trouble``, ``notification_trouble``: why no icon or reminder
    can be seen, None when they can. ``publishing``: to whom states are published, or why not.
    ``profile``: the calibration in use.
    """

    pid: int
    version: str
    since: Instant
    data_dir: str
    source: str
    profile: str | None = None
    tray: str = "none"
    tray_trouble: str | None = None
    notification_trouble: str | None = None
    publishing: tuple[str, ...] = ()
    session: Session = field(default_factory=Session)


def status_document(
    status: Status, program: Program, zone: tzinfo | None = None
) -> dict[str, object]:
    """The status as an object for JSON; times are ISO 8601 with the zone's offset."""
    return {
        "at": _time(status.at, zone),
        "text": list(glance(status, zone).lines),
        "activity": status.activity.value,
        "presence": status.presence.value,
        "presence_reason": status.presence_reason,
        "posture": status.label.value,
        "sitting_s": round(status.sitting_s, 1),
        "sitting_today_s": round(status.sitting_today_s, 1),
        "standing_today_s": round(status.standing_today_s, 1),
        "upright_today_s": round(status.upright_today_s, 1),
        "upright_goal_s": round(status.upright_goal_s, 1),
        "budget": round(status.budget, 3),
        "learned": {measure: round(factor, 3) for measure, factor in status.learned.items()},
        "learned_text": learned_lines(status.learned),
        "reading": None if status.reading is None else _reading(status),
        "silent": status.silent,
        "silent_text": quiet_text(status, zone) or None,
        "silent_until": _time(status.silent_until, zone),
        "camera": status.camera,
        "camera_reason": status.camera_reason,
        "next_reminders": [
            {"kind": item.kind.value, "due_s": round(item.due_s, 1)}
            for item in status.next_reminders
        ],
        "soon_due": [kind.value for kind in status.soft],
        "open_reminder": _reminder(status.open_reminder, zone),
        "program": _program(program, zone),
    }


def learned_lines(learned: Mapping[str, float]) -> list[str]:
    """Each threshold that wrong alarms made laxer, in words."""
    return [
        say("status.learned", what=say(f"banded.{name}"), percent=round((factor - 1.0) * 100))
        for name, factor in learned.items()
        if factor > 1.0
    ]


def _reading(status: Status) -> Mapping[str, object]:
    assert status.reading is not None  # noqa: S101 - the caller asked
    document = reading_document(status.reading, status.reading.at)
    del document["t"]
    return {**document, "age_s": round(status.at - status.reading.at, 1)}


def _reminder(reminder: ShowReminder | None, zone: tzinfo | None) -> Mapping[str, object] | None:
    if reminder is None:
        return None
    return {
        "id": reminder.id,
        "kind": reminder.kind.value,
        "title": reminder.title,
        "text": reminder.text,
        "shown": _time(reminder.at, zone),
        "began": _time(reminder.began, zone),
    }


def _program(program: Program, zone: tzinfo | None) -> Mapping[str, object]:
    return {
        "pid": program.pid,
        "version": program.version,
        "since": _time(program.since, zone),
        "data_dir": program.data_dir,
        "source": program.source,
        "profile": program.profile,
        "tray": program.tray,
        "tray_trouble": program.tray_trouble,
        "notification_trouble": program.notification_trouble,
        "publishing": list(program.publishing),
        "session": asdict(program.session),
    }


def _time(moment: Instant | None, zone: tzinfo | None) -> str | None:
    if moment is None:
        return None
    return moment.utc.astimezone(zone).isoformat(timespec="seconds")
