"""One picture's geometry and the user's neutral in, the measures of that moment out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from posture.clock import Instant
from posture.core.calibration import AVERAGE_PUPIL_CM
from posture.core.head_pose import HeadPose
from posture.core.landmarks import FloatArray
from posture.core.metrics import Metrics
from posture.core.neutral import DeskFrame, Neutral, head_angles
from posture.core.observation import Observation, RoughHead
from posture.core.skeleton import NEAREST_M, SHOULDERS_SEEN, Estimate, Prior, Sight, Skeleton

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
# Above this turn sagittal measures are not given (science.md section 5, quality gate).
_SAGITTAL_YAW_DEG = 30.0
# A turned head's roll mixes with its pitch: the side-bend of the neck is then not given.
_LATERAL_YAW_DEG = 25.0
# Eyes this far above the neutral belong to someone who stands, this far below to someone who does
# not sit any more: the seated skeleton does not apply. Chosen below the 25 cm of a rising user
# (science.md section 6), and beyond the deepest slide down a chair.
_SEATED_RISE_CM = 18.0
_SEATED_DROP_CM = 35.0
# Posterior standard deviations above which a measure is unknown; chosen between those with both
# shoulders in view (about 5 degrees, 0.9 cm) and without (the prior's).
_MOST_LEAN_SD_DEG = 7.0
_MOST_SLUMP_SD_CM = 1.8
_MOST_NECK_SD_DEG = 8.0
# How people hold their heads at a desk, from their neutral, as standard deviations (chosen, as
# the skeleton's).
_HEAD_FLEXION_DEG, _HEAD_YAW_DEG, _HEAD_ROLL_DEG = 12.0, 15.0, 8.0


@dataclass(frozen=True, slots=True, eq=False)
class _Head:
    """Head in desk axes: eyes (3,) m from neutral, rotation relative to neutral, angles (3,)."""

    eyes: FloatArray
    turn: FloatArray
    angles_deg: FloatArray
    distance_cm: float
    rough: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Explained:
    """What was seen, (7,), its standard deviations, and the body that explains it best.

    ``placed``: (2, 4, 3) that body as it is and with its shoulders level; ``views``: (2, 7) what
    the camera sees of both.
    """

    view: FloatArray
    sd: FloatArray
    body: Estimate
    placed: FloatArray
    views: FloatArray


@dataclass(frozen=True, slots=True)
class Misfit:
    """Squared standard deviations: 0 = as calibrated.

    ``unexplained``: what no posture of this user at this desk explains; ``unusual``: how far the
    posture that explains the rest is from the neutral.
    """

    unexplained: float
    unusual: float

    @property
    def total(self) -> float:
        """Both."""
        return self.unexplained + self.unusual


class Measurer:
    """Measures moments against one neutral posture."""

    def __init__(self, neutral: Neutral) -> None:
        self._neutral = neutral
        self._desk = neutral.frame()
        self._precision = Prior().precision()
        skeleton = self._desk.skeleton
        self._sight = None
        if skeleton is not None:
            self._sight = Sight(skeleton, self._desk.to_camera, neutral.eyes, self._precision)
        # Finding head and body is most of the work; measures and misfit want the same.
        self._last: tuple[Observation, _Head | None, _Explained | None] | None = None

    def measure(self, at: Instant, seen: Observation) -> Metrics:
        """The measures of one moment; what the picture does not tell is None."""
        head, found = self._find(seen)
        if head is None:
            return Metrics(at)
        flexion, yaw, roll = (float(angle) for angle in head.angles_deg)
        seated = -_SEATED_DROP_CM <= float(head.eyes[1]) * 100 <= _SEATED_RISE_CM
        straight = abs(yaw) <= _SAGITTAL_YAW_DEG
        values: dict[str, float | None] = {
            "distance_cm": self._viewing_distance_cm(head),
            "head_flexion_deg": flexion,
            "head_yaw_deg": yaw,
            "head_roll_deg": None if head.rough else roll,
            "forward_lean_cm": float(head.eyes[2]) * 100 if not head.rough else None,
            "eye_rise_cm": float(head.eyes[1]) * 100,
        }
        if self._sight is not None and found is not None and seated:
            values |= _trunk(self._sight.skeleton, found, seen, straight and not head.rough)
            # Level shoulders are no level line to a camera beside or below, when the user comes
            # nearer or sinks: only what differs from theirs is a tilt.
            level = found.views[1, SHOULDERS_SEEN].reshape(2, 2)
            tilt = math.degrees(_line_tilt(seen.shoulders) - _line_tilt(level))
            if not math.isnan(tilt):
                values["shoulder_tilt_deg"] = tilt
                known = abs(yaw) <= _LATERAL_YAW_DEG and not head.rough
                values["neck_lateral_deg"] = roll - tilt if known else None
        return Metrics(at, **values)

    def misfit(self, seen: Observation) -> Misfit | None:
        """How far the picture is from what this user looks like at this desk; None without both
        shoulders and a face.
        """
        head, found = self._find(seen)
        if head is None or head.rough or found is None or not np.isfinite(seen.shoulders).all():
            return None
        flexion, yaw, roll = (float(angle) for angle in head.angles_deg)
        state = found.body.state
        left = (found.view - found.views[0]) / found.sd
        pose = (flexion / _HEAD_FLEXION_DEG, yaw / _HEAD_YAW_DEG, roll / _HEAD_ROLL_DEG)
        return Misfit(
            unexplained=float(left @ left),
            unusual=float(state @ self._precision @ state) + sum(p * p for p in pose),
        )

    def _find(self, seen: Observation) -> tuple[_Head | None, _Explained | None]:
        """Head and body, as far as they are seen; worked out once for each picture."""
        if self._last is None or self._last[0] is not seen:
            head = self._head(seen)
            found = None
            if head is not None and self._sight is not None:
                found = self._explain(self._sight, seen, head)
            self._last = seen, head, found
        return self._last[1:]

    def _head(self, seen: Observation) -> _Head | None:
        if seen.head is not None:
            return _fitted(seen.head, seen, self._neutral, self._desk)
        if seen.rough is not None and self._neutral.rough_cm is not None:
            return _roughly(seen.rough, seen, self._neutral, self._desk)
        return None

    def _viewing_distance_cm(self, head: _Head) -> float:
        """Eyes to the screen's centre where its place is known, else to the camera."""
        screen = self._neutral.screen_cm
        if screen is None:
            return head.distance_cm
        camera = -(self._desk.to_camera.T @ self._neutral.eyes)
        centre = camera + np.array([screen[0], screen[1], 0.0]) / 100
        return float(np.linalg.norm(head.eyes - centre)) * 100

    def _explain(self, sight: Sight, seen: Observation, head: _Head) -> _Explained:
        tragus = head.eyes + head.turn @ sight.skeleton.tragus
        in_camera = self._desk.to_camera @ tragus + self._neutral.eyes
        depth = max(float(in_camera[2]), NEAREST_M)
        view = np.array(
            [in_camera[0] / depth, in_camera[1] / depth, math.log(depth), *seen.shoulders.ravel()]
        )
        yaw_deg = abs(float(head.angles_deg[1]))
        doubt = 1 + max(0.0, yaw_deg - _SURE_YAW_DEG) / _SURE_YAW_DEG
        across, along = (
            (_ROUGH_HEAD_SD, _ROUGH_DEPTH_SD) if head.rough else (_HEAD_SD, _DEPTH_SD * doubt)
        )
        sd = np.array([across, across, along, *[_SHOULDER_SD] * 4])
        body = sight.most_probable(view, sd)
        placed = sight.skeleton.place(np.stack([body.state, body.levelled()]))
        return _Explained(view, sd, body, placed, sight.view(placed))


