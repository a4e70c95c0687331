"""The demonstration's person before a camera on this computer, upright without end or not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache

import numpy as np
from mjpeg_server import MjpegServer, serving

from posture.clock import SystemClock
from posture.core.inputs import CameraLost
from posture.plan import demo_facts
from posture.sense.opencv import cv2
from posture.sense.source import open_source
from posture.sense.trace import TraceSource
from posture.sense.window import Window


def upright_film() -> tuple[bytes, ...]:
    """The clip's first seconds, picture by picture, as JPEG."""
    return _film(0.0, demo_facts().calibrate_s)


def close_film() -> tuple[bytes, ...]:
    """The same person too close to the screen."""
    return _film(30.5, 5.0)


def moving_film() -> tuple[bytes, ...]:
    """From upright to close and back, over and over: never at rest."""
    there = _film(0.0, 5.0) + close_film()
    return there + there[::-1]


def away_film() -> tuple[bytes, ...]:
    """The empty chair."""
    return _film(48.5, 4.0)


def covered_film() -> tuple[bytes, ...]:
    """Next to no light gets through the cover, and what a webcam makes of it."""
    return _film(0.0, 5.0, light=0.03, noise=3.0)


@cache
def _film(
    start_s: float, length_s: float, light: float = 1.0, noise: float = 0.0
) -> tuple[bytes, ...]:
    window = Window(start_s, length_s)
    random = np.random.default_rng(1)
    with closing(open_source("demo", SystemClock(), window)) as clip:
        assert not isinstance(clip, TraceSource)
        return tuple(
            cv2.imencode(
                ".jpg",
                np.clip(
                    frame.image * light + random.normal(0.0, noise, frame.image.shape), 0, 255
                ).astype(np.uint8),
            )[1].tobytes()
            for frame in clip.frames()
            if not isinstance(frame, CameraLost)
        )


@contextmanager
def somebody_upright() -> Iterator[MjpegServer]:
    """Serve them at the clip's own pace."""
    with serving() as camera:
        camera.film = upright_film()
        camera.picture_s = demo_facts().calibrate_s / len(camera.film)
        yield camera
