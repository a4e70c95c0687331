"""Scene: all that is known at one moment, for whoever decides what is worth saying."""

from __future__ import annotations

from dataclasses import dataclass

from posture.clock import Instant
from posture.core.clocks import Clocks
from posture.core.effects import Activity, ReminderKind
from posture.core.policy import Policy
from posture.core.reading import Presence, Reading
from posture.core.reminders import Reminders
from posture.core.senses import Situation


@dataclass(frozen=True, slots=True)
class Scene:
    """What the agenda is drawn up from.

    ``minute``: of the local day. ``activity``, ``sitting_s``: what the body does, sitting clock.
    """

    now: Instant
    situation: Situation
    reading: Reading | None
    clocks: Clocks
    reminders: Reminders
    policy: Policy
    minute: int
    activity: Activity
    sitting_s: float

    @property
    def seated(self) -> bool:
        """Is the user known to sit there: seen, or typing unseen?"""
        return self.clocks.sitting.counting and self.situation.presence is not Presence.AWAY

    @property
    def stand_in_s(self) -> float:
        """Seconds of sitting until the reminder to stand up; negative when past."""
        return self.policy.sitting.nudge_min * 60 - self.sitting_s

    @property
    def stand_spent(self) -> bool:
        """Ignored as often as it may be repeated: only the icon says it from now on."""
        ignored = self.reminders.of(ReminderKind.STAND).ignored
        return ignored > self.policy.sitting.repeats

    @property
    def hours_reached(self) -> int:
        """How many of the day's three totals of sitting are reached."""
        policy, totals = self.policy.daily, self.clocks.day.totals(self.now)
        marks = (policy.first_h, policy.second_h, policy.third_h)
        return sum(totals.sitting_s >= mark * 3600 for mark in marks)
