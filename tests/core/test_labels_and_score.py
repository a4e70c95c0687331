"""One word and one number for what a person does."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from desk import hiding, judged, moved, neutral_of
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

from posture.clock import Instant
from posture.core.labels import LabelHold
from posture.core.landmarks import Landmarks
from posture.core.metrics import Metrics
from posture.core.pinhole import Pinhole
from posture.core.reader import Reader
from posture.core.reading import Label, Level, Reading
from posture.core.thresholds import Thresholds

webcams = pytest.mark.parametrize(
    "webcam", [EYE_LEVEL, LAPTOP, ASIDE], ids=["eye", "laptop", "aside"]
)
builds = pytest.mark.parametrize(
    "build", [AVERAGE, SMALL, LARGE], ids=["average", "small", "large"]
)

MOVES = {
    Label.UPRIGHT: STILL,
    Label.SLOUCH: Moves(slump=4.5, poke=10),
    Label.FORWARD_HEAD: Moves(poke=21),
    Label.HEAD_DOWN: Moves(nod=24),
    Label.LEANING_FORWARD: Moves(lean=11),
    Label.LEANING_LEFT: Moves(lateral=-12),
    Label.LEANING_RIGHT: Moves(lateral=12),
    Label.HEAD_TILT_LEFT: Moves(roll=-16, neck_lateral=-8),
    Label.HEAD_TILT_RIGHT: Moves(roll=16, neck_lateral=8),
    Label.UNEVEN_SHOULDERS: Moves(uneven=3),
    Label.TOO_CLOSE: Moves(forward=24),
    Label.TOO_FAR: Moves(forward=-45),
    Label.RECLINED: Moves(lean=-13),
    Label.LOOKING_AWAY: Moves(yaw=42),
    Label.STANDING: Moves(up=30),
}


@webcams
@builds
@pytest.mark.parametrize("label", MOVES)
def test_each_posture_has_its_word(webcam: Webcam, build: Build, label: Label) -> None:
    assert moved(MOVES[label], webcam, build).label is label


def test_the_two_words_for_nobody() -> None:
    nobody = Landmarks(seen().at, EYE_LEVEL.size, None, None, light=100.0)
    assert judged(nobody, EYE_LEVEL).label is Label.AWAY
    dark = Landmarks(seen().at, EYE_LEVEL.size, None, None, light=3.0)
    assert judged(dark, EYE_LEVEL).label is Label.UNKNOWN
    assert set(MOVES) | {Label.AWAY, Label.UNKNOWN} == set(Label)


def test_looking_to_either_side_is_looking_away() -> None:
    assert moved(Moves(yaw=-42), EYE_LEVEL).label is Label.LOOKING_AWAY
    assert moved(Moves(yaw=-42), EYE_LEVEL).looking_away


def test_how_far_is_far_is_the_users_choice() -> None:
    back = seen(Moves(forward=-20))
    for neutral, usual in ((neutral_of(EYE_LEVEL), Label.RECLINED), (None, Label.UPRIGHT)):
        reader = Reader(neutral, independent=True)
        assert reader.read(back).label is usual
        reader.retune(Thresholds(far_warn_cm=70))
        assert reader.read(back).label is Label.TOO_FAR


@pytest.mark.parametrize("calibrated", [True, False])
@pytest.mark.parametrize(
    ("near_warn_cm", "label", "level"),
    [(50.0, Label.UPRIGHT, Level.GOOD), (75.0, Label.TOO_CLOSE, Level.WARN)],
)
def test_what_is_called_too_close_is_what_one_is_reminded_of(
    calibrated: bool, near_warn_cm: float, label: Label, level: Level
) -> None:
    """The eyes are 60 cm away; a stranger's distance is rough, which the threshold allows for."""
    reader = Reader(neutral_of(EYE_LEVEL) if calibrated else None, independent=True)
    reader.retune(Thresholds(near_warn_cm=near_warn_cm))

    reading = reader.read(seen())

    assert (reading.label, reading.states["distance_cm"]) == (label, level)


