from __future__ import annotations

import pytest
from evaluation.accuracy import Answer, accuracy, naming, separation


def test_errors_are_told_with_what_was_not_answered() -> None:
    found = accuracy(
        [
            Answer(12.0, 10.0, due=True),
            Answer(9.0, 10.0, due=True),
            Answer(None, 10.0, due=True),
            Answer(None, 10.0, due=False),
            Answer(13.0, 10.0, due=False),
        ]
    )
    assert (found.n, found.due) == (3, 3)
    assert found.mae == pytest.approx(2.0)
    assert found.bias == pytest.approx(4 / 3)
    assert found.p95 == pytest.approx(2.9)
    # Of three answers owed one is missing; one more came without being owed.
    assert found.abstention == pytest.approx(1 / 3)


def test_nothing_answered_is_no_number() -> None:
    found = accuracy([Answer(None, 1.0, due=True)])
    assert (found.n, found.mae, found.bias, found.p95) == (0, None, None, None)
    assert found.abstention == 1.0
    assert accuracy([]).abstention is None


def test_separation_counts_ties_as_half() -> None:
    assert separation([3.0, 4.0], [1.0, 2.0]).auc == 1.0
    assert separation([1.0, 2.0], [3.0]).auc == 0.0
    assert separation([1.0], [1.0, 0.0]).auc == 0.75


def test_separation_leaves_out_what_was_not_measured_and_says_so() -> None:
    found = separation([2.0, None], [1.0, None, None])
    assert (found.auc, found.positive, found.negative, found.abstained) == (1.0, 1, 1, 3)
    assert separation([], [1.0]).auc is None


def test_a_label_never_told_counts_fully_against_the_mean() -> None:
    found = naming([("a", "a"), ("a", "a"), ("b", "a"), ("b", "unknown")])
    assert found.f1 == {"a": pytest.approx(0.8), "b": 0.0}
    assert found.macro_f1 == pytest.approx(0.4)
    assert found.right == 0.5
    assert found.confusion == {"a": {"a": 2}, "b": {"a": 1, "unknown": 1}}


def test_a_label_told_but_never_true_has_no_f1_of_its_own() -> None:
    found = naming([("a", "c"), ("a", "a")])
    assert list(found.f1) == ["a"]
    assert found.macro_f1 == pytest.approx(2 / 3)
