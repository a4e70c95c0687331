"""Looks away that rest the eyes: on one's own, or because a reminder asked for it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from posture.core.effects import Fate, ReminderKind
from posture.core.reading import Label
from posture.journal.tiles import Tile, join
from posture.journal.told import Told

# 20-20-20: eyes off the screen for 20 s (American Optometric Association).
LOOK_AWAY_S = 20.0


def own_look_aways(posture: Iterable[Tile], told: Sequence[Told]) -> int:
    """Looks away of 20 s and more that no reminder asked for."""
    asked = [
        (one.reminder.at_us, one.settled_us)
        for one in told
        if one.reminder.kind is ReminderKind.LOOK_AWAY and one.settled_us is not None
    ]
    looks = [
        one
        for one in join(posture, by_value=True)
        if one.value == Label.LOOKING_AWAY and one.seconds >= LOOK_AWAY_S
    ]
    return sum(
        not any(look.began_us <= until and look.ended_us >= since for since, until in asked)
        for look in looks
    )


def prompted_look_aways(told: Sequence[Told]) -> int:
    """Reminders to look away that were heeded."""
    return sum(
        one.fate is Fate.HEEDED and one.reminder.kind is ReminderKind.LOOK_AWAY for one in told
    )
