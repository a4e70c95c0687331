"""What can go wrong, in the user's words, each cause with its own exit code.

An error's text is one line: what happened, then what to do.
"""

from __future__ import annotations

from typing import ClassVar


class PostureError(Exception):
    """A failure with a cause the user can act on."""

    exit_code: ClassVar[int] = 1
    summary: ClassVar[str] = "a bug in posture"

    def __init__(self, what: str, do: str) -> None:
        super().__init__(f"{what} {do}".strip())
        self.what = what
        self.do = do


class UsageError(PostureError):
    """The command line asks for something that cannot be."""

    exit_code = 2
    summary = "the command line is not understood"


class DoctorFoundProblem(PostureError):
    """``posture doctor`` found something to mend."""

    exit_code = 3
    summary = "doctor found a problem"


class SourceNotFound(PostureError):
    """The file, folder, address or camera does not exist."""

    exit_code = 20
    summary = "the source (file, folder, address or camera) does not exist"


class SourceUnreadable(PostureError):
    """The source exists but holds no pictures that can be read."""

    exit_code = 21
    summary = "the source exists but holds no readable picture"


class CameraUnavailable(PostureError):
    """The camera exists but gives no picture: busy, denied or hung."""

    exit_code = 22
    summary = "the camera is busy, denied or does not answer"


class ModelError(PostureError):
    """A model file is missing or is not the file that was shipped."""

    exit_code = 23
    summary = "a model file is missing or damaged"


class CalibrationUnreadable(PostureError):
    """A calibration file is absent or cannot be understood."""

    exit_code = 24
    summary = "the calibration file is absent or not understood"


class CalibrationRefused(PostureError):
    """The samples are not good enough for a neutral posture.

    ``reason``: why, in one word for those who say it in their own way: "few", "dark", "no_face",
    "no_shoulders", "turned", "far" or "moving".
    """

    exit_code = 25
    summary = "the samples are not good enough to calibrate from"

    def __init__(self, what: str, do: str, reason: str = "") -> None:
        super().__init__(what, do)
        self.reason = reason


class SettingsError(PostureError):
    """A setting is unknown, of the wrong type or out of range."""

    exit_code = 26
    summary = "a setting is unknown or out of range"


class JournalError(PostureError):
    """The daily log cannot be opened, read or written."""

    exit_code = 27
    summary = "the daily log cannot be opened, read or written"


class AlreadyRunning(PostureError):
    """Another monitor holds this data directory."""

    exit_code = 28
    summary = "another monitor is already running"


class NotRunning(PostureError):
    """There is no running monitor to talk to."""

    exit_code = 29
    summary = "no monitor is running"


class TraceUnreadable(PostureError):
    """A landmark trace is damaged or of an unknown version."""

    exit_code = 30
    summary = "the landmark trace is damaged or of an unknown version"


class OutputUnwritable(PostureError):
    """A file or folder the user named cannot be written."""

    exit_code = 31
    summary = "an output file or folder cannot be written"


class MissingLibrary(PostureError):
    """A system library the program needs is not installed."""

    exit_code = 32
    summary = "a system library is not installed"


class LandmarkingFailed(PostureError):
    """MediaPipe failed on a picture."""

    exit_code = 33
    summary = "MediaPipe failed on a picture"


class ControlRefused(PostureError):
    """The running monitor does not answer, or not as asked."""

    exit_code = 34
    summary = "the running monitor does not answer, or refuses"


class WatchFailed(PostureError):
    """The part that watches the camera failed, or keeps failing."""

    exit_code = 35
    summary = "the part that watches the camera failed"


class WindowUnavailable(PostureError):
    """No window can be opened: no display, or a library is missing."""

    exit_code = 36
    summary = "no window can be opened"


class TracesRemain(PostureError):
    """Days were deleted, but their bytes can still be found in the log's files."""

    exit_code = 37
    summary = "deleted days can still be found in the log's files"


def all_errors() -> list[type[PostureError]]:
    """Every error class with its own exit code, in the order of the codes."""
    return sorted(PostureError.__subclasses__(), key=lambda error: error.exit_code)
