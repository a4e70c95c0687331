"""Seconds, not frames: the same story at any rate of pictures, even or not."""

from __future__ import annotations

import math
from functools import cache
from itertools import groupby, pairwise

import numpy as np
import pytest
from desk import neutral_of, story, trembling
from hypothesis import given
from hypothesis import strategies as st
from person import EYE_LEVEL, LAPTOP, STILL, Moves, Webcam, seen

from posture.clock import Instant
from posture.core.landmarks import Landmarks
from posture.core.metrics import Metrics
from posture.core.one_euro import OneEuro, Smoother, Tuning
from posture.core.reader import Reader
from posture.core.reading import Label, Level, Presence, Reading

RATES_HZ = [0.33, 1.0, 2.0, 5.0, 15.0]
DAY = [
    (Label.UPRIGHT, STILL),
    (Label.SLOUCH, Moves(slump=5, poke=8)),
    (Label.UPRIGHT, Moves(nod=3, lean=1)),
    (Label.HEAD_DOWN, Moves(nod=26)),
    (Label.LEANING_LEFT, Moves(lateral=-13)),
    (Label.UPRIGHT, STILL),
    (Label.LOOKING_AWAY, Moves(yaw=45)),
    (Label.AWAY, None),
    (Label.UPRIGHT, STILL),
    (Label.FORWARD_HEAD, Moves(poke=22)),
    (Label.STANDING, Moves(up=30)),
]


def seconds_each(rate_hz: float) -> float:
    """How long each posture of DAY lasts: a few pictures at least."""
    return max(10.0, 8.0 / rate_hz)


def day(webcam: Webcam, rate_hz: float, jitter: float) -> list[Landmarks]:
    """The whole of DAY at this rate; times are off by up to *jitter* of a step, points tremble."""
    random = np.random.default_rng(7)
    pictures = []
    each_s = seconds_each(rate_hz)
    for step in range(int(len(DAY) * each_s * rate_hz)):
        t_s = (step + jitter * random.uniform(0, 1)) / rate_hz
        _, moves = DAY[min(int(t_s / each_s), len(DAY) - 1)]
        if moves is None:
            pictures.append(Landmarks(seen(at_s=t_s).at, webcam.size, None, None, 100.0))
        else:
            pictures.append(trembling(seen(moves, webcam, at_s=t_s), random, 0.0004))
    return pictures


@cache
def read(webcam: Webcam, rate_hz: float, jitter: float) -> list[Reading]:
    """What the program says of that day."""
    return story(Reader(neutral_of(webcam)), day(webcam, rate_hz, jitter))


rates = pytest.mark.parametrize("rate_hz", RATES_HZ)
desks = pytest.mark.parametrize(
    ("webcam", "jitter"), [(EYE_LEVEL, 0.0), (LAPTOP, 0.6)], ids=["eye-even", "laptop-uneven"]
)


def told(readings: list[Reading]) -> list[tuple[Label, float, float]]:
    """Each label that was held: when it was first told, and when it is said to have begun."""
    start = seen().at
    grouped = [list(group) for _, group in groupby(readings, key=lambda reading: reading.label)]
    return [
        (group[0].label, group[0].at - start, group[0].label_since - start) for group in grouped
    ]


@rates
@desks
def test_the_same_story_at_every_rate(webcam: Webcam, jitter: float, rate_hz: float) -> None:
    heard = told(read(webcam, rate_hz, jitter))
    assert [label for label, _, _ in heard] == [label for label, _ in DAY]
    for index, (label, told_s, since_s) in enumerate(heard):
        began_s = index * seconds_each(rate_hz)
        assert began_s <= since_s <= told_s
        # Two seconds, and one more picture; an empty room is believed a second later. Where
        # pictures are further apart than the holds, a second picture must confirm the first.
        allowed_s = 2.0 + (1.0 + jitter) / rate_hz + (1.0 if label is Label.AWAY else 0.0)
        if rate_hz < 1.0:
            allowed_s += 1.0 / rate_hz
        assert told_s - began_s <= allowed_s, label


@rates
@desks
def test_levels_follow_at_every_rate(webcam: Webcam, jitter: float, rate_hz: float) -> None:
    readings = read(webcam, rate_hz, jitter)
    start, each_s = seen().at, seconds_each(rate_hz)

    def during(part: int) -> list[Reading]:
        """The readings of one posture, after the time that filter and hold may take."""
        began_s, settled_s = part * each_s, 3.0 + 2.0 / rate_hz
        return [r for r in readings if began_s + settled_s < r.at - start < began_s + each_s]

    assert {r.states["slump_cm"] for r in during(1)} <= {Level.WARN, Level.LIMIT}
    assert {r.states["slump_cm"] for r in during(2)} == {Level.GOOD}
    assert {r.presence for r in during(7)} == {Presence.AWAY}
    assert {level for r in during(7) for level in r.states.values()} == {Level.UNKNOWN}


