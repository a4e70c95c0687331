"""Real clips: is the user there? The truth was written down from looking at the pictures."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation.landmarking import Landmarking, source_of
from posture.core.reader import Reader
from posture.core.reading import Presence
from posture.sense.window import Window

_TRUTH = Path(__file__).with_name("presence_truth.json")
# Pictures a second that are read.
FPS = 5.0
# Pictures this close to a change are left out: presence is held for two seconds.
_HOLD_S = 2.0

# What is in view → what the program may say. A person far away with the back to the camera is
# not at the desk; to leave it open is right as well. Someone walking by is nobody's user.
_RIGHT: Mapping[str, frozenset[Presence]] = {
    "empty": frozenset({Presence.AWAY}),
    "back": frozenset({Presence.AWAY, Presence.UNKNOWN}),
    "passing": frozenset({Presence.AWAY, Presence.UNKNOWN}),
    "facing": frozenset({Presence.PRESENT}),
}


@dataclass(frozen=True, slots=True)
class InView:
    """Pictures of one kind: how often each presence was told, and in how many it was wrong.

    ``pictures`` alone, and as the program holds it over time (``held``, changes left out).
    """

    pictures: int
    told: Mapping[str, int]
    wrong: int
    held_pictures: int
    held: Mapping[str, int]
    held_wrong: int


@dataclass(frozen=True, slots=True)
class Clips:
    """Clip → kind of view → counts."""

    clips: Mapping[str, Mapping[str, InView]]


@dataclass(frozen=True, slots=True)
class _Moment:
    kind: str
    near_change: bool
    alone: Presence
    held: Presence


def evaluate(folder: Path, landmarking: Landmarking) -> Clips:
    """Evaluate every clip of the truth table that is in *folder*."""
    table = json.loads(_TRUTH.read_text(encoding="utf-8"))
    return Clips(
        {
            name: _clip(folder / name, about, landmarking)
            for name, about in table.items()
            if source_of(folder / name) is not None
        }
    )


def _clip(path: Path, about: Mapping[str, object], landmarking: Landmarking) -> dict[str, InView]:
    print(f"clip {path.name}", file=sys.stderr, flush=True)
    spans = _spans(about)
    held, alone = Reader(None), Reader(None, independent=True)
    moments = []
    for landmarks in landmarking.landmarks(path, Window(fps=FPS)):
        t_s = landmarks.at.mono
        starts = [start for start, _, _ in spans[1:]]
        kind = next((kind for start, end, kind in spans if start <= t_s < end), spans[-1][2])
        moments.append(
            _Moment(
                kind,
                any(0 <= t_s - start < _HOLD_S for start in starts),
                alone.read(landmarks).presence,
                held.read(landmarks).presence,
            )
        )
    return {kind: _count(moments, kind) for kind in sorted({moment.kind for moment in moments})}


def _spans(about: Mapping[str, object]) -> list[tuple[float, float, str]]:
    """Start, end in seconds, and what is in view."""
    fps, spans = about["fps"], about["spans"]
    if not isinstance(fps, int | float) or not isinstance(spans, list):
        raise TypeError(f"{_TRUTH.name}: a clip needs fps and spans")
    return [(first / fps, (last + 1) / fps, str(kind)) for first, last, kind in spans]


def _count(moments: Sequence[_Moment], kind: str) -> InView:
    mine = [moment for moment in moments if moment.kind == kind]
    steady = [moment for moment in mine if not moment.near_change]
    right = _RIGHT[kind]
    return InView(
        len(mine),
        _counts([moment.alone for moment in mine]),
        sum(moment.alone not in right for moment in mine),
        len(steady),
        _counts([moment.held for moment in steady]),
        sum(moment.held not in right for moment in steady),
    )


def _counts(told: Sequence[Presence]) -> dict[str, int]:
    return {presence.value: told.count(presence) for presence in Presence}
