"""The charts of several days. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil, floor
from statistics import fmean

from posture.core.effects import ReminderKind
from posture.journal.bouts import AWAY, STANDING
from posture.journal.calendar import local
from posture.journal.day import Day
from posture.journal.days import WEEK
from posture.journal.drawing import (
    Chart,
    Json,
    Table,
    capital,
    change,
    frame_us,
    posture_kind,
    without_glances,
)
from posture.journal.rows import US_PER_MINUTE
from posture.journal.texts import Words
from posture.journal.tiles import clip, join
from posture.journal.trends import AFTER_MIN, BEFORE_MIN, Cell, Effect

# An hour of the week is shown, and is named best or hardest, when this much was judged (chosen).
CELL_JUDGED_S = 300.0
NAMED_JUDGED_S = 1800.0


def rows_of_days(days: Sequence[Day], words: Words, today: date) -> Chart:
    """One line per day: good, strained, on the feet, away. Days after *today* are not counted."""
    shown = [day for day in days if day.began_us is not None]
    # A week shows its days off; a month only the days there were.
    lines = [day for day in days if len(days) <= WEEK or day in shown]
    frames = [frame_us(day) for day in shown]
    first = min((_clock_minute(began, words) for began, _ in frames), default=0.0)
    last = max(
        (_clock_minute(began, words) + (ended - began) / US_PER_MINUTE for began, ended in frames),
        default=0.0,
    )
    hours = range(ceil(first / 60), floor(last / 60) + 1)
    data: Json = {
        "x": [first, last],
        "ticks": [[hour * 60, f"{hour % 24:02}:00"] for hour in hours],
        "days": [{"key": day.date.isoformat(), "name": words.short_day(day.date)} for day in lines],
        "bars": [bar for day in shown for bar in _day_bars(day, words)],
    }
    summary = words.say(
        "chart.days.summary", n=len(shown), of=sum(day.date <= today for day in days)
    )
    return Chart("days", summary, data if shown else None, days_table(shown, words))


def _day_bars(day: Day, words: Words) -> list[Json]:
    name = words.short_day(day.date)
    began, ended = frame_us(day)
    judged = [
        replace(one, value=kind, reason=None, worst=None)
        for one in without_glances(day.posture)
        if (kind := posture_kind(one.value)) is not None
    ]
    up = [one for one in day.activity if one.value in (STANDING, AWAY)]
    bars: list[Json] = []
    for one in clip(join(judged) + up, began, ended):
        when = f"{words.clock(one.began_us)} – {words.clock(one.ended_us)}"
        start = _clock_minute(one.began_us, words)
        bars.append(
            {
                "day": day.date.isoformat(),
                "kind": one.value,
                "x1": start,
                "x2": round(start + one.seconds / 60, 2),
                "tip": f"{name}, {when}\n{capital(words.say(f'legend.{one.value}'))}",
            }
        )
    return bars


def _clock_minute(moment_us: int, words: Words) -> float:
    """Minutes after midnight by the clock, so that days of any length line up."""
    now = local(moment_us, words.zone)
    return round(now.hour * 60 + now.minute + now.second / 60 + now.microsecond / 6e7, 2)


def days_table(days: Iterable[Day], words: Words) -> Table:
    """One row of figures per day."""
    keys = ("day", "sitting", "longest", "breaks", "upright", "good", "near", "distance")
    rows = []
    for day in days:
        longest = day.longest_bout
        rows.append(
            [
                words.short_day(day.date),
                words.length(day.sitting_s),
                "–" if longest is None else words.length(longest.sitting_s),
                words.number(len(day.breaks)),
                words.length(day.upright_s),
                "–" if day.good_share is None else words.percent(day.good_share),
                "–" if day.near_s is None else words.length(day.near_s),
                "–" if day.distance_cm is None else f"{words.number(day.distance_cm)} cm",
            ]
        )
    return Table([capital(words.say(f"log.head.{key}")) for key in keys], rows)


def week_shape(cells: Sequence[Cell], words: Words) -> Chart:
    """Hour × weekday: the share of good posture."""
    judged = [
        cell for cell in cells if cell.judged_s >= CELL_JUDGED_S and cell.good_share is not None
    ]
    hours = sorted({cell.hour for cell in judged})
    weekdays = [day for day in range(7) if day < 5 or any(cell.weekday == day for cell in judged)]
    at = {(cell.weekday, cell.hour): cell for cell in judged}
    data: Json = None
    if judged:
        data = {
            "hours": list(range(hours[0], hours[-1] + 1)),
            "weekdays": [words.say(f"weekday.{day}.short") for day in weekdays],
            "cells": [_cell(cell, words) for cell in judged],
        }
    head = [words.say("table.hour"), *(words.weekday(day) for day in weekdays)]
    rows = [
        [f"{hour:02}:00", *(_cell_text(at.get((day, hour)), words) for day in weekdays)]
        for hour in hours
    ]
    summary = words.say("chart.not_measured")
    if judged:
        solid = [cell for cell in judged if cell.judged_s >= NAMED_JUDGED_S] or judged
        best = max(solid, key=lambda cell: cell.good_share or 0)
        worst = min(solid, key=lambda cell: cell.good_share or 0)
        summary = words.say(
            "chart.week_shape.summary", best=_cell_name(best, words), worst=_cell_name(worst, words)
        )
    return Chart("week_shape", summary, data, Table(head, rows))


def _cell(cell: Cell, words: Words) -> Json:
    return {
        "weekday": words.say(f"weekday.{cell.weekday}.short"),
        "hour": cell.hour,
        "share": round(cell.good_share or 0, 3),
        "text": words.percent(cell.good_share or 0),
        "tip": f"{_cell_name(cell, words)}\n{_cell_text(cell, words)} · "
        + words.say("chart.of_days", n=cell.days),
    }


def _cell_text(cell: Cell | None, words: Words) -> str:
    if cell is None or cell.good_share is None:
        return "–"
    return words.percent(cell.good_share)


def _cell_name(cell: Cell, words: Words) -> str:
    return f"{words.weekday(cell.weekday)} {cell.hour:02}:00"


@dataclass(frozen=True, slots=True)
class Trend:
    """A figure per day: its name, how to take it from a day and how to say it.

    ``axis``: how numbers stand on the axis, "#" for the number.
    """

    key: str
    figure: Callable[[Day], float | None]
    said: Callable[[Words, float], str]
    axis: Callable[[Words], str]


GOOD_TREND = Trend(
    "good",
    lambda day: day.good_share,
    lambda words, share: words.percent(share),
    lambda words: words.say("percent", p="#"),
)
UPRIGHT_TREND = Trend(
    "upright",
    lambda day: day.upright_s / 3600,
    lambda words, hours: words.length(hours * 3600),
    lambda words: words.say("length.h", h="#"),
)


def trend(of: Trend, days: Sequence[Day], words: Words, goal: float | None = None) -> Chart:
    """One figure over the weeks, its mean over seven days, and a goal in the figure's unit."""
    values = {
        day.date: value for day in days if day.counts and (value := of.figure(day)) is not None
    }
    points: list[Json] = []
    rows = []
    for day, value in values.items():
        week = [v for other, v in values.items() if day - timedelta(days=WEEK) < other <= day]
        name, text = words.short_day(day), of.said(words, value)
        rows.append([name, text])
        points.append(
            {
                "date": day.isoformat(),
                "value": round(value, 4),
                "mean": round(fmean(week), 4),
                "tip": f"{name}\n{text}",
            }
        )
    data: Json = {
        "points": points,
        "axis": of.axis(words),
        "goal": goal,
        "goal_name": "" if goal is None else of.said(words, goal),
        "ticks": [[day.isoformat(), _day_month(day, words)] for day in _first_of_weeks(values)],
    }
    head = [capital(words.say("log.head.day")), capital(words.say(f"log.head.{of.key}"))]
    summary = _trend_summary(of, list(values.values()), words)
    enough = len(values) > 1
    return Chart(f"trend_{of.key}", summary, data if enough else None, Table(head, rows))


