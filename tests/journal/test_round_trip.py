"""Whatever a log holds: it can leave, be deleted and come back, and tells the same days.

Days and runs are made up by Hypothesis, those of two computers at once included.
"""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from days import BERLIN, us
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posture.core.effects import Fate, MinuteMeasure, ReminderKind, SpanKind
from posture.journal import document, erasing
from posture.journal.days import almanac, read
from posture.journal.distance import one_per_minute
from posture.journal.export import copy_sqlite, write_json
from posture.journal.file import FILE_NAME, open_for_writing
from posture.journal.merge import Part, merge, read_file
from posture.journal.reader import Reader
from posture.journal.rows import (
    CALIBRATION_EVENT,
    GOAL_EVENT,
    US_PER_MINUTE,
    Event,
    Minute,
    ReminderFateRow,
    ReminderRow,
    Row,
    Run,
    Span,
)
from posture.journal.schema import migrate

# The night the clocks of Berlin go forward lies within.
START_US = us("2026-03-28 20:00")
MINUTES = 30 * 60
DAYS = [date(2026, 3, 28), date(2026, 3, 29), date(2026, 3, 30)]
VALUES = {
    SpanKind.ACTIVITY: ["sitting", "standing", "away", "unknown"],
    SpanKind.POSTURE: ["upright", "slouch", "looking_away", "unknown"],
    SpanKind.PRESENCE: ["present", "away", "unknown"],
    SpanKind.NEAR_WORK: ["screen"],
    SpanKind.SILENCE: ["meeting", "paused"],
}
REASONS = [None, "dark", "meeting"]
FLOATS = st.floats(-90, 90).map(lambda value: round(value, 1))
moments = st.integers(0, MINUTES - 1).map(lambda minute: START_US + minute * US_PER_MINUTE)


@st.composite
def spans(draw: st.DrawFn, kind: SpanKind) -> list[Span]:
    """One track, as a monitor writes it: nothing overlaps."""
    edges = sorted(draw(st.sets(moments, max_size=8)))
    return [
        Span(
            kind, draw(st.sampled_from(VALUES[kind])), began, ended, draw(st.sampled_from(REASONS))
        )
        for began, ended in pairwise(edges)
        if draw(st.integers(0, 4))
    ]


@st.composite
def measures(draw: st.DrawFn) -> MinuteMeasure:
    low, middle, high = sorted(draw(st.tuples(FLOATS, FLOATS, FLOATS)))
    return MinuteMeasure(middle, low, high, draw(st.integers(1, 120)))


@st.composite
def parts(draw: st.DrawFn, number: int) -> Part:
    """One run with everything that belongs to it."""
    rows: list[Row] = [span for kind in VALUES for span in draw(spans(kind))]
    rows += [
        Minute(minute_us, 60.0, {"distance_cm": draw(measures())})
        for minute_us in draw(st.sets(moments, max_size=4))
    ]
    for reminder, at_us in enumerate(draw(st.lists(moments, max_size=3))):
        kind = draw(st.sampled_from(ReminderKind))
        rows.append(ReminderRow(reminder, kind, at_us, at_us, "Up", "Walk.", {"slump_cm": 4.5}))
        rows.append(ReminderFateRow(reminder, at_us, Fate.SHOWN))
        fate = draw(st.sampled_from(Fate))
        if fate is not Fate.SHOWN:
            rows.append(ReminderFateRow(reminder, at_us + 9_000_000, fate, 9.0, None, {"x": 1.0}))
    for at_us in draw(st.sets(moments, max_size=2)):
        rows.append(Event(GOAL_EVENT, at_us, "7200"))
        rows.append(Event(CALIBRATION_EVENT, at_us, draw(st.sampled_from(["fresh", "stale"]))))
    run = Run(
        uuid=f"{number:032x}",
        computer=f"{number % 2:032x}",
        version="1",
        started_us=START_US,
        seen_us=START_US + MINUTES * US_PER_MINUTE,
        source="0",
        zone=draw(st.sampled_from(["Europe/Berlin", "America/New_York"])),
    )
    return Part(run, rows)


logs = st.integers(1, 3).flatmap(lambda n: st.tuples(*(parts(number) for number in range(n))))
PROPERTY = settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@contextmanager
def changing(folder: Path) -> Iterator[sqlite3.Connection]:
    folder.mkdir(exist_ok=True)
    db = open_for_writing(folder / FILE_NAME, 1.0)
    try:
        migrate(db, START_US)
        yield db
    finally:
        db.close()


