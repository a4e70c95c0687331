"""A month that never was: what the log of a working person looks like. Made, not measured.

Always the same month for the same last day, so that pictures and tests can rely on it.
"""

from __future__ import annotations

import math
import random
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta, tzinfo

from posture.clock import US_PER_S
from posture.core.effects import Activity, Fate, ReminderKind, SpanKind
from posture.core.metrics import MEASURES
from posture.core.reading import Label
from posture.core.texts import say
from posture.journal.calendar import midnight_us
from posture.journal.demo_measures import (
    BASE_DISTANCE_CM,
    LAPSES,
    SHIFT,
    TITLE,
    WORST,
    Stretch,
    measured,
)
from posture.journal.look_aways import LOOK_AWAY_S
from posture.journal.rows import (
    SCORE,
    US_PER_MINUTE,
    Minute,
    Records,
    ReminderFateRow,
    ReminderRow,
    Run,
    Span,
)

DEMO_SOURCE = "demo month"
DAYS = 35


def month(
    last: date,
    zone: tzinfo,
    until_us: int | None = None,
    measures: Collection[str] = (*MEASURES, SCORE),
    language: str = "en",
) -> Records:
    """Five weeks of working days up to *last*; nothing after *until_us* (default: all of it).

    ``measures``: only these in the minutes. ``language``: of the reminders.
    """
    records = _Made()
    for back in range(DAYS, -1, -1):
        day = last - timedelta(days=back)
        # The last day is always one at the desk; another stays free, as days do.
        if back and (day.weekday() >= 5 or back == 12):
            continue
        _Workday(day, zone, progress=1 - back / DAYS, made=records, language=language).live(
            measures
        )
    start = records.spans[0].began_us
    end = max(span.ended_us for span in records.spans)
    run = Run("demo", "demo", "demo", start, end, 1.0, DEMO_SOURCE, str(zone))
    return _cut(records, run, until_us)


def _cut(made: _Made, run: Run, until_us: int | None) -> Records:
    if until_us is None:
        return Records(made.spans, made.minutes, made.reminders, made.fates, (), [run])
    return Records(
        [
            Span(s.kind, s.value, s.began_us, min(s.ended_us, until_us), s.reason, s.worst)
            for s in made.spans
            if s.began_us < until_us
        ],
        [one for one in made.minutes if one.minute_us + US_PER_MINUTE <= until_us],
        [one for one in made.reminders if one.at_us < until_us],
        [one for one in made.fates if one.at_us < until_us],
        (),
        [run],
    )


@dataclass
class _Made:
    """The rows so far."""

    spans: list[Span] = field(default_factory=list)
    minutes: list[Minute] = field(default_factory=list)
    reminders: list[ReminderRow] = field(default_factory=list)
    fates: list[ReminderFateRow] = field(default_factory=list)


