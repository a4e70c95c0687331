"""What takes days to show: the goal that grows, and tips from measured habits."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import pytest

from posture.core.texts import say
from scenarios.story import play

MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
tell_slowly = partial(play, hz=1, thin_s=6.0, start=MORNING)


def test_the_goal_for_time_on_the_feet_grows_from_two_hours_to_four() -> None:
    """Half an hour more after each five days on which it was met, and never beyond its end."""
    day = "upright 61m, sleep 150m, upright 5m, sleep 2h, upright 5m, sleep 18h19m"
    story = tell_slowly(", ".join([day] * 27), only="daily")

    def goal_h(number: int) -> float:
        return story.status_at(f"{24 * (number - 1) + 6}:00:00").upright_goal_s / 3600

    goals_h = [goal_h(number) for number in (1, 5, 6, 10, 11, 15, 16, 20, 21, 26)]
    assert goals_h == [2, 2, 2.5, 2.5, 3, 3, 3.5, 3.5, 4, 4]
    assert story.status_at("6:00:00").upright_today_s == pytest.approx(4.5 * 3600, abs=30)


def test_a_goal_that_is_missed_stays() -> None:
    """Two hours are met, two and a half from then on not."""
    day = "upright 61m, sleep 125m, upright 5m, sleep 20h49m"
    story = tell_slowly(", ".join([day] * 12), only="daily")

    assert story.status_at(f"{24 * 11 + 2}:00:00").upright_goal_s == 2.5 * 3600


def week(word: str) -> str:
    """Three days of two hours and a half with many breaks, and the fourth morning."""
    day = f"{word} 30m, away 6m, " * 5 + "sleep 21h"
    return ", ".join([day] * 3) + ", upright 5m"


@pytest.mark.parametrize(
    ("word", "key", "size"), [("looks_down", "screen_low", 8), ("looks_up", "screen_high", 7)]
)
def test_where_the_head_is_held_all_week_tells_of_the_screens_height(
    word: str, key: str, size: int
) -> None:
    story = tell_slowly(week(word), only="tip")

    (tip,) = story.reminders()
    assert tip.title == say("en", f"tip.{key}.title")
    assert tip.text == say("en", f"tip.{key}.text", size=size)


@pytest.mark.parametrize(
    ("word", "titles"), [("stares", ["Tip: blink"]), ("blinks", [])], ids=["seldom", "often"]
)
def test_few_blinks_earn_a_tip(word: str, titles: list[str]) -> None:
    """Only where pictures come fast enough: for a minute twice a day, here."""
    rest = "upright 40m, away 10m, " * 3
    day = f"{rest}{word} 80s, away 10m, {word} 80s, {rest}sleep 15h"
    story = play(
        ", ".join([day] * 3) + ", upright 5m", 15, thin_s=6.0, start=MORNING, only="tip",
        settings="eyes.blinks=true sitting.break_min=2",
    )  # fmt: skip

    assert [tip.title for tip in story.reminders()] == titles
