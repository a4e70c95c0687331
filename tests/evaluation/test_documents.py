"""What the documents say of accuracy comes from an evaluation, with a reason for each miss."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from evaluation import markdown
from evaluation.command import main

STORED = Path(__file__).parents[2] / "docs" / "accuracy.json"
TABLES = (
    markdown.measured,
    markdown.goals,
    markdown.groups,
    markdown.labels,
    markdown.rates,
    markdown.real,
    markdown.clips,
)


@pytest.fixture
def summary(tmp_path: Path) -> Any:
    target = tmp_path / "summary.json"
    assert main(["--quick", "--summary", str(target)]) == 0
    return json.loads(target.read_text(encoding="utf-8"))


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
