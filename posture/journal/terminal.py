"""The log in a terminal: a picture of the day hour by hour, a table, a few sentences."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from posture.clock import US_PER_S
from posture.core.effects import Fate
from posture.journal.calendar import local
from posture.journal.days import Almanac
from posture.journal.story import Story
from posture.journal.summary import AWAY, GOOD, SITTING, STANDING, UNJUDGED, Day
from posture.journal.texts import Words
from posture.journal.tiles import Tile
from posture.journal.trends import FIGURES, compare

SLOTS_PER_HOUR = 30
_SLOT_US = 3600 // SLOTS_PER_HOUR * US_PER_S

GOOD_SLOT, STRAINED_SLOT, SEATED_SLOT, UP_SLOT, UNKNOWN_SLOT, EMPTY_SLOT = range(6)

Style = Callable[[str, int], str]


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One sign per kind of slot, in the order of the slot constants."""

    signs: str
    bar: str
    bar_rest: str


RICH = Glyphs("█▒▓·? ", "█", "·")
PLAIN = Glyphs("#x=.? ", "#", ".")


def glyphs_for(encoding: str | None) -> Glyphs:
    """Block characters where the terminal can write them."""
    try:
        RICH.signs.encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return PLAIN
    return RICH


@dataclass(frozen=True, slots=True)
class Paper:
    """What the text is written on: which signs it takes, their colours, its width in columns."""

    glyphs: Glyphs
    style: Style
    width: int = 100

    def wrapped(self, text: str, indent: str = "") -> str:
        """*text* in lines that fit."""
        return textwrap.fill(text, self.width, initial_indent=indent, subsequent_indent=indent)


