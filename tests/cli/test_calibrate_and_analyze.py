"""``posture calibrate`` and ``posture analyze``: from a recording to documents."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from desk import hiding
from person import EYE_LEVEL, STILL, Moves, Webcam, seen

from posture.cli import main
from posture.core.landmarks import Landmarks
from posture.core.reading import Label, Level, Presence
from posture.sense.trace import TraceSource
from posture.sense.trace_writer import TraceWriter

DATA = Path(__file__).parents[1] / "data"

NUMBERS = {
    "distance_cm",
    "head_flexion_deg",
    "head_yaw_deg",
    "head_roll_deg",
    "forward_head_deg",
    "neck_lateral_deg",
    "shoulder_tilt_deg",
    "trunk_inclination_deg",
    "trunk_lateral_deg",
    "slump_cm",
    "forward_lean_cm",
    "shoulder_shrug_cm",
    "posture_score",
}
KEYS = NUMBERS | {
    "t",
    "presence",
    "reason",
    "looking_away",
    "standing",
    "states",
    "posture",
    "calibrated",
    "calibration_stale",
}
JUDGED = {
    "distance_cm",
    "head_flexion_deg",
    "head_yaw_deg",
    "forward_head_deg",
    "neck_lateral_deg",
    "shoulder_tilt_deg",
    "trunk_inclination_deg",
    "trunk_lateral_deg",
    "slump_cm",
    "forward_lean_cm",
    "shoulder_shrug_cm",
}

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("POSTURE_DEBUG", raising=False)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line; give back its exit code, what it printed and what it complained of."""

    def runs(*words: str | Path) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        out, err = capsys.readouterr()
        return code, out, err

    return runs


def empty(at_s: float, light: float = 100.0) -> Landmarks:
    return Landmarks(seen(at_s=at_s).at, (640, 480), None, None, light)


def recorded(path: Path, pictures: list[Landmarks], *, independent: bool = False) -> Path:
    with TraceWriter(path, seen().at, independent=independent) as writer:
        for landmarks in pictures:
            writer.write(landmarks)
    return path


@pytest.fixture
def sitting(tmp_path: Path) -> Path:
    """Six seconds of somebody who sits still, 60 cm from the camera."""
    pictures = [seen(STILL, at_s=0.25 * i) for i in range(25)]
    return recorded(tmp_path / "sitting.jsonl.gz", pictures)


@pytest.fixture
def neutral(sitting: Path, tmp_path: Path, run: Run) -> Path:
    path = tmp_path / "me.json"
    assert run("calibrate", "--source", sitting, "--distance", "60", "--out", path)[0] == 0
    return path


