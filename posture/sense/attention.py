"""Attention to a live camera: pictures of looks and glances in, what to do next out."""

from __future__ import annotations

from posture.core.landmarks import Landmarks
from posture.core.sampling import Sampling, Step
from posture.sense.frame import Frame, Glance
from posture.sense.glance import ChangeMeter, small_of
from posture.sense.landmark_stream import Enough


class Attention:
    """Sampling by what glances show. One for each time a camera is open."""

    def __init__(self, interval_s: float) -> None:
        self.sampling = Sampling(interval_s)
        self._meter = ChangeMeter()
        self._peeks = False

    def looked(self, frame: Frame, landmarks: Landmarks) -> None:
        """Take a look at *frame*, in which *landmarks* were found."""
        self.sampling.looked(landmarks)
        self._meter.look(small_of(frame.image), self.sampling.body, frame.size)

    def peeked(self, frame: Frame) -> None:
        """Take that in *frame* the face was where it had been."""
        self._meter.look(small_of(frame.image), self.sampling.body, frame.size)
        self.sampling.peeked(frame.at)

    def glanced(self, glance: Glance) -> Step:
        """What to do after *glance*."""
        step = self.sampling.glanced(glance.at, self._meter.glance(glance.small))
        self._peeks = step is Step.PEEK
        return step

    def take_peek(self) -> Enough | None:
        """When the next picture's face alone is enough; asked for once after each glance."""
        peeks, self._peeks = self._peeks, False
        return self.sampling.face_stays if peeks else None
