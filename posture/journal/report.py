"""The report: what the page about a day, a week or a month says and shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from posture import __version__
from posture.core.effects import Activity, Fate
from posture.journal.bouts import BREAK_MIN_S
from posture.journal.calendar import local
from posture.journal.charts_day import PASSING, bouts, measure_over_day, timeline
from posture.journal.charts_weeks import (
    GOOD_TREND,
    UPRIGHT_TREND,
    around_reminders,
    reminders_table,
    rows_of_days,
    trend,
    week_shape,
)
from posture.journal.day import Day, Goals
from posture.journal.days import FOUR_WEEKS, WEEK, days_of, first_needed
from posture.journal.drawing import Limits, frame_us
from posture.journal.page import Drawn, Figure, Page, Weeks, html, tied
from posture.journal.rows import SCORE, Records
from posture.journal.story import Story, tell
from posture.journal.texts import Words
from posture.journal.tiles import clip
from posture.journal.trends import FIGURES, Comparison, before, compare, effects_of, streak
from posture.journal.trends import week_shape as shape_of

# Loss of the neck's angle; below 5 deg it is noise (Gallego-Izquierdo 2020).
NECK_MEASURE = "forward_head_deg"
# What the page needs of every minute.
MEASURES = ("distance_cm", NECK_MEASURE, SCORE)
_DAY_LEGEND = (
    "good", "strained", "sitting", "standing", "away", "unknown", "near", "quiet", "heeded",
    "passed",
)  # fmt: skip
_DAYS_LEGEND = ("good", "strained", "standing", "away")
# The figures in large type, by the name of their text.
_LARGE = {
    "good_share": "good",
    "upright_s": "upright",
    "longest_bout_s": "longest",
    "distance_cm": "distance",
}
_BODY_FACTS = ("fact.sat", "fact.breaks", "fact.no_break", "fact.goal", "fact.streak")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page is about.

    ``records``: as :func:`posture.journal.days.read` finds them. ``now_us``: when the page
    is made. ``made_up``: the records are an example.
    """

    records: Records
    shown: Sequence[date]
    today: date
    now_us: int
    words: Words
    goals: Goals = field(default_factory=Goals)
    limits: Limits = field(default_factory=Limits)
    made_up: bool = False


def render(asked: Asked) -> str:
    """The page as HTML."""
    words = asked.words
    first, last = asked.shown[0], asked.shown[-1]
    days = days_of(asked.records, first_needed(asked.shown), last, words.zone, asked.goals)
    shown = [day for day in days if day.date >= first]
    page = _one_day(asked, shown[0], days) if first == last else _several(asked, shown, days)
    return html(page, words)


def _one_day(asked: Asked, day: Day, days: Sequence[Day]) -> Page:
    words = asked.words
    week_before = compare(before(day.date, days, WEEK))
    story = tell(
        day,
        week_before,
        asked.goals,
        streak=streak(days, today=asked.today),
        now_us=asked.now_us if day.date >= asked.today else None,
        zone_name=str(words.zone),
    )
    figures = {name: figure(day) for name, figure in FIGURES.items()}
    earlier = {
        "figure.week_before": week_before,
        "figure.four_weeks_before": compare(before(day.date, days, FOUR_WEEKS)),
    }
    at_desk = day.began_us is not None
    return Page(
        heading=words.day(day.date),
        when=_hours_at_desk(day, words),
        made_up=asked.made_up,
        paragraphs=_paragraphs(story, words),
        notes=[words.line(line) for line in story.notes],
        figures=_figures(figures, earlier, words) if day.counts else (),
        tips_title=words.say("page.tomorrow"),
        tips=[words.line(line) for line in story.tips],
        charts=_day_charts(asked, day) if at_desk else (),
        weeks=_weeks(asked, days),
        version=__version__,
        made_at=_made_at(asked),
    )


def _hours_at_desk(day: Day, words: Words) -> str:
    if day.began_us is None or day.ended_us is None:
        return ""
    return words.say(
        "page.at_desk",
        began=words.clock(day.began_us),
        ended=words.clock(day.ended_us),
        desk=words.length(day.desk_s),
    )


def _paragraphs(story: Story, words: Words) -> list[list[str]]:
    """Body first, then posture, eyes and reminders."""
    parts: tuple[list[str], list[str]] = ([], [])
    for line in story.facts:
        parts[not line.key.startswith(_BODY_FACTS)].append(words.line(line))
    return [part for part in parts if part]


def _day_charts(asked: Asked, day: Day) -> list[Drawn]:
    words, limits = asked.words, asked.limits
    minutes = [m for m in asked.records.minutes if day.start_us <= m.minute_us < day.end_us]
    distance = measure_over_day(
        "distance",
        "distance_cm",
        day,
        minutes,
        limits=(limits.near_warn_cm, limits.near_limit_cm),
        words=words,
    )
    neck = measure_over_day(
        "neck",
        NECK_MEASURE,
        day,
        minutes,
        limits=(limits.neck_warn_deg, limits.neck_limit_deg),
        words=words,
    )
    return [
        Drawn(timeline(day, words), _legend_of(day)),
        Drawn(bouts(day, asked.goals, words)),
        Drawn(distance),
        Drawn(neck),
    ]


