"""What the user hears of the log's troubles."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from days import at, effects, story, us

from posture.clock import ManualClock
from posture.core.effects import SpanKind
from posture.journal import store
from posture.journal.file import FILE_NAME
from posture.journal.outspoken import OutspokenJournal
from posture.journal.store import RETRY_EVERY_S, Journal

NINE = us("2026-03-02 09:00")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(at(NINE))


def test_nothing_is_said_while_all_is_well(tmp_path: Path, clock: ManualClock) -> None:
    said: list[str] = []
    with OutspokenJournal(Journal(tmp_path, clock), said.append) as outspoken:
        for _ in range(20):
            clock.advance(1)
            outspoken.record([])

    assert said == []


def test_a_trouble_is_said_once_and_so_is_its_end(tmp_path: Path, clock: ManualClock) -> None:
    said: list[str] = []
    with OutspokenJournal(Journal(tmp_path, clock), said.append) as outspoken:
        with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for _ in range(3):
                clock.advance(RETRY_EVERY_S)
                outspoken.record(
                    effects(story(SpanKind.ACTIVITY, "2026-03-02 09:00", "sitting 5m"))
                )
            (trouble,) = said
            assert "Another program is using the log" in trouble
        clock.advance(RETRY_EVERY_S)
        outspoken.record([])

    assert said[1:] == ["The log is being written again; nothing was lost meanwhile."]


def test_a_damaged_log_is_told_at_once(tmp_path: Path, clock: ManualClock) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"nonsense" * 1000)
    said: list[str] = []

    OutspokenJournal(Journal(tmp_path, clock), said.append).close()

    (notice,) = said
    assert "It was kept as" in notice


def test_losing_is_said_once(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MAX_WAITING", 2)
    said: list[str] = []
    with OutspokenJournal(Journal(tmp_path, clock), said.append) as outspoken:
        spans = effects(
            story(SpanKind.POSTURE, "2026-03-02 09:00", "upright 1m, slouch 1m, upright 1m")
        )
        outspoken.record(spans)
        outspoken.record(effects(story(SpanKind.POSTURE, "2026-03-02 09:10", "slouch 1m")))

    assert said == ["Too much waits for the log: its oldest records are being dropped."]


def test_what_could_not_be_written_at_the_end_is_said(tmp_path: Path, clock: ManualClock) -> None:
    said: list[str] = []
    outspoken = OutspokenJournal(Journal(tmp_path, clock), said.append)
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        outspoken.record(effects(story(SpanKind.ACTIVITY, "2026-03-02 09:00", "sitting 5m")))
        outspoken.close()

    assert said[-1] == "The last 1 records could not be written to the log."
