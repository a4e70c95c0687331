"""Settings: what the user may choose, read from one TOML file and written back with its comments.

Each setting is described once, where it is defined (here, or for what the core obeys in
``core.policy`` and ``core.thresholds``); the file's checks, ``config show`` and the README's table
come from there. A preset lies between the defaults and what the user wrote.
"""

from __future__ import annotations

import difflib
import os
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any, cast

import tomlkit
from tomlkit.exceptions import TOMLKitError

from posture.core.described import (
    BadValue,
    Form,
    Preset,
    Section,
    Spec,
    Value,
    setting,
    settings_of,
)
from posture.core.desk import Desk, Place
from posture.core.policy import Policy, Rules
from posture.core.texts import LANGUAGES
from posture.errors import OutputUnwritable, SettingsError
from posture.paths import FILE_MODE, config_dir, make_private, may_exist
from posture.plain_file import read_text

AUTO = "auto"
# Chosen: far above all settings with comments.
_LARGEST_BYTES = 1_000_000
_HEADER = "Settings of posture. `posture config show` lists them all.\n"


@dataclass(frozen=True)
class General(Section):
    """What everything else rests on."""

    preset: str = setting(
        Preset.STANDARD.value,
        "A set of values below your own: how much is said, and the 20-8-2 rhythm.",
        choices=tuple(preset.value for preset in Preset),
    )
    language: str = setting(
        AUTO, "Language of the reminders; auto = the system's.", choices=(AUTO, *LANGUAGES)
    )


@dataclass(frozen=True)
class CameraSettings(Section):
    """Which camera, and where it stands."""

    source: str = setting("0", "Number or name of the camera, or another source.", at_start=True)
    place: str = setting(
        "above",
        "Where the camera is, seen by you from the screen's centre; for the next calibration.",
        choices=("above", "below", "left", "right"),
    )
    offset_cm: float = setting(
        0.0,
        "So far from the screen's centre; 0 = not known; for the next calibration.",
        unit="cm",
        lo=0,
        hi=150,
    )

    by_fit: bool = setting(
        True, "Take another of your calibrated desks by itself when the camera sees that one."
    )

    def screen_cm(self) -> tuple[float, float] | None:
        """Centre of the screen from the camera, (to the user's left, up); None = not known."""
        return Desk(place=Place(self.place), offset_cm=self.offset_cm or None).screen_cm


@dataclass(frozen=True)
class ScreenSettings(Section):
    """The screen looked at."""

    diagonal_in: float = setting(
        0.0, "Diagonal of the screen; 0 = not known.", unit="in", lo=0, hi=100
    )


@dataclass(frozen=True)
class NotificationSettings(Section):
    """How reminders appear."""

    enabled: bool = setting(True, "Show reminders as notifications.")
    sound: bool = setting(False, "With a sound.")


@dataclass(frozen=True)
class TraySettings(Section):
    """The icon."""

    enabled: bool = setting(True, "Show an icon in the tray.", at_start=True)


@dataclass(frozen=True)
class LogSettings(Section):
    """The daily log."""

    retention_days: int = setting(
        730,
        "Forget days older than this; 0 = keep all.",
        unit="days",
        lo=0,
        hi=36500,
        at_start=True,
    )


@dataclass(frozen=True)
class ModelSettings(Section):
    """Other landmark models than those shipped."""

    pose: str = setting(
        "", "File of another pose landmarker; empty = the one shipped.", at_start=True
    )
    face: str = setting(
        "", "File of another face landmarker; empty = the one shipped.", at_start=True
    )


@dataclass(frozen=True)
class MqttSettings(Section):
    """States, never pictures, to a broker at home."""

    enabled: bool = setting(
        False,
        "Publish states (no pictures) to a local MQTT broker, for Home Assistant; off holds at "
        "once.",
        at_start=True,
    )
    host: str = setting(
        "localhost",
        "The broker, on this computer; another one of the local network where you name it.",
        at_start=True,
    )
    port: int = setting(1883, "Its port; usually 8883 with TLS.", lo=1, hi=65535, at_start=True)
    user: str = setting("", "User name for the broker; empty = none.", at_start=True)
    password_file: str = setting(
        "",
        "File, readable by you alone, whose first line is the password.",
        at_start=True,
    )
    tls: bool = setting(False, "Connect with TLS.", at_start=True)
    ca_file: str = setting("", "Certificates to trust; empty = the system's.", at_start=True)
    topic: str = setting(
        "posture",
        "Topic of the states; another one for each computer.",
        form=Form.TOPIC,
        at_start=True,
    )
    discovery_prefix: str = setting(
        "homeassistant",
        "Topic where Home Assistant looks for new devices.",
        form=Form.TOPIC,
        at_start=True,
    )
    interval_s: float = setting(
        30.0,
        "Figures and signs of life so often; a new posture or presence at once.",
        unit="s",
        lo=1,
        hi=600,
        at_start=True,
    )


