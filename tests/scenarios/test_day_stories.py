"""Eyes, movement, lunch, daily totals, tips, silences and fates: the rest of a day."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from posture.core.effects import Fate, ReminderKind, WantCamera, WithdrawReminder
from scenarios.conftest import Tell
from scenarios.story import play

THIN_S = 6.0
# Stories of many hours are told at one rate only.
tell_slowly = partial(play, hz=1, thin_s=THIN_S)
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
SATURDAY = datetime(2026, 3, 7, 10, tzinfo=UTC)


# -- eyes


def test_after_twenty_minutes_on_the_screen_the_eyes_want_the_distance(tell: Tell) -> None:
    story = tell("upright 21m, turned 30s, upright 1m", only="look_away")

    story.expect("""
        0:00 starts upright
        20:00 reminder look_away since 0:00
        21:00 posture looking_away
        21:20 heeded look_away
        21:30 posture upright""")
    assert "far away for 20 seconds" in story.reminders()[0].text
    assert story.fates()[0].after_s == pytest.approx(60, abs=5)


def test_what_the_eyes_did_anyway_counts(tell: Tell) -> None:
    tell("upright 15m, turned 25s, upright 15m, away 30s, upright 15m", only="look_away").expect("""
        0:00 starts upright
        15:00 posture looking_away
        15:25 posture upright
        30:25 steps_out
        30:55 comes_back upright""")


def test_a_glance_aside_is_no_rest(tell: Tell) -> None:
    """Ten seconds stop the count; they do not clear it."""
    tell("upright 15m, turned 10s, upright 6m", only="look_away").expect("""
        0:00 starts upright
        15:00 posture looking_away
        15:10 posture upright
        20:10 reminder look_away since 0:00""")


def test_looking_away_too_briefly_is_not_heeding(tell: Tell) -> None:
    tell("upright 20m30s, turned 10s, upright 4m", only="look_away").expect("""
        0:00 starts upright
        20:00 reminder look_away since 0:00
        20:30 posture looking_away
        20:40 posture upright
        22:00 expired look_away""")


def test_ignored_three_times_the_eyes_are_left_alone_until_tomorrow(tell: Tell) -> None:
    story = tell("upright 2h", only="look_away")

    assert [fate.fate for fate in story.fates()] == [Fate.EXPIRED] * 3
    assert len(story.reminders()) == 3


def test_the_next_day_the_eyes_are_spoken_of_again() -> None:
    story = tell_slowly(
        "upright 66m, away 8h, upright 21m",
        only="look_away",
        start=MONDAY.replace(hour=20),
    )

    assert len(story.reminders()) == 4


def test_the_eyes_wait_when_a_break_is_due_anyway(tell: Tell) -> None:
    """At 51 minutes the stand-up reminder is nine minutes off: look-away leaves it the word."""
    tell("upright 31m, turned 25s, upright 30m", only="look_away stand").expect("""
        0:00 starts upright
        20:00 reminder look_away since 0:00
        22:00 expired look_away
        31:00 posture looking_away
        31:25 posture upright
        1:00:00 reminder stand since 0:00""")


def test_snoozed_eyes_are_asked_again_after_the_snooze(tell: Tell) -> None:
    tell("upright 20m30s, !snooze:5m, upright 6m", only="look_away").expect("""
        0:00 starts upright
        20:00 reminder look_away since 0:00
        20:30 snoozed look_away
        25:30 reminder look_away since 20:30""")


# -- movement


def test_a_statue_is_asked_to_shift(tell: Tell) -> None:
    tell("statue 21m, reclined 2m, statue 1m", only="move").expect("""
        0:00 starts upright
        20:00 reminder move since 0:00
        21:00 posture reclined
        21:05 heeded move
        23:00 posture upright""")


def test_whoever_shifts_now_and_then_is_left_in_peace(tell: Tell) -> None:
    tell("upright 60m", only="move").expect("0:00 starts upright")


def test_a_short_stir_is_no_shift(tell: Tell) -> None:
    tell("statue 15m, slouch 3s, statue 6m", only="move").expect("""
        0:00 starts upright
        15:00 posture slouch
        15:03 posture upright
        20:00 reminder move since 0:00""")


def test_moving_is_not_asked_for_soon_after_another_reminder(tell: Tell) -> None:
    story = tell("statue 40m", only="move look_away")

    told = [event for event in story.events if "reminder" in event.what]
    assert [event.what for event in told] == ["reminder look_away", "reminder move"]
    assert [event.at_s for event in told] == pytest.approx([1200, 1800], abs=14)


def test_moving_is_not_asked_for_when_a_break_is_due_anyway(tell: Tell) -> None:
    tell("upright 35m, statue 26m", only="move stand").expect("""
        0:00 starts upright
        1:00:00 reminder stand since 0:00""")


# -- lunch, daily totals, tips


def test_lunch_is_suggested_once_at_a_break_around_noon(tell: Tell) -> None:
    tell(
        "upright 2h, away 40m, upright 20m",
        only="lunch",
        start=MONDAY.replace(hour=10, minute=50),
    ).expect("""
        0:00 starts upright
        50:00 reminder lunch since 0:00
        1:50:00 expired lunch
        2:00:00 leaves
        2:40:00 returns upright""")


def test_lunch_outside_is_seen(tell: Tell) -> None:
    tell(
        "upright 55m, away 30m, upright 1m", only="lunch", start=MONDAY.replace(hour=11)
    ).expect("""
        0:00 starts upright
        50:00 reminder lunch since 0:00
        55:00 leaves
        1:15:00 heeded lunch
        1:25:00 returns upright""")


def test_whoever_had_lunch_needs_no_word_about_it(tell: Tell) -> None:
    story = tell("upright 20m, away 30m, upright 1h", only="lunch", start=MONDAY.replace(hour=11))

    assert story.reminders() == []


def test_at_six_eight_and_ten_hours_of_sitting_once_each() -> None:
    story = tell_slowly(", ".join(["upright 115m, away 6m"] * 6), only="daily", start=MONDAY)

    assert [shown.title for shown in story.reminders()] == [
        "6 hours of sitting today",
        "8 hours of sitting today",
        "10 hours of sitting today",
    ]
    assert (
        "You have been on your feet for 18 minutes so far (goal: 2 hours)."
        in story.reminders()[0].text
    )
    assert [shown.at.mono - 1000 for shown in story.reminders()] == pytest.approx(
        [22680, 30240, 37800], abs=30
    )


def test_the_count_of_hours_begins_anew_at_local_midnight() -> None:
    """Six hours until midnight in Berlin, and six more of the next day."""
    berlin = ZoneInfo("Europe/Berlin")
    story = tell_slowly(
        ", ".join(["upright 100m, away 6m"] * 7),
        only="daily",
        start=datetime(2026, 3, 2, 19, tzinfo=UTC),
        local=lambda us: datetime.fromtimestamp(us / 1e6, berlin),
    )

    assert [shown.title for shown in story.reminders()] == ["6 hours of sitting today"]
    assert story.reminders()[0].at.mono - 1000 > 9 * 3600


# Three days of two and a half hours are enough to speak of habits.
WEEK = ", ".join(["{0} 100m, away 10m, {0} 40m, away 2m, sleep 21h30m"] * 3)


def test_a_week_of_slumping_earns_one_tip_about_the_chair() -> None:
    third_day = "slouch 100m, away 10m, slouch 3m, !done, slouch 40m, away 10m, slouch 5m"
    story = tell_slowly(
        WEEK.format("slouch").rpartition(", slouch 100m")[0] + ", " + third_day, only="tip"
    )

    assert [shown.title for shown in story.reminders()] == ["Tip: look at your chair"]
    assert "slumped for 100% of the time this week" in story.reminders()[0].text
    assert story.fates()[0].fate is Fate.HEEDED


def test_the_tip_survives_a_restart_and_names_what_was_measured() -> None:
    story = tell_slowly(
        WEEK.format("close") + ", !restart:60s, upright 5m, !restart:60s, upright 5m", only="tip"
    )

    assert [shown.title for shown in story.reminders()] == ["Tip: push the screen back"]
    assert "45 cm" in story.reminders()[0].text


def test_good_habits_earn_no_tip() -> None:
    day = ", ".join(["upright 35m, away 6m"] * 4)
    story = tell_slowly(", ".join([f"{day}, sleep 21h"] * 3) + ", upright 20m", only="tip")

    assert story.reminders() == []


# -- silence


def test_a_meeting_is_silent_frees_the_camera_and_what_was_due_is_said_after(tell: Tell) -> None:
    story = tell("upright+typing 50m, upright+meeting+typing 30m, upright+typing 5m", only="stand")

    story.expect("""
        0:00 starts upright
        50:00 camera closed meeting
        50:00 vanishes meeting
        1:20:00 camera open
        1:20:00 presence present
        1:20:00 posture upright
        1:20:00 reminder stand since 0:00  # the end of a call is a natural pause""")
    assert story.silent_at("1:10:00") == "meeting"
    wishes = [effect for effect in story.effects if isinstance(effect, WantCamera)]
    assert [(wish.wanted, wish.reason) for wish in wishes] == [
        (True, None),
        (False, "meeting"),
        (True, None),
    ]


