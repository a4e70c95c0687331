"""Rendered sequences: calibrate on the beginning, read the rest at several rates."""

from __future__ import annotations

import bisect
import json
import math
import statistics
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evaluation.landmarking import Landmarking
from evaluation.rates import AS_RUN, RATES, Rate
from evaluation.scoring import Sample, Scores, grouped, scores, taped_cm
from evaluation.truth import Truth, mean_distance_cm, neutral_of, read_rows, truth_of
from evaluation.watching import Film, watch
from posture.core.calibration import STREAM, calibrate
from posture.core.landmarks import Landmarks
from posture.core.neutral import Neutral
from posture.core.reader import Reader
from posture.core.reading import Label, Level, Reading
from posture.sense.window import Window

# A move meets the program's own rhythm at another point each time; chosen.
_STARTS_S = (0.0, 0.2, 0.5, 0.8)
# A change may take this long to be told (the goal at one picture a second), or two pictures where
# they are rarer: one to see it, one to confirm. Until then a label is not counted as wrong.
SETTLE_S = 2.0
_SETTLE_PICTURES = 2
# As run, a slouch is to be seen within this.
_AS_RUN_SETTLE_S = 3.0


@dataclass(frozen=True, slots=True)
class Event:
    """A true change of posture at ``at_s`` (half-way through the move), arrived at ``arrived_s``.

    ``told_s``: seconds from half-way until the reading's label said so; None = it never did before
    the next. ``brief``: over before it could be told (walking out, sitting down): nothing is owed.
    """

    sequence: str
    at_s: float
    arrived_s: float
    before: str
    after: str
    told_s: float | None
    brief: bool


@dataclass(frozen=True, slots=True)
class Delay:
    """Seconds; None where nothing was told."""

    median_s: float | None
    p90_s: float | None
    worst_s: float | None

    @classmethod
    def of(cls, delays_s: Sequence[float]) -> Delay:
        """Sum up *delays_s*."""
        if not delays_s:
            return cls(None, None, None)
        return cls(statistics.median(delays_s), float(np.percentile(delays_s, 90)), max(delays_s))


@dataclass(frozen=True, slots=True)
class Extra:
    """A stretch in which the label told something that was not so, away from changes."""

    sequence: str
    from_s: float
    to_s: float
    true: str
    told: str


@dataclass(frozen=True, slots=True)
class AtRate:
    """All sequences read at one rate.

    ``scores``: of the pictures away from changes. ``delay``: from half-way through a move,
    ``delay_arrived``: from its end; both and ``missed`` leave out what is brief. ``extras``:
    stretches of wrong labels. ``settle_s``: how long a change may take.
    """

    fps: Rate
    settle_s: float
    scores: Scores
    groups: Mapping[str, Mapping[str, Scores]]
    events: Sequence[Event]
    extras: Sequence[Extra]
    owed: int
    missed: int
    delay: Delay
    delay_arrived: Delay


@dataclass(frozen=True, slots=True)
class Agreement:
    """Slower readings beside those of every picture at the same moments, away from changes."""

    fps: Rate
    moments: int
    labels: float
    states: float
    by_measure: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Sequences:
    """Every rate, and how far the rates tell the same story."""

    rates: Sequence[AtRate]
    agreement: Sequence[Agreement]


@dataclass(frozen=True, slots=True)
class _Moment:
    t_s: float
    sample: Sample
    settled: bool

    @property
    def reading(self) -> Reading:
        return self.sample.reading

    @property
    def told(self) -> Label:
        return self.sample.reading.label

    @property
    def true(self) -> Label | None:
        return self.sample.truth.label


@dataclass(frozen=True, slots=True)
class _Change:
    at_s: float
    arrived_s: float
    before: Label
    after: Label


@dataclass(frozen=True, slots=True)
class _Run:
    """One sequence at one rate, with every true change of it."""

    name: str
    moments: Sequence[_Moment]
    changes: Sequence[_Change]
    end_s: float
    settle_s: float


