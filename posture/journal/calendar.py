"""Local days and hours in UTC microseconds: 23, 24 or 25 hours long, as the zone says."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo

from posture.clock import US_PER_S
from posture.journal.rows import US_PER_HOUR


def midnight_us(day: date, zone: tzinfo) -> int:
    """The moment a local day begins.

    Where the clocks skip midnight the day begins at the first moment there is; a day that was
    skipped whole (Samoa, 30 December 2011) has no length.
    """
    # Python maps a skipped wall time forward over the gap, and a doubled one to the first.
    return round(datetime.combine(day, time(), zone).timestamp()) * US_PER_S


def day_bounds_us(day: date, zone: tzinfo) -> tuple[int, int]:
    """Begin and end of a local day."""
    return midnight_us(day, zone), midnight_us(day + timedelta(days=1), zone)


def local(moment_us: int, zone: tzinfo) -> datetime:
    """A moment as local wall time."""
    seconds, rest = divmod(moment_us, US_PER_S)
    return datetime.fromtimestamp(seconds, zone).replace(microsecond=rest)


def local_date(moment_us: int, zone: tzinfo) -> date:
    """The local day a moment belongs to."""
    return local(moment_us, zone).date()


def hours_us(day: date, zone: tzinfo) -> list[tuple[int, int]]:
    """The clock hours of a local day, in order; the clocks' change may shorten or repeat one."""
    start, end = day_bounds_us(day, zone)
    hours = []
    began = start
    while began < end:
        now = local(began, zone)
        into_us = ((now.minute * 60 + now.second) * US_PER_S) + now.microsecond
        ended = min(began + US_PER_HOUR - into_us, end)
        hours.append((began, ended))
        began = ended
    return hours


def week_of(day: date) -> list[date]:
    """Monday to Sunday around *day* (ISO 8601)."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=number) for number in range(7)]


def month_of(day: date) -> list[date]:
    """Every day of the calendar month of *day*."""
    first = day.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return [first + timedelta(days=number) for number in range((after - first).days)]
