"""The log in a terminal: a picture of the day hour by hour, a table, a few sentences."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date

from posture.clock import US_PER_S
from posture.core.effects import Fate
from posture.journal.bouts import AWAY, SITTING, STANDING
from posture.journal.calendar import local
from posture.journal.day import Day
from posture.journal.days import Almanac
from posture.journal.drawing import fate_text
from posture.journal.judged import GOOD, UNJUDGED
from posture.journal.paper import (
    EMPTY_SLOT,
    GOOD_SLOT,
    SEATED_SLOT,
    STRAINED_SLOT,
    UNKNOWN_SLOT,
    UP_SLOT,
    Glyphs,
    Paper,
    aligned,
    two_lined,
)
from posture.journal.story import Story
from posture.journal.texts import Words
from posture.journal.tiles import Tile
from posture.journal.trends import FIGURES, compare

SLOTS_PER_HOUR = 30
_INDENT = " " * 6
_BETWEEN = " " * 3
_SLOT_US = 3600 // SLOTS_PER_HOUR * US_PER_S

_COLUMNS = (
    "day", "sitting", "longest", "breaks", "upright", "good", "near", "distance", "heeded",
)  # fmt: skip
# On narrow paper these go first.
_FIRST_LEFT_OUT = ("distance", "near", "breaks", "longest", "heeded")
_FIGURE_OF = {
    "sitting": "sitting_s",
    "longest": "longest_bout_s",
    "breaks": "breaks",
    "upright": "upright_s",
    "good": "good_share",
    "near": "near_share",
    "distance": "distance_cm",
}


def day_text(almanac: Almanac, story: Story, words: Words, paper: Paper) -> str:
    """One day."""
    day = almanac.days[-1]
    title = words.day(day.date)
    if day.began_us is None:
        said = [paper.wrapped(words.line(line)) for line in (*story.facts, *story.notes)]
        return (
            "\n".join([title, "", *said] if said else [words.say("log.empty_day", day=title)])
            + "\n"
        )
    tips = [paper.wrapped(words.line(line), "  ") for line in story.tips]
    blocks = [
        [title],
        _picture(day, words, paper),
        _against(almanac, words, paper),
        _reminders(day, words, paper),
        [paper.wrapped(words.line(line)) for line in story.notes],
        [words.say("log.tomorrow"), *tips] if tips else [],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _reminders(day: Day, words: Words, paper: Paper) -> list[str]:
    """Every reminder with its time and what became of it."""
    if not day.reminders:
        return []
    rows = []
    for told in day.reminders:
        clock = words.clock(told.reminder.at_us)
        line = f"{clock}  {told.reminder.title}: {fate_text(told, words)}"
        rows.append(paper.wrapped(line, "  ", " " * (len(clock) + 2)))
    return [words.say("log.head.reminders").capitalize(), *rows]


def span_text(almanac: Almanac, words: Words, paper: Paper, title: str) -> str:
    """Several days, one line each, and their mean; on narrow paper with fewer columns."""
    days = [day for day in almanac.days if day.began_us is not None]
    if not days:
        first, last = almanac.days[0].date, almanac.days[-1].date
        return words.say("log.empty_span", first=words.day(first), last=words.day(last)) + "\n"
    wide = aligned(_rows(days, words, _COLUMNS, paper.glyphs))
    if paper.fits(wide):
        return "\n".join([title, "", *wide]) + "\n"
    narrow = wide
    for left_out in range(len(_FIRST_LEFT_OUT) + 1):
        keys = [key for key in _COLUMNS if key not in _FIRST_LEFT_OUT[:left_out]]
        narrow = aligned(two_lined(_rows(days, words, keys)))
        if paper.fits(narrow):
            break
    return "\n".join([title, "", *narrow]) + "\n"


def _rows(
    days: Sequence[Day], words: Words, keys: Sequence[str], bars: Glyphs | None = None
) -> list[list[str]]:
    """Head, days and their mean; ``bars``: good posture also as a bar in these signs."""
    rows = [[words.say(f"log.head.{key}") for key in keys]]
    for day in days:
        figures = {name: figure(day) for name, figure in FIGURES.items()}
        heeded = sum(one.fate is Fate.HEEDED for one in day.reminders)
        cells = {
            "day": words.short_day(day.date),
            "heeded": f"{heeded}/{len(day.reminders)}" if day.reminders else "–",
            **_cells(figures, words, bars),
        }
        rows.append([cells[key] for key in keys])
    mean = compare(days)
    if mean.days > 1:
        cells = {"day": words.say("log.mean"), "heeded": "", **_cells(mean.means, words, bars)}
        rows.append([cells[key] for key in keys])
    return rows


def _cells(
    figures: Mapping[str, float | None], words: Words, bars: Glyphs | None
) -> dict[str, str]:
    cells = {key: _figure(name, figures[name], words) for key, name in _FIGURE_OF.items()}
    good = figures["good_share"]
    if bars is not None and good is not None:
        filled = round(good * 10)
        cells["good"] = f"{bars.bar * filled}{bars.bar_rest * (10 - filled)} {cells['good']}"
    return cells


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


def _against(almanac: Almanac, words: Words, paper: Paper) -> list[str]:
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
    table = aligned(rows)
    return table if paper.fits(table) else aligned(two_lined(rows))


def _picture(day: Day, words: Words, paper: Paper) -> list[str]:
    """One line per hour between the first and the last at the desk, a sign per two minutes."""
    first, last = day.began_us or 0, day.ended_us or 0
    lines = []
    used: set[int] = set()
    for hour in day.hours:
        if hour.ended_us <= first or hour.began_us >= last:
            continue
        slots = [_slot(day, moment) for moment in range(hour.began_us, hour.ended_us, _SLOT_US)]
        used |= set(slots)
        good = "" if hour.good_share is None else words.percent(hour.good_share)
        bar = "".join(paper.sign(slot) for slot in slots)
        pad = " " * (SLOTS_PER_HOUR - len(slots))
        name = f"{local(hour.began_us, words.zone):%H:%M}"
        lines.append(f"{name} {bar}{pad} {good:>5}".rstrip())
    return [*lines, *_legend(used, words, paper)]


def _legend(used: Container[int], words: Words, paper: Paper) -> list[str]:
    """What the signs used mean, in as many lines as it takes."""
    keys = (
        (GOOD_SLOT, "good"),
        (STRAINED_SLOT, "strained"),
        (SEATED_SLOT, "seated"),
        (UP_SLOT, "upright"),
        (UNKNOWN_SLOT, "unknown"),
    )
    lines: list[str] = []
    room = 0
    for slot, key in keys:
        if slot not in used:
            continue
        name = words.say(f"slot.{key}")
        # Colours take no room: the length is counted without them.
        needed = len(name) + 2 + len(_BETWEEN)
        if needed > room:
            lines.append(_INDENT)
            room = paper.width - len(_INDENT) + len(_BETWEEN)
        else:
            lines[-1] += _BETWEEN
        lines[-1] += f"{paper.sign(slot)} {name}"
        room -= needed
    return lines


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
