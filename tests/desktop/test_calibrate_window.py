"""``posture calibrate`` in its window, from the first question to the file, before a camera."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from at_home import Typist, agree, posture
from fake_camera import somebody_upright
from mjpeg_server import MjpegServer
from stage import Hands, until
from test_highgui import ask_to_close

TITLE = "Posture - Calibration"


@pytest.fixture
def camera() -> Iterator[MjpegServer]:
    with somebody_upright() as camera:
        yield camera


def files(home: Path) -> set[str]:
    return {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}


def test_the_whole_calibration_by_keys(screen: Hands, folder: Path, camera: MjpegServer) -> None:
    typist = Typist(screen)
    with posture(folder, "calibrate", "--source", camera.url, "--duration", "4") as program:
        # May it look?
        typist.await_question()
        assert camera.sent == 0
        typist.type("Return")
        # Welcome, screen, camera.
        typist.await_question()
        until(lambda: camera.sent > 6, "pictures")
        typist.type("Return", "2", "4", "Return", "Down", "Return")
        typist.await_countdown()
        typist.await_question()
        typist.type("6", "2", "Return")
        screen.press("Return")

        code, said, complained = program.end()

    assert (code, complained) == (0, "")
    assert "eyes 62 cm from the camera (measured)" in said
    stored = json.loads((folder / "config/posture/calibrations/default.json").read_text())
    assert stored["distance_cm"] == pytest.approx(62.0)
    assert stored["distance_measured"] is True
    assert stored["screen_cm"] == [0.0, pytest.approx(16.4, abs=0.1)]
    assert stored["sway_cm"] < 2.0
    settings = tomllib.loads((folder / "config/posture/settings.toml").read_text())
    assert settings["screen"]["diagonal_in"] == 24.0
    assert settings["camera"]["place"] == "below"
    assert settings["camera"]["offset_cm"] == pytest.approx(16.4, abs=0.1)
    # No picture, and nothing else either.
    assert files(folder) == {
        "config/posture/calibrations/default.json",
        "config/posture/settings.toml",
        "config/posture/consent.json",
    }


@pytest.mark.parametrize("how", ["escape", "close"])
def test_a_cancelled_calibration_stores_nothing(
    how: str, screen: Hands, folder: Path, camera: MjpegServer
) -> None:
    agree(folder)
    typist = Typist(screen)
    with posture(folder, "calibrate", "--source", camera.url) as program:
        typist.await_question()
        if how == "escape":
            typist.type("Return")
            screen.press("Escape")
        else:
            ask_to_close(screen.name, TITLE)

        code, said, complained = program.end()

    assert (code, complained) == (130, "")
    assert "Cancelled: nothing was stored." in said
    assert files(folder) == {"config/posture/consent.json"}


def test_without_consent_the_camera_is_never_opened(
    screen: Hands, folder: Path, camera: MjpegServer
) -> None:
    typist = Typist(screen)
    with posture(folder, "calibrate", "--source", camera.url) as program:
        typist.await_question()
        screen.press("Escape")
        code, _, _ = program.end()

    assert code == 130
    assert camera.requests == []
    assert files(folder) == set()


def test_a_camera_that_is_not_there_is_told_in_the_terminal(screen: Hands, folder: Path) -> None:
    agree(folder)

    with posture(folder, "calibrate", "--source", "http://127.0.0.1:9/none") as program:
        code, _, complained = program.end()

    assert code != 0
    assert complained.startswith("posture: ")
    assert complained.count("\n") == 1


def test_a_window_that_was_insisted_on_but_cannot_be(
    folder: Path, camera: MjpegServer, no_desktop: None
) -> None:
    with posture(folder, "calibrate", "--source", camera.url, "--window") as program:
        code, _, complained = program.end()

    assert code == 36
    assert "there is no X display" in complained
    assert camera.requests == []
