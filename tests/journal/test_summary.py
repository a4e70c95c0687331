"""Days told in spans, summed up to the second."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from days import BERLIN, MONDAY, day_of, seconds, story, us
from hypothesis import given, settings
from hypothesis import strategies as st

from posture.core.effects import SpanKind
from posture.journal.day import Day, Goals
from posture.journal.rows import GOAL_EVENT, Event, Records, Run, Span
from posture.journal.summary import summarize

ACTIVITY, POSTURE = SpanKind.ACTIVITY, SpanKind.POSTURE


def test_a_day_without_anyone_is_measured_but_empty() -> None:
    day = day_of(story(ACTIVITY, "2026-03-02 09:00", "away 8h"))

    assert day.watched
    assert (day.began_us, day.sitting_s, day.bouts) == (None, 0, ())


def test_a_day_without_records_is_not_measured() -> None:
    day = day_of([])

    assert not day.watched
    assert (day.good_share, day.near_s, day.distance_cm, day.longest_bout) == (None,) * 4


class TestDayBorders:
    def test_midnight_divides_a_sitting(self) -> None:
        spans = story(ACTIVITY, "2026-03-02 23:30", "sitting 1h")

        assert [day_of(spans, day).sitting_s for day in (MONDAY, date(2026, 3, 3))] == [1800, 1800]

    @pytest.mark.parametrize(
        ("day", "night"),
        [(date(2026, 3, 29), "7h"), (date(2026, 10, 25), "9h")],
        ids=["spring", "autumn"],
    )
    def test_the_night_the_clocks_change(self, day: date, night: str) -> None:
        """Sitting from midnight until eight by the clock: one hour less or more than eight."""
        spans = story(ACTIVITY, f"{day} 00:00", f"sitting {night}")

        summed = day_of(spans, day)

        assert summed.sitting_s == seconds(night)
        assert summed.ended_us == us(f"{day} 08:00")
        assert sum(hour.sitting_s for hour in summed.hours) == seconds(night)

    def test_another_time_zone_moves_the_days_but_loses_nothing(self) -> None:
        spans = story(ACTIVITY, "2026-03-02 20:00", "sitting 8h")
        tokyo = ZoneInfo("Asia/Tokyo")
        days = [date(2026, 3, number) for number in (1, 2, 3, 4)]

        for zone in (BERLIN, tokyo):
            assert sum(day_of(spans, day, zone).sitting_s for day in days) == 8 * 3600
        assert day_of(spans, date(2026, 3, 3), tokyo).sitting_s == 8 * 3600

    def test_a_day_partly_recorded_elsewhere_says_so(self) -> None:
        spans = story(ACTIVITY, "2026-03-02 09:00", "sitting 1h")
        run = Run("a", "b", "1", us("2026-03-02 09:00"), us("2026-03-02 10:00"), zone="Asia/Tokyo")

        assert day_of(spans, runs=[run]).zones == ("Asia/Tokyo",)
        assert day_of(spans, runs=[replace(run, zone="Europe/Berlin")]).zones == ()

    def test_a_demonstration_is_marked(self) -> None:
        spans = story(ACTIVITY, "2026-03-02 09:00", "sitting 1h")
        run = Run("a", "b", "1", us("2026-03-02 09:00"), us("2026-03-02 10:00"), time_scale=60)

        assert day_of(spans, runs=[run]).demo
        assert not day_of(spans, runs=[replace(run, time_scale=1.0)]).demo
        assert not day_of(spans, date(2026, 3, 3), runs=[run]).demo


class TestOverlappingRuns:
    def test_two_computers_see_one_day(self) -> None:
        """At the laptop until ten, then at the big machine; each sees an empty chair else."""
        laptop = story(ACTIVITY, "2026-03-02 09:00", "sitting 60m, away 60m", run=1)
        desktop = story(ACTIVITY, "2026-03-02 09:00", "away 62m, sitting 58m", run=2)

        day = day_of(laptop + desktop)

        assert (day.sitting_s, day.away_s) == (118 * 60, 120)
        assert [one.seconds for one in day.breaks] == [120]

    def test_the_same_run_twice_counts_once(self) -> None:
        spans = story(ACTIVITY, "2026-03-02 09:00", "sitting 60m, away 10m, sitting 5m")
        again = [replace(span, run=9) for span in spans]

        assert day_of(spans + again).sitting_s == day_of(spans).sitting_s == 65 * 60


class TestPosture:
    def test_shares_are_of_the_time_that_could_be_judged(self) -> None:
        day = day_of(
            story(ACTIVITY, "2026-03-02 09:00", "sitting 100m")
            + story(
                POSTURE,
                "2026-03-02 09:00",
                "upright 30m, slouch 10m, looking_away 20m, unknown 20m, reclined 10m, standing 9m",
            )
        )

        assert (day.judged_s, day.good_s, day.good_share) == (3000, 2400, 0.8)
        assert day.posture_s["slouch"] == 600

    def test_best_and_worst_hour(self) -> None:
        day = day_of(
            story(ACTIVITY, "2026-03-02 09:00", "sitting 4h")
            + story(POSTURE, "2026-03-02 09:00", "upright 54m, slouch 6m, upright 20m, slouch 40m")
            + story(POSTURE, "2026-03-02 11:00", "slouch 14m")
        )

        assert day.best_hour is not None
        assert day.worst_hour is not None
        assert (day.best_hour.began_us, day.best_hour.good_share) == (us("2026-03-02 09:00"), 0.9)
        # Eleven o'clock was judged for 14 minutes only.
        assert day.worst_hour.began_us == us("2026-03-02 10:00")

    def test_one_judged_hour_is_best_but_not_worst(self) -> None:
        day = day_of(
            story(ACTIVITY, "2026-03-02 09:00", "sitting 1h")
            + story(POSTURE, "2026-03-02 09:00", "upright 1h")
        )

        assert day.best_hour is not None
        assert day.worst_hour is None


def test_time_on_the_screen() -> None:
    spans = story(SpanKind.NEAR_WORK, "2026-03-02 09:00", "screen 20m, gap 30s, screen 10m")

    assert day_of(spans).screen_s == 1800


def test_silence_and_lost_camera_carry_their_reasons() -> None:
    day = day_of(
        story(SpanKind.SILENCE, "2026-03-02 09:00", "meeting 30m, gap 5m, meeting 10m, locked 1m")
        + [
            replace(span, reason="unplugged")
            for span in story(SpanKind.CAMERA, "2026-03-02 09:00", "lost 5m")
        ]
        + story(SpanKind.CAMERA, "2026-03-02 09:05", "open 5m, closed 5m")
    )

    assert day.silence_s == {"meeting": 2400, "locked": 60}
    assert day.camera_lost_s == {"unplugged": 300}


def test_the_goal_the_monitor_had_last_is_the_days() -> None:
    spans = story(ACTIVITY, "2026-03-02 09:00", "sitting 1h, standing 2h, sitting 1h")
    goals = [
        Event(GOAL_EVENT, us(f"2026-03-0{day} 09:00"), value)
        for day, value in ((1, "7200"), (2, "7201"), (3, "3600"))
    ]

    assert day_of(spans, events=goals[:1]).goal_met
    assert day_of(spans, events=goals).upright_goal_s == 7201
    assert not day_of(spans, events=goals).goal_met
    assert day_of(spans, events=goals).events == ()


def test_the_goal() -> None:
    spans = story(ACTIVITY, "2026-03-02 09:00", "sitting 1h, standing 30m, sitting 1h")

    assert summarize(MONDAY, BERLIN, Records(spans), Goals(upright_s=1800)).goal_met
    assert not summarize(MONDAY, BERLIN, Records(spans), Goals(upright_s=1801)).goal_met


TOTALS = [
    f.name
    for f in fields(Day)
    if f.name.endswith("_s") or f.name in ("bouts", "breaks", "hours", "look_aways_own")
]
kinds = {
    SpanKind.ACTIVITY: ["sitting", "standing", "away", "unknown"],
    SpanKind.POSTURE: ["upright", "slouch", "looking_away", "unknown"],
    SpanKind.NEAR_WORK: ["near"],
    SpanKind.SILENCE: ["meeting", "locked"],
}


@st.composite
def days(draw: st.DrawFn) -> list[Span]:
    spans = []
    for kind, values in kinds.items():
        moment = us("2026-03-28 22:00")
        for _ in range(draw(st.integers(0, 12))):
            moment += draw(st.integers(0, 7200)) * 1_000_000 * draw(st.integers(0, 1))
            ended = moment + draw(st.integers(1, 3 * 3_600_000_000))
            spans.append(Span(kind, draw(st.sampled_from(values)), moment, ended))
            moment = ended
    return spans


@given(days(), st.lists(st.integers(0, 36 * 3600), max_size=6))
@settings(deadline=None, max_examples=60)
def test_totals_do_not_depend_on_how_spans_were_split(spans: list[Span], cuts: list[int]) -> None:
    """The night of 28 March 2026 the clocks of Berlin go forward."""
    places = [us("2026-03-28 22:00") + cut * 1_000_000 for cut in cuts]
    pieces = []
    for span in spans:
        inner = [place for place in sorted(set(places)) if span.began_us < place < span.ended_us]
        edges = [span.began_us, *inner, span.ended_us]
        pieces += [replace(span, began_us=a, ended_us=b) for a, b in pairwise(edges)]

    for day in (date(2026, 3, 28), date(2026, 3, 29), date(2026, 3, 30)):
        whole, split = day_of(spans, day), day_of(pieces, day)
        assert [getattr(whole, name) for name in TOTALS] == [
            getattr(split, name) for name in TOTALS
        ]


@given(days())
@settings(deadline=None, max_examples=60)
def test_the_parts_of_a_day_make_the_whole(spans: list[Span]) -> None:
    day = day_of(spans, date(2026, 3, 29))
    parts = day.sitting_s + day.standing_s + day.away_s + day.unknown_s + day.unwatched_s

    assert parts == pytest.approx(((day.ended_us or 0) - (day.began_us or 0)) / 1e6, abs=1e-5)
    assert sum(hour.sitting_s for hour in day.hours) == pytest.approx(day.sitting_s, abs=1e-5)
    assert sum(hour.upright_s for hour in day.hours) == pytest.approx(day.upright_s, abs=1e-5)
    assert sum(bout.sitting_s for bout in day.bouts) == pytest.approx(day.sitting_s, abs=1e-5)
    assert day.good_s <= day.judged_s
