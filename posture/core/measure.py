"""One picture's geometry and the user's neutral in, the measures of that moment out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from posture.clock import Instant
from posture.core.calibration import AVERAGE_PUPIL_CM
from posture.core.desk_body import DeskBody, Explained, Found, Head
from posture.core.metrics import Metrics
from posture.core.neutral import Neutral
from posture.core.observation import Observation
from posture.core.skeleton import Prior, Skeleton

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


_CHAIR = ("chair_left", "chair_up", "chair_forward")


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
        self._body = DeskBody(neutral, Prior().precision())
        # Finding head and body is most of the work; measures and misfit want the same.
        self._found: dict[Observation, Found] = {}

    def foresee(self, coming: Sequence[Observation]) -> None:
        """Find head and body of *coming* together, which costs a fraction of one by one."""
        self._found = dict(zip(coming, self._body.find(coming), strict=True))

    def measure(self, at: Instant, seen: Observation) -> Metrics:
        """The measures of one moment; what the picture does not tell is None."""
        head, found = self._find(seen)
        if head is None:
            return Metrics(at)
        flexion, yaw, roll = head.angles_deg.tolist()
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
        if self._body.sight is not None and found is not None and seated:
            sagittal = straight and not head.rough
            values |= _trunk(self._body.sight.skeleton, found, seen.both_shoulders, sagittal)
            # Level shoulders are no level line to a camera beside or below, when the user comes
            # nearer or sinks: only what differs from theirs is a tilt.
            tilt = math.degrees(_line_tilt(*seen.shoulders.tolist()) - _line_tilt(*found.level))
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
        if head is None or head.rough or found is None or not seen.both_shoulders:
            return None
        flexion, yaw, roll = head.angles_deg.tolist()
        pose = (flexion / _HEAD_FLEXION_DEG, yaw / _HEAD_YAW_DEG, roll / _HEAD_ROLL_DEG)
        return Misfit(
            unexplained=found.unexplained,
            unusual=found.unusual + sum(p * p for p in pose),
        )

    def _find(self, seen: Observation) -> Found:
        """Head and body, as far as they are seen; worked out once for each picture."""
        if seen not in self._found:
            self.foresee([seen])
        return self._found[seen]

    def _viewing_distance_cm(self, head: Head) -> float:
        """Eyes to the screen's centre where its place is known, else to the camera."""
        screen = self._neutral.screen_cm
        if screen is None:
            return head.distance_cm
        camera = -(self._body.desk.to_camera.T @ self._neutral.eyes)
        centre = camera + np.array([screen[0], screen[1], 0.0]) / 100
        return float(np.linalg.norm(head.eyes - centre)) * 100


def _trunk(
    skeleton: Skeleton, found: Explained, both: bool, sagittal: bool
) -> dict[str, float | None]:
    state, sd = found.state, found.sd
    _, c7, left, right = found.placed
    hip = [at + state[chair] for at, chair in zip(skeleton.hip.tolist(), _CHAIR, strict=True)]
    now = [at - low for at, low in zip(c7, hip, strict=True)]
    before = (skeleton.c7 - skeleton.hip).tolist()
    drop = float(skeleton.left_shoulder[1] + skeleton.right_shoulder[1]) - left[1] - right[1]
    shrug = (state["shrug_left"] + state["shrug_right"]) / 2
    sure_lean = math.degrees(sd["lean"]) <= _MOST_LEAN_SD_DEG
    sure_slump = sd["slump"] * 100 <= _MOST_SLUMP_SD_CM
    sure_neck = math.degrees(sd["neck"]) <= _MOST_NECK_SD_DEG
    forward = math.atan2(now[2], now[1]) - math.atan2(before[2], before[1])
    sideways = math.atan2(before[0], before[1]) - math.atan2(now[0], now[1])
    return {
        "trunk_inclination_deg": math.degrees(forward) if sagittal and sure_lean else None,
        "trunk_lateral_deg": math.degrees(sideways) if both else None,
        "slump_cm": drop / 2 * 100 if sagittal and sure_slump else None,
        "forward_head_deg": math.degrees(state["neck"]) if sagittal and sure_neck else None,
        "shoulder_shrug_cm": shrug * 100 if both else None,
    }


def _line_tilt(left: Sequence[float], right: Sequence[float]) -> float:
    """Slope of the line between the shoulders, x and y each, in the picture: radians, + right
    lower; NaN unseen.
    """
    return math.atan2(right[1] - left[1], abs(left[0] - right[0]))


def measure_stranger(at: Instant, seen: Observation, pupil_cm: float = AVERAGE_PUPIL_CM) -> Metrics:
    """What can be said of a stranger: rough distance and the tilts, relative to the camera.

    ``pupil_cm``: pupil distance that makes the size of the face read its distance.
    """
    slope = _line_tilt(*seen.shoulders.tolist())
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
