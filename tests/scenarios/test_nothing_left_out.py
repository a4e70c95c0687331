"""What a new measure or reminder needs elsewhere, so that a forgotten part is named."""

from __future__ import annotations

import pytest

from posture.core.agenda import ORDER
from posture.core.drift import Drift
from posture.core.effects import ReminderKind
from posture.core.fates import patience_s
from posture.core.levels import JUDGED, STANDARD_BANDS, deviation
from posture.core.metrics import MEASURES, SIDED
from posture.core.policy import Policy
from scenarios.story import play

# Chance, the hour or the day decide on these: nobody can say how long until then.
UNFORETOLD = {ReminderKind.MOVE, ReminderKind.LUNCH, ReminderKind.DAILY, ReminderKind.TIP}


def test_every_judged_measure_of_the_body_has_a_neutral_that_may_wander() -> None:
    """The distance has none, the turn of the head is no posture; the roll is judged as the neck."""
    wandering = set(JUDGED) - {"distance_cm", "head_yaw_deg"} | {"head_roll_deg"}

    assert set(Drift().offsets) == wandering


@pytest.mark.parametrize("measure", sorted(set(JUDGED) - {"distance_cm", "head_flexion_deg"}))
def test_a_side_is_as_bad_as_the_other_and_what_has_none_has_a_harmless_way(measure: str) -> None:
    size = STANDARD_BANDS[measure].limit

    assert deviation(measure, size) == size
    assert deviation(measure, -size) == (size if measure in SIDED else 0.0)


def test_what_has_sides_is_a_measure() -> None:
    assert set(MEASURES) >= SIDED


def test_every_reminder_has_a_rank_and_a_time_to_be_heeded_in() -> None:
    assert set(ORDER) == set(ReminderKind)
    assert all(patience_s(kind, Policy()) > 0 for kind in ReminderKind)


def test_every_reminder_that_can_be_foretold_is() -> None:
    """Sat, strained, too close, on the feet: what comes next is in the status."""
    stories = ("upright 30s, slouch 30s, close 30s", "upright 10s, standing 30s")
    foretold = {
        due.kind
        for text in stories
        for _, status in play(text).statuses
        for due in status.next_reminders
    }

    assert foretold == set(ReminderKind) - UNFORETOLD
