"""Write docs/licences.md from what is installed: `licences.py`, `--check`, or `--names`.

What posture needs is found as pip finds it, from package to package, for each of the three systems.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "licences.md"
SYSTEMS: Mapping[str, Mapping[str, str]] = {
    "Linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "Windows": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
    "macOS": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
}
# The oldest Python there is posture for: what needs a build for it is needed by most.
_ANYWHERE = {"extra": "", "python_version": "3.11", "python_full_version": "3.11.0"}
# What packages without an SPDX expression call their licence.
SPDX = {
    "Apache 2.0": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "MIT": "MIT",
    "MIT License": "MIT",
    "LGPLv3": "LGPL-3.0-only",
    "LGPLv2+": "LGPL-2.1-or-later",
}
# Packages of other systems, which this one does not install; as their authors publish them.
ELSEWHERE = {
    "pyobjc-": "MIT",
    "rubicon-objc": "BSD-3-Clause",
    "tzdata": "Apache-2.0",
    "winrt-": "MIT",
}
# Packages that bring the licence's text alone: pysimdjson is under the first, simdjson in it under
# the others.
UNTOLD = {"pysimdjson": "MIT AND (Apache-2.0 OR MIT)"}
_HEAD = """\
# Licences

posture is under the MIT licence ([LICENSE](../LICENSE)). What it brings and what it needs is not \
all under the same: these are the licences, as `python scripts/licences.py` finds them in the \
installed packages.

## In the package

| part | licence | text |
| --- | --- | --- |
| the program | MIT | [LICENSE](../LICENSE) |
| the landmark models (Google) | Apache-2.0 | [NOTICE](../models/NOTICE), \
[LICENSE](../models/LICENSE-Apache-2.0.txt) |
| Inter, the letters of its windows | OFL-1.1 | [OFL](../posture/desktop/fonts/OFL.txt) |
| D3, in the report page | ISC | [LICENSE](../posture/journal/templates/vendor/LICENSE-d3.txt) |
| Observable Plot, in the report page | ISC | \
[LICENSE](../posture/journal/templates/vendor/LICENSE-plot.txt) |
| Literata, the letters of the report page | OFL-1.1 | \
[LICENSE](../posture/journal/templates/vendor/LICENSE-literata.txt) |

## Installed with it

pystray and python-xlib are under the LGPL: they are used unchanged, as packages of their own that \
you can replace; in a folder made by `scripts/bundle.py`, by making it anew. opencv-python carries \
FFmpeg (LGPL-2.1) and other libraries; its LICENSE-3RD-PARTY.txt lists them. Packages of other \
systems than the one this was written on are marked with *: their licence is what their authors \
publish.

| package | licence | needed by | on |
| --- | --- | --- | --- |
"""


@dataclass
class Package:
    """One package, who asks for it, and where."""

    name: str
    needed_by: set[str] = field(default_factory=set)
    systems: set[str] = field(default_factory=set)


# Extras for users; the others are for developers.
EXTRAS = ("mqtt",)


def direct() -> dict[str, list[str]]:
    """The requirements of pyproject.toml, of the program and of each extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {f"posture[{name}]": project["optional-dependencies"][name] for name in EXTRAS}
    return {"posture": project["dependencies"], **extras}


def packages() -> dict[str, Package]:
    """Everything that is installed with posture, by canonical name."""
    found: dict[str, Package] = {}
    for system, environment in SYSTEMS.items():
        waiting = [(by, line) for by, lines in direct().items() for line in lines]
        seen: set[tuple[str, str]] = set()
        while waiting:
            asking, line = waiting.pop()
            requirement = Requirement(line)
            marker, name = requirement.marker, canonicalize_name(requirement.name)
            if marker is not None and not marker.evaluate({**_ANYWHERE, **environment}):
                continue
            one = found.setdefault(name, Package(name))
            one.needed_by.add(asking)
            one.systems.add(system)
            if (asking, name) not in seen:
                seen.add((asking, name))
                waiting += [(name, needed) for needed in _requires(name)]
    return dict(sorted(found.items()))


def _requires(name: str) -> list[str]:
    try:
        return importlib.metadata.requires(name) or []
    except importlib.metadata.PackageNotFoundError:
        return []


def licence(name: str) -> str:
    """The SPDX expression of *name*; with a * where it is not installed here.

    Raises LookupError for a package whose licence is not told, or not known here.
    """
    if name in UNTOLD:
        return UNTOLD[name]
    try:
        told = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return f"{next(spdx for begin, spdx in ELSEWHERE.items() if name.startswith(begin))} *"
    for expression in told.get_all("License-Expression") or []:
        return str(expression)
    names = [str(one).strip() for one in told.get_all("License") or []]
    names += [one.rpartition(" :: ")[2] for one in told.get_all("Classifier") or []]
    for one in names:
        if one in SPDX:
            return SPDX[one]
    raise LookupError(f"the licence of {name} is not known: {names}")


def rows() -> Iterator[str]:
    """The table's lines."""
    for name, one in packages().items():
        needed = ", ".join(sorted(one.needed_by, key=lambda by: (not by.startswith("posture"), by)))
        where = "all" if one.systems == set(SYSTEMS) else ", ".join(sorted(one.systems))
        yield f"| {name} | {licence(name)} | {needed} | {where} |"


def document() -> str:
    """docs/licences.md."""
    return _HEAD + "\n".join(rows()) + "\n"


def main() -> int:
    """Write the document; with --check say whether it is as it should be."""
    parser = argparse.ArgumentParser(description="Write the list of licences.")
    parser.add_argument("--check", action="store_true", help="only say whether it is current")
    parser.add_argument("--names", action="store_true", help="only name the packages installed")
    options = parser.parse_args()
    if options.names:
        print("\n".join(name for name in packages() if _installed(name)))
        return 0
    text = document()
    if options.check:
        current = DOCUMENT.read_text(encoding="utf-8") == text
        print("docs/licences.md is", "current." if current else "old: python scripts/licences.py")
        return 0 if current else 1
    DOCUMENT.write_text(text, encoding="utf-8", newline="\n")
    return 0


def _installed(name: str) -> bool:
    return not re.search(r" \*$", licence(name))


if __name__ == "__main__":
    sys.exit(main())
