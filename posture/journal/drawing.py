"""What the charts of the report share. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from posture.core.effects import Fate
from posture.core.reading import Label
from posture.journal.day import Day
from posture.journal.distance import DISTANCE
from posture.journal.judged import GOOD, UNJUDGED
from posture.journal.rows import US_PER_HOUR, US_PER_MINUTE
from posture.journal.texts import Words
from posture.journal.tiles import Tile, join
from posture.journal.told import Told

# A glance away shorter than this leaves no slit in the drawing (chosen).
GLANCE_S = 90.0
# So many hours have room for their halves (chosen).
FEW_HOURS = 4

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a measure leaves good, as the monitor has it."""

    near_warn_cm: float = 50.0
    near_limit_cm: float = 40.0
    neck_warn_deg: float = 8.0
    neck_limit_deg: float = 12.0


@dataclass(frozen=True, slots=True)
class Table:
    """The same numbers for reading."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart. ``key`` names title and drawing; ``data`` None: not measured, say ``summary``."""

    key: str
    summary: str
    data: Json
    table: Table


def frame_us(day: Day) -> tuple[int, int]:
    """First and last moment to draw: whole hours around the time at the desk."""
    began = day.start_us if day.began_us is None else day.began_us
    ended = day.end_us if day.ended_us is None else day.ended_us
    first = max((hour.began_us for hour in day.hours if hour.began_us <= began), default=began)
    last = min((hour.ended_us for hour in day.hours if hour.ended_us >= ended), default=ended)
    return first, last


def minute_of(moment_us: int, day: Day) -> float:
    """Minutes since the day began, as they passed."""
    return round((moment_us - day.start_us) / US_PER_MINUTE, 2)


def hour_ticks(day: Day, began_us: int, ended_us: int, words: Words) -> Json:
    """Place and name of every full hour from *began_us* to *ended_us*, of a few also the halves."""
    edges = {edge for hour in day.hours for edge in (hour.began_us, hour.ended_us)}
    if ended_us - began_us <= FEW_HOURS * US_PER_HOUR:
        edges |= {edge + US_PER_HOUR // 2 for edge in edges}
    return [
        [minute_of(edge, day), words.clock(edge)]
        for edge in sorted(edges)
        if began_us <= edge <= ended_us
    ]


def capital(text: str) -> str:
    """*text* with a capital letter."""
    return text[:1].upper() + text[1:]


def measured(measure: str, value: float, words: Words, digits: int = 1) -> str:
    """A value with its unit."""
    unit = " cm" if measure.endswith("_cm") else "°" if measure.endswith("_deg") else ""
    return f"{words.number(value, digits)}{unit}"


def change(measure: str, value: float, words: Words) -> str:
    """How far a measure moved; a positive *value* is a step towards the neutral."""
    # Only of the distance is more better.
    sign = "+" if (value >= 0) == (measure == DISTANCE) else "−"
    return f"{words.name('measure', measure)} {sign}{measured(measure, abs(value), words)}"


def fate_text(told: Told, words: Words) -> str:
    """What became of a reminder, in words."""
    if told.fate is Fate.HEEDED and told.after_s is not None:
        if told.after_s < 1:
            return words.say("log.heeded_at_once")
        return words.say("log.heeded_after", after=words.length(told.after_s))
    fate = words.name("fate", told.fate or Fate.SHOWN)
    return f"{fate} ({words.name('why', told.why)})" if told.why else fate


def posture_kind(label: str) -> str | None:
    """Good, strained, or None where posture cannot be judged."""
    if label in GOOD:
        return "good"
    return None if label in UNJUDGED else "strained"


def without_glances(posture: Iterable[Tile]) -> list[Tile]:
    """For the eye: what was held before a short glance away goes on to its end."""
    tiles: list[Tile] = []
    for one in posture:
        last = tiles[-1] if tiles else None
        glance = one.value == Label.LOOKING_AWAY and one.seconds <= GLANCE_S
        if glance and last is not None and last.ended_us == one.began_us:
            tiles[-1] = replace(last, ended_us=one.ended_us)
        else:
            tiles.append(one)
    return join(tiles)