def evaluate(folder: Path, landmarking: Landmarking, rates: Collection[Rate] = RATES) -> Sequences:
    """Evaluate every ``seq*`` in *folder* (the data's ``synth``).

    Without films, as in the recorded part, nothing can be watched as run.
    """
    recordings = [
        Recording(folder, path.stem, landmarking) for path in sorted(folder.glob("seq*.csv"))
    ]
    filmed = all(recording.film.exists() for recording in recordings)
    runs = {
        rate: [run for recording in recordings for run in recording.runs(rate)]
        for rate in rates
        if filmed or rate != AS_RUN
    }
    return Sequences(
        [_at_rate(rate, taken) for rate, taken in runs.items()],
        [
            _agreement(rate, {run.name: run for run in runs[None]}, taken)
            for rate, taken in runs.items()
            if rate is not None and None in runs
        ],
    )


class Recording:
    """One sequence with its truth and its calibration."""

    def __init__(self, folder: Path, name: str, landmarking: Landmarking) -> None:
        self.name = name
        self._landmarking = landmarking
        self._about = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        self._rows = read_rows(folder / f"{name}.csv")
        self._times = [float(row["t"]) for row in self._rows]
        self.film = folder / f"{name}.mp4"
        self._start_s = float(self._about["calibration_seconds"])
        self._upright = [row for row in self._rows if float(row["t"]) < self._start_s]
        self._zero = neutral_of(self._upright)
        self._groups = {
            "person": str(self._about["person"]),
            "light": str(self._about["lighting"]),
            "camera": str(self._about["placement"]),
        }

    def runs(self, rate: Rate) -> list[_Run]:
        """Read it as the program would at *rate*; as run, from several moments on."""
        print(f"sequence {self.name}, rate: {rate or 'full'}", file=sys.stderr, flush=True)
        neutral = self.calibrate()
        if isinstance(rate, str):
            return [self._as_run(neutral, late_s) for late_s in _STARTS_S]
        reader = Reader(neutral)
        read = [(moment.at.mono, reader.read(moment)) for moment in self.landmarks(neutral, rate)]
        return [self._run(read, _settle_s(rate))]

    def _as_run(self, neutral: Neutral, late_s: float) -> _Run:
        """What the running program shows at each picture of the film."""
        film = Film(self.film, self._start_s + late_s, seed=round(10 * late_s))
        reader = Reader(neutral)
        told = list(watch(film, neutral.expected_face(), reader))
        ends = [reading.at.mono for reading in told[1:]] + [math.inf]
        shown = [
            (t_s, reading)
            for reading, end_s in zip(told, ends, strict=True)
            for t_s in self._times
            if reading.at.mono <= t_s < end_s
        ]
        return self._run(shown, _AS_RUN_SETTLE_S)

    def _run(self, read: Sequence[tuple[float, Reading]], settle_s: float) -> _Run:
        changes = self._changes()
        moments = []
        for t_s, reading in read:
            row = self._row_at(t_s)
            truth = truth_of(row, self._zero)
            sample = Sample(f"{self.name}@{t_s:.1f}", truth, reading, self._groups)
            settled = row["transition"] == "0" and not any(
                0 <= t_s - change.at_s < settle_s for change in changes
            )
            moments.append(_Moment(t_s, sample, settled))
        return _Run(self.name, moments, changes, float(self._rows[-1]["t"]), settle_s)

    def landmarks(self, neutral: Neutral, fps: float | None = None) -> list[Landmarks]:
        """What is seen after the calibration, *fps* pictures a second."""
        window = Window(self._start_s, None, fps)
        return self._landmarking.landmarks(self.film, window, neutral)

    def truths(self) -> list[tuple[float, Truth]]:
        """What is really so after the calibration, with its time in seconds."""
        told = zip(self._times, self._rows, strict=True)
        return [(t_s, truth_of(row, self._zero)) for t_s, row in told if t_s >= self._start_s]

    def calibrate(self) -> Neutral:
        """The neutral of the upright beginning."""
        taken = self._landmarking.landmarks(self.film, Window(0.0, self._start_s))
        distance = taped_cm(mean_distance_cm(self._upright), self.name)
        return calibrate(taken, distance, STREAM)

    def _row_at(self, t_s: float) -> Mapping[str, str]:
        after = min(bisect.bisect_left(self._times, t_s), len(self._rows) - 1)
        before = max(after - 1, 0)
        nearer = t_s - self._times[before] < self._times[after] - t_s
        return self._rows[before if nearer else after]

    def _changes(self) -> list[_Change]:
        """True changes of label after the calibration; being away is a label too."""
        changes = []
        before: Label | None = None
        for index, row in enumerate(self._rows):
            label = truth_of(row, self._zero).label
            if label is None:
                continue
            if before not in (None, label) and self._times[index] >= self._start_s:
                changes.append(_Change(self._times[index], self._arrival_s(index), before, label))
            before = label
        return changes

    def _arrival_s(self, index: int) -> float:
        """When the move that row *index* is part of has ended."""
        ends = (
            time
            for row, time in zip(self._rows[index:], self._times[index:], strict=True)
            if row["transition"] == "0"
        )
        return next(ends, self._times[-1])