@pytest.fixture
def day(tmp_path: Path) -> Path:
    """Upright, slouching, away, in the dark; five seconds each."""
    parts: list[Callable[[float], Landmarks]] = [
        lambda at_s: seen(STILL, at_s=at_s),
        lambda at_s: seen(Moves(slump=5, poke=8), at_s=at_s),
        empty,
        lambda at_s: empty(at_s, light=2.0),
    ]
    pictures = [parts[i // 20](0.25 * i) for i in range(80)]
    return recorded(tmp_path / "day.jsonl.gz", pictures)


def documents(out: str) -> list[dict[str, Any]]:
    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    return [json.loads(line, parse_constant=refuse) for line in out.splitlines()]


def one_line(err: str) -> str:
    assert err.count("\n") == 1, err
    assert err.startswith("posture: ")
    assert "Traceback" not in err
    return err


class TestDocuments:
    def test_each_picture_has_one_document_with_every_key(
        self, run: Run, day: Path, neutral: Path
    ) -> None:
        code, out, err = run("analyze", day, "--calibration", neutral, "--jsonl")
        assert (code, err) == (0, "")
        found = documents(out)
        assert len(found) == 80
        for document in found:
            assert set(document) == KEYS
            assert set(document["states"]) == JUDGED
            self.types(document)
        assert [document["t"] for document in found] == [0.25 * i for i in range(80)]

    def types(self, document: dict[str, Any]) -> None:
        for name in NUMBERS:
            value = document[name]
            assert value is None or type(value) is float, name
            if value is not None:
                assert value == round(value, 2)
                assert str(value) != "-0.0"
        assert type(document["t"]) is float
        assert document["presence"] in set(Presence)
        assert document["posture"] in set(Label)
        assert document["reason"] is None or type(document["reason"]) is str
        assert type(document["looking_away"]) is bool
        assert document["standing"] is None or type(document["standing"]) is bool
        assert type(document["calibrated"]) is bool
        assert document["calibration_stale"] is None or type(document["calibration_stale"]) is str
        assert set(document["states"].values()) <= set(Level)
        for name, level in document["states"].items():
            assert (level == "unknown") == (document[name] is None), name

    def test_what_was_not_measured_is_null(self, run: Run, day: Path, neutral: Path) -> None:
        _, out, _ = run("analyze", day, "--calibration", neutral, "--jsonl")
        found = documents(out)
        away, dark = found[55], found[75]
        for document, presence, posture, reason in (
            (away, "away", "away", None),
            (dark, "unknown", "unknown", "dark"),
        ):
            assert (document["presence"], document["posture"]) == (presence, posture)
            assert document["reason"] == reason
            assert {document[name] for name in NUMBERS} == {None}
            assert set(document["states"].values()) == {"unknown"}
            assert (document["standing"], document["looking_away"]) == (None, False)

    def test_the_story_of_the_recording(self, run: Run, day: Path, neutral: Path) -> None:
        _, out, _ = run("analyze", day, "--calibration", neutral, "--jsonl")
        found = documents(out)
        assert [found[i]["posture"] for i in (10, 35, 55, 75)] == [
            "upright", "slouch", "away", "unknown",
        ]  # fmt: skip
        assert found[10]["distance_cm"] == pytest.approx(60.0, abs=0.1)
        assert found[10]["posture_score"] > 99
        assert found[35]["posture_score"] < 50
        assert found[35]["states"]["slump_cm"] == "limit"
        assert found[10]["calibrated"] is True

    def test_a_window_of_it(self, run: Run, day: Path, neutral: Path) -> None:
        words = ("analyze", day, "--calibration", neutral, "--jsonl")
        _, out, _ = run(*words, "--start", "5", "--duration", "3", "--fps", "1")
        assert [document["t"] for document in documents(out)] == [5.0, 6.0, 7.0]

    def test_without_calibration(self, run: Run, day: Path) -> None:
        code, out, err = run("analyze", day, "--jsonl")
        assert (code, err) == (0, "")
        found = documents(out)
        assert all(set(document) == KEYS for document in found)
        upright, slouch = found[10], found[35]
        assert (upright["calibrated"], upright["standing"]) == (False, None)
        assert upright["posture_score"] > slouch["posture_score"] + 10
        assert upright["slump_cm"] is None

    def test_pictures_that_are_no_sequence(self, run: Run, tmp_path: Path, neutral: Path) -> None:
        shown = [seen(Moves(slump=5, poke=8), at_s=0.0), seen(STILL, at_s=1.0), empty(2.0)]
        trace = recorded(tmp_path / "p.jsonl", shown, independent=True)
        _, out, _ = run("analyze", trace, "--calibration", neutral, "--jsonl")
        assert [document["posture"] for document in documents(out)] == ["slouch", "upright", "away"]

    def test_a_picture_of_another_shape_is_said_to_be_stale(
        self, run: Run, tmp_path: Path, neutral: Path
    ) -> None:
        wide = Webcam(size=(1280, 720), hfov=82.0)
        pictures = [seen(STILL, wide, at_s=0.5 * i) for i in range(4)]
        trace = recorded(tmp_path / "wide.jsonl", pictures)
        _, out, _ = run("analyze", trace, "--calibration", neutral, "--jsonl")
        assert "shape" in documents(out)[-1]["calibration_stale"]

    def test_the_table_for_people(self, run: Run, day: Path, neutral: Path) -> None:
        code, out, err = run("analyze", day, "--calibration", neutral)
        assert (code, err) == (0, "")
        lines = out.splitlines()
        assert len(lines) == 81
        assert "posture" in lines[0]
        assert "slouch" in lines[36]
        assert "dark" in lines[76]
        assert "60 cm" in lines[11]

    def test_a_trace_of_a_trace_is_the_same(
        self, run: Run, day: Path, neutral: Path, tmp_path: Path
    ) -> None:
        copy = tmp_path / "copy.jsonl"
        words = ("--calibration", neutral, "--jsonl")
        _, first, _ = run("analyze", day, *words, "--trace-out", copy)
        _, second, _ = run("analyze", copy, *words)
        assert first == second
        assert copy.stat().st_mode & 0o777 == 0o600
        assert len(list(TraceSource(copy, seen().at).landmarks())) == 80


class TestCalibrate:
    def test_it_says_what_was_learnt_and_where_it_is(
        self, run: Run, sitting: Path, tmp_path: Path
    ) -> None:
        path = tmp_path / "new" / "me.json"
        code, out, err = run("calibrate", "--source", sitting, "--distance", "60", "--out", path)
        assert (code, err) == (0, "")
        assert "25 pictures" in out
        assert "60 cm" in out
        assert "measured" in out
        assert str(path) in out
        assert path.stat().st_mode & 0o777 == 0o600
        stored = json.loads(path.read_text(encoding="utf-8"))
        assert (stored["distance_cm"], stored["distance_measured"]) == (60.0, True)
        assert stored["source"] == "sitting.jsonl.gz"

    def test_without_a_tape_it_says_that_it_estimates(self, run: Run, sitting: Path) -> None:
        code, out, _ = run("calibrate", "--source", sitting)
        assert code == 0
        assert "--distance" in out

    def test_a_profile_has_its_own_file(self, run: Run, sitting: Path, tmp_path: Path) -> None:
        assert run("calibrate", "--source", sitting, "--profile", "office")[0] == 0
        path = tmp_path / "config" / "posture" / "calibrations" / "office.json"
        assert json.loads(path.read_text(encoding="utf-8"))["profile"] == "office"

    def test_a_part_of_the_source(self, run: Run, day: Path, tmp_path: Path) -> None:
        path = tmp_path / "me.json"
        words = ("calibrate", "--source", day, "--out", path, "--distance", "60")
        assert run(*words, "--start", "0", "--duration", "4.5")[0] == 0
        code, _, err = run(*words)
        assert code == 25
        assert "moved" in one_line(err) or "found in only" in err

    def test_a_refusal_leaves_the_old_calibration(self, run: Run, day: Path, neutral: Path) -> None:
        before = neutral.read_bytes()
        assert run("calibrate", "--source", day, "--out", neutral)[0] == 25
        assert neutral.read_bytes() == before


class TestFailures:
    """Each cause has its exit code, and one line that says what to do."""

    def test_an_absent_file(self, run: Run, tmp_path: Path) -> None:
        for words in (("analyze", tmp_path / "no.mp4"), ("calibrate", "--source", "no/no.mp4")):
            code, out, err = run(*words)
            assert (code, out) == (20, "")
            assert "no.mp4" in one_line(err)

    def test_a_text_file_called_a_video(self, run: Run, tmp_path: Path) -> None:
        path = tmp_path / "clip.mp4"
        path.write_text("This is no video.\n" * 50, encoding="utf-8")
        code, out, err = run("analyze", path, "--jsonl")
        assert (code, out) == (21, "")
        assert json.loads(err)["error"]["exit_code"] == 21
        code, _, err = run("calibrate", "--source", path)
        assert code == 21
        one_line(err)

    def test_a_folder_without_pictures(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        code, _, err = run("analyze", tmp_path / "empty")
        assert code == 21
        one_line(err)

    @pytest.mark.parametrize("content", [None, "", "{", "{}", '{"calibration": 9}'])
    def test_an_unreadable_calibration(
        self, run: Run, day: Path, tmp_path: Path, content: str | None
    ) -> None:
        path = tmp_path / "other.json"
        if content is not None:
            path.write_text(content, encoding="utf-8")
        code, out, err = run("analyze", day, "--calibration", path)
        assert (code, out) == (24, "")
        assert "posture calibrate" in one_line(err)

    @pytest.mark.parametrize(
        ("pictures", "words"),
        [
            ([seen(at_s=0.25 * i) for i in range(6)], "6 pictures"),
            ([empty(0.25 * i) for i in range(25)], "face"),
            ([empty(0.25 * i, light=3.0) for i in range(25)], "dark"),
            ([hiding(seen(at_s=0.25 * i), 11, 12) for i in range(25)], "shoulders"),
            ([seen(Moves(yaw=60), at_s=0.25 * i) for i in range(25)], "turned"),
            ([seen(Moves(forward=9 * (i % 3)), at_s=0.25 * i) for i in range(25)], "moved"),
        ],
        ids=["few", "nobody", "dark", "shoulders", "turned", "restless"],
    )
    def test_a_refused_calibration(
        self, run: Run, tmp_path: Path, pictures: list[Landmarks], words: str
    ) -> None:
        trace = recorded(tmp_path / "t.jsonl", pictures)
        out_path = tmp_path / "me.json"
        code, _, err = run("calibrate", "--source", trace, "--distance", "60", "--out", out_path)
        assert code == 25
        assert words in one_line(err)
        assert not out_path.exists()

    @pytest.mark.parametrize(
        "content",
        ["", "{}", '{"trace": 7, "size": [640, 480]}\n', '{"trace": 1, "size": [640, 480]}\n'],
    )
    def test_a_damaged_trace(self, run: Run, tmp_path: Path, content: str) -> None:
        path = tmp_path / "t.jsonl"
        path.write_text(content, encoding="utf-8")
        for words in (("analyze", path), ("calibrate", "--source", path)):
            code, _, err = run(*words)
            assert code == 30
            assert "line" in one_line(err)

    def test_a_trace_that_breaks_off(self, run: Run, day: Path, tmp_path: Path) -> None:
        """What was read until then is told; then the damage."""
        cut = tmp_path / "cut.jsonl.gz"
        cut.write_bytes(day.read_bytes()[:-4000])
        code, out, err = run("analyze", cut, "--jsonl")
        assert code == 30
        assert 0 < len(documents(out)) < 80
        assert json.loads(err)["error"]["code"] == "trace_unreadable"

    @pytest.mark.parametrize(
        "words",
        [
            ("analyze",),
            ("analyze", "x.jsonl", "--no-such-option"),
            ("analyze", "x.jsonl", "--fps", "fast"),
            ("calibrate", "--distance", "near"),
            ("calibrate", "--distance", "5"),
            ("calibrate", "--distance", "nan"),
            ("calibrate", "--distance", "-60"),
            ("calibrate", "--profile", "../../etc"),
            ("calibrate", "again"),
        ],
        ids=" ".join,
    )
    def test_a_command_line_that_cannot_be(self, run: Run, words: tuple[str, ...]) -> None:
        code, out, err = run(*words)
        assert (code, out) == (2, "")
        one_line(err)

    @pytest.mark.parametrize(
        "option", [("--fps", "0"), ("--fps", "-1"), ("--start", "-3"), ("--duration", "0"),
                   ("--start", "900"), ("--fps", "nan")],
        ids=" ".join,
    )  # fmt: skip
    def test_a_window_that_is_none(self, run: Run, day: Path, option: tuple[str, str]) -> None:
        code, _, err = run("analyze", day, *option)
        assert code == 2
        one_line(err)

    def test_a_place_that_cannot_be_written(self, run: Run, sitting: Path, day: Path) -> None:
        code, _, err = run("calibrate", "--source", sitting, "--out", "/proc/me.json")
        assert code == 31
        one_line(err)
        code, _, err = run("analyze", day, "--trace-out", "/proc/t.jsonl")
        assert code == 31
        one_line(err)


def test_from_pictures_to_postures_with_the_shipped_models(run: Run, tmp_path: Path) -> None:
    """The whole way: pictures, MediaPipe, calibration, measures, label."""
    me = tmp_path / "me.json"
    source = DATA / "desk" / "sitting"
    code, _, err = run("calibrate", "--source", source, "--distance", "68.2", "--out", me)
    assert (code, err) == (0, "")
    code, out, err = run("analyze", DATA / "desk" / "day", "--calibration", me, "--jsonl")
    assert (code, err) == (0, "")
    upright, slouch, left, away = documents(out)

    assert [d["posture"] for d in (upright, slouch, left, away)] == [
        "upright", "slouch", "leaning_left", "away",
    ]  # fmt: skip
    assert [d["t"] for d in (upright, slouch, left, away)] == [0.0, 1.0, 2.0, 3.0]
    assert upright["posture_score"] > 85
    assert upright["posture_score"] > slouch["posture_score"] + 40
    # The render's own truth, within a few centimetres and degrees.
    assert upright["distance_cm"] == pytest.approx(70.0, abs=2.0)
    assert slouch["distance_cm"] == pytest.approx(61.8, abs=3.0)
    assert slouch["slump_cm"] == pytest.approx(3.5, abs=1.5)
    assert slouch["forward_head_deg"] > 8
    assert left["trunk_lateral_deg"] == pytest.approx(-9.3, abs=3.0)
    assert left["shoulder_tilt_deg"] == pytest.approx(-11.6, abs=3.0)
    assert {away[name] for name in NUMBERS} == {None}


def test_every_measure_of_the_contract_is_exact_in_the_document(
    run: Run, tmp_path: Path, neutral: Path
) -> None:
    """What a known person does is what the document says."""
    moves = Moves(nod=8, yaw=10, forward=6)
    trace = recorded(tmp_path / "t.jsonl", [seen(moves, EYE_LEVEL)])
    _, out, _ = run("analyze", trace, "--calibration", neutral, "--jsonl")
    (document,) = documents(out)
    assert document["head_flexion_deg"] == pytest.approx(8.0, abs=1.5)
    assert document["head_yaw_deg"] == pytest.approx(10.0, abs=1.5)
    assert document["distance_cm"] == pytest.approx(54.0, abs=1.0)
    assert document["forward_lean_cm"] == pytest.approx(6.0, abs=1.0)
