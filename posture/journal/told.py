"""Reminders and what became of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from posture.core.effects import Fate
from posture.journal.rows import Records, ReminderFateRow, ReminderRow


@dataclass(frozen=True, slots=True)
class Told:
    """A reminder and what became of it; ``fate`` None: it is still open."""

    reminder: ReminderRow
    fate: Fate | None
    settled_us: int | None = None
    after_s: float | None = None
    why: str | None = None
    improvement: Mapping[str, float] = field(default_factory=dict)


def told_of(records: Records, start_us: int, end_us: int) -> tuple[Told, ...]:
    """The reminders of a stretch of time, each with its fate."""
    fates = fates_by_reminder(records.fates)
    return tuple(
        _settled(reminder, fates.get((reminder.run, reminder.id), []))
        for reminder in records.reminders
        if start_us <= reminder.at_us < end_us
    )


def fates_by_reminder(
    fates: Iterable[ReminderFateRow],
) -> Mapping[tuple[int, int], Sequence[ReminderFateRow]]:
    """Run and id of a reminder → its fates."""
    found: dict[tuple[int, int], list[ReminderFateRow]] = {}
    for fate in fates:
        found.setdefault((fate.run, fate.reminder_id), []).append(fate)
    return found


def _settled(reminder: ReminderRow, fates: Sequence[ReminderFateRow]) -> Told:
    """The last word counts; that it was shown is only the beginning."""
    ordered = sorted(fates, key=lambda fate: (fate.fate is not Fate.SHOWN, fate.at_us))
    if not ordered:
        return Told(reminder, None)
    last = ordered[-1]
    return Told(
        reminder,
        None if last.fate is Fate.SHOWN else last.fate,
        None if last.fate is Fate.SHOWN else last.at_us,
        last.after_s,
        last.why,
        last.improvement,
    )
