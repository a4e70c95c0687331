"""Pictures worked out together read as each does alone."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from desk import neutral_of, trembling
from person import EYE_LEVEL, LAPTOP, STILL, Moves, seen

from posture.core.landmarks import Landmarks
from posture.core.neutral import Neutral
from posture.core.observation import Observation, observe
from posture.core.pinhole import Pinhole
from posture.core.reader import Reader
from posture.core.reading import Reading

MOVES = [
    STILL, Moves(slump=5, poke=8), Moves(nod=26), Moves(lateral=-13), Moves(yaw=45), Moves(up=30),
    Moves(poke=22), Moves(right=30), Moves(forward=25), Moves(roll=-20), STILL,
]  # fmt: skip


def _film() -> list[Landmarks]:
    """Somebody who moves, is not found, is seen without a face, without a shoulder, too small."""
    random = np.random.default_rng(0)
    whole = [
        trembling(seen(moves, LAPTOP, at_s=step * 4.0 + part), random, 0.0005)
        for step, moves in enumerate(MOVES)
        for part in (0, 1)
    ]
    pose = whole[1].pose
    assert pose is not None
    hidden, far = pose.copy(), pose.copy()
    hidden[11, 3] = 0.1
    far[0, 0] = 50.0
    changes: list[dict[str, object]] = [
        {"face": None}, {"pose": None}, {"face": None, "pose": None}, {"pose": hidden},
        {"pose": far}, {"size": (1280, 720)}, {"face": np.full((478, 3), 20.0)},
        {"face": np.full((478, 3), 0.5)},
    ]  # fmt: skip
    odd = [
        replace(whole[1], at=whole[1].at.shifted(60.0 + step), **change)  # type: ignore[arg-type]
        for step, change in enumerate(changes)
    ]
    return [*whole, *odd]


def _numbers(reading: Reading) -> list[float]:
    """NaN: not known."""
    told = [*reading.metrics.values(), reading.score, reading.eye_openness]
    return [math.nan if value is None else value for value in told]


def _alike(numbers: list[float]) -> object:
    return pytest.approx(numbers, rel=1e-6, abs=1e-6, nan_ok=True)


def _words(reading: Reading) -> tuple[object, ...]:
    return (
        reading.presence, reading.label, reading.states, reading.standing, reading.calibrated,
        reading.reason, reading.stale_calibration,
    )  # fmt: skip


@pytest.mark.parametrize("neutral", [neutral_of(LAPTOP), neutral_of(EYE_LEVEL), None])
@pytest.mark.parametrize("independent", [False, True])
@pytest.mark.parametrize("count", [1, 5, 100])
def test_what_was_foreseen_reads_as_what_was_not(
    neutral: Neutral | None, independent: bool, count: int
) -> None:
    film = _film()
    foreseeing = Reader(neutral, independent=independent)
    plain = Reader(neutral, independent=independent)
    for begins in range(0, len(film), count):
        block = film[begins : begins + count]
        foreseeing.foresee(block)
        for landmarks in block:
            foreseen, read = foreseeing.read(landmarks), plain.read(landmarks)
            assert _words(foreseen) == _words(read)
            assert _numbers(foreseen) == _alike(_numbers(read))


def test_a_film_tells_of_every_way_to_be_seen() -> None:
    read = [Reader(neutral_of(LAPTOP), independent=True).read(one) for one in _film()]
    assert {one.presence.value for one in read} == {"present", "away"}
    assert len({one.label for one in read}) >= 7
    assert {one.metrics.head_roll_deg is None for one in read} == {True, False}


def test_what_was_foreseen_for_one_neutral_is_forgotten_with_it() -> None:
    landmarks = seen(Moves(poke=22), LAPTOP)
    reader = Reader(neutral_of(EYE_LEVEL), independent=True)
    reader.foresee([landmarks])
    reader.recalibrate(neutral_of(LAPTOP))
    plain = Reader(neutral_of(LAPTOP), independent=True)
    assert _numbers(reader.read(landmarks)) == _alike(_numbers(plain.read(landmarks)))


def test_a_moment_nobody_foresaw_is_read_all_the_same() -> None:
    reader = Reader(neutral_of(LAPTOP), independent=True)
    reader.foresee([seen(STILL, LAPTOP)])
    slumped = seen(Moves(slump=5, poke=8), LAPTOP, at_s=1.0)
    plain = Reader(neutral_of(LAPTOP), independent=True).read(slumped)
    assert _words(reader.read(slumped)) == _words(plain)


def test_the_same_points_told_again_are_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    worked_out: list[float] = []

    def counted(landmarks: Landmarks, camera: Pinhole) -> Observation:
        worked_out.append(landmarks.at.mono)
        return observe(landmarks, camera)

    monkeypatch.setattr("posture.core.reader.observe", counted)
    slumped = seen(Moves(slump=5, poke=8), LAPTOP)
    again = [replace(slumped, at=slumped.at.shifted(later)) for later in (1.0, 2.0)]
    reader, plain = Reader(neutral_of(LAPTOP)), Reader(neutral_of(LAPTOP))

    read = [reader.read(one) for one in (slumped, *again)]
    assert len(worked_out) == 1
    copied = [replace(one, face=None if one.face is None else one.face.copy()) for one in again]
    for one, other in zip(read, [plain.read(one) for one in (slumped, *copied)], strict=True):
        assert (_words(one), _numbers(one)) == (_words(other), _alike(_numbers(other)))
    assert len(worked_out) == 4

    reader.read(replace(slumped, at=again[-1].at.shifted(1.0), size=(320, 240)))
    assert len(worked_out) == 5


def test_another_neutral_sees_the_same_points_anew() -> None:
    landmarks = seen(Moves(poke=22), LAPTOP)
    reader, plain = Reader(neutral_of(EYE_LEVEL)), Reader(neutral_of(LAPTOP))
    reader.read(landmarks)
    reader.recalibrate(neutral_of(LAPTOP))
    assert _numbers(reader.read(landmarks)) == _alike(_numbers(plain.read(landmarks)))