def _settle_s(fps: float | None) -> float:
    return SETTLE_S if fps is None else max(SETTLE_S, _SETTLE_PICTURES / fps)


def _at_rate(fps: Rate, runs: Sequence[_Run]) -> AtRate:
    events = [event for run in runs for event in _events(run)]
    owed = [event for event in events if not event.brief]
    delays = [
        (told_s, max(0.0, event.at_s + told_s - event.arrived_s))
        for event in owed
        if (told_s := event.told_s) is not None
    ]
    still = [moment.sample for run in runs for moment in run.moments if moment.settled]
    return AtRate(
        fps,
        runs[0].settle_s,
        scores(still),
        grouped(still),
        events,
        [extra for run in runs for extra in _extras(run)],
        len(owed),
        len(owed) - len(delays),
        Delay.of([half_way for half_way, _ in delays]),
        Delay.of([arrived for _, arrived in delays]),
    )


def _events(run: _Run) -> list[Event]:
    events = []
    ends = [change.at_s for change in run.changes[1:]] + [run.end_s + 1]
    for change, end_s in zip(run.changes, ends, strict=True):
        # A label may come before the move is half done: that is no delay.
        told = [
            moment.t_s
            for moment in run.moments
            if change.at_s - 1.0 <= moment.t_s < end_s and moment.told is change.after
        ]
        events.append(
            Event(
                run.name,
                change.at_s,
                change.arrived_s,
                change.before.value,
                change.after.value,
                max(0.0, told[0] - change.at_s) if told else None,
                brief=end_s - change.at_s <= run.settle_s,
            )
        )
    return events


def _extras(run: _Run) -> list[Extra]:
    extras: list[Extra] = []
    last: Extra | None = None
    for moment in run.moments:
        wrong = moment.settled and moment.true is not None and moment.told is not moment.true
        if not wrong or moment.true is None:
            last = None
            continue
        if last is not None and (last.true, last.told) == (moment.true.value, moment.told.value):
            extras.pop()
            last = Extra(run.name, last.from_s, moment.t_s, last.true, last.told)
        else:
            last = Extra(run.name, moment.t_s, moment.t_s, moment.true.value, moment.told.value)
        extras.append(last)
    return extras


def _agreement(fps: Rate, full: Mapping[str, _Run], slow: Sequence[_Run]) -> Agreement:
    labels: list[bool] = []
    states: dict[str, list[bool]] = {}
    for run in slow:
        for moment in run.moments:
            if not moment.settled:
                continue
            twin = min(full[run.name].moments, key=lambda other: abs(other.t_s - moment.t_s))
            labels.append(twin.told is moment.told)
            for name, level in moment.reading.states.items():
                other = twin.reading.states.get(name, Level.UNKNOWN)
                states.setdefault(name, []).append(level is other)
    every = [same for each in states.values() for same in each]
    return Agreement(
        fps,
        len(labels),
        statistics.fmean(labels),
        statistics.fmean(every),
        {name: statistics.fmean(each) for name, each in states.items()},
    )
