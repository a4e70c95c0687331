"""Numbers that say how right something is. None where nothing can be said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Errors of one measure, in its own unit.

    ``n``: answers compared. ``due``: pictures an answer was owed for. ``abstention``: share of
    those without one. ``mae``/``p95``: mean and 95th percentile of the magnitude. ``bias``: mean.
    """

    n: int
    due: int
    abstention: float | None
    mae: float | None
    p95: float | None
    bias: float | None


@dataclass(frozen=True, slots=True)
class Answer:
    """One measured value (None = abstained) beside the true one; ``due``: one was owed."""

    told: float | None
    true: float
    due: bool


@dataclass(frozen=True, slots=True)
class Separation:
    """How well a number tells two classes apart; ``abstained``: pictures of either without it."""

    auc: float | None
    positive: int
    negative: int
    abstained: int


@dataclass(frozen=True, slots=True)
class Naming:
    """Labels against the truth: ``confusion`` is true → told → count."""

    n: int
    macro_f1: float | None
    right: float | None
    f1: Mapping[str, float]
    confusion: Mapping[str, Mapping[str, int]]


def accuracy(answers: Sequence[Answer]) -> Accuracy:
    """Compare the answers given, whether owed or not, with the truth."""
    due = sum(answer.due for answer in answers)
    missed = sum(answer.due and answer.told is None for answer in answers)
    errors = np.array([a.told - a.true for a in answers if a.told is not None])
    if not len(errors):
        return Accuracy(0, due, missed / due if due else None, None, None, None)
    return Accuracy(
        len(errors),
        due,
        missed / due if due else None,
        float(np.abs(errors).mean()),
        float(np.percentile(np.abs(errors), 95)),
        float(errors.mean()),
    )


def separation(positive: Sequence[float | None], negative: Sequence[float | None]) -> Separation:
    """Area under the ROC curve: how often a *positive* value is above a *negative* one."""
    high = np.array([value for value in positive if value is not None])
    low = np.array([value for value in negative if value is not None])
    abstained = len(positive) + len(negative) - len(high) - len(low)
    if not len(high) or not len(low):
        return Separation(None, len(high), len(low), abstained)
    above = (high[:, None] > low[None]).mean() + (high[:, None] == low[None]).mean() / 2
    return Separation(float(above), len(high), len(low), abstained)


def naming(pairs: Sequence[tuple[str, str]]) -> Naming:
    """Score (true, told) labels; the macro-F1 is over the labels that are true somewhere."""
    confusion: dict[str, dict[str, int]] = {}
    for true, told in pairs:
        row = confusion.setdefault(true, {})
        row[told] = row.get(told, 0) + 1
    f1 = {}
    for label, row in confusion.items():
        hits = row.get(label, 0)
        told_so = sum(other.get(label, 0) for other in confusion.values())
        f1[label] = 2 * hits / (sum(row.values()) + told_so)
    right = sum(row.get(label, 0) for label, row in confusion.items())
    n = len(pairs)
    return Naming(
        n,
        sum(f1.values()) / len(f1) if f1 else None,
        right / n if n else None,
        dict(sorted(f1.items())),
        {label: dict(sorted(row.items())) for label, row in sorted(confusion.items())},
    )
