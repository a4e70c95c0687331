"""Days told in words: ``"sitting 50m, away 6m"`` becomes spans one after the other."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from posture.clock import US_PER_S, Instant
from posture.core.effects import SpanKind, WriteSpan
from posture.journal.day import Day
from posture.journal.rows import Records, Span
from posture.journal.summary import summarize

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 3, 2)
_UNIT_S = {"h": 3600, "m": 60, "s": 1}


def us(text: str, zone: tzinfo = BERLIN) -> int:
    """Microseconds of a local time such as "2026-03-02 09:00"."""
    return round(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * US_PER_S)


def at(wall_us: int, boot_us: int = 0) -> Instant:
    """An instant whose steady clock runs along with the wall clock."""
    return Instant((wall_us - boot_us) / US_PER_S, wall_us)


def seconds(text: str) -> float:
    """Length of "1h30m", "50m", "20s"."""
    parts = re.findall(r"(\d+(?:\.\d+)?)([hms])", text)
    if not parts:
        raise ValueError(text)
    return sum(float(number) * _UNIT_S[unit] for number, unit in parts)


def story(kind: SpanKind, start: str, told: str, zone: tzinfo = BERLIN, run: int = 0) -> list[Span]:
    """Spans of one kind from a local start; "gap 5m" leaves a hole."""
    began = us(start, zone)
    spans = []
    for part in told.split(","):
        value, length = part.split()
        ended = began + round(seconds(length) * US_PER_S)
        if value != "gap":
            spans.append(Span(kind, value, began, ended, run=run))
        began = ended
    return spans


def effects(spans: list[Span]) -> list[WriteSpan]:
    """The effects that would have written these spans."""
    return [
        WriteSpan(
            span.kind, span.value, at(span.began_us), at(span.ended_us), span.reason, span.worst
        )
        for span in spans
    ]


def later(moment_us: int, **length: float) -> int:
    """*moment_us* moved by a length of time such as ``minutes=5``."""
    return moment_us + round(timedelta(**length).total_seconds() * US_PER_S)


def day_of(spans: list[Span], day: date = MONDAY, zone: ZoneInfo = BERLIN, **more: object) -> Day:
    """A day of *spans*, summed up; *more*: of its records."""
    return summarize(day, zone, Records(spans, **more))  # type: ignore[arg-type]
