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


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def functions_in(name: str) -> frozenset[str]:
    tree = ast.parse(text(name))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


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
