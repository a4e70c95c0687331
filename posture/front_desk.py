"""What the running program shows of itself and lets the user change: tray, status, settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from posture.clock import Instant
from posture.core.described import Preset
from posture.core.effects import Effect, Fate, ReminderFate, Status
from posture.core.inputs import Session
from posture.desktop.autostart import Autostart
from posture.desktop.face import face
from posture.desktop.menu import Choice, Surroundings, Switch
from posture.desktop.reception import Reception
from posture.desktop.tray import Backend, Tray
from posture.desktop.wishes import Command, CommandKind
from posture.desktop.words import duration, say
from posture.errors import PostureError
from posture.live_settings import LiveSettings, waiting
from posture.settings import Settings
from posture.status_document import Program, status_document

_PRESET = "general.preset"
_NUDGE = "sitting.nudge_min"
_NUDGES_MIN = (30.0, 45.0, 60.0, 90.0)
# What people switch now and then; everything else is in the settings file.
_SWITCHES = ("posture.enabled", "eyes.enabled", "notifications.sound")


# So long a notice stays in the menu (chosen).
_NOTICE_S = 600.0
# A desk calibrated by another program is in the menu after so long at most (chosen).
_DESKS_S = 10.0


@dataclass(frozen=True, slots=True)
class Means:
    """How the front desk reaches the rest of the program.

    ``apply``: obey other settings from now on. ``tell``: one line to whoever reads the terminal.
    ``open_report``, ``open_file``: show them to the user; both raise OSError. ``profiles``: the
    calibrated desks there are. ``session``: what the desktop says now. ``publishing``: to whom
    states are published.
    """

    apply: Callable[[Settings], None]
    tell: Callable[[str], None]
    open_report: Callable[[], None]
    open_file: Callable[[Path], None]
    profiles: Callable[[], tuple[str, ...]]
    session: Callable[[], Session]
    publishing: Callable[[], tuple[str, ...]] = tuple


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
        self._noticed: Instant | None = None
        self._undelivered: str | None = program.notification_trouble
        self._status: Status | None = None
        self._desks: tuple[str, ...] = ()
        self._desks_known: Instant | None = None

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
            self._tell_for_long(say("menu.settings_unusable", why=str(error)))
            return
        if changed is not None:
            self._notice = None
            self._obey(before, changed)

    def _obey(self, before: Settings, after: Settings) -> None:
        self._means.apply(after)
        later = waiting(before, after)
        if later:
            self._tell_for_long(say("menu.at_next_start", names=", ".join(later)))

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

    def tell(self, what: str) -> None:
        """Say *what* in the terminal and, for a while, in the menu. From any thread."""
        self._notice, self._noticed = what, None if self._status is None else self._status.at
        self._means.tell(what)

    def _tell_for_long(self, what: str) -> None:
        """Say *what*, in the menu until it no longer holds."""
        self._notice, self._noticed = what, None
        self._means.tell(what)

    def use_profile(self, profile: str) -> None:
        """Another calibrated desk counts from now on."""
        self._program = replace(self._program, profile=profile)
        self._desks_known = None
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
        from posture.settings_edit import set_value  # noqa: PLC0415 - seldom needed; 1 MB

        self._settings.keep(set_value(self._settings.path, name, value))
        self._obey(before, self._settings.now)

    def _refuse(self, why: str) -> None:
        self.tell(say("menu.refused", why=why))

    def _take_fate(self, fate: ReminderFate) -> None:
        if fate.fate is Fate.UNDELIVERED:
            self._undelivered = say("menu.undelivered", why=fate.why or "?")
        elif fate.fate is Fate.SHOWN:
            self._undelivered = None

    def _forget_old_notice(self, now: Instant) -> None:
        if self._noticed is not None and now - self._noticed > _NOTICE_S:
            self._notice = self._noticed = None

    def _show(self) -> None:
        if self._status is None:
            return
        self._forget_old_notice(self._status.at)
        if self._tray.backend is not Backend.NONE:
            self._tray.show(face(self._status, self._surroundings()))
        program = replace(
            self._program,
            tray_trouble=self._tray.why_hidden(),
            notification_trouble=self._undelivered,
            session=self._means.session(),
            publishing=self._means.publishing(),
        )
        self._reception.publish(partial(status_document, self._status, program))

    def _profiles(self) -> tuple[str, ...]:
        now = None if self._status is None else self._status.at
        known = self._desks_known
        if now is None or known is None or not 0 <= now - known < _DESKS_S:
            self._desks, self._desks_known = self._means.profiles(), now
        return self._desks

    def _surroundings(self) -> Surroundings:
        return Surroundings(
            notice=self._notice or self._undelivered,
            profiles=self._profiles(),
            profile=self._program.profile,
            autostart=self._starts_at_login,
            choices=(preset_choice(self._settings.now), nudge_choice(self._settings.now)),
            switches=switches(self._settings.now),
            preview=self._preview,
        )


def preset_choice(settings: Settings) -> Choice:
    """The presets, as the menu offers them."""
    values = tuple((preset.value, say(f"menu.preset.{preset.value}")) for preset in Preset)
    return Choice(_PRESET, say("menu.preset"), values, settings.general.preset)


def nudge_choice(settings: Settings) -> Choice:
    """When to be reminded of standing up; a time the user has set elsewhere is offered, too."""
    now = settings.sitting.nudge_min
    minutes = sorted({*_NUDGES_MIN, now})
    values = tuple((f"{minute:g}", duration(minute * 60)) for minute in minutes)
    return Choice(_NUDGE, say("menu.nudge"), values, f"{now:g}")


def switches(settings: Settings) -> tuple[Switch, ...]:
    """What can be switched on and off from the menu."""
    return tuple(
        Switch(name, say(f"menu.switch.{name}"), on=bool(settings.get(name))) for name in _SWITCHES
    )
