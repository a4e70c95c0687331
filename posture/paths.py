"""Where the program keeps its things: settings, log, state, run-time files.

Every directory is the user's own (0700), every file too (0600).
"""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from pathlib import Path

import platformdirs

from posture.errors import OutputUnwritable
from posture.file_rights import DIR_MODE, FileRights, system_rights
from posture.plain_file import write_to_device

APP = "posture"
FILE_MODE = 0o600


def config_dir() -> Path:
    """Directory of the settings file and the calibrations (not created)."""
    return Path(platformdirs.user_config_dir(APP, appauthor=False))


def data_dir(chosen: Path | None = None) -> Path:
    """Directory of the daily log: *chosen*, or the system's place for it (not created)."""
    return chosen or Path(platformdirs.user_data_dir(APP, appauthor=False))


def demo_data_dir() -> Path:
    """Directory of the log of demonstrations, apart from the real one (not created)."""
    return Path(platformdirs.user_data_dir(f"{APP}-demo", appauthor=False))


def state_dir() -> Path:
    """Directory of what should outlive a restart but is no data: diagnostics (not created)."""
    return Path(platformdirs.user_state_dir(APP, appauthor=False))


def runtime_dir() -> Path:
    """Directory of sockets and locks, gone with the session where the system does that."""
    if sys.platform != "linux":
        return Path(platformdirs.user_runtime_dir(APP, appauthor=False))
    session = os.environ.get("XDG_RUNTIME_DIR")
    # The usual fallback is in /tmp, where another user may have been first.
    return Path(session) / APP if session and _is_private(session) else state_dir() / "run"


def _is_private(directory: str) -> bool:
    try:
        found = Path(directory).stat()
    except OSError:
        return False
    return found.st_uid == os.geteuid() and not stat.S_IMODE(found.st_mode) & ~DIR_MODE


def may_exist(path: Path) -> bool:
    """Whether something is at *path*, or cannot be seen: who opens it hears why it cannot be used.

    ``Path.exists`` raises where a folder is closed to the user or a name is too long.
    """
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError):
        return True
    return True


def make_private(directory: Path, rights: FileRights | None = None) -> Path:
    """Create *directory* (0700) with its parents if need be and return it.

    One of the program's own directories is closed to others when it is found open; a directory
    the user chose keeps its rights. Raises :class:`OutputUnwritable` when it cannot be made, is no
    directory, or is one of the program's own but belongs to someone else.
    """
    rights = rights or system_rights()
    try:
        is_new = _make(directory)
        found = directory.stat()
    except OSError as error:
        raise OutputUnwritable(
            f"The folder {directory} cannot be made: {error.strerror}.", "Choose another folder."
        ) from error
    if is_new:
        rights.close(directory)
    elif os.name == "posix" and directory in _own_dirs():
        if found.st_uid != os.geteuid():
            raise OutputUnwritable(
                f"The folder {directory} belongs to another user.", "Choose a folder of your own."
            )
        if rights.is_open(directory):
            rights.close(directory)
    return directory


def _make(directory: Path) -> bool:
    """Whether it was not there before."""
    try:
        directory.mkdir(mode=DIR_MODE, parents=True)
    except FileExistsError:
        if not directory.is_dir():
            raise
        return False
    return True


def _own_dirs() -> tuple[Path, ...]:
    return (config_dir(), data_dir(), demo_data_dir(), state_dir(), runtime_dir())


def write_private(path: Path, content: str | bytes) -> None:
    """Replace *path* by *content* (0600) in one step: a crash leaves the old or the new file.

    A device or pipe is written to, not replaced. Raises :class:`OutputUnwritable`.
    """
    refuse_folder(path)
    data = content.encode() if isinstance(content, str) else content
    try:
        if path.exists() and not path.is_file():
            write_to_device(path, data)
        else:
            _replace(path, data)
    except OSError as error:
        raise _unwritable(path, error) from error


def write_own(path: Path, content: str | bytes) -> None:
    """The same for one of the program's own files: a pipe or link in its place gives way.

    Raises :class:`OutputUnwritable`.
    """
    try:
        _replace(path, content.encode() if isinstance(content, str) else content)
    except IsADirectoryError as error:
        raise OutputUnwritable(
            f"{path} is a folder, where posture keeps a file.", "Move it away."
        ) from error
    except OSError as error:
        raise _unwritable(path, error) from error


def _replace(path: Path, data: bytes) -> None:
    # mkstemp creates the file 0600.
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise


def _unwritable(path: Path, error: OSError) -> OutputUnwritable:
    return OutputUnwritable(
        f"{path} cannot be written: {error.strerror}.", "Check the folder and the free space."
    )


def refuse_folder(path: Path) -> None:
    """Raise :class:`OutputUnwritable` where a file is to be written but a folder is.

    And where a name is too long for a file: there ``Path.is_dir`` raises.
    """
    try:
        is_folder = path.is_dir()
    except OSError as error:
        raise OutputUnwritable(
            f"{path} cannot be written: {error.strerror}.", "Choose another name."
        ) from error
    if is_folder:
        raise OutputUnwritable(f"{path} is a folder.", "Name a file in it.")
