"""The charts of one day. Pure.

Along the day x is minutes since local midnight, as they passed: on the days the clocks change a
minute is still a minute, and the labels say what the clock said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from posture.core.effects import Fate
from posture.core.silence import Silence
from posture.journal.day import Day, Goals
from posture.journal.drawing import (
    Chart,
    Json,
    Table,
    capital,
    change,
    fate_text,
    frame_us,
    hour_ticks,
    measured,
    minute_of,
    posture_kind,
    without_glances,
)
from posture.journal.judged import GOOD, UNJUDGED, share
from posture.journal.rows import US_PER_MINUTE, Minute
from posture.journal.texts import Words
from posture.journal.tiles import Tile, clip, total_s
from posture.journal.told import Told

# Points along the day: each the middle of so many minutes (chosen: calm, yet true to an hour).
BIN_MIN = 5
# Reasons to wait a moment, not to keep quiet.
PASSING = frozenset(
    {
        Silence.JUST_DELIVERED,
        Silence.HOURLY_LIMIT,
        Silence.NATURAL_PAUSE,
        Silence.LOW_CONFIDENCE,
        Silence.CAMERA_LOST,
    }
)
LANES = ("posture", "body", "eyes", "quiet")


def timeline(day: Day, words: Words) -> Chart:
    """The day: posture, body, eyes, silence, and the reminders with their fates."""
    began, ended = frame_us(day)
    bars = _bars(day, words)
    lanes: list[Json] = [
        {"key": lane, "name": words.say(f"lane.{lane}")}
        for lane in LANES
        if any(bar["lane"] == lane for bar in bars)
    ]
    data: Json = {
        "x": [minute_of(began, day), minute_of(ended, day)],
        "ticks": hour_ticks(day, began, ended, words),
        "lanes": lanes,
        "reminders": words.say("lane.reminders"),
        "bars": [*bars],
        "dots": [
            _dot(told, day, words)
            for told in day.reminders
            if began <= told.reminder.at_us <= ended
        ],
    }
    judged = day.good_share is not None
    summary = words.say(
        "chart.timeline.summary" if judged else "chart.timeline.unjudged",
        began=words.clock(day.began_us or 0),
        ended=words.clock(day.ended_us or 0),
        good=words.percent(day.good_share or 0),
        n=len(day.reminders),
    )
    return Chart("timeline", summary, data, _stretches(day, words))


def _bars(day: Day, words: Words) -> list[dict[str, Json]]:
    began, ended = frame_us(day)
    bars = []
    for one in clip(without_glances(day.posture), began, ended):
        kind = posture_kind(one.value)
        if kind is not None:
            bars.append(_bar("posture", kind, one, day, words, _posture_tip(one, words)))
    bars += [
        _bar("body", one.value, one, day, words, words.name("activity", one.value))
        for one in clip(day.activity, began, ended)
    ]
    near = words.say("chart.near")
    bars += [_bar("eyes", "near", one, day, words, near) for one in clip(day.near, began, ended)]
    bars += [
        _bar("quiet", "quiet", one, day, words, words.name("silence", one.value))
        for one in clip(day.silence, began, ended)
        if one.value not in PASSING
    ]
    return bars


def _posture_tip(tile: Tile, words: Words) -> str:
    name = words.name("label", tile.value)
    worst = words.name("measure", tile.worst) if tile.worst else name
    return name if worst == name else f"{name} ({worst})"


def _bar(lane: str, kind: str, tile: Tile, day: Day, words: Words, name: str) -> dict[str, Json]:
    when = f"{words.clock(tile.began_us)} – {words.clock(tile.ended_us)}"
    return {
        "lane": lane,
        "kind": kind,
        "x1": minute_of(tile.began_us, day),
        "x2": minute_of(tile.ended_us, day),
        "tip": f"{capital(name)}\n{when} · {words.length(tile.seconds)}",
    }


def _dot(told: Told, day: Day, words: Words) -> Json:
    reminder = told.reminder
    lines = [f"{words.clock(reminder.at_us)}  {reminder.title}", fate_text(told, words)]
    lines += [change(name, value, words) for name, value in told.improvement.items()]
    return {
        "x": minute_of(reminder.at_us, day),
        "kind": str(reminder.kind),
        "heeded": told.fate is Fate.HEEDED,
        "tip": "\n".join(lines),
    }


def _stretches(day: Day, words: Words) -> Table:
    rows = []
    for one in clip(day.activity, *frame_us(day)):
        judged = [
            part
            for part in clip(day.posture, one.began_us, one.ended_us)
            if part.value not in UNJUDGED
        ]
        good = share(total_s(judged, *GOOD), total_s(judged))
        rows.append(
            [
                words.clock(one.began_us),
                words.clock(one.ended_us),
                capital(words.name("activity", one.value)),
                words.length(one.seconds),
                "–" if good is None else words.percent(good),
            ]
        )
    head = [words.say(f"table.{key}") for key in ("from", "to", "what", "length", "good")]
    return Table(head, rows)


def measure_over_day(
    key: str,
    measure: str,
    day: Day,
    minutes: Iterable[Minute],
    *,
    limits: Sequence[float],
    words: Words,
) -> Chart:
    """Middle and spread (P10 to P90) of one measure along the day, and its limits."""
    minutes = [one for one in minutes if measure in one.measures]
    bins = _bins(measure, day, minutes)
    table = Table(
        [words.say("table.hour"), words.say("table.middle"), words.say("table.spread")],
        _by_hour(measure, day, minutes, words),
    )
    if not bins:
        return Chart(key, words.say("chart.not_measured"), None, table)
    began, ended = frame_us(day)
    points: list[Json] = [
        {"x": x, "mid": mid, "low": low, "high": high, "tip": tip}
        for x, mid, low, high, tip in _with_gaps(bins, measure, day, words)
    ]
    data: Json = {
        "x": [minute_of(began, day), minute_of(ended, day)],
        "ticks": hour_ticks(day, began, ended, words),
        "points": points,
        "limits": [{"y": limit, "name": _limit_name(measure, limit, words)} for limit in limits],
        "unit": "cm" if measure.endswith("_cm") else "°",
        "up_is_good": measure == "distance_cm",
    }
    middles = [one.mid for one in bins]
    summary = words.say(
        f"chart.{key}.summary",
        middle=measured(measure, median(middles), words, 0),
        low=measured(measure, min(middles), words, 0),
        high=measured(measure, max(middles), words, 0),
    )
    return Chart(key, summary, data, table)


def _limit_name(measure: str, limit: float, words: Words) -> str:
    return words.number(limit) + (" cm" if measure.endswith("_cm") else "°")


@dataclass(frozen=True, slots=True)
class _Bin:
    start_min: int
    mid: float
    low: float
    high: float


def _bins(measure: str, day: Day, minutes: Iterable[Minute]) -> list[_Bin]:
    found: dict[int, list[Minute]] = {}
    for one in minutes:
        if measure in one.measures and day.start_us <= one.minute_us < day.end_us:
            place = (one.minute_us - day.start_us) // US_PER_MINUTE
            found.setdefault(place - place % BIN_MIN, []).append(one)
    return [
        _Bin(
            start,
            median(one.measures[measure].median for one in found[start]),
            median(one.measures[measure].p10 for one in found[start]),
            median(one.measures[measure].p90 for one in found[start]),
        )
        for start in sorted(found)
    ]


def _with_gaps(
    bins: Sequence[_Bin], measure: str, day: Day, words: Words
) -> Iterable[tuple[float, float | None, float | None, float | None, str]]:
    """The points, with an empty one wherever nothing was measured: the line must break."""
    last: int | None = None
    for one in bins:
        if last is not None and one.start_min - last > BIN_MIN:
            yield (last + BIN_MIN, None, None, None, "")
        last = one.start_min
        moment = words.clock(day.start_us + one.start_min * US_PER_MINUTE)
        tip = f"{moment}\n{measured(measure, one.mid, words)}"
        middle = one.start_min + BIN_MIN / 2
        yield (middle, round(one.mid, 1), round(one.low, 1), round(one.high, 1), tip)


def _by_hour(measure: str, day: Day, minutes: Iterable[Minute], words: Words) -> list[list[str]]:
    rows = []
    for hour in day.hours:
        found = [
            one.measures[measure]
            for one in minutes
            if hour.began_us <= one.minute_us < hour.ended_us
        ]
        if found:
            low = measured(measure, median(one.p10 for one in found), words)
            high = measured(measure, median(one.p90 for one in found), words)
            middle = measured(measure, median(one.median for one in found), words)
            rows.append([words.clock(hour.began_us), middle, f"{low} – {high}"])
    return rows


def bouts(day: Day, goals: Goals, words: Words) -> Chart:
    """How long each sitting lasted, where it lay in the day."""
    began, ended = frame_us(day)
    data: Json = {
        "x": [minute_of(began, day), minute_of(ended, day)],
        "ticks": hour_ticks(day, began, ended, words),
        "unit": words.say("chart.min"),
        "goal": goals.bout_s / 60,
        "goal_name": words.length(goals.bout_s),
        "bouts": [
            {
                "x1": minute_of(one.began_us, day),
                "x2": minute_of(one.ended_us, day),
                "minutes": round(one.sitting_s / 60, 1),
                "over": one.sitting_s > goals.bout_s,
                "tip": f"{words.clock(one.began_us)} – {words.clock(one.ended_us)}\n"
                f"{words.length(one.sitting_s)}",
            }
            for one in day.bouts
        ],
    }
    rows = [
        [words.clock(one.began_us), words.clock(one.ended_us), words.length(one.sitting_s)]
        for one in day.bouts
    ]
    longest = day.longest_bout
    summary = words.say(
        "chart.bouts.summary",
        n=len(day.bouts),
        over=sum(one.sitting_s > goals.bout_s for one in day.bouts),
        goal=words.length(goals.bout_s),
        longest=words.length(longest.sitting_s if longest else 0),
    )
    head = [words.say(f"table.{key}") for key in ("from", "to", "sitting")]
    return Chart("bouts", summary, data if day.bouts else None, Table(head, rows))
