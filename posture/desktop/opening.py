"""Opening a file in the program the user has for it, without waiting for that program."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def open_file(path: Path) -> None:
    """Open *path* for the user. Raises OSError when nothing can."""
    if sys.platform == "win32":
        os.startfile(path)  # noqa: S606 - the user's own file in the user's own program
    elif sys.platform == "darwin":
        launch(["/usr/bin/open", "-t", str(path)])
    else:
        program = shutil.which("xdg-open")
        if program is None:
            raise FileNotFoundError(f"xdg-open is not installed; the file is {path}")
        launch([program, str(path)])


def launch(command: Sequence[str]) -> None:
    """Start *command* apart from this program: nothing of it is read, and it may outlive us.

    Raises OSError when it cannot be started.
    """
    # Through one more process, so that nobody has to be waited for when it ends.
    detach = "import subprocess, sys; subprocess.Popen(sys.argv[1:], start_new_session=True)"
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", detach, *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        raise OSError(f"{command[0]} cannot be started")
