"""Opening a file in the program the user has for it, without waiting for that program."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from posture.own_command import outside_environment


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
    process = subprocess.Popen(  # noqa: S603 - our own choice of program
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=outside_environment(),
    )
    # Somebody has to wait for it, or it stays in the list of processes after its end.
    threading.Thread(target=process.wait, name="opened", daemon=True).start()
