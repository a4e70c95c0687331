"""Which of the people in view is the user, and whether a body belongs to a face."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from posture.clock import Instant
from posture.core.landmarks import (
    LEFT_PUPIL,
    RIGHT_PUPIL,
    ExpectedFace,
    FloatArray,
    in_pixels,
    pupil_distance_px,
)

_CHEEK_A, _CHEEK_B = 234, 454
_FOREHEAD, _CHIN = 10, 152
_MEASURED = [RIGHT_PUPIL, LEFT_PUPIL, _CHEEK_A, _CHEEK_B, _FOREHEAD, _CHIN]
_POSE_NOSE, _POSE_EYE_A, _POSE_EYE_B = 0, 2, 5
_TORSO = [11, 12, 24, 23]

TRACK_LIFE_S = 2.0  # chosen: a turned head comes back within it, a leaving user does not
# Chosen: with 60 mm between pupils, a face under 1.2 % of a picture taken through a 60-78° lens
# is more than 3 m away: a poster, or someone passing.
MIN_PUPIL_DISTANCE = 0.012
# Chosen: between two samples a user's head moves less than three pupil distances (19 cm) and
# changes its size less than twofold; someone behind is farther off or smaller.
MAX_STEP_PUPILS = 3.0
MAX_SIZE_RATIO = 2.0
# Chosen: pose and face of one person agree within a tenth of a face width on rendered and real
# pictures; two heads are at least one apart.
MAX_POSE_OFFSET_FACES = 0.6


@dataclass(frozen=True, slots=True)
class Sighting:
    """One face's place and size in pixels.

    ``pupils``: distance of the pupils in depth too, so that a turned head keeps its size.
    ``width``: cheek to cheek, also in depth; ``height``: forehead to chin.
    """

    eye_x: float
    eye_y: float
    pupils: float
    width: float
    height: float

    @staticmethod
    def of(face: FloatArray, size: tuple[int, int]) -> Sighting:
        """Measure *face*, (478, 3) normalised, in a picture of *size* (width, height)."""
        right, left, *cheeks, forehead, chin = in_pixels(face[_MEASURED], size).tolist()
        return Sighting(
            (right[0] + left[0]) / 2,
            (right[1] + left[1]) / 2,
            pupil_distance_px(face, size),
            math.dist(*cheeks),
            math.dist(forehead, chin),
        )

    def step_from(self, other: Sighting) -> float:
        """How far the eyes are from *other*'s, in pupil distances of the larger face."""
        larger = max(self.pupils, other.pupils)
        return math.hypot(self.eye_x - other.eye_x, self.eye_y - other.eye_y) / larger

    def continues(self, other: Sighting) -> bool:
        """Whether this can be the same head as *other*, a moment later."""
        ratio = max(self.pupils, other.pupils) / min(self.pupils, other.pupils)
        return self.step_from(other) <= MAX_STEP_PUPILS and ratio <= MAX_SIZE_RATIO

    def strangeness(self, other: Sighting) -> float:
        """How unlike *other* in place and size; 0 is the same."""
        return self.step_from(other) + 2 * abs(math.log(self.pupils / other.pupils))


class UserTrack:
    """Remembers where the user's face was, to find the same person again.

    The track lives on capture time; without a track of the last two seconds the choice is made
    anew: the face most like *expected* if that is known, else the largest.
    """

    def __init__(self, expected: ExpectedFace | None = None) -> None:
        self.expected = expected
        self._last: tuple[Instant, tuple[int, int], Sighting] | None = None

    def choose(
        self, faces: Sequence[FloatArray], size: tuple[int, int], at: Instant
    ) -> FloatArray | None:
        """The user's face among *faces* (each (478, 3) normalised), or None."""
        seen = [(Sighting.of(face, size), face) for face in faces]
        seen = [(s, face) for s, face in seen if s.pupils >= MIN_PUPIL_DISTANCE * size[0]]
        last = self._recent(at, size)
        if last is not None:
            seen = [(s, face) for s, face in seen if s.continues(last)]
        if not seen:
            return None
        guide = last or self._hint(size)
        if guide is None:
            sighting, face = max(seen, key=lambda pair: pair[0].pupils)
        else:
            sighting, face = min(seen, key=lambda pair: pair[0].strangeness(guide))
        self._last = (at, size, sighting)
        return face

    def forget(self) -> None:
        """Drop the track: the next picture has nothing to do with the last."""
        self._last = None

    def _recent(self, at: Instant, size: tuple[int, int]) -> Sighting | None:
        if self._last is None:
            return None
        then, last_size, sighting = self._last
        fresh = 0 <= at - then <= TRACK_LIFE_S
        return sighting if fresh and size == last_size else None

    def _hint(self, size: tuple[int, int]) -> Sighting | None:
        if self.expected is None:
            return None
        pupils = self.expected.pupil_distance * size[0]
        return Sighting(
            self.expected.eye_x * size[0], self.expected.eye_y * size[1], pupils, 0.0, 0.0
        )


def pose_on_face(pose: FloatArray, face: FloatArray, size: tuple[int, int]) -> bool:
    """Whether the head of *pose* (33, 4) lies on *face* (478, 3), both normalised."""
    sighting = Sighting.of(face, size)
    head = (pose[[_POSE_NOSE, _POSE_EYE_A, _POSE_EYE_B], :2] * size).mean(axis=0)
    nose = face[1, :2] * size
    target = (nose + 2 * np.array((sighting.eye_x, sighting.eye_y))) / 3
    return bool(np.linalg.norm(head - target) <= MAX_POSE_OFFSET_FACES * sighting.width)


def face_on_torso(pose: FloatArray, face: FloatArray, size: tuple[int, int]) -> bool:
    """Whether the middle of *face*'s eyes lies between shoulders and hips of *pose*."""
    sighting = Sighting.of(face, size)
    corners = pose[_TORSO, :2] * size - (sighting.eye_x, sighting.eye_y)
    following = np.roll(corners, -1, axis=0)
    # Seen from within, all corners of a convex shape follow each other the same way round.
    turns = corners[:, 0] * following[:, 1] - corners[:, 1] * following[:, 0]
    return bool((turns > 0).all() or (turns < 0).all())


def body_window(face: FloatArray, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Left, top, right, bottom in pixels of the part that holds this face's body.

    Four face widths wide, one face height above the forehead, four below the chin (chosen: the
    shoulders are 2.7 face widths apart, the hips about three face heights below the chin).
    """
    sighting = Sighting.of(face, size)
    middle = float(face[:, 0].mean()) * size[0]
    forehead, chin = face[_FOREHEAD, 1] * size[1], face[_CHIN, 1] * size[1]
    left, right = middle - 2 * sighting.width, middle + 2 * sighting.width
    top, bottom = forehead - sighting.height, chin + 4 * sighting.height
    return (
        max(0, round(left)),
        max(0, round(float(top))),
        min(size[0], round(right)),
        min(size[1], round(float(bottom))),
    )
