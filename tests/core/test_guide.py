"""Guided calibrations as stories: what the user does, and what becomes of it."""

from __future__ import annotations

import pytest
from person import ASIDE, LAPTOP, STILL, Moves
from sitter import Sitter, at_the_countdown, press

from posture.core.calibration_quality import Doubt
from posture.core.desk import Desk, Place, usual_offset_cm
from posture.core.guide import Guide, Step
from posture.core.live_checks import Check, Hint, Mark
from posture.core.number_field import Problem


def answered() -> Sitter:
    """All questions before the countdown were answered: 24 inches, camera above."""
    guide = Guide(source="cam", profile="home")
    press(guide, "enter", "2", "4", "enter", "enter")
    return Sitter(guide)


def step_of(guide: Guide) -> Step:
    return guide.progress.step


def hints(guide: Guide) -> set[Hint]:
    return {finding.hint for finding in guide.progress.findings if finding.hint is not None}


@pytest.mark.parametrize("hz", [1.0, 2.0, 5.0, 15.0])
def test_who_sits_still_is_calibrated_whatever_the_rate_of_pictures(hz: float) -> None:
    sitter = at_the_countdown(hz)

    sitter.sits(14.0)

    progress = sitter.guide.progress
    assert progress.step is Step.RESULT
    assert progress.refused is None
    assert progress.neutral is not None
    assert progress.neutral.distance_cm == pytest.approx(60.0, rel=0.05)


def test_the_countdown_begins_by_itself_and_runs_ten_seconds() -> None:
    sitter = at_the_countdown()
    sitter.sits(1.0)
    assert sitter.guide.progress.remaining_s is None

    sitter.sits(1.6)
    begun = sitter.guide.progress.remaining_s
    assert begun is not None
    assert begun == pytest.approx(9.6, abs=0.5)
    sitter.sits(5.0)
    assert sitter.guide.progress.remaining_s == pytest.approx(begun - 5.0, abs=0.01)
    assert step_of(sitter.guide) is Step.HOLD
    sitter.sits(5.0)
    assert step_of(sitter.guide) is Step.RESULT


def test_all_questions_are_asked_in_order_and_answered() -> None:
    sitter = answered()
    guide = sitter.guide
    assert step_of(guide) is Step.HOLD
    assert guide.desk == Desk(24.0, Place.ABOVE, usual_offset_cm(Place.ABOVE, 24.0))

    sitter.sits(13.0)
    assert step_of(guide) is Step.DISTANCE
    assert guide.progress.estimate_cm == pytest.approx(60.0, rel=0.05)
    press(guide, "6", "4", "enter")
    assert step_of(guide) is Step.RESULT
    neutral = guide.progress.neutral
    assert neutral is not None
    assert neutral.measured
    assert neutral.distance_cm == pytest.approx(64.0)
    assert (neutral.source, neutral.profile) == ("cam", "home")
    # Half of a 24-inch screen's height, and a little.
    assert neutral.screen_cm is not None
    assert list(neutral.screen_cm) == pytest.approx([0.0, -16.4], abs=0.1)

    press(guide, "enter")
    assert step_of(guide) is Step.KEPT


def test_what_is_known_is_not_asked() -> None:
    desk = Desk(27.0, Place.BELOW, 18.0)
    guide = Guide(desk, ask=[], distance_cm=70.0)
    press(guide, "enter")
    assert step_of(guide) is Step.HOLD

    Sitter(guide).sits(13.0)

    assert step_of(guide) is Step.RESULT
    assert guide.progress.neutral is not None
    assert guide.progress.neutral.distance_cm == pytest.approx(70.0)
    assert guide.progress.neutral.screen_cm == (0.0, 18.0)
    assert guide.desk == desk


def test_questions_may_be_left_open() -> None:
    guide = Guide()
    press(guide, "enter", "enter", "left", "enter")
    Sitter(guide).sits(13.0)
    press(guide, "enter", "enter")

    assert step_of(guide) is Step.KEPT
    assert guide.desk == Desk(None, Place.LEFT, None)
    neutral = guide.progress.neutral
    assert neutral is not None
    assert not neutral.measured
    assert neutral.screen_cm is None


def test_a_turn_of_the_head_starts_the_countdown_again_and_says_why() -> None:
    sitter = at_the_countdown()
    sitter.sits(7.0)
    left_s = sitter.guide.progress.remaining_s
    assert left_s is not None
    assert left_s < 6.0

    sitter.sits(2.0, Moves(roll=25.0))
    assert sitter.guide.progress.remaining_s is None
    assert sitter.guide.progress.broke is not None
    assert sitter.guide.progress.broke.hint in (Hint.TILTED_RIGHT, Hint.MOVING)

    sitter.sits(14.0)
    assert step_of(sitter.guide) is Step.RESULT
    neutral = sitter.guide.progress.neutral
    assert neutral is not None
    # Nothing of the first attempt is in it.
    assert neutral.sway_deg < 0.5


