"""Local days and hours, also where the clocks change."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.clock import local_zone
from posture.journal.calendar import (
    day_bounds_us,
    hours_us,
    local,
    local_date,
    midnight_us,
    month_of,
    week_of,
)
from posture.journal.rows import US_PER_HOUR

ZONES = [
    "Europe/Berlin",
    "America/Sao_Paulo",  # clocks skipped midnight
    "America/Havana",  # one o'clock goes back to midnight
    "Australia/Lord_Howe",  # half an hour
    "Asia/Kathmandu",  # + 5:45
    "Pacific/Apia",  # skipped a whole day
    "UTC",
]


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Europe/Berlin", date(2026, 3, 30), 24),
        ("America/Sao_Paulo", date(2018, 11, 4), 23),
        ("America/Havana", date(2026, 11, 1), 25),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("Pacific/Apia", date(2011, 12, 29), 24),
        ("Pacific/Apia", date(2011, 12, 30), 0),
        ("Pacific/Apia", date(2011, 12, 31), 24),
    ],
)
def test_length_of_a_day(zone: str, day: date, hours: float) -> None:
    start, end = day_bounds_us(day, ZoneInfo(zone))

    assert (end - start) / US_PER_HOUR == hours


def test_the_hours_of_a_day_the_clocks_go_back() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    names = [f"{local(began, berlin):%H:%M}" for began, _ in hours_us(date(2026, 10, 25), berlin)]

    assert names[:5] == ["00:00", "01:00", "02:00", "02:00", "03:00"]
    assert len(names) == 25


@given(st.sampled_from(ZONES), st.dates(date(2000, 1, 1), date(2037, 12, 31)))
def test_every_moment_belongs_to_one_day_and_one_hour(name: str, day: date) -> None:
    zone = ZoneInfo(name)
    start, end = day_bounds_us(day, zone)
    hours = hours_us(day, zone)

    assert midnight_us(day + timedelta(days=1), zone) == end
    assert [edge for hour in hours for edge in hour][1:-1:2] == [
        edge for hour in hours for edge in hour
    ][2::2]
    if hours:
        assert (hours[0][0], hours[-1][1]) == (start, end)
        assert local_date(start, zone) == day == local_date(end - 1, zone)


def test_weeks_begin_on_monday_and_months_are_whole() -> None:
    friday = date(2026, 11, 20)

    assert (week_of(friday)[0], week_of(friday)[-1]) == (date(2026, 11, 16), date(2026, 11, 22))
    assert (month_of(friday)[0], month_of(friday)[-1]) == (date(2026, 11, 1), date(2026, 11, 30))
    assert len(month_of(date(2028, 2, 29))) == 29


def test_the_zone_is_asked_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """A laptop travels while the program runs."""
    for name in ("Europe/Berlin", "Asia/Tokyo"):
        monkeypatch.setenv("TZ", name)

        assert str(local_zone()) == name
