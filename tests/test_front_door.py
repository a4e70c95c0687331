"""What the documents at the front door name exists: files, tests, and the documents themselves."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = ("ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "README.md")
FILE = re.compile(r"`((?:posture|tests|scripts|docs|models)/[\w./-]*|\.ci/run|CHANGELOG\.md)`")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
# A picture in Markdown, or in HTML where it needs a width.
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)|<img\b([^>]*)>")
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def functions_in(name: str) -> frozenset[str]:
    tree = ast.parse(text(name))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def pictures(name: str) -> dict[str, str]:
    """Where each picture of a document is, and its words for those who do not see it."""
    found = {}
    for words, place, attributes in PICTURE.findall(text(name)):
        given = dict(ATTRIBUTE.findall(attributes)) or {"src": place, "alt": words}
        found[given["src"]] = given["alt"]
    return found


def test_every_picture_of_the_readme_is_there_and_described() -> None:
    shown = pictures("README.md")

    assert len(shown) >= 2
    assert {place for place in shown if not (ROOT / place).is_file()} == set()
    assert {place for place, words in shown.items() if len(words.split()) < 5} == set()


def test_the_tests_end_as_the_readme_shows(request: pytest.FixtureRequest) -> None:
    shown = text("README.md").partition("$ python scripts/test.py\n")[2].partition("```")[0]
    *progress, end = shown.strip().splitlines()
    passed = re.fullmatch(r"(\d+) passed in \d+\.\d\ds \(\d:\d\d:\d\d\)", end)

    assert passed is not None
    # "…" stands for what is left out.
    lines = [line for line in progress if line != "…"]
    assert lines
    assert [line for line in lines if not re.fullmatch(r"\.{1,72} +\[[ \d]{3}%\]", line)] == []
    assert {len(line) for line in lines} == {80 - 1}
    # How many there are only a run of all of them knows; it is brought up to date now and then.
    every = {str(path) for path in (ROOT / "tests").rglob("test_*.py")}
    items = request.session.items
    if every <= {str(item.path) for item in items}:
        assert abs(len(items) - int(passed[1])) < 0.1 * len(items)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_file_a_document_names_exists(name: str) -> None:
    tests = {file for file, _ in TEST.findall(text(name))}
    named = {*FILE.findall(text(name)), *LINK.findall(text(name)), *tests}

    assert named
    assert {path for path in named if not (ROOT / path).exists()} == set()


def test_every_promise_has_a_test_that_exists() -> None:
    never = text("SECURITY.md").partition("## What it never does")[2].partition("\n## ")[0]
    rows = [line for line in never.splitlines() if line.startswith("| ")][1:]
    promises = [row for row in rows if not row.startswith("| ---")]

    assert len(promises) > 5
    assert [row for row in promises if not TEST.search(row)] == []
    named = TEST.findall(text("SECURITY.md"))
    assert [f"{file}::{test}" for file, test in named if test not in functions_in(file)] == []


def test_every_row_of_who_could_do_what_is_held_by_tests() -> None:
    table, _, held = (
        text("SECURITY.md")
        .partition("## Who could do what")[2]
        .partition("\n## ")[0]
        .partition("What holds each row:")
    )
    named = dict(re.findall(r"^- \*\*(.+?)\.\*\* (.+)$", held, re.M))
    asked = re.findall(r"^\| \*\*(.+?)\*\*", table, re.M)

    assert len(asked) >= 6
    beyond = {"The administrator", "Who has your disk or a backup"}
    assert [who for who in asked if who not in beyond and not TEST.search(named[who])] == []


def test_the_picture_of_the_rooms_shows_every_room() -> None:
    rooms = {path.parent.name for path in (ROOT / "posture").glob("*/__init__.py")} - {"demo"}

    assert {room for room in rooms if f"`posture/{room}/`" not in text("ARCHITECTURE.md")} == set()
