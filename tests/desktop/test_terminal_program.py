"""The guided calibration and the first run in a real terminal, before a camera."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from at_home import agree, posture
from fake_camera import somebody_upright
from mjpeg_server import MjpegServer
from terminal import in_terminal

CONSENT = '{"camera": 1, "at_us": 0}'


@pytest.fixture
def camera() -> Iterator[MjpegServer]:
    with somebody_upright() as camera:
        yield camera


@pytest.fixture
def agreed(folder: Path) -> Path:
    directory = folder / "config" / "posture"
    directory.mkdir(parents=True, mode=0o700)
    (directory / "consent.json").write_text(CONSENT)
    return folder


def calibration(home: Path) -> Path:
    return home / "config/posture/calibrations/default.json"


def test_the_whole_calibration_in_a_terminal(folder: Path, camera: MjpegServer) -> None:
    words = ("calibrate", "--source", camera.url, "--duration", "4")
    with in_terminal(folder, *words) as terminal:
        terminal.await_text("No window can be opened here: this terminal guides you.")
        terminal.await_text("May it look? [y/n]")
        assert camera.requests == []
        terminal.type("y")
        terminal.await_text("Find your upright posture")
        terminal.await_text("Enter: Start")
        terminal.type("")
        terminal.await_text("How large is your screen?")
        terminal.type("huge")
        terminal.await_text("That is no number.")
        terminal.type("61 cm")
        terminal.await_text("Where is the camera?")
        terminal.type("1")
        terminal.await_text("16 cm is usual for your screen.")
        terminal.type("")
        terminal.await_text("Look at the middle of the screen")
        terminal.await_text("Still ✓  … 4")
        terminal.await_text("… 2")
        terminal.await_text("How far are your eyes from the camera?")
        terminal.type("7 cards")
        terminal.await_text("Eyes to camera: 60 cm, measured")
        terminal.await_text("Enter: Keep it, r: Again, c: Discard")
        terminal.type("")
        assert terminal.end() == 0

    stored = json.loads(calibration(folder).read_text())
    assert stored["distance_cm"] == pytest.approx(7 * 8.56, abs=0.01)
    assert json.loads((folder / "config/posture/consent.json").read_text())["camera"] == 1


def test_a_calibration_interrupted_in_a_terminal_stores_nothing(
    agreed: Path, camera: MjpegServer
) -> None:
    known = agreed / "config/posture/settings.toml"
    known.write_text('[camera]\nplace = "above"\n[screen]\ndiagonal_in = 24.0\n')
    before = known.read_text()
    with in_terminal(agreed, "calibrate", "--source", camera.url) as terminal:
        terminal.await_text("Enter: Start")
        terminal.type("")
        terminal.await_text("… 10")
        terminal.interrupt()
        assert terminal.end() == 130

    assert not calibration(agreed).exists()
    assert known.read_text() == before


@pytest.mark.parametrize(
    ("known", "question"),
    [(False, "May it look? [y/n]"), (True, "Where is the camera?")],
    ids=["consent", "camera place"],
)
def test_ctrl_c_at_a_question_ends_it_and_stores_nothing(
    known: bool, question: str, folder: Path, camera: MjpegServer
) -> None:
    settings = folder / "config/posture/settings.toml"
    if known:
        agree(folder)
        settings.write_text("[screen]\ndiagonal_in = 24.0\n")
    with in_terminal(folder, "calibrate", "--source", camera.url) as terminal:
        if known:
            terminal.await_text("Enter: Start")
            terminal.type("")
        terminal.await_text(question)
        terminal.interrupt()
        assert terminal.end() == 130

    assert "Traceback" not in terminal.text
    assert not calibration(folder).exists()
    assert not settings.exists() or settings.read_text() == "[screen]\ndiagonal_in = 24.0\n"


def test_a_refusal_in_a_terminal_leaves_the_camera_alone(folder: Path, camera: MjpegServer) -> None:
    with in_terminal(folder, "calibrate", "--source", camera.url) as terminal:
        terminal.await_text("May it look? [y/n]")
        terminal.type("")  # no answer is no consent
        terminal.await_text("May it look? [y/n]")
        terminal.type("n")
        assert terminal.end() == 130

    assert camera.requests == []
    assert not (folder / "config").exists()


def test_the_first_run_asks_offers_to_calibrate_and_watches(
    folder: Path, camera: MjpegServer
) -> None:
    words = ("run", "--source", camera.url, "--no-tray", "--for", "4")
    with in_terminal(folder, *words) as terminal:
        terminal.await_text("No picture is ever stored")
        terminal.await_text("May it look? [y/n]")
        assert camera.requests == []
        terminal.type("y")
        terminal.await_text("Calibrate now?")
        terminal.type("n")
        terminal.await_text("Not calibrated yet")
        assert terminal.end() == 0
    assert camera.requests != []


def test_the_first_run_calibrates(agreed: Path, camera: MjpegServer) -> None:
    known = agreed / "config/posture/settings.toml"
    known.write_text('[camera]\nplace = "above"\n[screen]\ndiagonal_in = 24.0\n')
    with in_terminal(agreed, "run", "--source", camera.url, "--no-tray", "--for", "3") as terminal:
        terminal.await_text("Calibrate now?")
        terminal.type("")
        terminal.await_text("Enter: Start")
        terminal.type("")
        terminal.await_text("How far are your eyes from the camera?", 40.0)
        terminal.type("62")
        terminal.await_text("Enter: Keep it")
        terminal.type("")
        terminal.await_text("Saved to")
        assert terminal.end(40.0) == 0

    assert calibration(agreed).exists()
    assert "May it look?" not in terminal.text
    assert "Not calibrated yet" not in terminal.text


def test_ctrl_c_in_the_offered_calibration_goes_on_without(
    agreed: Path, camera: MjpegServer
) -> None:
    with in_terminal(agreed, "run", "--source", camera.url, "--no-tray", "--for", "3") as terminal:
        terminal.await_text("Calibrate now?")
        terminal.type("")
        terminal.await_text("Enter: Start")
        terminal.interrupt()
        terminal.await_text("Not calibrated yet")
        assert terminal.end() == 0


def test_a_no_at_the_first_run_ends_it_kindly(folder: Path, camera: MjpegServer) -> None:
    with in_terminal(folder, "run", "--source", camera.url, "--no-tray") as terminal:
        terminal.await_text("May it look? [y/n]")
        terminal.type("n")
        terminal.await_text("Fine, the camera stays off.")
        assert terminal.end() == 0

    assert camera.requests == []


def test_without_a_terminal_nothing_waits_for_an_answer(
    folder: Path, camera: MjpegServer, no_desktop: None
) -> None:
    words = ("run", "--source", camera.url, "--no-tray", "--for", "3")
    with posture(folder, *words) as program:
        code, said, complained = program.end(40.0)

    assert (code, complained) == (0, "")
    assert "Looking through the camera without having asked" in said
    assert "Not calibrated yet" in said


def test_without_a_terminal_or_window_a_calibration_takes_what_it_sees(
    folder: Path, camera: MjpegServer, no_desktop: None
) -> None:
    words = ("calibrate", "--source", camera.url, "--duration", "4", "--distance", "62")
    with posture(folder, *words) as program:
        code, said, complained = program.end(40.0)

    assert (code, complained) == (0, "")
    assert "eyes 62 cm from the camera (measured)" in said
    assert calibration(folder).exists()


def test_a_demonstration_asks_nothing(folder: Path) -> None:
    with in_terminal(folder, "run", "--source", "demo", "--no-tray", "--for", "2") as terminal:
        assert terminal.end(40.0) == 0

    assert "May it look?" not in terminal.text
    assert "Calibrate now?" not in terminal.text
