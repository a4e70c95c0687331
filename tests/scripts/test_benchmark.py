"""The benchmark's data: found from anywhere, and wrong data told in one line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmarking import markdown
from benchmarking.command import Benchmark, main
from benchmarking.live import Scene
from benchmarking.runs import Bench, Cost
from benchmarking.scenes import Clip, WrongDataError, read_all, read_clips

from posture.sense.opencv import cv2

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


def test_a_clip_runs_back_and_forth_without_a_jump_or_a_rest() -> None:
    scene = Scene(Path("clip.mkv"), 0, 4, 10.0, 10.0, back_and_forth=True)
    places = [scene.place(0.1 * step + 0.01, 4) for step in range(14)]
    assert places == [0, 1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1]
    assert scene.place(7.3, 1) == 0


def test_a_film_stays_at_its_end() -> None:
    scene = Scene(Path("film.mp4"), 0, 4, 2.0, 10.0)
    assert [scene.place(at_s, 4) for at_s in (0.0, 0.6, 1.9, 90.0)] == [0, 1, 3, 3]


def test_clips_of_people_are_films_with_their_own_rate(tmp_path: Path) -> None:
    code = cv2.VideoWriter.fourcc(*"mp4v")
    writer = cv2.VideoWriter(str(tmp_path / "b.mp4"), code, 12.0, (64, 48))
    for _ in range(3):
        writer.write(np.full((48, 64, 3), 90, np.uint8))
    writer.release()
    (tmp_path / "README.md").touch()

    assert read_clips(tmp_path) == [Clip(tmp_path / "b.mp4", 12.0)]

    (tmp_path / "a.mkv").write_text("no film")
    with pytest.raises(WrongDataError, match=r"a\.mkv in .* is no film"):
        read_clips(tmp_path)


def test_a_folder_without_clips_leaves_the_people_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _film(tmp_path)
    (tmp_path / "clips").mkdir()

    words = ["--data", str(tmp_path), "--clips", str(tmp_path / "clips"), "--only", "people"]
    assert main(words) == 1

    told = capsys.readouterr().err.splitlines()[1:]
    assert told == [
        f"benchmark: people is left out: {tmp_path / 'clips'} holds no clips; give --clips."
    ]


def test_real_people_have_the_goal_of_rendered_ones(stored: Any) -> None:
    cost = stored["costs"]["still"]
    for cores, met in ((0.019, True), (0.021, False)):
        rendered = {
            name: told for name, told in stored["costs"].items() if not name.startswith("people ")
        }
        costs = {**rendered, "people somebody": {**cost, "cores": cores}}
        rows = {row.name: row for row in markdown.rows({**stored, "costs": costs})}
        assert rows["real people who never rest"].met is met


def test_each_cost_is_told_beside_the_naive_loop_of_its_own_minute() -> None:
    found: dict[str, Any] = json.loads(STORED.read_text())
    for cost in found["costs"].values():
        cost |= {"cores": 0.01, "naive_cores": 0.9}
    found["costs"]["moving seqA1"]["naive_cores"] = 0.5
    found["costs"]["still"]["naive_cores"] = None  # the loop found nobody
    found["costs"]["camera closed"]["cores"] = 0.0  # less than a step of the clock
    found["naive_cores"] = 0.8

    told = {line.split("|")[1].strip(): line for line in markdown.parts(found).splitlines()}

    assert "| 1/90 |" in told["moving seqA0"]
    assert "| 1/50 |" in told["moving seqA1"]
    assert "| 1/80 |" in told["still"]
    assert "| – |" in told["camera closed"]
    assert "at most 1/50 of the naive loop" in markdown.figures(found)


def test_a_cost_is_kept_where_the_naive_loop_finds_nobody_for_long_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _film(tmp_path)
    measured = Cost(0.01, 25.0, 140.0, 135.0, 2)
    monkeypatch.setattr(Bench, "cost", lambda *_: measured)
    benchmark = Benchmark(read_all(tmp_path), tmp_path, Bench(tmp_path, 10.0), 25.0)

    benchmark.measure("still")

    assert benchmark.results.costs == {"still": measured}
