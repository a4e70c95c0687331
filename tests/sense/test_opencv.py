"""OpenCV is quiet and idle, and its absence is told in words."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

DESK = Path(__file__).parents[1] / "data" / "sources" / "desk.mp4"


def analyze(source: Path, python_path: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ)
    for name in ("OPENCV_LOG_LEVEL", "OPENCV_FFMPEG_LOGLEVEL"):
        environment.pop(name, None)
    if python_path is not None:
        environment["PYTHONPATH"] = str(python_path)
    return subprocess.run(
        [sys.executable, "-m", "posture", "analyze", str(source), "--jsonl"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )


@pytest.mark.parametrize(
    ("complaint", "remedy"),
    [
        (
            "libGL.so.1: cannot open shared object file: No such file or directory",
            "sudo apt install libgl1 libglib2.0-0",
        ),
        ("No module named 'cv2'", "pip install posture"),
    ],
)
def test_without_opencv_the_remedy_is_named(tmp_path: Path, complaint: str, remedy: str) -> None:
    (tmp_path / "cv2.py").write_text(f"raise ImportError({complaint!r})")
    done = analyze(DESK, tmp_path)
    assert (done.returncode, done.stdout) == (32, "")
    assert done.stderr.count("\n") == 1
    assert complaint in done.stderr
    assert remedy in done.stderr


def test_a_damaged_film_is_told_of_once_and_by_us(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    # FFmpeg finds the film's head and has much to say about the rest.
    film.write_bytes(DESK.read_bytes()[:5000])
    done = analyze(film)
    assert (done.returncode, done.stdout) == (21, "")
    assert done.stderr.count("\n") == 1
    assert '"source_unreadable"' in done.stderr


def test_it_has_no_threads_that_wait_for_work_in_a_loop() -> None:
    reduced = (
        "import numpy, posture.sense.landmarker;"
        "from posture.sense.glance import small_of;"
        "small_of(numpy.zeros((480, 640, 3), numpy.uint8));"
        "from posture.sense.opencv import cv2; print(cv2.getNumThreads())"
    )
    done = subprocess.run(
        [sys.executable, "-c", reduced], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["1"]
