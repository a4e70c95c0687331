from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from moments import NOW, reminder, status

from posture.clock import US_PER_S, Instant
from posture.core.effects import Activity
from posture.core.inputs import Action, ActionKind
from posture.desktop.menu import Choice, Item, Surroundings, Switch, build, find, walk
from posture.desktop.wishes import Command, CommandKind, seconds_until_tomorrow

AROUND = Surroundings(
    profiles=("Home", "Office"),
    profile="Office",
    autostart=False,
    choices=(
        Choice("preset", "Reminders", (("gentle", "Gentle"), ("strict", "Strict")), "strict"),
    ),
    switches=(Switch("sound", "Sound", on=True),),
)

DAY = {"sitting_today_s": 10800.0, "upright_today_s": 1800.0, "upright_goal_s": 7200.0}


def ids(items: tuple[Item, ...]) -> list[str]:
    return [item.id for item in items if not item.separator]


def made(items: tuple[Item, ...], item_id: str) -> Action | Command:
    item = find(items, item_id)
    assert item is not None
    assert item.wish is not None
    return item.wish.at(NOW)


def test_the_whole_menu_of_an_ordinary_moment() -> None:
    menu = build(status(**DAY), AROUND, UTC)

    assert ids(menu) == [
        "now.0",
        "now.1",
        "now.2",
        "now.3",
        "today",
        "pause",
        "standing",
        "break_now",
        "report",
        "preview",
        "recalibrate",
        "profile",
        "settings",
        "autostart",
        "quit",
    ]
    assert [item.label for item in menu[:5]] == [
        "Sitting well",
        "62 cm from the screen",
        "Sitting for 42 min",
        "Next break in 18 min",
        "Today: 3 h sitting, 30 min of 2 h on your feet",
    ]


def test_without_a_goal_the_day_is_told_without_one() -> None:
    item = find(build(status(**(DAY | {"upright_goal_s": 0.0})), AROUND), "today")

    assert item is not None
    assert item.label == "Today: 3 h sitting, 30 min on your feet"


def test_before_anything_was_seen_today_there_is_no_day_to_tell() -> None:
    assert find(build(status(sitting_today_s=59.0), AROUND), "today") is None


def test_what_did_not_happen_today_is_told_as_nothing() -> None:
    item = find(build(status(sitting_today_s=60.0), AROUND), "today")

    assert item is not None
    assert item.label == "Today: 1 min sitting, 0 min on your feet"


def test_ids_are_unique() -> None:
    names = [item.id for item in walk(build(status(open_reminder=reminder()), AROUND))]

    assert len(names) == len(set(names))


def test_groups_are_parted_by_single_lines() -> None:
    menu = build(status(), AROUND)
    lines = [item.separator for item in menu]

    assert not lines[0]
    assert not lines[-1]
    assert not any(one and other for one, other in pairwise(lines))


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("pause.15", Action(NOW, ActionKind.PAUSE, seconds=900.0)),
        ("pause.60", Action(NOW, ActionKind.PAUSE, seconds=3600.0)),
        ("pause.open", Action(NOW, ActionKind.PAUSE)),
        ("standing", Action(NOW, ActionKind.STANDING)),
        ("break_now", Action(NOW, ActionKind.BREAK_NOW)),
        ("snooze.5", Action(NOW, ActionKind.SNOOZE, seconds=300.0, reminder_id=7)),
        ("snooze.10", Action(NOW, ActionKind.SNOOZE, seconds=600.0, reminder_id=7)),
        ("done", Action(NOW, ActionKind.DONE, reminder_id=7)),
        ("wrong_alarm", Action(NOW, ActionKind.WRONG_ALARM, reminder_id=7)),
        ("today", Command(NOW, CommandKind.REPORT)),
        ("report", Command(NOW, CommandKind.REPORT)),
        ("preview", Command(NOW, CommandKind.PREVIEW)),
        ("recalibrate", Command(NOW, CommandKind.RECALIBRATE)),
        ("profile.Home", Command(NOW, CommandKind.PROFILE, "Home")),
        ("set.preset.gentle", Command(NOW, CommandKind.SETTING, "preset=gentle")),
        ("set.sound", Command(NOW, CommandKind.SETTING, "sound=false")),
        ("settings_file", Command(NOW, CommandKind.SETTINGS_FILE)),
        ("autostart", Command(NOW, CommandKind.AUTOSTART, "on")),
        ("quit", Command(NOW, CommandKind.QUIT)),
    ],
)
def test_a_click_asks_for(item: str, expected: Action | Command) -> None:
    menu = build(status(open_reminder=reminder(7), **DAY), AROUND)

    assert made(menu, item) == expected


