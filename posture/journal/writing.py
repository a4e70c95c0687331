"""Rows into tables, within a transaction that the caller holds."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from typing import assert_never

from posture.journal.packing import pack, unpack
from posture.journal.rows import (
    US_PER_HOUR,
    Event,
    Minute,
    ReminderFateRow,
    ReminderRow,
    Row,
    Run,
    Span,
)

LONGEST_SPAN = "longest_span_us"
ERASED_UNTIL = "erased_until_us"
COMPUTER = "computer"

# By "replace": whether a row already there gives way to the new one.
_SPAN = {
    True: "INSERT OR REPLACE INTO span (began_us, kind, run, length_us, value, reason, worst)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)",
    False: "INSERT OR IGNORE INTO span (began_us, kind, run, length_us, value, reason, worst)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)",
}
_REMINDER = {
    True: "INSERT OR REPLACE INTO reminder"
    " (at_us, run, id, kind, began_us, title, text, measures) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    False: "INSERT OR IGNORE INTO reminder"
    " (at_us, run, id, kind, began_us, title, text, measures) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
}
_FATE = {
    True: "INSERT OR REPLACE INTO fate (run, reminder, at_us, fate, after_s, why, improvement)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)",
    False: "INSERT OR IGNORE INTO fate (run, reminder, at_us, fate, after_s, why, improvement)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)",
}


class Writer:
    """Writes rows through one connection; remembers the numbers of words."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._codes: dict[str, int] = {}
        self._measures: dict[str, int] = {}
        self._data_version: int | None = None
        self._longest_us = 0

    def begin(self) -> None:
        """Start the transaction; forget what another connection may have changed."""
        self._db.execute("BEGIN IMMEDIATE")
        seen = self._db.execute("PRAGMA data_version").fetchone()[0]
        if seen != self._data_version:
            self._codes.clear()
            self._measures.clear()
            self._data_version = seen
            self._longest_us = meta_number(self._db, LONGEST_SPAN)

    def commit(self) -> None:
        """Make the transaction's rows durable."""
        self._db.execute("COMMIT")

    def abandon(self) -> None:
        """Undo the transaction, if one is still open."""
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")
        # Words numbered within it are gone with it.
        self._data_version = None

    def run(self, run: Run) -> int:
        """Write a run, or note that it was seen later; return its number in this file."""
        row = self._db.execute(
            "INSERT INTO run (uuid, computer, version, time_scale, source, zone, started_us,"
            " seen_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (uuid) DO UPDATE SET seen_us = max(seen_us, excluded.seen_us)"
            " RETURNING id",
            (
                run.uuid,
                run.computer,
                run.version,
                run.time_scale,
                run.source,
                run.zone,
                run.started_us,
                run.seen_us,
            ),
        ).fetchall()
        number: int = row[0][0]
        return number

    def rows(self, run: int, rows: Iterable[Row], *, replace: bool = True) -> None:
        """Write *rows* of one run. ``replace``: a row already there gives way to the new one."""
        hours: dict[int, list[Minute]] = {}
        for row in rows:
            match row:
                case Minute():
                    hours.setdefault(row.minute_us - row.minute_us % US_PER_HOUR, []).append(row)
                case Span():
                    self._span(run, row, replace)
                case ReminderRow():
                    self._reminder(run, row, replace)
                case ReminderFateRow():
                    self._fate(run, row, replace)
                case Event():
                    self._event(run, row)
                case _:
                    assert_never(row)
        for hour_us, minutes in hours.items():
            self._hour(run, hour_us, minutes)
        self._note_longest()

    def erased_until_us(self) -> int:
        """The user erased everything before this moment."""
        return meta_number(self._db, ERASED_UNTIL)

    def _code(self, text: str) -> int:
        """The number of a word, given out on its first use."""
        if text not in self._codes:
            self._db.execute("INSERT INTO word (text) VALUES (?) ON CONFLICT DO NOTHING", (text,))
            row = self._db.execute("SELECT id FROM word WHERE text = ?", (text,)).fetchone()
            self._codes[text] = int(row[0])
        return self._codes[text]

    def _measure_code(self, name: str) -> int:
        if name not in self._measures:
            self._measures[name] = measure_code(self._db, name)
        return self._measures[name]

    def _maybe(self, text: str | None) -> int | None:
        return None if text is None else self._code(text)

    def _span(self, run: int, span: Span, replace: bool) -> None:
        self._db.execute(
            _SPAN[replace],
            (
                span.began_us,
                self._code(span.kind),
                run,
                span.ended_us - span.began_us,
                self._code(span.value),
                self._maybe(span.reason),
                self._maybe(span.worst),
            ),
        )
        self._longest_us = max(self._longest_us, span.ended_us - span.began_us)

    def _note_longest(self) -> None:
        """Readers look back this far for a span that reaches into the time they ask for."""
        raise_meta_number(self._db, LONGEST_SPAN, self._longest_us)

    def _hour(self, run: int, hour_us: int, minutes: list[Minute]) -> None:
        stored = self._db.execute(
            "SELECT minutes FROM hour WHERE hour_us = ? AND run = ?", (hour_us, run)
        ).fetchone()
        known = unpack(stored[0], hour_us, measure_reader(self._db)) if stored else []
        merged = {minute.minute_us: minute for minute in known}
        for minute in minutes:
            before = merged.get(minute.minute_us)
            # A clock set back passes the same minute twice: the better seen one stands.
            if before is None or minute.valid_s >= before.valid_s:
                merged[minute.minute_us] = minute
        self._db.execute(
            "INSERT INTO hour (hour_us, run, minutes) VALUES (?, ?, ?)"
            " ON CONFLICT (hour_us, run) DO UPDATE SET minutes = excluded.minutes",
            (hour_us, run, pack(merged.values(), self._measure_code)),
        )

    def _reminder(self, run: int, row: ReminderRow, replace: bool) -> None:
        self._db.execute(
            _REMINDER[replace],
            (
                row.at_us,
                run,
                row.id,
                self._code(row.kind),
                row.began_us,
                row.title,
                row.text,
                _json(row.measures),
            ),
        )

    def _fate(self, run: int, row: ReminderFateRow, replace: bool) -> None:
        self._db.execute(
            _FATE[replace],
            (
                run,
                row.reminder_id,
                row.at_us,
                self._code(row.fate),
                row.after_s,
                row.why,
                _json(row.improvement),
            ),
        )

    def _event(self, run: int, row: Event) -> None:
        self._db.execute(
            "INSERT OR IGNORE INTO event (at_us, run, kind, value, reason) VALUES (?, ?, ?, ?, ?)",
            (row.at_us, run, self._code(row.kind), self._code(row.value), self._maybe(row.reason)),
        )


