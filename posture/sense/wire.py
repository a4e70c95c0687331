"""What passes through the pipes between the program and its worker.

One message: the lengths of head and body, the head as JSON, the body as plain bytes (points as
64-bit floats, then a JPEG). Nothing in it can run code, and what is malformed is refused.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

import numpy as np
import orjson

from posture import errors
from posture.clock import Instant
from posture.core.inputs import CameraLost
from posture.core.landmarks import (
    FACE_POINTS,
    POSE_POINTS,
    ExpectedFace,
    FloatArray,
    Landmarks,
    SceneMotion,
)
from posture.errors import PostureError
from posture.sense.sight import Again, FeedItem, Sight, SourceEnded

_LENGTHS = struct.Struct(">II")
# Larger than any message there is: a picture of 640 px has less than 0.3 MB.
_MOST_HEAD, _MOST_BODY = 100_000, 4_000_000
_BYTES_PER_NUMBER = 8
_POSE_SHAPE, _FACE_SHAPE = (POSE_POINTS, 4), (FACE_POINTS, 3)


class WireBrokenError(Exception):
    """The other side sent something that is no message, or ended in the middle of one."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a worker is started for.

    ``source``: as on the command line. ``paced``: a file's pictures come at their own time.
    ``expected``: where the user's face usually is. Models: other bundles than the shipped ones.
    ``adaptive``: a camera is looked at where it can say something new, else at every interval.
    """

    source: str
    paced: bool = True
    expected: ExpectedFace | None = None
    pose_model: str | None = None
    face_model: str | None = None
    adaptive: bool = True


@dataclass(frozen=True, slots=True)
class Wish:
    """How the worker is to watch from now on."""

    wanted: bool
    interval_s: float
    pictures: bool = False
    undecided: bool = True

    @property
    def needed(self) -> bool:
        """Is there anything to watch for?"""
        return self.wanted or self.pictures


@dataclass(frozen=True, slots=True)
class Opened:
    """The source is open; ``live``: it can be opened again after a loss.

    ``name``: what it calls itself, "" before its first picture: a camera is known only then.
    """

    live: bool
    name: str = ""


Report = FeedItem | Opened


def write(stream: BinaryIO, head: Mapping[str, Any], body: bytes = b"") -> None:
    """Send one message. Raises OSError when nobody listens any more."""
    packed = orjson.dumps(head)
    stream.write(_LENGTHS.pack(len(packed), len(body)) + packed + body)
    stream.flush()


def read(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """Wait for one message; None when the other side has ended. Raises WireBrokenError."""
    lengths = stream.read(_LENGTHS.size)
    if not lengths:
        return None
    if len(lengths) < _LENGTHS.size:
        raise WireBrokenError("a message without an end")
    head_length, body_length = _LENGTHS.unpack(lengths)
    if head_length > _MOST_HEAD or body_length > _MOST_BODY:
        raise WireBrokenError("a message too long")
    packed, body = stream.read(head_length), stream.read(body_length)
    if len(packed) < head_length or len(body) < body_length:
        raise WireBrokenError("a message without an end")
    try:
        head = orjson.loads(packed)
    except orjson.JSONDecodeError as error:
        raise WireBrokenError("a message that is no JSON") from error
    if not isinstance(head, dict):
        raise WireBrokenError("a message without fields")
    return head, body


def assignment_head(assignment: Assignment) -> dict[str, Any]:
    """The message that tells a worker what it is for."""
    face = assignment.expected
    return {
        "source": assignment.source,
        "paced": assignment.paced,
        "expected": None if face is None else (face.eye_x, face.eye_y, face.pupil_distance),
        "pose_model": assignment.pose_model,
        "face_model": assignment.face_model,
        "adaptive": assignment.adaptive,
    }


def assignment_of(head: Mapping[str, Any]) -> Assignment:
    """Read the message that :func:`assignment_head` made."""
    expected = head["expected"]
    return Assignment(
        head["source"],
        head["paced"],
        None if expected is None else ExpectedFace(*expected),
        head["pose_model"],
        head["face_model"],
        head["adaptive"],
    )


def wish_head(wish: Wish) -> dict[str, Any]:
    """The message that tells a worker how to watch."""
    return {
        "wanted": wish.wanted,
        "interval_s": wish.interval_s,
        "pictures": wish.pictures,
        "undecided": wish.undecided,
    }


def wish_of(head: Mapping[str, Any]) -> Wish:
    """Read the message that :func:`wish_head` made."""
    return Wish(head["wanted"], head["interval_s"], head["pictures"], head["undecided"])


def write_report(stream: BinaryIO, report: Report) -> None:
    """Send what the worker has seen."""
    match report:
        case Opened():
            write(stream, {"kind": "opened", "live": report.live, "name": report.name})
        case Again():
            write(stream, {"kind": "again", **_moment(report.at)})
        case CameraLost():
            write(stream, {"kind": "lost", **_moment(report.at), "reason": report.reason})
        case SourceEnded(error=None):
            write(stream, {"kind": "ended", "error": None})
        case SourceEnded(error=PostureError() as error):
            name = type(error).__name__
            write(stream, {"kind": "ended", "error": name, "what": error.what, "do": error.do})
        case Sight():
            _write_sight(stream, report)


def read_report(stream: BinaryIO) -> Report | None:
    """Wait for the worker's next word; None when it has ended. Raises WireBrokenError."""
    message = read(stream)
    if message is None:
        return None
    head, body = message
    try:
        return _report(head, body)
    except (KeyError, TypeError, ValueError) as error:
        raise WireBrokenError(f"a message that makes no sense: {error}") from error


