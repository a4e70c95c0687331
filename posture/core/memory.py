"""Memory: what must outlive a restart, as JSON-able data and back, distrusting what comes back.

States are dataclasses of numbers, texts, enums, instants, lists and dicts of such. Reading checks
every type, refuses numbers that are not finite, and lets each state's own checks speak.
"""

from __future__ import annotations

import math
import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from posture.clock import Instant

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
S = TypeVar("S")
Shift = Callable[[Instant], Instant]

# No list or dict of the program's own is longer than this.
LONGEST = 1000
_LARGEST = 1e15


class Distrusted(ValueError):
    """Stored data is not what this program wrote."""


def encode(value: object) -> Json:
    """A state as JSON-able data."""
    if isinstance(value, Instant):
        return [value.mono, value.wall_us]
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return [encode(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    if is_dataclass(value):
        return {f.name: encode(getattr(value, f.name)) for f in fields(value)}
    raise TypeError(f"cannot be remembered: {type(value).__name__}")


def decode(kind: type[S], data: object, shift: Shift) -> S:
    """The state of class *kind* that *data* describes; every instant passes through *shift*.

    Missing fields take their defaults and unknown ones are left out, so that another version's
    memory can be read. Raises Distrusted.
    """
    try:
        return cast("S", _decode(kind, data, shift))
    except (TypeError, ValueError, KeyError, OverflowError) as error:
        raise Distrusted(str(error)) from error


def moved(state: S, shift: Shift) -> S:
    """A copy of *state* with every instant passed through *shift*."""
    return decode(type(state), encode(state), shift)


def _decode(kind: Any, data: object, shift: Shift) -> object:
    if kind is Instant:
        return shift(_instant(data))
    if is_dataclass(kind):
        return _record(cast("type[Any]", kind), data, shift)
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _optional(kind, data, shift)
    if origin is list:
        (item,) = get_args(kind)
        return [_decode(item, one, shift) for one in _sized(data, list)]
    if origin is dict:
        key_kind, item = get_args(kind)
        pairs = _sized(data, dict).items()
        return {_decode(key_kind, k, shift): _decode(item, v, shift) for k, v in pairs}
    return _plain(kind, data)


def _record(kind: type[Any], data: object, shift: Shift) -> object:
    values = _sized(data, dict)
    hints = get_type_hints(kind)
    known = [f.name for f in fields(kind) if f.name in values]
    return kind(**{name: _decode(hints[name], values[name], shift) for name in known})


def _optional(kind: Any, data: object, shift: Shift) -> object:
    if data is None:
        return None
    (inner,) = (part for part in get_args(kind) if part is not type(None))
    return _decode(inner, data, shift)


def _sized(data: object, kind: type[Any]) -> Any:
    if not isinstance(data, kind) or len(data) > LONGEST:
        raise Distrusted(f"not a {kind.__name__} of the program's own")
    return data


def _plain(kind: Any, data: object) -> object:
    if kind is float and isinstance(data, int) and not isinstance(data, bool):
        data = float(data)
    if isinstance(kind, type) and issubclass(kind, StrEnum) and isinstance(data, str):
        return kind(data)
    if type(data) is not kind:
        raise Distrusted(f"{data!r:.40} is not {kind}")
    if isinstance(data, int | float) and not (math.isfinite(data) and abs(data) < _LARGEST):
        raise Distrusted("a number is not finite")
    return data


def _instant(data: object) -> Instant:
    pair = _sized(data, list)
    if len(pair) != 2:
        raise Distrusted("not an instant")
    mono, wall_us = pair
    return Instant(cast("float", _plain(float, mono)), _wall(wall_us))


def _wall(data: object) -> int:
    # Years 1970 to 2255: within what every clock and the journal can hold.
    if type(data) is not int or not 0 <= data < 9_000_000_000_000_000:
        raise Distrusted("not a wall time")
    return data
