"""Summary: the spans, minutes and reminders of a local day, summed up. Pure.

What was not measured is None, never zero. Shares are of the time that could be judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo

from posture.clock import US_PER_S
from posture.core.effects import Activity, Fate, ReminderKind, SpanKind
from posture.core.reading import Label, Presence
from posture.core.silence import Silence
from posture.journal.calendar import day_bounds_us, hours_us
from posture.journal.distance import distances, mean, near_s, near_tiles, one_per_minute
from posture.journal.rows import (
    CALIBRATION_EVENT,
    GOAL_EVENT,
    Event,
    Minute,
    ReminderFateRow,
    ReminderRow,
    Run,
    Span,
)
from posture.journal.tiles import Tile, clip, join, tile, total_s

# A rest shorter than this interrupts no sitting (activPAL studies: 1 min).
BREAK_MIN_S = 60.0
# Unseen for less than this, sitting is taken to have gone on.
BLIND_MAX_S = 120.0
# A longer absence is a night or a day out, not a break (chosen).
AWAY_MAX_S = 3 * 3600.0
# Less than this at the desk makes no day to compare (chosen).
COUNTS_S = 3600.0
# An hour is best or worst only when this much of it was judged (chosen).
HOUR_JUDGED_S = 900.0
# 20-20-20: eyes off the screen for 20 s (American Optometric Association).
LOOK_AWAY_S = 20.0

# Reclined with support is fine (RULA score 1); the others in neither set cannot be judged.
GOOD = frozenset({Label.UPRIGHT, Label.RECLINED})
UNJUDGED = frozenset({Label.STANDING, Label.LOOKING_AWAY, Label.AWAY, Label.UNKNOWN})
STRAINED = frozenset(Label) - GOOD - UNJUDGED

# The camera is closed for these, not blind.
_CLOSED_FOR = frozenset(map(str, Silence)) - {Silence.CAMERA_LOST, Silence.LOW_CONFIDENCE}
# What an event says of the calibration; a run begins with one that fits.
FRESH = "fresh"
_FITS = frozenset({FRESH, "stale", "absent"})

SITTING, STANDING, AWAY = str(Activity.SITTING), str(Activity.STANDING), str(Activity.AWAY)


@dataclass(frozen=True, slots=True)
class Goals:
    """What the day is held against. ``upright_s``: seconds on the feet; ``bout_s``: sitting."""

    upright_s: float = 7200.0  # Buckley 2015: start with 2 h
    bout_s: float = 3600.0  # HSE L26: 5-10 min per 50-60 min
    near_cm: float = 50.0  # OSHA, DGUV: at least 50 cm


@dataclass(frozen=True, slots=True)
class Records:
    """What the journal holds of a stretch of time."""

    spans: Sequence[Span] = ()
    minutes: Sequence[Minute] = ()
    reminders: Sequence[ReminderRow] = ()
    fates: Sequence[ReminderFateRow] = ()
    events: Sequence[Event] = ()
    runs: Sequence[Run] = ()


@dataclass(frozen=True, slots=True)
class Bout:
    """Sitting without a real break; ``sitting_s`` leaves out short interruptions."""

    began_us: int
    ended_us: int
    sitting_s: float


@dataclass(frozen=True, slots=True)
class Break:
    """On the feet or away for a while, ``after_s`` seconds of sitting; ``seconds`` long."""

    began_us: int
    ended_us: int
    seconds: float
    after_s: float


@dataclass(frozen=True, slots=True)
class Hour:
    """One clock hour: seconds sitting, upright, judged, of them good; mean distance."""

    began_us: int
    ended_us: int
    sitting_s: float
    upright_s: float
    judged_s: float
    good_s: float
    distance_cm: float | None

    @property
    def good_share(self) -> float | None:
        """Share of the judged time in good posture."""
        return share(self.good_s, self.judged_s)


@dataclass(frozen=True, slots=True)
class Told:
    """A reminder and what became of it; ``fate`` None: it is still open."""

    reminder: ReminderRow
    fate: Fate | None
    settled_us: int | None = None
    after_s: float | None = None
    why: str | None = None
    improvement: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Day:
    """A local day, summed up.

    ``began_us``/``ended_us``: first and last time at the desk. ``unknown_s``: within them, the
    camera could not tell. ``unwatched_s``: within them, the program did not run. ``unseen_s``: over
    the whole day, reason → the camera, meant to watch, could not tell who is there;
    ``unseen_before_s``, ``unseen_after_s`` of it lay before or after the time at the desk.
    ``closed_s``: within that time, reason → the camera was closed on purpose. ``rough``: when
    posture was judged by no calibration (``absent``) or one that did not fit (``stale``).
    ``near_s``: eyes
    nearer than the goal, of the ``measured_s`` in which the distance was known; it and
    ``distance_cm`` are None when it never was. ``screen_s``: eyes on the screen. ``zones``: other
    time zones in which part of it was recorded. ``demo``: some of it is a demonstration.
    """

    date: date
    start_us: int
    end_us: int
    began_us: int | None
    ended_us: int | None
    sitting_s: float
    standing_s: float
    away_s: float
    unknown_s: float
    unwatched_s: float
    unseen_s: Mapping[str, float]
    unseen_before_s: float
    unseen_after_s: float
    closed_s: Mapping[str, float]
    upright_s: float
    upright_goal_s: float
    bouts: tuple[Bout, ...]
    breaks: tuple[Break, ...]
    judged_s: float
    good_s: float
    posture_s: Mapping[str, float]
    near_s: float | None
    measured_s: float
    screen_s: float
    distance_cm: float | None
    look_aways_own: int
    look_aways_prompted: int
    reminders: tuple[Told, ...]
    hours: tuple[Hour, ...]
    silence_s: Mapping[str, float]
    camera_lost_s: Mapping[str, float]
    events: tuple[Event, ...]
    activity: tuple[Tile, ...]
    posture: tuple[Tile, ...]
    near: tuple[Tile, ...]
    silence: tuple[Tile, ...]
    camera: tuple[Tile, ...]
    rough: tuple[Tile, ...]
    zones: tuple[str, ...] = ()
    demo: bool = False

    @property
    def watched(self) -> bool:
        """Is anything known of the day? If not, its lengths mean nothing."""
        return any(one.value != Activity.UNKNOWN for one in self.activity)

    @property
    def desk_s(self) -> float:
        """Seconds seen at the desk."""
        return self.sitting_s + self.standing_s

    @property
    def rough_s(self) -> Mapping[str, float]:
        """Judged without a calibration that fits: ``absent`` or ``stale`` → seconds."""
        return _totals(self.rough)

    @property
    def rough_still(self) -> bool:
        """Was the posture at the end of the day judged so?"""
        judged = [one for one in self.posture if one.value not in UNJUDGED]
        if not self.rough or not judged:
            return False
        # A crash loses the last seconds of a run.
        return (judged[-1].ended_us - self.rough[-1].ended_us) / US_PER_S < BREAK_MIN_S

    @property
    def counts(self) -> bool:
        """Was there enough of a day to compare it?"""
        return self.desk_s >= COUNTS_S

    @property
    def good_share(self) -> float | None:
        """Share of the judged time in good posture."""
        return share(self.good_s, self.judged_s)

    @property
    def near_share(self) -> float | None:
        """Share of the measured time nearer than the goal."""
        return None if self.near_s is None else share(self.near_s, self.measured_s)

    @property
    def longest_bout(self) -> Bout | None:
        """The longest sitting, the first of equals."""
        return max(self.bouts, key=lambda bout: bout.sitting_s, default=None)

    @property
    def goal_met(self) -> bool:
        """Enough time on the feet?"""
        return self.upright_s >= self.upright_goal_s

    @property
    def best_hour(self) -> Hour | None:
        """The hour with the greatest share of good posture."""
        return max(self._judged_hours, key=_good_share_of, default=None)

    @property
    def worst_hour(self) -> Hour | None:
        """The hour with the smallest share of good posture; None when there was only one."""
        hours = self._judged_hours
        return min(hours, key=_good_share_of) if len(hours) > 1 else None

    @property
    def _judged_hours(self) -> list[Hour]:
        return [hour for hour in self.hours if hour.judged_s >= HOUR_JUDGED_S]


def share(part: float, whole: float) -> float | None:
    """*part* of *whole*; None when there is no whole."""
    return part / whole if whole > 0 else None


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
    bouts, breaks = _bouts(at_desk)
    posture = tiles[SpanKind.POSTURE]
    judged = [one for one in posture if one.value not in UNJUDGED]
    minutes = one_per_minute(records.minutes, start, end)
    measured = distances(minutes)
    told = told_of(records, start, end)
    unseen = _unseen(tiles[SpanKind.PRESENCE])
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
        unseen_s=_reasons(unseen),
        unseen_before_s=total_s(clip(unseen, start, end if began is None else began)),
        unseen_after_s=total_s(clip(unseen, end if ended is None else ended, end)),
        closed_s=_closed(tiles[SpanKind.PRESENCE], at_desk),
        upright_s=total_s(_upright(at_desk)),
        upright_goal_s=_goal_s(records.events, end, goals),
        bouts=bouts,
        breaks=breaks,
        judged_s=total_s(judged),
        good_s=total_s(judged, *GOOD),
        posture_s=_totals(posture),
        near_s=near_s(minutes, goals.near_cm),
        measured_s=sum(weight for _, weight in measured),
        screen_s=total_s(tiles[SpanKind.NEAR_WORK]),
        distance_cm=mean(measured),
        look_aways_own=_own_look_aways(posture, told),
        look_aways_prompted=sum(
            one.fate is Fate.HEEDED and one.reminder.kind is ReminderKind.LOOK_AWAY for one in told
        ),
        reminders=told,
        hours=_hours(day, zone, at_desk, judged, minutes),
        silence_s=_totals(tiles[SpanKind.SILENCE]),
        camera_lost_s=_losses(tiles[SpanKind.CAMERA]),
        events=tuple(
            one for one in records.events if start <= one.at_us < end and one.kind != GOAL_EVENT
        ),
        activity=tuple(activity),
        posture=tuple(posture),
        near=near_tiles(minutes, goals.near_cm),
        silence=tuple(tiles[SpanKind.SILENCE]),
        camera=tuple(tiles[SpanKind.CAMERA]),
        rough=tuple(_rough(records, judged)),
        zones=_other_zones(records.runs, start, end, zone),
        demo=any(
            run.time_scale != 1 and run.started_us < end and run.seen_us >= start
            for run in records.runs
        ),
    )


def _bouts(activity: Sequence[Tile]) -> tuple[tuple[Bout, ...], tuple[Break, ...]]:
    """Sitting bouts and the breaks between them."""
    bouts: list[Bout] = []
    breaks: list[Break] = []
    up_s = blind_s = 0.0
    seen_until: int | None = None
    for one in activity:
        if seen_until is not None:
            blind_s += (one.began_us - seen_until) / US_PER_S
        seen_until = one.ended_us
        if one.value in (STANDING, AWAY):
            up_s += one.seconds
        elif one.value != SITTING:
            blind_s += one.seconds
        else:
            last = bouts[-1] if bouts else None
            if last is not None and up_s < BREAK_MIN_S and blind_s < BLIND_MAX_S:
                sat_s = last.sitting_s + one.seconds
                bouts[-1] = Bout(last.began_us, one.ended_us, sat_s)
            else:
                if last is not None and BREAK_MIN_S <= up_s <= AWAY_MAX_S:
                    breaks.append(Break(last.ended_us, one.began_us, up_s, last.sitting_s))
                bouts.append(Bout(one.began_us, one.ended_us, one.seconds))
            up_s = blind_s = 0.0
    return tuple(bouts), tuple(breaks)


def _upright(at_desk: Iterable[Tile]) -> list[Tile]:
    """Standing, and absences that were breaks."""
    return [
        one
        for one in at_desk
        if one.value == STANDING or (one.value == AWAY and one.seconds <= AWAY_MAX_S)
    ]


def _goal_s(events: Iterable[Event], end_us: int, goals: Goals) -> float:
    """The goal as the monitor last had it: it grows with what was reached."""
    told = [one for one in events if one.kind == GOAL_EVENT and one.at_us < end_us]
    return float(max(told, key=lambda one: one.at_us).value) if told else goals.upright_s


def told_of(records: Records, start_us: int, end_us: int) -> tuple[Told, ...]:
    """The reminders of a stretch of time, each with its fate."""
    fates: dict[tuple[int, int], list[ReminderFateRow]] = {}
    for fate in records.fates:
        fates.setdefault((fate.run, fate.reminder_id), []).append(fate)
    return tuple(
        _settled(reminder, fates.get((reminder.run, reminder.id), []))
        for reminder in records.reminders
        if start_us <= reminder.at_us < end_us
    )


def _settled(reminder: ReminderRow, fates: Sequence[ReminderFateRow]) -> Told:
    """The last word counts; that it was shown is only the beginning."""
    ordered = sorted(fates, key=lambda fate: (fate.fate is not Fate.SHOWN, fate.at_us))
    if not ordered:
        return Told(reminder, None)
    last = ordered[-1]
    return Told(
        reminder,
        None if last.fate is Fate.SHOWN else last.fate,
        None if last.fate is Fate.SHOWN else last.at_us,
        last.after_s,
        last.why,
        last.improvement,
    )


def _own_look_aways(posture: Iterable[Tile], told: Sequence[Told]) -> int:
    """Looks away of 20 s and more that no reminder asked for."""
    asked = [
        (one.reminder.at_us, one.settled_us)
        for one in told
        if one.reminder.kind is ReminderKind.LOOK_AWAY and one.settled_us is not None
    ]
    looks = [
        one
        for one in join(posture, by_value=True)
        if one.value == Label.LOOKING_AWAY and one.seconds >= LOOK_AWAY_S
    ]
    return sum(
        not any(look.began_us <= until and look.ended_us >= since for since, until in asked)
        for look in looks
    )


def _hours(
    day: date,
    zone: tzinfo,
    at_desk: Sequence[Tile],
    judged: Sequence[Tile],
    minutes: Sequence[Minute],
) -> tuple[Hour, ...]:
    hours = []
    upright = _upright(at_desk)
    first = min((tiles[0].began_us for tiles in (at_desk, judged) if tiles), default=0)
    last = max((tiles[-1].ended_us for tiles in (at_desk, judged) if tiles), default=0)
    for began, ended in hours_us(day, zone):
        if ended <= first or began >= last:
            hours.append(Hour(began, ended, 0.0, 0.0, 0.0, 0.0, None))
            continue
        seen = clip(judged, began, ended)
        within = [one for one in minutes if began <= one.minute_us < ended]
        hours.append(
            Hour(
                began,
                ended,
                total_s(clip(at_desk, began, ended), SITTING),
                total_s(clip(upright, began, ended)),
                total_s(seen),
                total_s(seen, *GOOD),
                mean(distances(within)),
            )
        )
    return tuple(hours)


def _totals(tiles: Iterable[Tile]) -> Mapping[str, float]:
    sums: Counter[str] = Counter()
    for one in tiles:
        sums[one.value] += one.ended_us - one.began_us
    return {value: length / US_PER_S for value, length in sums.most_common()}


def _losses(camera: Iterable[Tile]) -> Mapping[str, float]:
    """Seconds without a camera, by reason."""
    return _reasons(one for one in camera if one.value not in ("open", "closed", "wanted"))


def _unseen(presence: Iterable[Tile]) -> list[Tile]:
    """When the camera could not tell, though it was meant to watch."""
    return [
        one for one in presence if one.value == Presence.UNKNOWN and one.reason not in _CLOSED_FOR
    ]


def _closed(presence: Iterable[Tile], at_desk: Sequence[Tile]) -> Mapping[str, float]:
    """How long nothing was known at the desk because the camera was closed, by reason."""
    closed = [
        one for one in presence if one.value == Presence.UNKNOWN and one.reason in _CLOSED_FOR
    ]
    unknown = (one for one in at_desk if one.value == Activity.UNKNOWN)
    return _reasons(part for one in unknown for part in clip(closed, one.began_us, one.ended_us))


def _rough(records: Records, judged: Sequence[Tile]) -> list[Tile]:
    """The *judged* time for which some run had no calibration, or one that did not fit."""
    if not judged:
        return []
    start_us, end_us = judged[0].began_us, judged[-1].ended_us
    spans = []
    for run in records.runs:
        if run.started_us >= end_us or run.seen_us <= start_us:
            continue
        told = sorted(
            (
                one
                for one in records.events
                if one.run == run.id and one.kind == CALIBRATION_EVENT and one.value in _FITS
            ),
            key=lambda one: one.at_us,
        )
        ends = [*(one.at_us for one in told[1:]), run.seen_us]
        spans += [
            Span(SpanKind.POSTURE, one.value, one.at_us, ended)
            for one, ended in zip(told, ends, strict=False)
            if one.value != FRESH and ended > one.at_us
        ]
    rough = tile(spans, start_us, end_us)
    whole = join(Tile("", one.began_us, one.ended_us) for one in judged)
    return [part for one in whole for part in clip(rough, one.began_us, one.ended_us)]


def _reasons(tiles: Iterable[Tile]) -> Mapping[str, float]:
    """Seconds by reason (by value where no reason is told), the longest first."""
    sums: Counter[str] = Counter()
    for one in tiles:
        sums[one.reason or one.value] += one.ended_us - one.began_us
    return {reason: length / US_PER_S for reason, length in sums.most_common()}


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


def _good_share_of(hour: Hour) -> float:
    return hour.good_s / hour.judged_s