@dataclass(frozen=True)
class ActivityWatchSettings(Section):
    """Lanes in the timeline of ActivityWatch."""

    enabled: bool = setting(
        False,
        "Write activity, posture and silences to the ActivityWatch of this computer; off holds at "
        "once.",
        at_start=True,
    )
    port: int = setting(5600, "Port of its server.", lo=1, hi=65535, at_start=True)


@dataclass(frozen=True)
class Surroundings:
    """What the user can set of the program around the core."""

    general: General = field(default_factory=General)
    camera: CameraSettings = field(default_factory=CameraSettings)
    screen: ScreenSettings = field(default_factory=ScreenSettings)
    notifications: NotificationSettings = field(default_factory=NotificationSettings)
    tray: TraySettings = field(default_factory=TraySettings)
    log: LogSettings = field(default_factory=LogSettings)
    models: ModelSettings = field(default_factory=ModelSettings)
    mqtt: MqttSettings = field(default_factory=MqttSettings)
    activitywatch: ActivityWatchSettings = field(default_factory=ActivityWatchSettings)


@dataclass(frozen=True)
class Settings(Rules, Surroundings):
    """All settings, checked, in the order of the file: the last base's come first.

    ``given``: names of those the user's file sets.
    """

    given: frozenset[str] = frozenset()

    def language(self, system_language: str) -> str:
        """What is spoken; ``auto`` becomes *system_language* where there are texts in it."""
        chosen = system_language if self.general.language == AUTO else self.general.language
        return chosen if chosen in LANGUAGES else "en"

    @property
    def told(self) -> tuple[str, ...]:
        """Who is told of states, as the user set it."""
        told = []
        if self.mqtt.enabled:
            told.append(f"MQTT ({self.mqtt.host})")
        if self.activitywatch.enabled:
            told.append("ActivityWatch")
        return tuple(told)

    def policy(self, system_language: str) -> Policy:
        """What the core obeys."""
        return Policy(
            **{rule.name: getattr(self, rule.name) for rule in fields(Rules)},
            language=self.language(system_language),
            screen_diagonal_in=self.screen.diagonal_in or None,
        )

    def get(self, name: str) -> Value:
        """The value of the setting called *name*. Raises SettingsError for an unknown name."""
        find(name)
        section, _, key = name.partition(".")
        return cast("Value", getattr(getattr(self, section), key))


@dataclass(frozen=True, slots=True)
class Described:
    """One setting as shown: ``allowed`` says in words what values may be."""

    name: str
    kind: type[Value]
    default: Value
    unit: str
    allowed: str
    help: str
    presets: Mapping[Preset, Value]
    spec: Spec


_SECTIONS: Mapping[str, type[Section]] = {
    f.name: cast("type[Section]", f.default_factory) for f in fields(Settings) if f.name != "given"
}


@cache
def describe() -> tuple[Described, ...]:
    """Every setting, in the order of the file's sections."""
    return tuple(
        Described(
            f"{section}.{one.name}",
            one.kind,
            one.default,
            one.spec.unit,
            one.spec.allowed(one.kind),
            one.spec.help,
            one.spec.presets,
            one.spec,
        )
        for section, kind in _SECTIONS.items()
        for one in settings_of(kind)
    )


def find(name: str) -> Described:
    """The setting called *name*. Raises SettingsError with the nearest name there is."""
    every = _by_name()
    if name not in every:
        raise SettingsError(f"There is no setting {name}.", _suggest(name, tuple(every)))
    return every[name]


@cache
def _by_name() -> Mapping[str, Described]:
    return {one.name: one for one in describe()}


