"""Events called for by a script beside those that were told."""

from __future__ import annotations

from pathlib import Path

import pytest
from evaluation.goals import Parts, goals
from evaluation.landmarking import Landmarking
from evaluation.reminders import MODES, Mode, Reminders, Told, compare, evaluate
from evaluation.sequences import Recording
from evaluation.table import render

SMALL = Path(__file__).parents[1] / "data" / "evaluation"
MODE = Mode("test", 1, {}, 20.0)
WANTED = [Told(60.0, "reminder posture"), Told(80.0, "heeded posture")]


def test_an_event_is_paired_with_the_nearest_of_its_kind() -> None:
    told = [
        Told(30.0, "reminder posture"), Told(63.0, "reminder posture"), Told(79.0, "heeded posture")
    ]  # fmt: skip

    played = compare("seq", MODE, WANTED, told)

    assert [(pair.what, pair.delay_s) for pair in played.told] == [
        ("reminder posture", 3.0),
        ("heeded posture", -1.0),
    ]
    assert played.missing == []
    assert played.extra == [Told(30.0, "reminder posture")]


def test_what_comes_far_too_late_is_another_event() -> None:
    played = compare("seq", MODE, WANTED, [Told(81.0, "reminder posture")])

    assert played.told == []
    assert [one.what for one in played.missing] == ["reminder posture", "heeded posture"]
    assert [one.at_s for one in played.extra] == [81.0]


@pytest.fixture(scope="module")
def small() -> Reminders:
    """The kept sequence: calibrated upright, then leaning back and up again."""
    with Landmarking(None) as landmarking:
        return evaluate(SMALL / "synth", landmarking, MODES[:2])


def test_a_kept_sequence_is_replayed_as_a_user_would(small: Reminders) -> None:
    (usual, hasty) = small.played

    assert [pair.what for pair in usual.told] == ["presence present", "sitting sitting"]
    assert (usual.missing, usual.extra) == ([], [])
    assert (hasty.missing, hasty.extra) == ([], [])
    assert {mode.extra for mode in small.modes} == {0}


def test_the_goals_and_the_table_tell_it(small: Reminders) -> None:
    parts = Parts(reminders=small)
    found = goals(parts)

    uncalled = [goal for goal in found if goal.name.endswith("uncalled for")]
    assert len(uncalled) == 2
    assert all(goal.met for goal in uncalled)
    assert "Other events: 2 of 2, 0 not called for" in render(parts, found)


def test_a_script_that_calls_for_a_reminder_gets_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a truth that says "much too close" all along, only the truth is reminded of it."""
    true = Recording.truths

    def closer(recording: Recording) -> list[tuple[float, object]]:
        told = true(recording)
        for _, truth in told:
            truth.measures["distance_cm"] = 30.0  # type: ignore[index]
        return told  # type: ignore[return-value]

    monkeypatch.setattr(Recording, "truths", closer)
    with Landmarking(None) as landmarking:
        (mode,) = evaluate(SMALL / "synth", landmarking, MODES[:1]).modes

    assert (mode.owed, mode.missed, mode.extra) == (1, 1, 0)