def test_one_missed_face_breaks_nothing() -> None:
    sitter = at_the_countdown()
    sitter.sits(6.0)
    before_s = sitter.guide.progress.remaining_s
    assert before_s is not None

    sitter.hides(0.4)
    sitter.sits(1.0)

    now_s = sitter.guide.progress.remaining_s
    assert now_s is not None
    assert now_s < before_s


def test_leaving_the_picture_stops_the_countdown() -> None:
    sitter = at_the_countdown()
    sitter.sits(6.0)

    sitter.hides(1.5)

    assert sitter.guide.progress.remaining_s is None
    assert sitter.guide.progress.broke is not None
    assert sitter.guide.progress.broke.hint is Hint.NO_FACE


def test_who_rocks_never_gets_a_countdown() -> None:
    sitter = at_the_countdown()

    sitter.rocks(20.0)

    assert sitter.guide.progress.remaining_s is None
    assert step_of(sitter.guide) is Step.HOLD
    assert Hint.MOVING in hints(sitter.guide)


def test_in_the_dark_nothing_begins() -> None:
    sitter = at_the_countdown()

    sitter.sits(15.0, light=14.0)

    assert step_of(sitter.guide) is Step.HOLD
    assert sitter.guide.progress.remaining_s is None
    assert Hint.DARK in hints(sitter.guide)
    sitter.sits(14.0, light=90.0)
    assert step_of(sitter.guide) is Step.RESULT


def test_a_lost_camera_breaks_the_countdown() -> None:
    sitter = at_the_countdown()
    sitter.sits(6.0)

    sitter.loses_camera(3.0)

    assert sitter.guide.progress.remaining_s is None
    assert sitter.guide.progress.broke is not None
    assert sitter.guide.progress.broke.hint is Hint.NO_PICTURE
    sitter.sits(14.0)
    assert step_of(sitter.guide) is Step.RESULT


def test_a_gap_in_the_pictures_is_no_sitting_still() -> None:
    sitter = at_the_countdown()
    sitter.sits(5.0)
    sitter._at_s += 8.0

    sitter.sits(1.0)

    assert step_of(sitter.guide) is Step.HOLD
    assert sitter.guide.progress.remaining_s is None


@pytest.mark.parametrize(
    ("moves", "hint"),
    [
        (Moves(roll=15.0), Hint.TILTED_RIGHT),
        (Moves(roll=-15.0), Hint.TILTED_LEFT),
        (Moves(yaw=30.0), Hint.TURNED_RIGHT),
        (Moves(yaw=-30.0), Hint.TURNED_LEFT),
        (Moves(nod=40.0), Hint.CHIN_DOWN),
        (Moves(forward=34.0), Hint.TOO_NEAR),
        (Moves(forward=-80.0), Hint.TOO_FAR),
    ],
)
def test_what_is_wrong_is_named(moves: Moves, hint: Hint) -> None:
    guide = Guide(Desk(24.0, Place.ABOVE, 16.0), ask=[])
    press(guide, "enter")

    Sitter(guide).sits(2.0, moves)

    assert hint in hints(guide)


def test_a_camera_beside_the_screen_may_see_a_turned_head() -> None:
    guide = Guide(Desk(24.0, Place.LEFT, 30.0), ask=[])
    press(guide, "enter")

    Sitter(guide, webcam=ASIDE).sits(13.0)

    assert step_of(guide) is Step.RESULT
    assert guide.progress.quality is not None
    assert Doubt.ASIDE in guide.progress.quality.doubts


def test_a_laptop_camera_from_below_is_no_doubt() -> None:
    sitter = at_the_countdown(webcam=LAPTOP)

    sitter.sits(13.0)

    assert sitter.guide.progress.quality is not None
    assert sitter.guide.progress.quality.good
    assert sitter.guide.progress.quality.doubts == (Doubt.DISTANCE_ESTIMATED,)


def test_little_light_is_a_doubt() -> None:
    sitter = at_the_countdown()

    sitter.sits(13.0, light=40.0)

    assert sitter.guide.progress.quality is not None
    assert not sitter.guide.progress.quality.good
    assert Doubt.DIM in sitter.guide.progress.quality.doubts


