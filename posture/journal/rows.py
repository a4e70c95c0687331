"""What one row of the journal tells, and which effect becomes which row.

All times are UTC microseconds since 1970 (``_us``) by the wall clock.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from posture.clock import US_PER_S
from posture.core.effects import (
    CalibrationChanged,
    CameraChanged,
    DeskRecognized,
    Effect,
    Fate,
    MinuteMeasure,
    ReminderFate,
    ReminderKind,
    ShowReminder,
    SpanKind,
    Status,
    WriteMinute,
    WriteSpan,
)

US_PER_MINUTE = 60 * US_PER_S
US_PER_HOUR = 60 * US_PER_MINUTE

# Wall and steady clock drift apart by up to 500 ppm while the system corrects its clock (NTP);
# beyond this the wall clock was set anew.
_DRIFT_SHARE = 0.001
_DRIFT_FLOOR_S = 2.0

SCORE = "score"
CALIBRATION_EVENT = "calibration"
# Seconds on the feet aimed for; the monitor lets the goal grow.
GOAL_EVENT = "upright_goal_s"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time with one value; ``reason`` and ``worst`` measure where they apply."""

    kind: SpanKind
    value: str
    began_us: int
    ended_us: int
    reason: str | None = None
    worst: str | None = None
    run: int = 0

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return (self.ended_us - self.began_us) / US_PER_S


@dataclass(frozen=True, slots=True)
class Minute:
    """One wall-clock minute; ``measures`` by name, among them :data:`SCORE`."""

    minute_us: int
    valid_s: float
    measures: Mapping[str, MinuteMeasure] = field(default_factory=dict)
    run: int = 0


@dataclass(frozen=True, slots=True)
class ReminderFateRow:
    """What became of a reminder, as of ``at_us``."""

    reminder_id: int
    at_us: int
    fate: Fate
    after_s: float | None = None
    why: str | None = None
    improvement: Mapping[str, float] = field(default_factory=dict)
    run: int = 0


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """One reminder; ``began_us`` is the back-dated start of what it is about."""

    id: int
    kind: ReminderKind
    at_us: int
    began_us: int
    title: str
    text: str
    measures: Mapping[str, float] = field(default_factory=dict)
    run: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at one moment: camera or calibration changed."""

    kind: str
    at_us: int
    value: str
    reason: str | None = None
    run: int = 0


def check_event(event: Event) -> None:
    """Raise ValueError for an event whose value cannot be."""
    if event.kind == GOAL_EVENT and not 0 <= float(event.value) < math.inf:
        raise ValueError(f"{event.value} is no goal")


Row = Span | Minute | ReminderRow | ReminderFateRow | Event


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the monitor. ``time_scale`` other than 1 marks a demonstration."""

    uuid: str
    computer: str
    version: str
    started_us: int
    seen_us: int
    time_scale: float = 1.0
    source: str | None = None
    zone: str | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Records:
    """What the journal holds of a stretch of time."""

    spans: Sequence[Span] = ()
    minutes: Sequence[Minute] = ()
    reminders: Sequence[ReminderRow] = ()
    fates: Sequence[ReminderFateRow] = ()
    events: Sequence[Event] = ()
    runs: Sequence[Run] = ()


def row_of(effect: Effect) -> Row | None:
    """The row *effect* leaves in the journal; None for an effect that leaves none."""
    row: Row | None = None
    match effect:
        case WriteSpan():
            row = _span(effect)
        case WriteMinute():
            row = _minute(effect)
        case ShowReminder():
            row = _reminder(effect)
        case ReminderFate():
            row = _fate(effect)
        case CameraChanged(at=at, state=state, reason=reason):
            row = Event("camera", at.wall_us, state, reason)
        case CalibrationChanged(at=at, state=state, reason=reason):
            row = Event(CALIBRATION_EVENT, at.wall_us, state, reason)
        case DeskRecognized(at=at, profile=profile):
            row = Event(CALIBRATION_EVENT, at.wall_us, "recognized", profile)
        case Status(at=at, upright_goal_s=goal_s) if goal_s > 0:
            row = Event(GOAL_EVENT, at.wall_us, f"{goal_s:g}")
    return row


def key_of(row: Row) -> tuple[object, ...]:
    """What makes a row the same one within its run: a later writing replaces an earlier one."""
    match row:
        case Span():
            return (Span, row.kind, row.began_us)
        case Minute():
            return (Minute, row.minute_us)
        case ReminderRow():
            return (ReminderRow, row.id)
        case ReminderFateRow():
            return (ReminderFateRow, row.reminder_id, row.at_us, row.fate)
        case Event():
            return (Event, row.kind, row.at_us, row.value)


def _span(effect: WriteSpan) -> Span | None:
    began_us = effect.began.wall_us
    steady_s = effect.ended - effect.began
    wall_s = (effect.ended.wall_us - began_us) / US_PER_S
    if steady_s <= 0:
        return None
    ended_us = effect.ended.wall_us
    if abs(wall_s - steady_s) > max(_DRIFT_FLOOR_S, _DRIFT_SHARE * steady_s):
        # The wall clock was set while the span lasted: keep its start and its true length.
        ended_us = began_us + round(steady_s * US_PER_S)
    if ended_us <= began_us:
        return None
    return Span(effect.kind, effect.value, began_us, ended_us, effect.reason, effect.worst)


def _minute(effect: WriteMinute) -> Minute:
    measures = dict(effect.measures)
    if effect.score is not None:
        measures[SCORE] = effect.score
    return Minute(effect.minute_us, effect.valid_s, measures)


def _reminder(effect: ShowReminder) -> ReminderRow:
    return ReminderRow(
        effect.id,
        effect.kind,
        effect.at.wall_us,
        effect.began.wall_us,
        effect.title,
        effect.text,
        dict(effect.measures),
    )


def _fate(effect: ReminderFate) -> ReminderFateRow:
    return ReminderFateRow(
        effect.id,
        effect.at.wall_us,
        effect.fate,
        effect.after_s,
        effect.why,
        dict(effect.improvement),
    )
