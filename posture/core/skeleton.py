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
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

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
# What tilts the shoulder line.
_TILTING = [INDEX[name] for name in ("lateral", "shrug_left", "shrug_right")]
# The angles, and which of them turn, tip and roll the neck, C7 and the shoulders.
_ANGLES = [INDEX[name] for name in ("turn", "lean", "lateral", "neck", "neck_lateral")]
_TURNED_BY = np.array([[0, 0, 0, 0], [3, 1, 1, 1], [4, 2, 2, 2]])


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


@dataclass(frozen=True, eq=False)
class Skeleton:
    """One user's neutral posture: (3,) positions of tragus midpoint, C7, hip, shoulders."""

    tragus: FloatArray
    c7: FloatArray
    hip: FloatArray
    left_shoulder: FloatArray
    right_shoulder: FloatArray

    @cached_property
    def _joints(self) -> tuple[NDArray[np.complex128], FloatArray]:
        """(4, 1) each: across and forward as a complex number, and up, from the joint below."""
        joints = np.array([self.c7, self.c7, self.left_shoulder, self.right_shoulder]) - self.hip
        joints[0] = self.tragus - self.c7
        return joints[:, :1] + 1j * joints[:, 2:], joints[:, 1:2]

    def place(self, state: FloatArray) -> FloatArray:
        """(b, 11) states → (b, 4, 3) positions of tragus, C7, left and right shoulder."""
        # A rotation in a plane is a product of complex numbers; all points and states at once,
        # for this runs often. The head's row is the neck, not turned.
        q = state.T
        flat, height = self._joints
        turn, tip, roll = np.exp(1j * q[_ANGLES])[_TURNED_BY]
        turn[0] = 1.0
        flat = flat * turn
        upright = height + 1j * flat.imag
        upright[1:] += (SLUMP_FORWARD * 1j - 1.0) * q[6]
        upright[2:] += q[9:]
        upright *= tip
        across = (flat.real + 1j * upright.real) * roll

        placed = np.empty((len(state), 4, 3))
        placed[..., 0] = across.real.T
        placed[..., 1] = across.imag.T
        placed[..., 2] = upright.imag.T
        placed[:, 1:] += (self.hip + state[:, :3])[:, None]
        placed[:, 0] += placed[:, 1]
        return placed


def levelled(states: FloatArray) -> FloatArray:
    """(n, 11) states with the shoulders level as in the neutral."""
    level = states.copy()
    level[:, _TILTING] = 0.0
    return level


# Chairs either stay or are really moved: the prior on the chair's depth has a heavy tail
# (variance grows by this share of the squared move), so that rolling back by 40 cm is not read as
# lying down.
_CHAIR_TAIL = 0.7

# Gauss-Newton steps; a fourth changes angles by less than 0.1 degree.
_STEPS = 3
_NUDGE = 1e-4
# A state itself, then with each of its variables nudged.
_VARIANTS = np.concatenate([np.zeros((1, _N)), np.eye(_N) * _NUDGE])
# Nothing is nearer to a camera.
NEAREST_M = 0.05
# Where the shoulders are in what the camera sees.
SHOULDERS_SEEN = slice(3, None)


class Sight:
    """One user's body before one camera: what the camera sees of a pose, and the pose behind it.

    ``to_camera``: (3, 3) rotation of this module's axes into the camera's (right in the picture,
    down, forward); ``eyes``: (3,) the neutral eyes in camera axes, metres; ``precision``: of the
    state, as :meth:`Prior.precision`.
    """

    def __init__(
        self, skeleton: Skeleton, to_camera: FloatArray, eyes: FloatArray, precision: FloatArray
    ) -> None:
        self.skeleton = skeleton
        self._to_camera = to_camera
        self._eyes = eyes
        self._precision = precision
        chair = INDEX["chair_forward"]
        self._chair_variance = 1.0 / float(precision[chair, chair])
        # Every estimate begins at the neutral: what is seen there is always the same.
        self._of_the_neutral = self.view(skeleton.place(_VARIANTS))[None]

    def view(self, points: FloatArray) -> FloatArray:
        """(b, 4, 3) placed points → (b, 7) tragus x/z, y/z, ln z, then shoulders x/z, y/z."""
        camera = points @ self._to_camera.T + self._eyes
        depth = np.maximum(camera[:, :, 2], NEAREST_M)
        flat = camera[:, :, :2] / depth[:, :, None]
        view = np.empty((len(points), 7))
        view[:, :2] = flat[:, 0]
        view[:, 2] = np.log(depth[:, 0])
        view[:, 3:5] = flat[:, 2]
        view[:, 5:] = flat[:, 3]
        return view

    def most_probable(self, seen: FloatArray, sd: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Estimate n poses from what was seen of each, (n, 7) as :meth:`view`; NaN = not seen.

        ``sd``: (n, 7) standard deviations of *seen*. Returns (n, 11) states and theirs.
        """
        used = np.isfinite(seen)
        weight = np.where(used, 1.0 / sd, 0.0)
        seen = np.where(used, seen, 0.0)
        states = np.zeros((len(seen), _N))
        predicted = self._of_the_neutral
        for _ in range(_STEPS - 1):
            information, pull = self._normal_equations(states, predicted, seen, weight)
            states = states + np.linalg.solve(information, pull)[..., 0]
            variants = (states[:, None] + _VARIANTS).reshape(-1, _N)
            predicted = self.view(self.skeleton.place(variants))
            predicted = predicted.reshape(-1, len(_VARIANTS), seen.shape[1])
        information, pull = self._normal_equations(states, predicted, seen, weight)
        covariances = np.linalg.inv(information)
        variances = np.diagonal(covariances, axis1=1, axis2=2)
        return states + (covariances @ pull)[..., 0], np.sqrt(np.maximum(variances, 0.0))

    def _normal_equations(
        self, states: FloatArray, predicted: FloatArray, seen: FloatArray, weight: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """(n, 11, 11) information, (n, 11, 1) pull; their quotients are the next steps."""
        slopes = (predicted[:, 1:] - predicted[:, :1]) * (weight / _NUDGE)[:, None]
        residual = ((seen - predicted[:, 0]) * weight)[..., None]
        information = slopes @ slopes.swapaxes(1, 2) + self._precision
        pull = slopes @ residual - self._precision @ states[..., None]
        chair = INDEX["chair_forward"]
        moved = states[:, chair]
        looser = 1.0 / (self._chair_variance + _CHAIR_TAIL * moved**2) - 1.0 / self._chair_variance
        information[:, chair, chair] += looser
        pull[:, chair, 0] -= looser * moved
        return information, pull
