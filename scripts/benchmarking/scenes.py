"""Which part of a rendered sequence shows what, by its truth."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

from posture.sense.opencv import cv2

# How long the program watches before what is measured begins.
LEAD_S = 10.0
# Looks come at their own rhythm: a move meets it at another point after each of these.
LEADS_S = (LEAD_S, LEAD_S + 0.3, LEAD_S + 0.6, LEAD_S + 0.9)
_MM_PER_CM = 10
_FILMS = (".mp4", ".mkv")


class WrongDataError(Exception):
    """A folder that is no test data; the message says what is wrong with it."""


def read_all(folder: Path) -> list[Sequence]:
    """Read every film in *folder*. Raises WrongDataError."""
    # The program measured runs in another working folder.
    films = sorted(folder.resolve().glob("seq*.mp4"))
    if not films:
        raise WrongDataError(f"{folder} holds no seq*.mp4")
    sequences = []
    for film in films:
        try:
            sequences.append(Sequence.read(film))
        except FileNotFoundError as error:
            missing = Path(error.filename).name
            raise WrongDataError(f"{film.name} lacks its truth {missing} in {folder}") from error
        except (ValueError, KeyError, TypeError, ZeroDivisionError, csv.Error) as error:
            raise WrongDataError(f"the truth beside {film.name} in {folder} is damaged") from error
    return sequences


@dataclass(frozen=True, slots=True)
class Clip:
    """A film of real people, without any truth."""

    film: Path
    fps: float


def read_clips(folder: Path) -> list[Clip]:
    """Find every film in *folder*. Raises WrongDataError."""
    films = [film for film in sorted(folder.resolve().glob("*")) if film.suffix in _FILMS]
    if not films:
        raise WrongDataError(f"{folder} holds no clips; give --clips")
    clips = []
    for film in films:
        capture = cv2.VideoCapture(str(film))
        fps = capture.get(cv2.CAP_PROP_FPS)
        capture.release()
        if not fps > 0:
            raise WrongDataError(f"{film.name} in {folder} is no film; give --clips")
        clips.append(Clip(film, fps))
    return clips


@dataclass(frozen=True, slots=True)
class Sequence:
    """One person's film with its truth; times in seconds from its first picture."""

    film: Path
    fps: float
    calibration_s: float
    distance_cm: float
    labels: tuple[str, ...]
    moving: tuple[bool, ...]

    @classmethod
    def read(cls, film: Path) -> Sequence:
        """Read the truth that lies beside *film*."""
        facts = json.loads(film.with_suffix(".json").read_text())
        with film.with_suffix(".csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        upright = rows[: round(facts["calibration_seconds"] * facts["fps"])]
        distances = [float(row["eye_distance_mm"]) for row in upright]
        return cls(
            film,
            facts["fps"],
            facts["calibration_seconds"],
            sum(distances) / len(distances) / _MM_PER_CM,
            tuple(row["label"] for row in rows),
            tuple(row["transition"] == "1" for row in rows),
        )

    def busiest(self, seconds: float) -> int:
        """First picture of the stretch in which the person changes posture the most.

        Raises WrongDataError when nobody is there for so long.
        """
        length = round(seconds * self.fps)
        present = [label != "absent" for label in self.labels]
        starts = [
            start
            for start in range(len(self.labels) - length + 1)
            if all(present[start : start + length])
        ]
        if not starts:
            raise WrongDataError(
                f"nobody is there for {seconds:g} s without a break in {self.film.name}"
            )
        return max(starts, key=lambda start: sum(self.moving[start : start + length]))

    def middle_of(self, label: str) -> int:
        """A picture in the middle of the first stretch of *label*, long after any move."""
        return (self.start_of(label) + self.end_of(label)) // 2

    def start_of(self, label: str) -> int:
        """First picture that belongs to *label*. Raises WrongDataError."""
        if label not in self.labels:
            raise WrongDataError(f"nothing in {self.film.name} is labelled {label}")
        return self.labels.index(label)

    def arrival_in(self, label: str) -> int:
        """First picture of *label* after the move into it. Raises WrongDataError."""
        start, end = self.start_of(label), self.end_of(label)
        arrived = (index for index in range(start, end) if not self.moving[index])
        found = next(arrived, None)
        if found is None:
            raise WrongDataError(f"nobody in {self.film.name} comes to rest at {label}")
        return found

    def end_of(self, label: str) -> int:
        """First picture after the first stretch of *label*. Raises WrongDataError."""
        start = self.start_of(label)
        others = (i for i in range(start, len(self.labels)) if self.labels[i] != label)
        return next(others, len(self.labels))
