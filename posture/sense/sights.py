"""Pictures together with what was seen in them: for windows that show both. In memory only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from posture.core.inputs import CameraLost
from posture.core.landmarks import Landmarks
from posture.sense.frame import Image
from posture.sense.source import FrameSource


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """``picture``: (height, width, 3) BGR, not mirrored; ``landmarks``: the user in it."""

    landmarks: Landmarks
    picture: Image


def sights(
    source: FrameSource, *, pose_model: Path | None = None, face_model: Path | None = None
) -> Iterator[Sight | CameraLost]:
    """The pictures of *source* as they come, or why there are none; raises what it raises."""
    # MediaPipe takes most of a second to load.
    from posture.sense.landmarker import Landmarker  # noqa: PLC0415

    with Landmarker(pose_model=pose_model, face_model=face_model) as landmarker:
        for frame in source.frames():
            if isinstance(frame, CameraLost):
                yield frame
            else:
                yield Sight(landmarker.process(frame), frame.image)
