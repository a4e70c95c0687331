"""The program run as a user would run it, with a home of its own, looked at and typed into."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from stage import Hands, until

from posture import calibration_file
from posture.cli.calibrate import take
from posture.desktop.canvas import BLUE
from posture.plan import demo_facts
from posture.sense.window import Window

ROOT = Path(__file__).parents[2]


def home_environment(home: Path) -> dict[str, str]:
    """All of the program's directories below *home*; English."""
    places = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "STATE")}
    run = home / "run"
    run.mkdir(mode=0o700, exist_ok=True)
    own = {"HOME": str(home), "XDG_RUNTIME_DIR": str(run), "LANG": "C.UTF-8", **places}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LC_")}
    return kept | own


def agree(home: Path) -> None:
    """Let the camera be used."""
    directory = home / "config" / "posture"
    directory.mkdir(parents=True, mode=0o700, exist_ok=True)
    (directory / "consent.json").write_text('{"camera": 1, "at_us": 0}')


def calibrate(home: Path, desks: Mapping[str, float] | None = None) -> None:
    """Calibrate on the demonstration's person: each desk's name and its distance in cm."""
    folder = home / "config" / "posture" / "calibrations"
    folder.mkdir(parents=True, mode=0o700)
    facts = demo_facts()
    for profile, distance_cm in (desks or {"default": facts.distance_cm}).items():
        neutral = take("demo", Window(0.0, facts.calibrate_s), distance_cm, profile)
        calibration_file.save(neutral, folder / f"{profile}.json")


@contextmanager
def posture(home: Path, *words: str, stdin: int = subprocess.DEVNULL) -> Iterator[Running]:
    """``posture`` with *words*, ended at the end of the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "posture", *words],
        cwd=ROOT,
        env=home_environment(home),
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Running(process)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


class Running:
    """A program at work."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def end(self, within_s: float = 20.0) -> tuple[int, str, str]:
        """Wait for its end: exit code, output, errors."""
        said, complained = self.process.communicate(timeout=within_s)
        return self.process.returncode, said, complained


class Typist:
    """Works a window by what it shows: the next key follows when the last one was answered."""

    def __init__(self, screen: Hands) -> None:
        self._screen = screen

    def await_question(self) -> None:
        """Wait for a sheet that can be answered: its main key is blue."""
        until(lambda: self._screen.find(BLUE), "a question")

    def await_countdown(self) -> None:
        """Wait for a sheet that takes no answer."""
        until(lambda: self._screen.find(BLUE) is None, "the countdown")

    def type(self, *keys: str) -> None:
        """Press *keys* one after the other; each changes what is written beside the picture."""
        for key in keys:
            before = self._words()
            self._screen.press(key)
            until(lambda before=before: not np.array_equal(self._words(), before), f"{key}")  # type: ignore[misc]

    def _words(self) -> NDArray[np.uint8]:
        """The right part of the window, where the sheet's words are; the picture is left of it."""
        left, _, width, _ = until(self._screen.window, "a window")
        whole = np.asarray(self._screen.look().convert("RGB"))
        return whole[:, left + round(width * 0.63) : left + width]
