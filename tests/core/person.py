"""A person of known shape in a known posture before a known webcam: the truth for the measures.

World axes: x to the person's left, y up, z from the person to the screen; centimetres, origin
midway between the eyes in the neutral posture. The camera is a pinhole without roll. Of the
program's geometry only the table of the average face is used, which is a given of MediaPipe.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from functools import lru_cache

import numpy as np

from posture.clock import Instant
from posture.core.canonical_face import INDEX, SHAPE
from posture.core.landmarks import FACE_POINTS, POSE_POINTS, FloatArray, Landmarks

START = Instant(1000.0, 1_760_000_000_000_000)
_SIDED = ("right", "lateral", "turn", "neck_lateral", "uneven", "yaw", "roll")


@dataclass(frozen=True, slots=True)
class Moves:
    """What the person does, from the neutral posture; centimetres and degrees.

    ``right``/``up``/``forward``: the whole person is moved, chair and all. ``lean``: the trunk
    bends forward about the hip; ``lateral``: to the person's right; ``turn``: to the right about
    the spine. ``slump``: the pelvis rolls back and the thorax bends forward until C7 is this much
    lower. ``poke``: the line from C7 to the ear tips forward by these degrees, ``neck_lateral``
    to the right. ``shrug``: both shoulders rise; ``uneven``: the right one is this much lower
    than the left one. ``nod``/``yaw``/``roll``: the head about the ears: chin down, turned right,
    right ear lower. The gaze stays level unless the head itself is turned.
    """

    right: float = 0.0
    up: float = 0.0
    forward: float = 0.0
    lean: float = 0.0
    lateral: float = 0.0
    turn: float = 0.0
    slump: float = 0.0
    poke: float = 0.0
    neck_lateral: float = 0.0
    shrug: float = 0.0
    uneven: float = 0.0
    nod: float = 0.0
    yaw: float = 0.0
    roll: float = 0.0

    def scaled(self, share: float) -> Moves:
        """The same movement, carried out to this share."""
        return Moves(*(share * getattr(self, f.name) for f in fields(self)))

    def mirrored(self) -> Moves:
        """The movement as a mirror shows it."""
        return replace(self, **{name: -getattr(self, name) for name in _SIDED})


STILL = Moves()


@dataclass(frozen=True, slots=True)
class Webcam:
    """Where the camera stands, seen from the neutral eyes, and its lens.

    ``distance``: to the eyes, cm. ``below``: degrees by which it looks up at them. ``side``:
    degrees it stands towards the person's left. ``tilt``: degrees the optical axis points above
    the eyes, ``pan``: to the right of them in the picture. ``hfov``: degrees.
    """

    distance: float = 60.0
    below: float = 0.0
    side: float = 0.0
    tilt: float = -8.0
    pan: float = 0.0
    hfov: float = 66.0
    size: tuple[int, int] = (640, 480)

    @property
    def focal_px(self) -> float:
        """Focal length in pixels."""
        return self.size[0] / 2 / math.tan(math.radians(self.hfov / 2))

    @property
    def pitch_deg(self) -> float:
        """How far the optical axis points below the horizon."""
        return -self.below - self.tilt

    @property
    def place(self) -> FloatArray:
        """(3,) world position, cm."""
        below, side = math.radians(self.below), math.radians(self.side)
        level = math.cos(below)
        return self.distance * np.array(
            [level * math.sin(side), -math.sin(below), level * math.cos(side)]
        )

    def axes(self) -> FloatArray:
        """(3, 3) rows: right in the picture, down, forward; in world axes."""
        return _axes(self)

    def project(self, points: FloatArray) -> FloatArray:
        """(n, 3) world cm → (n, 2) normalised x, y."""
        seen = (points - self.place) @ self.axes().T
        on_sensor: FloatArray = seen[:, :2] / seen[:, 2:] * self.focal_px / self.size + 0.5
        return on_sensor

    def mirrored(self) -> Webcam:
        """The camera on the other side."""
        return replace(self, side=-self.side, pan=-self.pan)


@lru_cache
def _axes(webcam: Webcam) -> FloatArray:
    heading, pitch = math.radians(webcam.side - webcam.pan), math.radians(webcam.pitch_deg)
    level = np.array([-math.sin(heading), 0.0, -math.cos(heading)])
    up = np.array([0.0, 1.0, 0.0])
    forward = math.cos(pitch) * level - math.sin(pitch) * up
    right = np.cross(level, up)
    return np.stack([right, np.cross(forward, right), forward])


EYE_LEVEL = Webcam()
LAPTOP = Webcam(distance=57.0, below=20.0, tilt=-3.0)
ASIDE = Webcam(distance=65.0, side=25.0)


@dataclass(frozen=True, slots=True)
class Build:
    """Lengths of a body, cm: where joints lie from the neutral eyes (up, forward), and widths.

    ``rest_deg``: how far the chin is down when looking at the middle of the screen.
    """

    pupils: float = 6.2
    ear: tuple[float, float] = (-1.0, -8.4)
    c7: tuple[float, float] = (-12.4, -14.4)
    hip: tuple[float, float] = (-68.0, -16.5)
    shoulder: tuple[float, float] = (-20.8, -13.4)
    between_shoulders: float = 35.0
    between_ears: float = 14.5
    rest_deg: float = 10.0

    def sized(self, factor: float, pupils: float | None = None) -> Build:
        """The same person, larger or smaller."""

        def larger(pair: tuple[float, float]) -> tuple[float, float]:
            return (pair[0] * factor, pair[1] * factor)

        return replace(
            self,
            pupils=self.pupils if pupils is None else pupils,
            ear=larger(self.ear), c7=larger(self.c7), hip=larger(self.hip),
            shoulder=larger(self.shoulder),
            between_shoulders=self.between_shoulders * factor,
            between_ears=self.between_ears * factor,
        )  # fmt: skip


AVERAGE = Build()
SMALL = AVERAGE.sized(0.92, pupils=5.8)
LARGE = AVERAGE.sized(1.08, pupils=6.6)


@dataclass(frozen=True, slots=True)
class Truth:
    """What is so, in the words and signs of the program's contract."""

    distance_cm: float
    head_flexion_deg: float
    head_yaw_deg: float
    head_roll_deg: float
    forward_head_deg: float
    neck_lateral_deg: float
    shoulder_tilt_deg: float
    trunk_inclination_deg: float
    trunk_lateral_deg: float
    slump_cm: float
    forward_lean_cm: float
    shoulder_shrug_cm: float
    eye_rise_cm: float


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """Joints and head in the world, cm: (3,) each; ``head``: (3, 3) turns of the level head."""

    hip: FloatArray
    c7: FloatArray
    ear: FloatArray
    eyes: FloatArray
    left_shoulder: FloatArray
    right_shoulder: FloatArray
    head: FloatArray


