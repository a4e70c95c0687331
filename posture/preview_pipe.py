"""What passes from the monitor to its preview: a moment in words, marks, a picture. Memory only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from posture.desktop.marks import Marks
from posture.desktop.preview import Moment, marks_from_dict, marks_to_dict
from posture.sense import wire
from posture.sense.wire import WireBrokenError


@dataclass(frozen=True, slots=True)
class Shown:
    """One moment with its picture and marks; without them when there is none to show."""

    moment: Moment
    jpeg: bytes | None = None
    marks: Marks | None = None


def write(stream: BinaryIO, shown: Shown) -> None:
    """Send one moment. Raises OSError when nobody reads any more."""
    marks = None if shown.marks is None else marks_to_dict(shown.marks)
    wire.write(stream, {"moment": shown.moment.to_dict(), "marks": marks}, shown.jpeg or b"")


def read(stream: BinaryIO) -> Shown | None:
    """Wait for one moment; None when the other side has ended. Raises WireBrokenError."""
    message = wire.read(stream)
    if message is None:
        return None
    head, jpeg = message
    try:
        marks = None if head["marks"] is None else marks_from_dict(head["marks"])
        return Shown(Moment.from_dict(head["moment"]), jpeg or None, marks)
    except (KeyError, TypeError, ValueError) as error:
        raise WireBrokenError("a message that is no moment") from error
