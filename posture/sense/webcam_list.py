"""The webcams of this computer, by name. They are looked up, not opened; loads no OpenCV."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from posture.errors import SourceNotFound
from posture.without import without

# OpenCV's ways to a camera (VideoCaptureAPIs): V4L2, DirectShow, AVFoundation; 0: it may choose.
# By name: trying them all is slow and noisy.
BACKEND = {"linux": 200, "win32": 700, "darwin": 1200}.get(sys.platform, 0)


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """One webcam. ``index`` changes as cameras come and go, ``name`` and ``path`` hardly."""

    index: int
    name: str
    path: str | None


def list_cameras() -> list[CameraInfo]:
    """Return this computer's webcams, by index; infra-red ones (for logging in) last."""
    # It takes four numbers from OpenCV where that is there, which 20 MB are too much for.
    with without("cv2"):
        from cv2_enumerate_cameras import enumerate_cameras  # noqa: PLC0415 - who looks for webcams

    found = [
        CameraInfo(camera.index, camera.name or f"camera {camera.index}", camera.path)
        for camera in enumerate_cameras(BACKEND)
    ]
    return sorted(found, key=lambda camera: (_is_infrared(camera.name), camera.index))


def find_camera(wanted: str, cameras: Sequence[CameraInfo]) -> CameraInfo | None:
    """Return the camera meant by *wanted*: index, device path, name, or a part of the name."""
    text = wanted.casefold()
    tests: list[Callable[[CameraInfo], bool]] = [
        lambda camera: wanted.isdecimal() and camera.index == int(wanted),
        lambda camera: camera.path is not None and camera.path == os.path.realpath(wanted),
        lambda camera: camera.name.casefold() == text,
        lambda camera: not wanted.isdecimal() and text in camera.name.casefold(),
    ]
    for test in tests:
        for camera in cameras:
            if test(camera):
                return camera
    return None


def not_found(wanted: str, cameras: Sequence[CameraInfo]) -> SourceNotFound:
    """Return the error that says that *wanted* is none of *cameras*."""
    what = f"There is no camera {wanted}."
    if cameras:
        return SourceNotFound(what, "posture doctor lists the cameras.")
    return SourceNotFound(
        f"{what} No webcam was found at all.",
        "Connect one, or see what posture does: posture run --source demo",
    )


def _is_infrared(name: str) -> bool:
    return "infrared" in name.casefold() or "IR" in name.replace("-", " ").split()
