"""Plain sentences about a day: what was, what could not be told, what to try tomorrow. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from posture.core.effects import Fate
from posture.core.reading import Label, Presence
from posture.core.silence import Silence
from posture.journal.bouts import AWAY, BREAK_MIN_S
from posture.journal.day import Day, Goals
from posture.journal.hours import Hour
from posture.journal.texts import Line
from posture.journal.tiles import total_s
from posture.journal.trends import Comparison

# A difference smaller than this many percentage points is none (chosen).
SAME_POINTS = 2
# Hours as good as one another are neither best nor hardest; one this much worse than the day, as
# a share, is worth a tip (chosen).
SAME_HOURS = 0.05
HARD_HOUR = 0.1
# Unknown or unwatched for longer than this is worth a word (chosen).
NOTEWORTHY_S = 300.0
SHORT_S = 60.0
# A share of near work, a strain of this length, are worth a tip (chosen).
NEAR_SHARE = 0.1
STRAIN_S = 1200.0
# Look-aways per hour of sitting; 20-20-20 would be three (chosen).
LOOKS_PER_H = 1.0
TIPS = 3

_SIDEWAYS = (
    Label.LEANING_LEFT,
    Label.LEANING_RIGHT,
    Label.HEAD_TILT_LEFT,
    Label.HEAD_TILT_RIGHT,
    Label.UNEVEN_SHOULDERS,
)
_STRAINS: tuple[tuple[str, tuple[Label, ...]], ...] = (
    ("tip.slouch", (Label.SLOUCH,)),
    ("tip.forward_head", (Label.FORWARD_HEAD,)),
    ("tip.head_down", (Label.HEAD_DOWN,)),
    ("tip.leaning_forward", (Label.LEANING_FORWARD,)),
    ("tip.sideways", _SIDEWAYS),
)


@dataclass(frozen=True, slots=True)
class Story:
    """Sentences about a day, the most telling ones first."""

    facts: tuple[Line, ...]
    notes: tuple[Line, ...]
    tips: tuple[Line, ...]


def tell(
    day: Day,
    week_before: Comparison,
    goals: Goals,
    *,
    streak: int = 0,
    now_us: int | None = None,
    zone_name: str = "",
) -> Story:
    """The story of *day*. ``now_us``: set when the day is not over yet."""
    if day.began_us is None:
        return _nobody(day)
    if day.demo:
        # Its clock is not that of the day it is shown on.
        now_us = None
    facts = [
        *_sitting(day),
        *_upright(day, streak, now_us is not None),
        *_posture(day, week_before),
        *_eyes(day, goals),
        *_reminders(day),
    ]
    return Story(tuple(facts), tuple(_notes(day, now_us, zone_name)), tuple(_tips(day, goals)))


def _nobody(day: Day) -> Story:
    """The story of a day on which nobody was seen at the desk."""
    watched = Line("fact.nobody", {"watched_s": total_s(day.activity, AWAY)})
    facts = (watched,) if day.watched else ()
    return Story(facts, tuple(_unseen(day)), ())


def _unseen(day: Day) -> list[Line]:
    """What the camera could not tell, and why."""
    notes = []
    blind_s = day.unknown_s - sum(day.closed_s.values())
    if blind_s >= NOTEWORTHY_S:
        notes.append(Line("note.unknown", {"unknown_s": blind_s}))
    before_s, after_s = day.unseen_before_s, day.unseen_after_s
    if before_s + after_s >= NOTEWORTHY_S:
        key = "note.unseen_outside"
        if day.began_us is None:
            key = "note.unseen_day"
        elif before_s < SHORT_S:
            key = "note.unseen_after"
        elif after_s < SHORT_S:
            key = "note.unseen_before"
        notes.append(Line(key, {"unseen_s": before_s + after_s}))
    reason = next(iter(day.unseen_s), str(Presence.UNKNOWN))
    if notes and reason != Presence.UNKNOWN:
        notes.append(Line("note.unseen_why", {"reason": f"unseen:{reason.replace(' ', '_')}"}))
    return notes


def _sitting(day: Day) -> list[Line]:
    longest = day.longest_bout
    if longest is None or (day.sitting_s < BREAK_MIN_S and day.standing_s >= BREAK_MIN_S):
        return []
    lines = [
        Line(
            "fact.sat",
            {
                "sitting_s": day.sitting_s,
                "n": len(day.bouts),
                "bout_s": longest.sitting_s,
                "began_us": longest.began_us,
            },
        )
    ]
    if day.breaks:
        lines.append(
            Line(
                "fact.breaks",
                {
                    "n": len(day.breaks),
                    "mean_s": fmean(one.seconds for one in day.breaks),
                    "after_s": fmean(one.after_s for one in day.breaks),
                },
            )
        )
    elif day.counts:
        hidden = day.unknown_s + day.unwatched_s >= NOTEWORTHY_S
        lines.append(Line("fact.no_break_seen" if hidden else "fact.no_break", {}))
    return lines


def _upright(day: Day, streak: int, unfinished: bool) -> list[Line]:
    if not day.counts:
        return []
    left_s = day.upright_goal_s - day.upright_s
    key = "fact.goal_met" if day.goal_met else "fact.goal_short"
    if unfinished and not day.goal_met:
        key = "fact.goal_short_today"
    values = {"upright_s": day.upright_s, "goal_s": day.upright_goal_s, "left_s": left_s}
    lines = [Line(key, values)]
    if day.goal_met and streak > 1:
        lines.append(Line("fact.streak", {"n": streak}))
    return lines


def _posture(day: Day, week_before: Comparison) -> list[Line]:
    good = day.good_share
    if good is None:
        return []
    lines = []
    usual = week_before.means.get("good_share")
    if usual is None:
        lines.append(Line("fact.good", {"good_share": good}))
    else:
        points = round(good * 100) - round(usual * 100)
        key = "fact.good_better" if points > 0 else "fact.good_worse"
        if abs(points) < SAME_POINTS:
            key = "fact.good_same"
        lines.append(Line(key, {"good_share": good, "points": abs(points)}))
    best, worst = day.best_hour, day.worst_hour
    if (
        best
        and worst
        and best.good_share is not None
        and worst.good_share is not None
        and best.good_share - worst.good_share >= SAME_HOURS
    ):
        lines.append(
            Line(
                "fact.hours",
                {
                    "best_us": best.began_us,
                    "best_share": best.good_share,
                    "worst_us": worst.began_us,
                    "worst_share": worst.good_share,
                },
            )
        )
    return lines


def _eyes(day: Day, goals: Goals) -> list[Line]:
    lines = []
    if day.distance_cm is not None and day.near_s is not None:
        key = "fact.distance_near" if day.near_s >= 60 else "fact.distance"
        values = {"cm": day.distance_cm, "near_s": day.near_s, "goal_cm": goals.near_cm}
        lines.append(Line(key, values))
    if day.look_aways_own or day.look_aways_prompted:
        lines.append(
            Line(
                "fact.look_aways",
                {"n": day.look_aways_own, "prompted": day.look_aways_prompted},
            )
        )
    return lines


def _reminders(day: Day) -> list[Line]:
    """Of those that could be seen and were not cut short, such as by a covered camera."""
    settled = [
        one
        for one in day.reminders
        if one.fate is Fate.HEEDED or (one.fate not in (None, Fate.UNDELIVERED) and one.why is None)
    ]
    heeded = sum(one.fate is Fate.HEEDED for one in settled)
    if not settled:
        return []
    key = "fact.heeded" if len(settled) > 1 else "fact.heeded_only"
    return [Line(key, {"n": heeded, "of": len(settled)})]


# Of the first two other notes speak already; in the others nobody is there to be told.
_TOLD = (Silence.CAMERA_LOST, Silence.LOW_CONFIDENCE, Silence.LOCKED, Silence.ASLEEP)


def _silent(day: Day) -> list[Line]:
    """Why no reminder could come, where that was so for long."""
    told = {*_TOLD, *list(day.closed_s)[:1]}
    return [
        Line("note.silent", {"silent_s": seconds, "reason": f"silence:{reason}"})
        for reason, seconds in day.silence_s.items()
        if seconds >= NOTEWORTHY_S and reason not in told
    ]


def _notes(day: Day, now_us: int | None, zone_name: str) -> list[Line]:
    notes = []
    if now_us is not None:
        notes.append(Line("note.today", {"now_us": now_us}))
    elif not day.counts and not day.demo:
        notes.append(Line("note.short", {}))
    notes += _rough(day)
    if sum(day.closed_s.values()) >= NOTEWORTHY_S:
        reason = next(iter(day.closed_s))
        closed_s = sum(day.closed_s.values())
        notes.append(Line("note.closed", {"closed_s": closed_s, "reason": f"silence:{reason}"}))
    notes += _unseen(day)
    notes += _silent(day)
    if day.unwatched_s >= NOTEWORTHY_S:
        notes.append(Line("note.unwatched", {"unwatched_s": day.unwatched_s}))
    lost_s = sum(day.camera_lost_s.values())
    # What the camera could not tell for most of the time may be just this.
    most_s = next(iter(day.unseen_s.values()), 0.0)
    if lost_s >= NOTEWORTHY_S and abs(most_s - lost_s) >= NOTEWORTHY_S:
        notes.append(Line("note.camera", {"lost_s": lost_s}))
    if day.zones:
        notes.append(Line("note.zone", {"zone": ", ".join(day.zones), "here": zone_name}))
    if day.demo:
        notes.append(Line("note.demo_run", {}))
    return notes


def _tips(day: Day, goals: Goals) -> list[Line]:
    """What would help most comes first; praise when there is nothing to better."""
    rough = bool(_rough(day)) and day.rough_still
    tips = [Line("tip.calibrate", {})] if rough else []
    if not day.counts:
        return tips
    longest = day.longest_bout
    if longest and longest.sitting_s > goals.bout_s:
        tips.append(Line("tip.stand", {"bout_s": longest.sitting_s}))
    if day.near_share is not None and day.near_share >= NEAR_SHARE:
        values = {"near_share": day.near_share, "goal_cm": goals.near_cm}
        tips.append(Line("tip.near", values))
    if not rough:
        tips += _strain_tip(day)
    if not day.goal_met:
        tips.append(Line("tip.upright", {"left_s": day.upright_goal_s - day.upright_s}))
    if day.worst_hour is not None and not rough and _is_hard(day.worst_hour, day):
        tips.append(Line("tip.hour", {"worst_us": day.worst_hour.began_us}))
    looks = day.look_aways_own + day.look_aways_prompted
    if looks < int(LOOKS_PER_H * day.sitting_s / 3600):
        tips.append(Line("tip.eyes", {"n": looks}))
    return tips[:TIPS] or [Line("tip.keep", {})]


def _rough(day: Day) -> list[Line]:
    """Posture judged without a calibration that fits; the reason that held longest."""
    rough_s = sum(day.rough_s.values())
    if rough_s < min(NOTEWORTHY_S, day.judged_s / 2):
        return []
    return [Line(f"note.{reason}", {"rough_s": rough_s}) for reason in day.rough_s][:1]


def _is_hard(hour: Hour, day: Day) -> bool:
    worst, whole = hour.good_share, day.good_share
    return worst is not None and whole is not None and whole - worst >= HARD_HOUR


def _strain_tip(day: Day) -> list[Line]:
    """The strain that took most of the day, if it took much."""
    sums: Sequence[tuple[float, str]] = [
        (sum(day.posture_s.get(label, 0.0) for label in labels), key) for key, labels in _STRAINS
    ]
    longest_s, key = max(sums)
    return [Line(key, {"label_s": longest_s})] if longest_s >= STRAIN_S else []
