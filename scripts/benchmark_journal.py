"""How big the log grows and how fast it answers: ``python scripts/benchmark_journal.py``.

Writes a made-up person's days as the monitor does, and says how much a year of them takes; then
builds five years of log (1300 working days) and says how long questions, commands and pages take.
Pages are opened in headless Chromium when there is one. ``results`` is for other scripts.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import sync_playwright
from report_screenshots import chromium, opened

from posture.clock import US_PER_S, Instant, ManualClock
from posture.core.effects import SpanKind
from posture.core.reading import Label
from posture.journal import demo
from posture.journal.calendar import month_of, week_of
from posture.journal.days import almanac, days_of, read
from posture.journal.file import FILE_NAME
from posture.journal.reader import Reader
from posture.journal.report import MEASURES, Asked, render
from posture.journal.rows import US_PER_HOUR, US_PER_MINUTE, Records, Row, Span
from posture.journal.store import Journal
from posture.journal.texts import Words
from posture.journal.writing import Writer

ZONE = ZoneInfo("UTC")  # every day has the same length, so that a month can be copied
LAST = date(2026, 11, 20)
YEARS = 5
PERIOD = timedelta(days=35)
REPEATS = 5
# What the log promises: MB a year of ten-hour days; seconds.
LIMITS = {"year_mb": 10.0, "day": 0.3, "month": 1.0, "report": 2.0, "posture report": 2.0}
OPENS_S = 1.0
HOURS_A_YEAR = 3650
BATCH_US = 20 * US_PER_MINUTE
# Somebody who turns and shifts all the time changes posture this many times as often.
RESTLESS = 5
# When the page has drawn everything and the browser has shown it, by the page's own clock.
WATCH = """
new MutationObserver((_, watch) => {
  if (document.documentElement?.dataset.drawn !== "yes") return;
  watch.disconnect();
  requestAnimationFrame(() => setTimeout(() => { window.shownAt = performance.now(); }));
}).observe(document, { attributes: true, subtree: true });
"""


def ordinary() -> Records:
    """Five weeks of the made-up person, as every test has them."""
    return demo.month(LAST, ZONE)


def restless(records: Records) -> Records:
    """The same weeks with every posture held in several goes, looking away between them."""
    return replace(records, spans=[part for span in records.spans for part in _cut(span)])


def _cut(span: Span) -> Iterable[Span]:
    if span.kind is not SpanKind.POSTURE:
        return [span]
    length_us = span.ended_us - span.began_us
    edges = [span.began_us + length_us * n // RESTLESS for n in range(RESTLESS + 1)]
    values = [span.value, str(Label.LOOKING_AWAY)] * RESTLESS
    return [
        replace(span, value=value, began_us=began, ended_us=ended)
        for value, began, ended in zip(values, edges, edges[1:], strict=False)
    ]


def megabytes_a_year(directory: Path, records: Records) -> float:
    """What a year of ten-hour days takes on disk, written in batches as the monitor does."""
    moments: list[tuple[int, Row]] = [
        *((one.began_us, one) for one in records.spans),
        *((one.minute_us, one) for one in records.minutes),
        *((one.at_us, one) for one in records.reminders),
        *((one.at_us, one) for one in records.fates),
    ]
    batches: dict[int, list[Row]] = {}
    for moment_us, row in moments:
        batches.setdefault(moment_us // BATCH_US, []).append(row)
    clock = ManualClock(Instant(0.0, records.runs[0].started_us))
    Journal(directory, clock).close()
    empty = (directory / FILE_NAME).stat().st_size
    with closing(sqlite3.connect(directory / FILE_NAME, isolation_level=None)) as db:
        writer = Writer(db)
        for number in sorted(batches):
            writer.begin()
            writer.rows(writer.run(records.runs[0]), batches[number])
            writer.commit()
    grown = (directory / FILE_NAME).stat().st_size - empty
    return (empty + grown / _hours(records) * HOURS_A_YEAR) / 1e6


def _hours(records: Records) -> float:
    days = days_of(records, LAST - timedelta(days=demo.DAYS), LAST, ZONE)
    return sum(day.ended_us - day.began_us for day in days if day.began_us and day.ended_us) / (
        US_PER_HOUR
    )


def build(directory: Path) -> None:
    """Five weeks, written once and copied back through the years."""
    records = ordinary()
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
    """The file's size in MB; best of some runs in seconds of this process's own time."""
    return {
        "file_mb": (directory / FILE_NAME).stat().st_size / 1e6,
        "day": _best(lambda: _ask(directory, [LAST])),
        "week": _best(lambda: _ask(directory, week_of(LAST))),
        "month": _best(lambda: _ask(directory, month_of(LAST))),
        "report": _best(lambda: _page(directory, [LAST])),
    }


def sizes() -> dict[str, float]:
    """MB a year for an ordinary person and for a restless one."""
    records = ordinary()
    found = {}
    for name, one in (("year_mb", records), ("restless_year_mb", restless(records))):
        with tempfile.TemporaryDirectory() as folder:
            found[name] = megabytes_a_year(Path(folder), one)
    return found


def commands(directory: Path) -> dict[str, float]:
    """Seconds by the clock on the wall of whole commands, Python's start included."""
    day = LAST.isoformat()
    lines = {
        "posture log": ["log", day],
        "posture log --month": ["log", "--month", day],
        "posture report": ["report", day, "--out", str(directory / "page.html")],
        "posture report --month": ["report", "--month", day, "--out", str(directory / "page.html")],
    }
    return {name: _command([*line, "--data-dir", str(directory)]) for name, line in lines.items()}


