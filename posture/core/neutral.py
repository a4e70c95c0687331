"""Neutral: one user's own upright posture before one camera, and how it is stored."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from posture.core.landmarks import ExpectedFace, FloatArray
from posture.core.pinhole import Pinhole
from posture.core.skeleton import C7, HIP, SHOULDER_BEHIND_EYES_M, TRAGUS, Skeleton

FORMAT = 1
# Cosine beyond which nothing is before a camera any more.
_BESIDE = 0.1


class NeutralInvalid(ValueError):
    """A stored calibration that does not make sense; the text says where."""


@dataclass(frozen=True, slots=True, eq=False)
class Neutral:
    """What the calibration found.

    ``size``, ``focal_px``: the camera. ``distance_cm``: eyes to camera; ``measured``: with a tape
    (else estimated from an average face). ``pupil_cm``: pupil distance that makes the size of the
    face read that distance. ``head``: (3, 3) face axes → camera axes. ``eyes``: (3,) metres in
    camera axes. ``shoulders``: (2, 2) left and right as tangents, NaN when not in view.
    ``rough_pitch``/``rough_yaw`` (radians) and ``rough_cm``: the pose model's own zero and scale,
    None when no body was seen. ``chin_height``: above the shoulders, in shoulder widths; None in
    calibrations from before it was kept. ``light``: mean luma. ``samples``: how many pictures.
    ``sway_cm``/``sway_deg``: standard deviations while calibrating. ``screen_cm``: centre of the
    screen from the camera, (to the user's left, up), None when not known.
    """

    size: tuple[int, int]
    focal_px: float
    distance_cm: float
    measured: bool
    pupil_cm: float
    head: FloatArray
    eyes: FloatArray
    shoulders: FloatArray
    rough_pitch: float | None = None
    rough_yaw: float | None = None
    rough_cm: float | None = None
    chin_height: float | None = None
    light: float | None = None
    samples: int = 0
    sway_cm: float = 0.0
    sway_deg: float = 0.0
    source: str = ""
    profile: str = "default"
    made_us: int = 0
    screen_cm: tuple[float, float] | None = None

    def camera(self, size: tuple[int, int]) -> Pinhole:
        """The camera at another picture size: webcams keep their vertical field of view."""
        return Pinhole(size, self.focal_px * size[1] / self.size[1])

    def has_shape(self, size: tuple[int, int]) -> bool:
        """Is a picture of *size*, width and height, as wide for its height as the calibrated?"""
        return self.size[0] * size[1] == self.size[1] * size[0]

    def expected_face(self) -> ExpectedFace:
        """Where this user's face usually is in the picture."""
        place = self.eyes[:2] / self.eyes[2] * self.focal_px
        span = self.pupil_cm * self.focal_px / self.distance_cm
        return ExpectedFace(
            0.5 + float(place[0]) / self.size[0],
            0.5 + float(place[1]) / self.size[1],
            span / self.size[0],
        )

    def frame(self) -> DeskFrame:
        """The user's own axes at the desk."""
        return desk_frame(self)

    def turned(self, rotation: FloatArray) -> Neutral:
        """The same user before the same camera, had it been turned: *rotation* (3, 3) takes what
        it saw before to where it sees it now. Shoulders that leave its view are lost.
        """
        ahead = np.column_stack([self.shoulders, np.ones(2)]) @ rotation.T
        in_view = ahead[:, 2:] > _BESIDE
        shoulders = np.where(in_view, ahead[:, :2] / np.where(in_view, ahead[:, 2:], 1.0), np.nan)
        return replace(
            self, head=rotation @ self.head, eyes=rotation @ self.eyes, shoulders=shoulders
        )

    def to_dict(self) -> dict[str, object]:
        """A readable document, JSON-ready."""
        seen = bool(np.isfinite(self.shoulders).all())
        return {
            "calibration": FORMAT,
            "profile": self.profile,
            "source": self.source,
            "made_us": self.made_us,
            "distance_cm": round(self.distance_cm, 2),
            "distance_measured": self.measured,
            "size": list(self.size),
            "focal_px": round(self.focal_px, 2),
            "pupil_cm": round(self.pupil_cm, 4),
            "head": [[round(float(v), 6) for v in row] for row in self.head],
            "eyes_m": [round(float(v), 5) for v in self.eyes],
            "shoulders": [[round(float(v), 5) for v in row] for row in self.shoulders]
            if seen
            else None,
            "rough_pitch_rad": _rounded(self.rough_pitch),
            "rough_yaw_rad": _rounded(self.rough_yaw),
            "rough_cm": _rounded(self.rough_cm),
            "chin_height": _rounded(self.chin_height),
            "light": _rounded(self.light),
            "samples": self.samples,
            "sway_cm": round(self.sway_cm, 3),
            "sway_deg": round(self.sway_deg, 3),
            "screen_cm": None if self.screen_cm is None else list(self.screen_cm),
        }

    @classmethod
    def from_dict(cls, document: object) -> Neutral:
        """Read a stored calibration; raises NeutralInvalid naming the field that is wrong."""
        return _read(document)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 5)


