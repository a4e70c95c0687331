"""A video file: every picture with its own time."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import numpy as np

from posture.clock import Instant
from posture.errors import SourceNotFound, SourceUnreadable
from posture.plain_file import open_plain
from posture.sense.frame import Frame, Image
from posture.sense.opencv import cv2
from posture.sense.window import Sampler, Window

_MS_PER_S = 1000
# Taken where a file does not tell its rate, or tells nonsense (chosen).
_DEFAULT_INTERVAL_S = 1 / 30
_PLAUSIBLE_FPS = (0.01, 1000.0)
# Going straight to a late start saves decoding what comes before; a little earlier, because
# files of uneven rate are missed by some frames (chosen).
_SEEK_MARGIN_S = 10.0


class VideoSource:
    """Pictures of the video file *path*, upright as its rotation mark says.

    ``frame.at - source.epoch`` is the picture's own time in the file, in seconds.
    Raises SourceNotFound, SourceUnreadable (not a video, or one without pictures).
    """

    live = False
    independent = False

    def __init__(
        self, path: Path, epoch: Instant, window: Window | None = None, name: str | None = None
    ) -> None:
        self.epoch = epoch
        self.name = name or path.name
        self._path = path
        self._window = window or Window()
        if not path.exists():
            raise SourceNotFound(f"There is no file {path}.", "Check the path.")
        self._refuse_pipe()
        capture = self._open()
        try:
            if not capture.grab():
                raise self._unreadable()
        finally:
            capture.release()

    def frames(self) -> Iterator[Frame]:
        """Yield the window's pictures in order. Raises UsageError if it lies behind the end."""
        capture = self._open()
        try:
            yield from self._frames(capture)
        finally:
            capture.release()

    def close(self) -> None:
        """Do nothing: the file is open only while :meth:`frames` runs."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _frames(self, capture: cv2.VideoCapture) -> Iterator[Frame]:
        interval_s = _nominal_interval_s(capture)
        sampler = Sampler(self._window, interval_s)
        found = False
        t_s = -1.0
        for t_s in self._times(capture, interval_s):
            if self._window.is_over(t_s):
                break
            if sampler.wants(t_s) and (image := _picture(capture)) is not None:
                found = True
                yield Frame(self.epoch.shifted(t_s), image)
        if not found:
            raise self._window.nothing_found(self.name, t_s)

    def _times(self, capture: cv2.VideoCapture, interval_s: float) -> Iterator[float]:
        """Step from picture to picture and yield each one's time, always increasing."""
        last_s: float | None = None
        for t_s in self._told_times(capture):
            if last_s is not None and t_s <= last_s:
                t_s = last_s + interval_s  # noqa: PLW2901 - the file's own time is of no use
            yield t_s
            last_s = t_s

    def _told_times(self, capture: cv2.VideoCapture) -> Iterator[float]:
        goal_s = self._window.start_s - _SEEK_MARGIN_S
        if goal_s > 0:
            capture.set(cv2.CAP_PROP_POS_MSEC, goal_s * _MS_PER_S)
            if capture.grab() and (t_s := _told_time_s(capture)) <= self._window.start_s:
                yield t_s
            else:
                # Missed: from the beginning, then.
                capture.set(cv2.CAP_PROP_POS_FRAMES, 0)
        while capture.grab():
            yield _told_time_s(capture)

    def _open(self) -> cv2.VideoCapture:
        # FFmpeg by name: the other ways to open a file take pictures for films.
        capture = cv2.VideoCapture(str(self._path), cv2.CAP_FFMPEG)
        if not capture.isOpened():
            raise self._unreadable()
        return capture

    def _refuse_pipe(self) -> None:
        """FFmpeg would wait for a pipe for ever, and the film is opened more than once."""
        try:
            open_plain(self._path).close()
        except OSError as error:
            raise SourceUnreadable(
                f"{self._path} cannot be read: {error.strerror}.",
                "Check the path and its permissions.",
            ) from error

    def _unreadable(self) -> SourceUnreadable:
        return SourceUnreadable(
            f"{self._path} is not a video that can be read, or holds no picture.",
            "Give a video file such as .mp4, .mkv or .avi.",
        )


def _picture(capture: cv2.VideoCapture) -> Image | None:
    ok, image = capture.retrieve()
    return np.asarray(image, dtype=np.uint8) if ok else None


def _told_time_s(capture: cv2.VideoCapture) -> float:
    told = capture.get(cv2.CAP_PROP_POS_MSEC) / _MS_PER_S
    return told if math.isfinite(told) else 0.0


def _nominal_interval_s(capture: cv2.VideoCapture) -> float:
    fps = capture.get(cv2.CAP_PROP_FPS)
    slowest, fastest = _PLAUSIBLE_FPS
    return 1 / fps if slowest <= fps <= fastest else _DEFAULT_INTERVAL_S
