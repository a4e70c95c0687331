"""Labels of people left out: the label's thresholds chosen anew from the other people alone.

The shipped thresholds were chosen while looking at all the rendered people. How much of the
shipped label's accuracy that explains is told by choosing them again, by search, without the
person they are then tested on. Naming itself stays the program's own.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FunctionType

from evaluation.accuracy import Naming, naming
from evaluation.scoring import Sample
from posture.core import labels
from posture.core.reading import Presence

_THRESHOLD = re.compile(r"_[A-Z_]+_(CM|DEG)")
# The search: every threshold in turn, among multiples of the shipped one, from a random start so
# that nothing of the shipped choice is kept.
_FACTORS = (0.5, 0.65, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0)
_ROUNDS = 3


def evaluate(samples: Sequence[Sample]) -> Naming:
    """Labels of every person, named with thresholds chosen without that person."""
    people = sorted({sample.groups["person"] for sample in samples})
    pairs: list[tuple[str, str]] = []
    for person in people:
        others = [sample for sample in samples if sample.groups["person"] != person]
        chosen = _search(others, random.Random(person))
        with _thresholds(chosen):
            pairs += _pairs([s for s in samples if s.groups["person"] == person])
    return naming(pairs)


def _search(samples: Sequence[Sample], luck: random.Random) -> dict[str, float]:
    shipped = _shipped()
    best = {name: value * luck.choice(_FACTORS) for name, value in shipped.items()}
    most = _f1(samples, best)
    for _ in range(_ROUNDS):
        for name, value in shipped.items():
            for factor in _FACTORS:
                tried = {**best, name: value * factor}
                f1 = _f1(samples, tried)
                if f1 > most:
                    best, most = tried, f1
    return best


def _f1(samples: Sequence[Sample], thresholds: Mapping[str, float]) -> float:
    with _thresholds(thresholds):
        return naming(_pairs(samples)).macro_f1 or 0.0


def _pairs(samples: Sequence[Sample]) -> list[tuple[str, str]]:
    return [(sample.truth.label.value, _label(sample)) for sample in samples if sample.truth.label]


def _label(sample: Sample) -> str:
    reading = sample.reading
    if reading.presence is not Presence.PRESENT:
        return reading.label.value
    return labels.name_posture(reading.metrics, standing=reading.standing).value


def _shipped() -> dict[str, float]:
    """The thresholds that naming a posture looks at, itself or in what it calls."""
    found: dict[str, float] = {}
    seen: set[str] = set()
    waiting = ["name_posture"]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        value = getattr(labels, name, None)
        if isinstance(value, FunctionType) and value.__module__ == labels.__name__:
            waiting += value.__code__.co_names
        elif isinstance(value, float) and _THRESHOLD.fullmatch(name):
            found[name] = value
    return dict(sorted(found.items()))


@contextmanager
def _thresholds(values: Mapping[str, float]) -> Iterator[None]:
    before = {name: getattr(labels, name) for name in values}
    try:
        for name, value in values.items():
            setattr(labels, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(labels, name, value)
