"""Stored calibrations: read back as they were, and never believed when they make no sense."""

from __future__ import annotations

import copy
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from desk import neutral_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from person import ASIDE, AVERAGE, EYE_LEVEL, LAPTOP, LARGE, STILL, Build, Moves, Webcam, seen

from posture import calibration_file
from posture.core.calibration import calibrate
from posture.core.metrics import MEASURES
from posture.core.neutral import Neutral, NeutralInvalid
from posture.core.reader import Reader
from posture.errors import CalibrationRefused, CalibrationUnreadable, UsageError

webcams = pytest.mark.parametrize(
    "webcam", [EYE_LEVEL, LAPTOP, ASIDE], ids=["eye", "laptop", "aside"]
)
POSTURES = [
    STILL,
    Moves(slump=4, poke=12, nod=10),
    Moves(lean=12, lateral=6, uneven=2),
    Moves(yaw=-25, roll=10, forward=-20),
]


def through_json(neutral: Neutral) -> Neutral:
    return Neutral.from_dict(json.loads(json.dumps(neutral.to_dict())))


@webcams
@pytest.mark.parametrize("build", [AVERAGE, LARGE], ids=["average", "large"])
def test_what_is_stored_measures_the_same(webcam: Webcam, build: Build) -> None:
    """To a hundredth of a centimetre or degree: stored numbers are rounded."""
    before = neutral_of(webcam, build)
    after = through_json(before)
    for moves in POSTURES:
        landmarks = seen(moves, webcam, build)
        a, b = (Reader(n, independent=True).read(landmarks) for n in (before, after))
        for name in MEASURES:
            assert a.metrics.get(name) == pytest.approx(b.metrics.get(name), abs=0.01), name
        assert a.label is b.label
    assert (after.size, after.measured, after.samples) == (
        before.size, before.measured, before.samples,
    )  # fmt: skip
    assert (after.profile, after.source, after.made_us) == (
        before.profile, before.source, before.made_us,
    )  # fmt: skip


def test_storing_twice_changes_nothing_more() -> None:
    once = through_json(neutral_of(LAPTOP))
    assert through_json(once).to_dict() == once.to_dict()


def test_unknown_fields_of_a_later_program_are_left_alone() -> None:
    document = neutral_of(EYE_LEVEL).to_dict() | {"later": [1, 2]}
    assert Neutral.from_dict(document).size == (640, 480)


def good() -> dict[str, Any]:
    return json.loads(json.dumps(neutral_of(EYE_LEVEL).to_dict()))  # type: ignore[no-any-return]


WRONG: list[tuple[str, object]] = [
    ("calibration", 2),
    ("calibration", None),
    ("size", [640]),
    ("size", [640, 0]),
    ("size", [-640, 480]),
    ("size", [1e9, 1e9]),
    ("size", "640x480"),
    ("focal_px", 0),
    ("focal_px", float("nan")),
    ("focal_px", True),
    ("focal_px", 10**400),
    ("distance_cm", -60),
    ("distance_cm", "60"),
    ("distance_cm", float("inf")),
    ("pupil_cm", 0),
    ("pupil_cm", None),
    ("head", [[1, 0, 0], [0, 1, 0]]),
    ("head", [[1, 0, 0], [0, 1, 0], [0, 0, -1]]),
    ("head", [[2, 0, 0], [0, 2, 0], [0, 0, 2]]),
    ("head", [[1, 0, 0], [0, 1, 0], [0, 0, 10**400]]),
    # A face in profile, or from behind: straight ahead cannot be told from it.
    ("head", [[0, 0, 1], [0, 1, 0], [-1, 0, 0]]),
    ("head", [[-1, 0, 0], [0, 1, 0], [0, 0, -1]]),
    ("head", {"a": 1}),
    ("eyes_m", [0, 0, 0]),
    ("eyes_m", [0, 0, -0.6]),
    ("eyes_m", [0, 0, 60]),
    ("eyes_m", [0, 0, None]),
    ("shoulders", [[1e308, 0], [0, 1e308]]),
    ("shoulders", [[0.1, 0.3]]),
    ("shoulders", [["a", "b"], ["c", "d"]]),
    ("rough_cm", -5),
    ("rough_cm", 0),
    ("chin_height", 90),
    ("rough_pitch_rad", 1e300),
    ("samples", -1),
    ("samples", "many"),
    ("made_us", -1),
    ("sway_cm", float("nan")),
    ("light", "bright"),
    ("light", 300),
    ("distance_cm", 90.0),
    ("eyes_m", ["0", "0", "0.6"]),
    ("eyes_m", [0, 0, True]),
    ("screen_cm", [1e9, 0]),
    ("screen_cm", [0]),
]


@pytest.mark.parametrize(("field", "value"), WRONG, ids=lambda value: str(value)[:20])
def test_a_wrong_field_is_named(field: str, value: object) -> None:
    with pytest.raises(NeutralInvalid) as caught:
        Neutral.from_dict(good() | {field: value})
    assert field in str(caught.value) or field == "calibration"
    assert len(str(caught.value)) < 100


