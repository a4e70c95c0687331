"""Observations and a neutral in; the heads at that desk and the bodies that explain them out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from posture.core.head_pose import HeadPose
from posture.core.landmarks import FloatArray
from posture.core.neutral import Neutral, head_angles
from posture.core.observation import Observation
from posture.core.pinhole import Pinhole
from posture.core.skeleton import NEAREST_M, SHOULDERS_SEEN, STATE, Sight, levelled

# What the landmarks scatter by, measured on rendered people: head position across the picture
# and shoulders as tangents, distance as a share.
_HEAD_SD = 0.006
_DEPTH_SD = 0.018
_SHOULDER_SD = 0.015
# The pose model's head is about 9 degrees and 10 % off.
_ROUGH_HEAD_SD = 0.03
_ROUGH_DEPTH_SD = 0.12
# Beyond this turn of the head the face's size grows uncertain, doubling every further 20 degrees.
_SURE_YAW_DEG = 20.0


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """Head in desk axes: eyes (3,) m from neutral, rotation relative to neutral, angles (3,).

    ``rough``: from the pose model's points, no face having been found.
    """

    eyes: FloatArray
    turn: FloatArray
    angles_deg: FloatArray
    distance_cm: float
    rough: bool


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """The body that explains best what was seen.

    ``state``, ``sd``: its state by the names in :data:`STATE` and their standard deviations,
    metres or radians. ``placed``: its tragus, C7, left and right shoulder, x, y, z each.
    ``level``: where the camera would see its shoulders were they level, x, y each, as tangents.
    ``unexplained``: squared standard deviations between what was seen and this body;
    ``unusual``: between this body and the neutral.
    """

    state: Mapping[str, float]
    sd: Mapping[str, float]
    placed: list[list[float]]
    level: list[list[float]]
    unexplained: float
    unusual: float


# None: no head is seen; or no body can be told, the neutral having no shoulders.
Found = tuple[Head | None, Explained | None]


class DeskBody:
    """Finds heads and bodies of one user at one desk; together they cost a fraction."""

    def __init__(self, neutral: Neutral, precision: FloatArray) -> None:
        """``precision``: of the skeleton's state, (11, 11)."""
        self._neutral = neutral
        self._precision = precision
        self.desk = neutral.frame()
        skeleton = self.desk.skeleton
        self.sight: Sight | None = None
        if skeleton is not None:
            self.sight = Sight(skeleton, self.desk.to_camera, neutral.eyes, precision)

    def find(self, seen: Sequence[Observation]) -> list[Found]:
        """Head and body of each, as far as they are seen."""
        heads = self._heads(seen)
        told = [(one, head) for one, head in zip(seen, heads, strict=True) if head is not None]
        if self.sight is None or not told:
            return [(head, None) for head in heads]
        explained = iter(self._explain(self.sight, *zip(*told, strict=True)))
        return [(head, None if head is None else next(explained)) for head in heads]

    def _heads(self, seen: Sequence[Observation]) -> list[Head | None]:
        fits = [(one.head, one.camera) for one in seen if one.head is not None]
        fitted = iter(self._fitted(fits) if fits else [])
        return [self._roughly(one) if one.head is None else next(fitted) for one in seen]

    def _fitted(self, fits: Sequence[tuple[HeadPose, Pinhole]]) -> list[Head]:
        desk, neutral = self.desk, self._neutral
        distances = [head.distance_cm(neutral.pupil_cm, camera) for head, camera in fits]
        rays = np.array([head.ray for head, _ in fits])
        eyes = (rays * (np.array(distances)[:, None] / 100) - neutral.eyes) @ desk.to_camera
        rotations = desk.to_camera.T @ np.array([head.rotation for head, _ in fits])
        angles = np.degrees(head_angles(rotations) - desk.angles)
        turns = rotations @ desk.head.T
        return [Head(*one, rough=False) for one in zip(eyes, turns, angles, distances, strict=True)]

    def _roughly(self, seen: Observation) -> Head | None:
        rough, neutral, desk = seen.rough, self._neutral, self.desk
        if rough is None or neutral.rough_cm is None:
            return None
        scale = seen.camera.focal_px / neutral.focal_px
        distance = neutral.rough_cm * scale / rough.px_per_cm
        pitch = rough.pitch - (neutral.rough_pitch or 0.0)
        yaw = rough.yaw - (neutral.rough_yaw or 0.0)
        turn = _turn(pitch, yaw)
        tragus = np.zeros(3) if desk.skeleton is None else desk.skeleton.tragus
        ray = seen.camera.rays(rough.ears[None])[0]
        ears = desk.to_camera.T @ (ray * distance / 100 - neutral.eyes)
        angles = np.array([math.degrees(pitch), math.degrees(yaw), 0.0])
        return Head(ears - turn @ tragus, turn, angles, distance, rough=True)

    def _explain(
        self, sight: Sight, seen: Sequence[Observation], heads: Sequence[Head]
    ) -> list[Explained]:
        desk = self.desk
        turned = np.array([head.turn for head in heads]) @ sight.skeleton.tragus
        tragus = np.array([head.eyes for head in heads]) + turned
        in_camera = tragus @ desk.to_camera.T + self._neutral.eyes
        depth = np.maximum(in_camera[:, 2], NEAREST_M)
        views = np.empty((len(heads), 7))
        views[:, :2] = in_camera[:, :2] / depth[:, None]
        views[:, 2] = np.log(depth)
        views[:, 3:] = np.array([one.shoulders for one in seen]).reshape(-1, 4)
        sds = np.array([_sds(head) for head in heads])
        states, state_sds = sight.most_probable(views, sds)
        count = len(states)
        placed = sight.skeleton.place(np.concatenate([states, levelled(states)]))
        seen_of = sight.view(placed)
        left = (views - seen_of[:count]) / sds
        return [
            Explained(_named(state), _named(sd), *rest)
            for state, sd, *rest in zip(
                states.tolist(),
                state_sds.tolist(),
                placed[:count].tolist(),
                seen_of[count:, SHOULDERS_SEEN].reshape(-1, 2, 2).tolist(),
                np.vecdot(left, left).tolist(),
                np.vecdot(states @ self._precision, states).tolist(),
                strict=True,
            )
        ]


def _named(state: list[float]) -> Mapping[str, float]:
    return dict(zip(STATE, state, strict=True))


def _sds(head: Head) -> list[float]:
    """(7,) standard deviations of what is seen with this head."""
    if head.rough:
        return [_ROUGH_HEAD_SD, _ROUGH_HEAD_SD, _ROUGH_DEPTH_SD, *[_SHOULDER_SD] * 4]
    beyond_deg = abs(float(head.angles_deg[1])) - _SURE_YAW_DEG
    along = _DEPTH_SD * (1 + max(0.0, beyond_deg) / _SURE_YAW_DEG)
    return [_HEAD_SD, _HEAD_SD, along, *[_SHOULDER_SD] * 4]


def _turn(pitch: float, yaw: float) -> FloatArray:
    """Rotation of a head by chin-down *pitch*, then *yaw* to the user's right (desk axes)."""
    cos, sin = math.cos(pitch), math.sin(pitch)
    nod = np.array([[1.0, 0.0, 0.0], [0.0, cos, -sin], [0.0, sin, cos]])
    cos, sin = math.cos(yaw), math.sin(yaw)
    shake = np.array([[cos, 0.0, -sin], [0.0, 1.0, 0.0], [sin, 0.0, cos]])
    turn: FloatArray = shake @ nod
    return turn
