"""Reading the journal: rows of a stretch of time, as they were written."""

from __future__ import annotations

import errno
import functools
import json
import sqlite3
import stat
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Concatenate, ParamSpec, Self, TypeVar

from posture.core.effects import Fate, ReminderKind, SpanKind
from posture.errors import JournalError
from posture.journal import troubles
from posture.journal.file import FILE_NAME, is_damage, open_for_reading, trouble_of
from posture.journal.packing import Damaged, unpack
from posture.journal.rows import (
    US_PER_HOUR,
    Event,
    Minute,
    ReminderFateRow,
    ReminderRow,
    Run,
    Span,
    check_event,
)
from posture.journal.schema import APPLICATION_ID, VERSION, migrate, refuse_newer, version_of
from posture.journal.writing import LONGEST_SPAN, measure_reader, meta_number, word_reader
from posture.paths import may_exist

T = TypeVar("T")


Given = ParamSpec("Given")


def _or_damaged(
    read: Callable[Concatenate[Reader, Given], T],
) -> Callable[Concatenate[Reader, Given], T]:
    """*read*, for which rows that cannot be what was written are damage."""

    @functools.wraps(read)
    def checked(reader: Reader, /, *args: Given.args, **kwargs: Given.kwargs) -> T:
        try:
            return read(reader, *args, **kwargs)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
            raise JournalDamaged(reader.path, str(error)) from error

    return checked


class NoJournalYet(JournalError):
    """Nothing was ever recorded in this directory."""