def _trunk(
    skeleton: Skeleton, found: _Explained, seen: Observation, sagittal: bool
) -> dict[str, float | None]:
    body = found.body
    _, c7, left, right = found.placed[0]
    hip = skeleton.hip + body.state[:3]
    now, before = c7 - hip, skeleton.c7 - skeleton.hip
    both = bool(np.isfinite(seen.shoulders).all())
    drop = (skeleton.left_shoulder + skeleton.right_shoulder - left - right)[1] / 2
    shrug = (body.value("shrug_left") + body.value("shrug_right")) / 2
    sure_lean = math.degrees(body.sd("lean")) <= _MOST_LEAN_SD_DEG
    sure_slump = body.sd("slump") * 100 <= _MOST_SLUMP_SD_CM
    sure_neck = math.degrees(body.sd("neck")) <= _MOST_NECK_SD_DEG
    forward = math.atan2(now[2], now[1]) - math.atan2(before[2], before[1])
    sideways = math.atan2(before[0], before[1]) - math.atan2(now[0], now[1])
    return {
        "trunk_inclination_deg": math.degrees(forward) if sagittal and sure_lean else None,
        "trunk_lateral_deg": math.degrees(sideways) if both else None,
        "slump_cm": float(drop) * 100 if sagittal and sure_slump else None,
        "forward_head_deg": math.degrees(body.value("neck")) if sagittal and sure_neck else None,
        "shoulder_shrug_cm": shrug * 100 if both else None,
    }