def expected_face(neutral: Neutral | None) -> ExpectedFace | None:
    """Where the user's face usually is, as far as there is a calibration."""
    return None if neutral is None else neutral.expected_face()


@dataclass(frozen=True, slots=True, eq=False)
class DeskFrame:
    """The user's axes at the desk: x to the user's left, y up, z towards the screen.

    ``to_camera``: (3, 3) these axes → camera axes. ``camera_pitch``: radians, + looking down.
    ``head``: (3, 3) neutral face axes → these axes. ``angles``: (3,) neutral head flexion, yaw and
    roll, radians. ``skeleton``: the neutral body, None when the shoulders were not seen.
    """

    to_camera: FloatArray
    camera_pitch: float
    head: FloatArray
    angles: FloatArray
    skeleton: Skeleton | None


def desk_frame(neutral: Neutral) -> DeskFrame:
    """Find gravity and straight ahead from the neutral head; the camera is taken to be level."""
    forward = -neutral.head[:, 2]
    reach = math.hypot(float(forward[1]), float(forward[2]))
    seen = math.atan2(float(forward[1]), -float(forward[2]))
    camera_pitch = seen - math.asin(min(max(math.sin(_resting_flexion(seen)) / reach, -1.0), 1.0))
    up = np.array([0.0, -math.cos(camera_pitch), -math.sin(camera_pitch)])
    ahead = forward - up * float(forward @ up)
    ahead = ahead / np.linalg.norm(ahead)
    to_camera = np.stack([np.cross(up, ahead), up, ahead], axis=1)
    head = to_camera.T @ neutral.head
    return DeskFrame(
        to_camera, camera_pitch, head, head_angles(head), _skeleton(neutral, to_camera)
    )


def _resting_flexion(seen_pitch: float) -> float:
    """Chin-down angle of a person who looks at the middle of the screen, radians.

    Eyes rest 10-15 degrees below the horizon and the head takes about a third of that; a camera
    that sees the face from below belongs to a laptop, whose screen is lower. Linear in the pitch
    at which the camera sees the face; fitted on rendered desks, 3 degrees SD.
    """
    return math.radians(10.0) - 0.3 * seen_pitch


def head_angles(heads: FloatArray) -> FloatArray:
    """(..., 3, 3) face axes → desk axes; out: (..., 3) flexion, yaw, roll in radians (down, right,
    right).
    """
    forward, left, up = -heads[..., 2], heads[..., 0], -heads[..., 1]
    return np.stack(
        [
            -np.arcsin(np.clip(forward[..., 1], -1.0, 1.0)),
            -np.arctan2(forward[..., 0], forward[..., 2]),
            np.arctan2(left[..., 1], up[..., 1]),
        ],
        axis=-1,
    )


# How the skeleton follows this user's shoulders: half of the difference from the average is
# taken for size or seat, half for the landmark's own offset; chosen.
_SHARE = 0.5
_MEAN_SHOULDER_DROP_M = 0.21


def _skeleton(neutral: Neutral, to_camera: FloatArray) -> Skeleton | None:
    if not np.isfinite(neutral.shoulders).all():
        return None
    camera_at = -(to_camera.T @ neutral.eyes)
    shoulders = []
    for tangent in neutral.shoulders:
        direction = to_camera.T @ np.array([tangent[0], tangent[1], 1.0])
        reach = (-SHOULDER_BEHIND_EYES_M - camera_at[2]) / direction[2]
        shoulders.append(camera_at + reach * direction)
    middle = (shoulders[0] + shoulders[1]) / 2
    shift = _SHARE * np.array([middle[0], middle[1] + _MEAN_SHOULDER_DROP_M, 0.0])
    return Skeleton(TRAGUS, C7 + shift, HIP + 2 * shift, shoulders[0], shoulders[1])


