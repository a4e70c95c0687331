from __future__ import annotations

from pathlib import Path

import pytest
from stage import until

from posture.desktop.opening import launch, open_file


def test_a_file_is_opened_by_the_users_own_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = tmp_path / "record"
    program = tmp_path / "xdg-open"
    program.write_text(f'#!/bin/sh\nprintf "%s" "$1" > {record}.new && mv {record}.new {record}\n')
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    open_file(Path("/a b/$HOME.toml"))
    until(record.exists, "the program")

    assert record.read_text() == "/a b/$HOME.toml"


def test_without_such_a_program_the_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(OSError, match=r"the file is /x\.toml"):
        open_file(Path("/x.toml"))


def test_what_cannot_be_started_is_an_error() -> None:
    with pytest.raises(OSError, match="/nothing/here"):
        launch(["/nothing/here"])


def test_what_is_started_outlives_the_call(tmp_path: Path) -> None:
    go, done = tmp_path / "go", tmp_path / "done"
    launch(["/bin/sh", "-c", f"while [ ! -e {go} ]; do sleep 0.01; done; touch {done}"])
    go.touch()

    until(done.exists, "the started program")
