"""What the documents say of accuracy comes from an evaluation, with a reason for each miss."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from evaluation import document as documents
from evaluation import markdown
from evaluation.command import evaluate, main
from evaluation.goals import goals
from evaluation.landmarking import Landmarking
from evaluation.stress import ALTERATIONS, Stress

SMALL = Path(__file__).parents[1] / "data" / "evaluation"
STORED = Path(__file__).parents[2] / "docs" / "accuracy.json"
TABLES = (
    markdown.measured,
    markdown.goals,
    markdown.groups,
    markdown.stress,
    markdown.labels,
    markdown.rates,
    markdown.real,
    markdown.clips,
)


@pytest.fixture(scope="module")
def summary() -> Any:
    with Landmarking(None) as landmarking:
        parts = evaluate(SMALL, landmarking)
    assert parts.stills is not None
    whole = replace(parts, stress=Stress({"as taken": parts.stills.overall}, {}))
    return json.loads(json.dumps(documents.summary(documents.document(whole, goals(whole)))))


def test_a_summary_fills_every_table(summary: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    missed = {goal["name"].strip() for goal in summary["goals"] if not goal["met"]}
    monkeypatch.setattr(markdown, "_WHY", dict.fromkeys(missed, "few people"))
    for table in TABLES:
        rows = table(summary).splitlines()
        assert len(rows) > 2
        assert len({row.count("|") for row in rows}) == 1, table
    stored = json.loads(STORED.read_text(encoding="utf-8"))
    assert stored.keys() == summary.keys()


def test_a_missed_goal_needs_a_reason(summary: Any) -> None:
    goal = {**summary["goals"][0], "name": "a new goal", "met": False}
    with pytest.raises(KeyError, match="a new goal"):
        markdown.goals({**summary, "goals": [goal]})


def test_a_summary_of_some_parts_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "summary.json"
    assert main(["--quick", "--part", "presence", "--summary", str(target)]) == 2
    assert "missing: stills" in capsys.readouterr().err
    assert not target.exists()


@pytest.mark.parametrize("name", [name for name, alter in ALTERATIONS.items() if alter])
def test_an_altered_picture_is_still_one(name: str) -> None:
    picture = np.random.default_rng(3).integers(0, 256, (480, 640, 3), np.uint8)
    alter = ALTERATIONS[name]
    assert alter is not None
    altered = alter(picture.copy())
    assert altered.dtype == np.uint8
    assert altered.shape in {(480, 640, 3), (240, 320, 3)}
    assert altered.shape != picture.shape or (altered != picture).mean() > 0.1


def test_recorded_landmarks_cannot_be_altered(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quick", "--part", "stress"]) == 0
    assert "holds no data for stress" in capsys.readouterr().err
