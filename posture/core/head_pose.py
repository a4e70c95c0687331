"""Face landmarks in; the head's rotation, viewing ray and size out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from posture.core.canonical_face import INDEX, LEFT_PUPIL, RIGHT_PUPIL, SHAPE
from posture.core.landmarks import FloatArray
from posture.core.pinhole import Pinhole

_CENTRED = SHAPE - SHAPE.mean(axis=0)
_POWER = float((_CENTRED**2).sum())
_CENTRE = SHAPE.mean(axis=0)


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


def fit_head(face: FloatArray, camera: Pinhole) -> HeadPose:
    """Fit the average face to (478, 3) landmarks: rotation and size in closed form (Umeyama 1991).

    The picture is first turned so that the camera looks straight at the eyes: the landmark model
    sees the face as if it were in the middle, and a leaning head would else read as a turned one.
    """
    width = camera.size[0]
    eyes = camera.pixels(face[[RIGHT_PUPIL, LEFT_PUPIL]])
    ray = camera.ray(eyes.mean(axis=0))
    facing = looking_along(ray)

    points = np.empty((len(INDEX), 3))
    points[:, :2] = camera.pixels(face[INDEX])
    points[:, 2] = camera.focal_px
    rays = points @ facing
    # No point of a face lies beside or behind the camera that looks at its eyes.
    points[:, :2] = rays[:, :2] / np.maximum(rays[:, 2:], 1.0) * camera.focal_px
    points[:, 2] = face[INDEX, 2] * width

    centred = points - points.mean(axis=0)
    left, strength, right = np.linalg.svd(centred.T @ _CENTRED)
    flip = np.array([1.0, 1.0, np.sign(np.linalg.det(left) * np.linalg.det(right))])
    rotation = (left * flip) @ right
    size_px = float((strength * flip).sum()) / _POWER
    residual = centred - size_px * _CENTRED @ rotation.T
    misfit = math.sqrt(float((residual**2).sum()) / len(INDEX)) / max(size_px, 1e-9)
    return HeadPose(facing @ rotation, ray, size_px, misfit, _iris_px(face, camera))


def looking_along(ray: FloatArray) -> FloatArray:
    """(3, 3) rotation of a level camera whose axis is *ray*; columns are its axes."""
    across = np.array([ray[2], 0.0, -ray[0]])
    across /= np.linalg.norm(across)
    return np.stack([across, np.cross(ray, across), ray], axis=1)


# Horizontal ends of the two iris contours; the vertical ones are cut by the lids.
_IRIS_ENDS = ((469, 471), (474, 476))


def _iris_px(face: FloatArray, camera: Pinhole) -> float:
    ends = [camera.pixels(face[list(pair)]) for pair in _IRIS_ENDS]
    return float(np.mean([np.linalg.norm(first - second) for first, second in ends]))
