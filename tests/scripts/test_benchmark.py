"""The benchmark's data: found from anywhere, and wrong data told in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from benchmarking.command import main
from benchmarking.scenes import read_all

FACTS = {"fps": 3, "calibration_seconds": 1}
TRUTH = "label,transition,eye_distance_mm\n" + "upright,0,600\n" * 4


def _film(folder: Path, facts: str = json.dumps(FACTS), truth: str | None = TRUTH) -> None:
    (folder / "seqA0.mp4").touch()
    (folder / "seqA0.json").write_text(facts)
    if truth is not None:
        (folder / "seqA0.csv").write_text(truth)


def test_a_relative_folder_is_found_by_programs_that_run_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _film(tmp_path)
    monkeypatch.chdir(tmp_path)

    (sequence,) = read_all(Path())

    assert sequence.film == tmp_path.resolve() / "seqA0.mp4"
    assert sequence.distance_cm == pytest.approx(60)


@pytest.mark.parametrize(
    ("facts", "truth", "told"),
    [
        (json.dumps(FACTS), None, "seqA0.mp4 lacks its truth seqA0.csv"),
        ("{", TRUTH, "the truth beside seqA0.mp4"),
        ("[]", TRUTH, "the truth beside seqA0.mp4"),
        (json.dumps(FACTS), "label\nupright\n", "the truth beside seqA0.mp4"),
        (json.dumps(FACTS), "", "the truth beside seqA0.mp4"),
    ],
)
def test_wrong_data_is_told_in_one_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    facts: str,
    truth: str | None,
    told: str,
) -> None:
    _film(tmp_path, facts, truth)

    assert main(["--data", str(tmp_path)]) == 2

    (line,) = capsys.readouterr().err.splitlines()
    assert told in line
    assert "--data" in line


def test_a_folder_without_films_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(tmp_path / "none")]) == 2

    (line,) = capsys.readouterr().err.splitlines()
    assert "holds no seq*.mp4" in line
