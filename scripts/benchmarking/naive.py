"""The loop posture is compared with: both landmarkers on every picture of a 30 fps camera."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from benchmarking.live import Sensor, pictures_of
from benchmarking.scenes import Sequence
from posture.clock import SystemClock
from posture.sense.frame import Frame
from posture.sense.landmarker import Landmarker
from posture.sense.opencv import cv2

FPS = 30
# So many live pictures come before the film shows its next one.
_REPEATS = 10


def cpu_share(sequence: Sequence, first: int, pictures: int = 90) -> float:
    """Cores the naive loop would need, from *pictures* pictures of the same kind."""
    film = pictures_of(Path(sequence.film), first, pictures // _REPEATS + 1)
    sensor = Sensor(film[0].shape)
    jpegs = [sensor.jpeg(film[index // _REPEATS]) for index in range(pictures)]
    epoch = SystemClock().now()
    with Landmarker("video") as landmarker:
        landmarker.process(Frame(epoch, film[0]))
        before = _cpu_s()
        for index, jpeg in enumerate(jpegs):
            data = np.frombuffer(jpeg, np.uint8)
            image = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
            landmarker.process(Frame(epoch.shifted((index + 1) / FPS), image))
        return (_cpu_s() - before) / pictures * FPS


def _cpu_s() -> float:
    times = os.times()
    return times.user + times.system
