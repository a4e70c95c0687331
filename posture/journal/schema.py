"""The tables of the journal and how an older file becomes a newer one.

A migration is never changed once released; the next one is appended. Each runs with its record
in one transaction, so that a file is always of exactly one version.
"""

from __future__ import annotations

import sqlite3
import uuid

from posture import __version__
from posture.errors import JournalError

# "PSTR", so that `file` and an import can tell this SQLite file from any other.
APPLICATION_ID = 0x50535452

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE migration (
            version INTEGER PRIMARY KEY, applied_us INTEGER NOT NULL, program TEXT NOT NULL
        ) STRICT""",
        "CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID",
        """CREATE TABLE run (
            id INTEGER PRIMARY KEY,
            uuid TEXT NOT NULL UNIQUE,
            computer TEXT NOT NULL,
            version TEXT NOT NULL,
            time_scale REAL NOT NULL CHECK (time_scale > 0),
            source TEXT,
            zone TEXT,
            started_us INTEGER NOT NULL,
            seen_us INTEGER NOT NULL
        ) STRICT""",
        # Measures apart from other words: packed hours name them by number.
        "CREATE TABLE measure (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT",
        "CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT",
        """CREATE TABLE span (
            began_us INTEGER NOT NULL,
            kind INTEGER NOT NULL REFERENCES word,
            run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
            length_us INTEGER NOT NULL CHECK (length_us > 0),
            value INTEGER NOT NULL REFERENCES word,
            reason INTEGER REFERENCES word,
            worst INTEGER REFERENCES word,
            PRIMARY KEY (began_us, kind, run)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE hour (
            hour_us INTEGER NOT NULL,
            run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
            minutes BLOB NOT NULL,
            UNIQUE (hour_us, run)
        ) STRICT""",
        """CREATE TABLE reminder (
            at_us INTEGER NOT NULL,
            run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
            id INTEGER NOT NULL,
            kind INTEGER NOT NULL REFERENCES word,
            began_us INTEGER NOT NULL,
            title TEXT NOT NULL,
            text TEXT NOT NULL,
            measures TEXT NOT NULL,
            PRIMARY KEY (run, id)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX reminder_by_time ON reminder (at_us)",
        """CREATE TABLE fate (
            run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
            reminder INTEGER NOT NULL,
            at_us INTEGER NOT NULL,
            fate INTEGER NOT NULL REFERENCES word,
            after_s REAL,
            why TEXT,
            improvement TEXT NOT NULL,
            PRIMARY KEY (run, reminder, at_us, fate)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE event (
            at_us INTEGER NOT NULL,
            run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
            kind INTEGER NOT NULL REFERENCES word,
            value INTEGER NOT NULL REFERENCES word,
            reason INTEGER REFERENCES word,
            PRIMARY KEY (at_us, run, kind, value)
        ) STRICT, WITHOUT ROWID""",
        # For people who open the file with another tool.
        """CREATE VIEW span_in_words AS
            SELECT k.text AS kind, v.text AS value,
                datetime(began_us / 1000000, 'unixepoch') AS began_utc,
                datetime((began_us + length_us) / 1000000, 'unixepoch') AS ended_utc,
                length_us / 1e6 AS seconds,
                r.text AS reason, w.text AS worst, run
            FROM span
            JOIN word k ON k.id = kind JOIN word v ON v.id = value
            LEFT JOIN word r ON r.id = reason LEFT JOIN word w ON w.id = worst""",
        f"PRAGMA application_id = {APPLICATION_ID}",
    ),
    # Hours are packed tighter: who does not know how must not take them for damage.
    (),
)
VERSION = len(MIGRATIONS)


class JournalNewer(JournalError):
    """The file was written by a newer version of the program."""


def version_of(connection: sqlite3.Connection) -> int:
    """The schema version of an open file; 0 for an empty one."""
    found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return found


def refuse_newer(connection: sqlite3.Connection, name: str) -> None:
    """Raise :class:`JournalNewer` for a file this program cannot understand."""
    found = version_of(connection)
    if found > VERSION:
        raise JournalNewer(
            f"The log {name} was written by a newer posture "
            f"(format {found}, this one knows {VERSION}).",
            "Update posture, or choose another folder with --data-dir.",
        )


def migrate(connection: sqlite3.Connection, now_us: int) -> None:
    """Bring an open file to :data:`VERSION`, one transaction per step."""
    for target in range(version_of(connection) + 1, VERSION + 1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            if version_of(connection) < target:
                _apply(connection, target, now_us)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def _apply(connection: sqlite3.Connection, target: int, now_us: int) -> None:
    for statement in MIGRATIONS[target - 1]:
        connection.execute(statement)
    if target == 1:
        # A random name tells two computers' logs apart when they are merged; it names nobody.
        connection.execute("INSERT INTO meta VALUES ('computer', ?)", (uuid.uuid4().hex,))
    connection.execute("INSERT INTO migration VALUES (?, ?, ?)", (target, now_us, __version__))
    connection.execute(f"PRAGMA user_version = {target}")
