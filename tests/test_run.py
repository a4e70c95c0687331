"""The main job as a user sees it: the demo from first word to log, and how a run ends."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHORT_CLIP = ROOT / "posture" / "demo" / "demo.mp4"
# Longer than any run here takes on a busy machine.
PATIENCE_S = 240


def environment(home: Path) -> dict[str, str]:
    """A user with an empty home, no screen and no session bus."""
    kept = {"PATH", "LANG", "LC_ALL", "PYTHONDONTWRITEBYTECODE", "SYSTEMROOT", "VIRTUAL_ENV"}
    own = {name: value for name, value in os.environ.items() if name in kept}
    own |= {"HOME": str(home), "PYTHONPATH": str(ROOT), "TZ": "Europe/Berlin"}
    return own


def posture(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "posture", *words],
        env=environment(home),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=PATIENCE_S,
        check=False,
    )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The demo, played as fast as it goes; its home and what it printed."""
    home = tmp_path_factory.mktemp("home")
    done = posture(home, "run", "--source", "demo", "--speed", "max", "--no-tray")
    assert done.returncode == 0, done.stderr
    return home, done.stdout


def minutes(clock: str) -> int:
    hours, rest = clock.split(":")
    return int(hours) * 60 + int(rest)


def reminders(text: str) -> list[tuple[int, str]]:
    """Minutes since the user was first seen, and the title of every reminder printed."""
    begun = re.search(r"^(\d\d:\d\d)    you are here", text, re.M)
    assert begun is not None
    found = re.findall(r"^(\d\d:\d\d)  ● (.+?)  ", text, re.M)
    return [(minutes(clock) - minutes(begun[1]), title) for clock, title in found]


def test_the_demo_reminds_of_everything_at_its_time(demo: tuple[Path, str]) -> None:
    told = reminders(demo[1])

    assert [title for _, title in told] == [
        "Rest your eyes",
        "Your head has moved forward",
        "Rest your eyes",
        "Close to the screen",
        "Stand up for a moment",
    ]
    # One second counts as 90: the slouch begins after 18 minutes, too close after 44.
    due = [20, 25, 40, 47, 60]
    assert [minute for minute, _ in told] == pytest.approx(due, abs=2)


def test_the_demo_says_what_it_is_and_shows_its_log(demo: tuple[Path, str]) -> None:
    text = demo[1]

    assert "One second counts as 90" in text
    assert "stand: heeded" in text
    assert "demonstration in quickened time" in text
    assert re.search(r"^  10:\d\d  Stand up for a moment: heeded", text, re.M)


def test_the_log_of_the_demo_is_kept_apart(demo: tuple[Path, str]) -> None:
    home, text = demo
    directory = re.search(r"last demonstration, in (\S+)\.", text)
    assert directory is not None

    of_demo = json.loads(posture(home, "log", "--json", "--data-dir", directory[1]).stdout)

    assert "stand" in json.dumps(of_demo)
    logs = {path.parent for path in home.rglob("*.sqlite*")} | {
        path.parent for path in home.rglob("*.db*")
    }
    assert logs == {Path(directory[1])}


def test_what_is_kept_is_the_users_alone(demo: tuple[Path, str]) -> None:
    home = demo[0]
    files = [path for path in home.rglob("*") if path.is_file()]

    assert files
    for path in files:
        assert path.stat().st_mode & 0o077 == 0, path
    suffixes = {path.suffix.lower() for path in files}
    assert not suffixes & {".jpg", ".jpeg", ".png", ".bmp", ".webp", ".mp4", ".avi", ".mkv"}


def test_a_run_ends_in_time_and_says_that_it_is_not_calibrated(tmp_path: Path) -> None:
    done = posture(tmp_path, "run", "--source", str(SHORT_CLIP), "--no-tray", "--for", "4")

    assert done.returncode == 0, done.stderr
    assert "Not calibrated" in done.stdout


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["run", "--source", "absent.mp4"], 20),
        (["run", "--source", "demo", "--time-scale", "0"], 2),
        (["run", "--source", "demo", "--for", "-1"], 2),
        (["run", "--source", "demo", "--calibration", "absent.json"], 24),
        (["run", "--source", "demo", "--config", "absent.toml"], 26),
        (["replay", "absent.mp4"], 20),
        (["replay", str(ROOT / "tests" / "data" / "pictures")], 2),
    ],
)
def test_bad_input_is_one_line_and_a_code_of_its_own(
    tmp_path: Path, words: list[str], code: int
) -> None:
    done = posture(tmp_path, *words)

    assert done.returncode == code, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stderr.startswith("posture: ")


def test_replay_tells_the_demo_as_events(tmp_path: Path) -> None:
    calibration = tmp_path / "me.json"
    trace = tmp_path / "demo.jsonl.gz"
    taken = posture(
        tmp_path, "calibrate", "--source", "demo", "--duration", "10", "--distance", "62",
        "--out", str(calibration),
    )  # fmt: skip
    assert taken.returncode == 0, taken.stderr
    posture(tmp_path, "analyze", "demo", "--jsonl", "--trace-out", str(trace))

    done = posture(tmp_path, "replay", str(trace), "--calibration", str(calibration), "--jsonl")
    events = [json.loads(line) for line in done.stdout.splitlines()]

    postures = [event["posture"] for event in events if event["event"] == "posture"]
    assert postures[:4] == ["upright", "slouch", "upright", "too_close"]
    assert "away" in [event["presence"] for event in events if event["event"] == "presence"]
    assert all(event["t"] >= 0 for event in events)
    slouch = next(event for event in events if event.get("posture") == "slouch")
    assert slouch["began"] <= slouch["t"]