def test_a_reminder_can_be_answered_only_while_it_is_open() -> None:
    menu = build(status(), AROUND)

    assert not {"done", "snooze", "wrong_alarm"} & {item.id for item in walk(menu)}


def test_a_wrong_alarm_can_be_taken_back() -> None:
    assert find(build(status(), AROUND), "undo_wrong_alarm") is None

    menu = build(status(learned={"slump_cm": 1.1}), AROUND)

    assert made(menu, "undo_wrong_alarm") == Action(NOW, ActionKind.UNDO_WRONG_ALARM)


def test_a_pause_can_be_ended_instead_of_begun() -> None:
    menu = build(status(silent="paused"), AROUND)

    assert find(menu, "pause") is None
    assert made(menu, "resume") == Action(NOW, ActionKind.RESUME)


@pytest.mark.parametrize("silent", ["snoozed", "break"])
def test_a_snooze_and_a_break_can_be_ended_or_made_a_pause(silent: str) -> None:
    menu = build(status(silent=silent, silent_until=NOW.shifted(600)), AROUND)

    assert find(menu, "pause") is not None
    assert made(menu, "resume") == Action(NOW, ActionKind.RESUME)


def test_standing_is_marked_and_a_click_sits_down_again() -> None:
    menu = build(status(activity=Activity.STANDING), AROUND)
    item = find(menu, "standing")

    assert item is not None
    assert item.checked is True
    assert made(menu, "standing") == Action(NOW, ActionKind.SITTING)


def test_the_present_profile_and_setting_are_marked() -> None:
    menu = build(status(), AROUND)
    marked = [item.id for item in walk(menu) if item.checked]

    assert marked == ["profile.Office", "set.preset.strict", "set.sound"]


def test_one_profile_is_no_choice_and_an_unknown_autostart_no_item() -> None:
    menu = build(status(), Surroundings(profiles=("Office",), profile="Office"))

    assert find(menu, "profile") is None
    assert find(menu, "autostart") is None


def test_a_trouble_is_shown_and_cannot_be_clicked() -> None:
    item = find(build(status(), Surroundings(notice="No notification service answers")), "notice")

    assert item is not None
    assert not item.enabled


def test_before_the_first_status_one_can_quit() -> None:
    assert made(build(None, Surroundings()), "quit") == Command(NOW, CommandKind.QUIT)


@pytest.mark.parametrize(
    ("local", "hours"),
    [
        ("2026-02-02 18:00", 11.0),
        ("2026-02-02 00:30", 4.5),  # after midnight, "tomorrow" is when the night is over
        ("2026-02-02 05:00", 24.0),
        ("2026-03-28 23:00", 5.0),  # the clocks go forward in that night
        ("2026-10-24 23:00", 7.0),  # and back in this one
    ],
)
def test_until_tomorrow_ends_at_five_in_the_morning(local: str, hours: float) -> None:
    zone = ZoneInfo("Europe/Berlin")
    moment = datetime.fromisoformat(local).replace(tzinfo=zone)
    now = Instant(0.0, round(moment.timestamp() * US_PER_S))

    assert seconds_until_tomorrow(now, zone) == hours * 3600


def test_a_pause_until_tomorrow_is_counted_from_the_click() -> None:
    menu = build(status(), AROUND)
    item = find(menu, "pause.tomorrow")
    assert item is not None
    assert item.wish is not None
    early, late = item.wish.at(NOW), item.wish.at(NOW.shifted(60))

    assert isinstance(early, Action)
    assert isinstance(late, Action)
    assert early.seconds is not None
    assert late.seconds == early.seconds - 60
