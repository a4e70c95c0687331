from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest
from moments import NOW, reading, status

from posture.core.effects import Activity, NextReminder, ReminderKind
from posture.core.metrics import Metrics
from posture.core.reading import Label, Level, Presence
from posture.core.staleness import MOVED
from posture.desktop.glance import glance
from posture.desktop.icon_state import IconState


def test_a_good_moment_tells_posture_distance_sitting_and_the_next_break() -> None:
    seen = glance(status(), UTC)

    assert seen.icon is IconState.GOOD
    assert not seen.break_due
    assert seen.lines == (
        "Sitting well",
        "62 cm from the screen",
        "Sitting for 42 min",
        "Next break in 18 min",
    )


@pytest.mark.parametrize(
    ("given", "icon", "headline"),
    [
        (
            {"reading": reading(label=Label.SLOUCH, states={"slump_cm": Level.WARN})},
            IconState.DRIFTING,
            "Slouching",
        ),
        (
            {
                "reading": reading(
                    label=Label.FORWARD_HEAD,
                    states={"slump_cm": Level.WARN, "forward_head_deg": Level.LIMIT},
                )
            },
            IconState.BAD,
            "Head forward",
        ),
        ({"activity": Activity.AWAY}, IconState.AWAY, "Away"),
        (
            {"silent": "paused", "silent_until": NOW.shifted(3600)},
            IconState.PAUSED,
            "Paused until 03:40",
        ),
        (
            {"silent": "snoozed", "silent_until": NOW.shifted(600)},
            IconState.PAUSED,
            "Snoozed until 02:50",
        ),
        (
            {"silent": "break", "silent_until": NOW.shifted(300)},
            IconState.PAUSED,
            "On a break until 02:45",
        ),
        ({"silent": "paused"}, IconState.PAUSED, "Paused"),
        ({"silent": "meeting"}, IconState.PAUSED, "Silent: a meeting"),
        ({"silent": "full_screen"}, IconState.PAUSED, "Silent: a full-screen program"),
        ({"silent": "just_delivered"}, IconState.GOOD, "Sitting well"),
        ({"camera": "lost"}, IconState.CAMERA_LOST, "The camera gives no picture"),
        (
            {"reading": reading(calibrated=False, states={})},
            IconState.NOT_CALIBRATED,
            "Not calibrated yet",
        ),
        (
            {"reading": reading(presence=Presence.UNKNOWN, reason="dark", states={})},
            IconState.UNSEEN,
            "Cannot see you well: it is too dark",
        ),
        ({"reading": None}, IconState.UNSEEN, "Looking for you"),
        (
            {"reading": reading(stale_calibration=MOVED)},
            IconState.GOOD,
            "Please recalibrate: the camera or the desk has moved",
        ),
    ],
)
def test_each_situation_has_its_icon_and_headline(
    given: dict[str, Any], icon: IconState, headline: str
) -> None:
    seen = glance(status(**given), UTC)

    assert (seen.icon, seen.headline) == (icon, headline)


def test_a_lost_camera_matters_more_than_a_pause() -> None:
    assert glance(status(camera="lost", silent="meeting")).icon is IconState.CAMERA_LOST


def test_the_soft_sign_is_a_mark_on_the_icon() -> None:
    assert glance(status(soft=(ReminderKind.STAND,))).break_due
    assert not glance(status()).break_due


def test_an_overdue_break_is_said() -> None:
    seen = glance(status(next_reminders=(NextReminder(ReminderKind.STAND, -5.0),)))

    assert seen.lines[-1] == "Time for a break"


def test_a_pause_shows_no_break_and_no_mark() -> None:
    seen = glance(status(silent="paused", soft=(ReminderKind.STAND,)))

    assert not seen.break_due
    assert seen.lines == ("Paused", "Sitting for 42 min")


def test_an_eye_break_is_not_the_next_break() -> None:
    soon = (NextReminder(ReminderKind.LOOK_AWAY, 5.0), NextReminder(ReminderKind.STAND, 1200.0))

    assert glance(status(next_reminders=soon)).lines[-1] == "Next break in 20 min"


def test_an_unmeasured_distance_is_left_out_not_zero() -> None:
    seen = glance(status(reading=reading(metrics=Metrics(NOW))))

    assert not any("cm" in line for line in seen.lines)


def test_standing_is_good_and_counted() -> None:
    seen = glance(
        status(
            activity=Activity.STANDING,
            standing_today_s=3900.0,
            reading=reading(label=Label.STANDING, standing=True, states={}),
            next_reminders=(),
        )
    )

    assert seen.icon is IconState.GOOD
    assert seen.lines == ("Standing", "62 cm from the screen", "On your feet today: 1 h 5 min")


def test_before_the_first_status_nothing_is_claimed() -> None:
    assert glance(None).lines == ("Starting…",)


def test_every_label_has_words() -> None:
    for label in Label:
        assert glance(status(reading=reading(label=label))).headline
