"""``posture data``: out, in, together and gone."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sqlite3
import stat
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from days import BERLIN, at, effects, later, story, us

from posture.cli import data, main
from posture.cli.looking_back import REPORTS
from posture.clock import ManualClock
from posture.core.effects import (
    CameraChanged,
    Fate,
    MinuteMeasure,
    ReminderFate,
    ReminderKind,
    ShowReminder,
    SpanKind,
    WriteMinute,
)
from posture.errors import JournalError, TracesRemain
from posture.journal.days import days_of
from posture.journal.file import FILE_NAME, open_for_writing
from posture.journal.reader import Reader
from posture.journal.rows import Records, Span
from posture.journal.store import Journal
from posture.memory_file import MEMORY_NAME

ALL = (0, 2**62)
MONDAY, TUESDAY = "2026-03-02", "2026-03-03"
SECRET = "a-program-nobody-should-know-of"


@pytest.fixture(autouse=True)
def _berlin(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))


def on_a_full_disk(beginning: str) -> Callable[[Path, float], sqlite3.Connection]:
    """A way to open the log in which what begins so finds no room."""

    class Full(sqlite3.Connection):
        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
            if sql.startswith(beginning):
                error = sqlite3.OperationalError("database or disk is full")
                error.sqlite_errorcode = sqlite3.SQLITE_FULL
                raise error
            return super().execute(sql, *values)

    def opened(path: Path, busy_timeout_s: float) -> sqlite3.Connection:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Full))
            return open_for_writing(path, busy_timeout_s)

    return opened


def record(directory: Path, day: str, told: str, reason: str = "why") -> None:
    """A day of sitting and everything else a log can hold."""
    nine = us(f"{day} 09:00")
    meeting = [
        replace(span, reason=reason)
        for span in story(SpanKind.SILENCE, f"{day} 09:05", "meeting 10m")
    ]
    distance = MinuteMeasure(61.5, 58.0, 64.5, 55)
    with Journal(directory, ManualClock(at(nine)), zone="Europe/Berlin") as journal:
        journal.record(effects(story(SpanKind.ACTIVITY, f"{day} 09:00", told) + meeting))
        journal.record(
            [
                WriteMinute(nine, {"distance_cm": distance}, MinuteMeasure(88, 70, 95, 60), 58.5),
                ShowReminder(at(nine), 1, ReminderKind.STAND, "Up", "Walk.", at(nine), {"a": 1.5}),
                ReminderFate(
                    at(later(nine, seconds=9)), 1, ReminderKind.STAND, Fate.HEEDED, 9.0, "x"
                ),
                CameraChanged(at(nine), "lost", reason),
            ]
        )


@pytest.fixture
def log(tmp_path: Path) -> Path:
    record(tmp_path / "log", MONDAY, "sitting 50m, away 10m")
    record(tmp_path / "log", TUESDAY, "sitting 30m")
    return tmp_path / "log"


def contents(directory: Path) -> dict[str, Any]:
    """Everything in a journal, run by run, whatever the runs' numbers."""
    with Reader(directory) as reader:
        names = {run.id: run.uuid for run in reader.runs(*ALL)}
        found: dict[str, Any] = {
            "runs": sorted((replace(run, id=0) for run in reader.runs(*ALL)), key=str)
        }
        for name in ("spans", "minutes", "reminders", "fates", "events"):
            rows = getattr(reader, name)(*ALL)
            found[name] = sorted(((names[row.run], replace(row, run=0)) for row in rows), key=str)
    return found


