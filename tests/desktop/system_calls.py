"""What programs ask of the system, as ``strace`` saw it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from strace import strace

_TRACED = "%network,%process,openat,open,openat2,creat,memfd_create,write,pwrite64,mkdir,mkdirat"
_LINE = re.compile(r"^\d+ +(\w+)\((.*?)\)? += +(-?\d+|\?)")
_UNFINISHED = re.compile(r"^(\d+) +(.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"^(\d+) +<\.\.\. \w+ resumed>(.*)$")
_PATH = re.compile(r'"((?:[^"\\]|\\.)*)"')
_DESCRIPTOR = re.compile(r"^-?\d+<(.*?)>(?:, |$)")


def traced(report: Path, command: Sequence[str]) -> list[str]:
    """*command* with everything it asks for reported, by all its processes, to *report*."""
    options = ["-f", "-qq", "-y", "-s", "200", "--seccomp-bpf", "-e", f"trace={_TRACED}"]
    return [strace(), *options, "-o", str(report), "--", *command]


@dataclass(frozen=True)
class Call:
    """One system call: its name, arguments as strace writes them, and what it returned."""

    name: str
    arguments: str
    returned: int

    @property
    def path(self) -> str:
        """The file named in the arguments."""
        found = _PATH.search(self.arguments)
        return "" if found is None else found[1]

    @property
    def target(self) -> str:
        """What the descriptor that is written to is open on."""
        found = _DESCRIPTOR.match(self.arguments)
        return "" if found is None else found[1]

    @property
    def written(self) -> bytes:
        """The beginning of what was written."""
        text = self.path
        return text.encode("latin-1").decode("unicode_escape").encode("latin-1")

    @property
    def changes_a_file(self) -> bool:
        """Whether it opens a file for writing, or makes one."""
        flags = ("O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_TMPFILE")
        opens = self.name.startswith(("open", "creat"))
        return opens and (self.name == "creat" or any(flag in self.arguments for flag in flags))


def calls(report: Path) -> Iterator[Call]:
    """The calls in *report*; those interrupted by another process are put together."""
    waiting: dict[str, str] = {}
    for line in report.read_text(encoding="utf-8", errors="replace").splitlines():
        begun = _UNFINISHED.match(line)
        if begun is not None:
            waiting[begun[1]] = f"{begun[1]} {begun[2]}"
            continue
        ended = _RESUMED.match(line)
        whole = line if ended is None else waiting.pop(ended[1], "") + ended[2]
        found = _LINE.match(whole)
        if found is not None:
            returned = -1 if found[3] == "?" else int(found[3])
            yield Call(found[1], found[2], returned)


def below(path: str, folder: Path) -> bool:
    """Whether *path* is *folder* or in it."""
    return Path(os.path.normpath(path)).is_relative_to(folder)
