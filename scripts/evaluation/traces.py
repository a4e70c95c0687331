"""Real people before real laptops: upright or slouched, by the score of each burst of pictures."""

from __future__ import annotations

import csv
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation.accuracy import Separation, separation
from evaluation.landmarking import Landmarking
from posture.core.calibration import PICTURES, calibrate
from posture.core.landmarks import Landmarks
from posture.core.neutral import Neutral
from posture.core.observation import observe
from posture.core.pinhole import Pinhole
from posture.core.reader import Reader
from posture.errors import CalibrationRefused

_SLOUCHED = "slouch"
# Where the score without calibration says as likely slouched as not.
_MIDDLE_SCORE = 50.0
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
    Nor was the camera still: from burst to burst the picture and the head's pitch move in step, as
    when a laptop's lid is tilted. ``auc_…``: over the neutrals, each on the bursts it was not made
    of; ``uncalibrated_auc``: the same bursts without any.
    """

    neutrals: int
    refused: int
    auc_median: float | None
    auc_lowest: float | None
    uncalibrated_auc: float | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The same form of score, its numbers fitted without the source it is tested on.

    ``right``: share on the right side of the middle between the classes of the other sources.
    """

    separation: Separation
    right: float | None


@dataclass(frozen=True, slots=True)
class Traces:
    """Scores of bursts.

    ``stranger``: the shipped score without calibration, over all bursts and per source; ``right``:
    share of bursts above 50 when upright and below when slouched. ``calibrated``: what a neutral
    adds, per source.
    """

    bursts: int
    stranger: Separation
    right: float | None
    by_source: Mapping[str, Separation]
    left_out: Mapping[str, LeftOut]
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
        _right(bursts, told, _MIDDLE_SCORE),
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


def _left_out(bursts: Sequence[Burst], source: str) -> LeftOut:
    """Fit on the other sources, test on *source*."""
    heights = {burst.name: _heights(burst) for burst in bursts}
    others = [burst for burst in bursts if burst.source != source]
    seen = [
        (ear, chin, burst.slouched)
        for burst in others
        for ear, chin in [heights[burst.name]]
        if ear is not None and chin is not None
    ]
    ear_above_chin = statistics.median([ear - chin for ear, chin, _ in seen])
    middle = statistics.fmean(
        statistics.fmean([chin for _, chin, slouched in seen if slouched is kind])
        for kind in (True, False)
    )
    told: dict[str, float | None] = {}
    mine = _of(bursts, source)
    for burst in mine:
        ear, chin = heights[burst.name]
        stand_in = None if ear is None else ear - ear_above_chin
        told[burst.name] = stand_in if chin is None else chin
    return LeftOut(_separate(mine, told), _right(mine, told, middle))


def _right(
    bursts: Sequence[Burst], told: Mapping[str, float | None], middle: float
) -> float | None:
    """Share of the bursts on the right side of *middle*; one without a number is wrong."""
    hits = 0
    for burst in bursts:
        value = told[burst.name]
        hits += value is not None and (value < middle) is burst.slouched
    return hits / len(bursts) if bursts else None


def _heights(burst: Burst) -> tuple[float | None, float | None]:
    """Ear and chin height as the program observes them, median over the burst."""
    seen = [observe(landmarks, Pinhole.typical(landmarks.size)) for landmarks in burst.landmarks]
    ears = [moment.ear_height for moment in seen if moment.ear_height is not None]
    chins = [moment.chin_height for moment in seen if moment.chin_height is not None]
    return _median(ears), _median(chins)


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
