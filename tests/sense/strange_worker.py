"""Workers to be replaced: ``strange_worker.py WAY``, speaking as a worker does, without a camera.

``WAY``: what becomes of it after its second picture.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from posture.clock import SystemClock
from posture.core.inputs import CameraLost
from posture.core.landmarks import Landmarks
from posture.errors import LandmarkingFailed, ModelError, PostureError
from posture.sense import wire
from posture.sense.sight import Again, Sight, SourceEnded
from posture.sense.wire import Opened


def main(way: str) -> None:
    told, says = sys.stdin.buffer, sys.stdout.buffer
    clock = SystemClock()
    failures: dict[str, PostureError] = {
        "landmarker": LandmarkingFailed("MediaPipe failed on a picture: why.", "Start again."),
        "model": ModelError("The model is damaged.", "Install posture again."),
    }
    assert wire.read(told) is not None
    if way == "dies at once":
        os._exit(3)
    wire.write_report(says, Opened(live=way != "file"))
    for _ in range(2):
        landmarks = Landmarks(clock.now(), (640, 480), None, None, 100.0)
        wire.write_report(says, Sight(landmarks))
    if way in failures:
        wire.write_report(says, SourceEnded(failures[way]))
    elif way == "babbles":
        says.write(b"This is no message at all.")
        says.flush()
    elif way == "stalled":
        for _ in range(1000):
            wire.write_report(says, CameraLost(clock.now(), "stalled"))
            time.sleep(0.01)
    elif way in {"dies", "file"}:
        os.abort()
    elif way == "again":
        for _ in range(3):
            wire.write_report(says, Again(clock.now()))
    while (message := wire.read(told)) is not None:
        if way == "deaf":
            time.sleep(60)
        elif way == "repeats":
            wish = wire.wish_of(message[0])
            reason = "undecided" if wish.undecided else "decided"
            wire.write_report(says, CameraLost(clock.now(), reason))


if __name__ == "__main__":
    main(sys.argv[1])