def test_in_a_meeting_without_a_key_pressed_the_clock_waits(tell: Tell) -> None:
    tell("upright+typing 50m, upright+meeting+idle 30m, upright+idle 9m", only="stand").expect("""
        0:00 starts upright
        50:00 camera closed meeting
        50:00 vanishes meeting
        52:00 sitting unknown
        1:20:00 camera open
        1:20:00 returns upright
        1:28:00 reminder stand since 0:00""")


def test_a_meeting_with_the_camera_kept_is_still_silent(tell: Tell) -> None:
    story = tell(
        "upright 1m, slouch+meeting 5m, slouch+idle 1m",
        only="posture",
        settings="silence.release_camera=false",
    )

    story.expect("""
        0:00 starts upright
        1:00 posture slouch
        6:00 reminder posture since 1:00""")
    assert story.silent_at("3:00") == "meeting"


def test_a_full_screen_is_silent(tell: Tell) -> None:
    story = tell("upright 1m, slouch+full 5m, upright+idle 5m", only="posture")

    story.expect("""
        0:00 starts upright
        1:00 posture slouch
        6:00 posture upright""")
    assert story.silent_at("3:00") == "full_screen"


def test_a_full_screen_is_not_silent_when_the_user_says_so(tell: Tell) -> None:
    story = tell("slouch+full 62s", only="posture", settings="silence.in_full_screen=false")

    assert len(story.reminders()) == 1


