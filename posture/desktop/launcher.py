"""The program's place in the applications menu of a Linux desktop."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from posture.desktop import desktop_entry
from posture.desktop.notify import ICON
from posture.desktop.switch_state import SwitchState
from posture.desktop.words import TABLES

# Offered beside the program itself, by a right click: name of the sentence, words of the command.
_ACTIONS = {
    "preview": ("menu.preview", ("preview",)),
    "report": ("menu.report", ("report", "--open")),
    "stop": ("menu.quit", ("stop",)),
}


def menu_folder() -> Path:
    """Where desktops look for the user's own programs."""
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "applications"


class Launcher:
    """A desktop file in *folder*. *program*: how this installation is started, without words."""

    def __init__(self, program: Sequence[str], folder: Path) -> None:
        self._program = tuple(program)
        # Nobody sits at a terminal: consent and calibration have windows.
        self._command = (*self._program, "run", "--ask")
        self._path = folder / desktop_entry.NAME

    def state(self) -> SwitchState:
        """How it is now."""
        found = desktop_entry.read(self._path)
        if found is None:
            return SwitchState(on=False, where=str(self._path))
        command = found["exec"]
        stale = command != desktop_entry.exec_line(self._command)
        return SwitchState(on=True, where=str(self._path), command=command, stale=stale)

    def turn_on(self) -> None:
        """Write the file. Raises OutputUnwritable."""
        desktop_entry.write(self._path, list(self._lines()))

    def turn_off(self) -> None:
        """Remove the file. Raises OutputUnwritable."""
        desktop_entry.remove(self._path)

    def _lines(self) -> Iterator[str]:
        yield f"[{desktop_entry.SECTION}]"
        yield "Type=Application"
        yield "Version=1.0"
        yield from _in_all_languages("Name", "app.name")
        yield from _in_all_languages("Comment", "launcher.comment")
        yield from _in_all_languages("Keywords", "launcher.keywords")
        yield desktop_entry.exec_key(self._command)
        yield f"Icon={ICON}"
        yield "Categories=Utility;"
        yield "Terminal=false"
        yield "StartupNotify=false"
        yield f"Actions={''.join(f'{action};' for action in _ACTIONS)}"
        for action, (name, words) in _ACTIONS.items():
            yield ""
            yield f"[Desktop Action {action}]"
            yield from _in_all_languages("Name", name)
            yield desktop_entry.exec_key((*self._program, *words))


def _in_all_languages(key: str, name: str) -> Iterator[str]:
    """A key in English, then in each other language."""
    for language, table in TABLES.items():
        yield f"{key}={table[name]}" if language == "en" else f"{key}[{language}]={table[name]}"
