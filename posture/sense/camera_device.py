"""What a camera is to the program: something to open, pictures to grab, and faults with a name."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from posture.errors import PostureError
from posture.sense.frame import Image


class CameraFault(StrEnum):
    """Why there is no picture: the reasons of :class:`CameraLost`."""

    ABSENT = "absent"
    BUSY = "busy"
    DENIED = "denied"
    UNPLUGGED = "unplugged"
    STALLED = "stalled"
    BLACK = "black"
    FROZEN = "frozen"


class Capture(Protocol):
    """An opened camera. Used, and released, by one thread only."""

    def grab(self) -> bool:
        """Wait for the next picture, without decoding it; False: there will be none."""

    def retrieve(self) -> Image | None:
        """Decode the picture grabbed last, (height, width, 3) BGR; None if it is damaged."""

    def glance(self) -> Image | None:
        """The picture grabbed last as cheaply as can be, small and grey (glance.small_of)."""

    def release(self) -> None:
        """Close the camera."""


class Device(Protocol):
    """Something that can be opened again and again: a webcam, a stream."""

    @property
    def name(self) -> str:
        """What to call it before the user."""

    def open(self) -> Capture | None:
        """Open it, or None if that cannot be done now."""

    def fault(self, *, waited_s: float, opened: bool, seen: bool) -> CameraFault:
        """Say why it failed: after how long, and whether it was open, and was ever seen."""

    def refusal(self, fault: CameraFault) -> PostureError:
        """Return the error that tells the user of *fault*."""
