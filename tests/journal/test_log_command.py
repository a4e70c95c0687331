"""``posture log``: text for people, documents for programs."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import pytest
from days import BERLIN, at, effects, later, story, us

from posture.cli import main
from posture.clock import ManualClock
from posture.core.effects import (
    Fate,
    MinuteMeasure,
    ReminderFate,
    ReminderKind,
    ShowReminder,
    SpanKind,
    WriteMinute,
    WriteSpan,
)
from posture.journal import demo
from posture.journal.file import FILE_NAME
from posture.journal.store import Journal
from posture.journal.writing import Writer
from posture.paths import data_dir, demo_data_dir

NINE = us("2026-03-02 09:00")
TEN_TO_TEN = us("2026-03-02 09:50")


@pytest.fixture(autouse=True)
def berlin(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every command runs in Berlin with homes of its own."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def record_monday(directory: Path, time_scale: float = 1.0) -> None:
    spans = [
        *story(SpanKind.ACTIVITY, "2026-03-02 09:00", "sitting 50m, away 10m, sitting 30m"),
        *story(SpanKind.POSTURE, "2026-03-02 09:00", "upright 40m, slouch 10m, away 10m"),
        *story(SpanKind.POSTURE, "2026-03-02 10:00", "upright 20m, looking_away 10m"),
    ]
    with Journal(directory, ManualClock(at(NINE)), time_scale=time_scale) as journal:
        journal.record(effects(spans))
        journal.record(
            [
                WriteMinute(NINE, {"distance_cm": MinuteMeasure(62, 60, 64, 60)}, None, 60.0),
                ShowReminder(
                    at(TEN_TO_TEN),
                    1,
                    ReminderKind.POSTURE,
                    "You have sunk down",
                    "Slide back.",
                    at(us("2026-03-02 09:40")),
                    {"slump_cm": 4.0},
                ),
                ReminderFate(at(TEN_TO_TEN), 1, ReminderKind.POSTURE, Fate.SHOWN),
                ReminderFate(
                    at(us("2026-03-02 09:51")),
                    1,
                    ReminderKind.POSTURE,
                    Fate.HEEDED,
                    12.0,
                    None,
                    {"slump_cm": 3.0},
                ),
            ]
        )


@pytest.fixture
def log(tmp_path: Path) -> Path:
    record_monday(tmp_path / "log")
    return tmp_path / "log"


def test_a_day_as_text(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["log", "2026-03-02", "--data-dir", str(log)]) == 0

    text = capsys.readouterr().out
    assert text.startswith("Monday, 2 March 2026\n\n")
    assert "09:00 ████████████████████▒▒▒▒▒·····   80%\n" in text
    assert "10:00 ██████████▓▓▓▓▓                 100%\n" in text
    assert "  09:50  You have sunk down: heeded after 12 s\n" in text
    assert "on your feet" in text
    assert "\nTomorrow\n" in text


def test_a_terminal_without_block_characters_gets_plain_ones(
    log: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stdout", out)

    assert main(["log", "2026-03-02", "--data-dir", str(log)]) == 0

    out.flush()
    text = out.buffer.getvalue().decode()
    assert "09:00 ####################xxxxx.....   80%" in text


def test_a_day_as_json(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["log", "2026-03-02", "--json", "--data-dir", str(log)]) == 0

    nothing = {
        "days": 0,
        "sitting_s": None,
        "longest_bout_s": None,
        "breaks": None,
        "upright_s": None,
        "good_share": None,
        "near_share": None,
        "distance_cm": None,
    }
    assert json.loads(capsys.readouterr().out) == {
        "log": 1,
        "zone": "Europe/Berlin",
        "days": [
            {
                "date": "2026-03-02",
                "began": "2026-03-02T09:00:00+01:00",
                "ended": "2026-03-02T10:30:00+01:00",
                "sitting_s": 4800.0,
                "standing_s": 0.0,
                "away_s": 600.0,
                "unknown_s": 0.0,
                "unwatched_s": 0.0,
                "upright_s": 600.0,
                "upright_goal_s": 7200.0,
                "screen_s": 0.0,
                "judged_s": 4200.0,
                "good_s": 3600.0,
                "good_share": 0.8571,
                "near_s": 0.0,
                "near_share": 0.0,
                "distance_cm": 62.0,
                "look_aways_own": 1,
                "look_aways_prompted": 0,
                "demo": False,
                "posture_s": {
                    "upright": 3600.0,
                    "slouch": 600.0,
                    "away": 600.0,
                    "looking_away": 600.0,
                },
                "unseen_s": {},
                "closed_s": {},
                "rough_s": {},
                "silence_s": {},
                "camera_lost_s": {},
                "bouts": [
                    {
                        "began": "2026-03-02T09:00:00+01:00",
                        "ended": "2026-03-02T09:50:00+01:00",
                        "sitting_s": 3000.0,
                    },
                    {
                        "began": "2026-03-02T10:00:00+01:00",
                        "ended": "2026-03-02T10:30:00+01:00",
                        "sitting_s": 1800.0,
                    },
                ],
                "breaks": [
                    {
                        "began": "2026-03-02T09:50:00+01:00",
                        "ended": "2026-03-02T10:00:00+01:00",
                        "seconds": 600.0,
                        "after_s": 3000.0,
                    }
                ],
                "hours": [
                    {
                        "began": "2026-03-02T09:00:00+01:00",
                        "sitting_s": 3000.0,
                        "upright_s": 600.0,
                        "judged_s": 3000.0,
                        "good_share": 0.8,
                        "distance_cm": 62.0,
                    },
                    {
                        "began": "2026-03-02T10:00:00+01:00",
                        "sitting_s": 1800.0,
                        "upright_s": 0.0,
                        "judged_s": 1200.0,
                        "good_share": 1.0,
                        "distance_cm": None,
                    },
                ],
                "reminders": [
                    {
                        "at": "2026-03-02T09:50:00+01:00",
                        "kind": "posture",
                        "title": "You have sunk down",
                        "text": "Slide back.",
                        "began": "2026-03-02T09:40:00+01:00",
                        "measures": {"slump_cm": 4.0},
                        "fate": "heeded",
                        "after_s": 12.0,
                        "why": None,
                        "improvement": {"slump_cm": 3.0},
                    }
                ],
                "other_zones": [],
            }
        ],
        "week_before": nothing,
        "four_weeks_before": nothing,
        "goal_streak_days": 0,
    }


def test_a_week_as_csv(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["log", "2026-03-04", "--week", "--csv", "--data-dir", str(log)]) == 0

    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["date"] for row in rows] == [f"2026-03-0{number}" for number in range(2, 9)]
    assert (rows[0]["sitting_s"], rows[0]["bouts"], rows[0]["reminders_heeded"]) == (
        "4800.0",
        "2",
        "1",
    )
    # Not measured is empty, never zero.
    empty = {name for name, value in rows[1].items() if value == ""}
    assert set(rows[1]) - empty == {"date", "upright_goal_s", "demo"}


@pytest.mark.parametrize(
    ("option", "title"), [("--week", "Week of Mon 2 Mar to Sun 8 Mar"), ("--month", "March 2026")]
)
def test_several_days_as_a_table(
    log: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    option: str,
    title: str,
) -> None:
    monkeypatch.setenv("COLUMNS", "120")

    assert main(["log", "2026-03-02", option, "--data-dir", str(log)]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == title
    row = " ".join(lines[3].split())
    assert row == "Mon 2 Mar 1 h 20 min 50 min 1 10 min █████████· 86% 0% 62 cm 1/1"
    assert len(lines) == 4


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up weeks as a log on disk."""
    directory = tmp_path_factory.mktemp("example")
    records = demo.month(date(2026, 11, 20), BERLIN)
    Journal(directory, ManualClock(at(records.runs[0].started_us))).close()
    with closing(sqlite3.connect(directory / FILE_NAME, isolation_level=None)) as db:
        writer = Writer(db)
        writer.begin()
        run = writer.run(records.runs[0])
        writer.rows(run, [*records.spans, *records.minutes, *records.reminders, *records.fates])
        writer.commit()
    return directory


