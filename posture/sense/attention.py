"""Attention to a live camera: pictures of looks and glances in, what to do next out."""

from __future__ import annotations

from posture.core.body import Body
from posture.core.landmarks import Landmarks
from posture.core.sampling import Sampling, Step
from posture.sense.frame import Frame, Glance
from posture.sense.glance import ChangeMeter, small_of


class Attention:
    """Sampling by what glances show. One for each time a camera is open."""

    def __init__(self, interval_s: float) -> None:
        self.sampling = Sampling(interval_s)
        self._meter = ChangeMeter()

    def looked(self, frame: Frame, landmarks: Landmarks) -> None:
        """Take a look at *frame*, in which *landmarks* were found."""
        self._meter.look(small_of(frame.image), Body.of(landmarks), frame.size)
        self.sampling.looked(landmarks)

    def glanced(self, glance: Glance) -> Step:
        """What to do after *glance*."""
        return self.sampling.glanced(glance.at, self._meter.glance(glance.small))
