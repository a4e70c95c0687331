"""Real people before real laptops: upright or slouched, by the score of each burst of pictures."""

from __future__ import annotations

import csv
import statistics
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evaluation.accuracy import Separation, separation
from evaluation.landmarking import Landmarking
from posture.core.calibration import PICTURES, calibrate
from posture.core.landmarks import FloatArray, Landmarks
from posture.core.neutral import Neutral
from posture.core.observation import observe
from posture.core.pinhole import Pinhole
from posture.core.reader import Reader
from posture.errors import CalibrationRefused

_SLOUCHED = "slouch"
# Frames of a burst are one sample; more upright bursts than this make calibrating no better.
_BURSTS_TO_CALIBRATE = 3


@dataclass(frozen=True, slots=True)
class Burst:
    """Near-identical pictures of one person. ``source``: the collection it comes from."""

    name: str
    source: str
    slouched: bool
    landmarks: Sequence[Landmarks]


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Bursts of one source scored against a neutral made of some of its upright bursts.

    Who is on them is not known: where two people share a source, a neutral is another person's.
    ``aucs``: for each neutral, over the bursts it was not made of.
    """

    neutrals: int
    refused: int
    auc_median: float | None
    auc_lowest: float | None
    uncalibrated_auc: float | None


@dataclass(frozen=True, slots=True)
class Traces:
    """``stranger``: the shipped score without calibration, over all bursts and per source.

    ``left_out``: the same form of score, refitted without the source it is then tested on.
    ``calibrated``: what a neutral adds, per source.
    """

    bursts: int
    stranger: Separation
    by_source: Mapping[str, Separation]
    left_out: Mapping[str, Separation]
    calibrated: Mapping[str, Calibrated]


def evaluate(folder: Path, landmarking: Landmarking) -> Traces:
    """Evaluate every burst named in ``labels.csv`` of *folder*."""
    print("traces", file=sys.stderr, flush=True)
    bursts = read_bursts(folder, landmarking)
    told = {burst.name: _score(burst, None) for burst in bursts}
    sources = sorted({burst.source for burst in bursts})
    return Traces(
        len(bursts),
        _separate(bursts, told),
        {name: _separate(_of(bursts, name), told) for name in sources},
        {name: _left_out(bursts, name) for name in sources} if len(sources) > 1 else {},
        {name: _calibrated(_of(bursts, name), told) for name in sources},
    )


def read_bursts(folder: Path, landmarking: Landmarking) -> list[Burst]:
    """Every burst with its label."""
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        return [
            Burst(
                row["trace"],
                row["trace"].rsplit("-", 2)[0],
                row["label"] == _SLOUCHED,
                landmarking.landmarks(folder / f"{row['trace']}.jsonl.gz"),
            )
            for row in csv.DictReader(file)
        ]


def _of(bursts: Sequence[Burst], source: str) -> list[Burst]:
    return [burst for burst in bursts if burst.source == source]


def _score(burst: Burst, neutral: Neutral | None) -> float | None:
    """Median score of the burst's pictures; each stands alone."""
    reader = Reader(neutral, independent=True)
    told = [reader.read(landmarks).score for landmarks in burst.landmarks]
    return _median([score for score in told if score is not None])


def _separate(bursts: Sequence[Burst], told: Mapping[str, float | None]) -> Separation:
    """How well a low score tells slouched bursts from upright ones."""
    turned = {name: None if score is None else -score for name, score in told.items()}
    return separation(
        [turned[burst.name] for burst in bursts if burst.slouched],
        [turned[burst.name] for burst in bursts if not burst.slouched],
    )


def _left_out(bursts: Sequence[Burst], source: str) -> Separation:
    """Fit on the other sources, test on *source*."""
    features = {burst.name: _features(burst) for burst in bursts}
    others = [burst for burst in bursts if burst.source != source]
    rule = _Discriminant(
        [features[burst.name] for burst in others], [burst.slouched for burst in others]
    )
    mine = _of(bursts, source)
    return _separate(mine, {burst.name: rule.evidence(features[burst.name]) for burst in mine})


def _features(burst: Burst) -> tuple[float | None, float | None]:
    """Ear and chin height as the program observes them, median over the burst."""
    seen = [observe(landmarks, Pinhole.typical(landmarks.size)) for landmarks in burst.landmarks]
    ears = [moment.ear_height for moment in seen if moment.ear_height is not None]
    chins = [moment.chin_height for moment in seen if moment.chin_height is not None]
    return _median(ears), _median(chins)


class _Discriminant:
    """Linear discriminant of upright against slouched, on the ears alone where no chin is seen."""

    def __init__(
        self, features: Sequence[tuple[float | None, float | None]], slouched: Collection[bool]
    ) -> None:
        known = [
            (ear, chin, bad)
            for (ear, chin), bad in zip(features, slouched, strict=True)
            if ear is not None
        ]
        self._ear = _fit([[ear] for ear, _, _ in known], [bad for _, _, bad in known])
        both = [(ear, chin, bad) for ear, chin, bad in known if chin is not None]
        self._both = _fit([[ear, chin] for ear, chin, _ in both], [bad for _, _, bad in both])

    def evidence(self, features: tuple[float | None, float | None]) -> float | None:
        """Log odds of upright; None without a body."""
        ear, chin = features
        if ear is None:
            return None
        weights, offset = self._ear if chin is None else self._both
        values = np.array([ear] if chin is None else [ear, chin])
        return float(weights @ values) + offset


def _fit(rows: Sequence[Sequence[float]], slouched: Sequence[bool]) -> tuple[FloatArray, float]:
    table, bad = np.array(rows), np.array(slouched)
    good, poor = table[~bad], table[bad]
    spread = ((len(good) - 1) * _covariance(good) + (len(poor) - 1) * _covariance(poor)) / (
        len(table) - 2
    )
    weights = np.linalg.solve(spread, good.mean(axis=0) - poor.mean(axis=0))
    return weights, -float(weights @ (good.mean(axis=0) + poor.mean(axis=0))) / 2


def _covariance(rows: FloatArray) -> FloatArray:
    return np.atleast_2d(np.cov(rows, rowvar=False))


def _calibrated(bursts: Sequence[Burst], told: Mapping[str, float | None]) -> Calibrated:
    upright = [burst for burst in bursts if not burst.slouched]
    aucs, refused = [], 0
    for start in range(0, len(upright) - _BURSTS_TO_CALIBRATE + 1, _BURSTS_TO_CALIBRATE):
        chosen = upright[start : start + _BURSTS_TO_CALIBRATE]
        try:
            neutral = calibrate([m for burst in chosen for m in burst.landmarks], None, PICTURES)
        except CalibrationRefused:
            refused += 1
            continue
        others = [burst for burst in bursts if burst not in chosen]
        auc = _separate(others, {burst.name: _score(burst, neutral) for burst in others}).auc
        if auc is not None:
            aucs.append(auc)
    return Calibrated(
        len(aucs), refused, _median(aucs), min(aucs, default=None), _separate(bursts, told).auc
    )


def _median(values: Sequence[float]) -> float | None:
    return statistics.median(values) if values else None
