"""The Tab key: what the program answers to a shell, and that the scripts are the shells' own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from posture.cli import COMMANDS, main
from posture.cli.completion import SHELLS
from posture.errors import UsageError


def offered(words: str, tmp_path: Path) -> list[str]:
    """What bash is told could follow *words*, the last of which is incomplete."""
    environment = os.environ | {
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
        "_POSTURE_COMPLETE": "bash_complete",
        "XDG_CONFIG_HOME": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-m", "posture"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return [line.removeprefix("plain,") for line in done.stdout.split()]


def test_commands_and_options(tmp_path: Path) -> None:
    assert offered("posture ", tmp_path) == list(COMMANDS)
    assert offered("posture st", tmp_path) == ["status", "standing", "stop"]
    assert offered("posture data ex", tmp_path) == ["export"]
    assert "--no-tray" in offered("posture run --", tmp_path)


def test_settings_profiles_days_and_files(tmp_path: Path) -> None:
    calibrations = tmp_path / "posture" / "calibrations"
    calibrations.mkdir(parents=True)
    (calibrations / "office.json").write_text("{}")

    assert "sitting.nudge_min" in offered("posture config set sitting.", tmp_path)
    assert offered("posture run --profile ", tmp_path) == ["office"]
    assert offered("posture log y", tmp_path) == ["yesterday"]
    assert offered("posture analyze clip", tmp_path) == ["file,clip"]


def script(shell: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The script of *shell*, as it is printed."""
    assert main(["completion", shell]) == 0
    path = tmp_path / f"posture.{shell}"
    path.write_text(capsys.readouterr().out)
    return path


@pytest.mark.parametrize("shell", SHELLS)
def test_the_shell_reads_its_script(
    shell: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = script(shell, tmp_path, capsys)

    done = subprocess.run([shell, "-n", path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


ASK = {
    "bash": (
        "COMP_WORDS=(posture sn); COMP_CWORD=1; _posture_completion posture;"
        ' printf "%s" "${COMPREPLY[*]}"'
    ),
    "fish": 'complete --do-complete "posture sn"',
}


@pytest.mark.parametrize("shell", ASK)
def test_the_shell_completes_with_it(
    shell: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = script(shell, tmp_path, capsys)
    bin_ = Path(sys.executable).parent
    done = subprocess.run(
        [shell, "-c", f"source {path}; {ASK[shell]}"],
        env=os.environ | {"PATH": f"{bin_}:{os.environ['PATH']}", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split()[:1] == ["snooze"], done.stderr


def test_without_a_name_it_is_for_the_shell_in_use(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SHELL", "/usr/bin/fish")
    assert main(["completion"]) == 0
    assert capsys.readouterr().out.startswith("function _posture_completion;")

    monkeypatch.setenv("SHELL", "/bin/tcsh")
    assert main(["completion"]) == UsageError.exit_code
    assert "bash, zsh, fish" in capsys.readouterr().err
