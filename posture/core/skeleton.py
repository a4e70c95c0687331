"""The body as a short chain of joints, and its most probable pose behind what the camera sees.

A front camera sees seven numbers (where the head is, where the two shoulders are) and the body
has more joints than that. The pose is therefore estimated, not solved: the most probable one
under what was seen and how people move at a desk (maximum a posteriori, Gauss-Newton). What the
picture does not tell stays uncertain, and is reported as unknown.

Axes of this module: x to the user's left, y up, z from the user to the screen; metres, radians.
The origin is midway between the eyes in the neutral posture.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from posture.core.landmarks import FloatArray

# Where an average adult's joints lie from the eyes, seated upright: tragus, C7 and hips after
# common anthropometric tables, halfway between women and men.
TRAGUS = np.array([0.0, -0.008, -0.082])
C7 = np.array([0.0, -0.122, -0.142])
HIP = np.array([0.0, -0.69, -0.16])
# Shoulders sit about 13 cm behind the eyes (science.md, measure 5).
SHOULDER_BEHIND_EYES_M = 0.13

# A slumping thoracic spine carries C7 forward by about as much as down (seated slump: 2.6 cm
# down with 4.6 cm forward in science.md's skeleton; chosen between that and a pure drop).
SLUMP_FORWARD = 1.2

STATE = (
    "chair_left", "chair_up", "chair_forward", "lean", "lateral", "turn",
    "slump", "neck", "neck_lateral", "shrug_left", "shrug_right",
)  # fmt: skip
_N = len(STATE)
INDEX = {name: i for i, name in enumerate(STATE)}


@dataclass(frozen=True, slots=True)
class Prior:
    """How far people move at a desk, as standard deviations (metres, degrees); chosen."""

    chair_left_m: float = 0.04
    chair_up_m: float = 0.006
    chair_forward_m: float = 0.04
    lean_deg: float = 8.0
    lateral_deg: float = 7.0
    turn_deg: float = 6.0
    slump_m: float = 0.022
    neck_deg: float = 10.0
    neck_lateral_deg: float = 8.0
    shrug_m: float = 0.010
    uneven_m: float = 0.010
    slump_neck_correlation: float = 0.6

    def precision(self) -> FloatArray:
        """(11, 11) inverse covariance of the state."""
        rad = math.radians
        sd = np.array(
            [
                self.chair_left_m, self.chair_up_m, self.chair_forward_m,
                rad(self.lean_deg), rad(self.lateral_deg), rad(self.turn_deg),
                self.slump_m, rad(self.neck_deg), rad(self.neck_lateral_deg),
                math.hypot(self.shrug_m, self.uneven_m),
                math.hypot(self.shrug_m, self.uneven_m),
            ]
        )  # fmt: skip
        correlation = np.eye(_N)
        slump, neck = INDEX["slump"], INDEX["neck"]
        correlation[slump, neck] = correlation[neck, slump] = self.slump_neck_correlation
        left, right = INDEX["shrug_left"], INDEX["shrug_right"]
        both, one = self.shrug_m**2, self.uneven_m**2
        correlation[left, right] = correlation[right, left] = (both - one) / (both + one)
        inverse: FloatArray = np.linalg.inv(correlation * np.outer(sd, sd)).astype(np.float64)
        return inverse


@dataclass(frozen=True, slots=True, eq=False)
class Skeleton:
    """One user's neutral posture: (3,) positions of tragus midpoint, C7, hip, shoulders."""

    tragus: FloatArray
    c7: FloatArray
    hip: FloatArray
    left_shoulder: FloatArray
    right_shoulder: FloatArray

    def place(self, state: FloatArray) -> FloatArray:
        """(b, 11) states → (b, 4, 3) positions of tragus, C7, left and right shoulder."""
        q = state.T
        chair = np.stack([q[0], q[1], q[2]], axis=1)
        trunk_points = np.stack([self.c7, self.left_shoulder, self.right_shoulder]) - self.hip
        x, y, z = (np.tile(trunk_points[:, i], (len(state), 1)) for i in range(3))

        cos, sin = np.cos(q[5])[:, None], np.sin(q[5])[:, None]
        x, z = x * cos - z * sin, z * cos + x * sin
        y = y - q[6][:, None]
        y[:, 1] += q[9]
        y[:, 2] += q[10]
        z = z + SLUMP_FORWARD * q[6][:, None]
        cos, sin = np.cos(q[3])[:, None], np.sin(q[3])[:, None]
        y, z = y * cos - z * sin, z * cos + y * sin
        cos, sin = np.cos(q[4])[:, None], np.sin(q[4])[:, None]
        x, y = x * cos - y * sin, y * cos + x * sin
        trunk = np.stack([x, y, z], axis=2) + self.hip + chair[:, None, :]

        neck = self.tragus - self.c7
        cos, sin = np.cos(q[7]), np.sin(q[7])
        ny, nz = neck[1] * cos - neck[2] * sin, neck[2] * cos + neck[1] * sin
        cos, sin = np.cos(q[8]), np.sin(q[8])
        nx, ny = neck[0] * cos - ny * sin, ny * cos + neck[0] * sin
        head = trunk[:, 0] + np.stack([nx, ny, nz], axis=1)
        return np.concatenate([head[:, None], trunk], axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """The most probable state, (11,), and its covariance, (11, 11)."""

    state: FloatArray
    covariance: FloatArray

    def value(self, name: str) -> float:
        """One state variable (metres or radians)."""
        return float(self.state[INDEX[name]])

    def sd(self, name: str) -> float:
        """Standard deviation of one state variable (metres or radians)."""
        i = INDEX[name]
        return math.sqrt(max(float(self.covariance[i, i]), 0.0))


# Chairs either stay or are really moved: the prior on the chair's depth has a heavy tail
# (variance grows by this share of the squared move), so that rolling back by 40 cm is not read as
# lying down.
_CHAIR_TAIL = 0.7

# Gauss-Newton steps; a fourth changes angles by less than 0.1 degree.
_STEPS = 3
_NUDGE = 1e-4


def most_probable(
    skeleton: Skeleton,
    to_camera: FloatArray,
    camera_offset: FloatArray,
    seen: FloatArray,
    sd: FloatArray,
    precision: FloatArray,
) -> Estimate:
    """Estimate the pose from what was seen.

    ``to_camera``: (3, 3) rotation of this module's axes into the camera's (right in the picture,
    down, forward); ``camera_offset``: (3,) the neutral eyes in camera axes, metres.
    ``seen``: (7,) tragus x/z, y/z, ln z, then left and right shoulder x/z, y/z; NaN = not seen.
    ``sd``: (7,) their standard deviations.
    """
    used = np.isfinite(seen)
    weight = 1.0 / sd[used]
    state = np.zeros(_N)
    variants = np.concatenate([np.zeros((1, _N)), np.eye(_N) * _NUDGE])
    chair = INDEX["chair_forward"]
    chair_variance = 1.0 / float(precision[chair, chair])
    precision = precision.copy()
    for _ in range(_STEPS):
        precision[chair, chair] = 1.0 / (chair_variance + _CHAIR_TAIL * state[chair] ** 2)
        predicted = _view(skeleton.place(state + variants), to_camera, camera_offset)[:, used]
        jacobian = ((predicted[1:] - predicted[0]) / _NUDGE).T * weight[:, None]
        residual = (seen[used] - predicted[0]) * weight
        information = jacobian.T @ jacobian + precision
        state = state + np.linalg.solve(information, jacobian.T @ residual - precision @ state)
    return Estimate(state, np.linalg.inv(information))


def _view(points: FloatArray, to_camera: FloatArray, offset: FloatArray) -> FloatArray:
    camera = points @ to_camera.T + offset
    depth = np.maximum(camera[:, :, 2], 0.05)
    flat = camera[:, :, :2] / depth[:, :, None]
    return np.concatenate([flat[:, 0], np.log(depth[:, :1]), flat[:, 2], flat[:, 3]], axis=1)
