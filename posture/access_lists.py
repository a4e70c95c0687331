"""The access lists of Windows: who may look into a folder there."""

from __future__ import annotations

import contextlib
import csv
import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

Run = Callable[[Sequence[str]], str]
# learn.microsoft.com: icacls (a SID is marked by *), well-known SIDs, SDDL's names for them.
_SYSTEM, _ADMINISTRATORS = "S-1-5-18", "S-1-5-32-544"
# Who may look anyway: the system, administrators, the owner and creator, and apps in a sandbox,
# which run as the user.
_NO_OTHERS = {"SY", "BA", "OW", "CO", "AC", _SYSTEM, _ADMINISTRATORS, "S-1-3-0", "S-1-3-4"}
_SANDBOXED = "S-1-15-"
_ALLOWS = {"A", "OA", "XA"}
_ACE = re.compile(r"\(([^()]*)\)")


def _run(command: Sequence[str]) -> str:
    folder = Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32"
    done = subprocess.run(  # noqa: S603 - the system's own programs
        [str(folder / command[0]), *command[1:]],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=10,
        check=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    return done.stdout


class AccessLists:
    """Windows: a folder inherits who may look into it, in the user's profile the user alone.

    Elsewhere, on a second disk, all users may; modes mean nothing there. *run* runs a command of
    the system and returns what it says; raises OSError or ``subprocess.SubprocessError``.
    """

    def __init__(self, run: Run = _run) -> None:
        self._run = run

    def close(self, folder: Path) -> None:
        """Inherit nothing; give user, system and administrators every right, in it too."""
        with contextlib.suppress(OSError, subprocess.SubprocessError, ValueError):
            self._run([*self._command(folder), "/q"])

    def is_open(self, folder: Path) -> bool | None:
        """Does the list let anybody else look?"""
        try:
            own, sddl = self._own_sid(), self._sddl(folder)
        except (OSError, subprocess.SubprocessError, ValueError):
            return None
        listed = sddl.partition("D:")[2]
        aces = [ace.split(";") for ace in _ACE.findall(listed)]
        if not aces:  # no list at all: everybody may
            return True
        allowed = {ace[5] for ace in aces if len(ace) > 5 and ace[0] in _ALLOWS}
        others = allowed - _NO_OTHERS - {own}
        return any(not sid.startswith(_SANDBOXED) for sid in others)

    def advice(self, folder: Path) -> str:
        """``icacls`` closes it."""
        return f'icacls "{folder}" /inheritance:r /grant:r "%USERNAME%:(OI)(CI)F"'

    def _command(self, folder: Path) -> list[str]:
        sids = (self._own_sid(), _SYSTEM, _ADMINISTRATORS)
        grants = [word for sid in sids for word in ("/grant:r", f"*{sid}:(OI)(CI)F")]
        return ["icacls.exe", str(folder), "/inheritance:r", *grants]

    def _own_sid(self) -> str:
        told = self._run(["whoami.exe", "/user", "/fo", "csv", "/nh"])
        for row in csv.reader(told.splitlines()):
            if len(row) == 2 and row[1].startswith("S-1-"):
                return row[1]
        raise ValueError(told)

    def _sddl(self, folder: Path) -> str:
        """Not what icacls shows: that is in the language of the system."""
        with tempfile.TemporaryDirectory() as name:
            saved = Path(name) / "rights"
            self._run(["icacls.exe", str(folder), "/save", str(saved), "/q"])
            data = saved.read_bytes()
        marked = data.startswith(b"\xff\xfe")
        lines = data.decode("utf-16" if marked else "utf-16-le").splitlines()
        return next((line for line in lines if "D:" in line and "(" in line), "")
