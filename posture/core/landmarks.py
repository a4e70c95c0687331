"""Landmarks: what the core is told about one picture. The core's only input from the camera."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from posture.clock import Instant

FloatArray = npt.NDArray[np.float64]

POSE_POINTS = 33
FACE_POINTS = 478
# Middles of the irises.
RIGHT_PUPIL, LEFT_PUPIL = 468, 473


def in_pixels(face: FloatArray, size: tuple[int, int]) -> FloatArray:
    """*face*, (478, 3) normalised, in pixels of a picture of *size* (width, height).

    MediaPipe's z is in picture widths, like x.
    """
    return face * (size[0], size[1], size[0])


def pupil_distance_px(face: FloatArray, size: tuple[int, int]) -> float:
    """Distance of the pupils, in depth too, so that a turned head keeps its size."""
    right, left = in_pixels(face[[RIGHT_PUPIL, LEFT_PUPIL]], size)
    return float(np.linalg.norm(right - left))


@dataclass(frozen=True, slots=True)
class SceneMotion:
    """How the background has moved in the picture since the camera was opened.

    ``right``, ``down``: shares of the picture's width; ``scale``: 1 = as large as before;
    ``roll_deg``: + clockwise in the picture.
    """

    right: float = 0.0
    down: float = 0.0
    scale: float = 1.0
    roll_deg: float = 0.0


@dataclass(frozen=True, slots=True)
class ExpectedFace:
    """Where the user's eyes usually are: a hint, from calibration.

    ``eye_x``: midpoint of the pupils, in picture widths from the left; ``eye_y``: in picture
    heights from the top; ``pupil_distance``: in picture widths.
    """

    eye_x: float
    eye_y: float
    pupil_distance: float


@dataclass(frozen=True, slots=True, eq=False)
class Landmarks:
    """The points of the one person who is taken for the user, at one moment.

    ``size``: width, height in pixels of the picture (not mirrored).
    ``pose``: (33, 4) x, y, z, visibility in MediaPipe's normalised coordinates, or None.
    ``face``: (478, 3) x, y, z in the same coordinates, or None.
    ``light``: mean luma of the picture, 0 (black) to 255, or None when not measured.
    ``scene``: what the background did, or None when not watched.

    Raises ValueError for other shapes, a size below 1 px, or values that are not finite.
    """

    at: Instant
    size: tuple[int, int]
    pose: FloatArray | None
    face: FloatArray | None
    light: float | None = None
    scene: SceneMotion | None = None

    def __post_init__(self) -> None:
        if min(self.size) < 1:
            raise ValueError(f"size must be positive, not {self.size}")
        for name, points, shape in (
            ("pose", self.pose, (POSE_POINTS, 4)),
            ("face", self.face, (FACE_POINTS, 3)),
        ):
            if points is None:
                continue
            if points.shape != shape:
                raise ValueError(f"{name} must have shape {shape}, not {points.shape}")
            if not np.isfinite(points).all():
                raise ValueError(f"{name} holds a value that is not finite")