@pytest.mark.parametrize("locale", ["C.UTF-8", "de_DE.UTF-8"])
@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("option", ["", "--week", "--month"])
def test_it_fits_the_terminal(
    option: str,
    width: int,
    locale: str,
    example: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("LC_ALL", locale)

    assert main(["log", "2026-11-20", *option.split(), "--data-dir", str(example)]) == 0

    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= width
    # However narrow: the sitting time and the share of good posture are there.
    assert "6 h 50 min" in text
    assert re.search(r"79 ?%", text)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_colours_unless_unwanted(
    no_color: str, coloured: bool, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setattr("sys.stdout", terminal := Terminal())

    assert main(["log", "2026-03-02", "--data-dir", str(log)]) == 0

    assert ("\x1b[" in terminal.getvalue()) is coloured


def test_an_unseen_day_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spans = [
        WriteSpan(SpanKind.PRESENCE, "unknown", at(NINE), at(later(NINE, hours=8)), "dark"),
        WriteSpan(SpanKind.ACTIVITY, "unknown", at(NINE), at(later(NINE, hours=8))),
    ]
    with Journal(tmp_path, ManualClock(at(NINE))) as journal:
        journal.record(spans)

    assert main(["log", "2026-03-02", "--data-dir", str(tmp_path)]) == 0

    assert capsys.readouterr().out == (
        "Monday, 2 March 2026\n\n"
        "For 8 h the camera could not tell whether anybody was there.\n"
        "The reason, for most of it: it was too dark.\n"
    )


def test_an_empty_day_is_said(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["log", "2026-03-05", "--data-dir", str(log)]) == 0
    assert capsys.readouterr().out == (
        "Nothing was recorded on Thursday, 5 March 2026.\n"
        "The last day recorded is Monday, 2 March 2026: posture log 2026-03-02\n"
    )

    assert main(["log", "2026-04-05", "--week", "--data-dir", str(log)]) == 0
    assert "Nothing was recorded from Monday, 30 March 2026" in capsys.readouterr().out


def test_a_log_that_has_only_just_begun_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    today, past = f"{datetime.now(BERLIN):%Y-%m-%d}", "2026-03-02"
    for day, said in ((past, False), (today, True)):
        spans = effects(story(SpanKind.SILENCE, f"{day} 00:00", "paused 1s"))
        with Journal(tmp_path, ManualClock(at(us(f"{day} 00:00"))), zone="Europe/Berlin") as one:
            one.record(spans)

        assert main(["log", day, "--data-dir", str(tmp_path)]) == 0

        told = capsys.readouterr().out
        assert "Nothing was recorded on" in told
        assert ("only just begun" in told) is said
        assert "The last day recorded" not in told


def test_without_a_log_it_says_how_to_begin(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["log"]) == 27

    assert "no log" in capsys.readouterr().err


def test_before_there_is_a_log_the_demonstration_is_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    record_monday(demo_data_dir(), time_scale=60.0)

    assert main(["log"]) == 0

    text = capsys.readouterr().out
    assert text.startswith("You have no log of your own yet. This is the one of your last demo")
    assert "Monday, 2 March 2026" in text
    assert "demonstration in quickened time" in text


@pytest.mark.parametrize(
    "words",
    ["log --csv", "report --out -", "data export --out -", "data delete --all --yes"],
)
def test_every_command_about_the_log_means_the_same_one(
    words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    record_monday(demo_data_dir(), time_scale=60.0)

    assert main(words.split()) == 0

    told = capsys.readouterr()
    assert told.err.startswith("You have no log of your own yet.")
    assert str(demo_data_dir()) in told.err
    assert "of your own" not in told.out

    record_monday(data_dir())
    assert main(words.split()) == 0
    assert capsys.readouterr().err == ""


def test_only_the_last_demonstration_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Each begins at the same hour: together they would lie on top of one another."""
    record_monday(demo_data_dir(), time_scale=60.0)
    record_monday(demo_data_dir(), time_scale=60.0)

    assert main(["log", "--json"]) == 0

    (day,) = json.loads(capsys.readouterr().out)["days"]
    assert len(day["reminders"]) == 1


def test_goals_limits_and_language_come_from_the_settings(
    log: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "posture").mkdir()
    (tmp_path / "posture" / "settings.toml").write_text("[standing]\ngoal_h = 3.0\n")

    assert main(["log", "2026-03-02", "--json", "--data-dir", str(log)]) == 0

    assert json.loads(capsys.readouterr().out)["days"][0]["upright_goal_s"] == 3 * 3600


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["log", "soon"], "'soon' is not a date"),
        (["log", "--week", "--month"], "exclude each other"),
        (["log", "--json", "--csv"], "exclude each other"),
    ],
)
def test_what_cannot_be_is_refused(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    assert said in capsys.readouterr().err


def test_a_damaged_log_is_said_and_left_alone(
    log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (log / "posture.db").write_bytes(b"nonsense" * 1000)

    assert main(["log", "--data-dir", str(log)]) == 27

    assert "damaged" in capsys.readouterr().err
    assert (log / "posture.db").read_bytes() == b"nonsense" * 1000


def test_reading_while_the_monitor_writes(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    later_spans = story(SpanKind.ACTIVITY, "2026-03-02 10:30", "sitting 10m")
    journal = Journal(log, ManualClock(at(us("2026-03-02 10:40"))))
    journal.record(effects(later_spans))
    journal.flush()

    assert main(["log", "2026-03-02", "--json", "--data-dir", str(log)]) == 0

    assert json.loads(capsys.readouterr().out)["days"][0]["sitting_s"] == 5400.0
    journal.close()
