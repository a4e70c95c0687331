"""Removing days from the journal, so that nothing of them stays in the file."""

from __future__ import annotations

import sqlite3

from posture.journal.file import Trouble, trouble_of
from posture.journal.packing import pack, unpack
from posture.journal.rows import US_PER_HOUR
from posture.journal.writing import (
    ERASED_UNTIL,
    LONGEST_SPAN,
    measure_code,
    measure_reader,
    raise_meta_number,
    set_meta_number,
)


def erase_before(connection: sqlite3.Connection, cut_us: int) -> None:
    """Remove everything before *cut_us*; what reaches over it is cut there."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        _spans_before(connection, cut_us)
        _hours_before(connection, cut_us)
        connection.execute("DELETE FROM reminder WHERE at_us < ?", (cut_us,))
        connection.execute("DELETE FROM event WHERE at_us < ?", (cut_us,))
        connection.execute(
            "DELETE FROM run WHERE seen_us < ? AND id NOT IN (SELECT run FROM span"
            " UNION SELECT run FROM hour UNION SELECT run FROM reminder"
            " UNION SELECT run FROM event)",
            (cut_us,),
        )
        connection.execute("UPDATE run SET started_us = ? WHERE started_us < ?", (cut_us, cut_us))
        _loose_ends(connection)
        raise_meta_number(connection, ERASED_UNTIL, cut_us)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def erase_all(connection: sqlite3.Connection, now_us: int) -> None:
    """Remove every row; a running monitor goes on from *now_us* with an empty log."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for table in ("span", "hour", "reminder", "fate", "event", "run"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names from the line above
        _loose_ends(connection)
        set_meta_number(connection, LONGEST_SPAN, 0)
        set_meta_number(connection, ERASED_UNTIL, now_us)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def shrink(connection: sqlite3.Connection, patience_s: float) -> bool:
    """Rewrite the file without its free pages and empty the write-ahead log.

    On a full disk the file keeps its size: its free pages are overwritten already (secure_delete).
    False: for *patience_s* a reader kept hold of the old pages, so that what was erased can
    still be found in the files.
    """
    connection.execute(f"PRAGMA busy_timeout = {round(patience_s * 1000)}")
    # Else the whole log would go through a file in the system's temporary folder.
    connection.execute("PRAGMA temp_store = MEMORY")
    try:
        connection.execute("VACUUM")
    except sqlite3.OperationalError as error:
        match trouble_of(error):
            case Trouble.LOCKED:  # without write-ahead logging a reader stops the rewriting itself
                return False
            case Trouble.DISK_FULL:
                pass
            case _:
                raise
    return empty_log_ahead(connection)


def empty_log_ahead(connection: sqlite3.Connection) -> bool:
    """Bring the write-ahead log into the file and cut it to nothing; False: a reader was in it."""
    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def _spans_before(connection: sqlite3.Connection, cut_us: int) -> None:
    connection.execute("DELETE FROM span WHERE began_us + length_us <= ?", (cut_us,))
    connection.execute(
        "UPDATE OR REPLACE span SET began_us = :cut, length_us = began_us + length_us - :cut"
        " WHERE began_us < :cut",
        {"cut": cut_us},
    )


def _hours_before(connection: sqlite3.Connection, cut_us: int) -> None:
    connection.execute("DELETE FROM hour WHERE hour_us <= ?", (cut_us - US_PER_HOUR,))
    crossing = connection.execute(
        "SELECT hour_us, run, minutes FROM hour WHERE hour_us < ?", (cut_us,)
    ).fetchall()
    for hour_us, run, packed in crossing:
        minutes = unpack(packed, hour_us, measure_reader(connection))
        kept = [minute for minute in minutes if minute.minute_us >= cut_us]
        if kept:
            connection.execute(
                "UPDATE hour SET minutes = ? WHERE hour_us = ? AND run = ?",
                (pack(kept, lambda name: measure_code(connection, name)), hour_us, run),
            )
        else:
            connection.execute("DELETE FROM hour WHERE hour_us = ? AND run = ?", (hour_us, run))


def _loose_ends(connection: sqlite3.Connection) -> None:
    """Fates without a reminder, and words nothing says any more."""
    connection.execute(
        "DELETE FROM fate WHERE NOT EXISTS (SELECT 1 FROM reminder AS r"
        " WHERE r.run = fate.run AND r.id = fate.reminder)"
    )
    connection.execute(
        "DELETE FROM word WHERE id NOT IN ("
        "SELECT kind FROM span UNION SELECT value FROM span"
        " UNION SELECT reason FROM span WHERE reason IS NOT NULL"
        " UNION SELECT worst FROM span WHERE worst IS NOT NULL"
        " UNION SELECT kind FROM reminder UNION SELECT fate FROM fate"
        " UNION SELECT kind FROM event UNION SELECT value FROM event"
        " UNION SELECT reason FROM event WHERE reason IS NOT NULL)"
    )
