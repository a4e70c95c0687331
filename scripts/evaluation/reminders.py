"""Reminders and events: ``posture replay`` on the sequences beside what their scripts call for.

What a script calls for is what the same policy says to perfect measures: the truth of every picture
put in place of its landmarks. So a difference is the measuring's, seen through the policy.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import tomlkit

from evaluation.landmarking import Landmarking
from evaluation.sequences import Delay, Recording
from evaluation.truth import Truth
from posture import calibration_file
from posture.clock import Instant
from posture.core.effects import Effect, ShowReminder
from posture.core.inputs import Delivered
from posture.core.landmarks import Landmarks
from posture.core.levels import Levels
from posture.core.metrics import MEASURES, Metrics
from posture.core.monitor import Monitor
from posture.core.neutral import Neutral
from posture.core.policy import Policy
from posture.core.reading import Label, Presence, Reading
from posture.documents import event_document
from posture.own_command import own_command
from posture.sense.trace_writer import TraceWriter
from posture.settings_file import parse

_EPOCH = Instant(0.0, 0)
_Settings = Mapping[str, Mapping[str, float | bool]]
# Lunch depends on the time of day at which this is run; tips on a week.
_ALWAYS: _Settings = {"lunch": {"enabled": False}, "tips": {"enabled": False}}


@dataclass(frozen=True, slots=True)
class Mode:
    """How a sequence is played: so many times as long, under these settings.

    ``tolerance_s``: a reminder further from its time than this is another one.
    """

    name: str
    stretch: int
    settings: _Settings
    tolerance_s: float


MODES = (
    Mode("as recorded, default settings", 1, {}, 20.0),
    Mode(
        "as recorded, patience of seconds",
        1,
        {
            "posture": {
                "warn_s": 20.0,
                "limit_s": 10.0,
                "head_down_s": 30.0,
                "cooldown_min": 1.0,
                "max_per_hour": 12,
            },
            "close": {"warn_s": 10.0, "limit_s": 5.0, "cooldown_min": 1.0},
            "reminders": {"spacing_s": 0.0, "max_per_hour": 30},
        },
        20.0,
    ),
    Mode("ten times as long, default settings", 10, {}, 150.0),
)


@dataclass(frozen=True, slots=True)
class Told:
    """An event by its time in the sequence as recorded or stretched.

    ``what``: "presence away", "sitting standing", "reminder posture", "heeded posture", …; a
    change counts from its back-dated beginning.
    """

    at_s: float
    what: str

    @property
    def reminder(self) -> bool:
        """Is something shown to the user?"""
        return self.what.startswith("reminder ")


@dataclass(frozen=True, slots=True)
class Pair:
    """An event that was called for, and ``delay_s``, how much later (+) it came."""

    at_s: float
    what: str
    delay_s: float


@dataclass(frozen=True, slots=True)
class Played:
    """One sequence in one mode. ``missing``: called for but not told; ``extra``: the reverse."""

    sequence: str
    mode: str
    told: Sequence[Pair]
    missing: Sequence[Told]
    extra: Sequence[Told]


@dataclass(frozen=True, slots=True)
class InMode:
    """All sequences in one mode: ``owed`` reminders, how many were missed, how many came unasked.

    ``delay``: size of the difference between when a reminder was called for and when it came.
    ``events``: the same for all other events.
    """

    mode: str
    stretch: int
    owed: int
    missed: int
    extra: int
    delay: Delay
    events_owed: int
    events_missed: int
    events_extra: int
    events_delay: Delay


@dataclass(frozen=True, slots=True)
class Reminders:
    """Every mode, and every sequence in it."""

    modes: Sequence[InMode]
    played: Sequence[Played]


def evaluate(folder: Path, landmarking: Landmarking, modes: Sequence[Mode] = MODES) -> Reminders:
    """Play every ``seq*`` in *folder* (the data's ``synth``) in every mode."""
    recordings = [
        Recording(folder, path.stem, landmarking) for path in sorted(folder.glob("seq*.csv"))
    ]
    played: list[Played] = []
    for recording in recordings:
        neutral = recording.calibrate()
        landmarks = recording.landmarks(neutral)
        for mode in modes:
            print(f"reminders of {recording.name}, {mode.name}", file=sys.stderr, flush=True)
            config = tomlkit.dumps({**mode.settings, **_ALWAYS})
            wanted = _called_for(recording.truths(), mode, config)
            told = _replayed(landmarks, neutral, mode, config)
            played.append(compare(recording.name, mode, wanted, told))
    return Reminders([_in_mode(mode, played) for mode in modes], played)


def compare(sequence: str, mode: Mode, wanted: Iterable[Told], told: Iterable[Told]) -> Played:
    """Pair each event called for with the nearest one told of the same kind."""
    left = list(told)
    pairs: list[Pair] = []
    missing: list[Told] = []
    for one in wanted:
        same = [other for other in left if other.what == one.what]
        nearest = min(same, key=lambda other: abs(other.at_s - one.at_s), default=None)
        if nearest is None or abs(nearest.at_s - one.at_s) > mode.tolerance_s:
            missing.append(one)
            continue
        left.remove(nearest)
        pairs.append(Pair(one.at_s, one.what, round(nearest.at_s - one.at_s, 2)))
    return Played(sequence, mode.name, pairs, missing, left)


def _in_mode(mode: Mode, played: Sequence[Played]) -> InMode:
    mine = [each for each in played if each.mode == mode.name]
    counts: list[int | Delay] = []
    for reminder in (True, False):
        pairs = [
            abs(pair.delay_s)
            for each in mine
            for pair in each.told
            if pair.what.startswith("reminder ") is reminder
        ]
        missing = sum(one.reminder is reminder for each in mine for one in each.missing)
        extra = sum(one.reminder is reminder for each in mine for one in each.extra)
        counts += [len(pairs) + missing, missing, extra, Delay.of(pairs)]
    return InMode(mode.name, mode.stretch, *counts)  # type: ignore[arg-type]


# -- what is called for


def _called_for(truths: Iterable[tuple[float, Truth]], mode: Mode, config: str) -> list[Told]:
    policy = parse(config, mode.name).policy("en")
    monitor = Monitor(policy)
    effects: list[Effect] = []
    at = _EPOCH
    for reading in _true_readings(truths, mode.stretch, policy):
        at = reading.at
        fresh = monitor.step(reading)
        effects += fresh
        for effect in fresh:
            if isinstance(effect, ShowReminder):
                effects += monitor.step(Delivered(effect.at, effect.id, ok=True))
    effects += monitor.close(at)
    documents = (event_document(effect, _EPOCH) for effect in effects)
    return list(_events(document for document in documents if document is not None))


def _true_readings(
    truths: Iterable[tuple[float, Truth]], stretch: int, policy: Policy
) -> Iterator[Reading]:
    """What a perfect reader would say; where no one could say, what it said before."""
    levels = Levels(0.0, policy.thresholds)
    before: Reading | None = None
    for t_s, truth in truths:
        at = _EPOCH.shifted(t_s * stretch)
        if truth.label is None or truth.presence is None:
            if before is not None:
                before = replace(before, at=at, metrics=replace(before.metrics, at=at))
                yield before
            continue
        values = {name: v for name, v in truth.measures.items() if name in MEASURES}
        metrics = Metrics(at, **(values if truth.presence is Presence.PRESENT else {}))
        same = before is not None and before.presence is truth.presence
        held = before is not None and before.label is truth.label
        before = Reading(
            at,
            truth.presence,
            truth.label,
            metrics,
            before.presence_since if same and before is not None else at,
            before.label_since if held and before is not None else at,
            levels.judge(metrics),
            looking_away=truth.label is Label.LOOKING_AWAY,
            standing=truth.label is Label.STANDING,
            calibrated=True,
        )
        yield before


# -- what is told


def _replayed(
    landmarks: Sequence[Landmarks], neutral: Neutral, mode: Mode, config: str
) -> list[Told]:
    """The events ``posture replay`` prints for these landmarks, as a user would run it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        calibration_file.save(neutral, folder / "me.json")
        (folder / "settings.toml").write_text(config, encoding="utf-8")
        trace = folder / "desk.jsonl.gz"
        with TraceWriter(trace, _EPOCH) as writer:
            for one in landmarks:
                writer.write(replace(one, at=_EPOCH.shifted(one.at.mono * mode.stretch)))
        words = ("replay", str(trace), "--calibration", str(folder / "me.json"), "--jsonl")
        done = subprocess.run(
            own_command(*words, "--config", str(folder / "settings.toml")),
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            check=True,
        )
    return list(_events(json.loads(line) for line in done.stdout.splitlines()))


def _events(documents: Iterable[Mapping[str, Any]]) -> Iterator[Told]:
    """The events of a replay that a script speaks of."""
    for document in documents:
        match document["event"]:
            case "presence":
                yield Told(document["began"], f"presence {document['presence']}")
            case "sitting":
                yield Told(document["began"], f"sitting {document['activity']}")
            case "reminder" if "fate" not in document:
                yield Told(document["t"], f"reminder {document['kind']}")
            case "reminder" if document["fate"] != "shown":
                yield Told(document["t"], f"{document['fate']} {document['kind']}")
            case _:
                pass
