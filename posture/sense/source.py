"""Where pictures come from: one small protocol, and what a SOURCE on the command line means."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, Self

from posture.clock import Clock, Instant
from posture.core.inputs import CameraLost
from posture.errors import SourceNotFound, SourceUnreadable, UsageError
from posture.sense.frame import Frame
from posture.sense.trace import TraceSource, is_trace
from posture.sense.window import Window

DEMO = "demo"
_DEMO_CLIP = Path(__file__).resolve().parents[1] / "demo" / "demo.mp4"


class FrameSource(Protocol):
    """Pictures with their times.

    ``live``: a camera, whose pictures come when they come; else a file, as fast as it is read.
    ``independent``: pictures that have nothing to do with each other (a folder).
    ``epoch``: the moment at which the source's own time is 0. ``name``: what to call it.
    """

    @property
    def live(self) -> bool:
        """Whether the pictures are of now."""

    @property
    def independent(self) -> bool:
        """Whether each picture stands alone."""

    @property
    def epoch(self) -> Instant:
        """The moment at which the source's own time is 0."""

    @property
    def name(self) -> str:
        """What to call the source before the user."""

    def frames(self) -> Iterator[Frame | CameraLost]:
        """Yield the pictures in order; a live source also says when it has none, and why."""

    def close(self) -> None:
        """Give back what is held. Closing twice is fine."""

    def __enter__(self) -> Self:
        """Return the source itself."""

    def __exit__(self, *_: object) -> None:
        """Close it."""


def open_source(
    spec: str, clock: Clock, window: Window | None = None, *, wait_for_camera: bool = False
) -> FrameSource | TraceSource:
    """Open what *spec* names; the present moment of *clock* becomes the epoch.

    A camera's index, an ``http://`` address, a file, a folder of pictures, a landmark trace,
    ``demo``, or else a camera's name. With *wait_for_camera* a camera that cannot be opened now is
    no error: it is tried again, and the source tells of it.

    Raises SourceNotFound, SourceUnreadable, CameraUnavailable, TraceUnreadable; UsageError for an
    address elsewhere and for a window on pictures that have no time.
    """
    if names_camera(spec):
        return _camera(spec, clock, window, wait_for_camera)
    path = require_file(spec)
    if is_trace(path):
        return TraceSource(path, clock.now(), window)
    return _pictures(path, clock.now(), window, name="demo clip" if spec == DEMO else path.name)


def names_camera(spec: str) -> bool:
    """Whether *spec* means a camera, whose pictures are of now; nothing is opened to tell."""
    # A device that is not there may come back.
    if spec.isdecimal() or "://" in spec or spec.startswith("/dev/"):
        return True
    if _looks_like_a_path(spec):
        return False
    try:
        return not _is_there(Path(spec))
    except SourceUnreadable:
        return False


def require_file(spec: str) -> Path:
    """Where the file or folder that *spec* names is. Raises SourceNotFound, SourceUnreadable."""
    path = _DEMO_CLIP if spec == DEMO else Path(spec)
    if not _is_there(path):
        raise SourceNotFound(f"There is no file or folder {spec}.", "Check the path.")
    return path


def require_webcam(spec: str) -> None:
    """See that the webcam *spec* is there, where it means one. It is looked up, not opened.

    Raises SourceNotFound.
    """
    if not names_camera(spec) or "://" in spec:
        return
    from posture.sense.webcam_list import (  # noqa: PLC0415 - who looks for webcams
        find_camera,
        list_cameras,
        not_found,
    )

    cameras = list_cameras()
    if find_camera(spec, cameras) is None:
        raise not_found(spec, cameras)


def _is_there(path: Path) -> bool:
    """Raises SourceUnreadable where that cannot be seen; ``Path.exists`` then raises, too."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise SourceUnreadable(
            f"{path} cannot be read: {error.strerror}.", "Check the path and its permissions."
        ) from error
    return True


def _looks_like_a_path(spec: str) -> bool:
    return spec == DEMO or "/" in spec or os.sep in spec or Path(spec).suffix[1:].isalnum()


def _camera(spec: str, clock: Clock, window: Window | None, wait: bool) -> FrameSource:
    # Here and not above: OpenCV takes 0.2 s to load, and a trace does without.
    from posture.sense.camera import Camera  # noqa: PLC0415
    from posture.sense.camera_device import Device  # noqa: PLC0415
    from posture.sense.stream import MjpegStream, loopback_url  # noqa: PLC0415
    from posture.sense.webcam import Webcam  # noqa: PLC0415

    device: Device = MjpegStream(loopback_url(spec)) if "://" in spec else Webcam(spec)
    camera = Camera(device, clock, window)
    if not wait:
        try:
            camera.wait_ready()
        except BaseException:
            camera.close()
            raise
    return camera


def _pictures(path: Path, epoch: Instant, window: Window | None, name: str) -> FrameSource:
    from posture.sense.folder import FolderSource, is_picture  # noqa: PLC0415
    from posture.sense.video import VideoSource  # noqa: PLC0415

    if not path.is_dir() and not is_picture(path):
        return VideoSource(path, epoch, window, name)
    if window not in (None, Window()):
        raise UsageError(
            f"{path} holds pictures, which have no time.",
            "Leave out --start, --duration and --fps.",
        )
    return FolderSource(path, epoch)
