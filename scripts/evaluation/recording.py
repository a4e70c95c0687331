"""The small part of the data that is kept with the tests: truth, and landmarks for pictures."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evaluation import presence, stills
from evaluation.landmarking import Landmarking, record
from evaluation.truth import read_rows, read_sessions, read_stills
from posture.sense.window import Window

# Three people, three camera places, three lights; every second picture of each, an empty chair
# among them.
_SESSIONS = ("A05", "A06", "A07")
_EVERY = slice(1, None, 2)
# Calibrated in its last ten upright seconds, then leaning back and up again; one a second.
_SEQUENCE = "seqA2"
_SEQUENCE_WINDOW = Window(20.0, 45.0, 1.0)
# Bursts of either posture from both sources, the first pictures of each.
_BURSTS_OF_EACH = 3
_FRAMES = 2
# The empty room, somebody walking in; a user who stands before the desk.
_CLIPS = {
    "intel_one_by_one_empty_frame.mp4": Window(0.0, 7.0, presence.FPS),
    "yes.mkv": Window(0.0, 0.6, presence.FPS),
}
# Not read here: where the renderer put every joint.
_UNUSED = ("kp3d_cam_mm", "kp2d_px", "kp_in_image", "pose")
_UNUSED_COLUMNS = ("pose_", "_u", "_v", "_xmm", "_ymm", "_zmm")
_TRUTH_DECIMALS = 2


def write(data: Path, target: Path, landmarking: Landmarking) -> None:
    """Record the small part of *data* into *target*, in the same layout."""
    (target / "synth" / "stills").mkdir(parents=True, exist_ok=True)
    _stills(data / "synth", target / "synth", landmarking)
    _sequence(data / "synth", target / "synth", landmarking)
    _bursts(data / "traces", target / "traces", landmarking)
    (target / "video").mkdir(exist_ok=True)
    for name, window in _CLIPS.items():
        source = data / "video" / name
        path = (target / "video" / name).with_name(f"{source.stem}.jsonl.gz")
        record(landmarking.landmarks(source, window), path, independent=False)


def _stills(data: Path, target: Path, landmarking: Landmarking) -> None:
    sessions, records = read_sessions(data), read_stills(data)
    kept: list[dict[str, Any]] = []
    for name in _SESSIONS:
        upright, others = stills.halves([r for r in records if r["session"] == name])
        neutral, taken = stills.calibrated(data, landmarking, name, upright)
        seen = stills.read_test(data, landmarking, name, others, neutral)
        for part, landmarks in (("calibration", taken), ("test", seen[_EVERY])):
            record(landmarks, stills.recorded_stills(target, name, part), independent=True)
        kept += [*upright, *others[_EVERY]]
    with (target / "stills.jsonl").open("w", encoding="utf-8") as file:
        for each in kept:
            short = {
                key: round(value, _TRUTH_DECIMALS) if isinstance(value, float) else value
                for key, value in each.items()
                if key not in _UNUSED
            }
            file.write(json.dumps(short) + "\n")
    _write_json(target / "sessions.json", [sessions[name] for name in _SESSIONS])


def _sequence(data: Path, target: Path, landmarking: Landmarking) -> None:
    about = json.loads((data / f"{_SEQUENCE}.json").read_text(encoding="utf-8"))
    _write_json(target / f"{_SEQUENCE}.json", about)
    seen = landmarking.landmarks(data / f"{_SEQUENCE}.mp4", _SEQUENCE_WINDOW)
    record(seen, target / f"{_SEQUENCE}.jsonl.gz", independent=False)
    rows = [
        {key: value for key, value in row.items() if _wanted(key)}
        for row in read_rows(data / f"{_SEQUENCE}.csv")
        if _SEQUENCE_WINDOW.start_s <= float(row["t"]) < _SEQUENCE_WINDOW.end_s
    ]
    _write_csv(target / f"{_SEQUENCE}.csv", rows)


def _wanted(column: str) -> bool:
    return not column.startswith(_UNUSED_COLUMNS[0]) and not column.endswith(_UNUSED_COLUMNS[1:])


def _bursts(data: Path, target: Path, landmarking: Landmarking) -> None:
    (folder,) = (path.parent for path in data.glob("*/labels.csv"))
    out = target / folder.name
    out.mkdir(parents=True, exist_ok=True)
    kept: list[dict[str, str]] = []
    taken: dict[tuple[str, str], int] = {}
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            kind = (row["trace"].rsplit("-", 2)[0], row["label"])
            taken[kind] = taken.get(kind, 0) + 1
            if taken[kind] > _BURSTS_OF_EACH:
                continue
            name = f"{row['trace']}.jsonl.gz"
            record(landmarking.landmarks(folder / name)[:_FRAMES], out / name, independent=False)
            kept.append(row)
    _write_csv(out / "labels.csv", kept)


def _write_json(path: Path, document: object) -> None:
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def _write_csv(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
