"""docs/licences.md tells of everything that is installed, and nothing unexpected is."""

from __future__ import annotations

import importlib.metadata
import re
from pathlib import Path

import licences
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
# What an MIT program may need: nothing that asks more of it than to be named and replaceable.
FREE = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "EPL-2.0",
    "LGPL-2.1-or-later", "LGPL-3.0-only", "MIT", "MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Zlib",
}  # fmt: skip


def listed() -> dict[str, list[str]]:
    text = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8").partition("## Installed")[2]
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| ")]
    return {cells[0].strip(): [cell.strip() for cell in cells[1:]] for cells in rows[2:]}


def test_the_document_is_what_the_script_writes() -> None:
    assert (ROOT / "docs" / "licences.md").read_text(encoding="utf-8") == licences.document()


def test_what_pyproject_needs_is_what_is_listed_as_needed_by_posture() -> None:
    for by, lines in licences.direct().items():
        wanted = {canonicalize_name(Requirement(line).name) for line in lines}
        assert {name for name, row in listed().items() if by in row[1].split(", ")} == wanted


def test_what_pyproject_needs_is_what_is_installed() -> None:
    """Else the list would be of another version."""
    own = [Requirement(line) for line in importlib.metadata.requires("posture") or []]
    installed = {str(one) for one in own if "extra" not in str(one.marker)}
    assert installed == {str(Requirement(line)) for line in licences.direct()["posture"]}


def test_every_licence_is_known_and_free() -> None:
    for name, (licence, needed, where) in listed().items():
        for word in re.split(r" AND | OR |[() ]+", licence.removesuffix(" *")):
            assert word in FREE | {""}, (name, licence)
        assert needed
        assert where


def test_an_unknown_licence_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(licences, "SPDX", {})
    with pytest.raises(LookupError, match="licence of jinja2 is not known"):
        licences.licence("jinja2")


def test_every_text_it_points_to_is_there() -> None:
    for path in re.findall(r"\]\((\.\./[^)]+)\)", licences.document()):
        assert (ROOT / "docs" / path).is_file(), path
