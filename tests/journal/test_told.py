"""What became of reminders."""

from __future__ import annotations

import pytest
from days import day_of, later, us

from posture.core.effects import Fate, ReminderKind
from posture.journal.day import Day
from posture.journal.rows import ReminderFateRow, ReminderRow

NINE = us("2026-03-02 09:00")


def told(*fates: ReminderFateRow) -> Day:
    reminder = ReminderRow(1, ReminderKind.POSTURE, NINE, NINE, "Sit up", "…")
    return day_of([], reminders=[reminder], fates=fates)


@pytest.mark.parametrize("fate", [fate for fate in Fate if fate is not Fate.SHOWN])
def test_the_last_word_counts(fate: Fate) -> None:
    day = told(
        ReminderFateRow(1, later(NINE, seconds=30), fate, 30.0),
        ReminderFateRow(1, NINE, Fate.SHOWN),
    )

    assert [(one.fate, one.after_s) for one in day.reminders] == [(fate, 30.0)]


def test_a_shown_reminder_is_open() -> None:
    assert told(ReminderFateRow(1, NINE, Fate.SHOWN)).reminders[0].fate is None


def test_the_fate_of_another_runs_reminder_is_not_taken() -> None:
    assert told(ReminderFateRow(1, NINE, Fate.HEEDED, run=5)).reminders[0].fate is None
