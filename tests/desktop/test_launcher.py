"""The program's place in the applications menu."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from posture.cli import main
from posture.desktop.launcher import Launcher
from posture.desktop.notify import ICON
from posture.errors import OutputUnwritable, UsageError

PROGRAM = ("/opt/pos ture/bin/posture",)


def test_it_comes_and_goes(tmp_path: Path) -> None:
    launcher = Launcher(PROGRAM, tmp_path / "applications")
    states = [launcher.state().on]
    for turn in (launcher.turn_on, launcher.turn_on, launcher.turn_off, launcher.turn_off):
        turn()
        states.append(launcher.state().on)

    assert states == [False, True, True, False, False]


def test_the_file_is_what_desktops_accept(tmp_path: Path) -> None:
    Launcher(PROGRAM, tmp_path).turn_on()
    path = tmp_path / "posture.desktop"

    judged = subprocess.run(
        ["desktop-file-validate", path], capture_output=True, text=True, check=False
    )
    assert (judged.returncode, judged.stdout, judged.stderr) == (0, "", "")
    lines = path.read_text().splitlines()
    assert 'Exec="/opt/pos ture/bin/posture" run --ask' in lines
    assert 'Exec="/opt/pos ture/bin/posture" report --open' in lines
    assert f"Icon={ICON}" in lines
    assert ICON.is_file()
    assert any(line.startswith("Comment[de]=") for line in lines)


def test_another_installations_entry_is_stale(tmp_path: Path) -> None:
    Launcher(("/old/posture",), tmp_path).turn_on()
    launcher = Launcher(PROGRAM, tmp_path)
    assert launcher.state().stale

    launcher.turn_on()
    assert not launcher.state().stale


def test_a_menu_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "applications").write_text("")

    with pytest.raises(OutputUnwritable):
        Launcher(PROGRAM, tmp_path / "applications").turn_on()


def test_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    assert main(["launcher", "on"]) == 0
    assert (tmp_path / "applications" / "posture.desktop").exists()
    assert main(["launcher", "off"]) == 0
    assert main(["launcher", "status"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "posture is not in the applications menu."


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_other_systems_have_other_menus(
    system: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("posture.cli.launcher.sys.platform", system)

    assert main(["launcher", "on"]) == UsageError.exit_code
    assert "Linux" in capsys.readouterr().err
