"""Face landmarks in; each head's rotation, viewing ray and size out."""

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
    # The trace of one.T @ other.
    cosine = (float(np.vdot(one, other)) - 1) / 2
    return math.degrees(math.acos(min(max(cosine, -1.0), 1.0)))


def fit_heads(faces: FloatArray, camera: Pinhole) -> list[HeadPose]:
    """Fit the average face to each of (n, 478, 3) landmarks: rotation and size in closed form
    (Umeyama 1991).

    The picture is first turned so that the camera looks straight at the eyes: the landmark model
    sees the face as if it were in the middle, and a leaning head would else read as a turned one.
    """
    used = faces[:, _USED]
    pixels = camera.pixels(used)
    rays = camera.rays(pixels[:, _PUPILS].sum(axis=1) / 2)
    facing = looking_along(rays)

    points = np.empty((len(faces), _RIGID, 3))
    points[..., :2] = pixels[:, :_RIGID]
    points[..., 2] = camera.focal_px
    points = points @ facing
    # No point of a face lies beside or behind the camera that looks at its eyes.
    points[..., :2] *= camera.focal_px / np.maximum(points[..., 2:], 1.0)
    points[..., 2] = used[:, :_RIGID, 2] * camera.size[0]

    centred = points - points.sum(axis=1, keepdims=True) / _RIGID
    left, strength, right = np.linalg.svd(centred.swapaxes(1, 2) @ _CENTRED)
    flip = np.ones((len(faces), 3))
    flip[:, 2] = np.copysign(1.0, np.linalg.det(left @ right))
    rotations = (left * flip[:, None]) @ right
    sizes_px = (strength * flip).sum(axis=1) / _POWER
    residual = centred - sizes_px[:, None, None] * (_CENTRED @ rotations.swapaxes(1, 2))
    misfits = np.sqrt((residual**2).sum(axis=(1, 2)) / _RIGID) / np.maximum(sizes_px, 1e-9)
    return [
        HeadPose(*one)
        for one in zip(
            facing @ rotations,
            rays,
            sizes_px.tolist(),
            misfits.tolist(),
            _iris_px(pixels[:, _IRISES]).tolist(),
            strict=True,
        )
    ]


def looking_along(rays: FloatArray) -> FloatArray:
    """(n, 3) unit vectors → (n, 3, 3) rotations of level cameras with these axes; columns are
    each one's axes.
    """
    x, y, z = rays.T
    level = np.hypot(x, z)
    across_x, across_z = z / level, -x / level
    along = np.zeros((len(rays), 3, 3))
    along[:, 0, 0] = across_x
    along[:, 2, 0] = across_z
    along[:, 0, 1] = y * across_z
    along[:, 1, 1] = z * across_x - x * across_z
    along[:, 2, 1] = -y * across_x
    along[:, :, 2] = rays
    return along


def _iris_px(ends: FloatArray) -> FloatArray:
    """(n, 4, 2) right ends of both irises, then left ends → (n,) their mean width."""
    across = ends[:, :2] - ends[:, 2:]
    width: FloatArray = np.hypot(across[..., 0], across[..., 1]).sum(axis=1) / 2
    return width
