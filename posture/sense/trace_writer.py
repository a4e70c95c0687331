"""Landmarks in; out the landmark trace that ``trace`` reads."""

from __future__ import annotations

import contextlib
import gzip
import os
import tempfile
from pathlib import Path
from typing import Self

import orjson

from posture.clock import Instant
from posture.core.landmarks import FloatArray, Landmarks
from posture.errors import OutputUnwritable
from posture.plain_file import refuse_device
from posture.sense.trace import VERSION

# 1e-5 of 640 px is 0.006 px, a hundredth of what MediaPipe's points tremble by.
_POSITION_DECIMALS = 5
_VISIBILITY_DECIMALS = 3
_TIME_DECIMALS = 6
_LIGHT_DECIMALS = 1


class TraceWriter:
    """Writes landmarks to *path*, gzipped if its name says so, readable by the user only.

    The file appears, whole, when it is closed; until then what was there before stays. A block
    that fails leaves no file, one that the user interrupts leaves what was recorded so far.
    Raises OutputUnwritable.
    """

    def __init__(self, path: Path, epoch: Instant, *, independent: bool = False) -> None:
        self._path = path
        self._epoch = epoch
        self._independent = independent
        self._size: tuple[int, int] | None = None
        try:
            refuse_device(path)
            # mkstemp makes the file 0600.
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        except OSError as error:
            raise self._unwritable(error) from error
        self._temporary = Path(name)
        self._raw = os.fdopen(handle, "wb")
        # Without name and time in it, the same landmarks make the same file.
        self._zip = gzip.GzipFile("", "wb", 6, self._raw, mtime=0) if path.suffix == ".gz" else None

    def write(self, landmarks: Landmarks) -> None:
        """Add one frame; its time must be later than the one before and not before the epoch."""
        record: dict[str, object] = {"t": round(landmarks.at - self._epoch, _TIME_DECIMALS)}
        if self._size is None:
            self._size = landmarks.size
            self._put(self._header(landmarks.size))
        elif landmarks.size != self._size:
            record["size"] = landmarks.size
        if landmarks.light is not None:
            record["light"] = round(landmarks.light, _LIGHT_DECIMALS)
        record["pose"] = _rounded(landmarks.pose)
        record["face"] = _rounded(landmarks.face)
        self._put(record)

    def close(self) -> None:
        """Finish the file. Without a single frame there is none."""
        if self._raw.closed:
            return
        if self._size is None:
            self.discard()
            return
        try:
            if self._zip is not None:
                self._zip.close()
            self._raw.flush()
            os.fsync(self._raw.fileno())
            self._raw.close()
            self._temporary.replace(self._path)
        except OSError as error:
            self.discard()
            raise self._unwritable(error) from error

    def discard(self) -> None:
        """Drop what was written; what was at the path before stays."""
        if not self._raw.closed:
            # On a full disk closing fails as writing did.
            with contextlib.suppress(OSError), self._raw:
                if self._zip is not None:
                    self._zip.close()
        self._temporary.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None or issubclass(kind, KeyboardInterrupt):
            self.close()
        else:
            self.discard()

    def _header(self, size: tuple[int, int]) -> dict[str, object]:
        header: dict[str, object] = {"trace": VERSION, "size": size}
        if self._independent:
            header["independent"] = True
        return header

    def _put(self, record: dict[str, object]) -> None:
        try:
            (self._zip or self._raw).write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
        except OSError as error:
            self.discard()
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> OutputUnwritable:
        return OutputUnwritable(
            f"{self._path} cannot be written: {error.strerror}.",
            "Check the folder and the free space.",
        )


def _rounded(points: FloatArray | None) -> list[list[float]] | None:
    if points is None:
        return None
    rounded = points.round(_POSITION_DECIMALS)
    rounded[:, 3:] = points[:, 3:].round(_VISIBILITY_DECIMALS)
    table: list[list[float]] = rounded.tolist()
    return table