def body(moves: Moves, build: Build = AVERAGE) -> Body:
    """Carry out *moves*."""
    hip, neutral_c7, ear = (np.array([0.0, *pair]) for pair in (build.hip, build.c7, build.ear))
    half = build.between_shoulders / 2
    sides = [np.array([sign * half, *build.shoulder]) for sign in (1.0, -1.0)]
    chair = np.array([-moves.right, moves.up, moves.forward])

    sink, advance = _slumped(moves.slump, float(neutral_c7[1] - hip[1]))
    raised = np.array([0.0, 1.0, 0.0])
    bend = _tipped_right(moves.lateral) @ _tipped_forward(moves.lean) @ _turned_right(moves.turn)
    trunk = []
    for point, lift in (
        (neutral_c7, 0.0),
        (sides[0], moves.shrug + moves.uneven / 2),
        (sides[1], moves.shrug - moves.uneven / 2),
    ):
        slumped = point - hip + np.array([0.0, -sink, advance]) + lift * raised
        trunk.append(hip + chair + bend @ slumped)

    neck = _tipped_right(moves.neck_lateral) @ _tipped_forward(moves.poke) @ (ear - neutral_c7)
    head = (
        _turned_right(moves.yaw)
        @ _tipped_forward(build.rest_deg + moves.nod)
        @ _tipped_right(moves.roll)
    )
    ear_now = trunk[0] + neck
    # The eyes are at the origin when the head rests.
    to_eyes = _tipped_forward(build.rest_deg).T @ -ear
    return Body(hip + chair, trunk[0], ear_now, ear_now + head @ to_eyes, trunk[1], trunk[2], head)