def _report(head: Mapping[str, Any], body: bytes) -> Report:
    match head["kind"]:
        case "sight":
            return _sight(head, body)
        case "again":
            return Again(_instant(head))
        case "lost":
            return CameraLost(_instant(head), str(head["reason"]))
        case "opened":
            return Opened(bool(head["live"]), str(head["name"]))
        case "ended":
            return SourceEnded(_error(head))
        case other:
            raise ValueError(f"kind {other}")


def _error(head: Mapping[str, Any]) -> PostureError | None:
    if head["error"] is None:
        return None
    kinds = {kind.__name__: kind for kind in errors.all_errors()}
    return kinds.get(head["error"], PostureError)(str(head["what"]), str(head["do"]))


def _moment(at: Instant) -> dict[str, Any]:
    return {"mono": at.mono, "wall_us": at.wall_us}


def _instant(head: Mapping[str, Any]) -> Instant:
    return Instant(float(head["mono"]), int(head["wall_us"]))


def _write_sight(stream: BinaryIO, sight: Sight) -> None:
    seen = sight.landmarks
    scene = seen.scene
    parts = [np.ascontiguousarray(p).tobytes() for p in (seen.pose, seen.face) if p is not None]
    head = {
        "kind": "sight",
        **_moment(seen.at),
        "size": seen.size,
        "light": seen.light,
        "scene": None if scene is None else (scene.right, scene.down, scene.scale, scene.roll_deg),
        "pose": seen.pose is not None,
        "face": seen.face is not None,
        "picture": sight.jpeg is not None,
    }
    write(stream, head, b"".join(parts) + (sight.jpeg or b""))


def _sight(head: Mapping[str, Any], body: bytes) -> Sight:
    pose, body = _points(head["pose"], _POSE_SHAPE, body)
    face, body = _points(head["face"], _FACE_SHAPE, body)
    width, height = head["size"]
    light, scene = head["light"], head["scene"]
    landmarks = Landmarks(
        _instant(head),
        (int(width), int(height)),
        pose,
        face,
        None if light is None else float(light),
        None if scene is None else SceneMotion(*(float(value) for value in scene)),
    )
    return Sight(landmarks, body if head["picture"] else None)


def _points(there: bool, shape: tuple[int, int], body: bytes) -> tuple[FloatArray | None, bytes]:
    if not there:
        return None, body
    length = shape[0] * shape[1] * _BYTES_PER_NUMBER
    if len(body) < length:
        raise ValueError("points are missing")
    return np.frombuffer(body[:length], np.float64).reshape(shape), body[length:]


def again(landmarks: Landmarks, at: Instant) -> Landmarks:
    """The same landmarks at a later moment."""
    return replace(landmarks, at=at)
