"""How fast the log answers when it is five years old: ``python scripts/benchmark_journal.py``.

Builds a made-up log (1300 working days), asks for a day, a week and a month, and says how long
each took. ``results`` is for other scripts.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from posture.clock import US_PER_S, Instant, ManualClock
from posture.journal import demo
from posture.journal.calendar import month_of, week_of
from posture.journal.days import almanac, read
from posture.journal.file import FILE_NAME
from posture.journal.reader import Reader
from posture.journal.report import MEASURES, Asked, render
from posture.journal.rows import Row
from posture.journal.store import Journal
from posture.journal.texts import Words
from posture.journal.writing import Writer

ZONE = ZoneInfo("UTC")  # every day has the same length, so that a month can be copied
LAST = date(2026, 11, 20)
YEARS = 5
PERIOD = timedelta(days=35)
REPEATS = 5
# What the log promises, in seconds.
LIMITS = {"day": 0.3, "month": 1.0, "report": 2.0}


def build(directory: Path) -> None:
    """Five weeks, written once and copied back through the years."""
    records = demo.month(LAST, ZONE)
    run = records.runs[0]
    clock = ManualClock(Instant(0.0, run.started_us))
    Journal(directory, clock).close()
    with closing(sqlite3.connect(directory / FILE_NAME, isolation_level=None)) as db:
        writer = Writer(db)
        writer.begin()
        number = writer.run(run)
        rows: list[Row] = [*records.spans, *records.minutes, *records.reminders, *records.fates]
        writer.rows(number, rows)
        writer.commit()
        for copy in range(1, round(YEARS * 365 / PERIOD.days)):
            _copy(db, number, copy)
        db.execute("ANALYZE")


def _copy(db: sqlite3.Connection, run: int, copy: int) -> None:
    """The first five weeks once more, *copy* periods earlier, as a run of its own."""
    shift = -copy * round(PERIOD.total_seconds()) * US_PER_S
    values = {"run": run, "shift": shift, "name": f"{copy:032x}"}
    db.execute("BEGIN")
    db.execute(
        "INSERT INTO run SELECT NULL, :name, computer, version, time_scale, source, zone,"
        " started_us + :shift, seen_us + :shift FROM run WHERE id = :run",
        values,
    )
    values["new"] = db.execute("SELECT last_insert_rowid()").fetchone()[0]
    for table, columns, shifted in (
        ("span", "kind, length_us, value, reason, worst", "began_us"),
        ("hour", "minutes", "hour_us"),
        ("reminder", "id, kind, began_us, title, text, measures", "at_us"),
        ("fate", "reminder, fate, after_s, why, improvement", "at_us"),
    ):
        db.execute(
            f"INSERT INTO {table} (run, {columns}, {shifted})"
            f" SELECT :new, {columns}, {shifted} + :shift FROM {table} WHERE run = :run",
            values,
        )
    db.execute("COMMIT")


def results(directory: Path) -> dict[str, float]:
    """Best of some runs in seconds of this process's own time, and the file's size in MB."""
    return {
        "day": _best(lambda: _ask(directory, [LAST])),
        "week": _best(lambda: _ask(directory, week_of(LAST))),
        "month": _best(lambda: _ask(directory, month_of(LAST))),
        "report": _best(lambda: _page(directory)),
        "file_mb": (directory / FILE_NAME).stat().st_size / 1e6,
    }


def _best(question: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS):
        # Not the clock on the wall: other programs' work is not the log's.
        began = time.process_time()
        question()
        times.append(time.process_time() - began)
    return min(times)


def _ask(directory: Path, shown: list[date]) -> None:
    with Reader(directory) as reader:
        records = read(reader, shown, ZONE)
    almanac(records, shown, ZONE, today=LAST)


def _page(directory: Path) -> None:
    with Reader(directory) as reader:
        records = read(reader, [LAST], ZONE, MEASURES)
    render(Asked(records, [LAST], LAST, records.runs[-1].seen_us, Words("en", ZONE)))


def main() -> int:
    """Build, ask, tell; 1 when a promise is broken."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        build(directory)
        found = results(directory)
    if "--json" in sys.argv:
        print(json.dumps({key: round(value, 4) for key, value in found.items()}))
    else:
        print(f"five years: {found['file_mb']:.1f} MB")
        for key in ("day", "week", "month", "report"):
            promise = f" (at most {LIMITS[key]:g} s)" if key in LIMITS else ""
            print(f"{key}: {found[key]:.3f} s{promise}")
    return int(any(found[key] > limit for key, limit in LIMITS.items()))


if __name__ == "__main__":
    sys.exit(main())
