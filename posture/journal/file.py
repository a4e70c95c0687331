"""The journal's file: found, created private, opened, checked, and set aside when damaged."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from posture.clock import US_PER_S
from posture.errors import JournalError
from posture.journal.schema import APPLICATION_ID, MIGRATIONS, version_of
from posture.paths import FILE_MODE, make_private
from posture.plain_file import refuse_device

FILE_NAME = "posture.db"
# STRICT tables came with SQLite 3.37, RETURNING with 3.35.
OLDEST_SQLITE = (3, 37, 0)
_COMPANIONS = ("-wal", "-shm", "-journal")


class Trouble(StrEnum):
    """Why the journal cannot be written just now."""

    LOCKED = "locked"
    READ_ONLY = "read_only"
    DISK_FULL = "disk_full"
    NEWER = "newer"
    IO_ERROR = "io_error"


class Damaged(Exception):
    """The file is not a journal, or its contents are broken."""


class Foreign(Damaged):
    """The file is a database, but of another program."""


_TROUBLE_OF = {
    sqlite3.SQLITE_BUSY: Trouble.LOCKED,
    sqlite3.SQLITE_LOCKED: Trouble.LOCKED,
    sqlite3.SQLITE_PROTOCOL: Trouble.LOCKED,
    sqlite3.SQLITE_READONLY: Trouble.READ_ONLY,
    sqlite3.SQLITE_PERM: Trouble.READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: Trouble.READ_ONLY,
    sqlite3.SQLITE_FULL: Trouble.DISK_FULL,
    sqlite3.SQLITE_IOERR: Trouble.IO_ERROR,
}


# Our questions are right for the tables we made: where they fail, the tables are no longer those.
_DAMAGE = {
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_FORMAT,
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_CONSTRAINT,
    sqlite3.SQLITE_MISMATCH,
    sqlite3.SQLITE_TOOBIG,
}


def trouble_of(error: sqlite3.Error) -> Trouble | None:
    """What an SQLite error means for the user; None for damage or a bug of ours."""
    return _TROUBLE_OF.get(_primary_code(error))


def is_damage(error: sqlite3.Error) -> bool:
    """Does *error* say that the file is broken or no database at all?"""
    # Python's own complaint of a text that is no UTF-8 has no code.
    undecodable = isinstance(error, sqlite3.OperationalError) and not _primary_code(error)
    return undecodable or _primary_code(error) in _DAMAGE


def _primary_code(error: sqlite3.Error) -> int:
    # The low byte of an extended result code is the primary one (sqlite.org/rescode.html).
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def open_for_writing(path: Path, busy_timeout_s: float) -> sqlite3.Connection:
    """Open or create the file and its directory, private, ready for a transaction.

    Raises :class:`Damaged`, :class:`~posture.errors.OutputUnwritable`, ``sqlite3.Error``.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise JournalError(
            f"SQLite {sqlite3.sqlite_version} is too old for the log.",
            "Install a Python whose SQLite is 3.37 or newer.",
        )
    make_private(path.parent)
    try:
        refuse_device(path)
    except OSError as error:
        raise Damaged(error.strerror) from error
    _create_private(path)
    _free_companions(path)
    connection = sqlite3.connect(path, timeout=busy_timeout_s, isolation_level=None)
    try:
        _prepare(connection)
    except BaseException as error:
        connection.close()
        if isinstance(error, UnicodeDecodeError):  # what SQLite says of broken names is no UTF-8
            raise Damaged("unreadable names") from error
        if isinstance(error, sqlite3.Error) and is_damage(error):
            raise Damaged(str(error)) from error
        raise
    return connection


def _create_private(path: Path) -> None:
    """SQLite would create it as the umask allows; its companions take the mode of this file."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, FILE_MODE))
    except FileExistsError:
        return
    except OSError as error:
        refusal = sqlite3.OperationalError(error.strerror)
        full = error.errno in (28, 122)  # ENOSPC, EDQUOT
        refusal.sqlite_errorcode = sqlite3.SQLITE_FULL if full else sqlite3.SQLITE_CANTOPEN
        raise refusal from error


def _free_companions(path: Path) -> None:
    """What SQLite made beside a file that was read-only is still so when the file no longer is."""
    for ending in _COMPANIONS:
        with contextlib.suppress(OSError):
            companion = path.with_name(path.name + ending)
            mode = companion.stat().st_mode
            if path.stat().st_mode & stat.S_IWUSR and not mode & stat.S_IWUSR:
                companion.chmod(FILE_MODE)


def _prepare(connection: sqlite3.Connection) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if tables and application != APPLICATION_ID:
        raise Foreign("it is another program's database")
    if tables and 0 < version_of(connection) <= len(MIGRATIONS):
        verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise Damaged(verdict)
    if not tables:
        # Packed hours of 1.5 kB fill such a page; in the usual 4 kB a quarter stays empty.
        connection.execute("PRAGMA page_size = 8192")
    # WAL does not work on every file system a home directory can live on: take what we get.
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    connection.execute(f"PRAGMA synchronous = {'NORMAL' if mode == 'wal' else 'FULL'}")
    connection.execute("PRAGMA foreign_keys = ON")
    # In kB: one day's rows; the usual two megabytes would fill and stay (chosen).
    connection.execute("PRAGMA cache_size = -512")
    # What the user deletes must not stay readable in free pages.
    connection.execute("PRAGMA secure_delete = ON")


def open_for_reading(path: Path, busy_timeout_s: float = 2.0) -> sqlite3.Connection:
    """Open an existing file without the power to change it. Raises ``sqlite3.Error``."""
    try:
        refuse_device(path)
    except OSError as error:
        refusal = sqlite3.DatabaseError(error.strerror)
        refusal.sqlite_errorcode = sqlite3.SQLITE_NOTADB
        raise refusal from error
    connection = _read_only(path, "mode=ro", busy_timeout_s)
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.Error as error:
        connection.close()
        if trouble_of(error) is not Trouble.READ_ONLY:
            raise
        # On a read-only file system a WAL file's companions cannot be made; nobody writes there.
        return _read_only(path, "mode=ro&immutable=1", busy_timeout_s)
    return connection


def _read_only(path: Path, query: str, busy_timeout_s: float) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?{query}",
        uri=True,
        timeout=busy_timeout_s,
        isolation_level=None,
    )


def set_aside(path: Path, now_us: int) -> Path:
    """Rename a damaged file (and its companions) out of the way; return its new name."""
    stamp = datetime.fromtimestamp(now_us / US_PER_S, UTC).strftime("%Y%m%dT%H%M%SZ")
    aside = path.with_name(f"{path.stem}-damaged-{stamp}{path.suffix}")
    number = 2
    while aside.exists():
        aside = path.with_name(f"{path.stem}-damaged-{stamp}-{number}{path.suffix}")
        number += 1
    path.rename(aside)
    for companion in _COMPANIONS:
        beside = path.with_name(path.name + companion)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + companion))
    return aside
