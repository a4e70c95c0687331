"""What is really so in a rendered picture, told in the program's own signs and labels.

The data's angles are + towards the worker's own left; the program's are + to the user's right.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posture.core.reading import Label, Presence

Numbers = Mapping[str, float]

# Data's label → the program's; the others have the same name.
_LABELS = {
    "lean_left": Label.LEANING_LEFT,
    "lean_right": Label.LEANING_RIGHT,
    "shoulder_uneven": Label.UNEVEN_SHOULDERS,
    "looking_down": Label.HEAD_DOWN,
    "absent": Label.AWAY,
}

_DISTANCE = "distance_cm"
_HEAD: Mapping[str, Callable[[Numbers], float]] = {
    _DISTANCE: lambda n: n["eye_distance_mm"] / 10,
    "head_flexion_deg": lambda n: n["head_pitch_deg"],
    "head_yaw_deg": lambda n: -n["head_yaw_deg"],
    "head_roll_deg": lambda n: -n["head_roll_deg"],
    "forward_lean_cm": lambda n: n["eye_forward_mm"] / 10,
    "eye_rise_cm": lambda n: -n["eye_drop_mm"] / 10,
}
_BODY: Mapping[str, Callable[[Numbers], float]] = {
    "forward_head_deg": lambda n: -n["craniovertebral_deg"],
    "neck_lateral_deg": lambda n: n["shoulder_tilt_deg"] - n["head_roll_deg"],
    "shoulder_tilt_deg": lambda n: -n["shoulder_tilt_deg"],
    "trunk_inclination_deg": lambda n: n["trunk_incl_sagittal_deg"],
    "trunk_lateral_deg": lambda n: -n["trunk_incl_lateral_deg"],
    "slump_cm": lambda n: n["shoulder_drop_mm"] / 10,
}
MEASURED: tuple[str, ...] = (*_HEAD, *_BODY)


@dataclass(frozen=True, slots=True)
class Truth:
    """One picture.

    ``label``, ``presence``: None where no one could say (only a headless trunk is in view).
    ``measures``: measure → value against the same neutral the program was given.
    ``due``: the measures an answer is owed for; without an answer they count as abstained.
    ``yaw_to_camera_deg``: how far the camera sees the head turned.
    """

    label: Label | None
    presence: Presence | None
    measures: Mapping[str, float]
    due: frozenset[str]
    yaw_to_camera_deg: float | None
    second_person: bool


def truth_of(record: Mapping[str, Any], neutral: Mapping[str, float]) -> Truth:
    """The truth of *record* (one picture's fields) against *neutral* (:func:`neutral_of`)."""
    present = _flag(record["present"])
    absent = record["label"] == "absent"
    values: dict[str, float] = {}
    due: set[str] = set()
    if present and _known(record):
        numbers = _numbers(record)
        values = {name: value - neutral.get(name, 0.0) for name, value in _values(numbers).items()}
        if _flag(record["head_in_frame"]):
            due |= set(_HEAD)
            # A seated body is measured; of one that stands nothing is owed.
            if _flag(record["shoulders_in_frame"]) and record["label"] != "standing":
                due |= set(_BODY)
    decided = present or absent
    return Truth(
        label=_label(str(record["label"])) if decided else None,
        presence=(Presence.PRESENT if present else Presence.AWAY) if decided else None,
        measures=values,
        due=frozenset(due),
        yaw_to_camera_deg=float(record["head_yaw_to_camera_deg"]) if values else None,
        second_person=_flag(record["second_person"]),
    )


def neutral_of(records: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """Mean of every relative measure over the upright pictures a calibration is made from."""
    rows = [_values(_numbers(record)) for record in records]
    return {
        name: sum(row[name] for row in rows) / len(rows) for name in MEASURED if name != _DISTANCE
    }


def mean_distance_cm(records: Sequence[Mapping[str, Any]]) -> float:
    """Mean true distance of the eyes to the camera."""
    return sum(float(record["eye_distance_mm"]) for record in records) / len(records) / 10


def read_stills(folder: Path) -> list[dict[str, Any]]:
    """One record a picture, in the order of the file."""
    with (folder / "stills.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read_sessions(folder: Path) -> dict[str, dict[str, Any]]:
    """Session name → person, camera place, light."""
    sessions = json.loads((folder / "sessions.json").read_text(encoding="utf-8"))
    return {session["session"]: session for session in sessions}


def read_rows(path: Path) -> list[dict[str, str]]:
    """The truth of one sequence, one row a frame."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _values(numbers: Numbers) -> dict[str, float]:
    return {name: of(numbers) for table in (_HEAD, _BODY) for name, of in table.items()}


def _numbers(record: Mapping[str, Any]) -> Numbers:
    return {
        name: float(value)
        for name, value in record.items()
        if name.endswith(("_mm", "_deg")) and value not in ("", None)
        if not isinstance(value, list | dict)
    }


def _known(record: Mapping[str, Any]) -> bool:
    return record["eye_distance_mm"] not in ("", None)


def _flag(value: object) -> bool:
    return value in (True, "1", "True", "true")


def _label(name: str) -> Label:
    return _LABELS.get(name) or Label(name)
