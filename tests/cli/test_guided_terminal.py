"""The terminal's guided calibration: its line, its typed answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from person import Moves
from sitter import Sitter, at_the_countdown, press

from posture.cli.guided_terminal import status_text, type_answer
from posture.core.desk import Desk, Place
from posture.core.guide import Guide, Step
from posture.core.live_checks import Mark
from posture.core.number_field import Problem
from posture.desktop import words

MARKS = {Mark.GOOD: "✓", Mark.BAD: "✗", Mark.WAITING: "·"}


@pytest.fixture(autouse=True)
def _back_to_english() -> Iterator[None]:
    yield
    words.speak("en")


def test_the_line_shows_checks_and_countdown() -> None:
    sitter = at_the_countdown()
    sitter.sits(6.0)

    line = status_text(sitter.guide.progress, MARKS, 100)

    assert line == ("Light ✓  Face ✓  Both shoulders ✓  Distance ✓  Head straight ✓  Still ✓  … 7")


def test_the_line_says_what_to_do() -> None:
    sitter = at_the_countdown()
    sitter.sits(2.0, Moves(roll=20.0))

    line = status_text(sitter.guide.progress, MARKS, 200)

    assert "Head straight ✗" in line
    assert line.endswith("Your head leans to the right. Hold it upright.")


@pytest.mark.parametrize("width", [79, 60, 40, 20])
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_line_fits_every_terminal(width: int, language: str) -> None:
    words.speak(language)
    sitter = at_the_countdown()
    for moves in (Moves(), Moves(roll=20.0)):
        sitter.sits(3.0, moves)
        line = status_text(sitter.guide.progress, MARKS, width)

        assert len(line) <= width
        assert line.strip()


def test_a_narrow_terminal_keeps_the_countdown() -> None:
    sitter = at_the_countdown()
    sitter.sits(6.0)

    assert status_text(sitter.guide.progress, MARKS, 20) == "✓✓✓✓✓✓  … 7"


def asked_for_distance() -> Guide:
    guide = Guide(Desk(24.0, Place.ABOVE, 16.0), ask=[Step.DISTANCE])
    press(guide, "enter")
    Sitter(guide).sits(13.0)
    assert guide.progress.step is Step.DISTANCE
    return guide


@pytest.mark.parametrize(
    ("answer", "distance_cm"),
    [
        ("62", 62.0),
        (" 62,5 cm ", 62.5),
        ("24 in", 24 * 2.54),
        ("24 inches", 24 * 2.54),
        ("7 cards", 7 * 8.56),
        ("7cards", 7 * 8.56),
    ],
)
def test_answers_with_units(answer: str, distance_cm: float) -> None:
    guide = asked_for_distance()

    assert type_answer(guide, answer) is None

    assert guide.progress.neutral is not None
    assert guide.progress.neutral.distance_cm == pytest.approx(distance_cm)


def test_units_in_the_users_language() -> None:
    words.speak("de")
    guide = asked_for_distance()

    assert type_answer(guide, "7 Karten") is None

    assert guide.progress.neutral is not None
    assert guide.progress.neutral.distance_cm == pytest.approx(7 * 8.56)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("far", Problem.NO_NUMBER),
        ("6 2", Problem.NO_NUMBER),
        ("-62", Problem.NO_NUMBER),
        ("62 parsecs", Problem.NO_NUMBER),
        ("5", Problem.TOO_SMALL),
        ("900", Problem.TOO_LARGE),
        ("33", Problem.UNLIKELY),
    ],
)
def test_answers_that_are_not_taken(answer: str, problem: Problem) -> None:
    guide = asked_for_distance()

    assert type_answer(guide, answer) is problem
    assert guide.progress.step is Step.DISTANCE

    # The next answer starts afresh.
    assert type_answer(guide, "60") is None
    assert guide.progress.neutral is not None
    assert guide.progress.neutral.distance_cm == pytest.approx(60.0)


def test_no_answer_keeps_the_estimate() -> None:
    guide = asked_for_distance()

    assert type_answer(guide, "") is None

    assert guide.progress.neutral is not None
    assert not guide.progress.neutral.measured
