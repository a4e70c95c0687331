"""What people do all day at a desk is no bad posture."""

from __future__ import annotations

import pytest
from desk import alarms, moved, neutral_of, story
from person import (
    ASIDE,
    AVERAGE,
    EYE_LEVEL,
    LAPTOP,
    LARGE,
    SMALL,
    STILL,
    Build,
    Moves,
    Webcam,
    seen,
)

from posture.core.reader import Reader
from posture.core.reading import Label, Level

webcams = pytest.mark.parametrize(
    "webcam", [EYE_LEVEL, LAPTOP, ASIDE], ids=["eye", "laptop", "aside"]
)
builds = pytest.mark.parametrize(
    "build", [AVERAGE, SMALL, LARGE], ids=["average", "small", "large"]
)

HARMLESS = {
    "nod": Moves(nod=10),
    "look_at_the_top_of_the_screen": Moves(nod=-5),
    "chair_5_cm_forward": Moves(forward=5),
    "chair_5_cm_back": Moves(forward=-5),
    "chair_5_cm_aside": Moves(right=-5),
    "chair_1_cm_lower": Moves(up=-1),
    "head_turned_20_degrees": Moves(yaw=20),
    "head_turned_20_degrees_left": Moves(yaw=-20),
    "a_little_of_everything": Moves(nod=3, yaw=6, roll=2, lean=2, lateral=1, slump=0.3, poke=2),
}


@webcams
@builds
@pytest.mark.parametrize("moves", HARMLESS.values(), ids=HARMLESS)
def test_no_alarm(webcam: Webcam, build: Build, moves: Moves) -> None:
    reading = moved(moves, webcam, build)
    assert alarms(reading) == {}
    assert reading.label is Label.UPRIGHT
    assert not reading.looking_away
    assert reading.score is not None
    assert reading.score > 80


@webcams
@builds
def test_a_shrug_is_a_shrug_only(webcam: Webcam, build: Build) -> None:
    """Raised shoulders shorten the neck in the picture: that is no head that came forward."""
    reading = moved(Moves(shrug=3), webcam, build)
    assert set(alarms(reading)) <= {"shoulder_shrug_cm"}
    assert reading.label is Label.UPRIGHT
    shrug = reading.metrics.shoulder_shrug_cm
    assert shrug is not None
    assert shrug > 0.7


@webcams
def test_drinking_is_a_head_held_back_and_nothing_else(webcam: Webcam) -> None:
    """Five seconds with the head back: the posture stays upright, and all is well again after."""
    drinking = Moves(nod=-22, forward=-1)
    reader = Reader(neutral_of(webcam))
    pictures = [
        seen(drinking if 10 <= t_s < 15 else STILL, webcam, AVERAGE, t_s)
        for t_s in (0.2 * i for i in range(125))
    ]
    readings = story(reader, pictures)
    assert {reading.label for reading in readings} == {Label.UPRIGHT}
    assert set().union(*(alarms(reading) for reading in readings)) == {"head_flexion_deg"}
    calm = [r for r in readings if not 10 <= r.at - readings[0].at < 17]
    assert all(alarms(reading) == {} for reading in calm)


@webcams
def test_a_glance_at_the_keyboard_leaves_the_label_alone(webcam: Webcam) -> None:
    reader = Reader(neutral_of(webcam))
    pictures = [
        seen(Moves(nod=25) if 10 <= t_s < 10.8 else STILL, webcam, AVERAGE, t_s)
        for t_s in (0.2 * i for i in range(100))
    ]
    readings = story(reader, pictures)
    assert {reading.label for reading in readings} == {Label.UPRIGHT}


@webcams
def test_leaning_back_is_reclined_and_good(webcam: Webcam) -> None:
    reading = moved(Moves(lean=-12), webcam)
    assert reading.label is Label.RECLINED
    assert alarms(reading) == {}


def test_a_long_look_aside_is_advice_and_not_posture() -> None:
    reading = moved(Moves(yaw=40), EYE_LEVEL)
    assert reading.looking_away
    assert reading.states["head_yaw_deg"] is Level.LIMIT
    assert set(alarms(reading)) - {"head_yaw_deg"} == {
        name for name, level in reading.states.items() if level is Level.UNKNOWN
    }
    assert reading.score is not None
    assert reading.score > 90
