"""Texts of the log and the report: one table per language, looked up by key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, tzinfo

from posture.journal.calendar import local
from posture.journal.texts import de, en

TABLES: Mapping[str, Mapping[str, str]] = {"en": en.TABLE, "de": de.TABLE}
LANGUAGES: tuple[str, ...] = tuple(TABLES)


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence, still without a language. ``values``: as :meth:`Words.say` takes them."""

    key: str
    values: Mapping[str, str | float]


@dataclass(frozen=True, slots=True)
class Words:
    """Speaks one language; clock times are of one time zone."""

    language: str
    zone: tzinfo

    def say(self, key: str, **values: str | float) -> str:
        """The text of *key* with *values* filled in; ``key.one``, ``key.none`` by ``n``.

        Raises KeyError for an unknown key or a missing value.
        """
        table = TABLES[self.language]
        number = {0: "none", 1: "one"}.get(values.get("n"))  # type: ignore[call-overload]
        if f"{key}.{number}" in table:
            key = f"{key}.{number}"
        filled = {
            name: value if isinstance(value, str) else self.number(value)
            for name, value in values.items()
        }
        return table[key].format_map(filled)

    def line(self, line: Line) -> str:
        """A sentence in this language."""
        values = {name: self._worded(name, value) for name, value in line.values.items()}
        return self.say(line.key, **values)

    def number(self, value: float, digits: int = 0) -> str:
        """*value* with the language's decimal sign and a true minus."""
        # Adding zero makes a rounded −0.0 a plain zero.
        text = f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")
        return text.replace(".", TABLES[self.language]["decimal_sign"])

    def length(self, seconds: float) -> str:
        """A length of time such as "1 h 25 min", "40 s"."""
        if 0 < round(seconds) < 60:
            return self.say("length.s", s=round(seconds))
        hours, minutes = divmod(round(seconds / 60), 60)
        if not hours:
            return self.say("length.m", m=minutes)
        key = "length.hm" if minutes else "length.h"
        return self.say(key, h=hours, m=minutes)

    def percent(self, part: float) -> str:
        """A share as a percentage."""
        return self.say("percent", p=part * 100)

    def clock(self, moment_us: int) -> str:
        """Local time such as "14:05"."""
        return local(moment_us, self.zone).strftime("%H:%M")

    def day(self, day: date) -> str:
        """A date such as "Friday, 20 November 2026"."""
        return self.say(
            "date.long",
            weekday=self.weekday(day.weekday()),
            day=day.day,
            month=self.say(f"month.{day.month}"),
            year=day.year,
        )

    def short_day(self, day: date) -> str:
        """A date such as "Fri 20 Nov"."""
        return self.say(
            "date.short",
            weekday=self.say(f"weekday.{day.weekday()}.short"),
            day=day.day,
            month=self.say(f"month.{day.month}.short"),
        )

    def weekday(self, number: int) -> str:
        """The name of a weekday, Monday = 0."""
        return self.say(f"weekday.{number}")

    def name(self, group: str, value: str) -> str:
        """The name of a value of a group ("label", "measure", …); the value itself if unknown."""
        text = TABLES[self.language].get(f"{group}.{value}")
        return value.replace("_", " ") if text is None else text

    def _worded(self, name: str, value: str | float) -> str | float:
        """Values carry their kind in the end of their name, as everywhere."""
        if isinstance(value, str):
            group, _, word = value.partition(":")
            return self.name(group, word) if word else value
        if name.endswith("_s"):
            return self.length(value)
        if name.endswith("_us"):
            return self.clock(int(value))
        if name.endswith("_share"):
            return self.percent(value)
        return value
