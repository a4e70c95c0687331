"""A source in, landmarks out: the landmarkers run only for sources that hold pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from posture.core.inputs import CameraLost
from posture.core.landmarks import ExpectedFace, Landmarks
from posture.sense.frame import Frame
from posture.sense.source import FrameSource
from posture.sense.trace import TraceSource


@dataclass(frozen=True, slots=True)
class Seen:
    """Landmarks and the picture they were found in (None: a trace has no pictures).

    ``face_alone``: only the face was looked for; the pose is that of the last look.
    """

    landmarks: Landmarks
    frame: Frame | None
    face_alone: bool = False


# Whether the landmarks of a face alone say all there is to know.
Enough = Callable[[Landmarks], bool]


class LandmarkStream:
    """The landmarks of *source*, in order; a live source also says when it has none, and why.

    ``expected``: where the user's face usually is. ``pose_model``, ``face_model``: other bundles
    than the shipped ones.
    """

    def __init__(
        self,
        source: FrameSource | TraceSource,
        expected: ExpectedFace | None = None,
        *,
        pose_model: Path | None = None,
        face_model: Path | None = None,
    ) -> None:
        self.source = source
        self._expected = expected
        self._models = (pose_model, face_model)

    def __iter__(self) -> Iterator[Landmarks | CameraLost]:
        """Yield landmarks; raises what the source and the landmarker raise."""
        for item in self.seen():
            yield item if isinstance(item, CameraLost) else item.landmarks

    def seen(self) -> Iterator[Seen | CameraLost]:
        """Yield landmarks with their pictures; raises what the source and the landmarker raise."""
        yield from self.watched(lambda: None)

    def watched(self, peek: Callable[[], Enough | None]) -> Iterator[Seen | CameraLost]:
        """The same, but content with the face alone where *peek*, asked each time, gives
        something for which it is enough.
        """
        if isinstance(self.source, TraceSource):
            for landmarks in self.source.landmarks():
                yield Seen(landmarks, None)
            return
        # MediaPipe takes most of a second to load; a trace does without.
        from posture.sense.landmarker import Landmarker  # noqa: PLC0415
        from posture.sense.mediapipe_tasks import Mode  # noqa: PLC0415

        pose_model, face_model = self._models
        mode: Mode = "image" if self.source.independent else "video"
        with Landmarker(
            mode, expected=self._expected, pose_model=pose_model, face_model=face_model
        ) as landmarker:
            last: Landmarks | None = None
            for frame in self.source.frames():
                enough = peek()
                if isinstance(frame, CameraLost):
                    yield frame
                    continue
                face = None if enough is None else landmarker.face_alone(frame)
                if enough and last is not None and face is not None and enough(face):
                    yield Seen(replace(last, at=face.at, face=face.face), frame, face_alone=True)
                else:
                    last = landmarker.process(frame)
                    yield Seen(last, frame)
