"""Clocks: all that is counted about the user, fed by one situation after the other."""

from __future__ import annotations

from posture.clock import Instant
from posture.core.blinks import BlinkCounter
from posture.core.day import Day
from posture.core.effects import Activity, WriteMinute
from posture.core.eyes import Eyes, Gaze
from posture.core.habits import Habits
from posture.core.moments import later
from posture.core.policy import Policy
from posture.core.posture_watch import CloseWatch, Onset, PostureWatch
from posture.core.reading import Label, Presence, Reading
from posture.core.senses import Senses, Situation
from posture.core.sitting import Base, SittingClock
from posture.core.standing import Stance, StandingClock
from posture.core.stillness import Stillness
from posture.core.thresholds import Thresholds


class Clocks:
    """The clocks and budgets of one user."""

    def __init__(self, policy: Policy) -> None:
        self.posture = PostureWatch(policy.posture, policy.thresholds)
        self.close = CloseWatch(policy.close, policy.thresholds)
        self.sitting = SittingClock(policy.sitting)
        self.standing = StandingClock(policy.sitting)
        self.stance = Stance()
        self.eyes = Eyes(policy.eyes)
        self.still = Stillness(policy.move)
        self.day = Day(policy.standing)
        self.habits = Habits()
        self.blinks = BlinkCounter()
        self._onset = Onset()

    def obey(self, policy: Policy, thresholds: Thresholds) -> None:
        """Follow new settings from now on; *thresholds* as softened by what was learned."""
        self.posture.obey(policy.posture, thresholds)
        self.close.obey(policy.close, thresholds)
        self.sitting.policy = policy.sitting
        self.standing.policy = policy.sitting
        self.eyes.policy = policy.eyes
        self.still.policy = policy.move
        self.day.policy = policy.standing

    def see(self, reading: Reading, label_since: Instant) -> None:
        """Take a reading that shows the user; its label holds since *label_since*."""
        since = self._onset.of(reading, label_since)
        if self.eyes.policy.blinks:
            self.blinks.see(reading.at, reading.eye_openness)
        self.stance.see(reading, since)
        self.posture.see(reading, since)
        self.close.see(reading, since)
        away = reading.looking_away or reading.label is Label.LOOKING_AWAY
        self.eyes.turn(Gaze.AWAY if away else Gaze.SCREEN, since)
        if self.stance.standing:
            self.still.leave(reading.at)
        else:
            self.still.see(reading.metrics, reading.at)

    def lose(self, situation: Situation) -> None:
        """The user is away or cannot be judged since ``situation.since``."""
        since = situation.since
        if situation.presence is Presence.AWAY:
            self.posture.leave(since)
            self.close.leave(since)
            self.eyes.turn(Gaze.AWAY, since)
            self.still.leave(since)
            self.stance.leave()
        else:
            self.stance.lose()
            self.posture.lose(since)
            self.close.lose(since)
            self.eyes.turn(Gaze.UNKNOWN, since)
            self.still.lose(since)

    def settle(
        self, situation: Situation, senses: Senses, now: Instant
    ) -> tuple[Activity, Instant, Instant] | None:
        """Turn the sitting clock, then what follows from it; returns the stretch that ended."""
        base, since = self._base(situation, senses, now)
        self.sitting.turn(base, since)
        absent_s = now - situation.since
        if base is Base.ABSENT and absent_s >= self.sitting.policy.break_min * 60:
            self.stance.forget()
        return self.follow_activity(now)

    def note_minute(self, date: int, minute: WriteMinute) -> None:
        """Take one minute's aggregates into the habits of the local day *date*."""
        self.habits.note_minute(date, minute, self.posture.thresholds)
        day = self.habits.on(date)
        day.shifts += self.still.take_shifts()
        blinks, seconds = self.blinks.take()
        day.blinks += blinks
        day.blinks_s += seconds

    def follow_activity(self, now: Instant) -> tuple[Activity, Instant, Instant] | None:
        """Pass on what the sitting clock says of the activity; returns the stretch that ended."""
        activity, began = self.sitting.activity(now)
        if began is None:
            return None
        self.standing.turn(activity, began)
        return self.day.turn(activity, began)

    def _base(self, situation: Situation, senses: Senses, now: Instant) -> tuple[Base, Instant]:
        if situation.presence is Presence.AWAY:
            return Base.ABSENT, situation.since
        upright = self.stance.standing
        base = Base.STANDING if upright else Base.SITTING
        since = later(situation.since, self.stance.since or situation.since)
        if situation.presence is Presence.PRESENT:
            return base, since
        typed = senses.last_input
        if typed is None:
            return Base.BLIND, situation.since
        if senses.input_active(now):
            return base, later(since, typed) if self._was_up() else since
        return Base.BLIND, later(situation.since, typed)

    def _was_up(self) -> bool:
        return self.sitting.state.base in (Base.ABSENT, Base.BLIND)

    def activity(self, now: Instant) -> tuple[Activity, Instant]:
        """What the body does at *now*, and since when."""
        activity, began = self.sitting.activity(now)
        return activity, began or now
