"""The single measurements, each of the program as shipped."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarking.live import LiveCamera, Scene, live, repeat_film
from benchmarking.processes import Usage
from benchmarking.program import Program, posture, running
from benchmarking.scenes import LEAD_S, Clip, Sequence
from posture.desktop.words.en import TABLE

# Start, first readings and the first fast looks are over after this.
SETTLE_S = 8.0
_READING = r"\d+ cm"
# As the program words them on its status line.
_SLOUCH = "|".join(TABLE[f"label.{name}"] for name in ("slouch", "forward_head", "leaning_forward"))
_START_TIMEOUT_S = 60.0
_LATENCY_TIMEOUT_S = 15.0
_FEW, _REPLAYS = 10, 5
# Of a measurement of memory, one part in so many is the start.
_SETTLED_SHARE = 10
# Least patience that the settings allow, so that a nudge comes within the film; at noon another
# reminder would come first.
_IMPATIENT = "[posture]\nwarn_s = 20\nlimit_s = 5\n[lunch]\nenabled = false\n"
_PRESENT = TABLE["line.present"]
_CLOSED = '[silence]\nquiet_hours = "00:00-23:59"\nclose_camera = true\n'


@dataclass(frozen=True, slots=True)
class Cost:
    """``cores``: share of one core; ``pss_mb``: the most, and when settled.

    ``naive_cores``: the naive loop's right after it, for the computer's speed changes.
    """

    cores: float
    seconds: float
    peak_pss_mb: float
    settled_pss_mb: float
    processes: int
    naive_cores: float | None = None


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds from the end of a real move into a slouch to the state shown and to the nudge."""

    state_s: float | None
    nudge_s: float | None


@dataclass(frozen=True, slots=True)
class Memory:
    """PSS of all processes in MB: the most, when settled, and after so many looks."""

    looks: int
    peak_mb: float
    settled_mb: float
    end_mb: float


@dataclass(frozen=True, slots=True)
class Replayed:
    """Pictures of a trace replayed in a second, the program's start left out: the median of some
    runs, for one may meet the computer busy with other things.
    """

    frames_per_s: float
    frames: int


