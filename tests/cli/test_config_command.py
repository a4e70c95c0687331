"""``posture config set`` and ``unset``: what is said of a change."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from posture.cli import cli

LATER = "This holds from the next start of posture on."


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def said(*words: str) -> list[str]:
    done = CliRunner().invoke(cli, ["config", *words])
    assert done.exit_code == 0, done.output
    return done.output.splitlines()


def test_a_setting_of_the_start_says_when_it_holds() -> None:
    assert said("set", "mqtt.host", "hub.local") == ['mqtt.host = "hub.local"', LATER]
    assert said("set", "mqtt.host", "hub.local") == ['mqtt.host = "hub.local"']
    assert said("unset", "mqtt.host") == ['mqtt.host = "localhost"', LATER]


def test_one_that_holds_at_once_does_not() -> None:
    assert said("set", "sitting.nudge_min", "45") == ["sitting.nudge_min = 45.0"]


def test_a_publisher_is_off_at_once() -> None:
    assert said("set", "mqtt.enabled", "on")[1:] == [LATER]
    assert said("set", "mqtt.enabled", "off")[1:] == []
