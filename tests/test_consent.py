from __future__ import annotations

import stat
from pathlib import Path

import pytest

from posture import consent
from posture.clock import Instant, ManualClock

CLOCK = ManualClock(Instant(0.0, 1_770_000_000_000_000))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(consent, "config_dir", lambda: tmp_path / "posture")
    return tmp_path / "posture"


def test_nobody_has_agreed_until_they_do(home: Path) -> None:
    assert not consent.given()

    consent.remember(CLOCK)

    assert consent.given()
    (file,) = home.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_deleting_the_file_takes_it_back(home: Path) -> None:
    consent.remember(CLOCK)
    (home / "consent.json").unlink()

    assert not consent.given()


@pytest.mark.parametrize("text", ["", "yes", "[]", "{}", '{"camera": 0}', '{"camera": true, '])
def test_what_is_no_agreement_counts_as_none(home: Path, text: str) -> None:
    home.mkdir()
    (home / "consent.json").write_text(text)

    assert not consent.given()


def test_other_promises_are_asked_about_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    consent.remember(CLOCK)
    monkeypatch.setattr(consent, "_PROMISES", 2)

    assert not consent.given()
