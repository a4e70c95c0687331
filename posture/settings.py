"""Settings: what the user may choose. ``settings_file`` reads them, ``settings_edit`` changes one.

Each setting is described once, where it is defined (here, or for what the core obeys in
``core.policy`` and ``core.thresholds``); the file's checks, ``config show`` and the README's table
come from there.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import cast

from posture.core.described import Form, Preset, Section, Spec, Value, setting, settings_of
from posture.core.desk import Desk, Place
from posture.core.policy import Policy, Rules
from posture.core.texts import LANGUAGES
from posture.errors import SettingsError

AUTO = "auto"


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


SECTIONS: Mapping[str, type[Section]] = {
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
        for section, kind in SECTIONS.items()
        for one in settings_of(kind)
    )


def find(name: str) -> Described:
    """The setting called *name*. Raises SettingsError with the nearest name there is."""
    every = _by_name()
    if name not in every:
        raise SettingsError(f"There is no setting {name}.", nearest(name, tuple(every)))
    return every[name]


@cache
def _by_name() -> Mapping[str, Described]:
    return {one.name: one for one in describe()}


def nearest(name: str, names: tuple[str, ...]) -> str:
    """The hint for who wrote *name*, which is none of *names*."""
    near = difflib.get_close_matches(name, names, 1, 0.5)
    same = [one for one in names if one.rpartition(".")[2] == name.rpartition(".")[2]]
    guesses = [*same, *near]
    hint = f"Did you mean {guesses[0]}? " if guesses else ""
    return f"{hint}`posture config show` lists them all."


def refused(name: str, value: object, allowed: str, origin: str) -> SettingsError:
    """The error for a *value* that the setting called *name* cannot have."""
    return SettingsError(
        f"{name} must be {allowed}, not {value!r} ({origin}).", "Correct it, or leave it out."
    )
