"""The export as ActivityWatch reads it.

``SCHEMA`` says in one piece what aw-core 0.5.18 documents (``aw_core/schemas``: ``export.json``,
``bucket.json``, ``event.json``) and what its readers ask beyond that: aw-server and aw-server-rust
take the buckets as a map from their ids (``import_all``, ``BucketsExport``), read ``created`` and
``events`` of each, and know no other fields of an event; a length is never negative.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from days import BERLIN
from jsonschema import Draft202012Validator

from posture.core.effects import Fate
from posture.journal import activitywatch, demo
from posture.journal.export import EVER
from posture.journal.rows import Records, Span
from posture.journal.texts import Words
from posture.journal.told import told_of

# ISO 8601 with a zone: without one aw-core takes it for UTC and warns.
TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$"
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["buckets"],
    "properties": {
        "buckets": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {"$ref": "#/$defs/bucket"},
        }
    },
    "$defs": {
        "bucket": {
            "type": "object",
            "required": ["id", "type", "client", "hostname", "created", "events"],
            "properties": {
                **{name: {"type": "string", "minLength": 1} for name in ("id", "type", "client")},
                "name": {"type": "string"},
                "hostname": {"type": "string", "minLength": 1},
                "created": {"type": "string", "pattern": TIME},
                "data": {"type": "object"},
                "events": {"type": "array", "items": {"$ref": "#/$defs/event"}},
            },
        },
        "event": {
            "type": "object",
            "required": ["timestamp", "duration", "data"],
            "additionalProperties": False,
            "properties": {
                "id": {"type": ["string", "integer"]},
                "timestamp": {"type": "string", "pattern": TIME},
                "duration": {"type": "number", "minimum": 0},
                "data": {"type": "object"},
            },
        },
    },
}
CHECK = Draft202012Validator(SCHEMA)
RECORDS = demo.month(date(2026, 11, 20), BERLIN)


def exported(records: Records) -> dict[str, Any]:
    told = told_of(records, *EVER)
    return activitywatch.export(records.spans, told, "desk", Words("en", BERLIN))


@pytest.fixture(scope="module")
def month() -> dict[str, Any]:
    return exported(RECORDS)


def bucket(document: dict[str, Any], kind: str) -> dict[str, Any]:
    found: dict[str, Any] = document["buckets"][f"posture-{kind}_desk"]
    return found


def test_a_month_is_as_the_schema_says(month: dict[str, Any]) -> None:
    assert [error.message for error in CHECK.iter_errors(month)] == []
    assert {name: one["id"] for name, one in month["buckets"].items()} == {
        name: name for name in month["buckets"]
    }
    assert {one["type"] for one in month["buckets"].values()} == {
        "posture.activity",
        "posture.posture",
        "posture.silence",
        "posture.reminder",
    }


def test_a_log_with_nothing_in_it_too() -> None:
    assert CHECK.is_valid(exported(Records()))


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.update(buckets=list(document["buckets"].values())),
        lambda document: bucket(document, "posture").pop("hostname"),
        lambda document: bucket(document, "posture").pop("created"),
        lambda document: bucket(document, "posture").update(created="2026-11-20 08:00"),
        lambda document: bucket(document, "posture")["events"][0].update(duration=-1.0),
        lambda document: bucket(document, "posture")["events"][0].update(duration="1"),
        lambda document: bucket(document, "posture")["events"][0].update(title="upright"),
        lambda document: bucket(document, "posture")["events"][0].update(
            timestamp="2026-11-20T08:00:00"
        ),
    ],
)
def test_the_schema_refuses_what_activitywatch_would(
    month: dict[str, Any], change: Callable[[dict[str, Any]], object]
) -> None:
    broken = copy.deepcopy(month)
    change(broken)

    assert not CHECK.is_valid(broken)


def test_every_lane_tells_every_second_once(month: dict[str, Any]) -> None:
    """The events of a lane lie one after the other and last as long as the spans."""
    for kind in ("activity", "posture"):
        spans = [span for span in RECORDS.spans if span.kind == kind]
        ended = None
        total_s = 0.0
        for event in bucket(month, kind)["events"]:
            began = datetime.fromisoformat(event["timestamp"])
            assert began.utcoffset() == timedelta(0)
            assert ended is None or began >= ended
            ended = began + timedelta(seconds=event["duration"])
            total_s += event["duration"]
        assert total_s == pytest.approx(sum(length_s(span) for span in spans), abs=1e-3)


def length_s(span: Span) -> float:
    return (span.ended_us - span.began_us) / 1e6


def test_reminders_tell_what_became_of_them(month: dict[str, Any]) -> None:
    events = bucket(month, "reminder")["events"]

    assert len(events) == len(RECORDS.reminders)
    heeded = [event for event in events if event["data"]["fate"] == "heeded"]
    fates = [fate for fate in RECORDS.fates if fate.fate is Fate.HEEDED]
    assert sorted(event["duration"] for event in heeded) == sorted(
        fate.after_s for fate in fates if fate.after_s is not None
    )
