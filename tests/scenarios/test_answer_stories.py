"""What the monitor answers to what the user says, with and without something to act on."""

from __future__ import annotations

import pytest

from posture.core.effects import Answered, Outcome, ReminderKind
from scenarios.conftest import Tell

POSTURE, STAND = ReminderKind.POSTURE, ReminderKind.STAND
REMINDED = "slouch 65s"
UP_TO_AN_HOUR = "upright 61m"


@pytest.mark.parametrize(
    ("timeline", "outcomes"),
    [
        pytest.param("upright 5s, !wrong", [(Outcome.NO_REMINDER, None)], id="nothing was said"),
        pytest.param(f"{REMINDED}, !wrong", [(Outcome.DONE, POSTURE)], id="a wrong alarm"),
        pytest.param(
            f"{REMINDED}, !wrong, !wrong",
            [(Outcome.DONE, POSTURE), (Outcome.NO_REMINDER, None)],
            id="called wrong only once",
        ),
        pytest.param(
            f"{REMINDED}, !set:reminders.learn=false, !wrong",
            [(Outcome.NO_LAXER, POSTURE)],
            id="nothing is to be learned",
        ),
        pytest.param(
            f"{UP_TO_AN_HOUR}, !wrong", [(Outcome.NO_LAXER, STAND)], id="a clock has no threshold"
        ),
        pytest.param("upright 5s, !undo", [(Outcome.NOTHING, None)], id="nothing to take back"),
        pytest.param(
            f"{REMINDED}, !wrong, !undo, !undo",
            [(Outcome.DONE, POSTURE), (Outcome.DONE, None), (Outcome.NOTHING, None)],
            id="taken back once",
        ),
        pytest.param("upright 5s, !resume", [(Outcome.NOTHING, None)], id="it was not paused"),
        pytest.param(
            "upright 5s, !pause, upright 5s, !resume, !resume",
            [(Outcome.DONE, None), (Outcome.DONE, None), (Outcome.NOTHING, None)],
            id="resumed once",
        ),
        pytest.param(
            "upright 5s, !pause:1m, upright 90s, !resume",
            [(Outcome.DONE, None), (Outcome.NOTHING, None)],
            id="the pause was over",
        ),
        pytest.param("upright 5s, !snooze", [(Outcome.EVERYTHING, None)], id="all put off"),
        pytest.param(f"{REMINDED}, !snooze", [(Outcome.DONE, POSTURE)], id="one put off"),
        pytest.param("upright 5s, !done", [(Outcome.NO_REMINDER, None)], id="nothing to be done"),
        pytest.param(f"{UP_TO_AN_HOUR}, !done", [(Outcome.DONE, STAND)], id="done"),
        pytest.param(
            "unsure 5s, !standing, unsure 5s, !sitting, unsure 5s, !break",
            [(Outcome.DONE, None)] * 3,
            id="the users own word",
        ),
    ],
)
def test_the_answer_tells_what_came_of_it(
    timeline: str, outcomes: list[tuple[Outcome, ReminderKind | None]], tell: Tell
) -> None:
    story = tell(f"{timeline}, upright 5s", only="posture stand")

    answers = [effect for effect in story.effects if isinstance(effect, Answered)]
    assert [(answer.outcome, answer.kind) for answer in answers] == outcomes


def test_the_answer_names_the_threshold_and_how_lax_it_became(tell: Tell) -> None:
    story = tell(f"{REMINDED}, !wrong, !undo, upright 5s", only="posture")

    answers = [effect for effect in story.effects if isinstance(effect, Answered)]
    assert [(one.measure, one.factor) for one in answers] == [
        ("slump_cm", pytest.approx(1.15)),
        ("slump_cm", 1.0),
    ]


def test_the_answer_tells_how_long_and_what_it_ended(tell: Tell) -> None:
    timeline = "upright 5s, !snooze, !resume, !pause:1m, !resume, !pause, !resume, !break, !resume"
    story = tell(f"{timeline}, upright 5s", only="posture")

    answers = [effect for effect in story.effects if isinstance(effect, Answered)]
    assert [(one.seconds, one.ended) for one in answers] == [
        (300.0, None),
        (None, "snoozed"),
        (60.0, None),
        (None, "paused"),
        (None, None),
        (None, "paused"),
        (300.0, None),
        (None, "break"),
    ]
