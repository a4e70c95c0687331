"""Sitting and the breaks from it."""

from __future__ import annotations

from days import day_of, later, story, us

from posture.core.effects import SpanKind
from posture.journal.bouts import Bout, Break
from posture.journal.day import Day


def sat(told: str, start: str = "2026-03-02 09:00") -> Day:
    return day_of(story(SpanKind.ACTIVITY, start, told))


def test_an_ordinary_morning() -> None:
    day = sat("sitting 50m, away 6m, sitting 40m, standing 20m, sitting 10m")

    nine = us("2026-03-02 09:00")
    assert (day.sitting_s, day.standing_s, day.away_s) == (6000, 1200, 360)
    assert day.upright_s == 1560
    assert (day.unknown_s, day.unwatched_s) == (0, 0)
    assert day.bouts == (
        Bout(nine, later(nine, minutes=50), 3000),
        Bout(later(nine, minutes=56), later(nine, minutes=96), 2400),
        Bout(later(nine, minutes=116), later(nine, minutes=126), 600),
    )
    assert day.breaks == (
        Break(later(nine, minutes=50), later(nine, minutes=56), 360, 3000),
        Break(later(nine, minutes=96), later(nine, minutes=116), 1200, 2400),
    )
    assert day.longest_bout == day.bouts[0]


def test_less_than_a_minute_up_is_no_break() -> None:
    day = sat("sitting 30m, away 59s, sitting 30m")

    assert len(day.bouts) == 1
    assert day.bouts[0].sitting_s == 3600
    assert day.breaks == ()
    assert day.away_s == 59


def test_a_minute_up_is_a_break() -> None:
    day = sat("sitting 30m, standing 30s, away 30s, sitting 30m")

    assert [one.seconds for one in day.breaks] == [60]


def test_a_short_blindness_does_not_end_sitting() -> None:
    day = sat("sitting 30m, unknown 119s, sitting 30m")

    assert (len(day.bouts), day.breaks, day.unknown_s) == (1, (), 119)


def test_a_long_blindness_ends_sitting_but_is_no_break() -> None:
    day = sat("sitting 30m, unknown 10m, sitting 30m")

    assert (len(day.bouts), day.breaks, day.upright_s) == (2, (), 0)


def test_a_gap_is_not_measured_and_no_break() -> None:
    day = sat("sitting 30m, gap 10m, sitting 30m")

    assert (len(day.bouts), day.breaks) == (2, ())
    assert (day.sitting_s, day.unwatched_s, day.unknown_s) == (3600, 600, 0)


def test_before_and_after_the_desk_is_neither_break_nor_upright() -> None:
    day = sat("away 2h, sitting 1h, away 5h", start="2026-03-02 07:00")

    assert (day.away_s, day.upright_s, day.breaks) == (0, 0, ())
    assert (day.began_us, day.ended_us) == (us("2026-03-02 09:00"), us("2026-03-02 10:00"))


def test_an_afternoon_out_is_not_a_break() -> None:
    day = sat("sitting 1h, away 3h, sitting 1h, away 3h1s, sitting 1h")

    assert [one.seconds for one in day.breaks] == [3 * 3600]
    assert day.upright_s == 3 * 3600
    assert day.away_s == 6 * 3600 + 1