def _suggest(name: str, names: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(name, names, 1, 0.5)
    same = [one for one in names if one.rpartition(".")[2] == name.rpartition(".")[2]]
    guesses = [*same, *near]
    hint = f"Did you mean {guesses[0]}? " if guesses else ""
    return f"{hint}`posture config show` lists them all."


def settings_path() -> Path:
    """The user's settings file (it may not exist)."""
    return config_dir() / "settings.toml"


def user_settings(chosen: Path | None = None) -> Settings:
    """The settings in the file *chosen*, or the user's own; all defaults where that is absent.

    Raises SettingsError, also for a *chosen* file that does not exist.
    """
    if chosen is not None and not may_exist(chosen):
        raise SettingsError(f"There is no settings file {chosen}.", "Check --config.")
    return load(chosen or settings_path())


def load(path: Path) -> Settings:
    """The settings of the file at *path*; the defaults where there is none.

    Raises SettingsError.
    """
    return parse(_read(path), str(path))


def _read(path: Path) -> str:
    try:
        return read_text(path, _LARGEST_BYTES)
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SettingsError(
            f"The settings file {path} cannot be read: {why}.", "Correct it, or move it away."
        ) from error


def parse(text: str, origin: str) -> Settings:
    """The settings of a TOML text that came from *origin*. Raises SettingsError."""
    try:
        tables = tomllib.loads(text)
    # ValueError: an error with its line, or a number of thousands of digits.
    except (ValueError, RecursionError) as error:
        raise SettingsError(
            f"The settings file {origin} is not valid TOML: {error}.", "Correct that line."
        ) from error
    given = _flat(tables, origin)
    preset = given.get("general.preset", Preset.STANDARD.value)
    values = _preset_values(str(preset)) | given
    return _build(values, frozenset(given), origin)


def _flat(tables: Mapping[str, object], origin: str) -> dict[str, Value]:
    """Dotted name -> checked value of everything the file sets."""
    found: dict[str, Value] = {}
    names = tuple(one.name for one in describe())
    for section, table in tables.items():
        if section not in _SECTIONS:
            raise SettingsError(
                f"There is no section [{section}] in {origin}.", _suggest(section, names)
            )
        if not isinstance(table, dict):
            raise SettingsError(
                f"{section} in {origin} must be a section, not {table!r}.",
                f"Write [{section}] on a line of its own and its settings below.",
            )
        for key, value in table.items():
            one = find(f"{section}.{key}")
            if not one.spec.fits(value, one.kind):
                raise _refused(one.name, value, one.allowed, origin)
            found[one.name] = float(value) if one.kind is float else value
    return found


def _refused(name: str, value: object, allowed: str, origin: str) -> SettingsError:
    return SettingsError(
        f"{name} must be {allowed}, not {value!r} ({origin}).", "Correct it, or leave it out."
    )


def _preset_values(name: str) -> dict[str, Value]:
    preset = Preset(name)
    return {one.name: one.presets[preset] for one in describe() if preset in one.presets}


def _build(values: Mapping[str, Value], given: frozenset[str], origin: str) -> Settings:
    sections: dict[str, Any] = {}
    for section, kind in _SECTIONS.items():
        own = {
            name.partition(".")[2]: value
            for name, value in values.items()
            if name.partition(".")[0] == section
        }
        try:
            sections[section] = kind(**cast("dict[str, Any]", own))
        except BadValue as bad:
            raise _refused(f"{section}.{bad.name}", bad.value, bad.allowed, origin) from bad
    return Settings(**sections, given=given)


_TRUE, _FALSE = ("true", "on", "yes", "1"), ("false", "off", "no", "0")


def read_value(one: Described, text: str) -> Value:
    """The value that *text*, as typed by the user, has for a setting. Raises SettingsError."""
    value: Value = text
    word = text.strip().lower()
    try:
        if one.kind is bool:
            value = {**dict.fromkeys(_TRUE, True), **dict.fromkeys(_FALSE, False)}[word]
        elif one.kind in (int, float):
            value = one.kind(word)
    except (ValueError, KeyError):
        raise _refused(one.name, text, one.allowed, "as typed") from None
    if not one.spec.fits(value, one.kind):
        raise _refused(one.name, value, one.allowed, "as typed")
    return value


def set_value(path: Path, name: str, text: str) -> Settings:
    """Set one setting in the file at *path*, keeping its comments; returns what then holds.

    Raises SettingsError when the value, or with it the whole, would not be valid; then the file
    is left as it was.
    """
    one = find(name)
    value = read_value(one, text)
    section, _, key = name.partition(".")
    document = _document(path)
    table = document.get(section)
    if table is None:
        table = tomlkit.table()
        document[section] = table
    table[key] = value
    return _keep(path, document)


def unset_value(path: Path, name: str) -> Settings:
    """Leave one setting to preset and default again; returns what then holds."""
    find(name)
    section, _, key = name.partition(".")
    document = _document(path)
    table = document.get(section)
    if table is not None and key in table:
        del table[key]
    return _keep(path, document)


def _document(path: Path) -> tomlkit.TOMLDocument:
    text = _read(path)
    parse(text, str(path))
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        raise SettingsError(
            f"The settings file {path} is not valid TOML: {error}.", "Correct that line."
        ) from error
    if not text:
        document.add(tomlkit.comment(_HEADER.strip()))
    return document


def _keep(path: Path, document: tomlkit.TOMLDocument) -> Settings:
    text = tomlkit.dumps(document)
    settings = parse(text, str(path))
    _write(path, text)
    return settings


def _write(path: Path, text: str) -> None:
    """Replace the file whole: a crash leaves the old one or the new one."""
    make_private(path.parent)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).chmod(FILE_MODE)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OutputUnwritable(
            f"The settings file {path} cannot be written: {error.strerror}.",
            "Check the folder's permissions and free space.",
        ) from error
