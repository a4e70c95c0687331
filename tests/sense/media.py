"""Small films and pictures made for the tests, of even grey whose shade tells the picture."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from posture.sense.frame import Image
from posture.sense.opencv import cv2

SHADE_STEP = 10
_WIDTH, _HEIGHT = 64, 48


def plain(shade: int, width: int = _WIDTH, height: int = _HEIGHT) -> Image:
    """A picture of one shade of grey."""
    return np.full((height, width, 3), shade, np.uint8)


def number_of(image: Image) -> int:
    """Which picture of a film made by :func:`write_film` this is; coding blurs the shade a bit."""
    return round(float(image.mean()) / SHADE_STEP)


def write_film(path: Path, pictures: int, fps: float) -> Path:
    """Write a film whose picture number i has the shade 10 × i."""
    writer = cv2.VideoWriter(
        str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*"mp4v"), fps, (_WIDTH, _HEIGHT)
    )
    assert writer.isOpened()
    for index in range(pictures):
        writer.write(plain(SHADE_STEP * index))
    writer.release()
    return path


def write_uneven_film(path: Path, times_ms: Sequence[int]) -> Path:
    """Write a Matroska film whose picture number i is shown at ``times_ms[i]``."""
    assert path.suffix == ".mkv"
    fps = 10
    data = bytearray(write_film(path, len(times_ms), fps).read_bytes())
    position = 0
    for index, time_ms in enumerate(times_ms):
        # A block begins with track number 1 (as 0x81), then its time in the cluster, in ms.
        position = data.index(b"\x81" + struct.pack(">h", index * 1000 // fps), position) + 1
        data[position : position + 2] = struct.pack(">h", time_ms)
    path.write_bytes(data)
    return path


def turn_film(path: Path) -> Path:
    """Mark the MP4 film *path* as taken with the camera turned: to be shown turned by 90°."""
    data = path.read_bytes()
    one, corner = 0x00010000, 0x40000000
    upright = struct.pack(">9i", one, 0, 0, 0, one, 0, 0, 0, corner)
    turned = struct.pack(">9i", 0, one, 0, -one, 0, 0, 0, 0, corner)
    track = data.index(b"tkhd")
    place = data.index(upright, track)
    path.write_bytes(data[:place] + turned + data[place + len(upright) :])
    return path
