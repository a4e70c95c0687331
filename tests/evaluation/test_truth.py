from __future__ import annotations

from typing import Any

import pytest
from evaluation.markdown import ROWS
from evaluation.scoring import DISTANCE_PERCENT
from evaluation.truth import MEASURED, neutral_of, truth_of

from posture.core.levels import JUDGED
from posture.core.metrics import MEASURES
from posture.core.reading import Label, Presence

UPRIGHT: dict[str, Any] = {
    "label": "upright",
    "present": True,
    "head_in_frame": True,
    "shoulders_in_frame": True,
    "second_person": False,
    "eye_distance_mm": 650.0,
    "head_pitch_deg": 6.0,
    "head_yaw_deg": 1.0,
    "head_roll_deg": 0.5,
    "head_yaw_to_camera_deg": -2.0,
    "craniovertebral_deg": 60.0,
    "shoulder_tilt_deg": 1.5,
    "trunk_incl_sagittal_deg": 4.0,
    "trunk_incl_lateral_deg": -1.0,
    "shoulder_drop_mm": 3.0,
    "eye_forward_mm": 10.0,
    "eye_drop_mm": 2.0,
}


def moved(**changes: Any) -> dict[str, float]:
    neutral = neutral_of([UPRIGHT])
    return dict(truth_of({**UPRIGHT, **changes}, neutral).measures)


def test_measures_are_the_programs_and_zero_at_the_neutral() -> None:
    assert set(MEASURED) <= set(MEASURES)
    at_rest = moved()
    assert at_rest.pop("distance_cm") == 65.0
    assert at_rest == pytest.approx(dict.fromkeys(at_rest, 0.0))


def test_every_judged_measure_is_held_against_the_truth_and_told() -> None:
    """Rendered shoulders are not raised; how high the eyes are is told of by no document."""
    assert set(JUDGED) - set(MEASURED) == {"shoulder_shrug_cm"}

    told = {name for name, *_ in ROWS} - {DISTANCE_PERCENT} | {"distance_cm"}
    assert set(MEASURED) - told == {"eye_rise_cm"}


@pytest.mark.parametrize(
    ("changes", "measure", "value"),
    [
        ({"eye_distance_mm": 500.0}, "distance_cm", 50.0),
        ({"head_pitch_deg": 26.0}, "head_flexion_deg", 20.0),
        # The data has + to the worker's left, the program + to the user's right.
        ({"head_yaw_deg": 31.0}, "head_yaw_deg", -30.0),
        ({"head_roll_deg": 10.5}, "head_roll_deg", -10.0),
        ({"shoulder_tilt_deg": 6.5}, "shoulder_tilt_deg", -5.0),
        ({"trunk_incl_lateral_deg": 9.0}, "trunk_lateral_deg", -10.0),
        # The head tilts left and the shoulders stay: the left ear is nearer to its shoulder.
        ({"head_roll_deg": 10.5}, "neck_lateral_deg", -10.0),
        # Head and shoulders tilt together: the neck does not bend.
        ({"head_roll_deg": 10.5, "shoulder_tilt_deg": 11.5}, "neck_lateral_deg", 0.0),
        ({"craniovertebral_deg": 48.0}, "forward_head_deg", 12.0),
        ({"trunk_incl_sagittal_deg": 24.0}, "trunk_inclination_deg", 20.0),
        ({"shoulder_drop_mm": 33.0}, "slump_cm", 3.0),
        ({"eye_forward_mm": 110.0}, "forward_lean_cm", 10.0),
        ({"eye_drop_mm": 42.0}, "eye_rise_cm", -4.0),
    ],
)
def test_signs_and_units(changes: dict[str, Any], measure: str, value: float) -> None:
    assert moved(**changes)[measure] == pytest.approx(value)


def test_the_data_of_sequences_is_text() -> None:
    row = {key: str(int(v) if isinstance(v, bool) else v) for key, v in UPRIGHT.items()}
    truth = truth_of(row, neutral_of([row]))
    assert truth.label is Label.UPRIGHT
    assert truth.presence is Presence.PRESENT
    assert truth.measures["distance_cm"] == 65.0
    assert truth.due == frozenset(MEASURED)


def test_labels_have_the_programs_names() -> None:
    names = {"lean_left", "looking_down", "shoulder_uneven", "too_close", "standing"}
    labels = {truth_of({**UPRIGHT, "label": name}, {}).label for name in names}
    assert labels == {
        Label.LEANING_LEFT,
        Label.HEAD_DOWN,
        Label.UNEVEN_SHOULDERS,
        Label.TOO_CLOSE,
        Label.STANDING,
    }


def test_an_empty_chair_owes_no_measure() -> None:
    empty = dict.fromkeys(UPRIGHT) | {
        "label": "absent",
        "present": False,
        "second_person": False,
    }
    truth = truth_of(empty, neutral_of([UPRIGHT]))
    assert (truth.label, truth.presence) == (Label.AWAY, Presence.AWAY)
    assert not truth.measures
    assert not truth.due


def test_a_trunk_without_a_head_is_not_judged() -> None:
    truth = truth_of({**UPRIGHT, "label": "too_close", "present": False}, {})
    assert (truth.label, truth.presence) == (None, None)


def test_what_is_out_of_view_is_not_owed() -> None:
    headless = truth_of({**UPRIGHT, "head_in_frame": False}, {})
    assert not headless.due
    shoulderless = truth_of({**UPRIGHT, "shoulders_in_frame": False}, {})
    assert "distance_cm" in shoulderless.due
    assert "slump_cm" not in shoulderless.due
    standing = truth_of({**UPRIGHT, "label": "standing"}, {})
    assert "eye_rise_cm" in standing.due
    assert "slump_cm" not in standing.due
