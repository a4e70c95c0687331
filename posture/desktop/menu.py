"""The tray menu as data: the same tree for every kind of tray. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo

from posture.core.effects import Activity, Status
from posture.core.inputs import ActionKind
from posture.desktop.glance import ASKED_FOR, glance
from posture.desktop.wishes import CommandKind, Wish
from posture.desktop.words import duration, say

_PAUSES_S = (15 * 60.0, 60 * 60.0)
_MINUTE_S = 60.0
_SNOOZES_S = (5 * 60.0, 10 * 60.0, 30 * 60.0)


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the menu.

    ``id`` names it, the same in every rebuild. ``wish``: what a click asks for; None: nothing to
    click. ``checked``: None = no mark. ``radio``: one of several. ``default``: what a click on the
    icon itself means where that is not the menu. A separator has no label.
    """

    id: str
    label: str = ""
    wish: Wish | None = None
    enabled: bool = True
    checked: bool | None = None
    radio: bool = False
    default: bool = False
    children: tuple[Item, ...] = ()

    @property
    def separator(self) -> bool:
        """Whether this is a line between groups."""
        return not self.label


@dataclass(frozen=True, slots=True)
class Choice:
    """A setting that can be changed from the menu: its name, label, values and labels, and now."""

    setting: str
    label: str
    values: tuple[tuple[str, str], ...]
    current: str