def _trend_summary(of: Trend, values: Sequence[float], words: Words) -> str:
    if len(values) < 2:
        return words.say("chart.too_few_days")
    half = len(values) // 2
    return words.say(
        f"chart.trend_{of.key}.summary",
        earlier=of.said(words, fmean(values[:half])),
        recent=of.said(words, fmean(values[half:])),
    )


def _first_of_weeks(days: Iterable[date]) -> list[date]:
    """The first of *days* in each week."""
    firsts: dict[tuple[int, int], date] = {}
    for day in days:
        year, week, _ = day.isocalendar()
        firsts.setdefault((year, week), day)
    return list(firsts.values())


def _day_month(day: date, words: Words) -> str:
    return words.say("date.day_month", day=day.day, month=words.say(f"month.{day.month}.short"))


def around_reminders(effects: Sequence[Effect], words: Words) -> Chart:
    """The posture score in the minutes before and after posture reminders."""
    chosen = next((one for one in effects if one.kind is ReminderKind.POSTURE and one.steps), None)
    head = [words.say("table.minute"), words.say("table.score"), words.say("table.reminders")]
    if chosen is None:
        return Chart("around", words.say("chart.no_reminders"), None, Table(head, []))
    before = [step.score for step in chosen.steps if -3 <= step.offset_min < 0]
    after = [step.score for step in chosen.steps if 0 < step.offset_min <= 5]
    data: Json = {
        "x": [-BEFORE_MIN, AFTER_MIN],
        "zero": words.say("chart.reminder"),
        "unit": words.say("chart.minutes"),
        "steps": [
            {
                "x": step.offset_min,
                "score": round(step.score, 1),
                "tip": f"{_signed(step.offset_min, words)} min\n{words.number(step.score)}",
            }
            for step in chosen.steps
        ],
    }
    rows = [
        [_signed(step.offset_min, words), words.number(step.score), words.number(step.n)]
        for step in chosen.steps
    ]
    summary = words.say("chart.no_reminders")
    if before and after:
        summary = words.say(
            "chart.around.summary", before=fmean(before), after=fmean(after), n=chosen.told
        )
    return Chart("around", summary, data, Table(head, rows))


def _signed(number: int, words: Words) -> str:
    return f"+{number}" if number > 0 else words.number(number)


def reminders_table(effects: Sequence[Effect], words: Words) -> Table:
    """Kind by kind: how many, how many heeded, how soon, what changed."""
    keys = ("kind", "told", "heeded", "after", "changed")
    rows = []
    for one in effects:
        won = list(one.improvement.items())[:2]
        rows.append(
            [
                capital(words.name("reminder", one.kind)),
                words.number(one.told),
                "–" if one.heeded_share is None else words.percent(one.heeded_share),
                "–" if one.after_s is None else words.length(one.after_s),
                ", ".join(change(name, value, words) for name, value in won) or "–",
            ]
        )
    return Table([words.say(f"table.{key}") for key in keys], rows)
