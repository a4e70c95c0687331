"""Course: readings and passing time in; out what the user has been doing, as events and spans."""

from __future__ import annotations

from posture.clock import Instant
from posture.core.calendar import Calendar, LocalTime
from posture.core.chronicle import Chronicle
from posture.core.clocks import Clocks
from posture.core.described import hours
from posture.core.effects import (
    Activity,
    CalibrationChanged,
    DeskRecognized,
    Effect,
    WriteMinute,
)
from posture.core.eyes import Gaze
from posture.core.policy import Policy
from posture.core.reading import Reading
from posture.core.senses import ASLEEP, Senses, Situation, away
from posture.core.thresholds import Thresholds


class Course:
    """What is held true of the user, what was counted of it, and what was written.

    ``situation``: None before there is one. Moments are to come in order.
    """

    def __init__(self, policy: Policy, local_time: LocalTime) -> None:
        self.policy = policy
        self.senses = Senses()
        self.clocks = Clocks(policy)
        self.chronicle = Chronicle()
        self.calendar = Calendar(local_time)
        self.situation: Situation | None = None
        self._calibration = "fresh"
        self._desk_seen: str | None = None

    def obey(self, policy: Policy, thresholds: Thresholds) -> None:
        """Follow new settings from now on; *thresholds* as softened by what was learned."""
        self.policy = policy
        self.clocks.obey(policy, thresholds)

    def see(self, reading: Reading) -> list[Effect]:
        """Take what one picture told."""
        effects: list[Effect] = []
        before = self.senses.reading
        if before is not None and reading.at - before.at > self.senses.gap_s:
            effects += self.follow(reading.at)
        self.senses.see(reading)
        effects += self._calibrated(reading)
        situation = self.senses.situation(reading.at)
        if situation is None:
            return effects
        if situation.trusted:
            self.clocks.see(reading, situation.label_since)
            if reading.label.judged:
                effects += self._noted(self.chronicle.minutes.see(reading, self.senses.gap_s))
        effects += self._turn_to(situation, reading.at)
        self.chronicle.blame(self.clocks.posture.verdict.fault)
        return effects

    def follow(self, now: Instant) -> list[Effect]:
        """Bring clocks and chronicle up to what is held true now."""
        situation = self.senses.situation(now) or self.situation
        return [] if situation is None else self._turn_to(situation, now)

    def wake(self, asleep: Instant, now: Instant) -> list[Effect]:
        """The computer slept from *asleep* to *now*: nobody was at it."""
        effects = self._turn_to(away(asleep, ASLEEP), now)
        self.senses.wake(now)
        return effects

    def turn_day(self, now: Instant) -> None:
        """Begin a new local day; a clock set back over midnight does not begin one."""
        if not self.calendar.turn(now):
            return
        day = self.clocks.day
        if self.calendar.date not in (day.state.date, day.state.date - 1):
            day.roll(self.calendar.date, self.calendar.midnight(now))

    def close(self, now: Instant) -> list[Effect]:
        """What is still to be written at the end."""
        effects = self.follow(now)
        effects += self._noted(self.chronicle.minutes.flush())
        return [*effects, *self.chronicle.close(now)]

    def _turn_to(self, situation: Situation, now: Instant) -> list[Effect]:
        before, self.situation = self.situation, situation
        if not situation.trusted and (before is None or before.presence is not situation.presence):
            self.clocks.lose(situation)
            self.chronicle.minutes.lose()
        ended = self.clocks.settle(situation, self.senses, now)
        if ended is not None:
            self._note_stretch(*ended)
        reading = self.senses.reading if situation.trusted else None
        effects = self.chronicle.situation(
            now, situation, None if reading is None else reading.metrics
        )
        activity, since = self.clocks.activity(now)
        effects += self.chronicle.sitting(now, activity, since, self.clocks.sitting.seconds(now))
        effects += self._near_work(now)
        return effects

    def _noted(self, minutes: list[WriteMinute]) -> list[WriteMinute]:
        """Let the habits learn from minutes that are done."""
        for minute in minutes:
            date = self.calendar.local(minute.minute_us).toordinal()
            self.clocks.note_minute(date, minute)
        return minutes

    def _calibrated(self, reading: Reading) -> list[Effect]:
        effects: list[Effect] = []
        if reading.desk_seen != self._desk_seen:
            self._desk_seen = reading.desk_seen
            if reading.desk_seen is not None:
                effects.append(DeskRecognized(reading.at, reading.desk_seen))
        state = "fresh" if reading.calibrated else "absent"
        if reading.stale_calibration is not None:
            state = "stale"
        if state == self._calibration:
            return effects
        self._calibration = state
        return [*effects, CalibrationChanged(reading.at, state, reading.stale_calibration)]

    def _note_stretch(self, activity: Activity, began: Instant, ended: Instant) -> None:
        """A stretch of sitting, standing or absence is over."""
        if activity is Activity.SITTING:
            self.clocks.habits.note_bout(self.calendar.date, ended - began)
        policy = self.policy.lunch
        window = hours(policy.hours)
        if activity is not Activity.AWAY or ended - began < policy.away_min * 60 or window is None:
            return
        begins, ends = self.calendar.minute_of(began), self.calendar.minute_of(ended)
        if window.holds(begins) or window.holds(ends) or begins < window.begins < ends:
            self.clocks.day.state.lunched = True

    def _near_work(self, now: Instant) -> list[Effect]:
        """Time with the eyes on the screen; a glance away does not break it."""
        eyes, track = self.clocks.eyes.state, self.chronicle.near
        if eyes.since is None:
            return []
        if eyes.gaze is Gaze.SCREEN:
            return self.chronicle.note(track, "screen", eyes.since)
        if now - eyes.since >= self.policy.eyes.rest_s:
            return self.chronicle.note(track, None, eyes.since)
        return []
