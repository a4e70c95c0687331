"""Another of the user's calibrated desks is found by what the camera sees, never by a posture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from desk import neutral_of, trembling
from person import ASIDE, EYE_LEVEL, LAPTOP, STILL, Moves, Webcam, seen

from posture.core.effects import DeskRecognized
from posture.core.monitor import Monitor
from posture.core.neutral import Neutral
from posture.core.policy import Policy
from posture.core.reader import Reader

DESKS = {"home": LAPTOP, "work": EYE_LEVEL, "studio": ASIDE}
PLACES = pytest.mark.parametrize("name", DESKS)


def others(name: str) -> dict[str, Neutral]:
    return {other: neutral_of(webcam) for other, webcam in DESKS.items() if other != name}


def found(
    at: str,
    now: Webcam,
    seconds: float,
    moves: Moves = STILL,
    *,
    hz: float = 1.0,
    desks: Mapping[str, Neutral] | None = None,
) -> str | None:
    """What a reader that takes the desk for *at* finds at the desk *now*."""
    random = np.random.default_rng(3)
    reader = Reader(neutral_of(DESKS[at]))
    reader.know_desks(others(at) if desks is None else desks)
    name = None
    for i in range(int(seconds * hz) + 1):
        picture = trembling(seen(moves, now, at_s=i / hz), random, 0.001)
        name = reader.read(picture).desk_seen
    return name


@pytest.mark.parametrize(
    ("at", "now"), [("home", "work"), ("work", "home"), ("home", "studio"), ("studio", "home")]
)
@pytest.mark.parametrize("hz", [0.2, 1.0, 5.0])
def test_the_desk_that_is_seen_is_found_after_a_quarter_of_a_minute(
    at: str, now: str, hz: float
) -> None:
    assert found(at, DESKS[now], 12, hz=hz) is None
    assert found(at, DESKS[now], 20, hz=hz) == now


@PLACES
@pytest.mark.parametrize(
    "moves",
    [
        STILL,
        Moves(slump=5.0, poke=15.0),
        Moves(lean=20.0),
        Moves(lean=-20.0),
        Moves(lateral=15.0, roll=10.0),
        Moves(nod=25.0),
        Moves(yaw=30.0),
        Moves(roll=15.0),
        Moves(right=12.0),
        Moves(forward=15.0),
        Moves(forward=-30.0),
        Moves(up=-6.0),
    ],
    ids=str,
)
def test_no_posture_held_for_a_minute_is_another_desk(name: str, moves: Moves) -> None:
    assert found(name, DESKS[name], 60, moves) is None


def test_a_desk_calibrated_with_another_camera_is_not_meant() -> None:
    work = replace(neutral_of(EYE_LEVEL), source="another camera")

    assert found("home", EYE_LEVEL, 60, desks={"work": work}) is None


def test_two_desks_that_look_the_same_are_not_chosen_between() -> None:
    desks = {"work": neutral_of(EYE_LEVEL), "copy": neutral_of(EYE_LEVEL)}

    assert found("home", EYE_LEVEL, 60, desks=desks) is None


def test_somebody_unlike_every_calibration_stays_with_the_one_in_use() -> None:
    desks = {"work": neutral_of(EYE_LEVEL)}

    assert found("home", ASIDE, 60, desks=desks) is None


def test_the_monitor_tells_it_once() -> None:
    reader = Reader(neutral_of(LAPTOP))
    reader.know_desks(others("home"))
    monitor = Monitor(Policy(), reader=reader)
    told = [
        effect.profile
        for second in range(60)
        for effect in monitor.step(seen(STILL, EYE_LEVEL, at_s=float(second)))
        if isinstance(effect, DeskRecognized)
    ]

    assert told == ["work"]


def test_judged_by_its_own_calibration_the_desk_is_measured_again() -> None:
    reader = Reader(neutral_of(LAPTOP))
    reader.know_desks(others("home"))
    for second in range(20):
        reading = reader.read(seen(STILL, EYE_LEVEL, at_s=float(second)))
    assert reading.desk_seen == "work"

    reader.recalibrate(neutral_of(EYE_LEVEL))
    reader.know_desks(others("work"))
    for second in range(20, 60):
        reading = reader.read(seen(STILL, EYE_LEVEL, at_s=float(second)))

    assert reading.desk_seen is None
    assert reading.stale_calibration is None
    assert reading.metrics.slump_cm == pytest.approx(0.0, abs=0.5)