def written(folder: Path, log: Sequence[Part]) -> Path:
    with changing(folder) as db:
        merge(db, log)
    return folder


def told(folder: Path) -> object:
    """All the days, as ``posture log --json`` tells them; reminders of one moment in any order."""
    with Reader(folder) as reader:
        records = read(reader, DAYS, BERLIN)
    whole: Any = document.as_json(almanac(records, DAYS, BERLIN, today=DAYS[-1]), BERLIN)
    for day in whole["days"]:
        day["reminders"].sort(key=str)
    return whole


def exported(folder: Path, as_: str) -> Path:
    out = folder.parent / f"{folder.name}-exported"
    with Reader(folder) as reader:
        if as_ == "sqlite":
            copy_sqlite(reader.path, out)
        else:
            text = io.StringIO()
            write_json(reader, text)
            out.write_text(text.getvalue(), encoding="utf-8")
    return out


def counts(folder: Path) -> list[int]:
    with Reader(folder) as reader:
        ever = (0, 2**62)
        found = (reader.spans, reader.minutes, reader.reminders, reader.fates, reader.events)
        return [len(rows(*ever)) for rows in found] + [len(reader.runs(*ever))]


@pytest.mark.parametrize("as_", ["json", "sqlite"])
@given(log=logs)
@PROPERTY
def test_importing_ones_own_export_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, as_: str, log: Sequence[Part]
) -> None:
    folder = written(tmp_path_factory.mktemp("here") / "log", log)
    before, rows = told(folder), counts(folder)
    out = exported(folder, as_)

    for _ in range(2):
        with changing(folder) as db:
            assert merge(db, read_file(out)).new_runs == 0

        assert (told(folder), counts(folder)) == (before, rows)


@pytest.mark.parametrize("as_", ["json", "sqlite"])
@given(log=logs)
@PROPERTY
def test_what_was_exported_and_deleted_comes_back(
    tmp_path_factory: pytest.TempPathFactory, as_: str, log: Sequence[Part]
) -> None:
    folder = written(tmp_path_factory.mktemp("here") / "log", log)
    before, rows = told(folder), counts(folder)
    out = exported(folder, as_)

    with changing(folder) as db:
        erasing.erase_all(db, START_US)
        assert erasing.shrink(db, 1.0)
    assert counts(folder) == [0] * 6
    with changing(folder) as db:
        merge(db, read_file(out))

    assert (told(folder), counts(folder)) == (before, rows)


@given(log=logs, minute=st.integers(0, MINUTES))
@PROPERTY
def test_what_was_deleted_up_to_a_moment_comes_back(
    tmp_path_factory: pytest.TempPathFactory, log: Sequence[Part], minute: int
) -> None:
    """A span cut in two by the deletion tells the same when the whole one is back."""
    folder = written(tmp_path_factory.mktemp("here") / "log", log)
    before = told(folder)
    out = exported(folder, "json")

    with changing(folder) as db:
        erasing.erase_before(db, START_US + minute * US_PER_MINUTE)
    with changing(folder) as db:
        merge(db, read_file(out))

    assert told(folder) == before


@given(log=logs, random=st.randoms(use_true_random=False))
@PROPERTY
def test_the_order_in_which_runs_arrive_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, log: Sequence[Part], random: Random
) -> None:
    """Runs that overlap, of one computer or two, make the same days however they were merged."""
    home = tmp_path_factory.mktemp("here")
    shuffled = [replace(part, rows=random.sample(part.rows, len(part.rows))) for part in log]
    random.shuffle(shuffled)
    apart = home / "apart"
    for part in [*shuffled, *shuffled[:1]]:
        written(apart, [part])

    assert told(apart) == told(written(home / "together", log))


def test_a_minute_two_runs_saw_equally_well_is_the_same_whoever_comes_first() -> None:
    wide, narrow = (
        Minute(START_US, 60.0, {"distance_cm": MinuteMeasure(52.0, low, 56.0, 60)}, run)
        for run, low in ((1, 44.0), (2, 51.0))
    )

    (one,) = one_per_minute([wide, narrow], START_US, START_US + US_PER_MINUTE)
    (other,) = one_per_minute([narrow, wide], START_US, START_US + US_PER_MINUTE)

    assert one == other
