"""Settings that describe themselves: default, unit, bounds, help and presets in one place.

A section is a frozen dataclass of :func:`setting` fields; building one checks every value.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, cast

Value = bool | int | float | str
T = TypeVar("T", bool, int, float, str)

_LARGEST = math.nextafter(math.inf, 0.0)
_TIME_OF_DAY = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
# Letters and signs of MQTT 3.1.1 (4.7) but wildcards and empty levels; the length is chosen.
_LONGEST_TOPIC = 200
_TOPIC = re.compile(r"[\w.-]+(/[\w.-]+)*")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Form(StrEnum):
    """What a text setting must look like."""

    FREE = "text"
    HOURS = "HH:MM-HH:MM or empty"
    DAYS = "days such as mon-fri or mon,wed,sat"
    TOPIC = "an MQTT topic such as posture or house/desk"


class Preset(StrEnum):
    """Named sets of values that lie below the user's own."""

    STANDARD = "standard"
    GENTLE = "gentle"
    STRICT = "strict"
    RHYTHM = "20-8-2"


@dataclass(frozen=True, slots=True)
class Spec:
    """Everything known about one setting beside its name, type and default.

    ``at_start``: a change holds from the next start on; all others hold at once.
    """

    help: str
    unit: str = ""
    lo: float | None = None
    hi: float | None = None
    choices: tuple[str, ...] = ()
    form: Form = Form.FREE
    presets: Mapping[Preset, Value] = field(default_factory=dict)
    at_start: bool = False

    def allowed(self, kind: type[Value]) -> str:
        """What values may be, in words."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if kind is bool:
            return "true or false"
        if kind is str:
            return str(self.form)
        number = "a whole number" if kind is int else "a number"
        unit = f" {self.unit}" if self.unit else ""
        return f"{number} from {self.lo:g} to {self.hi:g}{unit}"

    def fits(self, value: object, kind: type[Value]) -> bool:
        """Is *value* of the right type and within bounds?"""
        if kind is bool:
            return isinstance(value, bool)
        if kind is str:
            return isinstance(value, str) and self._reads(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        if kind is int and not isinstance(value, int):
            return False
        # Bounded in any case: NaN is not within, and no integer too long for a float.
        lo = -_LARGEST if self.lo is None else self.lo
        hi = _LARGEST if self.hi is None else self.hi
        return lo <= value <= hi

    def _reads(self, text: str) -> bool:
        if self.choices:
            return text in self.choices
        if self.form is Form.HOURS:
            return text == "" or hours(text) is not None
        if self.form is Form.DAYS:
            return weekdays(text) is not None
        if self.form is Form.TOPIC:
            return len(text) <= _LONGEST_TOPIC and _TOPIC.fullmatch(text) is not None
        return text.isprintable()


class BadValue(ValueError):
    """A section was given a value outside its bounds."""

    def __init__(self, name: str, value: object, allowed: str) -> None:
        super().__init__(f"{name} must be {allowed}, not {value!r}")
        self.name = name
        self.value = value
        self.allowed = allowed


def setting(
    default: T,
    help_text: str,
    *,
    unit: str = "",
    lo: float | None = None,
    hi: float | None = None,
    choices: tuple[str, ...] = (),
    form: Form = Form.FREE,
    at_start: bool = False,
    gentle: T | None = None,
    strict: T | None = None,
    rhythm: T | None = None,
) -> T:
    """A dataclass field that is a setting. Numbers must name ``lo`` and ``hi``."""
    if isinstance(default, int | float) and not isinstance(default, bool) and None in (lo, hi):
        raise ValueError("a number needs lo and hi")
    named = {Preset.GENTLE: gentle, Preset.STRICT: strict, Preset.RHYTHM: rhythm}
    presets = {name: value for name, value in named.items() if value is not None}
    spec = Spec(
        help_text, unit, lo, hi, choices, form, cast("Mapping[Preset, Value]", presets), at_start
    )
    made: Any = field(default=default, metadata={"spec": spec})
    return cast("T", made)


@dataclass(frozen=True)
class Section:
    """Base of every group of settings. Raises :class:`BadValue` for a value out of bounds."""

    def __post_init__(self) -> None:
        for one in settings_of(type(self)):
            value = getattr(self, one.name)
            if not one.spec.fits(value, one.kind):
                raise BadValue(one.name, value, one.spec.allowed(one.kind))
        self.check()

    def check(self) -> None:
        """Check what ties values together; raise :class:`BadValue`."""


@dataclass(frozen=True, slots=True)
class OneSetting:
    """A setting within its section."""

    name: str
    kind: type[Value]
    default: Value
    spec: Spec


def settings_of(section: type[Section]) -> tuple[OneSetting, ...]:
    """The settings of a section class, in the order written."""
    found = []
    for f in fields(section):
        if "spec" in f.metadata:
            default = cast("Value", f.default)
            found.append(OneSetting(f.name, type(default), default, f.metadata["spec"]))
    return tuple(found)


@cache
def weekdays(text: str) -> frozenset[int] | None:
    """Days named by *text*, Monday = 0; None when it cannot be read."""
    found: set[int] = set()
    for part in text.replace(" ", "").lower().split(","):
        first, _, last = part.partition("-")
        if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
            return None
        begin, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
        found |= {day % 7 for day in range(begin, end + 1 if end >= begin else end + 8)}
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Hours:
    """A stretch of every day in minutes after midnight; it may lie across midnight."""

    begins: int
    ends: int

    def holds(self, minute: int) -> bool:
        """Is *minute* of the day within?"""
        if self.begins < self.ends:
            return self.begins <= minute < self.ends
        return minute >= self.begins or minute < self.ends


@cache
def hours(text: str) -> Hours | None:
    """The hours named by *text*; None for the empty text and for what cannot be read."""
    begins, _, ends = text.replace(" ", "").partition("-")
    if not (_TIME_OF_DAY.fullmatch(begins) and _TIME_OF_DAY.fullmatch(ends)) or begins == ends:
        return None
    return Hours(_minute(begins), _minute(ends))


def _minute(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)
