"""Desks for the tests: a person calibrated before a webcam, and what the program makes of them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import numpy as np
from person import AVERAGE, STILL, Build, Moves, Webcam, seen

from posture.core.calibration import calibrate
from posture.core.canonical_face import INDEX, SHAPE
from posture.core.landmarks import Landmarks
from posture.core.neutral import Neutral
from posture.core.reader import Reader
from posture.core.reading import Level, Reading

SHOULDERS = (11, 12)


@cache
def neutral_of(webcam: Webcam, build: Build = AVERAGE, *, flat: bool = False) -> Neutral:
    """The neutral of a person who sat still for ten seconds, distance taken by tape."""
    taken = [seen(STILL, webcam, build, at_s, flat=flat) for at_s in np.arange(0.0, 10.0, 0.5)]
    return calibrate(taken, webcam.distance)


@cache
def at_ease(webcam: Webcam, build: Build = AVERAGE, *, flat: bool = False) -> Build:
    """The same person with the head held just as the program expects of someone before a screen.

    A picture does not tell gravity; the program takes it from how people hold their heads. With
    this person it is right, and every angle must come out exact.
    """
    for _ in range(30):
        pitch = math.degrees(neutral_of(webcam, build, flat=flat).frame().camera_pitch)
        build = replace(build, rest_deg=build.rest_deg + webcam.pitch_deg - pitch)
    return build


def judged(
    landmarks: Landmarks, webcam: Webcam, build: Build = AVERAGE, *, flat: bool = False
) -> Reading:
    """The reading of one picture by itself, against this person's neutral."""
    return Reader(neutral_of(webcam, build, flat=flat), independent=True).read(landmarks)


def moved(moves: Moves, webcam: Webcam, build: Build = AVERAGE) -> Reading:
    """The reading of one movement."""
    return judged(seen(moves, webcam, build), webcam, build)


def story(reader: Reader, pictures: Iterable[Landmarks]) -> list[Reading]:
    """What *reader* says over time."""
    return [reader.read(landmarks) for landmarks in pictures]


def alarms(reading: Reading) -> dict[str, Level]:
    """The measures that are not good."""
    return {name: level for name, level in reading.states.items() if level is not Level.GOOD}


def hiding(landmarks: Landmarks, *points: int) -> Landmarks:
    """The same picture, with these points of the body guessed instead of seen."""
    assert landmarks.pose is not None
    pose = landmarks.pose.copy()
    pose[list(points), 3] = 0.1
    return replace(landmarks, pose=pose)


def trembling(landmarks: Landmarks, random: np.random.Generator, sd: float) -> Landmarks:
    """The same picture with every point off by *sd* (normalised coordinates)."""
    assert landmarks.pose is not None
    assert landmarks.face is not None
    pose = landmarks.pose.copy()
    pose[:, :3] += random.normal(0.0, sd, (len(pose), 3))
    return replace(
        landmarks, pose=pose, face=landmarks.face + random.normal(0.0, sd, landmarks.face.shape)
    )


def flipped(landmarks: Landmarks) -> Landmarks:
    """The picture as a mirror shows it, points named from the mirrored person's side."""
    assert landmarks.pose is not None
    assert landmarks.face is not None
    pose, face = landmarks.pose[_POSE_TWIN], landmarks.face[_face_twins()]
    pose[:, 0], face[:, 0] = 1.0 - pose[:, 0], 1.0 - face[:, 0]
    return replace(landmarks, pose=pose, face=face)


# Left and right in MediaPipe's pose: eyes 1-3 and 4-6, then pairs from the ears on.
_POSE_TWIN = [0, 4, 5, 6, 1, 2, 3] + [i + 1 if i % 2 else i - 1 for i in range(7, 33)]


@cache
def _face_twins() -> list[int]:
    twins = list(range(478))
    for index, point in zip(INDEX, SHAPE, strict=True):
        mirrored = np.abs(SHAPE - point * (-1.0, 1.0, 1.0)).sum(axis=1)
        twins[index] = int(INDEX[mirrored.argmin()])
    # Iris: centre, then 3, 12, 9 and 6 o'clock.
    for a, b in zip(range(468, 473), (473, 476, 475, 474, 477), strict=True):
        twins[a], twins[b] = b, a
    return twins
