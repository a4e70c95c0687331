"""Every sentence of tray, menu and notification by its name, one table per language.

The language is the program's, chosen once at its start (:func:`speak`); English until then.
"""

from __future__ import annotations

from collections.abc import Mapping

from posture.desktop.words import de, en, windows_de, windows_en

TABLES: Mapping[str, Mapping[str, str]] = {
    "en": en.TABLE | windows_en.TABLE,
    "de": de.TABLE | windows_de.TABLE,
}

_spoken: Mapping[str, str] = TABLES["en"]


def speak(language: str) -> None:
    """Say everything in *language* from now on. Raises KeyError for one there is no table of."""
    global _spoken  # noqa: PLW0603 - one program, one language
    _spoken = TABLES[language]


def say(name: str, **values: object) -> str:
    """The sentence called *name* with *values* put in. Raises KeyError for an unknown name."""
    return _spoken[name].format(**values)


def say_or(name: str, otherwise: str) -> str:
    """The sentence called *name*, or *otherwise* if there is none."""
    return _spoken.get(name, otherwise)


def duration(seconds: float) -> str:
    """A length of time as people say it: whole minutes, hours from 60 minutes on."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return say("time.less_than_a_minute")
    hours, rest = divmod(minutes, 60)
    if not hours:
        return say("time.minutes", minutes=minutes)
    if not rest:
        return say("time.hours", hours=hours)
    return say("time.hours_minutes", hours=hours, minutes=rest)


def exact_duration(seconds: float) -> str:
    """A length of time somebody asked for: to the second where it is no whole minutes."""
    return duration(seconds) if seconds % 60 == 0 else say("line.seconds", n=f"{seconds:g}")


def decimal(value: float, digits: int) -> str:
    """*value* with so many *digits* behind the language's own decimal sign."""
    return f"{value:.{digits}f}".replace(".", say("number.sign"))