@pytest.mark.parametrize(
    "field", sorted(set(good()) - {"profile", "source", "shoulders", "screen_cm", "light"})
)
def test_a_missing_field_is_named(field: str) -> None:
    document = good()
    del document[field]
    if field.startswith("rough_") or field in {"distance_measured", "chin_height"}:
        assert not Neutral.from_dict(document).measured or field != "distance_measured"
        return
    with pytest.raises(NeutralInvalid):
        Neutral.from_dict(document)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([0, -1, 1e308, 10**400, float("nan"), float("-inf")]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@st.composite
def hostile(draw: st.DrawFn) -> object:
    """A good document with something spoilt in it, here or deep inside."""
    document: Any = copy.deepcopy(good())
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(sorted(document)))
        value = document[name]
        if isinstance(value, list) and value and draw(st.booleans()):
            index = draw(st.integers(0, len(value) - 1))
            if isinstance(value[index], list) and value[index]:
                value[index][draw(st.integers(0, len(value[index]) - 1))] = draw(json_values)
            else:
                value[index] = draw(json_values)
        elif draw(st.booleans()):
            document[name] = draw(json_values)
        elif isinstance(value, float | int) and abs(value) < 1e9:
            document[name] = value * draw(st.floats(-3, 3))
    return document


@settings(max_examples=200, deadline=None)
@given(hostile() | json_values)
def test_a_hostile_document_is_refused_or_works(document: object) -> None:
    """Whatever gets through measures like any other calibration: numbers or None, no error."""
    try:
        neutral = Neutral.from_dict(document)
    except NeutralInvalid:
        return
    expected = neutral.expected_face()
    assert all(math.isfinite(v) for v in (expected.eye_x, expected.eye_y, expected.pupil_distance))
    for moves in (STILL, Moves(slump=3, yaw=20)):
        landmarks = seen(moves)
        for face in (landmarks.face, None):
            shown = type(landmarks)(landmarks.at, landmarks.size, landmarks.pose, face, 100.0)
            metrics = Reader(neutral, independent=True).read(shown).metrics
            values = [metrics.get(name) for name in MEASURES]
            assert all(v is None or math.isfinite(v) for v in values)
            assert metrics.distance_cm is None or metrics.distance_cm > 0
    assert np.isfinite(neutral.frame().to_camera).all()
    json.dumps(neutral.to_dict(), allow_nan=False)


@pytest.mark.parametrize("distance", [20.0, 45.0, 90.0, 125.0, 300.0])
@pytest.mark.parametrize("hfov", [50.0, 95.0])
def test_whatever_calibrating_accepts_is_accepted_again(distance: float, hfov: float) -> None:
    """Also from a tape that was read wrong by a factor of two."""
    for told in (distance, distance / 2, distance * 2, None):
        webcam = Webcam(distance=distance, hfov=hfov, size=(3840, 2160))
        taken = [seen(STILL, webcam, at_s=0.5 * i) for i in range(20)]
        try:
            neutral = calibrate(taken, told)
        except CalibrationRefused:
            continue
        assert through_json(neutral).size == (3840, 2160)


class TestFile:
    def test_what_is_saved_is_loaded_and_private(self, tmp_path: Path) -> None:
        path = tmp_path / "calibrations" / "desk.json"
        neutral = neutral_of(LAPTOP)
        calibration_file.save(neutral, path)
        assert calibration_file.load(path).to_dict() == neutral.to_dict()
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"{",
            b"null",
            b"[]",
            b'"text"',
            b"\xff\xfe\x00",
            b"{}",
            b'{"calibration": 1}',
            b"[" * 90_000,
            b'{"calibration": 1, "samples": ' + b"9" * 5000 + b"}",
            b" " * 200_000,
        ],
        ids=lambda content: repr(content[:20]),
    )
    def test_any_other_file_is_unreadable(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "me.json"
        path.write_bytes(content)
        with pytest.raises(CalibrationUnreadable) as caught:
            calibration_file.load(path)
        assert caught.value.exit_code == 24
        assert str(path) in caught.value.what
        assert "posture calibrate" in caught.value.do
        assert len(str(caught.value)) < 400

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(json_values)
    def test_any_json_at_all_is_refused_in_the_same_way(
        self, tmp_path: Path, document: object
    ) -> None:
        path = tmp_path / "me.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        with pytest.raises(CalibrationUnreadable):
            calibration_file.load(path)

    def test_an_absent_file_and_a_folder_are_unreadable(self, tmp_path: Path) -> None:
        for path in (tmp_path / "none.json", tmp_path):
            with pytest.raises(CalibrationUnreadable) as caught:
                calibration_file.load(path)
            assert caught.value.exit_code == 24

    def test_a_profile_without_a_calibration_has_none(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
        assert calibration_file.find("nowhere") is None
        calibration_file.save(neutral_of(EYE_LEVEL), calibration_file.profile_path("office"))
        found = calibration_file.find("office")
        assert found is not None
        assert found.distance_cm == 60.0

    @pytest.mark.parametrize("name", ["default", "Office-2", "my_desk.v2", "a", "7"])
    def test_names_that_make_a_file(self, name: str) -> None:
        assert calibration_file.profile_path(name).name == f"{name}.json"

    @pytest.mark.parametrize(
        "name",
        ["", ".", "..", "../x", "a/b", "a\\b", " a", "a b", "ä", "a\n", "-x", "x" * 60, "a\0b"],
    )
    def test_names_that_make_none(self, name: str) -> None:
        with pytest.raises(UsageError) as caught:
            calibration_file.profile_path(name)
        assert caught.value.exit_code == 2

    @given(st.text(max_size=60))
    def test_no_name_leads_out_of_the_folder(self, name: str) -> None:
        try:
            path = calibration_file.profile_path(name)
        except UsageError:
            return
        assert path.parent.name == "calibrations"
        assert path.resolve().parent == path.parent.resolve()
