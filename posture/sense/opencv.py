"""OpenCV, quiet and careful. Every other module takes ``cv2`` from here."""

from __future__ import annotations

import os

from posture.errors import MissingLibrary

_ENVIRONMENT = {
    # Read by OpenCV when it is loaded: its own words and FFmpeg's would end up in ours.
    "OPENCV_LOG_LEVEL": "OFF",
    "OPENCV_FFMPEG_LOGLEVEL": "-8",
    # Seconds a V4L2 camera may be silent before a read fails; OpenCV's own choice is 10.
    "OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT": "3",
    # With these transforms opening a camera takes Windows many seconds.
    "OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS": "0",
}
for _name, _value in _ENVIRONMENT.items():
    os.environ.setdefault(_name, _value)

try:
    import cv2
except ImportError as error:
    if "cannot open shared object file" in str(error):
        raise MissingLibrary(
            f"OpenCV needs a system library: {error}.",
            "On Debian or Ubuntu: sudo apt install libgl1 libglib2.0-0",
        ) from error
    raise MissingLibrary(
        f"OpenCV cannot be loaded: {error}.", "Install posture again: pip install posture"
    ) from error

# Its threads wait for work in a busy loop: a millisecond of each core after every small picture.
cv2.setNumThreads(1)

__all__ = ["cv2"]
