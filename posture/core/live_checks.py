"""Whether a moment is fit to calibrate from, and if not, what the user can do about it."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from posture.clock import Instant
from posture.core.calibration import AVERAGE_PUPIL_CM, STREAM
from posture.core.head_pose import HeadPose, between_deg
from posture.core.inputs import CameraLost
from posture.core.landmarks import FloatArray, Landmarks
from posture.core.measure import measure_stranger
from posture.core.observation import Observation, observe
from posture.core.pinhole import Pinhole

# All chosen. Light is the picture's mean luma of 255: calibration refuses 12, but landmarks
# begin to tremble before that.
_DIM, _GLARING = 30.0, 240.0
# By an average face and lens, which may be a quarter off.
_NEAREST_CM, _FURTHEST_CM = 32.0, 120.0
_TILTED_DEG = 9.0
# Beside the screen a camera sees a head that looks at the screen turned; above or below it not.
_TURNED_DEG = 20.0
_NODDED_DEG = 32.0
# Someone sitting still sways by less than half of this within the span.
_SPAN_S = 1.5
_LEAST_SPAN_S = 0.9
_MOVED_CM = 2.0
_MOVED_DEG = 5.0


class Check(StrEnum):
    """What must be right, in the order in which it is told."""

    LIGHT = "light"
    FACE = "face"
    SHOULDERS = "shoulders"
    DISTANCE = "distance"
    STRAIGHT = "straight"
    STILL = "still"


class Mark(StrEnum):
    """How a check stands."""

    GOOD = "good"
    BAD = "bad"
    WAITING = "waiting"


class Hint(StrEnum):
    """What is wrong."""

    NO_PICTURE = "no_picture"
    DARK = "dark"
    GLARING = "glaring"
    NO_FACE = "no_face"
    NO_SHOULDERS = "no_shoulders"
    TOO_NEAR = "too_near"
    TOO_FAR = "too_far"
    TILTED_LEFT = "tilted_left"
    TILTED_RIGHT = "tilted_right"
    TURNED_LEFT = "turned_left"
    TURNED_RIGHT = "turned_right"
    CHIN_DOWN = "chin_down"
    CHIN_UP = "chin_up"
    MOVING = "moving"


@dataclass(frozen=True, slots=True)
class Finding:
    """How one check stands; ``hint`` says what is wrong when it is BAD."""

    check: Check
    mark: Mark
    hint: Hint | None = None


WAITING: tuple[Finding, ...] = tuple(Finding(check, Mark.WAITING) for check in Check)


def all_good(findings: tuple[Finding, ...]) -> bool:
    """Is everything right?"""
    return all(finding.mark is Mark.GOOD for finding in findings)


def first_bad(findings: tuple[Finding, ...]) -> Finding | None:
    """The wrong thing to tell first."""
    return next((finding for finding in findings if finding.mark is Mark.BAD), None)


class LiveChecks:
    """Judges the pictures one after the other.

    ``aside``: the camera stands beside the screen, or nobody knows where.
    """

    def __init__(self, *, aside: bool = True) -> None:
        self.aside = aside
        self._lately: deque[tuple[Instant, FloatArray, FloatArray]] = deque()

    def see(self, item: Landmarks | CameraLost) -> tuple[Finding, ...]:
        """One finding for each check."""
        if isinstance(item, CameraLost):
            return (Finding(Check.LIGHT, Mark.BAD, Hint.NO_PICTURE), *WAITING[1:])
        camera = Pinhole.typical(item.size)
        seen = observe(item, camera)
        hints = {
            Check.LIGHT: _light(item.light),
            Check.FACE: Hint.NO_FACE if seen.head is None else None,
            Check.SHOULDERS: None if seen.both_shoulders else Hint.NO_SHOULDERS,
        }
        findings = {check: _finding(check, hint) for check, hint in hints.items()}
        if seen.head is not None:
            distance_cm = seen.head.distance_cm(AVERAGE_PUPIL_CM, camera)
            findings[Check.DISTANCE] = _finding(Check.DISTANCE, _distance(distance_cm))
            findings[Check.STRAIGHT] = _finding(
                Check.STRAIGHT, self._straight(item.at, seen, seen.head)
            )
            findings[Check.STILL] = self._still(item.at, seen.head, distance_cm)
        return tuple(findings.get(check, Finding(check, Mark.WAITING)) for check in Check)

    def _straight(self, at: Instant, seen: Observation, head: HeadPose) -> Hint | None:
        metrics = measure_stranger(at, seen)
        yaw, roll = metrics.head_yaw_deg or 0.0, metrics.head_roll_deg or 0.0
        if abs(roll) > _TILTED_DEG:
            return Hint.TILTED_RIGHT if roll > 0 else Hint.TILTED_LEFT
        if abs(yaw) > (STREAM.turned_deg - 5.0 if self.aside else _TURNED_DEG):
            return Hint.TURNED_RIGHT if yaw > 0 else Hint.TURNED_LEFT
        forward = -head.rotation[:, 2]
        pitch = math.degrees(math.asin(min(max(float(forward[1]), -1.0), 1.0)))
        if abs(pitch) > _NODDED_DEG:
            return Hint.CHIN_DOWN if pitch > 0 else Hint.CHIN_UP
        return None

    def _still(self, at: Instant, head: HeadPose, distance_cm: float) -> Finding:
        lately = self._lately
        lately.append((at, head.ray * distance_cm, head.rotation))
        while at - lately[0][0] > _SPAN_S:
            lately.popleft()
        if at - lately[0][0] < _LEAST_SPAN_S:
            return Finding(Check.STILL, Mark.WAITING)
        places = np.array([place for _, place, _ in lately])
        moved_cm = float(np.linalg.norm(np.ptp(places, axis=0)))
        turned = max(between_deg(rotation, head.rotation) for _, _, rotation in lately)
        moving = moved_cm > _MOVED_CM or turned > _MOVED_DEG
        return _finding(Check.STILL, Hint.MOVING if moving else None)


def _finding(check: Check, hint: Hint | None) -> Finding:
    return Finding(check, Mark.GOOD if hint is None else Mark.BAD, hint)


def _light(luma: float | None) -> Hint | None:
    if luma is None:
        return None
    if luma < _DIM:
        return Hint.DARK
    return Hint.GLARING if luma > _GLARING else None


def _distance(distance_cm: float) -> Hint | None:
    if distance_cm < _NEAREST_CM:
        return Hint.TOO_NEAR
    return Hint.TOO_FAR if distance_cm > _FURTHEST_CM else None