def test_a_pause_closes_the_camera_and_ends_by_itself(tell: Tell) -> None:
    story = tell("upright 20m, !pause:10m, upright 20m", only="stand")

    story.expect("""
        0:00 starts upright
        20:00 camera closed paused
        20:00 vanishes paused
        22:00 sitting unknown
        30:00 camera open
        30:00 returns upright""")
    assert story.silent_at("25:00") == "paused"
    silent_until = story.status_at("25:00").silent_until
    assert silent_until is not None
    assert silent_until.mono == pytest.approx(1000 + 1800, abs=1)
    over = story.status_at("31:00")
    assert (over.silent, over.silent_until, over.camera) == (None, None, "open")


def test_a_pause_without_end_ends_with_resume(tell: Tell) -> None:
    tell("upright 1m, !pause, upright 3h, !resume, upright 1m", only="stand").expect("""
        0:00 starts upright
        1:00 camera closed paused
        1:00 vanishes paused
        3:00 sitting unknown
        3:01:00 camera open
        3:01:00 returns upright""")


def test_a_pause_survives_a_restart(tell: Tell) -> None:
    story = tell("upright 1m, !pause:30m, upright 1m, !restart:5s, slouch 5m", only="posture")

    assert story.reminders() == []
    assert story.silent_at("5:00") == "paused"


