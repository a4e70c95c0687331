"""Places of the program's files: private, and whole after a crash."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from posture import paths
from posture.errors import OutputUnwritable


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names_in(directory: Path) -> list[str]:
    return [path.name for path in directory.iterdir()]


def test_a_new_directory_is_closed_to_others(tmp_path: Path) -> None:
    made = paths.make_private(tmp_path / "a" / "b")

    assert made.is_dir()
    assert mode(made) == 0o700


def test_the_own_directory_found_open_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    own = paths.data_dir()
    own.mkdir(mode=0o755)

    paths.make_private(own)

    assert mode(own) == 0o700


def test_a_directory_the_user_chose_keeps_its_mode(tmp_path: Path) -> None:
    chosen = tmp_path / "documents"
    chosen.mkdir()
    chosen.chmod(0o755)

    paths.make_private(chosen)

    assert mode(chosen) == 0o755


def test_a_file_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("x")

    with pytest.raises(OutputUnwritable, match="taken"):
        paths.make_private(tmp_path / "taken")


def test_demo_log_lives_apart() -> None:
    assert paths.demo_data_dir() != paths.data_dir()
    assert paths.data_dir() not in paths.demo_data_dir().parents


def test_without_a_session_directory_sockets_stay_out_of_shared_tmp(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)

    assert paths.runtime_dir() == paths.state_dir() / "run"


def test_chosen_data_dir_wins(tmp_path: Path) -> None:
    assert paths.data_dir(tmp_path) == tmp_path


def test_written_file_is_private_and_replaces_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "settings.toml"
    target.write_text("old")
    target.chmod(0o644)

    paths.write_private(target, "néw")

    assert target.read_text(encoding="utf-8") == "néw"
    assert mode(target) == 0o600
    assert names_in(tmp_path) == ["settings.toml"]


def test_unwritable_place_leaves_nothing_behind(tmp_path: Path) -> None:
    target = tmp_path / "taken"
    target.mkdir()

    with pytest.raises(OutputUnwritable, match="taken"):
        paths.write_private(target, b"x")

    assert names_in(tmp_path) == ["taken"]


def test_asking_for_a_place_creates_nothing(tmp_path: Path) -> None:
    code = (
        "from posture import paths as p;"
        "print(p.config_dir(), p.data_dir(), p.demo_data_dir(), p.state_dir(), p.runtime_dir())"
    )
    names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR")
    environment = {**os.environ, **{name: str(tmp_path / name) for name in names}}

    subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True)

    assert names_in(tmp_path) == []
