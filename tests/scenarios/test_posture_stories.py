"""When a posture is worth a word, and when it is not."""

from __future__ import annotations

import pytest

from scenarios.conftest import Tell

STRAINS = (
    "slouch", "forward_head", "lean_forward", "tilt_left", "lean_left", "uneven",
    "raised_shoulders",
)  # fmt: skip
LABELS = {
    "lean_forward": "leaning_forward",
    "tilt_left": "head_tilt_left",
    "lean_left": "leaning_left",
    "uneven": "uneven_shoulders",
    "raised_shoulders": "upright",
}


@pytest.mark.parametrize("strain", STRAINS)
def test_a_strain_beyond_the_limit_is_named_after_a_minute(tell: Tell, strain: str) -> None:
    label = LABELS.get(strain, strain)
    posture = "" if label == "upright" else f"5:00 posture {label}"
    back = "" if label == "upright" else "6:30 posture upright"

    tell(f"upright 5m, {strain} 90s, upright 2m", only="posture").expect(f"""
        0:00 starts upright
        {posture}
        6:00 reminder posture since 5:00
        {back}
        6:40 heeded posture""")


def test_a_mild_slouch_is_named_after_three_minutes(tell: Tell) -> None:
    tell("upright 5m, droop 4m, upright 1m", only="posture").expect("""
        0:00 starts upright
        5:00 posture slouch
        8:00 reminder posture since 5:00
        9:00 posture upright
        9:10 heeded posture""")


def test_a_twenty_second_reach_is_silent(tell: Tell) -> None:
    tell("upright 5m, reach 20s, upright 5m", only="posture").expect("""
        0:00 starts upright
        5:00 posture leaning_right
        5:20 posture upright""")


def test_a_forty_five_second_sip_is_silent(tell: Tell) -> None:
    tell("upright 2m, sip 45s, upright 2m", only="posture").expect("0:00 starts upright")


def test_looking_at_the_keyboard_now_and_then_is_silent(tell: Tell) -> None:
    looks = ", ".join(["head_down 20s, upright 10s"] * 8)

    story = tell(f"upright 1m, {looks}", only="posture")

    assert story.reminders() == []


def test_reading_the_phone_for_two_minutes_is_silent(tell: Tell) -> None:
    tell("upright 2m, head_down 2m, upright 2m", only="posture").expect("""
        0:00 starts upright
        2:00 posture head_down
        4:00 posture upright""")


def test_a_head_bowed_for_five_minutes_is_named(tell: Tell) -> None:
    tell("upright 1m, head_down 6m", only="posture").expect("""
        0:00 starts upright
        1:00 posture head_down
        6:00 reminder posture since 1:00""")


def test_a_telephone_at_the_ear_for_two_minutes_is_silent(tell: Tell) -> None:
    tell("upright 1m, phone_at_ear 2m, upright 1m", only="posture").expect("""
        0:00 starts upright
        1:00 posture head_tilt_right
        3:00 posture upright""")


def test_a_chin_on_the_hand_for_two_minutes_is_silent(tell: Tell) -> None:
    tell("upright 1m, chin_on_hand 2m, upright 1m", only="posture").expect("""
        0:00 starts upright
        1:00 posture head_tilt_left
        3:00 posture upright""")


def test_leaning_back_is_never_named(tell: Tell) -> None:
    tell("upright 1m, reclined 30m", only="posture").expect("""
        0:00 starts upright
        1:00 posture reclined""")


def test_a_second_screen_is_never_named(tell: Tell) -> None:
    tell("upright 1m, second_screen 20m", only="posture").expect("0:00 starts upright")


def test_a_turned_head_neither_strains_nor_relieves(tell: Tell) -> None:
    tell("upright 1m, slouch 40s, turned 3m, slouch 30s, upright 30s", only="posture").expect("""
        0:00 starts upright
        1:00 posture slouch
        1:40 posture looking_away
        4:40 posture slouch
        5:00 reminder posture since 4:40  # three minutes unseen: another stretch
        5:10 posture upright
        5:20 heeded posture""")


def test_a_rolled_chair_is_no_lean(tell: Tell) -> None:
    tell("upright 1m, chair_closer 10m", only="posture").expect("""
        0:00 starts upright
        1:00 posture leaning_forward""")


def test_a_chair_let_down_is_no_slump(tell: Tell) -> None:
    tell("upright 1m, chair_lower 10m", only="posture").expect("0:00 starts upright")


def test_a_neck_that_only_looks_bent_is_not_believed(tell: Tell) -> None:
    tell("upright 1m, odd_neck 10m", only="posture").expect("""
        0:00 starts upright
        1:00 posture forward_head""")


def test_a_shrug_is_no_forward_head(tell: Tell) -> None:
    tell("upright 1m, shrug 10m", only="posture").expect("""
        0:00 starts upright
        1:00 posture forward_head""")


def test_darkness_never_alarms_and_freezes_patience(tell: Tell) -> None:
    tell("upright 1m, slouch 50s, dark 10m, slouch 5s, upright 1m", only="posture").expect("""
        0:00 starts upright
        1:00 posture slouch
        1:50 vanishes dark
        3:50 sitting unknown
        11:50 presence present
        11:50 posture slouch
        11:50 sitting sitting
        11:55 posture upright""")


def test_a_camera_that_was_moved_silences_posture(tell: Tell) -> None:
    story = tell("upright 1m, moved_camera 10m, upright 1m", only="posture")

    story.expect("""
        0:00 starts upright
        1:00 calibration stale
        1:00 posture slouch
        11:00 posture upright
        11:00 calibration fresh""")
    assert story.silent_at("5:00") == "stale_calibration"


