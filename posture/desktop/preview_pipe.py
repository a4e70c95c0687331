"""What passes from the monitor to its preview: lengths, a JSON head, a JPEG. Memory only."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import Any, BinaryIO

from posture.desktop.marks import Marks
from posture.desktop.preview import Moment, marks_from_dict, marks_to_dict

_LENGTHS = struct.Struct(">II")
# A head has a few thousand bytes, a picture of 640 px less than 300,000; what is longer is wrong.
_MOST_HEAD, _MOST_JPEG = 100_000, 4_000_000


class PipeBroken(ValueError):
    """What came is no message."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One moment with its picture and marks; without them when there is none to show."""

    moment: Moment
    jpeg: bytes | None = None
    marks: Marks | None = None


def write(stream: BinaryIO, shown: Shown) -> None:
    """Send one moment. Raises OSError when nobody reads any more."""
    marks = None if shown.marks is None else marks_to_dict(shown.marks)
    head = json.dumps({"moment": shown.moment.to_dict(), "marks": marks}).encode()
    jpeg = shown.jpeg or b""
    stream.write(_LENGTHS.pack(len(head), len(jpeg)) + head + jpeg)
    stream.flush()


def read(stream: BinaryIO) -> Shown | None:
    """Wait for one moment; None when the other side has ended. Raises PipeBroken."""
    lengths = stream.read(_LENGTHS.size)
    if not lengths:
        return None
    if len(lengths) < _LENGTHS.size:
        raise PipeBroken("a message without an end")
    in_head, in_jpeg = _LENGTHS.unpack(lengths)
    if in_head > _MOST_HEAD or in_jpeg > _MOST_JPEG:
        raise PipeBroken("a message too long")
    head, jpeg = stream.read(in_head), stream.read(in_jpeg)
    if len(head) < in_head or len(jpeg) < in_jpeg:
        raise PipeBroken("a message without an end")
    try:
        given: dict[str, Any] = json.loads(head)
        marks = None if given["marks"] is None else marks_from_dict(given["marks"])
        return Shown(Moment.from_dict(given["moment"]), jpeg or None, marks)
    except (KeyError, TypeError, ValueError) as error:
        raise PipeBroken("a message that is none") from error
