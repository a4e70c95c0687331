"""The command line of the benchmark."""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable
from collections.abc import Sequence as Words
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from benchmarking import naive
from benchmarking.processes import NotLinuxError
from benchmarking.runs import SETTLE_S, Bench, Cost, Latency, Memory, Replayed
from benchmarking.scenes import LEADS_S, Sequence, WrongDataError, read_all, read_clips

_ROOT = Path(__file__).resolve().parents[2]
_DATA = _ROOT.parent / "shared" / "data" / "synth"
_CLIPS = _DATA.with_name("video")
# Pictures of the trace that is replayed: enough to forget the program's start.
_REPLAYED = 6000
# An hour of somebody who never rests: a look a second.
_LOOKS_AN_HOUR = 3600
# Looks at an empty chair are rare: shorter, and their number would be chance.
_EMPTY_S = 60.0
_GOALS = {
    "moving": "  (goal 2 %)", "people": "  (goal 2 %)", "away": "  (goal 0.3 %)",
}  # fmt: skip
PARTS = (
    "naive", "moving", "people", "still", "away", "closed", "latency", "back", "start", "memory",
    "replay",
)  # fmt: skip


@dataclass
class Results:
    """What was measured; what was not asked for stays None."""

    machine: dict[str, object]
    naive_cores: float | None = None
    costs: dict[str, Cost] = field(default_factory=dict)
    latencies: dict[str, list[Latency]] = field(default_factory=dict)
    back_s: float | None = None
    first_reading_s: float | None = None
    memory: Memory | None = None
    replay: Replayed | None = None


