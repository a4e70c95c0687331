"""Every schema that ever was still opens, with everything in it.

The files in tests/data/journal were written by the version they are named after. Add one with each
migration; never change one.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from days import at, us

from posture.clock import ManualClock
from posture.core.effects import Fate, SpanKind
from posture.journal import schema
from posture.journal.file import FILE_NAME
from posture.journal.reader import Reader
from posture.journal.schema import MIGRATIONS, VERSION, migrate, version_of
from posture.journal.store import Journal

STORED = Path(__file__).parents[1] / "data" / "journal"
NINE = us("2026-03-02 09:00")


def tables(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    return connection.execute("SELECT name, sql FROM sqlite_schema ORDER BY name").fetchall()


def test_there_is_a_stored_file_of_every_version() -> None:
    assert sorted(path.name for path in STORED.glob("*.db")) == [
        f"schema{version}.db" for version in range(1, VERSION + 1)
    ]


@pytest.mark.parametrize("version", range(1, VERSION + 1))
class TestStoredFiles:
    def copied(self, version: int, directory: Path) -> Path:
        shutil.copy(STORED / f"schema{version}.db", directory / FILE_NAME)
        return directory

    def test_released_migrations_are_never_changed(self, version: int) -> None:
        made = sqlite3.connect(":memory:", isolation_level=None)
        stored = sqlite3.connect(f"file:{STORED}/schema{version}.db?immutable=1", uri=True)
        with closing(made), closing(stored):
            for step in MIGRATIONS[:version]:
                for statement in step:
                    made.execute(statement)

            assert tables(made) == tables(stored)

    def test_a_reader_reads_it_without_touching_it(self, version: int, tmp_path: Path) -> None:
        directory = self.copied(version, tmp_path)
        before = (directory / FILE_NAME).read_bytes()

        with Reader(directory) as reader:
            check_contents(reader)

        assert (directory / FILE_NAME).read_bytes() == before

    def test_the_monitor_brings_it_up_to_date(self, version: int, tmp_path: Path) -> None:
        directory = self.copied(version, tmp_path)

        Journal(directory, ManualClock(at(us("2026-04-01 09:00")))).close()

        with closing(sqlite3.connect(directory / FILE_NAME)) as connection:
            assert version_of(connection) == VERSION
            record = connection.execute("SELECT version FROM migration ORDER BY 1").fetchall()
            assert record == [(number,) for number in range(1, VERSION + 1)]
        with Reader(directory) as reader:
            check_contents(reader)


def check_contents(reader: Reader) -> None:
    """What scripts of the stored file's own version wrote: one morning of everything."""
    everything = (us("2026-03-01 00:00"), us("2026-03-08 00:00"))
    spans = [(s.kind, s.value, s.seconds, s.reason, s.worst) for s in reader.spans(*everything)]
    assert spans == [
        (SpanKind.ACTIVITY, "sitting", 3000.0, None, None),
        (SpanKind.POSTURE, "slouch", 90.0, None, "slump_cm"),
        (SpanKind.SILENCE, "meeting", 1800.0, "camera used by another program", None),
    ]
    (minute,) = reader.minutes(*everything)
    assert (minute.minute_us, minute.valid_s) == (NINE, 58.5)
    assert minute.measures["distance_cm"].median == 61.5
    assert minute.measures["score"].n == 60
    (reminder,) = reader.reminders(*everything)
    assert (reminder.title, reminder.measures) == ("Sit up", {"slump_cm": 4.5})
    assert [fate.fate for fate in reader.fates(*everything)] == [Fate.SHOWN, Fate.HEEDED]
    assert [(e.kind, e.value, e.reason) for e in reader.events(*everything)] == [
        ("camera", "lost", "unplugged")
    ]
    (run,) = reader.runs(us("2026-03-02 00:00"), us("2026-03-02 10:00"))
    assert (run.zone, run.time_scale) == ("Europe/Berlin", 1.0)


def test_a_migration_that_fails_leaves_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, NINE)
        before = tables(connection)
        broken = (*MIGRATIONS, ("CREATE TABLE half (a INTEGER) STRICT", "NO SUCH STATEMENT"))
        monkeypatch.setattr(schema, "MIGRATIONS", broken)
        monkeypatch.setattr(schema, "VERSION", VERSION + 1)

        with pytest.raises(sqlite3.OperationalError):
            migrate(connection, NINE)

        assert tables(connection) == before
        assert version_of(connection) == VERSION