def truth(moves: Moves, webcam: Webcam, build: Build = AVERAGE) -> Truth:
    """The measures as they are."""
    now, before = body(moves, build), body(STILL, build)

    def angle(up: float, aside: float) -> float:
        return math.degrees(math.atan2(aside, up))

    def trunk(of: Body) -> FloatArray:
        return of.c7 - of.hip

    shoulders = now.left_shoulder - now.right_shoulder
    middle = (now.left_shoulder + now.right_shoulder) / 2
    middle_before = (before.left_shoulder + before.right_shoulder) / 2
    tilt = angle(float(shoulders[0]), float(shoulders[1]))
    forward = angle(*trunk(now)[1:]) - angle(*trunk(before)[1:])
    return Truth(
        distance_cm=float(np.linalg.norm(now.eyes - webcam.place)),
        head_flexion_deg=moves.nod,
        head_yaw_deg=moves.yaw,
        head_roll_deg=moves.roll,
        forward_head_deg=moves.poke,
        neck_lateral_deg=moves.roll - tilt,
        shoulder_tilt_deg=tilt,
        trunk_inclination_deg=forward,
        trunk_lateral_deg=-angle(float(trunk(now)[1]), float(trunk(now)[0])),
        slump_cm=float((middle_before - middle)[1]),
        forward_lean_cm=float(now.eyes[2]),
        shoulder_shrug_cm=moves.shrug,
        eye_rise_cm=float(now.eyes[1]),
    )


def seen(
    moves: Moves = STILL,
    webcam: Webcam = EYE_LEVEL,
    build: Build = AVERAGE,
    at_s: float = 0.0,
    light: float | None = 120.0,
    flat: bool = False,
) -> Landmarks:
    """The landmarks of the person as the webcam would give them, without any noise.

    ``flat``: the face without its own perspective (near parts larger), as from far away: what a
    landmark model that knows no camera takes a face to be.
    """
    pose, face = _points(moves, webcam, build, flat)
    # Pictures of somebody who holds still are as many, not one told again.
    return Landmarks(START.shifted(at_s), webcam.size, pose.copy(), face.copy(), light)


@lru_cache(maxsize=256)
def _points(
    moves: Moves, webcam: Webcam, build: Build, flat: bool
) -> tuple[FloatArray, FloatArray]:
    posed = body(moves, build)
    return _pose(posed, webcam, build), _face(posed, webcam, build, flat)


def _turned_right(degrees: float) -> FloatArray:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.array([[cos, 0.0, -sin], [0.0, 1.0, 0.0], [sin, 0.0, cos]])


def _tipped_forward(degrees: float) -> FloatArray:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.array([[1.0, 0.0, 0.0], [0.0, cos, -sin], [0.0, sin, cos]])


def _tipped_right(degrees: float) -> FloatArray:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])


def _slumped(drop: float, trunk: float) -> tuple[float, float]:
    """How far C7 sinks and comes forward: two equal segments, the thorax bends twice as far."""
    low, high = 0.0, math.radians(40.0)
    segment = trunk / 2
    for _ in range(50):
        pelvis = (low + high) / 2
        sink = segment * (2 - math.cos(pelvis) - math.cos(2 * pelvis))
        low, high = (pelvis, high) if sink < abs(drop) else (low, pelvis)
    advance = segment * (math.sin(2 * pelvis) - math.sin(pelvis))
    return drop, math.copysign(advance, drop) if drop else 0.0


