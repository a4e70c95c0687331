"""Merging a log from elsewhere into this one, without doubles, however often."""

from __future__ import annotations

import json
import math
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from posture.core.effects import Fate, MinuteMeasure, ReminderKind, SpanKind
from posture.errors import JournalError
from posture.journal.export import EVER, FORMAT
from posture.journal.reader import JournalDamaged, Reader
from posture.journal.rows import (
    US_PER_MINUTE,
    Event,
    Minute,
    ReminderFateRow,
    ReminderRow,
    Row,
    Run,
    Span,
    check_event,
)
from posture.journal.schema import JournalNewer
from posture.journal.writing import Writer
from posture.plain_file import read_head, read_text

_SQLITE_HEAD = b"SQLite format 3\x00"
# Chosen: far above what years of the log make as JSON.
_LARGEST_BYTES = 500_000_000
_MAX_US = EVER[1]
_UUID = re.compile(r"[0-9a-f]{32}")
_MAX_TEXT = 10_000

T = TypeVar("T")


class NotALog(JournalError):
    """The file is no exported log, or a damaged one."""


@dataclass(frozen=True, slots=True)
class Part:
    """One run from elsewhere with all its rows."""

    run: Run
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge brought: runs read, those not known before, rows written."""

    runs: int
    new_runs: int
    rows: int


def merge(connection: sqlite3.Connection, parts: Iterable[Part]) -> Merged:
    """Write *parts* in one transaction. A run known already takes what is newer."""
    writer = Writer(connection)
    writer.begin()
    runs = new = rows = 0
    try:
        for part in parts:
            seen_us = _seen_us(connection, part.run.uuid)
            number = writer.run(part.run)
            # Days that had been deleted come back, and with them the run's beginning.
            connection.execute(
                "UPDATE run SET started_us = min(started_us, ?) WHERE id = ?",
                (part.run.started_us, number),
            )
            replace = seen_us is None or part.run.seen_us >= seen_us
            writer.rows(number, part.rows, replace=replace)
            runs, new, rows = runs + 1, new + (seen_us is None), rows + len(part.rows)
        writer.commit()
    except BaseException:
        writer.abandon()
        raise
    return Merged(runs, new, rows)


def _seen_us(connection: sqlite3.Connection, run_uuid: str) -> int | None:
    row = connection.execute("SELECT seen_us FROM run WHERE uuid = ?", (run_uuid,)).fetchone()
    return None if row is None else int(row[0])


def read_file(path: Path) -> list[Part]:
    """The runs of an exported JSON file or of another journal. Raises :class:`NotALog`."""
    try:
        if read_head(path, len(_SQLITE_HEAD)) == _SQLITE_HEAD:
            return list(_journal(path))
        document = json.loads(read_text(path, _LARGEST_BYTES))
    except OSError as error:
        raise NotALog(f"{path} cannot be read: {error.strerror}.", "Check its name.") from error
    except (ValueError, RecursionError) as error:
        raise _not_a_log(path, "it is neither JSON nor SQLite") from error
    return _parts(path, document)


def _journal(path: Path) -> Iterator[Part]:
    """The runs of another journal. Its troubles are those of a file to import, not of the log."""
    try:
        yield from _runs(path)
    except JournalNewer as error:
        raise NotALog(f"{path} was exported by a newer posture.", "Update posture.") from error
    except JournalDamaged as error:
        raise _not_a_log(path, f"it is damaged: {error.why}") from error


def _runs(path: Path) -> Iterator[Part]:
    with closing(Reader.of_file(path)) as reader:
        rows: dict[int, list[Row]] = {}
        for found in (
            reader.spans(*EVER),
            reader.minutes(*EVER),
            reader.reminders(*EVER),
            reader.fates(*EVER),
            reader.events(*EVER),
        ):
            for row in found:
                rows.setdefault(row.run, []).append(row)
        for run in reader.runs(*EVER):
            yield Part(run, rows.get(run.id, []))


def _parts(path: Path, document: object) -> list[Part]:
    if not isinstance(document, dict) or "posture_log" not in document:
        raise _not_a_log(path, "it was not exported by posture")
    version = document["posture_log"]
    if not isinstance(version, int) or version > FORMAT:
        raise NotALog(f"{path} was exported by a newer posture.", "Update posture.")
    try:
        return [_part(run) for run in document["runs"]]
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise _not_a_log(path, f"it is damaged: {error}") from error


def _not_a_log(path: Path, why: str) -> NotALog:
    return NotALog(f"{path} is no exported log ({why}).", "Export one with: posture data export")


def _part(given: Mapping[str, Any]) -> Part:
    run = Run(
        uuid=_checked(given["uuid"], _UUID.fullmatch),
        computer=_text(given["computer"]),
        version=_text(given["version"]),
        started_us=_moment(given["started_us"]),
        seen_us=_moment(given["seen_us"]),
        time_scale=_number(given.get("time_scale", 1.0), above=0),
        source=_maybe(given.get("source")),
        zone=_maybe(given.get("zone")),
    )
    rows: list[Row] = [_span(one) for one in given["spans"]]
    rows += [_minute(one) for one in given["minutes"]]
    rows += [_reminder(one) for one in given["reminders"]]
    rows += [_fate(one) for one in given["fates"]]
    rows += [_event(one) for one in given["events"]]
    return Part(run, rows)


def _span(given: Mapping[str, Any]) -> Span:
    began, ended = _moment(given["began_us"]), _moment(given["ended_us"])
    if ended <= began:
        raise ValueError("a span ends before it begins")
    return Span(
        SpanKind(given["kind"]),
        _text(given["value"]),
        began,
        ended,
        _maybe(given.get("reason")),
        _maybe(given.get("worst")),
    )


def _minute(given: Mapping[str, Any]) -> Minute:
    moment = _checked(_moment(given["minute_us"]), lambda us: us % US_PER_MINUTE == 0)
    measures = {}
    for name, values in given["measures"].items():
        median, p10, p90, n = values
        count = _checked(n, lambda n: type(n) is int and n > 0)
        measures[_text(name)] = MinuteMeasure(_number(median), _number(p10), _number(p90), count)
    return Minute(moment, _checked(_number(given["valid_s"]), lambda s: 0 <= s <= 3600), measures)


def _reminder(given: Mapping[str, Any]) -> ReminderRow:
    return ReminderRow(
        _checked(given["id"], lambda number: type(number) is int and abs(number) < 2**62),
        ReminderKind(given["kind"]),
        _moment(given["at_us"]),
        _moment(given["began_us"]),
        _text(given["title"]),
        _text(given["text"]),
        {_text(name): _number(value) for name, value in given["measures"].items()},
    )


def _fate(given: Mapping[str, Any]) -> ReminderFateRow:
    after_s = given.get("after_s")
    return ReminderFateRow(
        _checked(given["reminder_id"], lambda number: type(number) is int),
        _moment(given["at_us"]),
        Fate(given["fate"]),
        None if after_s is None else _number(after_s),
        _maybe(given.get("why")),
        {_text(name): _number(value) for name, value in given["improvement"].items()},
    )


def _event(given: Mapping[str, Any]) -> Event:
    event = Event(
        _text(given["kind"]),
        _moment(given["at_us"]),
        _text(given["value"]),
        _maybe(given.get("reason")),
    )
    check_event(event)
    return event


def _checked(value: T, fits: Callable[[T], object]) -> T:
    if not fits(value):
        raise ValueError(f"{value!r} cannot be")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > _MAX_TEXT:
        raise ValueError(f"{value!r} is no text")
    value.encode("utf-8")  # JSON may hold half characters, which nothing can store
    return value


def _maybe(value: object) -> str | None:
    return None if value is None else _text(value)


def _moment(value: object) -> int:
    if type(value) is not int or not 0 <= value <= _MAX_US:
        raise ValueError(f"{value!r} is no time")
    return value


def _number(value: object, above: float = -math.inf) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no number")
    if not math.isfinite(value) or value <= above:
        raise ValueError(f"{value!r} is out of range")
    return float(value)
