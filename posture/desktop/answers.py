"""What a request from the command line is answered: a document, with a sentence for the user."""

from __future__ import annotations

from posture.core.effects import Answered, Outcome
from posture.core.inputs import ActionKind
from posture.desktop.words import exact_duration, say, say_or


def passed_on(do: str) -> dict[str, object]:
    """Of a wish of which nobody says what came of it; *do*: as it was asked for."""
    return {"text": say_or(f"answer.{do}", say("answer.passed_on"))}


def came_of(answered: Answered) -> dict[str, object]:
    """What came of a wish."""
    document: dict[str, object] = {
        "outcome": answered.outcome.value,
        "reminder": None if answered.kind is None else answered.kind.value,
        "measure": answered.measure,
        "factor": None if answered.factor is None else round(answered.factor, 3),
        "text": _text(answered),
    }
    if answered.seconds is not None:
        document["seconds"] = answered.seconds
    if answered.ended is not None:
        document["ended"] = answered.ended
    return document


def _text(answered: Answered) -> str:
    percent = round(((answered.factor or 1.0) - 1.0) * 100)
    otherwise = say_or(f"answer.{answered.outcome}", say("answer.done"))
    return say_or(f"answer.{_name(answered, percent)}", otherwise).format(
        kind="" if answered.kind is None else say(f"kind.{answered.kind.value}"),
        what="" if answered.measure is None else say(f"banded.{answered.measure}"),
        percent=percent,
        time="" if answered.seconds is None else exact_duration(answered.seconds),
    )


def _name(answered: Answered, percent: int) -> str:
    name = f"{answered.action.kind}.{answered.outcome}"
    if answered.outcome is not Outcome.DONE:
        return name
    match answered.action.kind:
        case ActionKind.PAUSE if answered.seconds is None:
            return f"{name}.open"
        case ActionKind.RESUME:
            return f"{name}.{answered.ended}"
        case ActionKind.UNDO_WRONG_ALARM if percent == 0:
            return f"{name}.as_set"
        case _:
            return name