def test_snoozing_with_nothing_on_the_screen_snoozes_everything(tell: Tell) -> None:
    story = tell("upright 1m, !snooze:5m, slouch 6m", only="posture")

    story.expect("""
        0:00 starts upright
        1:00 posture slouch
        6:00 reminder posture since 1:00""")
    assert story.silent_at("3:00") == "snoozed"


def test_quiet_hours_lie_across_midnight(tell: Tell) -> None:
    story = tell(
        "slouch 20m",
        only="posture",
        settings="silence.quiet_hours=22:00-07:00",
        start=MONDAY.replace(hour=6, minute=50),
    )

    story.expect("""
        0:00 starts slouch
        10:00 reminder posture since 0:00
        12:00 expired posture""")
    assert story.silent_at("5:00") == "quiet_hours"


def test_outside_working_hours_nothing_is_said(tell: Tell) -> None:
    story = tell(
        "slouch 20m",
        only="posture",
        settings="silence.working_hours=09:00-17:00",
        start=MONDAY.replace(hour=16, minute=50),
    )

    assert len(story.reminders()) == 1
    assert story.silent_at("15:00") == "out_of_hours"


def test_on_a_day_off_nothing_is_said(tell: Tell) -> None:
    story = tell(
        "slouch 5m", only="posture", settings="silence.working_days=mon-fri", start=SATURDAY
    )

    assert story.reminders() == []
    assert story.silent_at("3:00") == "day_off"


def test_in_quiet_time_the_camera_can_be_closed(tell: Tell) -> None:
    tell(
        "upright 15m",
        only="posture",
        settings="silence.working_hours=09:00-17:00 silence.close_camera=true",
        start=MONDAY.replace(hour=16, minute=50),
    ).expect("""
        0:00 starts upright
        10:00 camera closed out_of_hours
        10:00 vanishes out_of_hours
        12:00 sitting unknown""")


def test_on_battery_the_camera_looks_less_often_or_not_at_all(tell: Tell) -> None:
    slow = tell("upright+battery 2m", only="posture", settings="pace.interval_s=0.5")
    paused = tell("upright+battery 2m", only="posture", settings="silence.on_battery=pause")

    intervals = [one.interval_s for one in slow.effects if isinstance(one, WantCamera)]
    assert intervals[-1] == 3.0
    assert paused.silent_at("1:00") == "battery"
    assert [one.wanted for one in paused.effects if isinstance(one, WantCamera)][-1] is False


def test_counting_blinks_needs_fifteen_pictures_a_second(tell: Tell) -> None:
    story = tell("upright 1m, upright+battery 1m", only="tip", settings="eyes.blinks=true")

    wishes = [one.interval_s for one in story.effects if isinstance(one, WantCamera)]
    assert wishes[0] == pytest.approx(1 / 15)
    assert wishes[-1] >= 3.0  # the battery comes first


def test_an_empty_chair_is_looked_at_less_often(tell: Tell) -> None:
    story = tell("upright 1m, away 2m, upright 1m", only="stand", settings="pace.interval_s=0.5")

    wishes = [one.interval_s for one in story.effects if isinstance(one, WantCamera)]
    assert wishes == [0.5, 3.0, 0.5]


def test_a_reminder_waits_for_a_pause_in_the_typing(tell: Tell) -> None:
    story = tell("upright+idle 1m, slouch+typing 80s, slouch+idle 20s", only="posture")

    story.expect("""
        0:00 starts upright
        1:00 posture slouch
        2:23 reminder posture since 1:00""")
    assert story.silent_at("2:10") == "natural_pause"


def test_but_for_no_more_than_two_minutes(tell: Tell) -> None:
    tell("upright+idle 1m, slouch+typing 4m", only="posture").expect("""
        0:00 starts upright
        1:00 posture slouch
        4:00 reminder posture since 1:00""")


def test_a_strain_given_up_while_waiting_is_not_mentioned(tell: Tell) -> None:
    tell("upright+idle 1m, slouch+typing 90s, upright+typing 3m", only="posture").expect("""
        0:00 starts upright
        1:00 posture slouch
        2:30 posture upright""")


