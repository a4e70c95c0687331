"""Readings beside the truth: every number that is asked of a set of pictures."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from evaluation.accuracy import (
    Accuracy,
    Answer,
    Naming,
    Separation,
    accuracy,
    naming,
    separation,
)
from evaluation.truth import MEASURED, Truth
from posture.core.reading import Label, Presence, Reading

# The goal for the distance is set for these.
_FACING_DEG = 25.0
_DESK_CM = (35.0, 100.0)
DISTANCE_PERCENT = "distance_percent"

_FORWARD_HEAD_DEG = (5.0, 10.0)
_SLUMP_CM = (1.5, 2.5)
# Postures that the score should mark down. Leaning back, sitting far, standing and looking away
# are neither good nor bad.
_BAD = frozenset(
    {
        Label.SLOUCH,
        Label.FORWARD_HEAD,
        Label.HEAD_DOWN,
        Label.LEANING_LEFT,
        Label.LEANING_RIGHT,
        Label.HEAD_TILT_LEFT,
        Label.HEAD_TILT_RIGHT,
        Label.UNEVEN_SHOULDERS,
        Label.TOO_CLOSE,
    }
)
# What a person reading a tape measure is off by.
_TAPE_CM = 1.0


@dataclass(frozen=True, slots=True)
class Sample:
    """One reading beside the truth. ``groups``: kind of group → its name (person, light, …)."""

    name: str
    truth: Truth
    reading: Reading
    groups: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PresenceErrors:
    """Pictures with and without the user, and how often that was told wrong or left open."""

    present: int
    told_away: int
    present_unknown: int
    absent: int
    told_present: int
    absent_unknown: int


@dataclass(frozen=True, slots=True)
class Scores:
    """Everything about one set of pictures."""

    pictures: int
    measures: Mapping[str, Accuracy]
    separations: Mapping[str, Separation]
    labels: Naming
    presence: PresenceErrors


def taped_cm(distance_cm: float, session: str) -> float:
    """The distance as a person with a tape would give it; the same at every run."""
    return distance_cm + random.Random(session).uniform(-_TAPE_CM, _TAPE_CM)


def scores(samples: Sequence[Sample]) -> Scores:
    """Score *samples*."""
    measures = {name: accuracy(_answers(samples, name)) for name in MEASURED}
    measures[DISTANCE_PERCENT] = accuracy(_distance_percent(samples))
    return Scores(
        pictures=len(samples),
        measures=measures,
        separations=_separations(samples),
        labels=naming(
            [
                (sample.truth.label.value, sample.reading.label.value)
                for sample in samples
                if sample.truth.label is not None
            ]
        ),
        presence=_presence(samples),
    )


def grouped(samples: Sequence[Sample]) -> dict[str, dict[str, Scores]]:
    """Scores of every group of every kind."""
    kinds = sorted({kind for sample in samples for kind in sample.groups})
    result: dict[str, dict[str, Scores]] = {}
    for kind in kinds:
        names = sorted({sample.groups[kind] for sample in samples})
        result[kind] = {
            name: scores([sample for sample in samples if sample.groups[kind] == name])
            for name in names
        }
    return result


def _answers(samples: Sequence[Sample], measure: str) -> list[Answer]:
    return [
        Answer(
            sample.reading.metrics.get(measure),
            sample.truth.measures[measure],
            measure in sample.truth.due,
        )
        for sample in samples
        if measure in sample.truth.measures
    ]


def _distance_percent(samples: Sequence[Sample]) -> list[Answer]:
    answers = []
    for sample in samples:
        true, yaw = sample.truth.measures.get("distance_cm"), sample.truth.yaw_to_camera_deg
        if true is None or yaw is None or abs(yaw) > _FACING_DEG:
            continue
        if _DESK_CM[0] <= true <= _DESK_CM[1]:
            told = sample.reading.metrics.distance_cm
            percent = None if told is None else 100 * told / true
            answers.append(Answer(percent, 100.0, "distance_cm" in sample.truth.due))
    return answers


def _separations(samples: Sequence[Sample]) -> dict[str, Separation]:
    return {
        "forward_head": _by_truth(samples, "forward_head_deg", _FORWARD_HEAD_DEG),
        "slump": _by_truth(samples, "slump_cm", _SLUMP_CM),
        "slump_by_label": _by_label(
            samples, lambda reading: reading.metrics.slump_cm, frozenset({Label.SLOUCH})
        ),
        "score": _by_label(
            samples, lambda reading: None if reading.score is None else -reading.score, _BAD
        ),
    }


def _by_truth(samples: Sequence[Sample], measure: str, bounds: tuple[float, float]) -> Separation:
    owed = [sample for sample in samples if measure in sample.truth.due]
    low, high = bounds
    return separation(
        [s.reading.metrics.get(measure) for s in owed if s.truth.measures[measure] >= high],
        [s.reading.metrics.get(measure) for s in owed if s.truth.measures[measure] <= low],
    )


def _by_label(
    samples: Sequence[Sample], value: Callable[[Reading], float | None], bad: frozenset[Label]
) -> Separation:
    return separation(
        [value(sample.reading) for sample in samples if sample.truth.label in bad],
        [value(sample.reading) for sample in samples if sample.truth.label is Label.UPRIGHT],
    )


def _presence(samples: Sequence[Sample]) -> PresenceErrors:
    here = [s.reading.presence for s in samples if s.truth.presence is Presence.PRESENT]
    gone = [s.reading.presence for s in samples if s.truth.presence is Presence.AWAY]
    return PresenceErrors(
        present=len(here),
        told_away=here.count(Presence.AWAY),
        present_unknown=here.count(Presence.UNKNOWN),
        absent=len(gone),
        told_present=gone.count(Presence.PRESENT),
        absent_unknown=gone.count(Presence.UNKNOWN),
    )
