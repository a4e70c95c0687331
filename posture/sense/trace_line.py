"""A line of a landmark trace in, its record out: quickly, where the line is a plain one."""

from __future__ import annotations

from typing import Any

import numpy as np

from posture.core.landmarks import FACE_POINTS, POSE_POINTS

try:
    # Numbers come out as an array, not one by one as objects.
    import simdjson
except ImportError:  # no build for this Python: the general reader does it all
    simdjson = None  # type: ignore[assignment]

# What numbers are made of, and what may stand around them: the rest says what a line holds.
_NUMBERS = b"0123456789+-.eE \t\r\n"


def _bare(text: bytes) -> bytes:
    return text.translate(None, _NUMBERS)


def _table(rows: int, width: int) -> bytes:
    return b"[" + b",".join([b"[" + b"," * (width - 1) + b"]"] * rows) + b"]"


# The forms that TraceWriter gives a line.
_PLAIN = {
    _bare(b'{"t":' + size + light + b',"pose":' + pose + b',"face":' + face + b"}")
    for size in (b"", b',"size":[,]')
    for light in (b"", b',"light":')
    for pose in (b"null", _table(POSE_POINTS, 4))
    for face in (b"null", _table(FACE_POINTS, 3))
}


class PlainLines:
    """Reads lines of the form in which ``trace_writer`` writes them."""

    def __init__(self) -> None:
        self._parser = None if simdjson is None else simdjson.Parser()

    def record(self, line: bytes) -> dict[str, Any] | None:
        """What *line* holds, points as float64 arrays (33, 4) and (478, 3).

        None where it has another form, or none at all: that is for the general reader to say.
        """
        if self._parser is None:
            return None
        if _bare(line) not in _PLAIN:
            return None
        try:
            document: Any = self._parser.parse(line)
            return {key: _value(key, document[key]) for key in document}
        except (ValueError, RuntimeError):
            return None  # no number, or one too large


def _value(key: str, told: Any) -> Any:
    if not isinstance(told, simdjson.Array):
        return told
    if key == "size":
        return told.as_list()
    return np.frombuffer(told.as_buffer(of_type="d"), np.float64).reshape(len(told), -1)