def word_reader(connection: sqlite3.Connection) -> Callable[[int], str]:
    """A function from the number of a word to the word, remembering what it read."""
    return _reader(connection, "SELECT text FROM word WHERE id = ?")


def measure_reader(connection: sqlite3.Connection) -> Callable[[int], str]:
    """A function from the number of a measure to its name, remembering what it read."""
    return _reader(connection, "SELECT name FROM measure WHERE id = ?")


def measure_code(connection: sqlite3.Connection, name: str) -> int:
    """The number of a measure, given out on its first use."""
    connection.execute("INSERT INTO measure (name) VALUES (?) ON CONFLICT DO NOTHING", (name,))
    row = connection.execute("SELECT id FROM measure WHERE name = ?", (name,)).fetchone()
    return int(row[0])


def _reader(connection: sqlite3.Connection, query: str) -> Callable[[int], str]:
    known: dict[int, str] = {}

    def read(code: int) -> str:
        if code not in known:
            row = connection.execute(query, (code,)).fetchone()
            known[code] = str(row[0]) if row else f"number {code}"
        return known[code]

    return read


def meta_number(connection: sqlite3.Connection, name: str) -> int:
    """A whole number kept under *name*; 0 when there is none."""
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return int(row[0]) if row else 0


def set_meta_number(connection: sqlite3.Connection, name: str, value: int) -> None:
    """Keep a whole number under *name*."""
    connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (name, value))


def raise_meta_number(connection: sqlite3.Connection, name: str, value: int) -> None:
    """Keep a whole number under *name* unless a greater one is there."""
    if value > meta_number(connection, name):
        set_meta_number(connection, name, value)


def computer_of(connection: sqlite3.Connection) -> str:
    """The random name of the computer this file belongs to."""
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (COMPUTER,)).fetchone()
    return str(row[0])


def _json(numbers: Mapping[str, float]) -> str:
    return json.dumps(dict(numbers), sort_keys=True, separators=(",", ":"))
