"""The journal as the monitor keeps it: effects in, rows on disk within seconds, nothing lost."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Self, assert_never

from posture import __version__
from posture.clock import Clock, Instant, local_zone
from posture.core.effects import Effect
from posture.errors import OutputUnwritable
from posture.journal import erasing, troubles
from posture.journal.calendar import local_date, midnight_us
from posture.journal.file import (
    FILE_NAME,
    Damaged,
    Trouble,
    is_damage,
    open_for_writing,
    set_aside,
    trouble_of,
)
from posture.journal.packing import Damaged as DamagedHour
from posture.journal.rows import (
    GOAL_EVENT,
    Event,
    Minute,
    ReminderFateRow,
    ReminderRow,
    Row,
    Run,
    Span,
    key_of,
    row_of,
)
from posture.journal.schema import JournalNewer, migrate, refuse_newer
from posture.journal.writing import Writer, computer_of

# A crash may lose 10 s: half of it here, half for the writer of growing spans.
FLUSH_EVERY_S = 5.0
# How long the monitor may be held up by another program that holds the file (chosen).
BUSY_TIMEOUT_S = 0.5
RETRY_EVERY_S = 10.0
FORGET_EVERY_S = 86_400.0
# Some ten hours of rows while the file cannot be written (chosen); about 10 MB of memory.
MAX_WAITING = 20_000

Connect = Callable[[Path, float], sqlite3.Connection]


@dataclass(frozen=True, slots=True)
class JournalState:
    """How the journal fares. ``message``: for the user, None while all is well.

    ``waiting``: rows kept in memory until they can be written. ``lost``: rows dropped because
    too many waited.
    """

    trouble: Trouble | None = None
    message: str | None = None
    waiting: int = 0
    lost: int = 0


class Journal:
    """One run's writing hand. Belongs to the thread that made it.

    ``record`` must be called regularly (once a step, with or without effects): it also writes
    what has waited for :data:`FLUSH_EVERY_S`. It never raises for a file in trouble: rows wait,
    ``state`` tells, and writing is tried again.

    ``time_scale`` other than 1 marks the run as a demonstration. ``retention_days``: older days
    are removed when the run begins and once a day; None keeps everything.

    Raises :class:`JournalNewer` when the file belongs to a newer version of the program.
    """

    def __init__(
        self,
        directory: Path,
        clock: Clock,
        *,
        time_scale: float = 1.0,
        source: str | None = None,
        zone: str | None = None,
        retention_days: int | None = None,
        connect: Connect = open_for_writing,
    ) -> None:
        now = clock.now()
        self.path = directory / FILE_NAME
        self._clock = clock
        self._connect = connect
        self._retention_days = retention_days
        self._run = Run(
            uuid.uuid4().hex, "", __version__, now.wall_us, now.wall_us, time_scale, source, zone
        )
        self._waiting: dict[tuple[object, ...], Row] = {}
        self._lost = 0
        self._goal: str | None = None
        self._newer: JournalNewer | None = None
        self._notices: list[str] = []
        self._trouble: Trouble | None = None
        self._forgot: Instant | None = None
        self._connection: sqlite3.Connection | None = None
        self._writer: Writer | None = None
        self._identity: tuple[int, int] | None = None
        self._tried = now
        self._write(now)
        if self._newer is not None:
            raise self._newer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def state(self) -> JournalState:
        """How the journal fares right now."""
        message = troubles.trouble(self._trouble, self.path) if self._trouble else None
        return JournalState(self._trouble, message, len(self._waiting), self._lost)

    @property
    def run_uuid(self) -> str:
        """The name of this run."""
        return self._run.uuid

    def take_notices(self) -> list[str]:
        """What the user should be told once (a damaged file was set aside, …)."""
        notices, self._notices = self._notices, []
        return notices

    def record(self, effects: Iterable[Effect]) -> JournalState:
        """Keep the effects that belong in the log; write when it is time."""
        for effect in effects:
            row = row_of(effect)
            if row is not None and self._is_news(row):
                self._keep(row)
        now = self._clock.now()
        if now - self._tried >= (RETRY_EVERY_S if self._trouble else FLUSH_EVERY_S):
            self._write(now)
        return self.state

    def flush(self) -> JournalState:
        """Write everything that waits, now."""
        self._write(self._clock.now())
        return self.state

    def close(self) -> JournalState:
        """Write what waits and let go of the file."""
        state = self.flush()
        self._disconnect()
        return state

    def _is_news(self, row: Row) -> bool:
        """Every status tells the goal; only another goal is worth a row."""
        if not isinstance(row, Event) or row.kind != GOAL_EVENT:
            return True
        before, self._goal = self._goal, row.value
        return row.value != before

    def _keep(self, row: Row) -> None:
        key = key_of(row)
        self._waiting.pop(key, None)
        self._waiting[key] = row
        while len(self._waiting) > MAX_WAITING:
            del self._waiting[next(iter(self._waiting))]
            self._lost += 1

    def _write(self, now: Instant) -> None:
        self._tried = now
        try:
            try:
                self._write_once(now)
            except Damaged as damage:
                self._begin_anew(now, str(damage))
                self._write_once(now)
        except JournalNewer as error:
            self._newer = error
            self._fail(Trouble.NEWER)
        except OutputUnwritable:
            self._fail(Trouble.READ_ONLY)
        except OSError:
            self._fail(Trouble.IO_ERROR)
        except sqlite3.Error as error:
            trouble = trouble_of(error)
            if trouble is None:
                raise
            self._fail(trouble)

    def _write_once(self, now: Instant) -> None:
        writer = self._open(now)
        try:
            writer.begin()
            run = writer.run(replace(self._run, seen_us=max(now.wall_us, self._run.started_us)))
            # What the user has erased meanwhile must not come back with a growing span.
            cut_us = writer.erased_until_us()
            kept = (_after(row, cut_us) for row in self._waiting.values())
            writer.rows(run, (row for row in kept if row is not None))
            writer.commit()
        except (sqlite3.Error, DamagedHour) as error:
            self._abandon(writer)
            if isinstance(error, DamagedHour) or is_damage(error):
                raise Damaged(str(error)) from error
            raise
        self._waiting.clear()
        self._trouble = None

    def _open(self, now: Instant) -> Writer:
        if self._identity != _identity(self.path):
            # Removed or replaced under our feet: SQLite would go on writing into nothing.
            self._disconnect()
        if self._writer is None:
            connection = self._connection = self._connect(self.path, BUSY_TIMEOUT_S)
            refuse_newer(connection, self.path.name)
            migrate(connection, now.wall_us)
            self._run = replace(self._run, computer=computer_of(connection))
            self._writer = Writer(connection)
            self._identity = _identity(self.path)
            self._forgot = None
        if self._forgot is None or now - self._forgot >= FORGET_EVERY_S:
            self._forget_old_days(now)
        return self._writer

    def _forget_old_days(self, now: Instant) -> None:
        """Whole local days go, never half of one."""
        if self._retention_days is not None and self._connection is not None:
            zone = local_zone()
            first = local_date(now.wall_us, zone) - timedelta(days=self._retention_days)
            try:
                erasing.erase_before(self._connection, midnight_us(first, zone))
            except sqlite3.OperationalError as error:
                if trouble_of(error) is Trouble.DISK_FULL:
                    return  # tried again with the next write, which needs less room
                raise
            # Else it could be found there until the run ends; with a reader, until the next day.
            erasing.empty_log_ahead(self._connection)
        self._forgot = now

    def _abandon(self, writer: Writer) -> None:
        try:
            writer.abandon()
        except sqlite3.Error:
            self._disconnect()

    def _begin_anew(self, now: Instant, why: str) -> None:
        self._disconnect()
        aside = set_aside(self.path, now.wall_us)
        self._notices.append(troubles.set_aside(aside, why))

    def _fail(self, trouble: Trouble) -> None:
        self._trouble = trouble
        if trouble not in (Trouble.LOCKED, Trouble.DISK_FULL) or self._writer is None:
            self._disconnect()

    def _disconnect(self) -> None:
        connection, self._connection, self._writer = self._connection, None, None
        if connection is not None:
            connection.close()


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _after(row: Row, erased_us: int) -> Row | None:
    """*row* without what lies before *erased_us*; None when nothing of it is left."""
    match row:
        case Span():
            if row.ended_us <= erased_us:
                return None
            return replace(row, began_us=max(row.began_us, erased_us))
        case Minute():
            return row if row.minute_us >= erased_us else None
        case ReminderRow() | ReminderFateRow() | Event():
            return row if row.at_us >= erased_us else None
        case _:
            assert_never(row)
