"""How the program starts itself again, bundled or not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from posture.desktop.autostart import start_command
from posture.own_command import WORKER, outside_environment, own_command, worker_command


@pytest.fixture
def bundled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/opt/posture/posture")


def test_it_is_this_installation_from_anywhere(tmp_path: Path) -> None:
    (tmp_path / "posture.py").write_text("raise SystemExit('a stranger')")

    said = subprocess.run(
        own_command("models", "verify"), cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert said.stdout.count("ok ") == 2


@pytest.mark.usefixtures("bundled")
def test_a_bundle_starts_itself() -> None:
    assert own_command("log") == ["/opt/posture/posture", "log"]
    assert worker_command() == ["/opt/posture/posture", WORKER]


def test_the_bundles_word_starts_a_worker() -> None:
    # It ends by itself when nobody tells it what to do.
    done = subprocess.run(
        [sys.executable, "-m", "posture", WORKER],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.usefixtures("bundled")
def test_other_programs_get_their_own_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/posture/_internal")
    assert "LD_LIBRARY_PATH" not in outside_environment()

    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/home/me/lib")
    assert outside_environment()["LD_LIBRARY_PATH"] == "/home/me/lib"


@pytest.mark.usefixtures("bundled")
def test_a_bundle_starts_at_login_without_a_console(tmp_path: Path) -> None:
    assert start_command(tmp_path / "posture.exe", windows=True)[0].endswith("posture.exe")

    (tmp_path / "posturew.exe").touch()
    quiet = str(tmp_path / "posturew.exe")
    assert start_command(tmp_path / "posture.exe", windows=True) == (quiet,)