class JournalDamaged(JournalError):
    """The file is a journal whose contents are broken; ``why``: in SQLite's words or ours."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(*troubles.damaged(path, why))
        self.why = why


def refuse_missing(directory: Path, name: str = FILE_NAME) -> None:
    """Raise :class:`JournalError` where no journal can be."""
    if _is_no_folder(directory):
        raise JournalError(*troubles.no_folder(directory))
    if not may_exist(directory / name):
        raise NoJournalYet(*troubles.no_journal(directory))


def _is_no_folder(directory: Path) -> bool:
    """Whether it is something else, or a name that no folder can have."""
    try:
        return not stat.S_ISDIR(directory.stat().st_mode)
    except OSError as error:
        return error.errno == errno.ENAMETOOLONG
    except ValueError:
        return True


class Reader:
    """One open journal, read only. Raises :class:`JournalError` with a cause when it cannot be."""

    def __init__(self, directory: Path, name: str = FILE_NAME) -> None:
        self.path = directory / name
        refuse_missing(directory, name)
        self._db = self._asked(lambda: open_for_reading(self.path))
        try:
            self._asked(self._bring_up_to_date)
        except BaseException:
            self._db.close()
            raise
        self._word = word_reader(self._db)
        self._measure = measure_reader(self._db)

    @classmethod
    def of_file(cls, path: Path) -> Self:
        """The journal in a file of any name, such as an exported copy."""
        return cls(path.parent, path.name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def extent(self) -> tuple[int, int] | None:
        """First and last moment of which anything is known (µs); None for an empty journal."""
        row = self._rows("SELECT min(began_us), max(began_us + length_us) FROM span")[0]
        return None if row[0] is None else (row[0], row[1])

    @_or_damaged
    def runs(self, start_us: int, end_us: int) -> list[Run]:
        """The runs that overlap the time asked for, oldest first."""
        found = self._rows(
            "SELECT uuid, computer, version, started_us, seen_us, time_scale, source, zone, id"
            " FROM run WHERE started_us < ? AND seen_us >= ? ORDER BY started_us, id",
            end_us,
            start_us,
        )
        return [Run(*row) for row in found]

    @_or_damaged
    def spans(
        self, start_us: int, end_us: int, kinds: Collection[SpanKind] | None = None
    ) -> list[Span]:
        """Spans that overlap the time asked for, not cut, in the order they began."""
        reach = self._asked(lambda: meta_number(self._db, LONGEST_SPAN))
        found = self._rows(
            "SELECT kind, value, began_us, began_us + length_us, reason, worst, run FROM span"
            " WHERE began_us >= ? AND began_us < ? AND began_us + length_us > ?"
            " ORDER BY began_us, run, kind",
            start_us - reach,
            end_us,
            start_us,
        )
        word, maybe = self._word, self._maybe
        return [
            Span(SpanKind(word(kind)), word(value), began, ended, maybe(reason), maybe(worst), run)
            for kind, value, began, ended, reason, worst, run in found
            if kinds is None or word(kind) in kinds
        ]

    @_or_damaged
    def minutes(
        self, start_us: int, end_us: int, only: Collection[str] | None = None
    ) -> list[Minute]:
        """Minutes that begin in the time asked for, with the measures in *only* (None = all)."""
        found = self._rows(
            "SELECT hour_us, minutes, run FROM hour WHERE hour_us > ? AND hour_us < ?"
            " ORDER BY hour_us, run",
            start_us - US_PER_HOUR,
            end_us,
        )
        return [
            Minute(one.minute_us, one.valid_s, one.measures, run)
            for hour_us, packed, run in found
            for one in self._hour(packed, hour_us, only)
            if start_us <= one.minute_us < end_us
        ]

    @_or_damaged
    def reminders(self, start_us: int, end_us: int) -> list[ReminderRow]:
        """Reminders raised in the time asked for, oldest first."""
        found = self._rows(
            "SELECT id, kind, at_us, began_us, title, text, measures, run FROM reminder"
            " WHERE at_us >= ? AND at_us < ? ORDER BY at_us, run, id",
            start_us,
            end_us,
        )
        return [
            ReminderRow(
                number,
                ReminderKind(self._word(kind)),
                at,
                began,
                title,
                text,
                json.loads(measures),
                run,
            )
            for number, kind, at, began, title, text, measures, run in found
        ]

    @_or_damaged
    def fates(self, start_us: int, end_us: int) -> list[ReminderFateRow]:
        """Fates of the reminders *raised* in the time asked for, in the order they came."""
        found = self._rows(
            "SELECT f.reminder, f.at_us, f.fate, f.after_s, f.why, f.improvement, f.run"
            " FROM reminder AS r JOIN fate AS f ON f.run = r.run AND f.reminder = r.id"
            " WHERE r.at_us >= ? AND r.at_us < ? ORDER BY f.at_us, f.run, f.reminder",
            start_us,
            end_us,
        )
        return [
            ReminderFateRow(
                number, at, Fate(self._word(fate)), after, why, json.loads(improvement), run
            )
            for number, at, fate, after, why, improvement, run in found
        ]

    @_or_damaged
    def events(self, start_us: int, end_us: int) -> list[Event]:
        """Camera and calibration changes in the time asked for, oldest first."""
        found = self._rows(
            "SELECT kind, at_us, value, reason, run FROM event"
            " WHERE at_us >= ? AND at_us < ? ORDER BY at_us, run, kind",
            start_us,
            end_us,
        )
        events = [
            Event(self._word(kind), at, self._word(value), self._maybe(reason), run)
            for kind, at, value, reason, run in found
        ]
        for event in events:
            check_event(event)
        return events

    def _maybe(self, code: int | None) -> str | None:
        return None if code is None else self._word(code)

    def _hour(self, packed: bytes, hour_us: int, only: Collection[str] | None) -> list[Minute]:
        try:
            return unpack(packed, hour_us, self._measure, only)
        except Damaged as error:
            raise JournalDamaged(self.path, str(error)) from error

    def _bring_up_to_date(self) -> None:
        application = self._db.execute("PRAGMA application_id").fetchone()[0]
        tables = self._db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if tables and application != APPLICATION_ID:
            raise JournalError(*troubles.foreign(self.path))
        refuse_newer(self._db, self.path.name)
        if version_of(self._db) < VERSION:
            # A reader changes no file: it reads a copy in memory, migrated there.
            copy = sqlite3.connect(":memory:", isolation_level=None)
            self._db.backup(copy)
            self._db.close()
            self._db = copy
            migrate(copy, 0)

    def _rows(self, query: str, *values: int | str) -> list[tuple]:  # type: ignore[type-arg]
        return self._asked(lambda: self._db.execute(query, values).fetchall())

    def _asked(self, question: Callable[[], T]) -> T:
        try:
            return question()
        except UnicodeDecodeError as error:  # what SQLite says of broken names is no UTF-8
            raise JournalError(*troubles.damaged(self.path, "unreadable names")) from error
        except sqlite3.Error as error:
            trouble = trouble_of(error)
            if trouble is not None:
                raise JournalError(*troubles.unreadable(self.path, trouble)) from error
            if is_damage(error):
                raise JournalDamaged(self.path, str(error)) from error
            raise