def test_two_reminders_do_not_come_on_top_of_each_other(tell: Tell) -> None:
    """At the hour, slouched: the posture speaks first, two minutes later the clock."""
    story = tell("upright 59m, slouch 5m", only="posture stand")

    times = [event.at_s for event in story.events if event.what.startswith("reminder")]
    assert times == pytest.approx([3600, 3720], abs=8)
    assert story.silent_at("1:01:00") == "just_delivered"


# -- delivery and fate


def test_what_did_not_reach_the_screen_is_tried_again(tell: Tell) -> None:
    tell("upright 1m, !mute, slouch 90s, !unmute, slouch 5m", only="posture").expect("""
        0:00 starts upright
        1:00 posture slouch
        2:00 reminder posture since 1:00
        2:00 undelivered posture (no notifier)
        3:00 reminder posture since 1:00
        5:00 expired posture""")


def test_what_did_not_reach_the_screen_takes_nothing_from_the_hour(tell: Tell) -> None:
    """One an hour, and that one failed twice: it is still to be had."""
    tell(
        "upright 1m, !mute, slouch 3m, !unmute, slouch 3m30s",
        only="posture",
        settings="reminders.max_per_hour=1 posture.max_per_hour=1",
    ).expect("""
        0:00 starts upright
        1:00 posture slouch
        2:00 reminder posture since 1:00
        2:00 undelivered posture (no notifier)
        3:00 reminder posture since 1:00
        3:00 undelivered posture (no notifier)
        5:00 reminder posture since 1:00
        7:00 expired posture""")


def test_a_notifier_that_never_answers_is_not_waited_for(tell: Tell) -> None:
    tell("upright 1m, !deaf, slouch 95s, !hearing, slouch 5m", only="posture").expect("""
        0:00 starts upright
        1:00 posture slouch
        2:00 reminder posture since 1:00
        2:30 undelivered posture (no answer)
        4:00 reminder posture since 1:00  # it may have been seen: two minutes between two
        6:00 expired posture""")


def test_the_cool_down_starts_when_it_was_delivered(tell: Tell) -> None:
    """Undelivered for a while: the ten minutes count from the one that arrived."""
    tell("upright 1m, !mute, slouch 90s, !unmute, slouch 12m", only="posture").expect("""
        0:00 starts upright
        1:00 posture slouch
        2:00 reminder posture since 1:00
        2:00 undelivered posture (no notifier)
        3:00 reminder posture since 1:00
        5:00 expired posture
        13:00 reminder posture since 1:00""")


def test_every_settled_reminder_is_taken_from_the_screen_once(tell: Tell) -> None:
    story = tell("slouch 65s, upright 1m, slouch 20m, upright 62m, !done, away 2m")

    withdrawn = [one.id for one in story.effects if isinstance(one, WithdrawReminder)]
    settled = [fate.id for fate in story.fates()]
    assert len(withdrawn) == len(set(withdrawn))
    assert set(settled) <= set(withdrawn)


def test_got_it_clears_the_screen_but_only_standing_up_heeds(tell: Tell) -> None:
    tell("upright 61m, !done, upright 1m, away 2m", only="stand").expect("""
        0:00 starts upright
        1:00:00 reminder stand since 0:00
        1:02:00 leaves
        1:03:00 heeded stand""")


def test_a_wrong_alarm_can_still_be_called_after_it_expired(tell: Tell) -> None:
    tell("slouch 65s, slouch 3m, !wrong, !wrong, slouch 10s", only="posture").expect("""
        0:00 starts slouch
        1:00 reminder posture since 0:00
        3:00 expired posture
        4:05 wrong_alarm posture
        4:05 learned slump_cm 1.15""")


def test_leaving_the_desk_is_heeding_a_posture_reminder(tell: Tell) -> None:
    tell("upright 1m, slouch 65s, away 2m", only="posture").expect("""
        0:00 starts upright
        1:00 posture slouch
        2:00 reminder posture since 1:00
        2:05 leaves
        2:15 heeded posture""")


