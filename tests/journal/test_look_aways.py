"""Looks away from the screen."""

from __future__ import annotations

from days import day_of, later, story, us

from posture.core.effects import Fate, ReminderKind, SpanKind
from posture.journal.rows import ReminderFateRow, ReminderRow


def test_looks_away_on_ones_own_and_when_asked() -> None:
    spans = story(
        SpanKind.POSTURE,
        "2026-03-02 09:00",
        "upright 10m, looking_away 25s, upright 10m, looking_away 30s, upright 10m, "
        "looking_away 19s",
    )
    asked_us = later(us("2026-03-02 09:00"), minutes=20, seconds=20)
    reminder = ReminderRow(1, ReminderKind.LOOK_AWAY, asked_us, asked_us, "Look", "…")
    heeded = ReminderFateRow(1, asked_us + 40_000_000, Fate.HEEDED, 40.0)

    day = day_of(spans, reminders=[reminder], fates=[heeded])

    assert (day.look_aways_own, day.look_aways_prompted) == (1, 1)
    assert day_of(spans).look_aways_own == 2