class TestExportAndImport:
    @pytest.mark.parametrize("as_", ["json", "sqlite"])
    def test_a_log_goes_out_and_comes_back_whole(self, log: Path, tmp_path: Path, as_: str) -> None:
        out, other = tmp_path / "export", tmp_path / "other"

        assert (
            main(["data", "export", "--format", as_, "--data-dir", str(log), "--out", str(out)])
            == 0
        )
        assert main(["data", "import", str(out), "--data-dir", str(other)]) == 0

        assert contents(other) == contents(log)
        assert stat.S_IMODE(out.stat().st_mode) == 0o600

    def test_importing_twice_makes_no_doubles(
        self, log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out = tmp_path / "log.json"
        before = contents(log)
        main(["data", "export", "--data-dir", str(log), "--out", str(out)])
        capsys.readouterr()

        for _ in range(2):
            assert main(["data", "import", str(out), "--data-dir", str(log)]) == 0

        assert contents(log) == before
        assert (
            capsys.readouterr().out.splitlines() == ["2 runs read, 0 of them new; 13 records."] * 2
        )

    def test_a_second_computers_log_joins_this_one(self, log: Path, tmp_path: Path) -> None:
        """Both saw Monday; whichever is merged into the other, the day is the same."""
        laptop = tmp_path / "laptop"
        record(laptop, MONDAY, "away 50m, sitting 40m")
        days = []
        for here, there in ((log, laptop), (laptop, log)):
            both = tmp_path / f"both-{here.name}"
            shutil.copytree(here, both)
            out = tmp_path / f"{there.name}.json"
            main(["data", "export", "--data-dir", str(there), "--out", str(out)])
            assert main(["data", "import", str(out), "--data-dir", str(both)]) == 0
            with Reader(both) as reader:
                day = datetime.fromisoformat(MONDAY).date()
                (summed,) = days_of(Records(reader.spans(*ALL)), day, day, BERLIN)
                days.append(summed)

        assert days[0].sitting_s == 90 * 60
        assert days[0] == days[1]

    def test_an_older_copy_of_a_run_takes_nothing_back(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        directory, out = tmp_path / "log", tmp_path / "old.json"
        nine = us(f"{MONDAY} 09:00")
        clock = ManualClock(at(nine))
        journal = Journal(directory, clock)
        journal.record(effects(story(SpanKind.ACTIVITY, f"{MONDAY} 09:00", "sitting 10m")))
        journal.flush()
        main(["data", "export", "--data-dir", str(directory), "--out", str(out)])
        clock.advance(1800)
        journal.record(effects(story(SpanKind.ACTIVITY, f"{MONDAY} 09:00", "sitting 30m")))
        journal.close()

        assert main(["data", "import", str(out), "--data-dir", str(directory)]) == 0

        with Reader(directory) as reader:
            assert [span.seconds for span in reader.spans(*ALL)] == [1800]

    def test_a_copy_can_be_taken_while_the_monitor_writes(self, log: Path, tmp_path: Path) -> None:
        out = tmp_path / "copy.db"
        journal = Journal(log, ManualClock(at(us("2026-03-04 09:00"))))
        journal.record(effects(story(SpanKind.ACTIVITY, "2026-03-04 09:00", "sitting 5m")))
        journal.flush()

        words = ["data", "export", "--format", "sqlite", "--data-dir", str(log)]
        assert main([*words, "--out", str(out)]) == 0

        journal.close()
        with Reader.of_file(out) as reader:
            assert sum(s.seconds for s in reader.spans(*ALL) if s.value == "sitting") == 85 * 60

    def test_the_log_is_not_overwritten_by_its_copy(
        self, log: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        words = ["data", "export", "--format", "sqlite", "--data-dir", str(log)]

        assert main([*words, "--out", str(log / FILE_NAME)]) == 31
        assert "is the log itself" in capsys.readouterr().err

    def test_csv_tables(self, log: Path, tmp_path: Path) -> None:
        out = tmp_path / "log.zip"

        words = ["data", "export", "--format", "csv", "--data-dir", str(log), "--out", str(out)]
        assert main(words) == 0

        with zipfile.ZipFile(out) as archive:
            tables = {
                name: list(csv.DictReader(io.StringIO(archive.read(name).decode())))
                for name in archive.namelist()
            }
        assert set(tables) == {"spans.csv", "minutes.csv", "reminders.csv", "events.csv"}
        assert tables["spans.csv"][0] == {
            "kind": "activity",
            "value": "sitting",
            "began": "2026-03-02T09:00:00.000+01:00",
            "ended": "2026-03-02T09:50:00.000+01:00",
            "seconds": "3000.0",
            "reason": "",
            "worst_measure": "",
        }
        assert tables["minutes.csv"][0]["distance_cm_median"] == "61.5"
        assert tables["reminders.csv"][0]["fate"] == "heeded"
        assert len(tables["events.csv"]) == 2

    def test_standard_output(self, log: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
        assert main(["data", "export", "--data-dir", str(log), "--out", "-"]) == 0
        assert json.loads(capfdbinary.readouterr().out)["posture_log"] == 1

        words = ["data", "export", "--format", "sqlite", "--data-dir", str(log), "--out", "-"]
        assert main(words) == 2


class TestActivityWatch:
    def test_buckets_hold_what_the_log_does(
        self, log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("platform.node", lambda: "desk")
        out = tmp_path / "buckets.json"
        words = ["data", "export", "--format", "activitywatch", "--data-dir", str(log)]

        assert main([*words, "--out", str(out)]) == 0

        document = json.loads(out.read_text(encoding="utf-8"))
        assert document["buckets"]["posture-activity_desk"]["events"][:2] == [
            {
                "timestamp": "2026-03-02T08:00:00+00:00",
                "duration": 3000.0,
                "data": {"title": "sitting", "value": "sitting"},
            },
            {
                "timestamp": "2026-03-02T08:50:00+00:00",
                "duration": 600.0,
                "data": {"title": "away", "value": "away"},
            },
        ]
        assert document["buckets"]["posture-reminder_desk"]["events"][0] == {
            "timestamp": "2026-03-02T08:00:00+00:00",
            "duration": 9.0,
            "data": {"title": "Up", "kind": "stand", "fate": "heeded"},
        }

    def test_events_of_a_lane_do_not_overlap(self, log: Path, tmp_path: Path) -> None:
        record(log, MONDAY, "away 2h")
        out = tmp_path / "buckets.json"
        words = ["data", "export", "--format", "activitywatch", "--data-dir", str(log)]

        assert main([*words, "--out", str(out)]) == 0

        buckets = json.loads(out.read_text(encoding="utf-8"))["buckets"]
        lane = next(bucket for name, bucket in buckets.items() if "activity" in name)
        ends = None
        for event in lane["events"]:
            begins = datetime.fromisoformat(event["timestamp"])
            assert ends is None or begins >= ends
            ends = begins + timedelta(seconds=event["duration"])


def broken(change: Callable[[dict[str, Any]], object]) -> Callable[[dict[str, Any]], object]:
    return lambda document: change(document["runs"][0])


class TestRefusedImports:
    @pytest.mark.parametrize(
        "change",
        [
            broken(lambda run: run.pop("uuid")),
            broken(lambda run: run.update(uuid="../../etc")),
            broken(lambda run: run.update(started_us="now")),
            broken(lambda run: run.update(time_scale=0)),
            broken(lambda run: run["spans"][0].update(kind="mood")),
            broken(lambda run: run["spans"][0].update(ended_us=0)),
            broken(lambda run: run["spans"][0].update(began_us=10**17)),
            broken(lambda run: run["spans"][0].update(value=["x"])),
            broken(lambda run: run["minutes"][0].update(minute_us=17)),
            broken(lambda run: run["minutes"][0]["measures"].update(score=[1, 2])),
            broken(lambda run: run["minutes"][0]["measures"].update(score=[1, 2, 3, 0])),
            broken(lambda run: run["minutes"][0]["measures"].update(score=[True, 2, 3, 4])),
            broken(lambda run: run["fates"][0].update(fate="forgotten")),
            broken(lambda run: run["reminders"][0].update(id="one")),
            lambda document: document.update(runs=None),
            lambda document: document.update(posture_log="1"),
            lambda it: it["runs"][0]["spans"][0].update(reason="\ud800"),
        ],
    )
    def test_a_damaged_export_changes_nothing(
        self,
        log: Path,
        tmp_path: Path,
        change: Callable[[dict[str, Any]], object],
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        out = tmp_path / "log.json"
        main(["data", "export", "--data-dir", str(log), "--out", str(out)])
        document = json.loads(out.read_text(encoding="utf-8"))
        change(document)
        out.write_text(json.dumps(document), encoding="utf-8")
        before = contents(log)

        assert main(["data", "import", str(out), "--data-dir", str(log)]) == 27

        assert contents(log) == before
        assert "posture: " in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"hello", "neither JSON nor SQLite"),
            (b"\xff\xfe", "neither JSON nor SQLite"),
            (b"[" * 100_000, "neither JSON nor SQLite"),
            (b"{}", "not exported by posture"),
            (b"[]", "not exported by posture"),
            (b'{"posture_log": 99, "runs": []}', "newer posture"),
            (b"SQLite format 3\x00" + b"\x00" * 500, "damaged"),
        ],
    )
    def test_other_files_are_refused(
        self, content: bytes, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "file"
        file.write_bytes(content)

        assert main(["data", "import", str(file)]) == 27
        assert said in capsys.readouterr().err

    def test_another_programs_database_is_refused(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "recipes.db"
        with closing(sqlite3.connect(file)) as other:
            other.execute("CREATE TABLE recipe (name TEXT)")
            other.commit()

        assert main(["data", "import", str(file)]) == 27
        assert "not a log of posture" in capsys.readouterr().err

    def test_no_such_file(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["data", "import", "/nowhere.json"]) == 27
        assert "/nowhere.json cannot be read" in capsys.readouterr().err


def bytes_in(directory: Path) -> bytes:
    return b"".join(path.read_bytes() for path in directory.rglob("*") if path.is_file())


class TestDelete:
    def test_days_before_a_date_leave_no_trace(self, tmp_path: Path) -> None:
        log = tmp_path / "log"
        record(log, MONDAY, "sitting 50m", reason=SECRET)
        record(log, TUESDAY, "sitting 30m")
        assert SECRET.encode() in bytes_in(log)

        assert main(["data", "delete", "--before", TUESDAY, "--yes", "--data-dir", str(log)]) == 0

        assert SECRET.encode() not in bytes_in(log)
        found = contents(log)
        assert [span.seconds for _, span in found["spans"] if span.kind == "activity"] == [1800]
        assert [len(found[name]) for name in ("runs", "minutes", "reminders", "fates")] == [1] * 4

    def test_what_reaches_over_midnight_is_cut_there(self, tmp_path: Path) -> None:
        log = tmp_path / "log"
        with Journal(log, ManualClock(at(us(f"{MONDAY} 22:00")))) as journal:
            journal.record(effects(story(SpanKind.ACTIVITY, f"{MONDAY} 22:00", "sitting 3h")))

        assert main(["data", "delete", "--before", TUESDAY, "--yes", "--data-dir", str(log)]) == 0

        with Reader(log) as reader:
            (span,) = reader.spans(*ALL)
        assert (span.began_us, span.seconds) == (us(f"{TUESDAY} 00:00"), 3600)

    def test_an_hour_is_cut_where_the_zone_is_half_an_hour_off(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TZ", "Asia/Kolkata")
        log = tmp_path / "log"
        midnight = us(TUESDAY) + 3_600_000_000 - round(5.5 * 3_600_000_000)
        one = MinuteMeasure(60, 60, 60, 9)
        with Journal(log, ManualClock(at(midnight))) as journal:
            journal.record(
                WriteMinute(later(midnight, minutes=n), {"score": one}) for n in (-2, -1, 0, 1)
            )

        assert main(["data", "delete", "--before", TUESDAY, "--yes", "--data-dir", str(log)]) == 0

        with Reader(log) as reader:
            assert [m.minute_us for m in reader.minutes(*ALL)] == [
                midnight,
                later(midnight, minutes=1),
            ]

    @pytest.mark.parametrize("what", [["--all"], ["--before", TUESDAY]])
    @pytest.mark.parametrize(
        ("harm", "why"),
        [
            ("DROP TABLE span", "no such table: span"),
            ("UPDATE hour SET minutes = x'00'", "unknown format 0"),
        ],
    )
    def test_tables_that_are_no_longer_its_own_are_named(
        self,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
        what: list[str],
        harm: str,
        why: str,
    ) -> None:
        # There the cut goes through an hour.
        monkeypatch.setenv("TZ", "Asia/Kolkata")
        log = tmp_path / "log"
        midnight = us(TUESDAY) + 3_600_000_000 - round(5.5 * 3_600_000_000)
        with Journal(log, ManualClock(at(midnight))) as journal:
            one = MinuteMeasure(60, 60, 60, 9)
            journal.record(WriteMinute(later(midnight, minutes=n), {"score": one}) for n in (-1, 0))
        with closing(sqlite3.connect(log / FILE_NAME)) as db:
            db.execute(harm)
            db.commit()
        before = (log / FILE_NAME).read_bytes()
        capsys.readouterr()

        code = main(["data", "delete", *what, "--yes", "--data-dir", str(log)])

        err = capsys.readouterr().err
        if harm.startswith("UPDATE") and what == ["--all"]:
            assert (code, err) == (0, "")  # what goes need not be read
        else:
            assert code == JournalError.exit_code
            assert re.search(rf"is damaged \(({why})\)\. Delete the file yourself", err)
            assert (log / FILE_NAME).read_bytes() == before

    def test_importing_into_tables_that_are_no_longer_its_own_names_them(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        log, other = tmp_path / "log", tmp_path / "other"
        record(log, MONDAY, "sitting 50m")
        record(other, TUESDAY, "sitting 50m")
        with closing(sqlite3.connect(log / FILE_NAME)) as db:
            db.execute("DROP TABLE span")
            db.commit()
        before = (log / FILE_NAME).read_bytes()
        capsys.readouterr()

        code = main(["data", "import", str(other / FILE_NAME), "--data-dir", str(log)])

        assert code == JournalError.exit_code
        assert "is damaged (no such table: " in capsys.readouterr().err
        assert (log / FILE_NAME).read_bytes() == before

    def test_everything_goes_with_what_lies_beside(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        log = tmp_path / "log"
        record(log, MONDAY, "sitting 50m", reason=SECRET)
        main(["report", MONDAY, "--data-dir", str(log)])
        (log / "posture-damaged-20260301T100000Z.db").write_text(SECRET)
        (log / MEMORY_NAME).write_text("{}")
        capsys.readouterr()

        assert main(["data", "delete", "--all", "--yes", "--data-dir", str(log)]) == 0

        assert capsys.readouterr().out == "Deleted, with 3 files beside the log.\n"
        assert SECRET.encode() not in bytes_in(log)
        assert sorted(path.name for path in log.rglob("*") if path.is_file()) == [FILE_NAME]
        assert contents(log)["spans"] == []

    @pytest.mark.parametrize("what", [("--all",), ("--before", TUESDAY)], ids=["all", "before"])
    @pytest.mark.parametrize("mode", ["wal", "delete"])
    def test_what_a_reader_still_holds_is_not_called_gone(
        self,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
        what: tuple[str, ...],
        mode: str,
    ) -> None:
        monkeypatch.setattr(data, "PATIENCE_S", 0.2)
        log = tmp_path / "log"
        record(log, MONDAY, "sitting 50m", reason=SECRET)
        words = ["data", "delete", *what, "--yes", "--data-dir", str(log)]
        with closing(sqlite3.connect(log / FILE_NAME, isolation_level=None)) as other:
            other.execute(f"PRAGMA journal_mode = {mode}").fetchall()
            other.execute("BEGIN")
            other.execute("SELECT count(*) FROM sqlite_master").fetchall()

            held = main(words)

            told = capsys.readouterr().err.splitlines()
            assert held == (TracesRemain.exit_code if mode == "wal" else JournalError.exit_code)
            assert told[-1].startswith("posture: ")
            assert "another program" in told[-1].lower()
            assert [line for line in told[:-1] if "waiting" not in line] == []
        assert main(words) == 0
        assert SECRET.encode() not in bytes_in(log)

    @pytest.mark.parametrize("what", [("--all",), ("--before", TUESDAY)], ids=["all", "before"])
    @pytest.mark.parametrize(
        ("full_for", "code", "words"),
        [
            ("BEGIN", JournalError.exit_code, "The disk is full: nothing in the log was changed."),
            ("VACUUM", 0, ""),
            ("PRAGMA wal_checkpoint", TracesRemain.exit_code, "Deleted, but the disk is full:"),
        ],
        ids=["from the start", "to make it shorter", "to clean up"],
    )
    def test_a_full_disk_is_told_from_what_is_gone_and_what_is_not(
        self,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
        what: tuple[str, ...],
        full_for: str,
        code: int,
        words: str,
    ) -> None:
        log = tmp_path / "log"
        record(log, MONDAY, "sitting 50m", reason=SECRET)
        before = contents(log)
        command = ["data", "delete", *what, "--yes", "--data-dir", str(log)]
        with monkeypatch.context() as patch:
            patch.setattr(data, "open_for_writing", on_a_full_disk(full_for))

            assert main(command) == code

        assert words in capsys.readouterr().err
        if full_for == "BEGIN":
            assert contents(log) == before
        else:
            assert contents(log)["spans"] == []
        if code == 0:
            assert SECRET.encode() not in bytes_in(log)
        assert main(command) == 0
        assert SECRET.encode() not in bytes_in(log)

    def test_a_report_that_cannot_be_deleted_is_named(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        log = tmp_path / "log"
        record(log, MONDAY, "sitting 50m", reason=SECRET)
        page = log / REPORTS / "kept.html"
        page.mkdir(parents=True)
        aside = log / "posture-damaged-20260301T100000Z.db"
        aside.write_text(SECRET)

        code = main(["data", "delete", "--all", "--yes", "--data-dir", str(log)])

        assert code == TracesRemain.exit_code
        assert f"{page} cannot be deleted" in capsys.readouterr().err
        assert not aside.exists(), "one that stays must not keep the others"
        assert contents(log)["spans"] == []

    def test_a_damaged_log_set_aside_is_named(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        log = tmp_path / "log"
        record(log, MONDAY, "sitting 50m")
        aside = log / "posture-damaged-20260301T100000Z.db"
        aside.write_text(SECRET)

        assert main(["data", "delete", "--before", TUESDAY, "--yes", "--data-dir", str(log)]) == 0

        assert str(aside) in capsys.readouterr().out
        assert aside.exists()

    def test_a_running_monitor_does_not_bring_it_back(self, tmp_path: Path) -> None:
        """It goes on recording, and its growing span begins anew."""
        log = tmp_path / "log"
        start = ManualClock(at(us(f"{MONDAY} 09:00")))
        journal = Journal(log, start)
        sitting = Span(SpanKind.ACTIVITY, "sitting", us(f"{MONDAY} 09:00"), us(f"{MONDAY} 10:00"))
        journal.record(effects([sitting]))
        journal.flush()

        assert main(["data", "delete", "--all", "--yes", "--data-dir", str(log)]) == 0
        long_after = us("2040-01-01 00:00")
        journal.record(effects([replace(sitting, ended_us=long_after)]))
        assert journal.flush().trouble is None
        journal.close()

        with Reader(log) as reader:
            (span,) = reader.spans(*ALL)
            assert len(reader.runs(*ALL)) == 1
        assert span.ended_us == long_after
        # From the moment of the deletion (now) on.
        assert span.began_us > us("2026-03-03 00:00")

    def test_old_days_are_forgotten_when_a_run_begins(self, log: Path) -> None:
        now = ManualClock(at(us("2026-03-05 06:00")))

        Journal(log, now, retention_days=2).close()

        with Reader(log) as reader:
            assert {span.began_us >= us(TUESDAY) for span in reader.spans(*ALL)} == {True}
            assert len(reader.reminders(*ALL)) == 1

    def test_old_days_that_are_forgotten_leave_no_trace(self, tmp_path: Path) -> None:
        log = tmp_path / "log"
        record(log, MONDAY, "sitting 50m", reason=SECRET)
        record(log, TUESDAY, "sitting 30m")
        assert SECRET.encode() in bytes_in(log)

        with Journal(log, ManualClock(at(us("2026-03-05 06:00"))), retention_days=2) as journal:
            journal.record([])
            while_it_runs = bytes_in(log)

        assert SECRET.encode() not in while_it_runs
        assert SECRET.encode() not in bytes_in(log)

    def test_on_a_full_disk_old_days_stay_until_there_is_room_and_today_is_written(
        self, tmp_path: Path
    ) -> None:
        """What forgetting needs is more than what a few rows need."""
        log = tmp_path / "log"
        record(log, MONDAY, "sitting 50m", reason=SECRET)
        full = on_a_full_disk("DELETE FROM span")
        clock = ManualClock(at(us("2026-03-05 06:00")))
        today = story(SpanKind.ACTIVITY, "2026-03-05 06:00", "sitting 1h")
        with Journal(log, clock, retention_days=2, connect=full) as journal:
            journal.record(effects(today))
            assert journal.flush().trouble is None

        with Reader(log) as reader:
            kept = [span.began_us for span in reader.spans(*ALL)]
        assert kept[0] < today[0].began_us == kept[-1]
        with Journal(log, clock, retention_days=2) as journal:
            journal.flush()
        assert SECRET.encode() not in bytes_in(log)

    def test_a_run_without_end_forgets_whole_days_every_day(self, tmp_path: Path) -> None:
        clock = ManualClock(at(us(f"{MONDAY} 09:00")))
        journal = Journal(tmp_path, clock, retention_days=1)
        journal.record(effects(story(SpanKind.ACTIVITY, f"{MONDAY} 09:00", "sitting 1h")))
        journal.flush()

        left = []
        for _ in range(3):
            with Reader(tmp_path) as reader:
                left.append([span.seconds for span in reader.spans(*ALL)])
            clock.advance(86_400)
            journal.record([])
        journal.close()

        assert left == [[3600], [3600], []]

    def test_it_must_be_said_what(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["data", "delete", "--yes"]) == 2
        assert "Say what to delete" in capsys.readouterr().err

    def test_it_asks_first(
        self, log: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        before = contents(log)
        monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))

        assert main(["data", "delete", "--all", "--data-dir", str(log)]) == 130

        assert "It cannot be brought back." in capsys.readouterr().out
        assert contents(log) == before

    def test_with_nobody_to_ask_it_deletes_nothing_and_says_so(
        self, log: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        before = contents(log)
        monkeypatch.setattr("sys.stdin", io.StringIO())

        assert main(["data", "delete", "--all", "--data-dir", str(log)]) == 2

        assert "nobody could be asked. Say --yes." in capsys.readouterr().err
        assert contents(log) == before

    def test_there_must_be_a_log(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["data", "delete", "--all", "--yes"]) == 27
        assert "no log" in capsys.readouterr().err

    def test_a_locked_log_is_said(
        self, log: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr("posture.cli.data.PATIENCE_S", 0.05)
        with closing(sqlite3.connect(log / FILE_NAME, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")

            assert main(["data", "delete", "--all", "--yes", "--data-dir", str(log)]) == 27

        assert "Another program is using the log" in capsys.readouterr().err


def test_path(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "path"]) == 0
    assert main(["data", "path", "--data-dir", "/somewhere"]) == 0

    assert capsys.readouterr().out.splitlines() == [
        str(tmp_path / "home" / "posture" / FILE_NAME),
        f"/somewhere/{FILE_NAME}",
    ]