def score_of(reading: Reading) -> float:
    assert reading.score is not None
    return reading.score


# Worse and worse, up to where both shoulders are still in every camera's picture.
WORSE = {
    "nod": Moves(nod=35),
    "head_back": Moves(nod=-30),
    "head_tilt": Moves(roll=30),
    "leaning_sideways": Moves(lateral=-18),
    "uneven_shoulders": Moves(uneven=-6),
    "slump": Moves(slump=8),
    "forward_head": Moves(poke=30),
    "leaning_forward": Moves(lean=25),
    "coming_closer": Moves(forward=25),
    "shrugging": Moves(shrug=8),
    "slouch": Moves(slump=5, poke=20, nod=15),
}


@webcams
@pytest.mark.parametrize("worst", WORSE.values(), ids=WORSE)
def test_the_score_falls_steadily_with_each_deviation(webcam: Webcam, worst: Moves) -> None:
    steps = 100
    scores = [score_of(moved(worst.scaled(step / steps), webcam)) for step in range(steps + 1)]
    assert scores[0] >= 99
    assert scores[-1] < 60
    falls = [before - after for before, after in pairwise(scores)]
    # A hundredth of the way never costs more than a few points, and never brings any.
    assert max(falls) < 3.0
    assert min(falls) > -0.5


def test_the_score_does_not_mind_sitting_back() -> None:
    assert score_of(moved(Moves(lean=-10), LAPTOP)) > 85


@webcams
@builds
def test_a_worse_posture_has_a_lower_score(webcam: Webcam, build: Build) -> None:
    upright = score_of(moved(Moves(nod=2, slump=0.3), webcam, build))
    a_little = score_of(moved(Moves(slump=1.5, poke=5), webcam, build))
    slouched = score_of(moved(Moves(slump=4.5, poke=12), webcam, build))
    assert upright > 95
    assert a_little < upright - 8
    assert slouched < a_little - 20


def test_a_chin_that_sinks_to_the_shoulders_costs_points_beside_what_else_does() -> None:
    """With calibrations from before its height was kept, nothing is said of it."""
    slouched = seen(Moves(slump=2.5, poke=8))
    neutral = neutral_of(EYE_LEVEL)
    before = replace(neutral, chin_height=None)

    scores = [score_of(Reader(each, independent=True).read(slouched)) for each in (neutral, before)]
    high = score_of(Reader(replace(neutral, chin_height=-1.0), independent=True).read(slouched))

    assert scores[0] < scores[1] - 5
    assert high == scores[1]


def stranger(landmarks: Landmarks) -> Reading:
    return Reader(None, independent=True).read(landmarks)


@webcams
@builds
def test_without_calibration_there_is_a_score_too(webcam: Webcam, build: Build) -> None:
    """Upright before slouched, step by step, and always a number between 0 and 100."""
    slouch = Moves(slump=6, poke=20, nod=6)
    scores = [
        score_of(stranger(seen(slouch.scaled(share), webcam, build)))
        for share in np.linspace(0, 1, 60)
    ]
    assert all(0 <= value <= 100 for value in scores)
    assert all(-4.0 < after - before <= 0 for before, after in pairwise(scores))
    assert scores[0] - scores[-1] > 30
    assert not stranger(seen(STILL, webcam, build)).calibrated


def test_without_calibration_and_face_the_ears_give_the_score() -> None:
    faceless = [
        Landmarks(s.at, s.size, s.pose, None, s.light)
        for s in (seen(STILL), seen(Moves(slump=6, poke=20, nod=6)))
    ]
    upright, slouched = (score_of(stranger(landmarks)) for landmarks in faceless)
    assert upright > slouched + 20


def test_without_calibration_and_shoulders_there_is_no_score() -> None:
    assert stranger(hiding(seen(), 11, 12)).score is None


