"""What must not matter: the mirror, the picture's size, its shape, and what noise brings."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from desk import flipped, judged, neutral_of, trembling
from hypothesis import given, settings
from hypothesis import strategies as st
from person import ASIDE, EYE_LEVEL, LAPTOP, STILL, Moves, Webcam, seen

from posture.core.calibration import calibrate
from posture.core.landmarks import FACE_POINTS, POSE_POINTS, FloatArray, Landmarks
from posture.core.metrics import MEASURES
from posture.core.neutral import Neutral
from posture.core.reader import Reader
from posture.core.reading import Label, Level, Presence, Reading

SIDED = {
    "head_yaw_deg",
    "head_roll_deg",
    "neck_lateral_deg",
    "shoulder_tilt_deg",
    "trunk_lateral_deg",
}
TWIN = {
    Label.LEANING_LEFT: Label.LEANING_RIGHT,
    Label.LEANING_RIGHT: Label.LEANING_LEFT,
    Label.HEAD_TILT_LEFT: Label.HEAD_TILT_RIGHT,
    Label.HEAD_TILT_RIGHT: Label.HEAD_TILT_LEFT,
}


def around(most: float) -> st.SearchStrategy[float]:
    return st.floats(-most, most)


movements = st.builds(
    Moves,
    right=around(8), up=around(4), forward=st.floats(-20, 12), lean=st.floats(-12, 12),
    lateral=around(12), turn=around(8), slump=st.floats(0, 4), poke=st.floats(-5, 15),
    neck_lateral=around(8), shrug=around(2), uneven=around(3), nod=st.floats(-15, 20),
    yaw=around(30), roll=around(15),
)  # fmt: skip
webcams = st.sampled_from([EYE_LEVEL, LAPTOP, ASIDE, Webcam(distance=80, pan=5, hfov=75)])
noise = st.builds(np.random.default_rng, st.integers(0, 1000))


@cache
def mirrored_neutral(webcam: Webcam) -> Neutral:
    taken = [flipped(seen(STILL, webcam, at_s=at_s)) for at_s in np.arange(0.0, 10.0, 0.5)]
    return calibrate(taken, webcam.distance)


def read(landmarks: Landmarks, neutral: Neutral | None) -> Reading:
    return Reader(neutral, independent=True).read(landmarks)


def same(a: Reading, b: Reading, abs_: float = 1e-6) -> None:
    for name in MEASURES:
        assert a.metrics.get(name) == pytest.approx(b.metrics.get(name), abs=abs_), name
    assert a.score == pytest.approx(b.score, abs=abs_)
    assert (a.label, a.presence, a.states) == (b.label, b.presence, b.states)


@settings(max_examples=40, deadline=None)
@given(movements, webcams, noise)
def test_in_a_mirror_left_and_right_change_places(
    moves: Moves, webcam: Webcam, random: np.random.Generator
) -> None:
    landmarks = trembling(seen(moves, webcam), random, 0.0008)
    straight = read(landmarks, neutral_of(webcam))
    glass = read(flipped(landmarks), mirrored_neutral(webcam))
    for name in MEASURES:
        value, other = straight.metrics.get(name), glass.metrics.get(name)
        if value is not None and name in SIDED:
            value = -value
        assert other == pytest.approx(value, abs=0.01), name
    assert glass.label is TWIN.get(straight.label, straight.label)
    assert glass.score == pytest.approx(straight.score, abs=0.05)


@settings(max_examples=40, deadline=None)
@given(movements, webcams, st.sampled_from([(320, 240), (1280, 960), (1024, 768)]), noise)
def test_the_size_of_the_picture_does_not_matter(
    moves: Moves, webcam: Webcam, size: tuple[int, int], random: np.random.Generator
) -> None:
    landmarks = trembling(seen(moves, webcam), random, 0.0008)
    resized = read(replace(landmarks, size=size), neutral_of(webcam))
    same(read(landmarks, neutral_of(webcam)), resized)
    assert resized.stale_calibration is None
    # Nor does it matter at which size the neutral was taken.
    other = neutral_of(replace(webcam, size=size))
    same(read(landmarks, neutral_of(webcam)), read(replace(landmarks, size=size), other))


def widescreen(webcam: Webcam) -> Webcam:
    """The camera's 16:9 mode: the same height is seen, and more at the sides."""
    wider = math.tan(math.radians(webcam.hfov / 2)) * (16 / 9) / (4 / 3)
    return replace(webcam, size=(1280, 720), hfov=2 * math.degrees(math.atan(wider)))


@settings(max_examples=40, deadline=None)
@given(movements, webcams)
def test_a_wider_picture_shows_the_same_posture(moves: Moves, webcam: Webcam) -> None:
    narrow = read(seen(moves, webcam), neutral_of(webcam))
    wide = read(seen(moves, widescreen(webcam)), neutral_of(webcam))
    for name in MEASURES:
        # A shoulder that was cut off is seen in the wider picture: more may be known, not less.
        if narrow.metrics.get(name) is not None and "unknown" not in narrow.states.values():
            assert wide.metrics.get(name) == pytest.approx(narrow.metrics.get(name), abs=1e-6)
    assert wide.stale_calibration is not None
    assert narrow.stale_calibration is None


