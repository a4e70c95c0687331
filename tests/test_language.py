"""The system's language, by its two letters."""

from __future__ import annotations

import pytest

from posture.language import system_language


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ("de_AT.UTF-8", "de"),
        ("de", "de"),
        ("en_GB", "en"),
        ("C.UTF-8", "en"),
        ("POSIX", "en"),
        ("pt-BR", "pt"),
    ],
)
def test_the_environment_names_the_language(
    named: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", named)

    assert system_language() == code


def test_the_stronger_variable_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LC_MESSAGES", "de_DE.UTF-8")
    monkeypatch.setenv("LANG", "en_US.UTF-8")

    assert system_language() == "de"


def test_where_the_environment_is_silent_the_locale_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr("locale.getlocale", lambda: ("German_Germany", "1252"))

    assert system_language() == "de"
