"""What the running program shows of itself, and what the menu changes."""

from __future__ import annotations

import json
import queue
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from posture.clock import Instant, ManualClock
from posture.core.effects import (
    Activity,
    Fate,
    ReminderFate,
    ReminderKind,
    Status,
)
from posture.core.inputs import Session
from posture.desktop.autostart import DesktopFile
from posture.desktop.face import Face
from posture.desktop.menu import find, walk
from posture.desktop.reception import Reception
from posture.desktop.tray import Backend, NoTray
from posture.desktop.wishes import Command, CommandKind
from posture.front_desk import FrontDesk, Means
from posture.live_settings import LiveSettings
from posture.settings import Settings
from posture.settings_edit import set_value, unset_value
from posture.settings_file import load
from posture.status_document import Program

NOW = Instant(1000.0, 1_770_000_000_000_000)
STATUS = Status(NOW, Activity.SITTING, sitting_s=60.0, standing_today_s=0.0, budget=1.0)


class Tray(NoTray):
    """Keeps the faces it was shown."""

    backend = Backend.SNI

    def __init__(self) -> None:
        super().__init__(None)
        self.faces: list[Face] = []

    def show(self, face: Face) -> None:
        self.faces.append(face)


class Desk:
    """A front desk with everything around it at hand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tray = Tray()
        self.reception = Reception(queue.SimpleQueue(), ManualClock(NOW))
        self.applied: list[Settings] = []
        self.told: list[str] = []
        self.opened: list[object] = []
        self.settings_file = folder / "settings.toml"
        self.session = Session(locked=False)
        self.fails: OSError | None = None
        self.profiles: tuple[str, ...] = ("home", "office")
        self.looked_for = 0
        program = Program(1, "1.0", NOW, str(folder), "0", profile="office")
        means = Means(
            apply=self.applied.append,
            tell=self.told.append,
            open_report=lambda: self._open("report"),
            open_file=self._open,
            profiles=self._profiles,
            session=lambda: self.session,
        )
        self.desk = FrontDesk(
            program,
            LiveSettings(self.settings_file, Settings()),
            means,
            tray=self.tray,
            reception=self.reception,
            autostart=DesktopFile(("posture", "run"), folder / "autostart"),
        )

    def _profiles(self) -> tuple[str, ...]:
        self.looked_for += 1
        return self.profiles

    def _open(self, what: object) -> None:
        if self.fails is not None:
            raise self.fails
        self.opened.append(what)

    def do(self, kind: CommandKind, argument: str | None = None) -> bool:
        return self.desk.handle(Command(NOW, kind, argument))

    def checked(self) -> list[str]:
        return [item.id for item in walk(self.tray.faces[-1].menu) if item.checked]

    def notice(self) -> str | None:
        item = find(self.tray.faces[-1].menu, "notice")
        return None if item is None else item.label

    def status(self) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.reception.answer(b'{"do": "status"}'))
        document: dict[str, Any] = answer["status"]
        return document


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.desk.watch([STATUS])
    return desk


def test_a_status_reaches_tray_and_command_line(desk: Desk) -> None:
    assert len(desk.tray.faces) == 1
    assert desk.status()["sitting_s"] == 60.0
    assert desk.status()["program"]["session"]["locked"] is False
    assert desk.checked() == [
        "profile.office",
        "set.general.preset.standard",
        "set.sitting.nudge_min.60",
        "set.posture.enabled",
        "set.eyes.enabled",
    ]


def test_where_no_icon_is_no_menu_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Tray, "backend", Backend.NONE)
    desk = Desk(tmp_path)
    desk.desk.watch([STATUS])

    assert desk.tray.faces == []
    assert desk.looked_for == 0
    assert desk.status()["sitting_s"] == 60.0


def test_effects_without_a_status_show_nothing(desk: Desk) -> None:
    desk.desk.watch([])

    assert len(desk.tray.faces) == 1


def test_a_setting_is_written_obeyed_and_marked(desk: Desk) -> None:
    assert desk.do(CommandKind.SETTING, "general.preset=gentle")
    assert desk.do(CommandKind.SETTING, "notifications.sound=true")

    assert [settings.general.preset for settings in desk.applied] == ["gentle", "gentle"]
    assert desk.applied[-1].notifications.sound is True
    assert load(desk.settings_file).general.preset == "gentle"
    assert "set.general.preset.gentle" in desk.checked()
    assert "set.notifications.sound" in desk.checked()


def test_a_time_set_elsewhere_is_offered_in_the_menu(desk: Desk) -> None:
    desk.do(CommandKind.SETTING, "sitting.nudge_min=50")

    assert "set.sitting.nudge_min.50" in desk.checked()
    item = find(desk.tray.faces[-1].menu, "set.sitting.nudge_min")
    assert item is not None
    assert [child.label for child in item.children] == [
        "30 min", "45 min", "50 min", "1 h", "1 h 30 min",
    ]  # fmt: skip


def test_every_choice_of_the_menu_is_a_valid_setting(desk: Desk) -> None:
    for item in walk(desk.tray.faces[-1].menu):
        if item.wish is not None and item.wish.kind is CommandKind.SETTING:
            desk.do(CommandKind.SETTING, item.wish.argument)

    assert desk.told == []


def test_a_refused_setting_is_told_and_the_next_one_clears_it(desk: Desk) -> None:
    desk.do(CommandKind.SETTING, "general.preset=loud")

    assert desk.applied == []
    assert desk.told == [desk.notice()]
    assert str(desk.notice()).startswith("This could not be changed: ")

    desk.do(CommandKind.SETTING, "general.preset=strict")

    assert desk.notice() is None


def test_a_file_changed_elsewhere_is_obeyed_while_it_runs(desk: Desk) -> None:
    """As `posture config set` and an editor change it."""
    set_value(desk.settings_file, "general.preset", "gentle")
    desk.desk.watch([STATUS])
    desk.desk.watch([STATUS])

    assert [settings.general.preset for settings in desk.applied] == ["gentle"]
    assert "set.general.preset.gentle" in desk.checked()

    unset_value(desk.settings_file, "general.preset")
    desk.desk.watch([STATUS])
    desk.desk.watch([STATUS])
    desk.desk.watch([STATUS])

    assert [settings.general.preset for settings in desk.applied] == ["gentle", "standard"]
    assert desk.told == []


def test_a_file_that_cannot_be_used_changes_nothing_and_is_told_once(desk: Desk) -> None:
    desk.settings_file.write_text("[sitting]\nnudge_min = 0\n", encoding="utf-8")
    for _ in range(3):
        desk.desk.watch([STATUS])

    assert desk.applied == []
    assert desk.told == [desk.notice()]
    assert "sitting.nudge_min must be a number from 5 to 240 min" in desk.told[0]

    desk.settings_file.write_text("[sitting]\nnudge_min = 45\n", encoding="utf-8")
    for _ in range(3):
        desk.desk.watch([STATUS])

    assert [settings.sitting.nudge_min for settings in desk.applied] == [45.0]
    assert desk.notice() is None


def test_a_file_half_written_is_not_read(desk: Desk) -> None:
    desk.settings_file.write_text("[sitting]\nnudge_m", encoding="utf-8")
    desk.desk.watch([STATUS])
    desk.settings_file.write_text("[sitting]\nnudge_min = 45\n", encoding="utf-8")
    desk.desk.watch([STATUS])
    desk.desk.watch([STATUS])

    assert [settings.sitting.nudge_min for settings in desk.applied] == [45.0]
    assert desk.told == []


def test_what_needs_a_new_start_is_said(desk: Desk) -> None:
    set_value(desk.settings_file, "camera.source", "1")
    set_value(desk.settings_file, "tray.enabled", "false")
    for _ in range(3):
        desk.desk.watch([STATUS])

    assert desk.told == ["This holds from the next start on: camera.source, tray.enabled"]
    assert desk.notice() == desk.told[0]


def test_what_is_switched_off_at_once_needs_no_new_start(desk: Desk) -> None:
    for value, said in (("true", 1), ("false", 1)):
        set_value(desk.settings_file, "mqtt.enabled", value)
        for _ in range(3):
            desk.desk.watch([STATUS])
        assert len(desk.told) == said
    assert desk.told == ["This holds from the next start on: mqtt.enabled"]


def test_autostart_is_switched_and_marked(desk: Desk) -> None:
    desk.do(CommandKind.AUTOSTART, "on")
    assert "autostart" in desk.checked()
    assert (desk.folder / "autostart" / "posture.desktop").exists()

    desk.do(CommandKind.AUTOSTART, "off")
    assert "autostart" not in desk.checked()


def test_the_settings_file_is_made_before_it_is_opened(desk: Desk) -> None:
    desk.do(CommandKind.SETTINGS_FILE)

    assert desk.opened == [desk.settings_file]
    assert load(desk.settings_file).general.preset == "standard"


def test_the_report_is_opened(desk: Desk) -> None:
    assert desk.do(CommandKind.REPORT)
    assert desk.opened == ["report"]


def test_what_cannot_be_opened_is_told(desk: Desk) -> None:
    desk.fails = FileNotFoundError("xdg-open is not installed")
    desk.do(CommandKind.REPORT)

    assert desk.told == ["This could not be changed: xdg-open is not installed"]


@pytest.mark.parametrize(
    "kind", [CommandKind.PREVIEW, CommandKind.RECALIBRATE, CommandKind.PROFILE, CommandKind.QUIT]
)
def test_other_commands_are_left_to_others(kind: CommandKind, desk: Desk) -> None:
    assert not desk.do(kind)


def test_what_others_have_to_say_is_in_the_menu_too(desk: Desk) -> None:
    desk.desk.tell("Calibrated: eyes 62 cm from the camera.")
    desk.desk.watch([STATUS])

    assert desk.told == [desk.notice()] == ["Calibrated: eyes 62 cm from the camera."]

    desk.desk.watch([replace(STATUS, at=NOW.shifted(601))])

    assert desk.notice() is None


def test_another_profile_is_marked(desk: Desk) -> None:
    desk.desk.use_profile("home")

    assert "profile.home" in desk.checked()
    assert desk.status()["program"]["profile"] == "home"


def fate(which: Fate, why: str | None = None) -> ReminderFate:
    return ReminderFate(NOW, 1, ReminderKind.STAND, which, why=why)


def test_an_undelivered_reminder_is_shown_until_one_arrives(desk: Desk) -> None:
    desk.desk.watch([fate(Fate.UNDELIVERED, "no notification service answers"), STATUS])

    text = "A reminder could not be shown: no notification service answers"
    assert desk.notice() == text
    assert desk.status()["program"]["notification_trouble"] == text

    desk.desk.watch([fate(Fate.SHOWN), STATUS])

    assert desk.notice() is None
    assert desk.status()["program"]["notification_trouble"] is None


def test_a_desk_calibrated_elsewhere_is_in_the_menu_soon_and_not_looked_for_every_second(
    desk: Desk,
) -> None:
    desk.profiles = ("attic", *desk.profiles)
    for second in range(1, 31):
        desk.desk.watch([replace(STATUS, at=NOW.shifted(second))])
        if second == 10:
            assert "attic" in {item.label for item in walk(desk.tray.faces[-1].menu)}

    assert desk.looked_for <= 4
