"""Days from an open journal or from records in memory."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import TypeVar

from posture.journal.calendar import midnight_us
from posture.journal.day import Day, Goals
from posture.journal.distance import DISTANCE
from posture.journal.reader import Reader
from posture.journal.rows import Minute, Records, ReminderRow, Span
from posture.journal.summary import summarize
from posture.journal.told import fates_by_reminder
from posture.journal.trends import Comparison, before, compare, streak

T = TypeVar("T")

# What the summaries need of every minute; a page asks for more.
SUMMARY_MEASURES = (DISTANCE,)
WEEK = 7
FOUR_WEEKS = 28
# A streak is counted over at most this many days (chosen).
STREAK_DAYS = 60


@dataclass(frozen=True, slots=True)
class Almanac:
    """Days one after another, and what they are compared with."""

    days: Sequence[Day]
    week_before: Comparison
    four_weeks_before: Comparison
    streak: int


def read(
    reader: Reader,
    shown: Sequence[date],
    zone: tzinfo,
    measures: Sequence[str] | None = SUMMARY_MEASURES,
) -> Records:
    """Everything the journal holds that an almanac or a page about *shown* looks at."""
    start = midnight_us(first_needed(shown), zone)
    end = midnight_us(shown[-1] + timedelta(days=1), zone)
    # A streak goes further back than any mean; it needs no minutes.
    compared = timedelta(days=max(FOUR_WEEKS, len(shown)))
    detail = midnight_us(shown[0] - compared, zone)
    return Records(
        reader.spans(start, end),
        reader.minutes(detail, end, measures),
        reader.reminders(start, end),
        reader.fates(start, end),
        reader.events(start, end),
        reader.runs(start, end),
    )


def days_of(
    records: Records, first: date, last: date, zone: tzinfo, goals: Goals | None = None
) -> list[Day]:
    """Every local day from *first* to *last*, summed up, also the empty ones."""
    reminders = sorted(records.reminders, key=_at_us)
    fates = fates_by_reminder(records.fates)
    minutes = sorted(records.minutes, key=_minute_us)
    spans = sorted(records.spans, key=_began_us)
    reach = max((span.ended_us - span.began_us for span in spans), default=0)
    days = []
    for number in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(number)
        start, end = midnight_us(day, zone), midnight_us(day + timedelta(days=1), zone)
        told = _between(reminders, _at_us, start, end)
        part = Records(
            _between(spans, _began_us, start - reach, end),
            _between(minutes, _minute_us, start, end),
            told,
            [fate for one in told for fate in fates.get((one.run, one.id), ())],
            records.events,
            records.runs,
        )
        days.append(summarize(day, zone, part, goals))
    return days


def almanac(
    records: Records,
    shown: Sequence[date],
    zone: tzinfo,
    goals: Goals | None = None,
    *,
    today: date,
) -> Almanac:
    """The days *shown* (in order) and what came before them in *records*."""
    first, last = shown[0], shown[-1]
    days = days_of(records, first - timedelta(days=STREAK_DAYS), last, zone, goals)
    return Almanac(
        [day for day in days if first <= day.date],
        compare(before(first, days, WEEK)),
        compare(before(first, days, FOUR_WEEKS)),
        streak(days, today=today),
    )


def latest_run(records: Records) -> Records:
    """Only what the last run told: demonstrations lie on top of one another."""
    if not records.runs:
        return records
    last = max(records.runs, key=lambda run: run.id)
    return Records(
        [one for one in records.spans if one.run == last.id],
        [one for one in records.minutes if one.run == last.id],
        [one for one in records.reminders if one.run == last.id],
        [one for one in records.fates if one.run == last.id],
        [one for one in records.events if one.run == last.id],
        [last],
    )


def first_needed(shown: Sequence[date]) -> date:
    """The first day an almanac of *shown*, or a page about them, looks at."""
    return shown[0] - timedelta(days=STREAK_DAYS)


def _between(rows: Sequence[T], key: Callable[[T], int], start: int, end: int) -> Sequence[T]:
    return rows[bisect_left(rows, start, key=key) : bisect_left(rows, end, key=key)]


def _began_us(span: Span) -> int:
    return span.began_us


def _at_us(reminder: ReminderRow) -> int:
    return reminder.at_us


def _minute_us(minute: Minute) -> int:
    return minute.minute_us
