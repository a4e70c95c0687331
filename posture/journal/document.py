"""The log as a document for programs: the JSON and CSV of ``posture log``. A contract.

Times are local with their offset; lengths are seconds, shares 0–1; null = not measured.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import tzinfo

from posture.journal.bouts import Bout, Break
from posture.journal.calendar import local
from posture.journal.day import Day
from posture.journal.days import Almanac
from posture.journal.hours import Hour
from posture.journal.told import Told
from posture.journal.trends import Comparison

FORMAT = 1

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

CSV_COLUMNS = (
    "date",
    "began",
    "ended",
    "sitting_s",
    "standing_s",
    "away_s",
    "unknown_s",
    "unwatched_s",
    "upright_s",
    "upright_goal_s",
    "bouts",
    "longest_bout_s",
    "breaks",
    "screen_s",
    "judged_s",
    "good_s",
    "good_share",
    "near_s",
    "near_share",
    "distance_cm",
    "look_aways_own",
    "look_aways_prompted",
    "reminders",
    "reminders_heeded",
    "demo",
)


def as_json(almanac: Almanac, zone: tzinfo) -> dict[str, Json]:
    """The whole document."""
    return {
        "log": FORMAT,
        "zone": str(zone),
        "days": [_day(day, zone) for day in almanac.days],
        "week_before": _comparison(almanac.week_before),
        "four_weeks_before": _comparison(almanac.four_weeks_before),
        "goal_streak_days": almanac.streak,
    }


def as_csv(almanac: Almanac, zone: tzinfo) -> str:
    """One line per day with :data:`CSV_COLUMNS`; an empty field = not measured."""
    text = io.StringIO()
    writer = csv.DictWriter(text, CSV_COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for day in almanac.days:
        writer.writerow(_flat(day, zone))
    return text.getvalue()


def _flat(day: Day, zone: tzinfo) -> Mapping[str, Json]:
    longest = day.longest_bout
    return {
        **_figures(day, zone),
        "bouts": len(day.bouts) if day.watched else None,
        "longest_bout_s": None if longest is None else _s(longest.sitting_s),
        "breaks": len(day.breaks) if day.watched else None,
        "reminders": len(day.reminders) if day.watched else None,
        "reminders_heeded": sum(one.fate == "heeded" for one in day.reminders)
        if day.watched
        else None,
    }


def _figures(day: Day, zone: tzinfo) -> dict[str, Json]:
    lengths: dict[str, Json] = {
        "sitting_s": _s(day.sitting_s),
        "standing_s": _s(day.standing_s),
        "away_s": _s(day.away_s),
        "unknown_s": _s(day.unknown_s),
        "unwatched_s": _s(day.unwatched_s),
        "upright_s": _s(day.upright_s),
        "judged_s": _s(day.judged_s),
        "good_s": _s(day.good_s),
        "screen_s": _s(day.screen_s),
        "look_aways_own": day.look_aways_own,
        "look_aways_prompted": day.look_aways_prompted,
    }
    return {
        "date": day.date.isoformat(),
        "began": _time(day.began_us, zone),
        "ended": _time(day.ended_us, zone),
        **(lengths if day.watched else dict.fromkeys(lengths)),
        "upright_goal_s": _s(day.upright_goal_s),
        "good_share": _share(day.good_share),
        "near_s": None if day.near_s is None else _s(day.near_s),
        "near_share": _share(day.near_share),
        "distance_cm": None if day.distance_cm is None else round(day.distance_cm, 1),
        "demo": day.demo,
    }


def _day(day: Day, zone: tzinfo) -> Json:
    return {
        **_figures(day, zone),
        "posture_s": {label: _s(seconds) for label, seconds in day.posture_s.items()},
        "unseen_s": {reason: _s(seconds) for reason, seconds in day.unseen_s.items()},
        "closed_s": {reason: _s(seconds) for reason, seconds in day.closed_s.items()},
        "rough_s": {reason: _s(seconds) for reason, seconds in day.rough_s.items()},
        "silence_s": {reason: _s(seconds) for reason, seconds in day.silence_s.items()},
        "camera_lost_s": {reason: _s(seconds) for reason, seconds in day.camera_lost_s.items()},
        "bouts": [_bout(one, zone) for one in day.bouts],
        "breaks": [_break(one, zone) for one in day.breaks],
        "hours": [_hour(one, zone) for one in day.hours if one.judged_s or one.sitting_s],
        "reminders": [_told(one, zone) for one in day.reminders],
        "other_zones": list(day.zones),
    }


def _bout(bout: Bout, zone: tzinfo) -> Json:
    return {
        "began": _time(bout.began_us, zone),
        "ended": _time(bout.ended_us, zone),
        "sitting_s": _s(bout.sitting_s),
    }


def _break(one: Break, zone: tzinfo) -> Json:
    return {
        "began": _time(one.began_us, zone),
        "ended": _time(one.ended_us, zone),
        "seconds": _s(one.seconds),
        "after_s": _s(one.after_s),
    }


def _hour(hour: Hour, zone: tzinfo) -> Json:
    return {
        "began": _time(hour.began_us, zone),
        "sitting_s": _s(hour.sitting_s),
        "upright_s": _s(hour.upright_s),
        "judged_s": _s(hour.judged_s),
        "good_share": _share(hour.good_share),
        "distance_cm": None if hour.distance_cm is None else round(hour.distance_cm, 1),
    }


def _told(told: Told, zone: tzinfo) -> Json:
    return {
        "at": _time(told.reminder.at_us, zone),
        "kind": str(told.reminder.kind),
        "title": told.reminder.title,
        "text": told.reminder.text,
        "began": _time(told.reminder.began_us, zone),
        "measures": dict(told.reminder.measures),
        "fate": None if told.fate is None else str(told.fate),
        "after_s": told.after_s,
        "why": told.why,
        "improvement": dict(told.improvement),
    }


def _comparison(comparison: Comparison) -> Json:
    means: dict[str, Json] = {
        name: None if value is None else round(value, 3) for name, value in comparison.means.items()
    }
    return {"days": comparison.days, **means}


def _time(moment_us: int | None, zone: tzinfo) -> str | None:
    return None if moment_us is None else local(moment_us, zone).isoformat(timespec="seconds")


def _s(seconds: float) -> float:
    return round(seconds, 1)


def _share(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
