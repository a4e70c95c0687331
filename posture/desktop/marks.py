"""What is drawn onto the live picture: a few fine lines from the landmarks. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from posture.core.landmarks import LEFT_PUPIL, RIGHT_PUPIL, FloatArray, Landmarks
from posture.core.observation import (
    CHIN,
    LEFT_EAR,
    LEFT_SHOULDER,
    RIGHT_EAR,
    RIGHT_SHOULDER,
    observe,
)
from posture.core.pinhole import Pinhole

Point = tuple[float, float]

_FOREHEAD = 10
_IRIS_ENDS = ((474, 476), (469, 471))
# Beyond the forehead the head's axis goes on by this share of its length, so that a lean shows.
_LONGER = 0.36


@dataclass(frozen=True, slots=True)
class Marks:
    """Places in the picture, as shares of its width and height, not mirrored.

    ``shoulders``: left and right. ``neck``: from between the shoulders to the head. ``head``: along
    the face, bottom to top. ``eyes``: left and right; ``iris``: radius, of the width. What is not
    seen is empty.
    """

    shoulders: tuple[Point, ...] = ()
    neck: tuple[Point, ...] = ()
    head: tuple[Point, ...] = ()
    eyes: tuple[Point, ...] = ()
    iris: float = 0.0


def marks(landmarks: Landmarks) -> Marks:
    """What to draw for one picture."""
    seen = observe(landmarks, Pinhole.typical(landmarks.size))
    shoulders: tuple[Point, ...] = ()
    neck: tuple[Point, ...] = ()
    pose = landmarks.pose
    if pose is not None and seen.both_shoulders:
        shoulders = (_point(pose[LEFT_SHOULDER]), _point(pose[RIGHT_SHOULDER]))
        between = (pose[LEFT_SHOULDER] + pose[RIGHT_SHOULDER]) / 2
        ears = (pose[LEFT_EAR] + pose[RIGHT_EAR]) / 2
        neck = (_point(between), _point(ears))
    face = landmarks.face
    if face is None or seen.head is None:
        return Marks(shoulders, neck)
    chin, forehead = face[CHIN, :2], face[_FOREHEAD, :2]
    top = forehead + (forehead - chin) * _LONGER
    iris = max(abs(float(face[a, 0] - face[b, 0])) / 2 for a, b in _IRIS_ENDS)
    return Marks(
        shoulders,
        # A chin as low as the shoulders hides the neck.
        (neck[0], _point(chin)) if neck and chin[1] < neck[0][1] else (),
        (_point(chin), _point(top)),
        (_point(face[LEFT_PUPIL]), _point(face[RIGHT_PUPIL])),
        iris,
    )


def _point(values: FloatArray) -> Point:
    return (float(values[0]), float(values[1]))
