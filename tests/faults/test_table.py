"""docs/faults.md names a test for every fault, and every test it names exists."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
QUOTED = re.compile(r'"([^"]+)"')
# Where something is filled in, or two texts are put together.
SEAMS = re.compile(r"…|\(or: |\)|: |\. |; |posture\.db")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
SKIPS = re.compile(r"pytest\.(skip|xfail|importorskip)|mark\.(skip|skipif|xfail)\b")
# What a monitor that runs all day meets.
FAULTS = """
no camera; another program uses; may not use; unplugged; stalled; driver that hangs; black picture;
frozen; another size; auto-framing; 1 picture a second; turned on its side; model file; mediapipe
fails; runs out of memory; disk is full; home that cannot be written; log is locked; log is damaged;
log is of a newer; settings that are damaged; calibration that is damaged; set back; set forward;
summer time; another time zone; sleep and resume; notification service dies; panel dies; sigterm;
sigint; sigkill in mid-write; power fails; second monitor; any words on the command line; settings
file, a calibration, a trace; control channel; three days and nights
"""


def rows() -> list[tuple[str, str, str]]:
    text = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    found = []
    for line in text.splitlines():
        if line.startswith("|") and not line.startswith(("| fault |", "| --- |")):
            fault, seen, tests = (cell.strip() for cell in line.strip("|").split("|"))
            found.append((fault, seen, tests))
    return found


@cache
def functions_in(name: str) -> frozenset[str]:
    tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_each_row_is_complete_and_its_tests_exist(row: tuple[str, str, str]) -> None:
    fault, seen, tests = row
    named = NAMED.findall(tests)

    assert fault
    assert seen
    assert named
    assert NAMED.sub("", tests).strip() == ""
    for path, name in named:
        assert name in functions_in(path), f"{path} has no {name}"


@cache
def texts() -> str:
    """Every text in the program's source."""
    return "\n".join(
        node.value
        for path in (ROOT / "posture").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_what_is_quoted_is_what_the_program_says(row: tuple[str, str, str]) -> None:
    for quoted in QUOTED.findall(row[1]):
        for part in SEAMS.split(quoted):
            assert part.strip(" .") in texts(), part


def test_no_fault_is_missing() -> None:
    told = " ".join(fault.lower() for fault, _, _ in rows())
    wanted = [fault.strip() for fault in FAULTS.replace("\n", " ").split(";")]

    assert [fault for fault in wanted if fault not in told] == []


def test_no_test_named_here_or_of_a_promise_can_be_passed_over() -> None:
    """Where a tool or a right is missing they fail: what was not looked at is not well."""
    promises = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    named = {path for _, _, tests in rows() for path, _ in NAMED.findall(tests)}
    named |= {path for path, _ in NAMED.findall(promises)}
    assert len(named) > 30

    found = {path for path in named if SKIPS.search((ROOT / path).read_text(encoding="utf-8"))}

    assert found == set()
