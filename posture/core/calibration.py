"""Calibration: a stretch of landmarks in, the user's Neutral out, or a reason why not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from posture.core.head_pose import HeadPose, between_deg
from posture.core.landmarks import FloatArray, Landmarks
from posture.core.neutral import Neutral
from posture.core.observation import Observation, observe
from posture.core.pinhole import Pinhole
from posture.errors import CalibrationRefused

# The size that makes the average face of head_pose.py read true distances: the pupil distance of
# people at near work, 63 mm (Dodgson 2004) less 1 mm of vergence at 60 cm (science.md section 4).
AVERAGE_PUPIL_CM = 6.2


@dataclass(frozen=True, slots=True)
class Demands:
    """What a calibration must fulfil; chosen around science.md's 1 cm and 2 degrees of sway.

    ``sway_cm``/``sway_deg``: robust standard deviations of the eyes' place and the head's angles.
    ``turned_deg``: head to the camera; a camera 30 degrees aside is fine. ``dark``: mean luma.
    """

    least_samples: int = 8
    least_seconds: float = 3.0
    least_share: float = 0.6
    sway_cm: float = 2.0
    sway_deg: float = 4.0
    turned_deg: float = 45.0
    dark: float = 12.0


STREAM = Demands()
# Independent pictures: few, and the person moved between them.
PICTURES = Demands(least_samples=3, least_seconds=0.0, sway_cm=6.0, sway_deg=10.0)


@dataclass(frozen=True, slots=True, eq=False)
class _Samples:
    heads: list[HeadPose]
    observations: list[Observation]
    usable: list[Landmarks]


def calibrate(
    taken: Sequence[Landmarks],
    distance_cm: float | None,
    demands: Demands = STREAM,
    *,
    source: str = "",
    profile: str = "default",
    screen_cm: tuple[float, float] | None = None,
) -> Neutral:
    """Build the neutral posture from pictures of the user sitting upright.

    ``distance_cm``: mean distance eyes to camera, by tape; None = estimated from an average face.
    ``screen_cm``: centre of the screen from the camera, (to the user's left, up).

    Raises CalibrationRefused when pictures are few, dark, turned away or restless.
    """
    _refuse_few(taken, demands)
    size = taken[-1].size
    taken = [landmarks for landmarks in taken if landmarks.size == size]
    samples = _samples(taken, Pinhole.typical(size))
    _refuse_unseen(samples, taken, demands)
    camera = _camera(samples.heads, size, distance_cm)
    samples = _samples(taken, camera)
    head = _mean_rotation([pose.rotation for pose in samples.heads])
    _refuse_turned(head, demands)
    pupil_cm, distances = _pupil(samples.heads, camera, distance_cm)
    sway_cm, sway_deg = _sway(samples.heads, head, distances)
    if sway_cm > demands.sway_cm or sway_deg > demands.sway_deg:
        raise CalibrationRefused(
            f"You moved too much while calibrating ({sway_cm:.1f} cm, {sway_deg:.0f}°).",
            "Sit still in your usual upright posture and try again.",
            "moving",
        )
    ray = np.median([pose.ray for pose in samples.heads], axis=0)
    distance = float(np.mean(distances))
    _refuse_far(distance)
    neutral = Neutral(
        size=size,
        focal_px=camera.focal_px,
        distance_cm=distance,
        measured=distance_cm is not None,
        pupil_cm=pupil_cm,
        head=head,
        eyes=ray / np.linalg.norm(ray) * distance / 100,
        shoulders=_shoulders(samples.observations),
        chin_height=_median([seen.chin_height for seen in samples.observations]),
        light=_median([landmarks.light for landmarks in samples.usable]),
        samples=len(samples.heads),
        sway_cm=sway_cm,
        sway_deg=sway_deg,
        source=source,
        profile=profile,
        made_us=taken[-1].at.wall_us,
        screen_cm=screen_cm,
    )
    return _with_rough_head(neutral, samples.observations, distance)


def _refuse_few(taken: Sequence[Landmarks], demands: Demands) -> None:
    seconds = taken[-1].at - taken[0].at if taken else 0.0
    if len(taken) < demands.least_samples or seconds < demands.least_seconds:
        raise CalibrationRefused(
            f"Only {len(taken)} pictures in {seconds:.0f} s were taken.",
            f"At least {demands.least_samples} pictures and {demands.least_seconds:.0f} s are "
            "needed: calibrate for longer.",
            "few",
        )


def _refuse_unseen(samples: _Samples, taken: Sequence[Landmarks], demands: Demands) -> None:
    enough = demands.least_share * len(taken)
    lights = [landmarks.light for landmarks in taken if landmarks.light is not None]
    if lights and float(np.median(lights)) < demands.dark:
        raise CalibrationRefused(
            "The picture is too dark.",
            "Turn on a light in front of you and try again.",
            "dark",
        )
    if len(samples.heads) < max(enough, demands.least_samples):
        raise CalibrationRefused(
            f"A face was found in only {len(samples.heads)} of {len(taken)} pictures.",
            "Look at the middle of the screen, with light on your face, and try again.",
            "no_face",
        )
    seen = [o.both_shoulders for o in samples.observations]
    if sum(seen) < max(enough, demands.least_samples):
        raise CalibrationRefused(
            f"Both shoulders were in view in only {sum(seen)} of {len(taken)} pictures.",
            "Sit further back or tilt the camera until both shoulders are in the picture.",
            "no_shoulders",
        )


def _refuse_turned(head: FloatArray, demands: Demands) -> None:
    turned = math.degrees(math.acos(min(max(float(head[2, 2]), -1.0), 1.0)))
    if turned > demands.turned_deg:
        raise CalibrationRefused(
            f"Your head was turned {turned:.0f}° away from the camera.",
            "Look at the middle of the screen, or put the camera nearer to it, and try again.",
            "turned",
        )


# Who sits further off than presence.py's reach is taken to be away; less the room to sit back in.
_FURTHEST_CM = 130.0


def _refuse_far(distance_cm: float) -> None:
    if distance_cm > _FURTHEST_CM:
        raise CalibrationRefused(
            f"Your eyes seem to be {distance_cm:.0f} cm from the camera.",
            f"Sit at your desk, less than {_FURTHEST_CM:.0f} cm from it; --distance says how far.",
            "far",
        )


def _samples(taken: Sequence[Landmarks], camera: Pinhole) -> _Samples:
    observations = [observe(landmarks, camera) for landmarks in taken]
    kept = [i for i, seen in enumerate(observations) if seen.head is not None]
    return _Samples(
        [head for seen in observations if (head := seen.head) is not None],
        [observations[i] for i in kept],
        [taken[i] for i in kept],
    )


# The prior on a webcam's focal length (science.md: HFOV 66 +- 8 degrees) against the estimate
# from an average face at a known distance (pupil distance SD 3.6 of 63 mm), as weights of logs.
_FACE_WEIGHT = 0.85


def _camera(heads: Sequence[HeadPose], size: tuple[int, int], distance: float | None) -> Pinhole:
    typical = Pinhole.typical(size)
    if distance is None:
        return typical
    spans = [head.size_px for head in heads]
    from_face = float(np.median(spans)) * distance / AVERAGE_PUPIL_CM
    focal = from_face**_FACE_WEIGHT * typical.focal_px ** (1 - _FACE_WEIGHT)
    return Pinhole(size, focal)


def _pupil(
    heads: Sequence[HeadPose], camera: Pinhole, distance: float | None
) -> tuple[float, FloatArray]:
    spans = np.array([head.size_px for head in heads])
    if distance is None:
        pupil = AVERAGE_PUPIL_CM
    else:
        pupil = distance / (camera.focal_px * float(np.mean(1 / spans)))
    return pupil, pupil * camera.focal_px / spans


def _sway(
    heads: Sequence[HeadPose], mean: FloatArray, distances: FloatArray
) -> tuple[float, float]:
    places = np.array([head.ray for head in heads]) * distances[:, None]
    away = np.linalg.norm(places - np.median(places, axis=0), axis=1)
    turns = [between_deg(mean, head.rotation) for head in heads]
    # Root mean squares would let one outlier refuse a good calibration.
    return float(np.quantile(away, 0.68)), float(np.quantile(turns, 0.68))


def _shoulders(observations: Sequence[Observation]) -> FloatArray:
    stacked = np.stack([seen.shoulders for seen in observations])
    middle: FloatArray = np.nanmedian(stacked, axis=0)
    return middle


def _with_rough_head(
    neutral: Neutral, observations: Sequence[Observation], distance: float
) -> Neutral:
    rough = [seen.rough for seen in observations if seen.rough is not None]
    if not rough:
        return neutral
    return replace(
        neutral,
        rough_pitch=float(np.median([head.pitch for head in rough])),
        rough_yaw=float(np.median([head.yaw for head in rough])),
        rough_cm=distance * float(np.median([head.px_per_cm for head in rough])),
    )


def _mean_rotation(rotations: Sequence[FloatArray]) -> FloatArray:
    left, _, right = np.linalg.svd(np.sum(rotations, axis=0))
    mean: FloatArray = left @ np.diag([1.0, 1.0, np.linalg.det(left @ right)]) @ right
    return mean


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.median(known)) if known else None
