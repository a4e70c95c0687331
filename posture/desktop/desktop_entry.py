"""Desktop files (freedesktop.org, "Desktop Entry Specification") of this program."""

from __future__ import annotations

import configparser
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from posture import paths
from posture.errors import OutputUnwritable
from posture.plain_file import read_text

LARGEST_BYTES = 1 << 20  # chosen: no file that says what starts is as long
NAME = "posture.desktop"
SECTION = "Desktop Entry"


def exec_line(command: Sequence[str]) -> str:
    """*command* as the value of an Exec key means it."""
    return " ".join(_quoted(word) for word in command)


def exec_key(command: Sequence[str]) -> str:
    """The Exec key of *command*: a backslash is doubled once more in a value of the file."""
    return f"Exec={exec_line(command).replace(chr(92), chr(92) * 2)}"


def read(path: Path) -> dict[str, str] | None:
    """The keys, in small letters, of the file's main section; None: no such file or no command.

    ``exec`` is what :func:`exec_line` made.
    """
    parser = configparser.RawConfigParser(strict=False)
    with suppress(OSError, UnicodeDecodeError, configparser.Error):
        parser.read_string(read_text(path, LARGEST_BYTES))
    if not parser.has_option(SECTION, "exec"):
        return None
    found = dict(parser[SECTION])
    return found | {"exec": found["exec"].replace("\\\\", "\\")}


def write(path: Path, lines: Sequence[str]) -> None:
    """Replace the file. Raises OutputUnwritable."""
    make_folder(path.parent)
    paths.write_own(path, "\n".join([*lines, ""]))


def make_folder(folder: Path) -> None:
    """Make the system's *folder* for such files. Raises OutputUnwritable."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(str(folder), error) from error


def remove(path: Path) -> None:
    """Remove the file if it is there. Raises OutputUnwritable."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(str(path), error) from error


def unwritable(where: str, error: OSError) -> OutputUnwritable:
    """*where* does not let itself be changed."""
    return OutputUnwritable(
        f"{where} cannot be changed: {error.strerror}.", "Check its permissions."
    )


def _quoted(word: str) -> str:
    """One argument of an Exec line ("Desktop Entry Specification", The Exec key)."""
    text = word.replace("%", "%%")
    if text and not set(text) & set(" \t\n\"'\\><~|&;$*?#()`"):
        return text
    for character in ("\\", '"', "`", "$"):
        text = text.replace(character, f"\\{character}")
    return f'"{text}"'
