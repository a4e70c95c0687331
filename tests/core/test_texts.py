"""Texts: every language says the same things with the same numbers."""

from __future__ import annotations

import string

import pytest

from posture.core.texts import LANGUAGES, TABLES, WORDS, length, number, say, times, written


def placeholders(text: str) -> set[tuple[str, str | None]]:
    """Names of the numbers in *text*, each with how it is written."""
    return {(name, how) for _, name, how, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text_with_the_same_placeholders(language: str) -> None:
    english, other = TABLES["en"], TABLES[language]

    assert set(other) == set(english)
    for key, text in english.items():
        assert placeholders(other[key]) == placeholders(text), key
        assert other[key].strip() == other[key], key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_title_has_a_text(language: str) -> None:
    keys = set(TABLES[language])
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
    assert say("de", "daily_last.title", sat=2.5) == "Heute 2,5 Stunden gesessen"


@pytest.mark.parametrize(
    ("seconds", "english", "german"),
    [
        (1, "1 second", "1 Sekunde"),
        (20, "20 seconds", "20 Sekunden"),
        (89.4, "89 seconds", "89 Sekunden"),
        (90, "1 minute", "1 Minute"),
        (119.9, "1 minute", "1 Minute"),
        (1200, "20 minutes", "20 Minuten"),
        (5400, "90 minutes", "90 Minuten"),
        (5460, "1 hour 31 minutes", "1 Stunde 31 Minuten"),
        (7260, "2 hours 1 minute", "2 Stunden 1 Minute"),
        (7200, "2 hours", "2 Stunden"),
        (3600 * 10, "10 hours", "10 Stunden"),
    ],
)
def test_lengths_are_told_in_the_right_number(seconds: float, english: str, german: str) -> None:
    assert (length("en", seconds), length("de", seconds)) == (english, german)


@pytest.mark.parametrize(
    ("value", "english", "german"),
    [
        (0.0, "less than once", "weniger als einmal"),
        (0.9, "less than once", "weniger als einmal"),
        (1.2, "once", "einmal"),
        (1.5, "2 times", "2-mal"),
        (12.4, "12 times", "12-mal"),
    ],
)
def test_how_often_is_told_in_the_right_number(value: float, english: str, german: str) -> None:
    assert (times("en", value), times("de", value)) == (english, german)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_has_a_unit_that_must_agree_with_its_number(language: str) -> None:
    """A number that can be one is written out with its unit, never followed by a fixed plural."""
    plurals = {word.removeprefix("{n} ") for key, word in WORDS[language].items() if ".many" in key}
    for key, text in TABLES[language].items():
        for plural in plurals:
            assert f"}} {plural}" not in text, key


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("en", "stand.text")


def test_an_unknown_way_to_write_is_an_error() -> None:
    with pytest.raises(ValueError, match="weeks"):
        written("en", 1.0, "weeks")
