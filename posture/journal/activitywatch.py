"""The log as ActivityWatch's buckets, so that it joins a timeline people already have.

Format: aw-core ``export.json`` and ``bucket.json`` schemas; an event has ``timestamp`` (ISO 8601,
UTC), ``duration`` (s) and ``data``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from posture.clock import US_PER_S
from posture.core.effects import SpanKind
from posture.journal.rows import Span
from posture.journal.texts import Words
from posture.journal.tiles import Tile, join, tile
from posture.journal.told import Told

CLIENT = "posture"
# These have one value at a time, as a lane of the timeline needs; with the group of their words.
LANES = {
    SpanKind.ACTIVITY: "activity",
    SpanKind.POSTURE: "label",
    SpanKind.SILENCE: "silence",
}

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def export(
    spans: Sequence[Span], told: Iterable[Told], hostname: str, words: Words
) -> dict[str, Json]:
    """The document that "Import buckets" of ActivityWatch takes."""
    began_us = min((span.began_us for span in spans), default=0)
    ended_us = max((span.ended_us for span in spans), default=0)
    buckets: dict[str, Json] = {}
    for kind, group in LANES.items():
        tiles = tile([span for span in spans if span.kind is kind], began_us, ended_us)
        events: list[Json] = [
            _span_event(one, words.name(group, one.value)) for one in join(tiles, by_value=True)
        ]
        buckets |= _bucket(str(kind), events, hostname, began_us)
    reminders: list[Json] = [_reminder_event(one) for one in told]
    return {"buckets": buckets | _bucket("reminder", reminders, hostname, began_us)}


def bucket_type(kind: str) -> str:
    """What a bucket of *kind* holds."""
    return f"{CLIENT}.{kind}"


def event(began_us: int, seconds: float, data: dict[str, Json]) -> dict[str, Json]:
    """One event."""
    return {"timestamp": _time(began_us), "duration": seconds, "data": data}


def span_data(title: str, value: str, reason: str | None) -> dict[str, Json]:
    """What an event tells of a span."""
    data: dict[str, Json] = {"title": title, "value": value}
    if reason is not None:
        data["reason"] = reason
    return data


def _bucket(kind: str, events: list[Json], hostname: str, created_us: int) -> dict[str, Json]:
    name = f"{CLIENT}-{kind}_{hostname}"
    return {
        name: {
            "id": name,
            "type": bucket_type(kind),
            "client": CLIENT,
            "hostname": hostname,
            "created": _time(created_us),
            "events": events,
        }
    }


def _span_event(one: Tile, title: str) -> Json:
    return event(one.began_us, one.seconds, span_data(title, one.value, one.reason))


def _reminder_event(told: Told) -> Json:
    reminder = told.reminder
    data: dict[str, Json] = {"title": reminder.title, "kind": str(reminder.kind)}
    if told.fate is not None:
        data["fate"] = str(told.fate)
    return event(reminder.at_us, told.after_s or 0.0, data)


def _time(moment_us: int) -> str:
    seconds, rest = divmod(moment_us, US_PER_S)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest).isoformat()
