"""The result as one JSON object."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from evaluation.goals import Goal, Parts

_DECIMALS = 4


def document(parts: Parts, found: Sequence[Goal]) -> dict[str, object]:
    """Everything that was found; numbers rounded, null where nothing can be said."""
    goals = [{**_plain_fields(goal), "met": goal.met} for goal in found]
    return {**_plain_fields(parts), "goals": goals}


def _plain_fields(value: object) -> dict[str, object]:
    plain = _plain(value)
    if not isinstance(plain, dict):
        raise TypeError(f"{type(value).__name__} is no record")
    return plain


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: _plain(getattr(value, field.name))
            for field in dataclasses.fields(value)
            if field.repr
        }
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return round(value, _DECIMALS) if isinstance(value, float) else value
