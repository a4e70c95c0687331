"""OpenCV as the program loads it."""

from __future__ import annotations

import subprocess
import sys


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
