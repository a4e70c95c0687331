"""How this program starts itself again: its windows and its worker live in their own processes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import posture

# The first word of a command line that starts the worker of a bundled program.
WORKER = "--worker"
# -P: the folder the user is in is not for modules of the same names.
_COMMAND = (
    "import sys; sys.path.append(sys.argv.pop(1)); from posture.cli import main; sys.exit(main())"
)
_WORKER = "import sys; sys.path.append(sys.argv[1]); from posture.sense.worker import main; main()"
_ROOT = str(Path(posture.__file__).resolve().parents[1])


def bundled() -> bool:
    """Is this a program of its own (scripts/bundle.py), without a Python interpreter beside it?"""
    return bool(getattr(sys, "frozen", False))


def own_command(*words: str) -> list[str]:
    """The command line of ``posture`` with *words*, by the same interpreter."""
    if bundled():
        return [sys.executable, *words]
    return [sys.executable, "-P", "-c", _COMMAND, _ROOT, *words]


def worker_command() -> list[str]:
    """The command line of the worker, by the same interpreter."""
    if bundled():
        return [sys.executable, WORKER]
    return [sys.executable, "-P", "-c", _WORKER, _ROOT]


def outside_environment() -> dict[str, str]:
    """The environment for other programs: a bundle's own libraries are not for them."""
    environment = dict(os.environ)
    if bundled():
        # PyInstaller sets the first, and keeps in the second what the user had.
        environment.pop("LD_LIBRARY_PATH", None)
        if "LD_LIBRARY_PATH_ORIG" in environment:
            environment["LD_LIBRARY_PATH"] = environment.pop("LD_LIBRARY_PATH_ORIG")
    return environment
