"""The same stories where pictures come irregularly: often while something changes, every ten
seconds while nothing does.
"""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posture.core.effects import Fate, WantCamera
from scenarios.story import ADAPTIVE, moment_text, play
from scenarios.test_day_stories import DAY, MONDAY

tell = partial(play, hz=ADAPTIVE)


def test_an_ordinary_day_has_no_false_reminder() -> None:
    story = tell(DAY, start=MONDAY.replace(hour=9))

    assert [str(event) for event in story.events if event.what.startswith("reminder")] == []
    status = story.status_at("8:00:00")
    assert status.sitting_today_s > 4.5 * 3600
    assert status.standing_today_s == pytest.approx(20.5 * 60, abs=60)
    assert sum(minute.valid_s for minute in story.minutes()) > 4 * 3600
    assert "no picture" not in {event.what for event in story.events}


@pytest.mark.parametrize(("strain", "dwell_s"), [("slouch", 60), ("droop", 180)])
def test_a_strain_is_named_within_its_time_and_one_look(strain: str, dwell_s: int) -> None:
    lapses = ", ".join([f"{strain} {dwell_s + 25}s, upright 20m"] * 6)
    story = tell(f"upright 10m, {lapses}", only="posture")

    late_s = [shown.at.mono - shown.began.mono - dwell_s for shown in story.reminders()]
    assert late_s == pytest.approx([0] * 6, abs=5)
    assert [fate.fate for fate in story.fates()] == [Fate.HEEDED] * 6


def test_a_sip_a_reach_and_small_print_are_silent() -> None:
    story = tell(
        "upright 5m, sip 45s, upright 5m, reach 20s, upright 5m, close 40s, upright 5m, "
        "head_down 2m, upright 5m, phone_at_ear 2m, upright 5m, chair_closer 10m, reclined 10m",
        only="posture too_close",
    )

    assert story.reminders() == []


def test_much_too_close_is_named_after_twenty_seconds_and_one_look() -> None:
    (shown,) = tell("upright 5m, very_close 45s, upright 1m", only="too_close").reminders()

    assert shown.at.mono - shown.began.mono == pytest.approx(20, abs=5)
    assert shown.at.mono - 1000 - 300 < 35


def test_a_minute_out_gives_no_credit_and_five_and_a_half_reset() -> None:
    tell("upright 50m, away 59s, upright 11m", only="stand").expect("""
        0:00 starts upright
        50:00 steps_out
        50:59 comes_back upright
        1:00:59 reminder stand since 0:00""")
    tell("upright 55m, away 5m12s, upright 58m", only="stand").expect("""
        0:00 starts upright
        55:00 leaves
        1:00:12 returns upright""")


def test_an_hour_of_sitting_and_a_break_that_is_seen() -> None:
    story = tell("upright 62m, away 6m, upright 1m", only="stand")

    story.expect("""
        0:00 starts upright
        1:00:00 reminder stand since 0:00
        1:02:00 leaves
        1:03:00 heeded stand
        1:08:00 returns upright""")


def test_reading_without_a_key_and_leaving_are_told_apart() -> None:
    tell("upright+idle 30m, away+idle 10m, upright+typing 5m, away+typing 5m", only="stand").expect(
        """
        0:00 starts upright
        30:00 leaves
        40:00 returns upright
        45:00 presence unknown input without a face
        45:00 posture unknown"""
    )


def test_sleep_restart_and_a_dead_camera() -> None:
    tell(
        "upright 30m, sleep 1h, upright 55m, !restart:20s, upright 6m, lost 10m, upright 1m",
        only="stand",
    ).expect("""
        0:00 starts upright
        30:00 presence away asleep
        30:00 posture away
        30:00 sitting away
        1:30:00 returns upright
        2:25:20 starts upright
        2:30:00 reminder stand since 1:30:00
        2:31:20 camera lost unplugged
        2:31:20 vanishes unplugged
        2:33:20 sitting unknown
        2:41:20 camera open
        2:41:20 returns upright
        2:40:00 expired stand (not seen)""")


def test_pictures_that_stop_are_noticed() -> None:
    tell("upright 10m, frozen 1m, upright 10m", only="stand").expect("""
        0:00 starts upright
        10:00 vanishes no picture
        11:00 presence present
        11:00 posture upright""")


def test_looking_far_for_half_a_minute_is_seen() -> None:
    tell("upright 21m, turned 40s, upright 1m", only="look_away").expect("""
        0:00 starts upright
        20:00 reminder look_away since 0:00
        21:00 posture looking_away
        21:25 heeded look_away
        21:40 posture upright""")


def test_standing_is_seen() -> None:
    tell("upright 50m, standing 32m, upright 3m", only="stand standing_long").expect("""
        0:00 starts upright
        50:00 stands
        1:20:00 reminder standing_long since 50:00
        1:22:00 sits upright
        1:24:00 heeded standing_long""")


lengths = st.lists(
    st.tuples(
        st.sampled_from(["upright", "away", "standing", "statue", "reclined"]),
        st.integers(80, 1500),
    ),
    min_size=2,
    max_size=8,
)


@settings(max_examples=25, deadline=None)
@given(lengths)
def test_clocks_tell_what_a_dense_watch_tells(parts: list[tuple[str, int]]) -> None:
    """Each change may be seen ten seconds late, no more."""
    text = ", ".join(f"{word} {seconds}s" for word, seconds in parts)
    end = moment_text(sum(seconds for _, seconds in parts) - 1)

    seldom = tell(text, only="stand").status_at(end)
    often = play(text, hz=1, only="stand").status_at(end)

    late_s = 12.0 * len(parts)
    assert seldom.activity is often.activity
    assert seldom.sitting_today_s == pytest.approx(often.sitting_today_s, abs=late_s)
    assert seldom.standing_today_s == pytest.approx(often.standing_today_s, abs=late_s)
    assert seldom.upright_today_s == pytest.approx(often.upright_today_s, abs=late_s)


def test_the_expected_interval_widens_what_counts_as_a_gap() -> None:
    """Where the settings ask for looks ten seconds apart, thirty lost seconds are a gap."""
    story = tell("upright+battery 5m", only="stand", settings="pace.slow_s=10")

    wishes = [one.interval_s for one in story.effects if isinstance(one, WantCamera)]
    assert wishes[-1] == 10.0
    assert [event.what for event in story.events][1:] == ["posture upright", "sitting sitting"]