class Bench:
    """One user's computer: a home with a calibration for each sequence."""

    def __init__(self, home: Path, live_fps: float) -> None:
        self._home = home
        self._live_fps = live_fps

    def calibrate(self, sequence: Sequence) -> Path:
        """The calibration of the person in *sequence*, made once."""
        path = self._home / f"{sequence.film.stem}.json"
        if not path.exists():
            options = ["--source", str(sequence.film), "--duration", "10"]
            distance = ["--distance", f"{sequence.distance_cm:.1f}"]
            posture(self._home, ["calibrate", *options, *distance, "--out", str(path)])
        return path

    def cost(self, sequence: Sequence, first: int, pictures: int, seconds: float) -> Cost:
        """CPU and memory while *pictures* pictures from *first* on are shown live."""
        with self._watching(sequence, first, pictures) as (program, _):
            return _cost(program, seconds)

    def cost_of_strangers(self, clip: Clip, seconds: float) -> Cost:
        """CPU and memory before people without a calibration, back and forth where a clip is short.

        Of a long one, only as much is shown as is watched.
        """
        pictures = round((SETTLE_S + seconds) * clip.fps)
        scene = Scene(clip.film, 0, pictures, clip.fps, self._live_fps, back_and_forth=True)
        with self._before(scene) as (program, _):
            return _cost(program, seconds)

    def closed(self, sequence: Sequence, seconds: float) -> Cost:
        """CPU and memory while the camera is closed on purpose."""
        with self._watching(sequence, 0, 1, _CLOSED) as (program, _):
            return _cost(program, seconds)

    def first_reading(self, sequence: Sequence) -> float | None:
        """Seconds from the start of the program to the first distance shown."""
        with self._watching(sequence, 0, 30) as (program, _):
            shown = program.when(_READING, program.started, _START_TIMEOUT_S)
        return None if shown is None else shown - program.started

    def latency(self, sequence: Sequence, lead_s: float) -> Latency:
        """How soon a slouch is seen and spoken of that begins *lead_s* after the film does."""
        arrival = sequence.arrival_in("slouch")
        first = sequence.start_of("slouch") - round(lead_s * sequence.fps)
        pictures = round(40 * sequence.fps)
        with self._watching(sequence, first, pictures, _IMPATIENT) as (program, camera):
            reached = camera.when(arrival, _START_TIMEOUT_S)
            if reached is None:
                return Latency(None, None)
            # The move itself may be enough to tell.
            moving = camera.when(sequence.start_of("slouch"), 0.0) or reached
            told = program.when(_SLOUCH, moving, _LATENCY_TIMEOUT_S)
            nudged = program.when("●", moving, 30.0)
        return Latency(
            None if told is None else told - reached,
            None if nudged is None else nudged - reached,
        )

    def comes_back(self, sequence: Sequence) -> float | None:
        """Seconds from the first picture of somebody who comes back until that is told."""
        back = sequence.end_of("absent")
        first = max(sequence.start_of("absent"), back - round(LEAD_S * sequence.fps))
        with self._watching(sequence, first, round(40 * sequence.fps)) as (program, camera):
            seen = camera.when(back, _START_TIMEOUT_S)
            told = None if seen is None else program.when(_PRESENT, seen, _LATENCY_TIMEOUT_S)
        return None if told is None or seen is None else told - seen

    def memory(self, sequence: Sequence, looks: int) -> Memory:
        """Memory while *looks* pictures of somebody who moves are looked at without a pause."""
        film = self._home / "hour.mp4"
        repeat_film(sequence.film, looks, film)
        (self._home / "settings.toml").write_text("")
        calibration = str(self.calibrate(sequence))
        seen: list[float] = []
        with (
            tempfile.TemporaryDirectory(dir=self._home) as data,
            running(
                self._home,
                [
                    *("--source", str(film), "--speed", "max", "--calibration", calibration),
                    *("--data-dir", data, "--config", str(self._home / "settings.toml")),
                ],
            ) as program,
        ):
            while program.runs:
                used = program.usage()
                if used.processes > 1:
                    seen.append(used.pss_mb)
                time.sleep(0.5)
        film.unlink()
        return Memory(looks, max(seen), seen[len(seen) // _SETTLED_SHARE], seen[-2])

    def replayed(self, sequence: Sequence, frames: int) -> Replayed:
        """Replay a trace of *frames* pictures, and a short one to know what starting takes; again
        and again.
        """
        home = self._home
        seen, short, long = (home / f"{name}.jsonl" for name in ("seen", "short", "long"))
        film = str(sequence.film)
        posture(home, ["analyze", film, "--duration", "40", "--trace-out", str(seen)])
        head, *lines = seen.read_text().splitlines()
        calibration = str(self.calibrate(sequence))

        def took_s(path: Path) -> float:
            began = time.monotonic()
            posture(home, ["replay", str(path), "--calibration", calibration])
            return time.monotonic() - began

        for path, length in ((short, _FEW), (long, frames)):
            _repeat(head, lines, length, sequence.fps, path)
        longer_s = median(took_s(long) - took_s(short) for _ in range(_REPLAYS))
        return Replayed((frames - _FEW) / longer_s, frames)

    @contextmanager
    def _watching(
        self, sequence: Sequence, first: int, pictures: int, settings: str = ""
    ) -> Iterator[tuple[Program, LiveCamera]]:
        calibration = self.calibrate(sequence)
        scene = Scene(sequence.film, first, pictures, sequence.fps, self._live_fps)
        with self._before(scene, settings, "--calibration", str(calibration)) as watched:
            yield watched

    @contextmanager
    def _before(
        self, scene: Scene, settings: str = "", *options: str
    ) -> Iterator[tuple[Program, LiveCamera]]:
        config = self._home / "settings.toml"
        config.write_text(settings)
        with (
            tempfile.TemporaryDirectory(dir=self._home) as data,
            live(scene) as camera,
            running(
                self._home,
                ["--source", camera.url, "--data-dir", data, "--config", str(config), *options],
            ) as program,
        ):
            yield program, camera


def _cost(program: Program, seconds: float) -> Cost:
    peak: Usage = program.usage()
    ends = time.monotonic() + SETTLE_S
    while time.monotonic() < ends:
        time.sleep(0.25)
        peak = max(peak, program.usage(), key=lambda usage: usage.pss_mb)
    began, before = time.monotonic(), program.usage()
    time.sleep(seconds)
    after, lasted = program.usage(), time.monotonic() - began
    cores = (after.cpu_s - before.cpu_s) / lasted
    peak = max(peak, after, key=lambda usage: usage.pss_mb)
    return Cost(cores, lasted, peak.pss_mb, after.pss_mb, after.processes)


def _repeat(head: str, lines: list[str], frames: int, fps: float, path: Path) -> None:
    """Write a trace that shows *lines* again and again, each at its own time."""
    with path.open("w") as file:
        file.write(head + "\n")
        for index in range(frames):
            rest = lines[index % len(lines)].partition(",")[2]
            file.write(f'{{"t":{index / fps:.6f},{rest}\n')
