"""The sitting clock: what counts, what gives credit, and when it speaks."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from posture.core.effects import Activity, ReminderKind
from scenarios.conftest import Tell

THIN_S = 6.0


def test_after_an_hour_of_sitting_it_is_time_to_stand_up_and_drink(tell: Tell) -> None:
    story = tell("upright 62m, away 6m, upright 1m", only="stand")

    story.expect("""
        0:00 starts upright
        1:00:00 reminder stand since 0:00
        1:02:00 leaves
        1:03:00 heeded stand
        1:08:00 returns upright""")
    assert "60 minutes" in story.reminders()[0].text
    assert "water" in story.reminders()[0].text
    assert story.fates()[0].after_s == pytest.approx(120, abs=9)


def test_the_icon_shows_a_soft_sign_ten_minutes_before(tell: Tell) -> None:
    story = tell("upright 55m", only="stand")

    assert story.status_at("49:30").soft == ()
    assert story.status_at("50:30").soft == (ReminderKind.STAND,)
    assert story.status_at("50:30").next_reminders[0].due_s == pytest.approx(570, abs=5)


def test_whoever_stays_is_told_twice_more_and_then_only_by_the_icon(tell: Tell) -> None:
    story = tell("upright 2h15m", only="stand")

    story.expect("""
        0:00 starts upright
        1:00:00 reminder stand since 0:00
        1:10:00 expired stand
        1:15:00 reminder stand since 0:00
        1:25:00 expired stand
        1:30:00 reminder stand since 0:00
        1:40:00 expired stand""")
    assert story.status_at("2:10:00").soft == (ReminderKind.STAND,)
    assert story.reminders()[1].title == "Still sitting"


def test_after_a_real_break_the_repeats_begin_anew(tell: Tell) -> None:
    tell("upright 2h, away 6m, upright 62m", only="stand").expect("""
        0:00 starts upright
        1:00:00 reminder stand since 0:00
        1:10:00 expired stand
        1:15:00 reminder stand since 0:00
        1:25:00 expired stand
        1:30:00 reminder stand since 0:00
        1:40:00 expired stand
        2:00:00 leaves
        2:06:00 returns upright
        3:06:00 reminder stand since 2:06:00""")


def test_fifty_nine_seconds_away_give_no_credit(tell: Tell) -> None:
    """The clock waits for 59 s and goes on."""
    tell("upright 50m, away 59s, upright 11m", only="stand").expect("""
        0:00 starts upright
        50:00 steps_out
        50:59 comes_back upright
        1:00:59 reminder stand since 0:00""")


def test_two_minutes_away_take_twenty_off(tell: Tell) -> None:
    tell("upright 50m, away 2m, upright 31m", only="stand").expect("""
        0:00 starts upright
        50:00 leaves
        52:00 returns upright
        1:22:00 reminder stand since 0:00""")


def test_a_short_walk_early_on_starts_a_new_stretch(tell: Tell) -> None:
    """Eighteen minutes of sitting and two of walking: nothing is left to count."""
    tell("upright 18m, away 2m, upright 61m", only="stand").expect("""
        0:00 starts upright
        18:00 leaves
        20:00 returns upright
        1:20:00 reminder stand since 20:00""")


def test_five_minutes_away_reset_the_clock(tell: Tell) -> None:
    tell("upright 55m, away 5m2s, upright 59m", only="stand").expect("""
        0:00 starts upright
        55:00 leaves
        1:00:02 returns upright""")


def test_standing_for_a_minute_resets_the_clock(tell: Tell) -> None:
    tell("upright 50m, standing 65s, upright 61m", only="stand").expect("""
        0:00 starts upright
        50:00 stands
        51:05 sits upright
        1:51:05 reminder stand since 51:05""")


def test_rising_for_a_moment_is_not_standing(tell: Tell) -> None:
    """The camera must see it for ten seconds: who walks off rises first."""
    tell("upright 10m, standing 6s, upright 1m, standing 5s, away 2m", only="stand").expect("""
        0:00 starts upright
        10:00 posture standing
        10:06 posture upright
        11:06 posture standing
        11:11 leaves""")


def test_rising_for_half_a_minute_does_not(tell: Tell) -> None:
    tell("upright 50m, standing 30s, upright 11m", only="stand").expect("""
        0:00 starts upright
        50:00 stands
        50:30 sits upright
        1:00:30 reminder stand since 0:00""")


def test_standing_up_and_walking_off_is_one_break(tell: Tell) -> None:
    """Half a minute on the feet and half a minute out of sight are a minute up."""
    tell("upright 50m, standing 35s, away 35s, upright 23m", only="stand").expect("""
        0:00 starts upright
        50:00 stands
        50:35 steps_out
        51:10 returns upright
        1:12:50 reminder stand since 0:00""")


def test_leaning_out_of_sight_for_two_seconds_erases_nothing(tell: Tell) -> None:
    story = tell("upright 55m, away 4s, upright 6m", only="stand")

    reminders = [event.at_s for event in story.events if event.what == "reminder stand"]
    assert reminders == [pytest.approx(3604, abs=5)]


def test_a_locked_screen_is_a_break(tell: Tell) -> None:
    tell("upright 55m, away+locked 10m, upright 20m", only="stand").expect("""
        0:00 starts upright
        55:00 presence away locked
        55:00 posture away
        55:00 sitting away
        55:00 camera closed locked
        1:05:00 camera open
        1:05:00 returns upright""")


def test_an_hour_of_sleep_is_away(tell: Tell) -> None:
    tell("upright 55m, sleep 1h, upright 20m", only="stand").expect("""
        0:00 starts upright
        55:00 presence away asleep
        55:00 posture away
        55:00 sitting away
        1:55:00 returns upright""")


def test_the_system_says_it_goes_to_sleep(tell: Tell) -> None:
    tell("upright 55m, upright+asleep 3s, sleep 8h, upright 10m", only="stand").expect("""
        0:00 starts upright
        55:00 presence away asleep
        55:00 posture away
        55:00 sitting away
        55:00 camera closed asleep
        8:55:03 camera open
        8:55:03 returns upright""")


def test_a_covered_camera_counts_on_for_two_minutes_and_then_waits(tell: Tell) -> None:
    tell("upright 50m, covered 20m, upright 9m", only="stand").expect("""
        0:00 starts upright
        50:00 vanishes covered
        52:00 sitting unknown
        1:10:00 returns upright
        1:18:00 reminder stand since 0:00""")


def test_a_camera_covered_all_afternoon_leaves_no_old_clock(tell: Tell) -> None:
    tell("upright 50m, covered 2h, upright 30m", only="stand").expect("""
        0:00 starts upright
        50:00 vanishes covered
        52:00 sitting unknown
        2:50:00 returns upright""")


def test_typing_before_a_covered_camera_is_sitting(tell: Tell) -> None:
    """And the reminder comes although nothing is seen, after waiting for a pause in the typing."""
    tell("upright+typing 50m, covered+typing 15m", only="stand").expect("""
        0:00 starts upright
        50:00 vanishes covered
        1:02:00 reminder stand since 0:00""")


def test_typing_out_of_sight_is_not_away(tell: Tell) -> None:
    tell("upright+typing 20m, away+typing 10m, upright+typing 10m", only="stand").expect("""
        0:00 starts upright
        20:00 presence unknown input without a face
        20:00 posture unknown
        30:00 presence present
        30:00 posture upright""")


def test_leaving_while_nobody_types_is_away(tell: Tell) -> None:
    """The last key was pressed just before."""
    tell("upright+typing 20m, away+idle 10m, upright+typing 1m", only="stand").expect("""
        0:00 starts upright
        20:00 leaves
        30:00 returns upright""")


def test_a_cat_on_the_keyboard_is_somebody_for_a_minute(tell: Tell) -> None:
    tell(
        "upright+idle 20m, away+idle 10m, away+typing 5s, away+idle 10m, upright+idle 1m",
        only="stand",
    ).expect("""
        0:00 starts upright
        20:00 leaves
        30:00 presence unknown input without a face
        30:00 posture unknown
        30:00 sitting sitting
        30:05 leaves
        40:05 returns upright""")


def test_reading_without_touching_a_key_is_sitting(tell: Tell) -> None:
    tell("upright+idle 61m", only="stand").expect("""
        0:00 starts upright
        1:00:00 reminder stand since 0:00""")


def test_a_restart_at_minute_fifty_five_still_nudges_at_sixty(tell: Tell) -> None:
    tell("upright 55m, !restart:20s, upright 6m", only="stand").expect("""
        0:00 starts upright
        55:20 starts upright
        1:00:00 reminder stand since 0:00""")


def test_a_restart_does_not_repeat_what_was_said(tell: Tell) -> None:
    story = tell("upright 61m, !restart:5s, upright 16m", only="stand")

    story.expect("""
        0:00 starts upright
        1:00:00 reminder stand since 0:00
        1:01:05 starts upright
        1:01:05 expired stand (restarted)
        1:15:00 reminder stand since 0:00""")
    assert [shown.id for shown in story.reminders()] == [1, 2]


def test_down_for_ten_minutes_nobody_knows(tell: Tell) -> None:
    """The clock goes on for two minutes and waits for eight."""
    tell("upright 50m, !restart:10m, upright 9m", only="stand").expect("""
        0:00 starts upright
        1:00:00 starts upright
        1:08:00 reminder stand since 0:00""")


def test_a_computer_that_was_off_had_nobody_at_it(tell: Tell) -> None:
    tell("upright 55m, !reboot:15m, upright 50m", only="stand").expect("""
        0:00 starts upright
        1:10:00 starts upright""")


def test_a_clock_set_back_changes_no_length_of_time(tell: Tell) -> None:
    story = tell("upright 30m, !clock:-1h, upright 31m", only="stand")

    story.expect("""
        0:00 starts upright
        1:00:00 reminder stand since 0:00""")
    shown = story.reminders()[0]
    assert shown.at.wall_us - shown.began.wall_us == pytest.approx(3600e6, abs=5e6)


def test_a_clock_set_forward_is_not_a_break(tell: Tell) -> None:
    tell("upright 30m, !clock:3h, upright 31m", only="stand").expect("""
        0:00 starts upright
        1:00:00 reminder stand since 0:00""")


def test_the_night_the_clocks_change(tell: Tell) -> None:
    """Half past one in Berlin: at two it is three. An hour of sitting stays an hour."""
    berlin = ZoneInfo("Europe/Berlin")
    tell(
        "upright 65m",
        only="stand",
        start=datetime(2026, 3, 29, 0, 30, tzinfo=UTC),
        local=lambda us: datetime.fromtimestamp(us / 1e6, berlin),
    ).expect("""
        0:00 starts upright
        1:00:00 reminder stand since 0:00""")


def test_an_unplugged_camera_waits_unless_somebody_types(tell: Tell) -> None:
    tell("upright 20m, lost 10m, upright 10m, lost+typing 10m, upright 1m", only="stand").expect("""
        0:00 starts upright
        20:00 camera lost unplugged
        20:00 vanishes unplugged
        22:00 sitting unknown
        30:00 camera open
        30:00 returns upright
        40:00 camera lost unplugged
        40:00 vanishes unplugged
        50:00 camera open
        50:00 presence present
        50:00 posture upright""")


def test_half_a_minute_without_pictures_is_a_gap_and_no_break(tell: Tell) -> None:
    tell("upright 50m, frozen 30s, upright 11m", only="stand").expect("""
        0:00 starts upright
        50:00 vanishes no picture
        50:30 presence present
        50:30 posture upright
        1:00:00 reminder stand since 0:00""")


def test_a_changed_setting_holds_at_once(tell: Tell) -> None:
    tell("upright 46m, !set:sitting.nudge_min=45, upright 10s", only="stand").expect("""
        0:00 starts upright
        46:00 reminder stand since 0:00""")


def test_whoever_says_the_clock_is_wrong_gets_a_new_one(tell: Tell) -> None:
    tell("upright 61m, !wrong, upright 59m", only="stand").expect("""
        0:00 starts upright
        1:00:00 reminder stand since 0:00
        1:01:00 wrong_alarm stand""")


def test_i_am_standing_is_believed_where_the_camera_cannot_tell(tell: Tell) -> None:
    story = tell("unsure 61m, !standing, unsure 10m, !sitting, unsure 5m", only="stand")

    story.expect("""
        0:00 starts upright
        1:00:00 reminder stand since 0:00
        1:01:00 sitting standing
        1:02:00 heeded stand
        1:11:00 sitting sitting""")
    assert story.status_at("1:15:00").standing_today_s == pytest.approx(600, abs=5)


def test_a_desk_that_carries_the_camera_needs_the_users_word(tell: Tell) -> None:
    """The picture never changes: the camera says seated all the time."""
    tell("upright 20m, !standing, upright 10m, !sitting, upright 5m", only="stand").expect("""
        0:00 starts upright
        20:00 sitting standing
        30:00 sitting sitting""")


def test_when_the_camera_sees_somebody_rise_and_sit_down_the_word_is_old(tell: Tell) -> None:
    tell("upright 5m, !standing, upright 5m, standing 5m, upright 5m", only="stand").expect("""
        0:00 starts upright
        5:00 sitting standing
        10:00 posture standing
        15:00 posture upright
        15:00 sitting sitting""")


def test_take_a_break_now_is_quiet_and_counts_only_if_taken(tell: Tell) -> None:
    story = tell("upright 62m, !break, upright 20m", only="stand")

    story.expect("""
        0:00 starts upright
        1:00:00 reminder stand since 0:00
        1:10:00 expired stand
        1:15:00 reminder stand since 0:00""")
    assert story.silent_at("1:04:00") == "break"


def test_a_snoozed_reminder_comes_back_and_counts_as_no_repeat(tell: Tell) -> None:
    tell("upright 61m, !snooze:10m, upright 12m", only="stand").expect("""
        0:00 starts upright
        1:00:00 reminder stand since 0:00
        1:01:00 snoozed stand
        1:11:00 reminder stand since 0:00""")


def test_snoozed_but_gone_meanwhile_is_not_nagged(tell: Tell) -> None:
    tell("upright 61m, !snooze, away 6m, upright 10m", only="stand").expect("""
        0:00 starts upright
        1:00:00 reminder stand since 0:00
        1:01:00 snoozed stand
        1:01:00 leaves
        1:07:00 returns upright""")


def test_standing_still_for_half_an_hour_is_long(tell: Tell) -> None:
    story = tell("upright 1m, standing 32m, upright 3m", only="standing_long")

    story.expect("""
        0:00 starts upright
        1:00 stands
        31:00 reminder standing_long since 1:00
        33:00 sits upright
        35:00 heeded standing_long""")
    assert "standing for 30 minutes" in story.reminders()[0].text


def test_sitting_down_for_a_minute_does_not_end_a_long_stand(tell: Tell) -> None:
    tell("standing 20m, upright 60s, standing 11m", only="standing_long").expect("""
        0:00 starts standing
        0:00 sitting standing
        20:00 sits upright
        21:00 stands
        31:00 reminder standing_long since 0:00""")


def test_a_forgotten_standing_button_is_asked_about(tell: Tell) -> None:
    tell("unsure 1m, !standing, unsure 31m, !sitting, unsure 3m", only="standing_long").expect("""
        0:00 starts upright
        1:00 sitting standing
        31:00 reminder standing_long since 1:00
        32:00 sitting sitting
        34:00 heeded standing_long""")


def test_twenty_eight_two(tell: Tell) -> None:
    """Sit twenty, stand eight, move two: the preset's rhythm."""
    rhythm = (
        "sitting.nudge_min=20 sitting.soft_before_min=2 sitting.repeat_min=10 sitting.break_min=2 "
        "standing.long_min=8 standing.then_move_min=2"
    )
    story = tell(
        "upright 21m, standing 9m, away 2m10s, upright 21m",
        only="stand standing_long",
        settings=rhythm,
    )

    story.expect("""
        0:00 starts upright
        20:00 reminder stand since 0:00
        21:00 stands
        22:00 heeded stand
        29:00 reminder standing_long since 21:00
        30:00 leaves
        31:00 heeded standing_long
        32:10 returns upright
        52:10 reminder stand since 32:10""")
    assert "on your feet for 8 minutes" in story.reminders()[0].text
    assert "Walk about for 2 minutes" in story.reminders()[1].text


def test_no_reminder_to_stand_for_whoever_switched_it_off(tell: Tell) -> None:
    story = tell("upright 65m", only="posture")

    assert story.reminders() == []
    assert story.status_at("1:04:00").soft == ()


def test_the_days_totals(tell: Tell) -> None:
    """Sitting, standing, and the break that ended count; the night before does not."""
    story = tell("away 10m, upright 30m, standing 20m, away 10m, upright 5m", only="stand")

    status = story.status_at("1:14:59")
    assert status.sitting_today_s == pytest.approx(35 * 60, abs=10)
    assert status.standing_today_s == pytest.approx(20 * 60, abs=10)
    assert status.upright_today_s == pytest.approx(30 * 60, abs=10)
    assert status.upright_goal_s == 7200
    assert status.activity is Activity.SITTING
