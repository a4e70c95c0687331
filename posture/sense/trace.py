"""Landmark traces: what the landmarkers saw, as JSON lines, without any picture.

A header ``{"trace": 1, "size": [w, h]}``, then one line a frame:
``{"t": s, "pose": [[x, y, z, visibility] × 33] | null, "face": [[x, y, z] × 478] | null}``.
Optional: ``"light"`` (mean luma) and ``"size"`` (where it is not the header's) in a frame,
``"independent": true`` in the header for pictures that are no sequence.
"""

from __future__ import annotations

import contextlib
import gzip
import itertools
import struct
import zlib
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Self, TypeGuard

import numpy as np
import orjson

from posture.clock import Instant
from posture.core.landmarks import FloatArray, Landmarks
from posture.errors import SourceNotFound, TraceUnreadable
from posture.plain_file import open_plain
from posture.sense.window import Sampler, Window

VERSION = 1
SUFFIXES = (".jsonl", ".jsonl.gz")

# A line with a face has 14 kB; what is far longer is no trace and need not fit into memory.
_LONGEST_LINE = 1_000_000
# Nobody leaves so many; a few packed megabytes can hold milliards of them.
_MOST_BLANK_LINES = 10_000


def is_trace(path: Path) -> bool:
    """Whether *path* is named like a landmark trace."""
    return path.name.endswith(SUFFIXES)


class TraceSource:
    """The landmarks in the trace *path*; ``landmarks.at - epoch`` is their time in the trace.

    ``size``: width, height in px of the header. Raises SourceNotFound, TraceUnreadable.
    """

    live = False

    def __init__(self, path: Path, epoch: Instant, window: Window | None = None) -> None:
        self.epoch = epoch
        self.name = path.name
        self._path = path
        self._window = window or Window()
        if not path.exists():
            raise SourceNotFound(f"There is no file {path}.", "Check the path.")
        with contextlib.closing(self._lines()) as lines:
            self.size, self.independent = self._header(lines)

    def landmarks(self) -> Iterator[Landmarks]:
        """Yield the window's landmarks in order.

        Raises TraceUnreadable with the number of the line that is wrong, or for a trace without
        frames; UsageError if the window lies behind the end.
        """
        with contextlib.closing(self._lines()) as lines:
            self._header(lines)
            yield from self._chosen(lines)

    def close(self) -> None:
        """Do nothing: the file is open only while :meth:`landmarks` runs."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _chosen(self, lines: Iterator[tuple[int, bytes]]) -> Iterator[Landmarks]:
        # A camera does without: 2 MB.
        from posture.sense.trace_line import PlainLines  # noqa: PLC0415

        sampler, plain = Sampler(self._window), PlainLines()
        found = False
        last_s: float | None = None
        for number, line in lines:
            record = plain.record(line) or self._record(number, line)
            t_s = self._time_s(number, record, last_s)
            last_s = t_s
            if self._window.is_over(t_s):
                break
            if sampler.wants(t_s):
                found = True
                yield self._landmarks(number, record, t_s)
        if last_s is None:
            raise self._wrong(2, "no frame follows the header")
        if not found:
            raise self._window.nothing_found(self.name, last_s)

    def _header(self, lines: Iterator[tuple[int, bytes]]) -> tuple[tuple[int, int], bool]:
        number, line = next(lines, (1, b""))
        if not line:
            raise self._wrong(number, "the file is empty")
        record = self._record(number, line)
        if "trace" not in record:
            raise self._wrong(number, 'a trace begins with {"trace": 1, "size": [w, h]}')
        if record["trace"] != VERSION:
            raise self._wrong(number, f"version {record['trace']} is not known, only {VERSION}")
        independent = record.get("independent", False)
        if not isinstance(independent, bool):
            raise self._wrong(number, '"independent" must be true or false')
        return self._size(number, record.get("size")), independent

    def _landmarks(self, number: int, record: dict[str, Any], t_s: float) -> Landmarks:
        size = self._size(number, record["size"]) if "size" in record else self.size
        light = record.get("light")
        if light is not None and not _is_number(light):
            raise self._wrong(number, '"light" must be a number')
        pose, face = self._points(number, record, "pose"), self._points(number, record, "face")
        try:
            return Landmarks(self.epoch.shifted(t_s), size, pose, face, light)
        except ValueError as error:
            raise self._wrong(number, str(error)) from error

    def _points(self, number: int, record: dict[str, Any], key: str) -> FloatArray | None:
        try:
            value = record[key]
        except KeyError:
            raise self._wrong(number, f'"{key}" is missing') from None
        if value is None or isinstance(value, np.ndarray):
            return value
        try:
            return _table(value)
        except (TypeError, ValueError, struct.error):
            raise self._wrong(number, f'"{key}" is no table of numbers') from None

    def _time_s(self, number: int, record: dict[str, Any], last_s: float | None) -> float:
        t_s = record.get("t")
        if not _is_number(t_s) or t_s < 0:
            raise self._wrong(number, '"t" must be seconds, 0 or more')
        if last_s is not None and t_s <= last_s:
            raise self._wrong(number, f"time goes from {last_s} s to {t_s} s")
        return float(t_s)

    def _size(self, number: int, value: object) -> tuple[int, int]:
        match value:
            case [int(width), int(height)] if width > 0 and height > 0:
                return width, height
        raise self._wrong(number, '"size" must be [width, height] in px')

    def _record(self, number: int, line: bytes) -> dict[str, Any]:
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise self._wrong(number, f"no JSON ({error.msg})") from error
        if not isinstance(record, dict):
            raise self._wrong(number, "no JSON object")
        return record

    def _lines(self) -> Generator[tuple[int, bytes], None, None]:
        """Yield number and content of each line that is not blank."""
        number = blank = 0
        try:
            with self._open() as file:
                while line := file.readline(_LONGEST_LINE):
                    number += 1
                    if len(line) == _LONGEST_LINE:
                        raise self._wrong(number, "the line is far too long")
                    if not line.isspace():
                        yield number, line
                        continue
                    blank += 1
                    if blank > _MOST_BLANK_LINES:
                        raise self._wrong(number, "there are far too many empty lines")
        except (OSError, EOFError, zlib.error) as error:
            # gzip tells of a damaged file with any of the three.
            raise self._wrong(number + 1, f"the file cannot be read further ({error})") from error

    @contextlib.contextmanager
    def _open(self) -> Iterator[gzip.GzipFile | BinaryIO]:
        with contextlib.ExitStack() as stack:
            file = stack.enter_context(open_plain(self._path))
            is_zip = self._path.suffix == ".gz"
            yield stack.enter_context(gzip.GzipFile(fileobj=file)) if is_zip else file

    def _wrong(self, number: int, why: str) -> TraceUnreadable:
        return TraceUnreadable(
            f"The landmark trace {self._path}, line {number}: {why}.",
            "Write it again with: posture analyze SOURCE --jsonl --trace-out FILE",
        )


def _table(rows: list[list[float]]) -> FloatArray:
    """(n, m) of *rows*; twice as fast as NumPy, which looks at each number twice.

    Raises TypeError, ValueError or struct.error for what is no table of numbers.
    """
    (width,) = set(map(len, rows))
    # true and false are packed as numbers, too.
    if all(isinstance(number, bool) for number in itertools.chain.from_iterable(rows)):
        raise TypeError
    count = width * len(rows)
    packed = struct.pack(f"{count}d", *itertools.chain.from_iterable(rows))
    return np.frombuffer(packed, np.float64).reshape(len(rows), width)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
