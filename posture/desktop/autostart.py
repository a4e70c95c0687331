"""Start at login: an XDG desktop file, Windows' Run key, or a macOS launch agent."""

from __future__ import annotations

import configparser
import os
import plistlib
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from posture import paths
from posture.desktop.notify import ICON
from posture.desktop.words import say
from posture.errors import OutputUnwritable
from posture.own_command import bundled

_NAME = "posture"
_LABEL = "posture.monitor"
_SECTION = "Desktop Entry"
_RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
# What the Task Manager's list of startup programs keeps; an odd first byte means switched off.
_APPROVED = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"


@dataclass(frozen=True, slots=True)
class AutostartState:
    """Whether posture starts at login, where that is written, and with which command.

    ``stale``: the command that is written is not the one of this installation.
    """

    on: bool
    where: str
    command: str | None = None
    stale: bool = False


class Autostart(Protocol):
    """One system's way to start a program at login."""

    def state(self) -> AutostartState:
        """How it is now."""

    def turn_on(self) -> None:
        """Start at every login from now on. Raises OutputUnwritable."""

    def turn_off(self) -> None:
        """Start no more. Raises OutputUnwritable."""


def autostart_of_this_system() -> Autostart:
    """The present system's way."""
    command = start_command(Path(sys.executable), windows=sys.platform == "win32")
    if sys.platform == "win32":
        return RunKey(command, import_module("winreg"))
    if sys.platform == "darwin":
        return LaunchAgent(command, Path.home() / "Library" / "LaunchAgents")
    config = os.environ.get("XDG_CONFIG_HOME")
    home = Path(config) if config else Path.home() / ".config"
    return DesktopFile(command, home / "autostart")


def start_command(python: Path, *, windows: bool) -> tuple[str, ...]:
    """The command that starts this installation's monitor."""
    if bundled():
        # The one without a console window, where there are two.
        quiet = python.with_name("posturew.exe")
        return (str(quiet if quiet.exists() else python), "run")
    if windows:
        # python.exe would open a console window.
        quiet = python.with_name("pythonw.exe")
        return (str(quiet if quiet.exists() else python), "-m", "posture", "run")
    script = python.with_name("posture")
    return (str(script), "run") if script.exists() else (str(python), "-m", "posture", "run")


class DesktopFile:
    """A file in the autostart folder (freedesktop.org, "Desktop Application Autostart")."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self._exec = " ".join(_quoted(word) for word in command)
        self._path = folder / f"{_NAME}.desktop"

    def state(self) -> AutostartState:
        """How it is now; a file the desktop's own settings have switched off counts as off."""
        parser = configparser.RawConfigParser(strict=False)
        with suppress(OSError, UnicodeDecodeError, configparser.Error):
            parser.read_string(self._path.read_text(encoding="utf-8"))
        if not parser.has_option(_SECTION, "exec"):
            return AutostartState(on=False, where=str(self._path))
        hidden = parser.get(_SECTION, "hidden", fallback="false")
        enabled = parser.get(_SECTION, "x-gnome-autostart-enabled", fallback="true")
        command = parser.get(_SECTION, "exec").replace("\\\\", "\\")
        return AutostartState(
            on=hidden.lower() != "true" and enabled.lower() != "false",
            where=str(self._path),
            command=command,
            stale=command != self._exec,
        )

    def turn_on(self) -> None:
        """Write the file."""
        # A backslash is doubled once more in a value of the file.
        lines = (
            f"[{_SECTION}]",
            "Type=Application",
            "Version=1.0",
            f"Name={say('app.name')}",
            f"Exec={self._exec.replace(chr(92), chr(92) * 2)}",
            f"Icon={ICON}",
            "Terminal=false",
            "StartupNotify=false",
            "X-GNOME-Autostart-enabled=true",
            "",
        )
        _make_folder(self._path.parent)
        paths.write_private(self._path, "\n".join(lines))

    def turn_off(self) -> None:
        """Remove the file."""
        _remove(self._path)


class LaunchAgent:
    """A property list for launchd (Apple, "Creating Launch Daemons and Agents")."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self._command = list(command)
        self._path = folder / f"{_LABEL}.plist"

    def state(self) -> AutostartState:
        """How it is now."""
        found: Any = None
        with suppress(OSError, plistlib.InvalidFileException, ValueError):
            found = plistlib.loads(self._path.read_bytes())
        if not isinstance(found, dict) or not isinstance(found.get("ProgramArguments"), list):
            return AutostartState(on=False, where=str(self._path))
        command = [str(word) for word in found["ProgramArguments"]]
        return AutostartState(
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
        _make_folder(self._path.parent)
        paths.write_private(self._path, plistlib.dumps(agent))

    def turn_off(self) -> None:
        """Remove the property list."""
        _remove(self._path)


class RunKey:
    """A value of the user's Run key. *registry*: the winreg module."""

    def __init__(self, command: Sequence[str], registry: Any) -> None:
        self._command = subprocess.list2cmdline(command)
        self._registry = registry

    def state(self) -> AutostartState:
        """How it is now; what the Task Manager has switched off counts as off."""
        command = self._read(_RUN)
        if command is None:
            return AutostartState(on=False, where=rf"HKCU\{_RUN}")
        approved = self._read(_APPROVED)
        off = isinstance(approved, bytes) and bool(approved) and approved[0] % 2 == 1
        return AutostartState(
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
            raise _unwritable(rf"HKCU\{_RUN}", error) from error
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
            raise _unwritable(rf"HKCU\{path}", error) from error


def _quoted(word: str) -> str:
    """One argument of an Exec line ("Desktop Entry Specification", The Exec key)."""
    text = word.replace("%", "%%")
    if text and not set(text) & set(" \t\n\"'\\><~|&;$*?#()`"):
        return text
    for character in ("\\", '"', "`", "$"):
        text = text.replace(character, f"\\{character}")
    return f'"{text}"'


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(str(folder), error) from error


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(str(path), error) from error


def _unwritable(where: str, error: OSError) -> OutputUnwritable:
    return OutputUnwritable(
        f"{where} cannot be changed: {error.strerror}.", "Check its permissions."
    )