def main(arguments: Words[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    options = _parser().parse_args(arguments)
    try:
        sequences = read_all(options.data)
    except WrongDataError as error:
        print(f"benchmark: {error}; give --data.", file=sys.stderr)
        return 2
    complete = True
    with tempfile.TemporaryDirectory(prefix="posture-benchmark-") as folder:
        bench = Bench(Path(folder), options.live_fps)
        benchmark = Benchmark(sequences, options.clips, bench, options.seconds)
        for part in options.only or PARTS:
            print(f"{part} …", file=sys.stderr, flush=True)
            try:
                benchmark.measure(part)
            except (NotLinuxError, WrongDataError) as error:
                print(f"benchmark: {part} is left out: {error}.", file=sys.stderr)
                complete = False
            except subprocess.CalledProcessError as error:
                print(f"benchmark: {part} is left out: {_failed(error)}", file=sys.stderr)
                complete = False
    results = benchmark.results
    if options.json:
        print(json.dumps(asdict(results), indent=1))
    else:
        print(render(results))
    return 0 if complete else 1


def _failed(error: subprocess.CalledProcessError) -> str:
    lines = (error.stderr or b"").decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else f"posture {error.cmd[3]} ended with {error.returncode}."


def machine() -> dict[str, object]:
    """The computer this runs on, and how busy it is with other things."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    return {
        "cpu": model,
        "cores": os.cpu_count(),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }


class Benchmark:
    """Measures one part after the other."""

    def __init__(
        self, sequences: list[Sequence], clips: Path, bench: Bench, seconds: float
    ) -> None:
        self.results = Results(machine())
        self._sequences = sequences
        self._clips = clips
        self._bench = bench
        self._seconds = seconds

    def measure(self, part: str) -> None:
        """Measure *part*, one of :data:`PARTS`. Raises NotLinuxError."""
        parts: dict[str, Callable[[], None]] = {
            "naive": self._naive,
            "moving": self._moving,
            "people": self._people,
            "still": self._still,
            "away": self._away,
            "closed": self._closed,
            "latency": self._latency,
            "back": self._back,
            "start": self._start,
            "memory": self._memory,
            "replay": self._replay,
        }
        parts[part]()

    def _naive(self) -> None:
        self.results.naive_cores = self._naive_cores()

    def _naive_cores(self) -> float:
        sequence = self._sequences[0]
        return naive.cpu_share(sequence, sequence.busiest(self._seconds))

    def _note(self, name: str, cost: Cost) -> None:
        # What was measured is kept where nobody is there for long enough for the loop.
        self.results.costs[name] = cost
        with contextlib.suppress(WrongDataError):
            self.results.costs[name] = replace(cost, naive_cores=self._naive_cores())

    def _moving(self) -> None:
        for sequence in self._sequences:
            shown_s = self._seconds + SETTLE_S
            first, pictures = sequence.busiest(shown_s), round(shown_s * sequence.fps)
            cost = self._bench.cost(sequence, first, pictures, self._seconds)
            self._note(f"moving {sequence.film.stem}", cost)

    def _people(self) -> None:
        for clip in read_clips(self._clips):
            cost = self._bench.cost_of_strangers(clip, self._seconds)
            self._note(f"people {clip.film.stem}", cost)

    def _still(self) -> None:
        self._note("still", self._bench.cost(self._sequences[0], 5, 1, self._seconds))

    def _away(self) -> None:
        empty = self._with("absent")
        first = empty.middle_of("absent")
        seconds = max(self._seconds, _EMPTY_S)
        self._note("away", self._bench.cost(empty, first, 15, seconds))

    def _closed(self) -> None:
        self._note("camera closed", self._bench.closed(self._sequences[0], self._seconds))

    def _latency(self) -> None:
        self._with("slouch")
        for sequence in self._sequences:
            if "slouch" in sequence.labels:
                self.results.latencies[sequence.film.stem] = [
                    self._bench.latency(sequence, lead_s) for lead_s in LEADS_S
                ]

    def _back(self) -> None:
        self.results.back_s = self._bench.comes_back(self._with("absent"))

    def _memory(self) -> None:
        self.results.memory = self._bench.memory(self._sequences[0], _LOOKS_AN_HOUR)

    def _start(self) -> None:
        # Twice: the first start after an installation fills the system's file cache.
        self._bench.first_reading(self._sequences[0])
        self.results.first_reading_s = self._bench.first_reading(self._sequences[0])

    def _replay(self) -> None:
        self.results.replay = self._bench.replayed(self._sequences[0], _REPLAYED)

    def _with(self, label: str) -> Sequence:
        """The first film that shows *label*. Raises WrongDataError."""
        for sequence in self._sequences:
            if label in sequence.labels:
                return sequence
        raise WrongDataError(f"no film shows {label}")


def render(results: Results) -> str:
    """The results as a table."""
    about = results.machine
    lines = [
        f"{about['cpu']}, {about['cores']} cores, {about['system']}, Python {about['python']}"
        f" (load before: {about['load_before']})",
        "",
    ]
    naive = results.naive_cores
    if naive is not None:
        lines.append(f"{'naive loop, 30 pictures/s':28}{naive:8.1%} of a core")
    for name, cost in results.costs.items():
        beside = cost.naive_cores
        ratio = f"  1/{beside / cost.cores:.0f} of it then" if beside and cost.cores else ""
        goal = _GOALS.get(name.split()[0], "")
        lines.append(
            f"{name:28}{cost.cores:8.2%} of a core{ratio}{goal};  PSS {cost.settled_pss_mb:.0f} MB"
            f", at most {cost.peak_pss_mb:.0f} MB, in {cost.processes} processes"
        )
    for name, latencies in results.latencies.items():
        lines.extend(
            f"{'slouch in ' + name:28}{_seconds(latency.state_s)} until seen (goal 3 s), "
            f"{_seconds(latency.nudge_s)} until told at 5 to 20 s of patience"
            for latency in latencies
        )
    if results.back_s is not None:
        lines.append(f"{'coming back':28}{_seconds(results.back_s)} until told")
    if results.memory is not None:
        memory = results.memory
        lines.append(
            f"{'memory, an hour of looks':28}PSS {memory.settled_mb:.0f} MB, {memory.end_mb:.0f} MB"
            f" at the end, at most {memory.peak_mb:.0f} MB (goal 160)"
        )
    if results.first_reading_s is not None:
        lines.append(f"{'first reading':28}{_seconds(results.first_reading_s)} (goal 2 s)")
    if results.replay is not None:
        speed = results.replay.frames_per_s
        lines.append(f"{'replay of a trace':28}{speed:8.0f} pictures/s (goal 2000)")
    return "\n".join(lines)


def _seconds(value: float | None) -> str:
    return "   never" if value is None else f"{value:8.2f} s"


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError("must be a number above 0")
    return value


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="benchmark.py",
        description="What posture costs, beside the naive loop and the goals.",
    )
    parser.add_argument(
        "--data",
        type=Path,
        default=_DATA,
        help="folder with seq*.mp4 and their truth (%(default)s)",
    )
    parser.add_argument(
        "--clips",
        type=Path,
        default=_CLIPS,
        help="folder with clips of real people, *.mp4 and *.mkv (%(default)s)",
    )
    parser.add_argument(
        "--only", action="append", choices=PARTS, help="only this part; may be given repeatedly"
    )
    parser.add_argument(
        "--seconds", type=_positive, default=25.0, help="length of one measurement (%(default)s)"
    )
    parser.add_argument(
        "--live-fps",
        type=_positive,
        default=10.0,
        help="pictures a second of the camera (%(default)s, what posture asks a webcam for)",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object in place of a table")
    return parser
