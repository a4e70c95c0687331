"""Face landmarks in; the head's rotation, viewing ray and size out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from posture.core.canonical_face import INDEX, SHAPE
from posture.core.landmarks import LEFT_PUPIL, RIGHT_PUPIL, FloatArray
from posture.core.pinhole import Pinhole

_CENTRED = SHAPE - SHAPE.mean(axis=0)
_POWER = float((_CENTRED**2).sum())
_RIGID = len(INDEX)
# Horizontal ends of the two iris contours; the vertical ones are cut by the lids.
_IRIS_ENDS = (469, 474, 471, 476)
_USED = np.array([*INDEX, RIGHT_PUPIL, LEFT_PUPIL, *_IRIS_ENDS])
_PUPILS, _IRISES = slice(_RIGID, _RIGID + 2), slice(_RIGID + 2, None)


@dataclass(frozen=True, slots=True, eq=False)
class HeadPose:
    """The head as the camera sees it.

    ``rotation``: (3, 3) face axes (left, down, back) → camera axes (right in the picture, down,
    forward). ``ray``: (3,) unit vector camera → midpoint of the eyes. ``size_px``: pixels one
    pupil distance would span at the eyes, turned square to the ray. ``misfit``: RMS difference
    to the average face, in pupil distances. ``iris_px``: mean width of the irises, px.
    """

    rotation: FloatArray
    ray: FloatArray
    size_px: float
    misfit: float
    iris_px: float

    def distance_cm(self, pupil_cm: float, camera: Pinhole) -> float:
        """From *camera* to the eyes, of somebody with this pupil distance."""
        return pupil_cm * camera.focal_px / self.size_px


def between_deg(one: FloatArray, other: FloatArray) -> float:
    """Angle of the turn that takes rotation *one*, (3, 3), to *other*: 0 to 180."""
    cosine = (float(np.trace(one.T @ other)) - 1) / 2
    return math.degrees(math.acos(min(max(cosine, -1.0), 1.0)))


def fit_head(face: FloatArray, camera: Pinhole) -> HeadPose:
    """Fit the average face to (478, 3) landmarks: rotation and size in closed form (Umeyama 1991).

    The picture is first turned so that the camera looks straight at the eyes: the landmark model
    sees the face as if it were in the middle, and a leaning head would else read as a turned one.
    """
    used = face[_USED]
    pixels = camera.pixels(used)
    eyes = (pixels[_PUPILS][0] + pixels[_PUPILS][1]) / 2
    ray = camera.ray(eyes)
    facing = looking_along(ray)

    points = np.empty((_RIGID, 3))
    points[:, :2] = pixels[:_RIGID]
    points[:, 2] = camera.focal_px
    rays = points @ facing
    # No point of a face lies beside or behind the camera that looks at its eyes.
    points[:, :2] = rays[:, :2] / np.maximum(rays[:, 2:], 1.0) * camera.focal_px
    points[:, 2] = used[:_RIGID, 2] * camera.size[0]

    centred = points - np.add.reduce(points) / _RIGID
    left, strength, right = np.linalg.svd(centred.T @ _CENTRED)
    flip = np.array([1.0, 1.0, math.copysign(1.0, _determinant(left @ right))])
    rotation = (left * flip) @ right
    size_px = float(strength @ flip) / _POWER
    residual = centred - size_px * _CENTRED @ rotation.T
    misfit = math.sqrt(float(np.vdot(residual, residual)) / _RIGID) / max(size_px, 1e-9)
    return HeadPose(facing @ rotation, ray, size_px, misfit, _iris_px(pixels[_IRISES]))


def looking_along(ray: FloatArray) -> FloatArray:
    """(3, 3) rotation of a level camera whose axis is *ray*; columns are its axes."""
    x, y, z = ray.tolist()
    level = math.hypot(x, z)
    across_x, across_z = z / level, -x / level
    return np.array(
        [
            [across_x, y * across_z, x],
            [0.0, z * across_x - x * across_z, y],
            [across_z, -y * across_x, z],
        ]
    )


def _determinant(matrix: FloatArray) -> float:
    (a, b, c), (d, e, f), (g, h, i) = matrix.tolist()
    value: float = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    return value


def _iris_px(ends: FloatArray) -> float:
    """(4, 2) right ends of both irises, then left ends."""
    across = ends[:2] - ends[2:]
    first, second = np.hypot(across[:, 0], across[:, 1])
    return float(first + second) / 2
