"""The whole log as a file for its owner: JSON, CSV, an SQLite copy."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import fields
from datetime import tzinfo
from pathlib import Path
from typing import IO, TypeVar

from posture import __version__
from posture.errors import OutputUnwritable
from posture.journal.calendar import local
from posture.journal.reader import Reader
from posture.journal.rows import Event, Minute, ReminderFateRow, ReminderRow, Row, Run, Span
from posture.paths import refuse_folder
from posture.plain_file import refuse_device

# Of the JSON document; import reads every version up to this.
FORMAT = 1
# The years 1970 to 2255: what every clock and column can hold.
EVER = (0, 9_000_000_000_000_000)

RowT = TypeVar("RowT", Span, Minute, ReminderRow, ReminderFateRow, Event)


def write_json(reader: Reader, out: IO[str]) -> None:
    """Everything, run by run, as :mod:`posture.journal.merge` reads it back; times in UTC µs."""
    head = f'{{"posture_log": {FORMAT}, "program": {json.dumps(__version__)}, "runs": ['
    out.write(head)
    parts = {
        "spans": _by_run(reader.spans(*EVER)),
        "minutes": _by_run(reader.minutes(*EVER)),
        "reminders": _by_run(reader.reminders(*EVER)),
        "fates": _by_run(reader.fates(*EVER)),
        "events": _by_run(reader.events(*EVER)),
    }
    for number, run in enumerate(reader.runs(*EVER)):
        document = _plain(run, without="id")
        for name, rows in parts.items():
            document[name] = [_row(row) for row in rows.get(run.id, ())]
        out.write(",\n" if number else "\n")
        json.dump(document, out, ensure_ascii=False, separators=(",", ":"))
    out.write("\n]}\n")


def _by_run(rows: Iterable[RowT]) -> Mapping[int, Sequence[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row.run, []).append(row)
    return found


def _row(row: Row) -> dict[str, object]:
    if not isinstance(row, Minute):
        return _plain(row, without="run")
    measures = {name: [one.median, one.p10, one.p90, one.n] for name, one in row.measures.items()}
    return {
        "minute_us": row.minute_us, "valid_s": round(row.valid_s, 1), "measures": measures
    }  # fmt: skip


def _plain(row: Row | Run, without: str) -> dict[str, object]:
    return {
        one.name: getattr(row, one.name)
        for one in fields(row)
        if one.name != without and getattr(row, one.name) is not None
    }


def write_csv(reader: Reader, zone: tzinfo, out: IO[bytes]) -> None:
    """A zip of tables with local times: spans, minutes, reminders, events."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (head, rows) in _tables(reader, zone).items():
            with archive.open(f"{name}.csv", "w") as file:
                text = io.TextIOWrapper(file, encoding="utf-8", newline="")
                writer = csv.writer(text, lineterminator="\n")
                writer.writerow(head)
                writer.writerows(rows)
                text.flush()
                text.detach()


def _tables(
    reader: Reader, zone: tzinfo
) -> dict[str, tuple[Sequence[str], Iterable[Sequence[object]]]]:
    def time(moment_us: int) -> str:
        return local(moment_us, zone).isoformat(timespec="milliseconds")

    spans = (
        (s.kind, s.value, time(s.began_us), time(s.ended_us), s.seconds, s.reason, s.worst)
        for s in reader.spans(*EVER)
    )
    minutes = reader.minutes(*EVER)
    names = sorted({name for minute in minutes for name in minute.measures})
    settled = {(one.run, one.reminder_id): one for one in reader.fates(*EVER)}
    reminders = (
        (time(r.at_us), r.kind, r.title, r.text, *_last_fate(settled.get((r.run, r.id))))
        for r in reader.reminders(*EVER)
    )
    events = ((time(e.at_us), e.kind, e.value, e.reason) for e in reader.events(*EVER))
    return {
        "spans": (
            ("kind", "value", "began", "ended", "seconds", "reason", "worst_measure"),
            spans,
        ),
        "minutes": (
            ("minute", "valid_s", *(f"{n}_{part}" for n in names for part in _PARTS)),
            _minute_rows(minutes, names, time),
        ),
        "reminders": (("at", "kind", "title", "text", "fate", "after_s", "why"), reminders),
        "events": (("at", "kind", "value", "reason"), events),
    }


_PARTS = ("median", "p10", "p90", "n")


def _minute_rows(
    minutes: Iterable[Minute], names: Sequence[str], time: Callable[[int], str]
) -> Iterator[Sequence[object]]:
    for minute in minutes:
        cells: list[object] = []
        for name in names:
            one = minute.measures.get(name)
            cells += [getattr(one, part) if one else None for part in _PARTS]
        yield (time(minute.minute_us), round(minute.valid_s, 1), *cells)


def _last_fate(fate: ReminderFateRow | None) -> tuple[object, object, object]:
    return (None, None, None) if fate is None else (fate.fate, fate.after_s, fate.why)


def copy_sqlite(source: Path, target: Path) -> None:
    """A private copy of the journal's file, whole even while the monitor writes."""
    refuse_folder(target)
    try:
        refuse_device(target)
        # mkstemp creates the file 0600.
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        os.close(handle)
    except OSError as error:
        raise OutputUnwritable(
            f"{target} cannot be written: {error.strerror}.", "Check the folder."
        ) from error
    copy = Path(name)
    try:
        uri = f"{source.absolute().as_uri()}?mode=ro"
        with (
            closing(sqlite3.connect(uri, uri=True)) as read,
            closing(sqlite3.connect(copy)) as made,
        ):
            read.backup(made)
            # The copy is one file, without the companions of write-ahead logging.
            made.execute("PRAGMA journal_mode = DELETE")
        copy.replace(target)
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
