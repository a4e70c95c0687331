"""A year of ten-hour days stays small."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from days import BERLIN

from posture.clock import Instant, ManualClock
from posture.journal import demo
from posture.journal.days import days_of
from posture.journal.file import FILE_NAME
from posture.journal.rows import US_PER_MINUTE, Row
from posture.journal.store import Journal
from posture.journal.writing import Writer

LAST = date(2026, 11, 20)
FIRST = LAST - timedelta(days=demo.DAYS)
BATCH_US = 20 * US_PER_MINUTE


def test_at_most_ten_megabytes_a_year(tmp_path: Path) -> None:
    """Five working weeks written in batches, as a monitor does, as if 365 days of 10 h."""
    records = demo.month(LAST, BERLIN)
    rows: list[tuple[int, Row]] = [
        *((one.began_us, one) for one in records.spans),
        *((one.minute_us, one) for one in records.minutes),
        *((one.at_us, one) for one in records.reminders),
        *((one.at_us, one) for one in records.fates),
    ]
    batches: dict[int, list[Row]] = {}
    for moment_us, row in rows:
        batches.setdefault(moment_us // BATCH_US, []).append(row)
    clock = ManualClock(Instant(0.0, records.runs[0].started_us))
    Journal(tmp_path, clock).close()
    empty = (tmp_path / FILE_NAME).stat().st_size

    journal = Journal(tmp_path, clock)
    writer: Writer = journal._writer  # type: ignore[assignment]
    for number in sorted(batches):
        writer.begin()
        run = writer.run(records.runs[0])
        writer.rows(run, batches[number])
        writer.commit()
    journal.close()

    grown = (tmp_path / FILE_NAME).stat().st_size - empty
    days = days_of(records, FIRST, LAST, BERLIN)
    at_desk_h = sum(
        (day.ended_us - day.began_us) / 3.6e9 for day in days if day.began_us and day.ended_us
    )
    assert empty + grown / at_desk_h * 365 * 10 <= 9_000_000
