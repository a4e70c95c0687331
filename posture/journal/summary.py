"""Summary: the records of a local day in, the Day they make out. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, tzinfo

from posture.clock import US_PER_S
from posture.core.effects import Activity, SpanKind
from posture.journal.bouts import AWAY, SITTING, STANDING, bouts_of, upright_of
from posture.journal.calendar import day_bounds_us
from posture.journal.day import Day, Goals
from posture.journal.distance import distances, mean, near_s, near_tiles, one_per_minute
from posture.journal.hours import hours_of
from posture.journal.judged import GOOD, judged_of, roughly_judged
from posture.journal.look_aways import own_look_aways, prompted_look_aways
from posture.journal.rows import GOAL_EVENT, Event, Records, Run, Span
from posture.journal.tiles import clip, join, seconds_by_reason, seconds_by_value, tile, total_s
from posture.journal.told import told_of
from posture.journal.unseen import closed_s, lost_s, unseen_of


def summarize(day: date, zone: tzinfo, records: Records, goals: Goals | None = None) -> Day:
    """Sum up one local day of *records* (which may hold more than the day)."""
    goals = goals or Goals()
    start, end = day_bounds_us(day, zone)
    by_kind: dict[SpanKind, list[Span]] = {kind: [] for kind in SpanKind}
    for span in records.spans:
        by_kind[span.kind].append(span)
    tiles = {kind: tile(spans, start, end) for kind, spans in by_kind.items()}
    activity = join(tiles[SpanKind.ACTIVITY], by_value=True)
    seated = [one for one in activity if one.value in (SITTING, STANDING)]
    began, ended = (seated[0].began_us, seated[-1].ended_us) if seated else (None, None)
    at_desk = clip(activity, began or 0, ended or 0)
    bouts, breaks = bouts_of(at_desk)
    posture = tiles[SpanKind.POSTURE]
    judged = judged_of(posture)
    minutes = one_per_minute(records.minutes, start, end)
    measured = distances(minutes)
    told = told_of(records, start, end)
    unseen = unseen_of(tiles[SpanKind.PRESENCE])
    span_s = ((ended or 0) - (began or 0)) / US_PER_S
    return Day(
        date=day,
        start_us=start,
        end_us=end,
        began_us=began,
        ended_us=ended,
        sitting_s=total_s(at_desk, SITTING),
        standing_s=total_s(at_desk, STANDING),
        away_s=total_s(at_desk, AWAY),
        unknown_s=total_s(at_desk, str(Activity.UNKNOWN)),
        unwatched_s=span_s - total_s(at_desk),
        unseen_s=seconds_by_reason(unseen),
        unseen_before_s=total_s(clip(unseen, start, end if began is None else began)),
        unseen_after_s=total_s(clip(unseen, end if ended is None else ended, end)),
        closed_s=closed_s(tiles[SpanKind.PRESENCE], at_desk),
        upright_s=total_s(upright_of(at_desk)),
        upright_goal_s=_goal_s(records.events, end, goals),
        bouts=bouts,
        breaks=breaks,
        judged_s=total_s(judged),
        good_s=total_s(judged, *GOOD),
        posture_s=seconds_by_value(posture),
        near_s=near_s(minutes, goals.near_cm),
        measured_s=sum(weight for _, weight in measured),
        screen_s=total_s(tiles[SpanKind.NEAR_WORK]),
        distance_cm=mean(measured),
        look_aways_own=own_look_aways(posture, told),
        look_aways_prompted=prompted_look_aways(told),
        reminders=told,
        hours=hours_of(day, zone, at_desk, judged, minutes),
        silence_s=seconds_by_value(tiles[SpanKind.SILENCE]),
        camera_lost_s=lost_s(tiles[SpanKind.CAMERA]),
        events=tuple(
            one for one in records.events if start <= one.at_us < end and one.kind != GOAL_EVENT
        ),
        activity=tuple(activity),
        posture=tuple(posture),
        near=near_tiles(minutes, goals.near_cm),
        silence=tuple(tiles[SpanKind.SILENCE]),
        camera=tuple(tiles[SpanKind.CAMERA]),
        rough=tuple(roughly_judged(records, judged)),
        zones=_other_zones(records.runs, start, end, zone),
        demo=_is_demo(records.runs, start, end),
    )


def _goal_s(events: Iterable[Event], end_us: int, goals: Goals) -> float:
    """The goal as the monitor last had it: it grows with what was reached."""
    told = [one for one in events if one.kind == GOAL_EVENT and one.at_us < end_us]
    return float(max(told, key=lambda one: one.at_us).value) if told else goals.upright_s


def _other_zones(runs: Iterable[Run], start_us: int, end_us: int, zone: tzinfo) -> tuple[str, ...]:
    here = str(zone)
    return tuple(
        sorted(
            {
                run.zone
                for run in runs
                if run.zone and run.zone != here and run.started_us < end_us
                if run.seen_us >= start_us
            }
        )
    )


def _is_demo(runs: Iterable[Run], start_us: int, end_us: int) -> bool:
    return any(
        run.time_scale != 1 and run.started_us < end_us and run.seen_us >= start_us for run in runs
    )