class TestLabelHold:
    START = Instant(0.0, 0)

    def held(self, hold_s: float, *story: tuple[float, Label]) -> list[tuple[Label, float]]:
        hold = LabelHold(hold_s)
        held = (hold.update(self.START.shifted(at_s), label) for at_s, label in story)
        return [(label, since.mono) for label, since in held]

    def test_a_change_is_declared_after_the_hold_and_dated_back(self) -> None:
        up, down = Label.UPRIGHT, Label.SLOUCH
        assert self.held(1.0, (0, up), (1, down), (1.5, down), (2, down), (3, down)) == [
            (up, 0), (up, 0), (up, 0), (down, 1), (down, 1),
        ]  # fmt: skip

    def test_what_does_not_last_is_not_declared(self) -> None:
        up, down = Label.UPRIGHT, Label.SLOUCH
        assert (
            self.held(1.0, (0, up), (1, down), (1.9, up), (2.5, down), (3.4, down)) == [(up, 0)] * 5
        )

    def test_two_words_in_turn_do_not_add_up(self) -> None:
        story = [(0.0, Label.UPRIGHT)]
        story += [(1 + 0.4 * i, (Label.SLOUCH, Label.FORWARD_HEAD)[i % 2]) for i in range(10)]
        assert self.held(1.0, *story) == [(Label.UPRIGHT, 0)] * 11

    def test_after_nobody_the_next_word_holds_at_once(self) -> None:
        hold = LabelHold(1.0)
        hold.update(self.START, Label.UPRIGHT)
        hold.clear()
        later = self.START.shifted(5.0)
        assert hold.update(later, Label.SLOUCH) == (Label.SLOUCH, later)

    def test_a_hold_is_no_negative_time(self) -> None:
        with pytest.raises(ValueError, match="hold_s"):
            LabelHold(-0.1)


def test_metrics_know_no_nan() -> None:
    with pytest.raises(ValueError, match="slump_cm"):
        Metrics(Instant(0.0, 0), slump_cm=float("nan"))


@webcams
def test_sliding_further_down_the_chair_never_looks_better(webcam: Webcam) -> None:
    """From a slouch until the eyes are 25 cm lower: a slouch all the way."""
    slides = [moved(Moves(slump=4, poke=10, up=-down), webcam) for down in np.linspace(0, 18, 30)]
    assert {reading.label for reading in slides} == {Label.SLOUCH}
    scores = [score_of(reading) for reading in slides]
    assert all(after <= before + 0.5 for before, after in pairwise(scores))


class TestStrangers:
    """Without a calibration only what is far off has a name."""

    @webcams
    @builds
    def test_who_sits_well_is_upright(self, webcam: Webcam, build: Build) -> None:
        assert stranger(seen(STILL, webcam, build)).label is Label.UPRIGHT

    @webcams
    def test_a_camera_that_hangs_askew_is_no_uneven_shoulder(self, webcam: Webcam) -> None:
        """Nor is the little that people differ by."""
        assert stranger(seen(Moves(uneven=2), webcam)).label is Label.UPRIGHT

    @pytest.mark.parametrize(
        ("label", "moves"),
        [
            (Label.SLOUCH, Moves(slump=7, poke=26, nod=8)),
            (Label.TOO_CLOSE, Moves(forward=30)),
            (Label.TOO_FAR, Moves(forward=-100)),
            (Label.LOOKING_AWAY, Moves(yaw=42)),
            (Label.HEAD_TILT_LEFT, Moves(roll=-16, neck_lateral=-8)),
            (Label.UNEVEN_SHOULDERS, Moves(uneven=-12)),
        ],
    )
    def test_what_is_far_off_is_told(self, label: Label, moves: Moves) -> None:
        assert stranger(seen(moves, EYE_LEVEL)).label is label

    def test_a_square_picture_is_cut_out_of_a_wide_one(self) -> None:
        """Taken for the whole width of the lens, its people would seem twice as near."""
        wide, square = Pinhole.typical((640, 360)), Pinhole.typical((360, 360))
        assert square.focal_px == pytest.approx(wide.focal_px)
        assert Pinhole.typical((640, 480)).focal_px == pytest.approx(wide.focal_px)