def _command(line: Sequence[str]) -> float:
    environment = {**os.environ, "TZ": "UTC"}
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "posture", *line],
            check=True,
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        times.append(time.perf_counter() - began)
    return min(times)


def openings(directory: Path) -> dict[str, float]:
    """Seconds from asking headless Chromium for a page until it is drawn; empty without one."""
    program = chromium()
    if program is None:
        return {}
    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for name, shown in (("day", [LAST]), ("week", week_of(LAST)), ("month", month_of(LAST))):
            path = directory / f"{name}.html"
            path.write_text(_page(directory, shown), encoding="utf-8")
            found[f"open {name}"] = min(_opening(browser, path) for _ in range(REPEATS))
        browser.close()
    return found


def _opening(browser: Any, path: Path) -> float:
    page = opened(browser, path, watch=WATCH)
    while (shown_ms := page.evaluate("window.shownAt ?? null")) is None:
        page.wait_for_timeout(5)
    page.context.close()
    return float(shown_ms) / 1000


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


def _page(directory: Path, shown: list[date]) -> str:
    with Reader(directory) as reader:
        records = read(reader, shown, ZONE, MEASURES)
    return render(Asked(records, shown, LAST, records.runs[-1].seen_us, Words("en", ZONE)))


def main() -> int:
    """Build, ask, tell; 1 when a promise is broken."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        build(directory)
        found = {**sizes(), **results(directory), **commands(directory), **openings(directory)}
    limits = LIMITS | {key: OPENS_S for key in found if key.startswith("open ")}
    if "--json" in sys.argv:
        print(json.dumps({key: round(value, 4) for key, value in found.items()}))
    else:
        for key, value in found.items():
            unit = "MB" if key.endswith("_mb") else "s"
            promise = f" (at most {limits[key]:g})" if key in limits else ""
            print(f"{key}: {value:.2f} {unit}{promise}")
        if not any(key.startswith("open ") for key in found):
            print("open: no Chromium was found; on Debian: apt-get install chromium")
    return int(any(found.get(key, 0.0) > limit for key, limit in limits.items()))


if __name__ == "__main__":
    sys.exit(main())
