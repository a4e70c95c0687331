"""Rendered single pictures: calibrate each sitting, then read its other pictures."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2

from evaluation import left_out
from evaluation.accuracy import Naming
from evaluation.landmarking import Landmarking
from evaluation.scoring import Sample, Scores, grouped, scores, taped_cm
from evaluation.truth import mean_distance_cm, neutral_of, read_sessions, read_stills, truth_of
from posture.core.calibration import PICTURES, calibrate
from posture.core.landmarks import Landmarks
from posture.core.neutral import Neutral
from posture.core.reader import Reader
from posture.errors import CalibrationRefused
from posture.sense.folder import read_picture
from posture.sense.frame import Image

Record = dict[str, Any]
Alteration = Callable[[Image], Image]


@dataclass(frozen=True, slots=True)
class Stills:
    """Scores over all pictures and by group.

    ``left_out``: labels with thresholds chosen without the person (left_out.py); None for one
    person alone. ``refused``: session → why it was not calibrated.
    """

    overall: Scores
    groups: Mapping[str, Mapping[str, Scores]]
    left_out: Naming | None
    refused: Mapping[str, str]
    samples: Sequence[Sample] = field(repr=False)


def evaluate(folder: Path, landmarking: Landmarking, altered: Alteration | None = None) -> Stills:
    """Evaluate the pictures in *folder* (the data's ``synth``), *altered* where that is given."""
    sessions = read_sessions(folder)
    records = read_stills(folder)
    samples: list[Sample] = []
    refused: dict[str, str] = {}
    for name, session in sessions.items():
        mine = [record for record in records if record["session"] == name]
        if not mine:
            continue
        print(f"stills {name}", file=sys.stderr, flush=True)
        try:
            samples += _read_session(folder, landmarking, session, mine, altered)
        except CalibrationRefused as error:
            refused[name] = str(error)
    groups = grouped(samples)
    several = len(groups.get("person", {})) > 1
    return Stills(
        scores(samples), groups, left_out.evaluate(samples) if several else None, refused, samples
    )


def read_test(
    folder: Path,
    landmarking: Landmarking,
    session: str,
    others: Sequence[Record],
    neutral: Neutral,
    altered: Alteration | None = None,
) -> list[Landmarks]:
    """The landmarks of the pictures to test on."""
    with _pictures(folder, session, "test", others, altered) as source:
        return landmarking.landmarks(source, neutral=neutral)


def _read_session(
    folder: Path,
    landmarking: Landmarking,
    session: Mapping[str, Any],
    records: Sequence[Record],
    altered: Alteration | None,
) -> list[Sample]:
    name = str(session["session"])
    upright, others = halves(records)
    neutral, _ = calibrated(folder, landmarking, name, upright, altered)
    reader = Reader(neutral, independent=True)
    seen = read_test(folder, landmarking, name, others, neutral, altered)
    zero = neutral_of(upright)
    groups = {
        "person": str(session["person"]),
        "light": str(session["lighting"]),
        "camera": str(session["placement"]),
        "session": name,
    }
    return [
        Sample(Path(record["file"]).stem, truth_of(record, zero), reader.read(landmarks), groups)
        for record, landmarks in zip(others, seen, strict=True)
    ]


def halves(records: Sequence[Record]) -> tuple[list[Record], list[Record]]:
    """The pictures to calibrate from, and those to test on."""
    return (
        [record for record in records if record["calibration"]],
        [record for record in records if not record["calibration"]],
    )


def calibrated(
    folder: Path,
    landmarking: Landmarking,
    session: str,
    upright: Sequence[Record],
    altered: Alteration | None = None,
) -> tuple[Neutral, list[Landmarks]]:
    """The neutral of one sitting, and the landmarks it was made from."""
    with _pictures(folder, session, "calibration", upright, altered) as source:
        taken = landmarking.landmarks(source)
    distance = taped_cm(mean_distance_cm(upright), session)
    return calibrate(taken, distance, PICTURES), taken


def recorded_stills(folder: Path, session: str, part: str) -> Path:
    """Where recorded landmarks take the place of pictures; *part*: "calibration" or "test"."""
    return folder / "stills" / f"{session}-{part}.jsonl.gz"


@contextmanager
def _pictures(
    folder: Path,
    session: str,
    part: str,
    records: Sequence[Record],
    altered: Alteration | None = None,
) -> Iterator[Path]:
    """A source of just these pictures, in their order: recorded landmarks, or a folder."""
    recorded = recorded_stills(folder, session, part)
    if recorded.exists() and altered is None:
        yield recorded
        return
    with tempfile.TemporaryDirectory() as name:
        target = Path(name) / f"{session}-{part}"
        target.mkdir()
        for index, record in enumerate(records):
            picture = folder / record["file"]
            if altered is None:
                shutil.copyfile(picture, target / f"{index:03}{picture.suffix}")
            else:
                cv2.imwrite(str(target / f"{index:03}.png"), altered(read_picture(picture)))
        yield target