@pytest.mark.parametrize("seconds", [0.0, 5.0, 13.0])
def test_escape_cancels_at_every_step(seconds: float) -> None:
    sitter = answered()
    sitter.sits(seconds)

    press(sitter.guide, "escape")
    assert step_of(sitter.guide) is Step.CANCELLED

    # It stays so, whatever comes.
    press(sitter.guide, "enter", "r")
    sitter.sits(14.0)
    assert step_of(sitter.guide) is Step.CANCELLED


def test_again_measures_anew() -> None:
    sitter = at_the_countdown()
    sitter.sits(13.0)
    first = sitter.guide.progress.neutral

    press(sitter.guide, "r")
    assert step_of(sitter.guide) is Step.HOLD
    assert sitter.guide.progress.neutral is None
    sitter.sits(13.0, Moves(forward=-10.0))

    second = sitter.guide.progress.neutral
    assert first is not None
    assert second is not None
    assert second.distance_cm == pytest.approx(first.distance_cm + 10.0, abs=1.0)


def test_a_measured_distance_far_from_the_pictures_is_asked_twice() -> None:
    sitter = answered()
    guide = sitter.guide
    sitter.sits(13.0)

    press(guide, "3", "0", "enter")
    assert step_of(guide) is Step.DISTANCE
    assert guide.progress.typed is not None
    assert guide.progress.typed.problem is Problem.UNLIKELY
    press(guide, "enter")
    assert step_of(guide) is Step.RESULT
    assert guide.progress.neutral is not None
    assert guide.progress.neutral.distance_cm == pytest.approx(30.0)


@pytest.mark.parametrize(
    ("keys", "distance_cm"),
    [
        (("6", "2"), 62.0),
        (("6", "2", ",", "5"), 62.5),
        (("2", "4", "tab"), 24 * 2.54),
        (("tab", "tab", "7"), 7 * 8.56),
        (("9", "9", "backspace", "backspace", "5", "8"), 58.0),
    ],
)
def test_distances_in_centimetres_inches_and_card_lengths(
    keys: tuple[str, ...], distance_cm: float
) -> None:
    sitter = answered()
    sitter.sits(13.0)

    press(sitter.guide, *keys, "enter")

    assert sitter.guide.progress.neutral is not None
    assert sitter.guide.progress.neutral.distance_cm == pytest.approx(distance_cm)


@pytest.mark.parametrize(
    ("keys", "problem"),
    [(("5",), Problem.TOO_SMALL), (("9", "0", "0"), Problem.TOO_LARGE)],
)
def test_impossible_distances_are_not_taken(keys: tuple[str, ...], problem: Problem) -> None:
    sitter = answered()
    sitter.sits(13.0)

    press(sitter.guide, *keys, "enter")

    assert step_of(sitter.guide) is Step.DISTANCE
    assert sitter.guide.progress.typed is not None
    assert sitter.guide.progress.typed.problem is problem
    # Typing on takes the complaint away.
    press(sitter.guide, "backspace")
    assert sitter.guide.progress.typed.problem is None


def test_the_camera_is_placed_with_the_arrows_and_its_offset_typed() -> None:
    guide = Guide()
    press(guide, "enter", "2", "4", "enter")
    assert guide.desk.place is Place.ABOVE

    press(guide, "down", "1", "9", "enter")

    assert guide.desk == Desk(24.0, Place.BELOW, 19.0)


def test_a_screen_in_centimetres() -> None:
    guide = Guide()
    press(guide, "enter", "tab", "6", "1", "enter")

    assert guide.desk.diagonal_in == pytest.approx(24.0, abs=0.1)


def test_checks_wait_while_there_is_no_face() -> None:
    sitter = at_the_countdown()
    sitter.hides(1.0)

    marks = {finding.check: finding.mark for finding in sitter.guide.progress.findings}

    assert marks[Check.FACE] is Mark.BAD
    assert marks[Check.DISTANCE] is Mark.WAITING
    assert marks[Check.STILL] is Mark.WAITING


def test_steps_are_counted() -> None:
    guide = Guide()
    assert (guide.progress.number, guide.progress.steps) == (1, 6)
    press(guide, "enter")
    assert guide.progress.number == 2
    assert Guide(ask=()).progress.steps == 3


def test_a_restless_hold_is_refused_with_a_reason() -> None:
    # The hold forgives what the calibration does not: slow swaying within its span.
    sitter = at_the_countdown()
    sitter.sits(3.0)
    for step in range(60):
        sitter.sits(0.2, Moves(right=0.25 * step))

    progress = sitter.guide.progress
    assert progress.step is Step.RESULT
    assert progress.neutral is None
    assert progress.refused is not None
    assert progress.refused.reason == "moving"
    press(sitter.guide, "enter")
    assert step_of(sitter.guide) is Step.HOLD
    sitter.sits(13.0, STILL)
    assert sitter.guide.progress.neutral is not None