# Landmarks of the face that the table of the average face does not have, in its axes and unit.
_PUPILS = {468: (-0.5, 0.0, 0.0), 473: (0.5, 0.0, 0.0)}
_CHIN = {152: (0.0, 1.72, -0.12)}
# An iris is 11.7 mm wide (Rufer 2005), in pupil distances of 62 mm: corners at 3, 12, 9, 6 o'clock.
_IRIS = 1.17 / 6.2 / 2
_IRIS_CORNERS = ((1.0, 0.0), (0.0, -1.0), (-1.0, 0.0), (0.0, 1.0))


def _face_table() -> FloatArray:
    table = np.empty((FACE_POINTS, 3))
    for index in range(FACE_POINTS):
        # Any other point lies somewhere on the face, halfway between two known ones.
        table[index] = (SHAPE[index % len(SHAPE)] + SHAPE[(7 * index + 3) % len(SHAPE)]) / 2
    table[INDEX] = SHAPE
    for index, point in (_PUPILS | _CHIN).items():
        table[index] = point
    for centre in _PUPILS:
        for corner, (x, y) in enumerate(_IRIS_CORNERS):
            table[centre + 1 + corner] = table[centre] + (x * _IRIS, y * _IRIS, 0.0)
    return table


_FACE = _face_table()
# Nose tip and mouth corners for the pose model, in the same axes.
_NOSE, _MOUTH = np.array([0.0, 0.5863, -0.6263]), np.array([0.4, 1.1, -0.2])


def _on_head(points: FloatArray, posed: Body, build: Build) -> FloatArray:
    level = points * (1.0, -1.0, -1.0) * build.pupils
    placed: FloatArray = posed.eyes + level @ posed.head.T
    return placed


def _face(posed: Body, webcam: Webcam, build: Build, flat: bool) -> FloatArray:
    points = _on_head(_FACE, posed, build)
    to_eyes = posed.eyes - webcam.place
    distance = float(np.linalg.norm(to_eyes))
    # The model gives depth along its view of the face, in the scale of x at the eyes.
    depth = (points - posed.eyes) @ (to_eyes / distance)
    if flat:
        points = points - np.outer(depth, to_eyes / distance)
    in_widths = depth * webcam.focal_px / distance / webcam.size[0]
    return np.column_stack([webcam.project(points), in_widths])


def _pose(posed: Body, webcam: Webcam, build: Build) -> FloatArray:
    world = np.empty((POSE_POINTS, 3))
    mirrored = _MOUTH * (-1.0, 1.0, 1.0)
    eye = np.array([0.5, 0.0, 0.0])
    # Inner, middle and outer eye: left, then right.
    eyes = [eye * (sign * width, 1, 1) for sign in (1.0, -1.0) for width in (0.7, 1.0, 1.3)]
    world[[0, *range(1, 7), 9, 10]] = _on_head(
        np.array([_NOSE, *eyes, _MOUTH, mirrored]), posed, build
    )
    half_head = posed.head @ np.array([build.between_ears / 2, 0.0, 0.0])
    world[7], world[8] = posed.ear + half_head, posed.ear - half_head
    world[11], world[12] = posed.left_shoulder, posed.right_shoulder
    for side, shoulder in enumerate((posed.left_shoulder, posed.right_shoulder)):
        outwards = np.array([6.0 if side == 0 else -6.0, -26.0, 4.0])
        world[13 + side] = shoulder + outwards
        world[15 + side :: 2][:4] = shoulder + outwards + np.array([0.0, -8.0, 22.0])
        world[23 + side :: 2] = posed.hip + np.array([8.0 if side == 0 else -8.0, 0.0, 0.0])
    placed = webcam.project(world)
    depth = ((world - posed.hip) @ webcam.axes()[2]) / webcam.distance
    inside = ((placed > 0) & (placed < 1)).all(axis=1)
    visible = np.where(np.arange(POSE_POINTS) <= 12, 1.0, np.where(inside, 0.8, 0.05))
    return np.column_stack([placed, depth, visible])