def test_a_reminder_nobody_could_watch_is_not_held_against_the_user(tell: Tell) -> None:
    tell("upright 1m, slouch 65s, covered 3m, upright 1m", only="posture").expect("""
        0:00 starts upright
        1:00 posture slouch
        2:00 reminder posture since 1:00
        2:05 vanishes covered
        4:00 expired posture (not seen)
        4:05 sitting unknown
        5:05 returns upright""")


def test_a_restart_keeps_the_cool_down(tell: Tell) -> None:
    tell("slouch 62s, !restart:3s, slouch 11m", only="posture").expect("""
        0:00 starts slouch
        1:00 reminder posture since 0:00
        1:05 starts slouch
        1:05 expired posture (restarted)
        11:00 reminder posture since 1:05""")


# -- a whole day


DAY = """
    upright+typing 18m, turned+idle 30s, upright+typing 19m, turned+idle 30s, sip+idle 30s,
    head_down+idle 90s, upright+typing 5m, away+idle 7m,
    upright+typing 9m, second_screen+typing 9m, turned+idle 25s, upright+idle 15m, reach+idle 15s,
    turned+idle 25s, reclined+idle 8m, away+idle 12m,
    upright+typing 5m, upright+meeting+typing 40m, away+idle 6m,
    upright+typing 16m, chin_on_hand+idle 2m, turned+idle 25s, upright+typing 15m,
    away+locked 45m,
    upright+typing 15m, phone_at_ear+idle 150s, turned+idle 30s, chair_closer+typing 15m,
    turned+idle 22s, slouch+typing 40s, upright+typing 5m, away+idle 8m,
    upright+idle 18m, turned+idle 40s, upright+typing 15m, standing+typing 3m, turned+idle 30s,
    standing+typing 17m, turned+idle 30s, upright+typing 18m, away+idle 5m30s,
    upright+typing 15m, close+idle 40s, upright+typing 3m, turned+idle 25s, chair_lower+typing 15m,
    away+idle 9m,
    reclined+idle 15m, turned+idle 25s, upright+typing 15m, shrug+typing 2m, away+idle 20m,
    upright+typing 18m, turned+idle 25s, upright+typing 18m
"""


def test_an_ordinary_day_has_no_false_reminder(tell: Tell) -> None:
    """Eight hours with typing, reading, phone, coffee, meeting, lunch and a second screen."""
    story = tell(DAY, start=MONDAY.replace(hour=9))

    assert [str(event) for event in story.events if event.what.startswith("reminder")] == []
    status = story.status_at("8:00:00")
    assert status.sitting_today_s > 4.5 * 3600
    assert status.standing_today_s == pytest.approx(20.5 * 60, abs=60)
    minutes = story.minutes()
    assert len({minute.minute_us for minute in minutes}) == len(minutes)
    assert sum(minute.valid_s for minute in minutes) > 4 * 3600
    assert all(0 <= minute.valid_s <= 60 for minute in minutes)


def test_scripted_slouches_are_each_named_within_the_dwell(tell: Tell) -> None:
    lapses = ", ".join(["slouch 75s, upright 20m"] * 6)
    story = tell(f"upright 10m, {lapses}", only="posture")

    late_s = [shown.at.mono - shown.began.mono - 60 for shown in story.reminders()]
    assert len(late_s) == 6
    assert late_s == pytest.approx([0] * 6, abs=5)
    assert [fate.fate for fate in story.fates()] == [Fate.HEEDED] * 6
    assert {fate.kind for fate in story.fates()} == {ReminderKind.POSTURE}


def test_whoever_has_just_left_is_not_spoken_to() -> None:
    """Typed until three seconds before the hour and rose: nobody is there to read it."""
    story = play("upright+typing 3597s, away+idle 2m", 15, only="stand")

    assert story.reminders() == []


def test_a_correction_that_has_begun_when_time_is_up_is_heeded(tell: Tell) -> None:
    tell("slouch 2m55s, upright 1m", only="posture").expect("""
        0:00 starts slouch
        1:00 reminder posture since 0:00
        2:55 posture upright
        3:05 heeded posture""")
