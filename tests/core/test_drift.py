"""The neutral follows the user: slowly, a little, and only in good moments."""

from __future__ import annotations

import pytest
from desk import neutral_of, story
from hypothesis import given, settings
from hypothesis import strategies as st
from person import EYE_LEVEL, Moves, seen

from posture.clock import Instant
from posture.core.drift import Drift
from posture.core.metrics import MEASURES, Metrics
from posture.core.reader import Reader

START = Instant(0.0, 0)
# No measure may follow further than 3 degrees or 2 cm.
MOST = {name: 3.0 if name.endswith("_deg") else 2.0 for name in MEASURES}


def taught(drift: Drift, seconds: float, *, trusted: bool = True, **values: float) -> Drift:
    """Let *drift* see these raw values once a second."""
    for second in range(int(seconds) + 1):
        raw = Metrics(START.shifted(second), **values)
        drift.learn(drift.correct(raw), trusted)
    return drift


def test_without_a_lesson_nothing_is_corrected() -> None:
    metrics = Metrics(START, slump_cm=1.0, head_flexion_deg=4.0)
    assert Drift().correct(metrics) == metrics


def test_it_takes_minutes() -> None:
    """Next to nothing is learnt in ten seconds, two thirds in ten minutes."""
    assert taught(Drift(), 10, head_flexion_deg=2.0).offsets["head_flexion_deg"] < 0.05
    after = taught(Drift(), 600, head_flexion_deg=2.0).offsets["head_flexion_deg"]
    assert after == pytest.approx(2.0 * 0.632, rel=0.03)


@pytest.mark.parametrize("step_s", [0.2, 1.0, 3.0, 10.0])
def test_it_takes_as_long_at_any_rate(step_s: float) -> None:
    drift = Drift()
    for step in range(int(300 / step_s) + 1):
        raw = Metrics(START.shifted(step * step_s), slump_cm=0.5)
        drift.learn(drift.correct(raw), trusted=True)
    assert drift.offsets["slump_cm"] == pytest.approx(0.5 * 0.393, rel=0.03)


def test_what_is_learnt_is_taken_off() -> None:
    drift = taught(Drift(), 3600, head_flexion_deg=2.0)
    corrected = drift.correct(Metrics(START, head_flexion_deg=2.0, slump_cm=None))
    assert corrected.head_flexion_deg == pytest.approx(0.0, abs=0.05)
    assert corrected.slump_cm is None


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(MEASURES), st.floats(-500, 500))
def test_no_bad_habit_becomes_the_neutral(name: str, value: float) -> None:
    """Hours of it move the neutral by a little only."""
    drift = Drift()
    for step in range(2000):
        drift.learn(drift.correct(Metrics(START.shifted(4.0 * step), **{name: value})), True)
    assert all(abs(offset) <= MOST[each] for each, offset in drift.offsets.items())


def test_distance_and_turning_are_not_learnt() -> None:
    drift = taught(Drift(), 3600, distance_cm=45.0, head_yaw_deg=15.0)
    assert set(drift.offsets.values()) == {0.0}


def test_it_learns_from_trusted_moments_only() -> None:
    assert taught(Drift(), 3600, trusted=False, slump_cm=1.0).offsets["slump_cm"] == 0.0


def test_a_gap_teaches_nothing_about_the_time_between() -> None:
    drift = Drift()
    drift.learn(Metrics(START, slump_cm=1.0), trusted=True)
    drift.learn(Metrics(START.shifted(3000), slump_cm=1.0), trusted=True)
    assert drift.offsets["slump_cm"] == 0.0


@given(st.dictionaries(st.sampled_from(MEASURES), st.floats(-1e6, 1e6)))
def test_stored_offsets_are_kept_within_bounds(stored: dict[str, float]) -> None:
    offsets = Drift(stored).offsets
    assert all(abs(offset) <= MOST[name] for name, offset in offsets.items())
    kept = {name: offset for name, offset in offsets.items() if name in stored}
    for name, offset in kept.items():
        assert offset * stored[name] >= 0


def test_the_reader_does_not_learn_a_slouch() -> None:
    """Half an hour of slouching, and it is a slouch still."""
    reader = Reader(neutral_of(EYE_LEVEL))
    slouch = Moves(slump=5, poke=8)
    readings = story(reader, [seen(slouch, at_s=3.0 * i) for i in range(600)])
    assert set(reader.drift.values()) == {0.0}
    assert readings[-1].metrics.slump_cm == pytest.approx(readings[10].metrics.slump_cm)


def test_the_reader_learns_a_slightly_different_seat() -> None:
    reader = Reader(neutral_of(EYE_LEVEL))
    settled = Moves(nod=3, slump=0.4)
    readings = story(reader, [seen(settled, at_s=3.0 * i) for i in range(600)])
    assert reader.drift["head_flexion_deg"] == pytest.approx(3.0, abs=0.6)
    later, sooner = readings[-1].metrics.head_flexion_deg, readings[5].metrics.head_flexion_deg
    assert later is not None
    assert sooner is not None
    assert later < sooner / 3
    restarted = Reader(neutral_of(EYE_LEVEL), drift=reader.drift)
    again = restarted.read(seen(settled)).metrics.head_flexion_deg
    assert again == pytest.approx(later, abs=0.1)
