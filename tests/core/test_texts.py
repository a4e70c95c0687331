"""Texts: every language says the same things with the same numbers."""

from __future__ import annotations

import string

import pytest

from posture.core.texts import LANGUAGES, TABLES, number, say


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text_with_the_same_placeholders(language: str) -> None:
    english, other = TABLES["en"], TABLES[language]

    assert set(other) == set(english)
    for key, text in english.items():
        assert placeholders(other[key]) == placeholders(text), key
        assert other[key].strip() == other[key], key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_title_has_a_text(language: str) -> None:
    keys = set(TABLES[language]) - {"decimal_sign"}
    stems = {key.rpartition(".")[0] for key in keys}

    assert keys == {f"{stem}.{part}" for stem in stems for part in ("title", "text")}
    assert all(len(TABLES[language][f"{stem}.title"]) <= 45 for stem in stems)


def test_no_language_is_a_copy_of_another() -> None:
    english, german = TABLES["en"], TABLES["de"]

    assert [key for key in english if english[key] == german[key]] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_clinical_is_said(language: str) -> None:
    words = " ".join(TABLES[language].values()).lower()

    for claim in (
        "syndrome",
        "disease",
        "pain",
        "damage",
        "diagnos",
        "schmerz",
        "krank",
        "schaden",
    ):
        assert claim not in words


def test_numbers_are_written_as_the_language_does() -> None:
    assert number("en", 2.5) == "2.5"
    assert number("de", 2.5) == "2,5"
    assert number("de", 60.0) == "60"
    assert "2,5" in say("de", "daily.text", upright=2.5, goal=4.0)


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("en", "stand.text")
