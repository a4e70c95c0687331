"""Start at login: an XDG desktop file, Windows' Run key, or a macOS launch agent."""

from __future__ import annotations

import os
import plistlib
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from posture import paths
from posture.desktop import desktop_entry
from posture.desktop.notify import ICON
from posture.desktop.switch_state import SwitchState
from posture.desktop.words import say
from posture.own_command import bundled
from posture.plain_file import read_bytes

_NAME = "posture"
_LABEL = "posture.monitor"
_RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
# What the Task Manager's list of startup programs keeps; an odd first byte means switched off.
_APPROVED = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"


class Autostart(Protocol):
    """One system's way to start a program at login."""

    def state(self) -> SwitchState:
        """How it is now."""

    def turn_on(self) -> None:
        """Start at every login from now on. Raises OutputUnwritable."""

    def turn_off(self) -> None:
        """Start no more. Raises OutputUnwritable."""


def autostart_of_this_system() -> Autostart:
    """The present system's way."""
    # Where nobody sits at a terminal, consent is asked for in a window.
    command = (*start_command(), "run", "--ask")
    if sys.platform == "win32":
        return RunKey(command, import_module("winreg"))
    if sys.platform == "darwin":
        return LaunchAgent(command, Path.home() / "Library" / "LaunchAgents")
    config = os.environ.get("XDG_CONFIG_HOME")
    home = Path(config) if config else Path.home() / ".config"
    return DesktopFile(command, home / "autostart")


def start_command(
    python: Path = Path(sys.executable), *, windows: bool = sys.platform == "win32"
) -> tuple[str, ...]:
    """The command that starts this installation, without words."""
    if bundled():
        # The one without a console window, where there are two.
        quiet = python.with_name("posturew.exe")
        return (str(quiet if quiet.exists() else python),)
    if windows:
        # python.exe would open a console window.
        quiet = python.with_name("pythonw.exe")
        return (str(quiet if quiet.exists() else python), "-m", "posture")
    script = python.with_name("posture")
    return (str(script),) if script.exists() else (str(python), "-m", "posture")


class DesktopFile:
    """A file in the autostart folder (freedesktop.org, "Desktop Application Autostart")."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self._command = command
        self._path = folder / desktop_entry.NAME

    def state(self) -> SwitchState:
        """How it is now; a file the desktop's own settings have switched off counts as off."""
        found = desktop_entry.read(self._path)
        if found is None:
            return SwitchState(on=False, where=str(self._path))
        hidden = found.get("hidden", "false").lower() == "true"
        enabled = found.get("x-gnome-autostart-enabled", "true").lower() != "false"
        return SwitchState(
            on=enabled and not hidden,
            where=str(self._path),
            command=found["exec"],
            stale=found["exec"] != desktop_entry.exec_line(self._command),
        )

    def turn_on(self) -> None:
        """Write the file."""
        lines = (
            f"[{desktop_entry.SECTION}]",
            "Type=Application",
            "Version=1.0",
            f"Name={say('app.name')}",
            desktop_entry.exec_key(self._command),
            f"Icon={ICON}",
            "Terminal=false",
            "StartupNotify=false",
            "X-GNOME-Autostart-enabled=true",
        )
        desktop_entry.write(self._path, lines)

    def turn_off(self) -> None:
        """Remove the file."""
        desktop_entry.remove(self._path)


class LaunchAgent:
    """A property list for launchd (Apple, "Creating Launch Daemons and Agents")."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self._command = list(command)
        self._path = folder / f"{_LABEL}.plist"

    def state(self) -> SwitchState:
        """How it is now."""
        found: Any = None
        with suppress(OSError, plistlib.InvalidFileException, ValueError):
            found = plistlib.loads(read_bytes(self._path, desktop_entry.LARGEST_BYTES))
        if not isinstance(found, dict) or not isinstance(found.get("ProgramArguments"), list):
            return SwitchState(on=False, where=str(self._path))
        command = [str(word) for word in found["ProgramArguments"]]
        return SwitchState(
            on=bool(found.get("RunAtLoad")) and not found.get("Disabled", False),
            where=str(self._path),
            command=" ".join(command),
            stale=command != self._command,
        )

    def turn_on(self) -> None:
        """Write the property list; it counts from the next login on."""
        agent = {
            "Label": _LABEL,
            "ProgramArguments": self._command,
            "RunAtLoad": True,
            "ProcessType": "Interactive",
            # Only where there is a screen, not in an ssh login.
            "LimitLoadToSessionType": "Aqua",
        }
        desktop_entry.make_folder(self._path.parent)
        paths.write_own(self._path, plistlib.dumps(agent))

    def turn_off(self) -> None:
        """Remove the property list."""
        desktop_entry.remove(self._path)


class RunKey:
    """A value of the user's Run key. *registry*: the winreg module."""

    def __init__(self, command: Sequence[str], registry: Any) -> None:
        self._command = subprocess.list2cmdline(command)
        self._registry = registry

    def state(self) -> SwitchState:
        """How it is now; what the Task Manager has switched off counts as off."""
        command = self._read(_RUN)
        if command is None:
            return SwitchState(on=False, where=rf"HKCU\{_RUN}")
        approved = self._read(_APPROVED)
        off = isinstance(approved, bytes) and bool(approved) and approved[0] % 2 == 1
        return SwitchState(
            on=not off,
            where=rf"HKCU\{_RUN}",
            command=str(command),
            stale=command != self._command,
        )

    def turn_on(self) -> None:
        """Write the value, and forget that the Task Manager switched it off."""
        registry = self._registry
        try:
            with registry.CreateKeyEx(
                registry.HKEY_CURRENT_USER, _RUN, 0, registry.KEY_SET_VALUE
            ) as key:
                registry.SetValueEx(key, _NAME, 0, registry.REG_SZ, self._command)
        except OSError as error:
            raise desktop_entry.unwritable(rf"HKCU\{_RUN}", error) from error
        self._delete(_APPROVED)

    def turn_off(self) -> None:
        """Remove the value."""
        self._delete(_RUN)

    def _read(self, path: str) -> Any:
        registry = self._registry
        with suppress(OSError), registry.OpenKey(registry.HKEY_CURRENT_USER, path) as key:
            value, _kind = registry.QueryValueEx(key, _NAME)
            return value
        return None

    def _delete(self, path: str) -> None:
        registry = self._registry
        try:
            with registry.OpenKey(
                registry.HKEY_CURRENT_USER, path, 0, registry.KEY_SET_VALUE
            ) as key:
                registry.DeleteValue(key, _NAME)
        except FileNotFoundError:
            return
        except OSError as error:
            raise desktop_entry.unwritable(rf"HKCU\{path}", error) from error