def _line_tilt(shoulders: FloatArray) -> float:
    """Slope of the shoulder line in the picture, radians, + right shoulder lower; NaN unseen."""
    across = shoulders[0] - shoulders[1]
    return math.atan2(-float(across[1]), abs(float(across[0])))


def _fitted(head: HeadPose, seen: Observation, neutral: Neutral, desk: DeskFrame) -> _Head:
    distance = head.distance_cm(neutral.pupil_cm, seen.camera)
    eyes = desk.to_camera.T @ (head.ray * distance / 100 - neutral.eyes)
    rotation = desk.to_camera.T @ head.rotation
    angles = np.degrees(head_angles(rotation) - desk.angles)
    return _Head(eyes, rotation @ desk.head.T, angles, distance, rough=False)


def _roughly(rough: RoughHead, seen: Observation, neutral: Neutral, desk: DeskFrame) -> _Head:
    scale = seen.camera.focal_px / neutral.focal_px
    distance = (neutral.rough_cm or 0.0) * scale / rough.px_per_cm
    pitch = rough.pitch - (neutral.rough_pitch or 0.0)
    yaw = rough.yaw - (neutral.rough_yaw or 0.0)
    turn = _turn(pitch, yaw)
    skeleton = desk.skeleton
    tragus = np.zeros(3) if skeleton is None else skeleton.tragus
    ears = desk.to_camera.T @ (seen.camera.ray(rough.ears) * distance / 100 - neutral.eyes)
    angles = np.array([math.degrees(pitch), math.degrees(yaw), 0.0])
    return _Head(ears - turn @ tragus, turn, angles, distance, rough=True)


def _turn(pitch: float, yaw: float) -> FloatArray:
    """Rotation of a head by chin-down *pitch*, then *yaw* to the user's right (desk axes)."""
    cos, sin = math.cos(pitch), math.sin(pitch)
    nod = np.array([[1.0, 0.0, 0.0], [0.0, cos, -sin], [0.0, sin, cos]])
    cos, sin = math.cos(yaw), math.sin(yaw)
    shake = np.array([[cos, 0.0, -sin], [0.0, 1.0, 0.0], [sin, 0.0, cos]])
    turn: FloatArray = shake @ nod
    return turn


def measure_stranger(at: Instant, seen: Observation, pupil_cm: float = AVERAGE_PUPIL_CM) -> Metrics:
    """What can be said of a stranger: rough distance and the tilts, relative to the camera.

    ``pupil_cm``: pupil distance that makes the size of the face read its distance.
    """
    slope = _line_tilt(seen.shoulders)
    tilt = None if math.isnan(slope) else math.degrees(slope)
    if seen.head is None:
        return Metrics(at, shoulder_tilt_deg=tilt)
    rotation = seen.head.rotation
    left = rotation[:, 0]
    forward = -rotation[:, 2]
    roll = math.degrees(math.atan2(-float(left[1]), float(left[0])))
    return Metrics(
        at,
        distance_cm=seen.head.distance_cm(pupil_cm, seen.camera),
        head_yaw_deg=math.degrees(-math.atan2(float(forward[0]), -float(forward[2]))),
        head_roll_deg=roll,
        shoulder_tilt_deg=tilt,
        neck_lateral_deg=None if tilt is None else roll - tilt,
    )
