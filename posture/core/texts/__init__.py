"""Texts: the words of the reminders, one table per language, looked up by key.

A text names its numbers in braces. ``{size}`` is a bare number, ``{sat:length}`` a length of time
given in seconds, ``{sat:hours}`` one in hours, ``{size:times}`` how often: written out with their
unit in the right number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Formatter
from typing import Any

from posture.core.texts import de, en

TABLES: Mapping[str, Mapping[str, str]] = {"en": en.TABLE, "de": de.TABLE}
WORDS: Mapping[str, Mapping[str, str]] = {"en": en.WORDS, "de": de.WORDS}
LANGUAGES: tuple[str, ...] = tuple(TABLES)

NO_BREAK = "\N{NO-BREAK SPACE}"
_MEASURED = re.compile(r"(?<=\d) (?=(?:h|min|s|cm|%)(?!\w))")
# Up to these a length is told in the smaller unit only: "90 minutes", then "1 hour 35 minutes".
_SECONDS_BELOW = 90
_MINUTES_UP_TO = 90


def say(language: str, key: str, **values: str | float) -> str:
    """The text of *key* in *language* with *values* filled in.

    Whole numbers are written without a fraction, others with one digit and the language's own
    decimal sign. Raises KeyError for an unknown language, key or missing value.
    """
    return _Filler(language).vformat(TABLES[language][key], (), values)


def tied(text: str) -> str:
    """*text* with each number kept on the line of its unit."""
    return _MEASURED.sub(NO_BREAK, text)


def number(language: str, value: float) -> str:
    """*value* to a tenth, written as in *language*."""
    text = f"{value:.1f}".removesuffix(".0")
    return text.replace(".", WORDS[language]["decimal_sign"])


def length(language: str, seconds: float) -> str:
    """A length of time as people say it, whole units only: "1 minute", "2 hours 30 minutes"."""
    if seconds < _SECONDS_BELOW:
        return _counted(language, "second", round(seconds))
    minutes = int(seconds // 60)
    if minutes <= _MINUTES_UP_TO:
        return _counted(language, "minute", minutes)
    hours, rest = divmod(minutes, 60)
    parts = [_counted(language, "hour", hours)]
    return " ".join([*parts, _counted(language, "minute", rest)] if rest else parts)


def times(language: str, value: float) -> str:
    """How often: "once", "5 times"; below one "less than once"."""
    often = WORDS[language]
    if value < 1:
        return often["times.none"]
    whole = round(value)
    return often["times.one"] if whole == 1 else often["times.many"].format(n=whole)


def _counted(language: str, unit: str, n: float) -> str:
    form = "one" if n == 1 else "many"
    return WORDS[language][f"{unit}.{form}"].format(n=number(language, n))


def written(language: str, value: float, how: str) -> str:
    """*value* as a text asks for it: "" a number, "length", "hours" or "times"."""
    match how:
        case "":
            return number(language, value)
        case "length":
            return length(language, value)
        case "hours":
            return _counted(language, "hour", value)
        case "times":
            return times(language, value)
        case _:
            raise ValueError(f"no way to write {how!r}")


class _Filler(Formatter):
    """Fills a text in one language."""

    def __init__(self, language: str) -> None:
        self._language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        return value if isinstance(value, str) else written(self._language, value, format_spec)