_FURTHEST_SCREEN_CM = 200.0


def _read(document: object) -> Neutral:
    if not isinstance(document, Mapping):
        raise NeutralInvalid("it is not a table of values")
    if document.get("calibration") != FORMAT:
        raise NeutralInvalid(f"its format is {document.get('calibration')!r}, not {FORMAT}")
    field = _Fields(document)
    size = field.array("size", (2,), 16.0, 100_000.0)
    distance_cm = field.number("distance_cm", 10.0, 400.0)
    blind = document.get("shoulders") is None
    screen = None
    if document.get("screen_cm") is not None:
        screen = field.array("screen_cm", (2,), -_FURTHEST_SCREEN_CM, _FURTHEST_SCREEN_CM)
    return Neutral(
        size=(int(size[0]), int(size[1])),
        focal_px=field.number("focal_px", 10.0, 100_000.0),
        distance_cm=distance_cm,
        measured=document.get("distance_measured") is True,
        pupil_cm=field.number("pupil_cm", 2.0, 20.0),
        head=_facing(field.array("head", (3, 3), -1.001, 1.001)),
        eyes=_before(field.array("eyes_m", (3,), -4.0, 4.0), distance_cm),
        shoulders=np.full((2, 2), np.nan)
        if blind
        else field.array("shoulders", (2, 2), -_WIDEST_TANGENT, _WIDEST_TANGENT),
        rough_pitch=field.optional("rough_pitch_rad", -math.pi, math.pi),
        rough_yaw=field.optional("rough_yaw_rad", -math.pi, math.pi),
        rough_cm=field.optional("rough_cm", 1.0, 1e6),
        chin_height=field.optional("chin_height", -5.0, 5.0),
        light=field.optional("light", 0.0, 255.0),
        samples=int(field.number("samples", 0, 1e9)),
        sway_cm=field.number("sway_cm", 0.0, 1e3),
        sway_deg=field.number("sway_deg", 0.0, 1e3),
        source=str(document.get("source", "")),
        profile=str(document.get("profile", "default")),
        made_us=int(field.number("made_us", 0, 1e17)),
        screen_cm=None if screen is None else (float(screen[0]), float(screen[1])),
    )


# What stands 80 degrees beside a camera's axis is not in its picture.
_WIDEST_TANGENT = 6.0
# A head turned further from the camera is refused when calibrating; straight ahead could not be
# told from it.
_LEAST_FACING = 0.5


def _facing(head: FloatArray) -> FloatArray:
    if not np.allclose(head @ head.T, np.eye(3), atol=1e-3) or np.linalg.det(head) < 0:
        raise NeutralInvalid("head is not a rotation")
    if head[2, 2] < _LEAST_FACING:
        raise NeutralInvalid("head does not face the camera")
    return head


def _before(eyes: FloatArray, distance_cm: float) -> FloatArray:
    across = math.hypot(float(eyes[0]), float(eyes[1]))
    if across > _WIDEST_TANGENT * float(eyes[2]):
        raise NeutralInvalid("eyes_m are not before the camera")
    if abs(math.hypot(across, float(eyes[2])) * 100 - distance_cm) > 1.0:
        raise NeutralInvalid("eyes_m are not at the distance of distance_cm")
    return eyes


@dataclass(frozen=True, slots=True)
class _Fields:
    document: Mapping[str, object]

    def number(self, name: str, low: float, high: float) -> float:
        value = self.document.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise NeutralInvalid(f"{name} is not a number")
        if not low <= value <= high:
            raise NeutralInvalid(f"{name} is outside {low:g} to {high:g}")
        return float(value)

    def optional(self, name: str, low: float, high: float) -> float | None:
        return None if self.document.get(name) is None else self.number(name, low, high)

    def array(self, name: str, shape: tuple[int, ...], low: float, high: float) -> FloatArray:
        try:
            values = np.array(self.document.get(name))
        except ValueError as error:
            raise NeutralInvalid(f"{name} is not a table of numbers") from error
        if values.dtype.kind not in "if" or values.shape != shape:
            raise NeutralInvalid(f"{name} must hold {shape} numbers")
        if not ((low <= values) & (values <= high)).all():
            raise NeutralInvalid(f"{name} is outside {low:g} to {high:g}")
        return values.astype(np.float64)
