"""A camera that another program on this computer serves as MJPEG over HTTP."""

from __future__ import annotations

import ipaddress
import os
import threading
from urllib.parse import SplitResult, urlsplit

import numpy as np

from posture.errors import CameraUnavailable, PostureError, SourceNotFound, UsageError
from posture.sense.camera_device import CameraFault, Capture
from posture.sense.frame import Image
from posture.sense.glance import small_of, step_of
from posture.sense.opencv import cv2

# A live view shows more than one picture in this time (chosen).
TIMEOUT_S = 3.0
_MS_PER_S = 1000
# FFmpeg takes these from the environment only. The stream must not lead anywhere else: not by a
# redirect, not by a playlist, not through a proxy.
_OPTIONS_VARIABLE = "OPENCV_FFMPEG_CAPTURE_OPTIONS"
_OPTIONS = "|".join(
    (
        "protocol_whitelist;http,tcp",
        "format_whitelist;mpjpeg",
        "max_redirects;0",
        "http_proxy;none",
    )
)
_OPENING = threading.Lock()


def loopback_url(spec: str) -> str:
    """Return the address *spec*, if it is ``http://`` on this computer; else raise UsageError."""
    remedy = "Give http://127.0.0.1:PORT/PATH; other computers are not asked for pictures."
    try:
        parts = urlsplit(spec)
        port = parts.port
    except ValueError:
        raise UsageError(f"{spec} is not an address.", remedy) from None
    strange = any(letter.isspace() or letter == "\\" for letter in spec) or not spec.isprintable()
    if parts.scheme != "http" or strange or not _is_loopback(parts):
        raise UsageError(f"{spec} is not an http:// address of this computer.", remedy)
    # Put together anew, so that no other reader can find another host in it.
    user = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    query = f"?{parts.query}" if parts.query else ""
    return f"http://{user}{host}{'' if port is None else f':{port}'}{parts.path or '/'}{query}"


def _is_loopback(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class MjpegStream:
    """The MJPEG stream at *url*, which :func:`loopback_url` has returned."""

    def __init__(self, url: str, timeout_s: float = TIMEOUT_S) -> None:
        self._url = url
        self._timeout_s = timeout_s
        parts = urlsplit(url)
        # Without user and password: this is shown and logged.
        self.name = f"http://{parts.netloc.rpartition('@')[2]}{parts.path}"

    def open(self) -> Capture | None:
        """Open the stream; None if that fails."""
        timeout_ms = round(self._timeout_s * _MS_PER_S)
        parameters = [
            cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
            timeout_ms,
            cv2.CAP_PROP_READ_TIMEOUT_MSEC,
            timeout_ms,
            # The pictures as they are sent: grabbing costs nothing, and a change of size shows.
            cv2.CAP_PROP_FORMAT,
            -1,
        ]
        with _OPENING:
            before = os.environ.get(_OPTIONS_VARIABLE)
            os.environ[_OPTIONS_VARIABLE] = _OPTIONS
            try:
                capture = cv2.VideoCapture(self._url, cv2.CAP_FFMPEG, parameters)
            finally:
                if before is None:
                    del os.environ[_OPTIONS_VARIABLE]
                else:
                    os.environ[_OPTIONS_VARIABLE] = before
        if not capture.isOpened():
            capture.release()
            return None
        return _JpegCapture(capture)

    def fault(self, *, waited_s: float, opened: bool, seen: bool) -> CameraFault:  # noqa: ARG002 - both failures look alike here
        """Say why the stream could not be opened or fell silent."""
        if waited_s >= 0.9 * self._timeout_s:
            return CameraFault.STALLED
        return CameraFault.UNPLUGGED if seen else CameraFault.ABSENT

    def refusal(self, fault: CameraFault) -> PostureError:
        """Return the error that tells the user of *fault*."""
        if fault is CameraFault.STALLED:
            return CameraUnavailable(
                f"{self.name} answers but sends no picture.", "Restart the program that serves it."
            )
        return SourceNotFound(
            f"There is no MJPEG stream at {self.name}.", "Start the program that serves it."
        )


# A part of the size comes straight from the JPEG's coefficients.
_UNPACKED = {
    8: cv2.IMREAD_REDUCED_GRAYSCALE_8,
    4: cv2.IMREAD_REDUCED_GRAYSCALE_4,
    2: cv2.IMREAD_REDUCED_GRAYSCALE_2,
    None: cv2.IMREAD_GRAYSCALE,
}


class _JpegCapture:
    def __init__(self, capture: cv2.VideoCapture) -> None:
        self._capture = capture
        self._step: int | None = None
        self._width = 0

    def grab(self) -> bool:
        return self._capture.grab()

    def retrieve(self) -> Image | None:
        return self._decoded(cv2.IMREAD_COLOR_BGR)

    def glance(self) -> Image | None:
        image = self._decoded(_UNPACKED[self._step])
        if image is None:
            return None
        if image.shape[1] != self._width:
            # The first, or one of another size: those to come are unpacked as small as they may.
            whole = image.shape[1] * (self._step or 1)
            self._step = step_of(whole)
            self._width = -(-whole // (self._step or 1))
        return small_of(image)

    def _decoded(self, how: int) -> Image | None:
        ok, data = self._capture.retrieve()
        if not ok or data is None or data.size == 0:
            return None
        try:
            image = cv2.imdecode(np.asarray(data, dtype=np.uint8), how)
        except cv2.error:
            return None
        return None if image is None else np.asarray(image, dtype=np.uint8)

    def release(self) -> None:
        self._capture.release()
