"""A film in; out, at each moment, what the running program would read.

The film is a live camera here: ten pictures a second with a sensor's noise, no two the same. What
is looked at, and when, is decided by the program itself (posture/sense/attention.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Self

import numpy as np

from posture.clock import Instant, ManualClock
from posture.core.inputs import CameraLost
from posture.core.landmarks import ExpectedFace, Landmarks
from posture.core.reader import Reader
from posture.core.reading import Reading
from posture.core.sampling import Step
from posture.sense.attention import Attention
from posture.sense.frame import Frame, Glance, Image
from posture.sense.glance import small_of
from posture.sense.landmark_stream import LandmarkStream
from posture.sense.opencv import cv2
from posture.sense.wire import again

# A webcam's noise in a lit room, in grey levels; its pictures a second; the program's own rate.
_NOISE_SD, _LIVE_FPS, _INTERVAL_S = 2.0, 10, 0.5


class Film:
    """*path* from *start_s* on, as a camera would show it: the picture of now."""

    live = True
    independent = False
    name = "a film"

    def __init__(self, path: Path, start_s: float, seed: int) -> None:
        self._capture = cv2.VideoCapture(str(path))
        self._fps = float(self._capture.get(cv2.CAP_PROP_FPS))
        self._pictures = int(self._capture.get(cv2.CAP_PROP_FRAME_COUNT))
        self._shown: Image | None = None
        self._next = 0
        self._grain = np.random.default_rng(seed)
        self.clock = ManualClock(Instant(start_s, round(start_s * 1e6)))
        self.epoch = self.clock.now()

    @property
    def over(self) -> bool:
        """Whether the film has ended."""
        return self._index() >= self._pictures

    def frames(self) -> Iterator[Frame | CameraLost]:
        """The picture of now, whenever one is asked for."""
        while not self.over:
            yield Frame(self.clock.now(), self._taken())

    def glance(self) -> Glance:
        """The same, small."""
        return Glance(self.clock.now(), small_of(self._taken()))

    def pass_time(self, seconds: float) -> None:
        """Wait, and then for the camera's next picture."""
        wanted = (self.clock.now() - self.epoch + seconds) * _LIVE_FPS
        at_s = self.epoch.mono + np.ceil(wanted - 1e-6) / _LIVE_FPS
        self.clock.set(Instant(at_s, round(at_s * 1e6)))

    def close(self) -> None:
        """Close the file."""
        self._capture.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _index(self) -> int:
        return int(self.clock.now().mono * self._fps + 1e-6)

    def _taken(self) -> Image:
        while self._next <= min(self._index(), self._pictures - 1):
            _, image = self._capture.read()
            self._shown = np.asarray(image, np.uint8)
            self._next += 1
        assert self._shown is not None
        image = self._shown
        noisy = image + self._grain.normal(0, _NOISE_SD, image.shape).astype(np.float32)
        return np.clip(noisy, 0, 255).astype(np.uint8)


def watch(film: Film, expected: ExpectedFace | None, reader: Reader) -> Iterator[Reading]:
    """What *reader* reads, whenever it is told something; see ``Feed``."""
    attention = Attention(_INTERVAL_S)

    def read(told: Landmarks) -> Reading:
        reading = reader.read(told)
        attention.sampling.undecided = reader.undecided
        return reading

    for item in LandmarkStream(film, expected).watched(attention.take_peek):
        if isinstance(item, CameraLost) or item.frame is None:
            continue
        found = item.landmarks
        yield read(found)
        if item.face_alone:
            attention.peeked(item.frame)
        else:
            attention.looked(item.frame, found)
        while not film.over:
            film.pass_time(attention.sampling.glance_s)
            step = attention.glanced(film.glance())
            if step is Step.TELL:
                yield read(again(found, film.clock.now()))
            elif step is not Step.WAIT:
                film.pass_time(0.0)
                break
