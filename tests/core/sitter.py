"""Somebody before the camera of a guided calibration, told in words: sits, moves, turns, leaves."""

from __future__ import annotations

from dataclasses import replace

from person import EYE_LEVEL, START, STILL, Moves, Webcam, seen

from posture.core.guide import Guide
from posture.core.inputs import CameraLost
from posture.core.landmarks import Landmarks


class Sitter:
    """Shows itself to a guide at a steady rate, ``hz`` pictures a second."""

    def __init__(self, guide: Guide, hz: float = 5.0, webcam: Webcam = EYE_LEVEL) -> None:
        self.guide = guide
        self.webcam = webcam
        self._step_s = 1 / hz
        self._at_s = 0.0

    def sits(self, seconds: float, moves: Moves = STILL, light: float | None = 120.0) -> None:
        """Hold a posture."""
        self._show(seconds, lambda at_s: seen(moves, self.webcam, at_s=at_s, light=light))

    def rocks(self, seconds: float, by_cm: float = 6.0) -> None:
        """Move to and fro, turning back at every picture."""

        def rocking(at_s: float) -> Landmarks:
            side = 1 if round(at_s / self._step_s) % 2 else -1
            return seen(Moves(right=side * by_cm / 2), self.webcam, at_s=at_s)

        self._show(seconds, rocking)

    def hides(self, seconds: float) -> None:
        """Be out of the picture."""
        self._show(
            seconds,
            lambda at_s: replace(seen(STILL, self.webcam, at_s=at_s), pose=None, face=None),
        )

    def loses_camera(self, seconds: float) -> None:
        """The camera gives no pictures."""
        end_s = self._at_s + seconds
        while self._at_s < end_s:
            self._at_s += self._step_s
            self.guide.see(CameraLost(START.shifted(self._at_s), "unplugged"))

    def _show(self, seconds: float, picture: object) -> None:
        assert callable(picture)
        end_s = self._at_s + seconds
        while self._at_s < end_s - 1e-9:
            self._at_s += self._step_s
            self.guide.see(picture(self._at_s))


def press(guide: Guide, *keys: str) -> None:
    """Press one key after the other; a word in capitals is typed letter by letter."""
    for key in keys:
        guide.press(key)


def at_the_countdown(hz: float = 5.0, webcam: Webcam = EYE_LEVEL) -> Sitter:
    """A guide that knows the desk and waits for somebody to sit still."""
    guide = Guide(ask=())
    press(guide, "enter")
    return Sitter(guide, hz, webcam)
