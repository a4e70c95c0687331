"""What the running program shows of itself and lets the user change: tray, status, settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from posture.core.described import Preset
from posture.core.effects import Effect, Fate, ReminderFate, Status
from posture.core.inputs import Session
from posture.desktop.autostart import Autostart
from posture.desktop.face import face
from posture.desktop.menu import Choice, Surroundings, Switch
from posture.desktop.reception import Reception
from posture.desktop.tray import Tray
from posture.desktop.wishes import Command, CommandKind
from posture.desktop.words import say
from posture.errors import PostureError
from posture.live_settings import LiveSettings, waiting
from posture.settings import Settings, set_value
from posture.status_document import Program, status_document

_PRESET = "general.preset"
_SOUND = "notifications.sound"


@dataclass(frozen=True, slots=True)
class Means:
    """How the front desk reaches the rest of the program.

    ``apply``: obey other settings from now on. ``tell``: one line to whoever reads the terminal.
    ``open_report``, ``open_file``: show them to the user; both raise OSError. ``profiles``: the
    calibrated desks there are. ``session``: what the desktop says now.
    """

    apply: Callable[[Settings], None]
    tell: Callable[[str], None]
    open_report: Callable[[], None]
    open_file: Callable[[Path], None]
    profiles: Callable[[], tuple[str, ...]]
    session: Callable[[], Session]


class FrontDesk:
    """Keeps tray and ``posture status`` fresh and performs the menu's own commands.

    *autostart*: None where starting at login cannot be set. For the thread that runs the app.
    """

    def __init__(
        self,
        program: Program,
        settings: LiveSettings,
        means: Means,
        *,
        tray: Tray,
        reception: Reception,
        autostart: Autostart | None = None,
        preview: bool = True,
    ) -> None:
        self._program = program
        self._settings = settings
        self._means = means
        self._tray = tray
        self._reception = reception
        self._autostart = autostart
        self._preview = preview
        self._starts_at_login = autostart.state().on if autostart is not None else None
        self._notice: str | None = None
        self._undelivered: str | None = program.notification_trouble
        self._status: Status | None = None

    def watch(self, effects: Sequence[Effect]) -> None:
        """Take what the monitor says and show it."""
        fresh = False
        for effect in effects:
            if isinstance(effect, Status):
                self._status, fresh = effect, True
            elif isinstance(effect, ReminderFate):
                self._take_fate(effect)
        if fresh:
            self._follow_file()
            self._show()

    def _follow_file(self) -> None:
        """Obey a settings file that was changed by an editor or the command line."""
        before = self._settings.now
        try:
            changed = self._settings.fresh()
        except PostureError as error:
            self._notice = say("menu.settings_unusable", why=str(error))
            self._means.tell(self._notice)
            return
        if changed is not None:
            self._notice = None
            self._obey(before, changed)

    def _obey(self, before: Settings, after: Settings) -> None:
        self._means.apply(after)
        later = waiting(before, after)
        if later:
            self._notice = say("menu.at_next_start", names=", ".join(later))
            self._means.tell(self._notice)

    def handle(self, command: Command) -> bool:
        """Perform *command* if it is the front desk's; whether it was."""
        try:
            if not self._perform(command):
                return False
        except PostureError as error:
            self._refuse(str(error))
        except OSError as error:
            self._refuse(error.strerror or str(error))
        self._show()
        return True

    def use_profile(self, profile: str) -> None:
        """Another calibrated desk counts from now on."""
        self._program = replace(self._program, profile=profile)
        self._show()

    def _perform(self, command: Command) -> bool:
        argument = command.argument or ""
        match command.kind:
            case CommandKind.SETTING:
                self._notice = None
                self._set(argument)
            case CommandKind.AUTOSTART if self._autostart is not None:
                self._notice = None
                turn = self._autostart.turn_on if argument == "on" else self._autostart.turn_off
                turn()
                self._starts_at_login = self._autostart.state().on
            case CommandKind.SETTINGS_FILE:
                if not self._settings.path.exists():
                    # An editor needs a file: the setting written is the one that holds anyway.
                    self._set(f"{_PRESET}={self._settings.now.general.preset}")
                self._means.open_file(self._settings.path)
            case CommandKind.REPORT:
                self._means.open_report()
            case _:
                return False
        return True

    def _set(self, assignment: str) -> None:
        name, _, value = assignment.partition("=")
        before = self._settings.now
        self._settings.keep(set_value(self._settings.path, name, value))
        self._obey(before, self._settings.now)

    def _refuse(self, why: str) -> None:
        self._notice = say("menu.refused", why=why)
        self._means.tell(self._notice)

    def _take_fate(self, fate: ReminderFate) -> None:
        if fate.fate is Fate.UNDELIVERED:
            self._undelivered = say("menu.undelivered", why=fate.why or "?")
        elif fate.fate is Fate.SHOWN:
            self._undelivered = None

    def _show(self) -> None:
        if self._status is None:
            return
        self._tray.show(face(self._status, self._surroundings()))
        program = replace(
            self._program,
            tray_trouble=self._tray.why_hidden(),
            notification_trouble=self._undelivered,
            session=self._means.session(),
        )
        self._reception.publish(status_document(self._status, program))

    def _surroundings(self) -> Surroundings:
        return Surroundings(
            notice=self._notice or self._undelivered,
            profiles=self._means.profiles(),
            profile=self._program.profile,
            autostart=self._starts_at_login,
            choices=(preset_choice(self._settings.now),),
            switches=(
                Switch(_SOUND, say("menu.sound"), on=self._settings.now.notifications.sound),
            ),
            preview=self._preview,
        )


def preset_choice(settings: Settings) -> Choice:
    """The presets, as the menu offers them."""
    values = tuple((preset.value, say(f"menu.preset.{preset.value}")) for preset in Preset)
    return Choice(_PRESET, say("menu.preset"), values, settings.general.preset)