@pytest.mark.parametrize("moves", [Moves(nod=10), Moves(slump=4, poke=10), Moves(lateral=10)])
def test_a_calibration_in_a_wide_picture_is_as_good(moves: Moves) -> None:
    wide = widescreen(EYE_LEVEL)
    narrow, other = judged(seen(moves), EYE_LEVEL), judged(seen(moves, wide), wide)
    for name in MEASURES:
        # The lens is guessed from the picture's width: 1 cm or degree at the most.
        assert other.metrics.get(name) == pytest.approx(narrow.metrics.get(name), abs=1.0), name


@settings(max_examples=40, deadline=None)
@given(movements, webcams, noise)
def test_a_tremble_of_the_points_changes_little(
    moves: Moves, webcam: Webcam, random: np.random.Generator
) -> None:
    """Landmarks tremble by about a pixel; the measures by no more than people do."""
    clear = read(seen(moves, webcam), neutral_of(webcam))
    shaky = read(trembling(seen(moves, webcam), random, 0.5 / 640), neutral_of(webcam))
    for name in MEASURES:
        a, b = clear.metrics.get(name), shaky.metrics.get(name)
        if a is not None and b is not None:
            assert abs(a - b) < 3.0, name


# Values that landmarks never have, and some that they have.
ODD = [0.0, 0.5, 1.0, -1.0, 2.0, 9.9, 10.1, -1e3, 1e6, 1e9, -1e150, 1e300, 1.7e308, 5e-324]


def table(
    kind: int, shape: tuple[int, int], value: float, random: np.random.Generator
) -> FloatArray:
    """Points that are no person: *kind* says in which way."""
    clear = seen(Moves(slump=1))
    real = clear.pose if shape[1] == 4 else clear.face
    assert real is not None
    match kind:
        case 0:
            points = random.uniform(0, 1, shape)
        case 1:
            points = np.full(shape, value)
        case 2:
            points = real + random.normal(0, 10.0 ** random.integers(-4, 4), shape)
        case 3:
            points = np.tile(random.uniform(-1, 2, shape[1]), (shape[0], 1))
        case 4:
            points = real.copy()
            points[random.integers(0, shape[0], 20)] = value
        case 5:
            points = real * 10.0 ** random.integers(-300, 200)
        case 6:
            points = real * random.choice([-1.0, 1.0], shape)
        case _:
            points = real.copy()
    if shape[1] == 4 and random.uniform() < 0.7:
        points[:, 3] = 1.0
    return points


@cache
def readers() -> list[Reader]:
    known = [Reader(neutral_of(webcam), independent=True) for webcam in (EYE_LEVEL, ASIDE)]
    return [Reader(None, independent=True), Reader(neutral_of(EYE_LEVEL)), *known]


@settings(max_examples=200, deadline=None)
@given(
    st.none() | st.integers(0, 7),
    st.none() | st.integers(0, 7),
    st.sampled_from(ODD),
    noise,
    st.sampled_from([None, 0.0, 5.0, 120.0, 255.0]),
)
def test_whatever_the_points_are_there_is_an_answer(
    pose: int | None,
    face: int | None,
    value: float,
    random: np.random.Generator,
    light: float | None,
) -> None:
    """A number or None for each measure; no error, whatever a model or a trace comes up with."""
    landmarks = Landmarks(
        seen().at,
        (640, 480),
        None if pose is None else table(pose, (POSE_POINTS, 4), value, random),
        None if face is None else table(face, (FACE_POINTS, 3), value, random),
        light,
    )
    for reader in readers():
        reading = reader.read(landmarks)
        values = [reading.metrics.get(name) for name in MEASURES]
        assert all(v is None or math.isfinite(v) for v in values)
        assert reading.score is None or 0 <= reading.score <= 100
        if reading.presence is not Presence.PRESENT:
            assert set(values) == {None}
            assert set(reading.states.values()) == {Level.UNKNOWN}
            assert reading.score is None
        for name, level in reading.states.items():
            assert (level is Level.UNKNOWN) == (reading.metrics.get(name) is None)


@settings(max_examples=100, deadline=None)
@given(noise, st.integers(0, 4))
def test_scattered_points_are_nobody(random: np.random.Generator, spread: int) -> None:
    """A face of random points is no face: away, not a posture."""
    face = random.uniform(-(2.0**spread), 2.0**spread, (FACE_POINTS, 3))
    reading = read(Landmarks(seen().at, (640, 480), None, face, 100.0), neutral_of(EYE_LEVEL))
    assert reading.label is Label.AWAY
