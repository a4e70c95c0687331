"""A computer without a webcam: said before anything is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from posture import consent
from posture.cli import asking, calibrate, first_run, main, preview
from posture.clock import SystemClock
from posture.errors import SourceNotFound


@pytest.fixture(autouse=True)
def at_a_terminal_without_a_webcam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> bool:
        raise AssertionError("a question was asked")

    for name in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("cv2_enumerate_cameras.enumerate_cameras", lambda _backend: [])
    for room in (calibrate, first_run, preview):
        monkeypatch.setattr(room, "can_ask", lambda: True)
        monkeypatch.setattr(room, "ask_consent", never)
    monkeypatch.setattr(asking, "confirmed", never)


@pytest.mark.parametrize(
    "words",
    ["calibrate", "calibrate --no-window", "preview", "run --source 0", "run --source 0 --ask"],
)
def test_nobody_is_asked_about_a_camera_that_is_not_there(
    words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words.split()) == SourceNotFound.exit_code

    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "posture: There is no camera 0. No webcam was found at all. Connect one, or see what "
        "posture does: posture run --source demo\n"
    )
    assert not consent.given()


def test_a_monitor_that_may_look_waits_for_its_camera_without_a_question(
    capsys: pytest.CaptureFixture[str],
) -> None:
    consent.remember(SystemClock())

    assert main(["run", "--source", "0", "--no-tray", "--for", "3"]) == 0

    assert "There is no camera. Plug one in" in capsys.readouterr().out
