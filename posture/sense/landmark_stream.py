"""A source in, landmarks out: the landmarkers run only for sources that hold pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from posture.core.inputs import CameraLost
from posture.core.landmarks import Landmarks
from posture.core.neutral import Neutral
from posture.sense.source import FrameSource
from posture.sense.trace import TraceSource


class LandmarkStream:
    """The landmarks of *source*, in order; a live source also says when it has none, and why.

    ``neutral``: tells the landmarker where the user usually is. ``pose_model``, ``face_model``:
    other bundles than the shipped ones.
    """

    def __init__(
        self,
        source: FrameSource | TraceSource,
        neutral: Neutral | None = None,
        *,
        pose_model: Path | None = None,
        face_model: Path | None = None,
    ) -> None:
        self.source = source
        self._neutral = neutral
        self._models = (pose_model, face_model)

    def __iter__(self) -> Iterator[Landmarks | CameraLost]:
        """Yield landmarks; raises what the source and the landmarker raise."""
        if isinstance(self.source, TraceSource):
            yield from self.source.landmarks()
            return
        # MediaPipe takes most of a second to load; a trace does without.
        from posture.sense.landmarker import Landmarker  # noqa: PLC0415
        from posture.sense.mediapipe_tasks import Mode  # noqa: PLC0415
        from posture.sense.person import ExpectedFace  # noqa: PLC0415

        expected = None
        if self._neutral is not None:
            face = self._neutral.expected_face()
            expected = ExpectedFace(face.eye_x, face.eye_y, face.pupil_distance)
        pose_model, face_model = self._models
        mode: Mode = "image" if self.source.independent else "video"
        with Landmarker(
            mode, expected=expected, pose_model=pose_model, face_model=face_model
        ) as landmarker:
            for frame in self.source.frames():
                if isinstance(frame, CameraLost):
                    yield frame
                else:
                    yield landmarker.process(frame)
