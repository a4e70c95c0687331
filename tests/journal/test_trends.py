"""A day against the days before it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from days import BERLIN, later, story, us

from posture.core.effects import Fate, MinuteMeasure, ReminderKind, SpanKind
from posture.journal.day import Day, Goals
from posture.journal.days import almanac, days_of
from posture.journal.rows import SCORE, Minute, Records, ReminderRow, Span
from posture.journal.told import Told
from posture.journal.trends import before, compare, effects_of, streak, week_shape

GOALS = Goals(upright_s=3600)
MET = "sitting 2h, standing 1h, sitting 1h"
MISSED = "sitting 4h"
SHORT = "sitting 20m"


def days(*told: str, last: date = date(2026, 3, 6)) -> list[Day]:
    """One day per story, the last one on *last*; "" is a day off."""
    first = last - timedelta(days=len(told) - 1)
    spans: list[Span] = []
    for number, one in enumerate(told):
        if one:
            day = first + timedelta(days=number)
            spans += story(SpanKind.ACTIVITY, f"{day} 09:00", one)
    return days_of(Records(spans), first, last, BERLIN, GOALS)


TODAY = date(2026, 3, 6)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([], 0),
        ([MET], 1),
        ([MET, MET, MET], 3),
        ([MET, "", "", MET], 2),
        ([MET, SHORT, MET], 2),
        ([MET, MISSED, MET], 1),
        ([MET, MET, MISSED], 2),  # today is not over
        ([MET, MISSED, ""], 0),
        (["", ""], 0),
    ],
)
def test_a_day_off_breaks_no_streak(told: list[str], expected: int) -> None:
    found = days(*told) if told else []

    assert streak(found, today=TODAY) == expected


def test_a_missed_day_that_is_over_breaks_the_streak() -> None:
    assert streak(days(MET, MET, MISSED), today=TODAY + timedelta(days=1)) == 0


def test_comparison_leaves_out_days_without_a_real_day_of_work() -> None:
    comparison = compare(days(MET, SHORT, "", MISSED))

    assert comparison.days == 2
    assert comparison.means["sitting_s"] == (3 * 3600 + 4 * 3600) / 2
    assert comparison.means["longest_bout_s"] == (2 * 3600 + 4 * 3600) / 2


def test_what_was_not_measured_has_no_mean() -> None:
    comparison = compare(days(MET, MET))

    assert comparison.means["good_share"] is None
    assert comparison.means["distance_cm"] is None


def test_no_days_no_means() -> None:
    comparison = compare([])

    assert comparison.days == 0
    assert set(comparison.means.values()) == {None}


def test_before_does_not_hold_the_day_itself() -> None:
    found = days(*[MET] * 10)

    assert [day.date.day for day in before(TODAY, found, 7)] == [27, 28, 1, 2, 3, 4, 5]


def test_an_almanac_compares_with_the_days_before_the_first_shown() -> None:
    spans = story(SpanKind.ACTIVITY, "2026-03-02 09:00", "sitting 2h") + story(
        SpanKind.ACTIVITY, "2026-03-06 09:00", "sitting 5h"
    )

    found = almanac(Records(spans), [TODAY], BERLIN, GOALS, today=TODAY)

    assert [day.sitting_s for day in found.days] == [5 * 3600]
    assert (found.week_before.days, found.week_before.means["sitting_s"]) == (1, 7200)


def test_days_read_together_equal_days_read_alone() -> None:
    spans = story(SpanKind.ACTIVITY, "2026-03-02 20:00", "sitting 40h, away 3h, sitting 5h")
    first, last = date(2026, 3, 2), date(2026, 3, 5)

    together = days_of(Records(spans), first, last, BERLIN)

    assert [day.sitting_s for day in together] == [4 * 3600, 24 * 3600, 17 * 3600, 0]
    assert together[2] == days_of(Records(spans), date(2026, 3, 4), date(2026, 3, 4), BERLIN)[0]


def test_the_shape_of_the_week() -> None:
    spans: list[Span] = []
    for monday, good in (("2026-03-02", "30m"), ("2026-03-09", "60m")):
        spans += story(SpanKind.ACTIVITY, f"{monday} 09:00", "sitting 1h")
        spans += story(SpanKind.POSTURE, f"{monday} 09:00", f"upright {good}, slouch 1h")
    found = days_of(Records(spans), date(2026, 3, 2), date(2026, 3, 9), BERLIN)

    nine, ten = week_shape(found, BERLIN)

    assert (nine.weekday, nine.hour, nine.days) == (0, 9, 2)
    assert (nine.good_s, nine.judged_s, nine.good_share) == (5400, 7200, 0.75)
    assert (ten.hour, ten.good_share) == (10, 0)


class TestEffectsOfReminders:
    NINE = us("2026-03-02 09:00")

    def told(self, fate: Fate | None, after_s: float | None = None, **won: float) -> Told:
        reminder = ReminderRow(1, ReminderKind.POSTURE, self.NINE, self.NINE, "Sit up", "…")
        return Told(reminder, fate, None, after_s, None, won)

    def test_fates_and_what_heeding_changed(self) -> None:
        (effect,) = effects_of(
            [
                self.told(Fate.HEEDED, 10.0, slump_cm=3.0),
                self.told(Fate.HEEDED, 30.0, slump_cm=4.0, head_flexion_deg=8.0),
                self.told(Fate.HEEDED, 20.0),
                self.told(Fate.EXPIRED),
                self.told(Fate.UNDELIVERED),
                self.told(None),
            ]
        )

        assert (effect.kind, effect.told) == (ReminderKind.POSTURE, 6)
        assert effect.fates == {Fate.HEEDED: 3, Fate.EXPIRED: 1, Fate.UNDELIVERED: 1}
        assert (effect.heeded_share, effect.after_s) == (0.75, 20.0)
        assert effect.improvement == {"slump_cm": 3.5, "head_flexion_deg": 8.0}

    def test_none_settled_no_share(self) -> None:
        (effect,) = effects_of([self.told(None)])

        assert (effect.heeded_share, effect.after_s) == (None, None)

    def test_the_score_before_and_after(self) -> None:
        minutes = [
            Minute(later(self.NINE, minutes=n), 60, {SCORE: MinuteMeasure(s, s, s, 60)})
            for n, s in ((-1, 50), (1, 80), (30, 99))
        ]

        (effect,) = effects_of([self.told(Fate.HEEDED), self.told(Fate.UNDELIVERED)], minutes)

        assert [(step.offset_min, step.score, step.n) for step in effect.steps] == [
            (-1, 50, 1),
            (1, 80, 1),
        ]