class _Workday:
    """One day from coming to the desk to leaving it. ``progress``: 0 first day, 1 last."""

    def __init__(
        self, day: date, zone: tzinfo, *, progress: float, made: _Made, language: str
    ) -> None:
        self._random = random.Random(day.toordinal())  # noqa: S311 - a story, not a secret
        self._midnight_us = midnight_us(day, zone)
        self._progress = progress
        self._made = made
        self._language = language
        self._stretches: list[Stretch] = []
        self._last_told_us = 0
        self._meetings: list[tuple[int, int]] = []

    def live(self, measures: Collection[str]) -> None:
        """Fill the day; its minutes with *measures*."""
        rnd = self._random
        now = self._clock(8.6 + rnd.uniform(-0.4, 0.5))
        leaves = self._clock(17.6 + rnd.uniform(-0.7, 0.8))
        lunch = self._clock(12.2 + rnd.uniform(-0.3, 0.5))
        self._plan_meetings()
        first = now
        stands = 1 + (rnd.random() < 0.3 + 0.5 * self._progress)
        while now < leaves:
            wish_min = max(18.0, rnd.gauss(66 - 18 * self._progress, 16))
            sat_until = min(now + _us(wish_min), leaves)
            hungry = now < lunch <= sat_until
            sat_until = max(lunch, now + _us(5)) if hungry else sat_until
            self._sit(now, sat_until)
            now = sat_until
            if now >= leaves:
                break
            if hungry:
                now = self._leave(now, rnd.uniform(34, 58))
            elif stands and rnd.random() < 0.4:
                stands -= 1
                now = self._stand(now, rnd.uniform(18, 34))
            else:
                now = self._leave(now, rnd.uniform(2.5, 5) + rnd.expovariate(1 / 3.5))
        self._note(SpanKind.PRESENCE, "present", first, now)
        self._note_near_work()
        self._made.minutes += measured(self._stretches, measures, self._midnight_us)

    def _clock(self, hours: float) -> int:
        return self._midnight_us + round(hours * 3600) * US_PER_S

    def _note(
        self, kind: SpanKind, value: str, began: int, ended: int, worst: str | None = None
    ) -> None:
        self._made.spans.append(Span(kind, str(value), began, ended, None, worst))

    def _plan_meetings(self) -> None:
        if self._random.random() < 0.55:
            began = self._clock(self._random.choice([9.5, 10, 11, 14, 14.5]))
            ended = began + _us(self._random.choice([30, 45, 60]))
            self._meetings.append((began, ended))
            self._note(SpanKind.SILENCE, "meeting", began, ended)

    def _leave(self, now: int, minutes: float) -> int:
        back = now + _us(minutes)
        self._note(SpanKind.ACTIVITY, Activity.AWAY, now, back)
        self._note(SpanKind.POSTURE, Label.AWAY, now, back)
        return back

    def _stand(self, now: int, minutes: float) -> int:
        until = now + _us(minutes)
        self._note(SpanKind.ACTIVITY, Activity.STANDING, now, until)
        self._note(SpanKind.POSTURE, Label.STANDING, now, until)
        return until

    def _sit(self, began: int, ended: int) -> None:
        self._note(SpanKind.ACTIVITY, Activity.SITTING, began, ended)
        now = began
        while now < ended:
            now = self._good_stretch(now, began, ended)
            if now < ended:
                now = self._lapse(now, began, ended)
        if ended - began > _us(60):
            self._tell(ReminderKind.STAND, began + _us(60), "stand", 0.66)

    def _tiredness(self, now: int, began: int) -> float:
        """0 fresh, 1 spent: grows while sitting, is worst in mid-afternoon, less with practice."""
        hour = (now - self._midnight_us) / (3600 * US_PER_S)
        slump = math.exp(-((hour - 15.3) ** 2) / 2.4)
        sat = min((now - began) / _us(75), 1.0)
        return (0.25 + 0.45 * sat + 0.55 * slump) * (1.25 - 0.55 * self._progress)

    def _good_stretch(self, now: int, began: int, ended: int) -> int:
        rnd = self._random
        minutes = rnd.gammavariate(2.2, 3.4) * (1.35 - 0.7 * self._tiredness(now, began))
        label = Label.RECLINED if rnd.random() < 0.12 else Label.UPRIGHT
        until = min(now + _us(max(0.8, minutes)), ended)
        self._hold(label, now, until)
        if until < ended and rnd.random() < 0.35:
            now, until = until, min(until + _us(rnd.uniform(0.2, 0.9)), ended)
            self._hold(Label.LOOKING_AWAY, now, until)
        if rnd.random() < 0.13:
            self._tell(ReminderKind.LOOK_AWAY, until, "look_away", 0.45)
        return until

    def _lapse(self, now: int, began: int, ended: int) -> int:
        rnd = self._random
        labels, weights = zip(*LAPSES, strict=True)
        label: Label = rnd.choices(labels, weights)[0]
        tired = self._tiredness(now, began)
        until = min(now + _us(max(0.4, rnd.gammavariate(1.6, 1.1 + 1.9 * tired))), ended)
        near = label is Label.TOO_CLOSE
        if until - now > _us(2.2):
            kind = ReminderKind.TOO_CLOSE if near else ReminderKind.POSTURE
            told = self._tell(kind, now + _us(2), TITLE[label], 0.7, label=label, began=now)
            if told is Fate.HEEDED:
                until = min(until, now + _us(2 + rnd.uniform(0.1, 0.6)))
        self._hold(label, now, until)
        return until

    def _hold(self, label: Label, began: int, ended: int) -> None:
        self._note(SpanKind.POSTURE, label, began, ended, WORST.get(label))
        if label is not Label.LOOKING_AWAY:
            self._stretches.append((began, ended, label))

    def _note_near_work(self) -> None:
        """Eyes on the screen until they rest for a while, as the monitor has it."""
        near: list[tuple[int, int]] = []
        for began, ended, _ in self._stretches:
            if near and began - near[-1][1] < LOOK_AWAY_S * US_PER_S:
                near[-1] = (near[-1][0], ended)
            else:
                near.append((began, ended))
        for began, ended in near:
            self._note(SpanKind.NEAR_WORK, "screen", began, ended)

    def _tell(
        self,
        kind: ReminderKind,
        at: int,
        key: str,
        heeds: float,
        *,
        label: Label | None = None,
        began: int | None = None,
    ) -> Fate | None:
        quiet = any(start <= at < end for start, end in self._meetings)
        if quiet or at - self._last_told_us < _us(10):
            return None
        rnd = self._random
        self._last_told_us = at
        number = len(self._made.reminders) + 1
        worst = WORST.get(label) if label else None
        shift = SHIFT[label][worst] if label and worst else None
        measures = {worst: shift} if worst and shift is not None else {}
        if worst == "distance_cm" and shift is not None:
            measures = {worst: BASE_DISTANCE_CM + shift}
        title = say(self._language, f"{key}.title")
        self._made.reminders.append(
            ReminderRow(number, kind, at, at if began is None else began, title, "", measures)
        )
        fate = rnd.choices(
            [Fate.HEEDED, Fate.EXPIRED, Fate.SNOOZED, Fate.WRONG_ALARM],
            [heeds, (1 - heeds) * 0.7, (1 - heeds) * 0.25, (1 - heeds) * 0.05],
        )[0]
        after_s = round(rnd.uniform(6, 50) if fate is Fate.HEEDED else 120.0, 1)
        won = {worst: round(abs(shift) * rnd.uniform(0.6, 0.95), 1)} if worst and shift else {}
        self._made.fates.append(ReminderFateRow(number, at, Fate.SHOWN))
        self._made.fates.append(
            ReminderFateRow(
                number,
                at + round(after_s * US_PER_S),
                fate,
                after_s,
                None,
                won if fate is Fate.HEEDED else {},
            )
        )
        return fate


def _us(minutes: float) -> int:
    return round(minutes * 60 * 10) * (US_PER_S // 10)
