"""The benchmark's data: found from anywhere, and wrong data told in one line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from benchmarking import markdown
from benchmarking.command import main
from benchmarking.scenes import WrongDataError, read_all

FACTS = {"fps": 3, "calibration_seconds": 1}
STORED = Path(__file__).parents[2] / "docs" / "cost.json"
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


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("away", "no film shows absent"),
        ("back", "no film shows absent"),
        ("latency", "no film shows slouch"),
        ("moving", "nobody is there for 33 s without a break in seqA0.mp4"),
        ("naive", "nobody is there for 25 s without a break in seqA0.mp4"),
    ],
)
def test_a_part_that_lacks_its_scene_is_left_out_with_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], part: str, told: str
) -> None:
    _film(tmp_path)

    assert main(["--data", str(tmp_path), "--only", part]) == 1

    assert capsys.readouterr().err.splitlines()[1:] == [f"benchmark: {part} is left out: {told}."]


def test_a_film_as_long_as_is_asked_for_is_long_enough(tmp_path: Path) -> None:
    _film(tmp_path)
    (sequence,) = read_all(tmp_path)

    assert sequence.busiest(4 / 3) == 0
    with pytest.raises(WrongDataError):
        sequence.busiest(5 / 3)


@pytest.fixture
def stored() -> Any:
    return json.loads(STORED.read_text(encoding="utf-8"))


def test_each_stored_figure_is_told_and_each_miss_has_its_reason(stored: Any) -> None:
    rows = markdown.rows(stored)
    table, missed = markdown.figures(stored), markdown.missed(stored)

    assert all(f"| {row.name} | {row.measured} |" in table for row in rows)
    assert table.count("not met") == sum(row.met is False for row in rows)
    for row in rows:
        assert (f"- {row.name}: " in missed) is (row.met is False)


def test_a_worse_figure_misses_its_goal_and_needs_a_reason(stored: Any) -> None:
    worse = {**stored, "first_reading_s": 9.0}

    assert "9.0 s | 2 s, not met" in markdown.figures(worse)
    with pytest.raises(KeyError):
        markdown.missed(worse)
