"""The command line as other programs rely on it: every form of the contract, and what it gives."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from command_line import understood

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "tests" / "data"

FORMS = """
posture run
posture run --source desk.mp4 --calibration me.json --speed max --no-tray --data-dir d --for 5
posture run --source 0 --speed realtime
posture calibrate --source desk.mp4 --start 1 --duration 5 --distance 60 --profile x --out me.json
posture analyze desk.mp4 --calibration me.json --fps 2 --jsonl
posture analyze desk.mp4 --jsonl --trace-out desk.jsonl.gz
posture analyze http://127.0.0.1:8080/video --jsonl
posture analyze "HD Webcam" --jsonl
posture analyze demo --jsonl
posture replay desk.jsonl --calibration me.json --config s.toml --data-dir d --jsonl
posture log
posture log 2026-03-02 --json
posture log --week --csv
posture report
posture report 2026-03-02 --out day.html
posture report --week --open
posture status --json
posture pause --json
posture pause 30m --json
posture resume --json
posture snooze --json
posture stop --json
posture doctor --json
posture config show
posture config set sitting.nudge_min 45
posture config path
posture autostart on
posture autostart off
posture autostart status
posture data export
posture data delete --all
posture models verify
""".strip().splitlines()


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_taken(form: str) -> None:
    understood(form)


def test_every_setting_a_form_names_exists() -> None:
    from posture.settings_file import parse

    assert parse("[sitting]\nnudge_min = 45\n", "contract").sitting.nudge_min == 45


# -- pictures that are no sequence, with the shipped models

POSTURES = {
    "upright", "slouch", "forward_head", "head_down", "leaning_forward", "leaning_left",
    "leaning_right", "head_tilt_left", "head_tilt_right", "uneven_shoulders", "too_close",
    "too_far", "reclined", "looking_away", "standing", "away", "unknown",
}  # fmt: skip


def posture(home: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    kept = {"PATH", "LANG", "LC_ALL", "PYTHONDONTWRITEBYTECODE", "SYSTEMROOT", "VIRTUAL_ENV"}
    own = {name: value for name, value in os.environ.items() if name in kept}
    return subprocess.run(
        [sys.executable, "-m", "posture", *map(str, words)],
        env=own | {"HOME": str(home), "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def documents(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def neutral(home: Path) -> Path:
    """From a folder of three pictures, taken on average 60 cm from the camera."""
    path = home / "me.json"
    done = posture(
        home, "calibrate", "--source", DATA / "desk" / "sitting", "--distance", "60", "--out", path
    )
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture(scope="module")
def day(home: Path, neutral: Path) -> list[dict[str, Any]]:
    return documents(
        posture(home, "analyze", DATA / "desk" / "day", "--calibration", neutral, "--jsonl")
    )


def test_a_folder_has_one_object_each_in_name_order(day: list[dict[str, Any]]) -> None:
    assert [each["posture"] for each in day] == ["upright", "slouch", "leaning_left", "away"]
    assert {each["posture"] for each in day} <= POSTURES
    assert [each["presence"] for each in day] == ["present"] * 3 + ["away"]


def test_the_distance_given_is_the_mean_of_the_pictures(home: Path, neutral: Path) -> None:
    found = documents(
        posture(home, "analyze", DATA / "desk" / "sitting", "--calibration", neutral, "--jsonl")
    )
    mean = sum(each["distance_cm"] for each in found) / len(found)
    assert mean == pytest.approx(60.0, rel=0.02)


def test_pictures_of_a_folder_do_not_know_each_other(
    home: Path, neutral: Path, day: list[dict[str, Any]], tmp_path: Path
) -> None:
    names = ("4_away", "2_slouch", "3_leaning_left", "1_upright", "2_slouch")
    for place, name in enumerate(names):
        shutil.copy(DATA / "desk" / "day" / f"{name}.jpg", tmp_path / f"{place}.jpg")
    found = documents(posture(home, "analyze", tmp_path, "--calibration", neutral, "--jsonl"))
    before = {int(name[0]) - 1: document for name, document in zip(names, found, strict=True)}
    for place, document in before.items():
        assert {**document, "t": 0} == {**day[place], "t": 0}
    assert {**found[1], "t": 0} == {**found[4], "t": 0}


# -- a video and its trace


def near(value: object) -> object:
    """*value*, but for what a trace rounds off."""
    return pytest.approx(value, abs=0.03) if isinstance(value, float) else value


def test_every_frame_of_a_video_and_the_same_from_its_trace(
    home: Path, neutral: Path, tmp_path: Path
) -> None:
    video, trace = DATA / "sources" / "desk.mp4", tmp_path / "desk.jsonl.gz"
    with_it = ("--calibration", neutral, "--jsonl")
    frames = documents(posture(home, "analyze", video, *with_it, "--trace-out", trace))
    times = [each["t"] for each in frames]
    assert times == sorted(set(times))
    again = documents(posture(home, "analyze", trace, *with_it))
    assert len(again) == len(frames)
    for first, second in zip(frames, again, strict=True):
        assert second == first | {name: near(value) for name, value in first.items()}
    fewer = documents(posture(home, "analyze", trace, *with_it, "--fps", "1"))
    assert len(fewer) < len(frames)
    assert {each["t"] for each in fewer} <= set(times)


def test_a_trace_of_the_documented_form_is_enough(home: Path, tmp_path: Path) -> None:
    trace = tmp_path / "mine.jsonl"
    nobody = [{"t": round(0.5 * i, 1), "pose": None, "face": None} for i in range(10)]
    lines = [{"trace": 1, "size": [640, 480]}, *nobody]
    trace.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    found = documents(posture(home, "analyze", trace, "--jsonl"))
    assert [each["t"] for each in found] == [each["t"] for each in nobody]
    assert found[-1]["presence"] == "away"
    assert found[-1]["distance_cm"] is None


# -- without a webcam


def test_without_a_webcam_it_says_so_and_plays_the_demo(home: Path) -> None:
    done = posture(home, "run", "--no-tray", "--speed", "max", "--for", "3")
    assert done.returncode == 0, done.stderr
    told = done.stdout + done.stderr
    assert "webcam" in told
    assert "demo" in told


@pytest.mark.parametrize(
    "words",
    [("status",), ("pause", "15m"), ("resume",), ("snooze",), ("stop",)],
    ids=lambda words: words[0],
)
def test_a_failure_asked_for_in_json_is_an_object(home: Path, words: tuple[str, ...]) -> None:
    done = posture(home, *words, "--json")
    assert done.returncode >= 20
    assert done.stdout == ""
    error = json.loads(done.stderr)["error"]
    assert error["exit_code"] == done.returncode
    assert error["what"]
    assert error["do"]
