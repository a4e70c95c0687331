"""The bundle is tried before it is called good."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bundle(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    return importlib.import_module("bundle")


def program(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_a_program_that_works(bundle: ModuleType, tmp_path: Path) -> None:
    assert bundle.why_useless(program(tmp_path / "a", f"echo {bundle.REMINDED}")) is None


def test_a_program_that_does_not(bundle: ModuleType, tmp_path: Path) -> None:
    failing = program(tmp_path / "a", '[ "$1" = models ] || { echo no clip >&2; exit 20; }')
    assert "posture report --demo --out page.html fails: no clip" in bundle.why_useless(failing)

    silent = program(tmp_path / "b", "echo good morning")
    assert "does not remind" in bundle.why_useless(silent)