@dataclass(frozen=True, slots=True)
class Switch:
    """An on/off setting that can be changed from the menu."""

    setting: str
    label: str
    on: bool


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the menu shows besides the policy's status.

    ``notice``: a trouble to show, in one line (an undelivered reminder). ``autostart``: None =
    cannot be set here. ``preview``: there is a screen to show the picture on.
    """

    notice: str | None = None
    profiles: tuple[str, ...] = ()
    profile: str | None = None
    autostart: bool | None = None
    choices: tuple[Choice, ...] = ()
    switches: tuple[Switch, ...] = ()
    preview: bool = True


def build(
    status: Status | None, around: Surroundings, zone: tzinfo | None = None
) -> tuple[Item, ...]:
    """The whole menu for *status*; None: the monitor has not said anything yet."""
    groups = (
        _now(status, around, zone),
        _reminder(status),
        _doings(status),
        _windows(around),
        (Item("quit", say("menu.quit"), Wish(CommandKind.QUIT)),),
    )
    items: list[Item] = []
    for number, group in enumerate(group for group in groups if group):
        if number:
            items.append(Item(f"line.{number}"))
        items.extend(group)
    return tuple(items)


def walk(items: tuple[Item, ...]) -> Iterator[Item]:
    """Every item of the tree, parents before children."""
    for item in items:
        yield item
        yield from walk(item.children)


def find(items: tuple[Item, ...], item_id: str) -> Item | None:
    """The item called *item_id*, wherever it is."""
    return next((item for item in walk(items) if item.id == item_id), None)


def _now(status: Status | None, around: Surroundings, zone: tzinfo | None) -> tuple[Item, ...]:
    # They can be clicked because greyed text is hard to read; the report tells more of the same.
    more = Wish(CommandKind.REPORT)
    items = [
        Item(f"now.{number}", line, more) for number, line in enumerate(glance(status, zone).lines)
    ]
    if status is not None and status.sitting_today_s + status.upright_today_s >= _MINUTE_S:
        items.append(Item("today", _today(status), more))
    if around.notice:
        items.append(Item("notice", around.notice, enabled=False))
    return tuple(items)


def _today(status: Status) -> str:
    sitting, upright = _whole(status.sitting_today_s), _whole(status.upright_today_s)
    if status.upright_goal_s <= 0:
        return say("menu.today", sitting=sitting, upright=upright)
    goal = duration(status.upright_goal_s)
    return say("menu.today_of", sitting=sitting, upright=upright, goal=goal)


def _whole(seconds: float) -> str:
    return duration(seconds) if seconds >= _MINUTE_S else say("time.minutes", minutes=0)


def _reminder(status: Status | None) -> tuple[Item, ...]:
    """The answers to the reminder on the screen: where it has no buttons this is the place."""
    items: list[Item] = []
    reminder = status.open_reminder if status else None
    if reminder is not None:
        number = reminder.id
        snoozes = tuple(
            Item(
                f"snooze.{int(seconds // 60)}",
                duration(seconds),
                Wish(ActionKind.SNOOZE, seconds=seconds, reminder_id=number),
            )
            for seconds in _SNOOZES_S
        )
        done = Wish(ActionKind.DONE, reminder_id=number)
        wrong = Wish(ActionKind.WRONG_ALARM, reminder_id=number)
        items = [
            Item("reminder", reminder.title, enabled=False),
            Item("done", say("menu.done"), done),
            Item("snooze", say("menu.snooze"), children=snoozes),
            Item("wrong_alarm", say("menu.wrong_alarm"), wrong),
        ]
    if status is not None and status.learned:
        undo = Wish(ActionKind.UNDO_WRONG_ALARM)
        items.append(Item("undo_wrong_alarm", say("menu.undo_wrong_alarm"), undo))
    return tuple(items)


def _doings(status: Status | None) -> tuple[Item, ...]:
    standing = status is not None and status.activity is Activity.STANDING
    toggle = Wish(ActionKind.SITTING if standing else ActionKind.STANDING)
    return (
        *_pause(status),
        Item("standing", say("menu.standing"), toggle, checked=standing),
        Item("break_now", say("menu.break_now"), Wish(ActionKind.BREAK_NOW)),
    )


def _pause(status: Status | None) -> tuple[Item, ...]:
    asked_for = status is not None and status.silent in ASKED_FOR
    resume = (Item("resume", say("menu.resume"), Wish(ActionKind.RESUME)),) if asked_for else ()
    if status is not None and status.silent == "paused":
        return resume
    pauses = [
        Item(
            f"pause.{int(seconds // 60)}",
            duration(seconds),
            Wish(ActionKind.PAUSE, seconds=seconds),
        )
        for seconds in _PAUSES_S
    ]
    tomorrow = Wish(ActionKind.PAUSE, until_tomorrow=True)
    pauses.append(Item("pause.tomorrow", say("menu.pause.tomorrow"), tomorrow))
    pauses.append(Item("pause.open", say("menu.pause.open"), Wish(ActionKind.PAUSE)))
    return (*resume, Item("pause", say("menu.pause"), children=tuple(pauses)))


def _windows(around: Surroundings) -> tuple[Item, ...]:
    report = Wish(CommandKind.REPORT)
    items = [Item("report", say("menu.report"), report, default=True)]
    preview = Wish(CommandKind.PREVIEW)
    items.append(Item("preview", say("menu.preview"), preview, enabled=around.preview))
    items.append(Item("recalibrate", say("menu.recalibrate"), Wish(CommandKind.RECALIBRATE)))
    if len(around.profiles) > 1:
        profiles = tuple(
            Item(
                f"profile.{name}",
                name,
                Wish(CommandKind.PROFILE, argument=name),
                checked=name == around.profile,
                radio=True,
            )
            for name in around.profiles
        )
        items.append(Item("profile", say("menu.profile"), children=profiles))
    items.append(_settings(around))
    if around.autostart is not None:
        wanted = "off" if around.autostart else "on"
        wish = Wish(CommandKind.AUTOSTART, argument=wanted)
        items.append(Item("autostart", say("menu.autostart"), wish, checked=around.autostart))
    return tuple(items)


def _settings(around: Surroundings) -> Item:
    items = [_choice(choice) for choice in around.choices]
    for switch in around.switches:
        argument = f"{switch.setting}={'false' if switch.on else 'true'}"
        wish = Wish(CommandKind.SETTING, argument=argument)
        items.append(Item(f"set.{switch.setting}", switch.label, wish, checked=switch.on))
    if items:
        items.append(Item("line.settings"))
    wish = Wish(CommandKind.SETTINGS_FILE)
    items.append(Item("settings_file", say("menu.settings_file"), wish))
    return Item("settings", say("menu.settings"), children=tuple(items))


def _choice(choice: Choice) -> Item:
    values = tuple(
        Item(
            f"set.{choice.setting}.{value}",
            label,
            Wish(CommandKind.SETTING, argument=f"{choice.setting}={value}"),
            checked=value == choice.current,
            radio=True,
        )
        for value, label in choice.values
    )
    return Item(f"set.{choice.setting}", choice.label, children=values)
