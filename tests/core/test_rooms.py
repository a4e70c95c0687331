"""The rooms keep to themselves: who may import what."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "posture"
# Room -> the rooms of the program it may import.
MAY_IMPORT = {
    "core": {"core", "clock", "errors"},
    "sense": {
        "sense", "core", "clock", "errors", "paths", "own_command", "footprint", "plain_file",
        "without",
    },
    "desktop": {
        "desktop", "core", "clock", "errors", "paths", "own_command", "file_rights", "plain_file",
        "without",
    },
    "journal": {"journal", "core", "clock", "errors", "paths", "plain_file"},
    "publish": {"publish", "journal", "core", "clock", "settings"},
}  # fmt: skip
# What reads a clock, a file, a socket or a device has no place in the core.
IMPURE = {
    "cv2", "mediapipe", "sqlite3", "time", "os", "sys", "io", "pathlib", "socket", "subprocess",
    "threading", "asyncio", "random", "logging", "tempfile", "shutil", "tomlkit", "tomllib",
    "pystray", "dbus_fast", "desktop_notifier", "platformdirs", "locale", "zoneinfo",
}  # fmt: skip
CLOCK_CALLS = {"now", "today", "utcnow", "monotonic", "perf_counter", "time_ns", "localtime"}
NAMES_WITHOUT_MEANING = {"utils", "helpers", "manager", "service"}


def modules(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    package = path.relative_to(ROOT.parent).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            yield ".".join((*package[: len(package) - node.level + 1], node.module or ""))
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_the_rooms_below_it(room: str) -> None:
    found = {
        (path.name, name)
        for path in modules(room)
        for name in imports(path)
        if name.startswith("posture.")
        and not name.endswith("__version__")
        and name.split(".")[1] not in MAY_IMPORT[room]
    }

    assert found == set()


def test_the_core_touches_no_clock_no_file_no_device() -> None:
    found = {
        (path.name, name)
        for path in modules("core")
        for name in imports(path)
        if name.split(".")[0] in IMPURE
    }

    assert found == set()


def test_the_core_asks_nobody_for_the_time() -> None:
    found = [
        (path.name, node.func.attr)
        for path in modules("core")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCK_CALLS
    ]

    assert found == []


def test_only_sense_knows_opencv_and_mediapipe() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for path in sorted(ROOT.rglob("*.py"))
        if "sense" not in path.relative_to(ROOT).parts
        for name in imports(path)
        if name.split(".")[0] in ("cv2", "mediapipe")
    }

    assert found == set()


def test_only_the_clock_asks_for_the_time() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for path in sorted(ROOT.rglob("*.py"))
        if path.name != "clock.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("time", "datetime", "date")
        and node.func.attr in CLOCK_CALLS | {"time"}
    }

    assert found == set()


def test_no_module_is_named_for_nothing() -> None:
    names = {path.stem for path in ROOT.rglob("*.py")}

    assert names & NAMES_WITHOUT_MEANING == set()
    assert not any(word in name.split("_") for name in names for word in NAMES_WITHOUT_MEANING)
