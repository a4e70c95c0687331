from __future__ import annotations

import plistlib
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from posture.desktop.autostart import (
    Autostart,
    DesktopFile,
    LaunchAgent,
    RunKey,
    start_command,
)
from posture.desktop.switch_state import SwitchState
from posture.errors import OutputUnwritable

COMMAND = ("/opt/pos ture/bin/posture", "run")
RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
APPROVED = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"


class Registry:
    """The user's keys, as winreg shows them."""

    HKEY_CURRENT_USER = "HKCU"
    KEY_SET_VALUE = 2
    REG_SZ = 1

    def __init__(self) -> None:
        self.keys: dict[str, dict[str, Any]] = {RUN: {}}

    @contextmanager
    def OpenKey(self, _hive: str, path: str, _zero: int = 0, _right: int = 0) -> Iterator[str]:
        if path not in self.keys:
            raise FileNotFoundError(path)
        yield path

    @contextmanager
    def CreateKeyEx(self, _hive: str, path: str, _zero: int, _right: int) -> Iterator[str]:
        self.keys.setdefault(path, {})
        yield path

    def QueryValueEx(self, key: str, name: str) -> tuple[Any, int]:
        if name not in self.keys[key]:
            raise FileNotFoundError(name)
        return self.keys[key][name], 1

    def SetValueEx(self, key: str, name: str, _zero: int, kind: int, value: Any) -> None:
        assert kind == self.REG_SZ
        self.keys[key][name] = value

    def DeleteValue(self, key: str, name: str) -> None:
        if name not in self.keys[key]:
            raise FileNotFoundError(name)
        del self.keys[key][name]


@pytest.fixture(params=["linux", "macos", "windows"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """Makes the autostart of each system, for a command."""
    registry = Registry()
    makers = {
        "linux": lambda command: DesktopFile(command, tmp_path / "autostart"),
        "macos": lambda command: LaunchAgent(command, tmp_path / "LaunchAgents"),
        "windows": lambda command: RunKey(command, registry),
    }
    return makers[request.param]


def test_it_is_off_until_turned_on_and_off_again(make: Any) -> None:
    autostart: Autostart = make(COMMAND)
    states = [autostart.state().on]
    for turn in (autostart.turn_on, autostart.turn_on, autostart.turn_off, autostart.turn_off):
        turn()
        states.append(autostart.state().on)

    assert states == [False, True, True, False, False]


def test_another_installations_entry_is_stale_and_can_be_mended(make: Any) -> None:
    make(("/old/posture", "run")).turn_on()
    autostart: Autostart = make(COMMAND)

    assert autostart.state().on
    assert autostart.state().stale

    autostart.turn_on()

    assert not autostart.state().stale


@pytest.mark.parametrize(
    "switch", ["Hidden=true", "X-GNOME-Autostart-enabled=false", "hidden = TRUE"]
)
def test_what_the_desktop_switched_off_is_off(switch: str, tmp_path: Path) -> None:
    autostart = DesktopFile(COMMAND, tmp_path)
    autostart.turn_on()
    path = tmp_path / "posture.desktop"
    lines = [line for line in path.read_text().splitlines() if "Autostart-enabled" not in line]
    path.write_text("\n".join([*lines, switch]))

    assert not autostart.state().on

    autostart.turn_on()

    assert autostart.state().on


def test_the_desktop_file_is_what_desktops_read(tmp_path: Path) -> None:
    autostart = DesktopFile(COMMAND, tmp_path / "autostart")
    autostart.turn_on()
    path = tmp_path / "autostart" / "posture.desktop"
    lines = path.read_text().splitlines()

    assert lines[0] == "[Desktop Entry]"
    assert 'Exec="/opt/pos ture/bin/posture" run' in lines
    assert "Type=Application" in lines
    assert "Terminal=false" in lines
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


GLIB_READS = """
import gi, sys
gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib
info = Gio.DesktopAppInfo.new_from_filename(sys.argv[1])
ok, words = GLib.shell_parse_argv(info.get_commandline())
print("\\n".join(words))
"""


@pytest.mark.parametrize(
    "program",
    ["/usr/bin/posture", "/home/me/my tools/posture", '/a/$HOME`x`/"q"/po\\st', "/100%/posture"],
)
def test_glib_reads_back_the_command_that_was_written(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    autostart = DesktopFile((program, "run"), tmp_path)
    autostart.turn_on()
    # GLib refuses a file whose program does not exist: look at what it reads, not at what it runs.
    text = (tmp_path / "posture.desktop").read_text()
    path = tmp_path / "seen.desktop"
    path.write_text(text.replace("Exec=", "Exec=/bin/echo ", 1))
    read = subprocess.run(
        ["/usr/bin/python3", "-c", GLIB_READS, str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    words = read.stdout.splitlines()

    # GLib leaves %% to the start of the program.
    assert [word.replace("%%", "%") for word in words] == ["/bin/echo", program, "run"]
    assert not autostart.state().stale


def test_a_damaged_desktop_file_is_off(tmp_path: Path) -> None:
    (tmp_path / "posture.desktop").write_bytes(b"\xff\x00[nonsense")

    assert DesktopFile(COMMAND, tmp_path).state() == SwitchState(
        on=False, where=str(tmp_path / "posture.desktop")
    )


def test_the_launch_agent_is_a_property_list(tmp_path: Path) -> None:
    LaunchAgent(COMMAND, tmp_path).turn_on()

    assert plistlib.loads((tmp_path / "posture.monitor.plist").read_bytes()) == {
        "Label": "posture.monitor",
        "ProgramArguments": list(COMMAND),
        "RunAtLoad": True,
        "ProcessType": "Interactive",
        "LimitLoadToSessionType": "Aqua",
    }


@pytest.mark.parametrize("data", [b"", b"nonsense", plistlib.dumps(["list"])])
def test_a_damaged_launch_agent_is_off(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "posture.monitor.plist").write_bytes(data)

    assert not LaunchAgent(COMMAND, tmp_path).state().on


def test_the_run_key_quotes_a_path_with_blanks() -> None:
    registry = Registry()
    RunKey((r"C:\Program Files\py\pythonw.exe", "-m", "posture", "run"), registry).turn_on()

    assert registry.keys[RUN]["posture"] == r'"C:\Program Files\py\pythonw.exe" -m posture run'


@pytest.mark.parametrize(("first", "on"), [(2, True), (3, False), (6, True), (7, False)])
def test_what_the_task_manager_switched_off_is_off(first: int, on: bool) -> None:
    registry = Registry()
    autostart = RunKey(COMMAND, registry)
    autostart.turn_on()
    registry.keys[APPROVED] = {"posture": bytes([first, *[0] * 11])}

    assert autostart.state().on is on

    autostart.turn_on()

    assert autostart.state().on


def test_the_installed_script_is_preferred(tmp_path: Path) -> None:
    python = tmp_path / "python"

    assert start_command(python, windows=False) == (str(python), "-m", "posture")

    (tmp_path / "posture").touch()

    assert start_command(python, windows=False) == (str(tmp_path / "posture"),)


def test_windows_opens_no_console(tmp_path: Path) -> None:
    python = tmp_path / "python.exe"

    assert start_command(python, windows=True) == (str(python), "-m", "posture")

    (tmp_path / "pythonw.exe").touch()

    assert start_command(python, windows=True)[0] == str(tmp_path / "pythonw.exe")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(OutputUnwritable, match="cannot be changed"):
        DesktopFile(COMMAND, tmp_path / "file" / "autostart").turn_on()
