"""A webcam of this computer as a camera device."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from posture.errors import CameraUnavailable, PostureError
from posture.sense.camera_device import CameraFault, Capture
from posture.sense.frame import Image
from posture.sense.glance import small_of
from posture.sense.opencv import cv2
from posture.sense.webcam_list import BACKEND, CameraInfo, find_camera, list_cameras, not_found

# What the landmark models look at is smaller still (256 px).
_WIDTH, _HEIGHT = 640, 480
# A posture lasts seconds; fewer pictures leave the machine alone (chosen).
_FPS = 10
# A failure that came later than this was a wait in vain, not a refusal (chosen, below OpenCV's
# time-outs).
_REFUSAL_S = 1.5


class Webcam:
    """The webcam *wanted* (index, path or name), found again by its name when it comes back.

    ``capture_type`` and ``cameras`` stand for ``cv2.VideoCapture`` and :func:`list_cameras`.
    """

    def __init__(
        self,
        wanted: str,
        cameras: Callable[[], Sequence[CameraInfo]] = list_cameras,
        capture_type: Callable[[int, int], cv2.VideoCapture] = cv2.VideoCapture,
    ) -> None:
        self._wanted = wanted
        self._cameras = cameras
        self._capture_type = capture_type
        self._known: CameraInfo | None = None

    @property
    def name(self) -> str:
        """The camera's own name once it is known, else what was asked for."""
        if self._known is not None:
            return self._known.name
        return f"camera {self._wanted}" if self._wanted.isdecimal() else self._wanted

    def open(self) -> Capture | None:
        """Open the camera with a small picture and a low rate; None if that fails."""
        camera = self._find()
        if camera is None:
            return None
        capture = self._capture_type(camera.index, BACKEND)
        if not capture.isOpened():
            capture.release()
            return None
        self._known = camera
        for setting, value in (
            (cv2.CAP_PROP_FRAME_WIDTH, _WIDTH),
            (cv2.CAP_PROP_FRAME_HEIGHT, _HEIGHT),
            (cv2.CAP_PROP_FPS, _FPS),
            (cv2.CAP_PROP_BUFFERSIZE, 1),
        ):
            capture.set(setting, value)
        return _WebcamCapture(capture)

    def fault(self, *, waited_s: float, opened: bool, seen: bool) -> CameraFault:
        """Say why the camera could not be opened or fell silent."""
        camera = self._find()
        if camera is None:
            return CameraFault.UNPLUGGED if seen else CameraFault.ABSENT
        if camera.path and Path(camera.path).exists() and not _may_use(camera.path):
            return CameraFault.DENIED
        if waited_s >= _REFUSAL_S:
            return CameraFault.STALLED
        return CameraFault.STALLED if opened and seen else CameraFault.BUSY

    def refusal(self, fault: CameraFault) -> PostureError:
        """Return the error that tells the user of *fault*."""
        if fault in {CameraFault.ABSENT, CameraFault.UNPLUGGED}:
            return not_found(self._wanted, self._cameras())
        if fault is CameraFault.DENIED:
            return CameraUnavailable(
                f"You may not use the camera {self.name}.",
                "Have your user added to the group video, then log in again.",
            )
        if fault is CameraFault.BUSY:
            return CameraUnavailable(
                f"The camera {self.name} is used by another program, or not allowed to this one.",
                "Close the other program, or allow the camera in the system's privacy settings.",
            )
        return CameraUnavailable(
            f"The camera {self.name} sends no picture.", "Unplug it and plug it in again."
        )

    def _find(self) -> CameraInfo | None:
        cameras = self._cameras()
        if self._known is None:
            return find_camera(self._wanted, cameras)
        same_name = [camera for camera in cameras if camera.name == self._known.name]
        same_place = [camera for camera in same_name if camera.path == self._known.path]
        return next(iter(same_place or same_name), None)


class _WebcamCapture:
    def __init__(self, capture: cv2.VideoCapture) -> None:
        self._capture = capture

    def grab(self) -> bool:
        try:
            return self._capture.grab()
        except cv2.error:
            return False

    def retrieve(self) -> Image | None:
        try:
            ok, image = self._capture.retrieve()
        except cv2.error:
            return None
        return np.asarray(image, dtype=np.uint8) if ok and image is not None else None

    def glance(self) -> Image | None:
        # Webcams give plain pictures at this size; unpacking one takes a fraction of a millisecond.
        image = self.retrieve()
        return None if image is None else small_of(image)

    def release(self) -> None:
        self._capture.release()


def _may_use(path: str) -> bool:
    return os.access(path, os.R_OK | os.W_OK)
