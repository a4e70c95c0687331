"""The journal's writing hand: what goes in comes out, whatever happens to the file."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest
from days import at, effects, later, story, us
from hypothesis import given, settings
from hypothesis import strategies as st

from posture.clock import US_PER_S, Instant, ManualClock
from posture.core.effects import (
    Activity,
    CalibrationChanged,
    CameraChanged,
    Fate,
    MinuteMeasure,
    ReminderFate,
    ReminderKind,
    ShowReminder,
    SpanKind,
    Status,
    WriteMinute,
    WriteSpan,
)
from posture.journal.file import FILE_NAME, Trouble, open_for_writing
from posture.journal.reader import NoJournalYet, Reader
from posture.journal.rows import SCORE, Event, Span
from posture.journal.schema import VERSION, JournalNewer
from posture.journal.store import FLUSH_EVERY_S, MAX_WAITING, RETRY_EVERY_S, Connect, Journal

NINE = us("2026-03-02 09:00")
ALL = (0, 2**62)


def clock_at(wall_us: int) -> ManualClock:
    return ManualClock(at(wall_us))


@pytest.fixture
def clock() -> ManualClock:
    return clock_at(NINE)


def spans_in(directory: Path) -> list[Span]:
    with Reader(directory) as reader:
        return [replace(span, run=0) for span in reader.spans(*ALL)]


SITTING = story(SpanKind.ACTIVITY, "2026-03-02 09:00", "sitting 50m")


class TestRoundTrip:
    def test_spans_come_back_as_written(self, tmp_path: Path, clock: ManualClock) -> None:
        told = story(SpanKind.ACTIVITY, "2026-03-02 09:00", "sitting 50m, away 6m, standing 20m")
        posture = [
            replace(span, worst="slump_cm", reason="why")
            for span in story(SpanKind.POSTURE, "2026-03-02 09:05", "slouch 90s")
        ]
        with Journal(tmp_path, clock) as journal:
            journal.record(effects(told + posture))

        assert spans_in(tmp_path) == sorted(told + posture, key=lambda span: span.began_us)

    def test_a_growing_span_stays_one(self, tmp_path: Path, clock: ManualClock) -> None:
        with Journal(tmp_path, clock) as journal:
            for minutes in (1, 2, 3):
                journal.record(
                    effects(story(SpanKind.ACTIVITY, "2026-03-02 09:00", f"sitting {minutes}m"))
                )
                journal.flush()

        assert spans_in(tmp_path) == story(SpanKind.ACTIVITY, "2026-03-02 09:00", "sitting 3m")

    def test_a_span_may_shrink_when_its_end_is_back_dated(
        self, tmp_path: Path, clock: ManualClock
    ) -> None:
        with Journal(tmp_path, clock) as journal:
            for length in ("60m", "55m"):
                journal.record(
                    effects(story(SpanKind.PRESENCE, "2026-03-02 09:00", f"present {length}"))
                )
                journal.flush()

        assert spans_in(tmp_path) == story(SpanKind.PRESENCE, "2026-03-02 09:00", "present 55m")

    def test_minutes_keep_score_and_measures(self, tmp_path: Path, clock: ManualClock) -> None:
        distance = MinuteMeasure(61.5, 57.5, 64.5, 55)
        score = MinuteMeasure(88, 70, 95, 60)
        with Journal(tmp_path, clock) as journal:
            journal.record([WriteMinute(NINE, {"distance_cm": distance}, score, 58.5)])
            journal.flush()
            journal.record([WriteMinute(later(NINE, minutes=1), {}, None, 0.0)])

        with Reader(tmp_path) as reader:
            first, second = reader.minutes(*ALL)
        assert first.measures == {"distance_cm": distance, SCORE: score}
        assert first.valid_s == 58.5
        assert (second.minute_us, second.measures) == (later(NINE, minutes=1), {})

    def test_reminder_and_its_fates(self, tmp_path: Path, clock: ManualClock) -> None:
        shown = ShowReminder(
            at(NINE), 7, ReminderKind.POSTURE, "Sit up", "…", at(NINE - US_PER_S), {"slump_cm": 4.5}
        )
        fates = [
            ReminderFate(at(NINE), 7, ReminderKind.POSTURE, Fate.SHOWN),
            ReminderFate(
                at(later(NINE, seconds=12)),
                7,
                ReminderKind.POSTURE,
                Fate.HEEDED,
                12.0,
                None,
                {"slump_cm": 3.5},
            ),
        ]
        with Journal(tmp_path, clock) as journal:
            journal.record([shown, *fates])

        with Reader(tmp_path) as reader:
            (reminder,) = reader.reminders(*ALL)
            found = reader.fates(*ALL)
        assert (reminder.id, reminder.kind, reminder.title) == (7, ReminderKind.POSTURE, "Sit up")
        assert (reminder.at_us, reminder.began_us) == (NINE, NINE - US_PER_S)
        assert reminder.measures == {"slump_cm": 4.5}
        assert [(one.fate, one.after_s, one.improvement) for one in found] == [
            (Fate.SHOWN, None, {}),
            (Fate.HEEDED, 12.0, {"slump_cm": 3.5}),
        ]

    def test_camera_and_calibration_changes(self, tmp_path: Path, clock: ManualClock) -> None:
        with Journal(tmp_path, clock) as journal:
            journal.record(
                [
                    CameraChanged(at(NINE), "lost", "unplugged"),
                    CalibrationChanged(at(later(NINE, minutes=1)), "stale", "camera moved"),
                ]
            )

        with Reader(tmp_path) as reader:
            assert [replace(event, run=0) for event in reader.events(*ALL)] == [
                Event("camera", NINE, "lost", "unplugged"),
                Event("calibration", later(NINE, minutes=1), "stale", "camera moved"),
            ]

    def test_the_goal_is_written_when_it_changes(self, tmp_path: Path, clock: ManualClock) -> None:
        with Journal(tmp_path, clock) as journal:
            for minutes, goal_s in ((0, 7200.0), (1, 7200.0), (2, 9000.0), (3, 0.0)):
                now = at(later(NINE, minutes=minutes))
                journal.record([Status(now, Activity.SITTING, 0, 0, 1.0, upright_goal_s=goal_s)])

        with Reader(tmp_path) as reader:
            found = [(event.at_us, event.value) for event in reader.events(*ALL)]
        assert found == [(NINE, "7200"), (later(NINE, minutes=2), "9000")]

    def test_run_is_described_and_demonstrations_marked(
        self, tmp_path: Path, clock: ManualClock
    ) -> None:
        with Journal(
            tmp_path, clock, time_scale=60.0, source="demo", zone="Europe/Berlin"
        ) as journal:
            clock.advance(30)
            journal.flush()

        with Reader(tmp_path) as reader:
            (run,) = reader.runs(*ALL)
        assert (run.time_scale, run.source, run.zone) == (60.0, "demo", "Europe/Berlin")
        assert (run.started_us, run.seen_us) == (NINE, later(NINE, seconds=30))

    def test_what_reaches_into_the_time_asked_for_is_found(
        self, tmp_path: Path, clock: ManualClock
    ) -> None:
        weekend = story(SpanKind.PRESENCE, "2026-02-27 18:00", "away 62h")
        with Journal(tmp_path, clock) as journal:
            journal.record(effects(weekend))

        with Reader(tmp_path) as reader:
            sunday = reader.spans(us("2026-03-01 00:00"), us("2026-03-02 00:00"))
            monday = reader.spans(us("2026-03-02 08:00"), us("2026-03-03 00:00"))
        assert [replace(span, run=0) for span in sunday] == weekend
        assert monday == []

    @given(
        st.lists(
            st.tuples(
                st.sampled_from(SpanKind),
                st.integers(0, 10**6),
                st.integers(1, 10**5),
                st.sampled_from(["sitting", "away", "slouch", "ü"]),
                st.sampled_from([None, "dark"]),
            ),
            unique_by=lambda one: (one[0], one[1]),
        )
    )
    @settings(max_examples=25, deadline=None)
    def test_any_spans_come_back(
        self,
        tmp_path_factory: pytest.TempPathFactory,
        told: list[tuple[SpanKind, int, int, str, str | None]],
    ) -> None:
        directory = tmp_path_factory.mktemp("journal")
        spans = [
            Span(kind, value, NINE + began * 1000, NINE + (began + length) * 1000, reason)
            for kind, began, length, value, reason in told
        ]
        with Journal(directory, clock_at(NINE)) as journal:
            journal.record(effects(spans))

        def order(span: Span) -> tuple[int, str]:
            return span.began_us, span.kind

        assert sorted(spans_in(directory), key=order) == sorted(spans, key=order)


class TestClockChanges:
    def written(self, tmp_path: Path, ended: Instant) -> list[Span]:
        with Journal(tmp_path, clock_at(NINE)) as journal:
            journal.record([WriteSpan(SpanKind.ACTIVITY, "sitting", at(NINE), ended)])
        return spans_in(tmp_path)

    @pytest.mark.parametrize("hours", [-3, -1, 1, 24 * 365])
    def test_a_clock_set_anew_changes_no_length(self, tmp_path: Path, hours: int) -> None:
        ten_minutes_later = at(later(NINE, minutes=10))
        jumped = Instant(ten_minutes_later.mono, later(NINE, minutes=10, hours=hours))

        (span,) = self.written(tmp_path, jumped)

        assert (span.began_us, span.seconds) == (NINE, 600)

    def test_a_clock_gently_corrected_is_followed(self, tmp_path: Path) -> None:
        ended = Instant(at(NINE).mono + 600, later(NINE, seconds=601))

        (span,) = self.written(tmp_path, ended)

        assert span.ended_us == later(NINE, seconds=601)

    def test_nothing_is_not_written(self, tmp_path: Path) -> None:
        assert self.written(tmp_path, at(NINE)) == []

    def test_a_minute_passed_twice_keeps_the_better_seen_one(
        self, tmp_path: Path, clock: ManualClock
    ) -> None:
        def minute(distance_cm: float, valid_s: float) -> WriteMinute:
            one = MinuteMeasure(distance_cm, distance_cm, distance_cm, 10)
            return WriteMinute(NINE, {"distance_cm": one}, None, valid_s)

        with Journal(tmp_path, clock) as journal:
            for effect in (minute(60, 30), minute(70, 50), minute(80, 5)):
                journal.record([effect])
                journal.flush()

        with Reader(tmp_path) as reader:
            (found,) = reader.minutes(*ALL)
        assert (found.valid_s, found.measures["distance_cm"].median) == (50, 70)


class TestBatches:
    def test_rows_wait_for_the_next_batch_and_no_longer(
        self, tmp_path: Path, clock: ManualClock
    ) -> None:
        journal = Journal(tmp_path, clock)
        journal.record(effects(SITTING))
        clock.advance(FLUSH_EVERY_S - 0.1)
        assert journal.record([]).waiting == 1
        clock.advance(0.1)

        assert journal.record([]).waiting == 0
        assert spans_in(tmp_path) == SITTING
        journal.close()

    def test_a_crash_loses_at_most_ten_seconds(self, tmp_path: Path) -> None:
        """A process records a span growing second by second and dies by SIGKILL at second 100."""
        code = textwrap.dedent(
            """
            import os, signal, sys
            from pathlib import Path
            from posture.clock import Instant, ManualClock
            from posture.core.effects import SpanKind, WriteSpan
            from posture.journal.store import Journal

            start = Instant(0.0, 1_772_438_400_000_000)
            clock = ManualClock(start)
            journal = Journal(Path(sys.argv[1]), clock)
            for second in range(1, 101):
                clock.advance(1)
                span = WriteSpan(SpanKind.ACTIVITY, "sitting", start, clock.now())
                journal.record([span])
            os.kill(os.getpid(), signal.SIGKILL)
            """
        )
        done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)

        assert done.returncode == -signal.SIGKILL
        (span,) = spans_in(tmp_path)
        assert 90 <= span.seconds <= 100


class TestPrivacy:
    def test_directory_and_every_file_are_the_users_alone(
        self, tmp_path: Path, clock: ManualClock
    ) -> None:
        before = os.umask(0)
        try:
            with Journal(tmp_path / "new", clock) as journal:
                journal.record(effects(SITTING))
                journal.flush()
                modes = {
                    path.name: stat.S_IMODE(path.stat().st_mode)
                    for path in (tmp_path / "new").iterdir()
                }
        finally:
            os.umask(before)

        assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
        assert modes
        assert set(modes.values()) == {0o600}


class TestTrouble:
    def test_a_locked_file_makes_rows_wait(self, tmp_path: Path, clock: ManualClock) -> None:
        journal = Journal(tmp_path, clock)
        other = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        journal.record(effects(SITTING))

        state = journal.flush()
        assert (state.trouble, state.waiting, state.lost) == (Trouble.LOCKED, 1, 0)
        assert state.message is not None
        assert "Another program is using the log" in state.message

        other.execute("ROLLBACK")
        other.close()
        clock.advance(RETRY_EVERY_S)
        state = journal.record([])
        assert (state.trouble, state.message, state.waiting) == (None, None, 0)
        assert spans_in(tmp_path) == SITTING
        journal.close()

    def test_a_file_locked_from_the_start_is_written_later(
        self, tmp_path: Path, clock: ManualClock
    ) -> None:
        Journal(tmp_path, clock).close()
        other = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        journal = Journal(tmp_path, clock)
        assert journal.state.trouble is Trouble.LOCKED
        journal.record(effects(SITTING))

        other.execute("ROLLBACK")
        other.close()
        assert journal.close().trouble is None
        assert spans_in(tmp_path) == SITTING

    def test_trouble_is_not_retried_at_every_step(self, tmp_path: Path, clock: ManualClock) -> None:
        refusals: list[Path] = []
        journal = Journal(tmp_path, clock, connect=refusing(refusals))
        assert journal.state.trouble is Trouble.DISK_FULL

        for _ in range(30):
            clock.advance(1)
            journal.record([])

        assert len(refusals) == 1 + 30 / RETRY_EVERY_S

    def test_a_full_disk_makes_rows_wait(self, tmp_path: Path, clock: ManualClock) -> None:
        limit = {"pages": 0}

        def small_disk(path: Path, timeout: float) -> sqlite3.Connection:
            connection = open_for_writing(path, timeout)
            if limit["pages"]:
                connection.execute(f"PRAGMA max_page_count = {limit['pages']}")
            return connection

        Journal(tmp_path, clock).close()
        limit["pages"] = 1  # SQLite takes the present size as the smallest possible
        journal = Journal(tmp_path, clock, connect=small_disk)
        many = [replace(SITTING[0], began_us=NINE + n, ended_us=NINE + n + 1) for n in range(2_000)]
        journal.record(effects_exact(many))

        state = journal.flush()
        assert (state.trouble, state.waiting, state.lost) == (Trouble.DISK_FULL, 2_000, 0)
        assert state.message is not None
        assert "disk is full" in state.message
        journal._connection.execute("PRAGMA max_page_count = 100000")  # type: ignore[union-attr]
        assert journal.flush().trouble is None
        journal.close()
        assert len(spans_in(tmp_path)) == 2_000

    def test_a_read_only_directory_makes_rows_wait(self) -> None:
        """Run as nobody, so that the mode counts even where the tests run as root."""
        code = textwrap.dedent(
            """
            import os, sys
            from pathlib import Path
            from posture.clock import Instant, ManualClock
            from posture.core.effects import SpanKind, WriteSpan
            from posture.journal.store import Journal
            if os.geteuid() == 0:
                os.setuid(65534)
            start = Instant(0.0, 1_772_438_400_000_000)
            journal = Journal(Path(sys.argv[1]), ManualClock(start))
            journal.record([WriteSpan(SpanKind.ACTIVITY, "sitting", start, start.shifted(60))])
            state = journal.flush()
            print(state.trouble, state.waiting, state.lost)
            print(state.message)
            """
        )
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            folder.chmod(0o555)
            done = subprocess.run(
                [sys.executable, "-c", code, name], check=True, capture_output=True, text=True
            )
            assert list(folder.iterdir()) == []

        counts, message = done.stdout.splitlines()
        assert counts == "read_only 1 0"
        assert "cannot be written" in message

    def test_a_damaged_file_is_set_aside_and_a_new_one_begun(
        self, tmp_path: Path, clock: ManualClock
    ) -> None:
        damaged = b"this is not a database" * 100
        (tmp_path / FILE_NAME).write_bytes(damaged)

        with Journal(tmp_path, clock) as journal:
            journal.record(effects(SITTING))
            (notice,) = journal.take_notices()
            assert journal.take_notices() == []

        (aside,) = tmp_path.glob("posture-damaged-*.db")
        assert aside.read_bytes() == damaged
        assert str(aside) in notice
        assert spans_in(tmp_path) == SITTING

    def test_damage_found_while_running_loses_nothing_that_waits(
        self, tmp_path: Path, clock: ManualClock
    ) -> None:
        journal = Journal(tmp_path, clock)
        journal.record(effects(SITTING))
        path = tmp_path / FILE_NAME
        size = path.stat().st_size
        journal._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
        with path.open("r+b") as file:
            file.seek(4096)
            file.write(b"\xff" * max(size - 4096, 4096 * 12))
        journal._connection.execute("PRAGMA shrink_memory")  # type: ignore[union-attr]

        state = journal.flush()

        assert state.trouble is None
        assert len(journal.take_notices()) == 1
        journal.close()
        assert spans_in(tmp_path) == SITTING
        assert len(list(tmp_path.glob("posture-damaged-*.db"))) == 1

    def test_another_programs_database_is_left_alone(
        self, tmp_path: Path, clock: ManualClock
    ) -> None:
        other = sqlite3.connect(tmp_path / FILE_NAME)
        other.execute("CREATE TABLE recipes (name TEXT)")
        other.execute("INSERT INTO recipes VALUES ('soup')")
        other.commit()
        other.close()

        Journal(tmp_path, clock).close()

        (aside,) = tmp_path.glob("posture-damaged-*.db")
        other = sqlite3.connect(aside)
        assert other.execute("SELECT name FROM recipes").fetchall() == [("soup",)]
        other.close()

    def test_a_newer_file_is_refused_and_untouched(
        self, tmp_path: Path, clock: ManualClock
    ) -> None:
        Journal(tmp_path, clock).close()
        newer = sqlite3.connect(tmp_path / FILE_NAME)
        newer.execute(f"PRAGMA user_version = {VERSION + 1}")
        newer.close()
        before = (tmp_path / FILE_NAME).read_bytes()

        with pytest.raises(JournalNewer, match=r"newer posture.*Update posture"):
            Journal(tmp_path, clock)
        with pytest.raises(JournalNewer):
            Reader(tmp_path)

        assert (tmp_path / FILE_NAME).read_bytes() == before

    def test_a_file_removed_while_running_is_begun_again(
        self, tmp_path: Path, clock: ManualClock
    ) -> None:
        journal = Journal(tmp_path, clock)
        for path in tmp_path.iterdir():
            path.unlink()
        journal.record(effects(SITTING))
        journal.close()

        assert spans_in(tmp_path) == SITTING

    def test_too_many_waiting_rows_lose_the_oldest_and_say_so(
        self, tmp_path: Path, clock: ManualClock
    ) -> None:
        journal = Journal(tmp_path, clock, connect=refusing([]))
        spans = [
            replace(SITTING[0], began_us=NINE + n, ended_us=NINE + n + 1)
            for n in range(MAX_WAITING + 3)
        ]

        state = journal.record(effects_exact(spans))

        assert (state.waiting, state.lost) == (MAX_WAITING, 3)

    def test_no_log_yet_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(NoJournalYet, match=r"no log.*posture run"):
            Reader(tmp_path)


def refusing(refusals: list[Path]) -> Connect:
    """A way to open the file that never succeeds, because the disk is full."""

    def refuse(path: Path, timeout: float) -> sqlite3.Connection:
        refusals.append(path)
        error = sqlite3.OperationalError("full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    return refuse


def effects_exact(spans: list[Span]) -> list[WriteSpan]:
    """Like ``effects`` for spans of microseconds, whose steady length a float cannot hold."""
    return [
        WriteSpan(span.kind, span.value, Instant(0.0, span.began_us), Instant(1e-6, span.ended_us))
        for span in spans
    ]
