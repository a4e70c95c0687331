"""How this program starts itself again, for windows that live in processes of their own."""

from __future__ import annotations

import sys
from pathlib import Path

import posture

# -P: the folder the user is in is not for modules of the same names.
_START = (
    "import sys; sys.path.append(sys.argv.pop(1)); from posture.cli import main; sys.exit(main())"
)
_ROOT = str(Path(posture.__file__).resolve().parents[1])


def own_command(*words: str) -> list[str]:
    """The command line of ``posture`` with *words*, by the same interpreter."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *words]
    return [sys.executable, "-P", "-c", _START, _ROOT, *words]