def test_correcting_at_once_is_heeded_and_the_second_lapse_waits_for_the_cool_down(
    tell: Tell,
) -> None:
    story = tell("upright 1m, slouch 65s, upright 1m, slouch 12m", only="posture")

    story.expect("""
        0:00 starts upright
        1:00 posture slouch
        2:00 reminder posture since 1:00
        2:05 posture upright
        2:15 heeded posture
        3:05 posture slouch
        12:00 reminder posture since 3:05
        14:00 expired posture""")


def test_ignored_reminders_come_ever_less_often(tell: Tell) -> None:
    """Ten minutes, ten (ignored once), twenty (twice), forty."""
    tell("slouch 85m", only="posture").expect("""
        0:00 starts slouch
        1:00 reminder posture since 0:00
        3:00 expired posture
        11:00 reminder posture since 0:00
        13:00 expired posture
        31:00 reminder posture since 0:00
        33:00 expired posture
        1:11:00 reminder posture since 0:00
        1:13:00 expired posture""")


def test_never_more_than_three_posture_reminders_an_hour(tell: Tell) -> None:
    lapses = ", ".join(["slouch 70s, upright 9m"] * 7)

    story = tell(f"upright 1m, {lapses}", only="posture")

    at_s = [shown.at.mono for shown in story.reminders()]
    assert len(at_s) >= 3
    assert all(later - earlier >= 3600 for earlier, later in zip(at_s, at_s[3:], strict=False))


def test_the_reminder_says_what_is_off_by_how_much_and_what_came_of_it(tell: Tell) -> None:
    story = tell("upright 1m, forward_head 70s, upright 30s", only="posture")

    shown = story.reminders()[0]
    assert shown.text.startswith("Your head is 6 cm further forward than your neutral. ")
    assert shown.measures == {"forward_head_deg": 14.0, "forward_lean_cm": 6.0}
    fate = story.fates()[0]
    assert fate.improvement == {"forward_head_deg": 14.0, "forward_lean_cm": 6.0}
    assert fate.after_s == pytest.approx(10, abs=4)


def test_german_is_spoken_when_asked(tell: Tell) -> None:
    story = tell("lean_left 70s", only="posture", language="de")

    assert story.reminders()[0].title == "Du lehnst dich nach links"
    assert "16° weiter nach links" in story.reminders()[0].text


def test_close_to_the_screen_for_a_minute_is_named(tell: Tell) -> None:
    story = tell("upright 1m, close 80s, upright 1m", only="too_close")

    story.expect("""
        0:00 starts upright
        1:00 posture too_close
        2:00 reminder too_close since 1:00
        2:20 posture upright
        2:30 heeded too_close""")
    assert "45 cm" in story.reminders()[0].text
    assert story.fates()[0].improvement == {"distance_cm": 25.0}


def test_much_too_close_is_named_after_twenty_seconds(tell: Tell) -> None:
    tell("upright 1m, very_close 30s, upright 30s", only="too_close").expect("""
        0:00 starts upright
        1:00 posture too_close
        1:20 reminder too_close since 1:00
        1:30 posture upright
        1:40 heeded too_close""")


def test_a_short_look_at_small_print_is_silent(tell: Tell) -> None:
    tell("upright 1m, close 40s, upright 1m, close 40s, upright 1m", only="too_close").expect("""
        0:00 starts upright
        1:00 posture too_close
        1:40 posture upright
        2:40 posture too_close
        3:20 posture upright""")


def test_far_away_is_not_too_close(tell: Tell) -> None:
    tell("upright 1m, far 10m", only="too_close posture").expect("""
        0:00 starts upright
        1:00 posture too_far""")


def test_one_correction_cures_both_so_only_one_is_said(tell: Tell) -> None:
    """Hunched over the screen: the distance speaks first, the posture then starts afresh."""
    tell("upright 1m, hunched 70s, upright 30s", only="posture too_close").expect("""
        0:00 starts upright
        1:00 posture too_close
        1:20 reminder too_close since 1:00
        2:10 posture upright
        2:20 heeded too_close""")


def test_a_wrong_alarm_softens_and_can_be_taken_back(tell: Tell) -> None:
    """A slump of 3 cm is beyond 2.5; after a wrong alarm it is not; taken back it is again."""
    tell(
        "upright 1m, droop 3m5s, !wrong, upright 1m, !wrong, droop 15m, !undo, droop 4m",
        only="posture",
        settings="reminders.learn_step=0.25",
    ).expect("""
        0:00 starts upright
        1:00 posture slouch
        4:00 reminder posture since 1:00
        4:05 wrong_alarm posture
        4:05 learned slump_cm 1.25
        4:05 posture upright
        5:05 posture slouch
        20:05 learned slump_cm 1.00
        23:05 reminder posture since 20:05""")


def test_wrong_alarms_soften_no_further_than_the_clamp(tell: Tell) -> None:
    rounds = ", ".join(["slouch 10m30s, !wrong"] * 4)

    story = tell(
        rounds, only="posture", settings="reminders.learn_step=0.25 posture.max_per_hour=12"
    )

    learned = [event.what for event in story.events if event.what.startswith("learned")]
    assert learned == ["learned slump_cm 1.25", "learned slump_cm 1.50"]


def test_learning_can_be_switched_off(tell: Tell) -> None:
    story = tell("slouch 65s, !wrong, slouch 20s", only="posture", settings="reminders.learn=false")

    assert [event.what for event in story.events][-1] == "wrong_alarm posture"
