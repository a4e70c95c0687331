from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from evaluation import landmarking as module
from evaluation import recording
from evaluation.command import main
from evaluation.landmarking import Landmarking
from evaluation.scoring import taped_cm
from evaluation.stills import evaluate

from posture.core.reading import Label

DATA = Path(__file__).parents[1] / "data"
SMALL = DATA / "evaluation"
PICTURES = DATA / "sources" / "pictures"


def test_json_holds_every_number_and_the_goals(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quick", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {
        "stills",
        "sequences",
        "reminders",
        "traces",
        "presence",
        "stress",
        "goals",
    }
    distance = found["stills"]["overall"]["measures"]["distance_cm"]
    assert set(distance) == {"n", "due", "abstention", "mae", "p95", "bias"}
    assert set(found["stills"]["groups"]) == {"person", "light", "camera", "session"}
    assert all({"name", "measured", "bound", "met"} <= set(goal) for goal in found["goals"])
    assert "samples" not in found["stills"]


def test_the_script_runs_from_anywhere(tmp_path: Path) -> None:
    script = DATA.parents[1] / "scripts" / "evaluate.py"
    done = subprocess.run(
        [sys.executable, str(script), "--quick", "--part", "presence"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=True,
    )
    assert "presence wrong in clips, empty room" in done.stdout


def test_one_part_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quick", "--json", "--part", "presence"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["stills"] is found["sequences"] is found["traces"] is None
    assert found["presence"]["clips"]


def test_the_table_ends_with_the_goals_and_says_which_are_met(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--quick", "--worst", "2"]) == 0
    told = capsys.readouterr().out
    goals = told[told.index("\nGoals\n") :]
    line = next(line for line in goals.splitlines() if line.startswith("head_roll_deg"))
    assert "≤ 2°" in line
    assert line.split()[-3] == "met"
    assert "Named wrong: true, told" in told


def test_without_data_it_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(tmp_path / "nowhere")]) == 2
    said = capsys.readouterr()
    assert not said.out
    assert "--quick" in said.err


def test_a_missing_part_is_said_and_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "traces").symlink_to(SMALL / "traces")
    assert main(["--data", str(tmp_path), "--json"]) == 0
    said = capsys.readouterr()
    assert "no data for stills" in said.err
    assert json.loads(said.out)["traces"]["bursts"] == 12


def test_pictures_go_through_the_shipped_landmarker_and_are_seen_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "synth"
    (folder / "stills").mkdir(parents=True)
    for name in ("01_upright", "10_absent"):
        (folder / "stills" / f"{name}.jpg").write_bytes((PICTURES / f"{name}.jpg").read_bytes())
    _write_truth(folder)
    cache = tmp_path / "cache"
    with Landmarking(cache) as landmarking:
        found = evaluate(folder, landmarking)
    assert not found.refused
    told = {sample.name: sample.reading for sample in found.samples}
    assert told["10_absent"].label is Label.AWAY
    assert told["01_upright"].label is Label.UPRIGHT
    # The same picture reads the distance it was calibrated at, by a tape that is up to 1 cm off.
    assert told["01_upright"].metrics.distance_cm == pytest.approx(taped_cm(62.0, "A05"), abs=0.05)
    assert abs(taped_cm(62.0, "A05") - 62.0) <= 1.0

    def again(*_: object) -> None:
        raise AssertionError("the landmarker ran again")

    monkeypatch.setattr(module, "record", again)
    with Landmarking(cache) as landmarking:
        kept = evaluate(folder, landmarking)
    assert kept.overall == found.overall


def _write_truth(folder: Path) -> None:
    """One sitting: the same picture thrice to calibrate from and once to test, an empty chair."""
    lines = (SMALL / "synth" / "stills.jsonl").read_text(encoding="utf-8").splitlines()
    model = json.loads(lines[0])
    records = []
    for name, calibration, label in (
        ("01_upright", True, "upright"),
        ("01_upright", True, "upright"),
        ("01_upright", True, "upright"),
        ("01_upright", False, "upright"),
        ("10_absent", False, "absent"),
    ):
        there = label != "absent"
        records.append(
            {
                **model,
                "file": f"stills/{name}.jpg",
                "calibration": calibration,
                "label": label,
                "present": there,
                "eye_distance_mm": 620.0 if there else None,
            }
        )
    text = "".join(json.dumps(record) + "\n" for record in records)
    (folder / "stills.jsonl").write_text(text, encoding="utf-8")
    (folder / "sessions.json").write_bytes((SMALL / "synth" / "sessions.json").read_bytes())


def test_recording_keeps_the_layout_and_the_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Everything of the recorded part again, in place of every second picture.
    monkeypatch.setattr(recording, "_EVERY", slice(None))
    assert main(["--data", str(SMALL), "--record", str(tmp_path)]) == 0
    for kept in SMALL.rglob("*"):
        if kept.is_file() and kept.suffix == ".gz":
            again = tmp_path / kept.relative_to(SMALL)
            assert gzip.decompress(again.read_bytes()) == gzip.decompress(kept.read_bytes())
    assert main(["--data", str(SMALL), "--json"]) == 0
    expected = capsys.readouterr().out
    assert main(["--data", str(tmp_path), "--json"]) == 0
    assert capsys.readouterr().out == expected