def test_one_picture_without_a_person_is_no_absence() -> None:
    """The models miss somebody now and then; for two seconds that is nothing."""
    pictures = []
    for step in range(100):
        landmarks = seen(at_s=0.2 * step)
        if step % 9 == 5:
            landmarks = Landmarks(landmarks.at, landmarks.size, None, None, 100.0)
        pictures.append(landmarks)
    readings = story(Reader(neutral_of(EYE_LEVEL)), pictures)
    assert {r.presence for r in readings} == {Presence.PRESENT}
    assert {r.label for r in readings} == {Label.UPRIGHT}


def test_pictures_of_a_folder_do_not_know_each_other() -> None:
    """Each is judged by itself at once: no filter, no hold, whatever came before."""
    reader = Reader(neutral_of(EYE_LEVEL), independent=True)
    shown = [Moves(slump=5, poke=8), STILL, Moves(nod=26), STILL, Moves(slump=5, poke=8)]
    readings = story(reader, [seen(moves, at_s=0.01 * i) for i, moves in enumerate(shown)])
    assert [r.label for r in readings] == [
        Label.SLOUCH, Label.UPRIGHT, Label.HEAD_DOWN, Label.UPRIGHT, Label.SLOUCH,
    ]  # fmt: skip
    assert readings[0].metrics.slump_cm == readings[4].metrics.slump_cm
    assert readings[1].metrics.slump_cm == pytest.approx(0.0, abs=1e-6)


class TestOneEuro:
    def test_what_does_not_move_is_not_moved(self) -> None:
        smooth = OneEuro(Tuning())
        assert [smooth(4.2, 0.3 * i) for i in range(10)] == [pytest.approx(4.2)] * 10

    @given(
        st.lists(st.floats(-50, 50), min_size=1, max_size=40),
        st.lists(st.floats(0.01, 4.0), min_size=40, max_size=40),
    )
    def test_it_stays_within_what_it_has_seen(self, values: list[float], gaps: list[float]) -> None:
        smooth, at = OneEuro(Tuning()), 0.0
        for i, (value, gap) in enumerate(zip(values, gaps, strict=False)):
            at += gap
            out = smooth(value, at)
            known = values[: i + 1]
            assert min(known) - 1e-9 <= out <= max(known) + 1e-9

    @pytest.mark.parametrize("rate_hz", [1.0, 2.0, 5.0, 15.0, 30.0])
    def test_a_step_is_followed_in_seconds_at_every_rate(self, rate_hz: float) -> None:
        smooth, at, out = OneEuro(Tuning()), 0.0, 0.0
        smooth(0.0, at)
        reached: dict[float, float] = {}
        for step in range(1, int(6 * rate_hz) + 1):
            at = step / rate_hz
            out = smooth(10.0, at)
            for part in (5.0, 9.0):
                if out >= part:
                    reached.setdefault(part, at)
        assert reached[5.0] <= 1.0
        assert 0.1 <= reached[9.0] <= 2.0 + 1 / rate_hz
        assert out == pytest.approx(10.0, abs=0.1)

    def test_trembling_is_calmed(self) -> None:
        random = np.random.default_rng(3)
        smooth = OneEuro(Tuning())
        noise = random.normal(0, 1, 600)
        out = [smooth(float(value), 0.1 * i) for i, value in enumerate(noise)]
        assert np.std(out[50:]) < 0.5 * np.std(noise)

    def test_after_a_long_gap_it_starts_anew(self) -> None:
        smooth = OneEuro(Tuning())
        smooth(0.0, 0.0)
        assert smooth(8.0, 60.0) == 8.0

    def test_a_clock_that_stands_still_is_survived(self) -> None:
        smooth = OneEuro(Tuning())
        smooth(1.0, 5.0)
        assert math.isfinite(smooth(2.0, 5.0))
        assert math.isfinite(smooth(2.0, 4.0))

    @pytest.mark.parametrize(
        ("cutoff", "beta", "d_cutoff"), [(0.0, 0.1, 1.0), (1.0, -0.1, 1.0), (1.0, 0.1, 0.0)]
    )
    def test_unusable_tunings_are_refused(
        self, cutoff: float, beta: float, d_cutoff: float
    ) -> None:
        with pytest.raises(ValueError, match="tuning"):
            Tuning(cutoff, beta, d_cutoff)

    def test_each_measure_has_its_own_filter_and_unknown_stays_unknown(self) -> None:
        smooth = Smoother(Tuning())
        at = Instant(0.0, 0)
        smooth(Metrics(at, slump_cm=0.0))
        later = smooth(Metrics(at.shifted(0.5), slump_cm=4.0, head_yaw_deg=20.0))
        assert later.slump_cm is not None
        assert 0 < later.slump_cm < 4
        assert later.head_yaw_deg == 20.0
        assert later.distance_cm is None
        assert later.at == at.shifted(0.5)


def test_the_story_has_no_label_twice_in_a_row() -> None:
    assert all(a is not b for (a, _), (b, _) in pairwise(DAY))
