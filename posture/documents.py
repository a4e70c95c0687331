"""The JSON documents of the command line's contract."""

from __future__ import annotations

from collections.abc import Mapping

from posture.clock import Instant
from posture.core.effects import (
    CalibrationChanged,
    CameraChanged,
    DeskRecognized,
    Effect,
    PostureChanged,
    PresenceChanged,
    ReminderFate,
    ShowReminder,
    SittingChanged,
)
from posture.core.metrics import MEASURES
from posture.core.reading import Reading

# What the contract names; the rest of the measures serve the engine.
CONTRACT_MEASURES = tuple(name for name in MEASURES if name != "eye_rise_cm")
_TIME_DECIMALS = 3
_VALUE_DECIMALS = 2


def reading_document(reading: Reading, epoch: Instant) -> dict[str, object]:
    """One object of ``posture analyze``; null = not measured."""
    values = {
        name: None if (value := reading.metrics.get(name)) is None else _rounded(value)
        for name in CONTRACT_MEASURES
    }
    return {
        "t": round(reading.at - epoch, _TIME_DECIMALS),
        "presence": reading.presence.value,
        "reason": reading.reason,
        **values,
        "posture_score": None if reading.score is None else _rounded(reading.score),
        "looking_away": reading.looking_away,
        "standing": reading.standing,
        "states": {name: level.value for name, level in reading.states.items()},
        "posture": reading.label.value,
        "calibrated": reading.calibrated,
        "calibration_stale": reading.stale_calibration,
    }


def _rounded(value: float) -> float:
    # Adding zero turns -0.0 into 0.0.
    return round(value, _VALUE_DECIMALS) + 0.0


def event_document(effect: Effect, epoch: Instant) -> dict[str, object] | None:
    """One event of ``posture replay``; None for effects that are no events."""
    match effect:
        case PostureChanged():
            return {
                **_event(effect.at, epoch, "posture"),
                "posture": effect.label.value,
                "began": _seconds(effect.began, epoch),
                "measures": _values(effect.measures),
            }
        case PresenceChanged():
            return {
                **_event(effect.at, epoch, "presence"),
                "presence": effect.presence.value,
                "began": _seconds(effect.began, epoch),
                "reason": effect.reason,
            }
        case SittingChanged():
            return {
                **_event(effect.at, epoch, "sitting"),
                "activity": effect.activity.value,
                "began": _seconds(effect.began, epoch),
                "sitting_s": round(effect.sitting_s, 1),
            }
        case CameraChanged() | CalibrationChanged():
            name = "camera" if isinstance(effect, CameraChanged) else "calibration"
            return {
                **_event(effect.at, epoch, name),
                "state": str(effect.state),
                "reason": effect.reason,
            }
        case DeskRecognized():
            return {
                **_event(effect.at, epoch, "calibration"),
                "state": "recognized",
                "reason": effect.profile,
            }
        case ShowReminder() | ReminderFate():
            return _reminder_event(effect, epoch)
    return None


def _reminder_event(effect: ShowReminder | ReminderFate, epoch: Instant) -> dict[str, object]:
    document = {
        **_event(effect.at, epoch, "reminder"),
        "id": effect.id,
        "kind": effect.kind.value,
    }
    if isinstance(effect, ReminderFate):
        return document | {
            "fate": effect.fate.value,
            "after_s": None if effect.after_s is None else round(effect.after_s, 1),
            "why": effect.why,
            "improvement": _values(effect.improvement),
        }
    return document | {
        "title": effect.title,
        "text": effect.text,
        "measures": _values(effect.measures),
        "began": _seconds(effect.began, epoch),
    }


def _event(at: Instant, epoch: Instant, name: str) -> dict[str, object]:
    return {"t": _seconds(at, epoch), "event": name}


def _seconds(at: Instant, epoch: Instant) -> float:
    return round(at - epoch, _TIME_DECIMALS) + 0.0


def _values(measures: Mapping[str, float]) -> dict[str, float]:
    return {name: _rounded(value) for name, value in measures.items()}