def _legend_of(day: Day) -> list[str]:
    """Only what the drawing shows needs a key."""
    there = {
        "good": day.judged_s > 0,
        "strained": day.judged_s > day.good_s,
        "sitting": day.sitting_s > 0,
        "unknown": any(one.value == Activity.UNKNOWN for one in clip(day.activity, *frame_us(day))),
        "near": bool(day.near),
        "quiet": any(one.value not in PASSING for one in day.silence),
        "standing": day.standing_s > 0,
        "away": day.away_s > 0,
        "heeded": any(one.fate is Fate.HEEDED for one in day.reminders),
        "passed": any(one.fate is not Fate.HEEDED for one in day.reminders),
    }
    return [key for key in _DAY_LEGEND if there[key]]


def _several(asked: Asked, shown: Sequence[Day], days: Sequence[Day]) -> Page:
    words = asked.words
    there = [day for day in shown if day.began_us is not None]
    first, last = shown[0].date, shown[-1].date
    if len(shown) > WEEK:
        month = words.say(f"month.{first.month}")
        heading = words.say("log.month", month=month, year=first.year)
    else:
        heading = words.say("log.week", first=words.short_day(first), last=words.short_day(last))
    mean, earlier = compare(shown), compare(before(first, days, len(shown)))
    desk = words.length(sum(day.desk_s for day in there))
    return Page(
        heading=heading,
        when=words.say("page.days_at_desk", n=len(there), desk=desk) if there else "",
        made_up=asked.made_up,
        paragraphs=_span_paragraphs(shown, mean, earlier, words),
        figures=_figures(mean.means, {"figure.before": earlier}, words),
        tips_title=words.say("page.next_week"),
        tips=_span_tips(there, asked),
        charts=[Drawn(rows_of_days(shown, words, asked.today), _DAYS_LEGEND)] if there else (),
        weeks=_weeks(asked, days),
        version=__version__,
        made_at=_made_at(asked),
    )


def _span_paragraphs(
    shown: Sequence[Day], mean: Comparison, earlier: Comparison, words: Words
) -> list[list[str]]:
    counted = [day for day in shown if day.counts]
    if not counted:
        return []
    body = [
        words.say(
            "span.sitting",
            sitting=words.length(mean.means["sitting_s"] or 0),
            bout=words.length(mean.means["longest_bout_s"] or 0),
        ),
        words.say("span.goal", n=sum(day.goal_met for day in counted), of=len(counted)),
    ]
    shares = {day.date: day.good_share for day in counted if day.good_share is not None}
    good, usual = mean.means["good_share"], earlier.means["good_share"]
    posture = []
    if good is not None:
        key = "span.good" if usual is None else "span.good_compared"
        posture.append(words.say(key, good=words.percent(good), usual=words.percent(usual or 0)))
    if len(shares) > 1:
        best = max(shares, key=lambda day: shares[day])
        share = words.percent(shares[best])
        posture.append(words.say("span.best", day=words.day(best), good=share))
    return [part for part in (body, posture) if part]


def _span_tips(there: Sequence[Day], asked: Asked) -> list[str]:
    """The two things that came up on most of the days, if on more than one."""
    alone = compare([])
    keys = Counter(line.key for day in there for line in tell(day, alone, asked.goals).tips)
    often = [key for key, days in keys.most_common(2) if days > 1]
    return [asked.words.say(key.replace("tip.", "span_tip.")) for key in often]


def _figures(
    figures: Mapping[str, float | None], earlier: Mapping[str, Comparison], words: Words
) -> list[Figure]:
    """The large figures; ``earlier``: name of a text → what to compare with."""

    def said(name: str, value: float) -> str:
        if name.endswith("_share"):
            return words.percent(value)
        return words.length(value) if name.endswith("_s") else f"{words.number(value)} cm"

    large = []
    for name, text in _LARGE.items():
        value = figures[name]
        if value is None or (name == "longest_bout_s" and value < BREAK_MIN_S):
            continue
        was = [
            tied(words.say(key, value=said(name, usual)))
            for key, comparison in earlier.items()
            if (usual := comparison.means[name]) is not None
        ]
        large.append(Figure(words.say(f"figure.{text}"), said(name, value), was))
    return large


def _weeks(asked: Asked, days: Sequence[Day]) -> Weeks | None:
    """Shape, trends and effects over the four weeks up to the last day shown."""
    words, last = asked.words, asked.shown[-1]
    recent = [day for day in days if last - timedelta(days=FOUR_WEEKS) < day.date <= last]
    counted = sum(day.counts for day in recent)
    if not counted:
        return None
    told = [one for day in recent for one in day.reminders]
    effects = effects_of(told, asked.records.minutes)
    patterns = (Drawn(week_shape(shape_of(recent, words.zone), words)),)
    trends = (
        Drawn(trend(GOOD_TREND, recent, words)),
        Drawn(trend(UPRIGHT_TREND, recent, words, recent[-1].upright_goal_s / 3600)),
    )
    return Weeks(
        patterns=patterns if counted > 1 else (),
        trends=trends if counted > 1 else (),
        around=Drawn(around_reminders(effects, words)),
        reminders=reminders_table(effects, words),
    )


def _made_at(asked: Asked) -> str:
    return f"{local(asked.now_us, asked.words.zone):%Y-%m-%d %H:%M}"
