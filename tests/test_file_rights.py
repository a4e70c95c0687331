"""Who may look into a folder. Windows is played by a stand-in for its two commands."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from posture import paths
from posture.access_lists import AccessLists
from posture.file_rights import Modes, system_rights

ANNA, BERT = "S-1-5-21-1111-2222-3333-1001", "S-1-5-21-1111-2222-3333-1002"
PROFILE = f"D:AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;OICIID;FA;;;{ANNA})"
SECOND_DISK = "D:AI(A;OICIID;FA;;;BA)(A;OICIID;0x1200a9;;;BU)(A;ID;0x1301bf;;;AU)"


class Windows:
    """Keeps one access list, and understands what is asked of icacls and whoami."""

    def __init__(self, sddl: str, marked: bool = False) -> None:
        self.sddl = sddl
        self.mark = "\ufeff" if marked else ""

    def __call__(self, command: Sequence[str]) -> str:
        program, *words = command
        if program == "whoami.exe":
            assert words == ["/user", "/fo", "csv", "/nh"]
            return f'"desk\\anna","{ANNA}"\n'
        assert program == "icacls.exe"
        folder = Path(words[0])
        assert folder.is_absolute()
        if "/save" in words:
            saved = Path(words[words.index("/save") + 1])
            saved.write_bytes(f"{self.mark}{folder.name}\r\n{self.sddl}\r\n".encode("utf-16-le"))
            return ""
        assert words[1] == "/inheritance:r"
        kept = re.sub(r"\([^)]*ID[^)]*\)", "", self.sddl.partition("D:")[2])
        for grant, right in zip(words[2:-1:2], words[3:-1:2], strict=True):
            assert grant == "/grant:r"
            sid, _, rights = right.partition(":")
            assert sid.startswith("*S-1-")
            assert rights == "(OI)(CI)F"
            kept += f"(A;OICI;FA;;;{sid[1:]})"
        self.sddl = f"D:P{kept.removeprefix('AI')}"
        return ""


@pytest.mark.parametrize("marked", [True, False])
@pytest.mark.parametrize(
    ("sddl", "is_open"),
    [
        (PROFILE, False),
        (SECOND_DISK, True),
        (f"{PROFILE}(A;OICI;FR;;;WD)", True),
        (f"{PROFILE}(A;OICI;FR;;;{BERT})", True),
        (f"{PROFILE}(D;OICI;FR;;;{BERT})", False),  # refused to him
        (f"{PROFILE}(A;OICI;FA;;;OW)(A;;FR;;;AC)(A;;FR;;;S-1-15-2-2)", False),
        ("O:BAG:DUD:NO_ACCESS_CONTROL", True),
    ],
)
def test_windows_tells_who_may_look(sddl: str, is_open: bool, marked: bool, tmp_path: Path) -> None:
    assert AccessLists(Windows(sddl, marked)).is_open(tmp_path) is is_open


def test_windows_closes_a_folder_of_the_second_disk(tmp_path: Path) -> None:
    windows = Windows(SECOND_DISK)
    rights = AccessLists(windows)
    rights.close(tmp_path)

    assert rights.is_open(tmp_path) is False
    assert ANNA in windows.sddl


@pytest.mark.parametrize(
    "failure", [FileNotFoundError("icacls"), subprocess.CalledProcessError(5, "icacls"), None]
)
def test_a_windows_that_does_not_answer_is_no_failure(
    failure: Exception | None, tmp_path: Path
) -> None:
    def run(_command: Sequence[str]) -> str:
        if failure is not None:
            raise failure
        return "nonsense"

    AccessLists(run).close(tmp_path)
    assert AccessLists(run).is_open(tmp_path) is None


def test_modes_are_closed_and_told(tmp_path: Path) -> None:
    folder = tmp_path / "log"
    folder.mkdir(mode=0o755)
    rights = system_rights()
    assert isinstance(rights, Modes)

    assert rights.is_open(folder)
    rights.close(folder)
    assert not rights.is_open(folder)
    assert folder.stat().st_mode & 0o777 == 0o700


def test_on_windows_only_what_is_made_anew_is_closed(tmp_path: Path) -> None:
    """A folder the user chose keeps the rights they gave it."""
    closed: list[Path] = []

    class Rights(AccessLists):
        def close(self, folder: Path) -> None:
            closed.append(folder)

    paths.make_private(tmp_path / "a" / "b", Rights())
    paths.make_private(tmp_path / "a" / "b", Rights())
    paths.make_private(tmp_path, Rights())

    assert closed == [tmp_path / "a" / "b"]