def day_text(almanac: Almanac, story: Story, words: Words, paper: Paper) -> str:
    """One day."""
    day = almanac.days[-1]
    title = words.day(day.date)
    if day.began_us is None:
        return f"{words.say('log.empty_day', day=title)}\n"
    tips = [paper.wrapped(words.line(line), "  ") for line in story.tips]
    blocks = [
        [title],
        _picture(day, words, paper.glyphs, paper.style),
        _against(almanac, words),
        _reminders(day, words),
        [paper.wrapped(words.line(line)) for line in story.notes],
        [words.say("log.tomorrow"), *tips] if tips else [],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _reminders(day: Day, words: Words) -> list[str]:
    """Every reminder with its time and what became of it."""
    if not day.reminders:
        return []
    rows = []
    for told in day.reminders:
        fate = words.name("fate", told.fate or Fate.SHOWN)
        if told.fate is Fate.HEEDED and told.after_s is not None:
            fate = words.say("log.heeded_after", after=words.length(told.after_s))
        elif told.why:
            fate = f"{fate} ({told.why})"
        rows.append(f"  {words.clock(told.reminder.at_us)}  {told.reminder.title}: {fate}")
    return [words.say("log.head.reminders").capitalize(), *rows]


def span_text(almanac: Almanac, words: Words, glyphs: Glyphs, title: str) -> str:
    """Several days, one line each, and their mean."""
    days = [day for day in almanac.days if day.began_us is not None]
    if not days:
        first, last = almanac.days[0].date, almanac.days[-1].date
        return words.say("log.empty_span", first=words.day(first), last=words.day(last)) + "\n"
    keys = ("day", "sitting", "longest", "breaks", "upright", "good", "near", "distance")
    head = [words.say(f"log.head.{key}") for key in (*keys, "reminders")]
    rows = [head, *(_row(day, words, glyphs) for day in days)]
    mean = compare(days)
    if mean.days > 1:
        rows.append([words.say("log.mean"), *_cells(mean.means, words, glyphs), ""])
    return "\n".join([title, "", *_columns(rows)]) + "\n"


def _row(day: Day, words: Words, glyphs: Glyphs) -> list[str]:
    figures = {name: figure(day) for name, figure in FIGURES.items()}
    heeded = sum(one.fate is Fate.HEEDED for one in day.reminders)
    reminders = f"{heeded}/{len(day.reminders)}" if day.reminders else "–"
    return [words.short_day(day.date), *_cells(figures, words, glyphs), reminders]


def _cells(figures: object, words: Words, glyphs: Glyphs) -> list[str]:
    values: dict[str, float | None] = dict(figures)  # type: ignore[call-overload]
    good = values["good_share"]
    bar = ""
    if good is not None:
        filled = round(good * 10)
        bar = glyphs.bar * filled + glyphs.bar_rest * (10 - filled) + " "
    return [
        *(_figure(name, values[name], words) for name in ("sitting_s", "longest_bout_s")),
        _figure("breaks", values["breaks"], words),
        _figure("upright_s", values["upright_s"], words),
        bar + _figure("good_share", good, words),
        _figure("near_share", values["near_share"], words),
        _figure("distance_cm", values["distance_cm"], words),
    ]


def _figure(name: str, value: float | None, words: Words) -> str:
    if value is None:
        return "–"
    if name.endswith("_s"):
        return words.length(value)
    if name.endswith("_share"):
        return words.percent(value)
    if name.endswith("_cm"):
        return f"{words.number(value)} cm"
    return words.number(value, 0 if float(value).is_integer() else 1)


def _against(almanac: Almanac, words: Words) -> list[str]:
    """The day's figures beside those of the days before."""
    day = almanac.days[-1]
    heads = ["", words.say("log.this_day")]
    columns = [{name: figure(day) for name, figure in FIGURES.items()}]
    for key, comparison in (
        ("log.week_before", almanac.week_before),
        ("log.four_weeks_before", almanac.four_weeks_before),
    ):
        if comparison.days:
            heads.append(words.say(key))
            columns.append(dict(comparison.means))
    rows = [heads]
    for name in FIGURES:
        cells = [_figure(name, column[name], words) for column in columns]
        rows.append([words.say(f"figure.{name}"), *cells])
    return _columns(rows)


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        first = row[0].ljust(widths[0])
        rest = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        lines.append("  ".join([first, *rest]).rstrip())
    return lines


def _picture(day: Day, words: Words, glyphs: Glyphs, style: Style) -> list[str]:
    """One line per hour between the first and the last at the desk, a sign per two minutes."""
    first, last = day.began_us or 0, day.ended_us or 0
    lines = []
    for hour in day.hours:
        if hour.ended_us <= first or hour.began_us >= last:
            continue
        slots = [_slot(day, moment) for moment in range(hour.began_us, hour.ended_us, _SLOT_US)]
        good = "" if hour.good_share is None else words.percent(hour.good_share)
        bar = "".join(style(glyphs.signs[slot], slot) for slot in slots)
        pad = " " * (SLOTS_PER_HOUR - len(slots))
        name = f"{local(hour.began_us, words.zone):%H:%M}"
        lines.append(f"{name} {bar}{pad} {good:>5}".rstrip())
    return [*lines, _legend(words, glyphs, style)]


def _legend(words: Words, glyphs: Glyphs, style: Style) -> str:
    keys = (
        (GOOD_SLOT, "good"),
        (STRAINED_SLOT, "strained"),
        (SEATED_SLOT, "seated"),
        (UP_SLOT, "upright"),
        (UNKNOWN_SLOT, "unknown"),
    )
    signs = (f"{style(glyphs.signs[slot], slot)} {words.say(f'slot.{key}')}" for slot, key in keys)
    return "      " + "   ".join(signs)


def _slot(day: Day, began_us: int) -> int:
    """What filled most of two minutes."""
    ended_us = began_us + _SLOT_US
    activity = _most(day.activity, began_us, ended_us)
    if activity in (STANDING, AWAY):
        return UP_SLOT
    if activity is None:
        return EMPTY_SLOT
    posture = _most(day.posture, began_us, ended_us)
    if posture in GOOD:
        return GOOD_SLOT
    if posture is not None and posture not in UNJUDGED:
        return STRAINED_SLOT
    return SEATED_SLOT if activity == SITTING else UNKNOWN_SLOT


def _most(tiles: Iterable[Tile], began_us: int, ended_us: int) -> str | None:
    lengths: dict[str, int] = {}
    for one in tiles:
        part = min(one.ended_us, ended_us) - max(one.began_us, began_us)
        if part > 0:
            lengths[one.value] = lengths.get(one.value, 0) + part
    return max(lengths, key=lambda value: lengths[value]) if lengths else None


def title_of(words: Words, shown: Sequence[date], *, month: bool) -> str:
    """The heading of several days."""
    if month:
        name = words.say(f"month.{shown[0].month}")
        return words.say("log.month", month=name, year=shown[0].year)
    return words.say("log.week", first=words.short_day(shown[0]), last=words.short_day(shown[-1]))
