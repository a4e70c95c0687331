"""Texts: the words of the reminders, one table per language, looked up by key."""

from __future__ import annotations

from collections.abc import Mapping

from posture.core.texts import de, en

TABLES: Mapping[str, Mapping[str, str]] = {"en": en.TABLE, "de": de.TABLE}
LANGUAGES: tuple[str, ...] = tuple(TABLES)


def say(language: str, key: str, **values: str | float) -> str:
    """The text of *key* in *language* with *values* filled in.

    Whole numbers are written without a fraction, others with one digit and the language's own
    decimal sign. Raises KeyError for an unknown language, key or missing value.
    """
    filled = {
        name: value if isinstance(value, str) else number(language, value)
        for name, value in values.items()
    }
    return TABLES[language][key].format_map(filled)


def number(language: str, value: float) -> str:
    """*value* to a tenth, written as in *language*."""
    text = f"{value:.1f}".removesuffix(".0")
    return text.replace(".", TABLES[language]["decimal_sign"])
