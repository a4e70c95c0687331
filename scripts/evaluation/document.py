"""The result as one JSON object."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from evaluation.goals import Goal, Parts

_DECIMALS = 4


def document(parts: Parts, found: Sequence[Goal]) -> dict[str, object]:
    """Everything that was found; numbers rounded, null where nothing can be said."""
    goals = [{**_plain_fields(goal), "met": goal.met} for goal in found]
    return {**_plain_fields(parts), "goals": goals}


def summary(whole: Mapping[str, Any]) -> dict[str, object]:
    """What the documents show of a whole :func:`document`."""
    stills, sequences = whole["stills"], whole["sequences"]
    return {
        "stills": {
            "overall": stills["overall"],
            "by": {
                by: {name: _told_of(scores) for name, scores in groups.items()}
                for by, groups in stills["groups"].items()
                if by != "session"
            },
            "left_out_f1": stills["left_out"]["macro_f1"],
        },
        "sequences": [_rate(rate) for rate in sequences["rates"]],
        "agreement": sequences["agreement"],
        "reminders": whole["reminders"]["modes"],
        "traces": whole["traces"],
        "presence": whole["presence"],
        "stress": {name: _told_of(each) for name, each in whole["stress"]["scores"].items()},
        "goals": whole["goals"],
    }


def _told_of(scores: Mapping[str, Any]) -> dict[str, object]:
    return {
        "pictures": scores["pictures"],
        "mae": {name: measure["mae"] for name, measure in scores["measures"].items()},
        "f1": scores["labels"]["macro_f1"],
        "presence": scores["presence"],
    }


def _rate(rate: Mapping[str, Any]) -> dict[str, object]:
    kept = ("fps", "owed", "missed", "delay", "delay_arrived")
    return {
        **{name: rate[name] for name in kept},
        "pictures": rate["scores"]["pictures"],
        "f1": rate["scores"]["labels"]["macro_f1"],
    }


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
