"""Voice: decides what is said, when to be silent and why, and hears the user's answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from posture.clock import Instant
from posture.core import agenda, fates
from posture.core.calendar import Calendar
from posture.core.clocks import Clocks
from posture.core.effects import (
    Answered,
    Effect,
    Fate,
    Learned,
    Outcome,
    ReminderFate,
    ReminderKind,
    WithdrawReminder,
)
from posture.core.inputs import Action, ActionKind, Delivered
from posture.core.learning import Learning
from posture.core.policy import Policy
from posture.core.reading import Presence
from posture.core.reminders import RESTARTED, Due, Open, Reminders
from posture.core.scene import Scene
from posture.core.senses import Senses
from posture.core.silence import (
    Hush,
    Silence,
    after,
    desktop_reason,
    granted_s,
    off_hours,
    sight_reason,
)
from posture.core.thresholds import Thresholds

# The end of a call stays a natural pause for this long (chosen).
CALL_PAUSE_S = 30.0
# What the desktop said about the keyboard is old after this (chosen).
SESSION_OLD_S = 30.0


class Voice:
    """Lets the agenda through or holds it back; every holding back has a reason."""

    def __init__(self, policy: Policy, clocks: Clocks, first_id: int) -> None:
        self.policy = policy
        self.clocks = clocks
        self.reminders = Reminders(policy, first_id)
        self.hush = Hush()
        self.learning = Learning(policy.reminders)
        self.silent: Silence | None = None
        self.orphans: list[Open] = []
        self._waiting: Instant | None = None

    def obey(self, policy: Policy) -> None:
        """Follow new settings from now on."""
        self.policy = policy
        self.reminders.policy = policy
        self.learning.policy = policy.reminders

    @property
    def thresholds(self) -> Thresholds:
        """The thresholds in force: as set, softened by what was learned."""
        return self.policy.thresholds.softened(self.learning.factors())

    # -- speaking

    def speak(self, scene: Scene, senses: Senses, calendar: Calendar) -> list[Effect]:
        """Settle what was said before; say the next thing if it may be said."""
        effects = self._bury(scene.now)
        effects += self.reminders.time_out(scene.now)
        effects += self._settle(scene)
        if scene.stand_in_s > 0:
            self.reminders.of(ReminderKind.STAND).ignored = 0
        hushed = self._hushed(scene.now, senses, calendar)
        if hushed is not None:
            self.silent, self._waiting = hushed, None
            return effects
        due, self.silent = self._choose(scene, senses)
        if due is not None:
            effects.append(self.reminders.show(due, scene.now))
        elif self.silent is None:
            self.silent = sight_reason(senses, scene.situation)
        return effects

    def _bury(self, now: Instant) -> list[Effect]:
        """Settle what was on the screen when the program ended."""
        orphans, self.orphans = self.orphans, []
        effects: list[Effect] = []
        for one in orphans:
            fate = Fate.UNDELIVERED if one.shown is None else Fate.EXPIRED
            effects += self.reminders.settle(one, fate, now, why=RESTARTED)
        return effects

    def _hushed(self, now: Instant, senses: Senses, calendar: Calendar) -> Silence | None:
        policy = self.policy.silence
        asked = self.hush.reason(now)
        if asked is not None:
            return asked
        reason = desktop_reason(policy, senses) or off_hours(policy, calendar.now)
        if reason is None and policy.in_full_screen and senses.session.full_screen:
            return Silence.FULL_SCREEN
        return reason

    def _choose(self, scene: Scene, senses: Senses) -> tuple[Due | None, Silence | None]:
        """The first due reminder that may be given now, or why none may."""
        held: Silence | None = None
        waits = False
        for due in agenda.draw_up(scene):
            hold = self.reminders.hold(due.kind, scene.now)
            if hold is not None:
                held = held or hold
                continue
            waits = True
            interrupts = self._typing(scene.now, senses) and not self._waited(scene.now)
            if not (interrupts or _leaving(scene, senses)):
                self._waiting = None
                return due, None
            self._waiting = self._waiting or scene.now
            held = Silence.NATURAL_PAUSE
            break
        if not waits:
            self._waiting = None
        return None, held

    def _waited(self, now: Instant) -> bool:
        waiting = self._waiting
        return waiting is not None and now - waiting >= self.policy.reminders.defer_s

    def _typing(self, now: Instant, senses: Senses) -> bool:
        """Would a word now break into the user's typing?"""
        idle_s, told = senses.session.idle_s, senses.session_at
        if self.policy.reminders.defer_s == 0 or idle_s is None or told is None:
            return False
        ended = senses.call_ended
        if ended is not None and now - ended < CALL_PAUSE_S:
            return False
        return now - told < SESSION_OLD_S and idle_s < self.policy.reminders.pause_s

    def _settle(self, scene: Scene) -> list[Effect]:
        effects: list[Effect] = []
        for reminder in self.reminders.shown():
            found = fates.find(reminder, scene)
            if found is None:
                continue
            if reminder.kind is ReminderKind.LOOK_AWAY and found.fate is Fate.EXPIRED:
                self.clocks.day.state.eyes_ignored += found.why is None
            if found.fate is Fate.HEEDED and reminder.kind is ReminderKind.POSTURE:
                self.clocks.posture.budget.refill(scene.now)  # science 5: correcting resets
            effects += self.reminders.settle(
                reminder,
                found.fate,
                scene.now,
                since=found.since,
                why=found.why,
                improvement=found.improvement,
            )
        return effects

    # -- hearing

    def delivered(self, told: Delivered, at: Instant, scene: Scene) -> list[Effect]:
        """The notifier's answer."""
        if not told.ok:
            return self.reminders.failed(told.reminder_id, at, told.why)
        shown = self.reminders.delivered(told.reminder_id, at)
        if shown is None:
            return []
        self._said(shown, at, scene)
        return [ReminderFate(at, shown.id, shown.kind, Fate.SHOWN, 0.0)]

    def _said(self, shown: Open, at: Instant, scene: Scene) -> None:
        """Start afresh what was just said."""
        day, kind = self.clocks.day.state, shown.kind
        if kind in (ReminderKind.POSTURE, ReminderKind.TOO_CLOSE):
            # One correction usually cures both: do not say it twice.
            self.clocks.posture.budget.refill(at)
            self.clocks.close.budget.refill(at)
        elif kind is ReminderKind.LOOK_AWAY:
            self.clocks.eyes.clear(at)
        elif kind is ReminderKind.LUNCH:
            day.lunch_said = True
        elif kind is ReminderKind.DAILY:
            day.hours_said = scene.hours_reached
        elif kind is ReminderKind.TIP:
            self.clocks.habits.state.last_tip = shown.topic

    def _unsaid(self, kind: ReminderKind, at: Instant) -> None:
        """What was put off is still to be said."""
        day = self.clocks.day.state
        if kind is ReminderKind.LOOK_AWAY:
            self.clocks.eyes.owe(at)
        elif kind is ReminderKind.LUNCH:
            day.lunch_said = False
        elif kind is ReminderKind.DAILY:
            day.hours_said = max(day.hours_said - 1, 0)

    def answer(self, action: Action, at: Instant) -> list[Effect]:
        """The user said something; the last effect tells what came of it."""
        effects, answered = self._obeyed(action, at)
        return [*effects, answered]

    def _obeyed(self, action: Action, at: Instant) -> tuple[list[Effect], Answered]:
        plainly = Answered(at, action)
        match action.kind:
            case ActionKind.PAUSE:
                self.hush.pause(at, action.seconds)
                if action.seconds is not None:
                    plainly = replace(plainly, seconds=granted_s(action.seconds))
            case ActionKind.RESUME:
                ended = self.hush.reason(at)
                outcome = Outcome.NOTHING if ended is None else Outcome.DONE
                plainly = replace(plainly, outcome=outcome, ended=ended)
                self.hush.resume()
            case ActionKind.STANDING | ActionKind.SITTING:
                self.clocks.stance.say(standing=action.kind is ActionKind.STANDING, at=at)
                return self._dismiss_all(at, _ANSWERED_BY[action.kind]), plainly
            case ActionKind.BREAK_NOW:
                seconds = granted_s(action.seconds or self.policy.sitting.break_min * 60)
                self.hush.rest(at, seconds)
                plainly = replace(plainly, seconds=seconds)
                return self._dismiss_all(at, tuple(ReminderKind)), plainly
            case ActionKind.UNDO_WRONG_ALARM:
                return self._undo(action, at)
            case _:
                return self._answer_reminder(action, at)
        return [], plainly

    def _answer_reminder(self, action: Action, at: Instant) -> tuple[list[Effect], Answered]:
        if action.kind is ActionKind.SNOOZE:
            return self._snooze(action, at)
        if action.kind is ActionKind.WRONG_ALARM:
            return self._wrong(action, at)
        return self._done(action, at)

    def _snooze(self, action: Action, at: Instant) -> tuple[list[Effect], Answered]:
        seconds = granted_s(action.seconds or self.policy.reminders.snooze_min * 60)
        found = self.reminders.find(action.reminder_id)
        if found is None:
            if action.reminder_id is not None:
                return [], Answered(at, action, Outcome.NO_REMINDER)
            self.hush.snooze(at, seconds)
            return [], Answered(at, action, Outcome.EVERYTHING, seconds=seconds)
        k = self.reminders.of(found.kind)
        k.snoozed_until, k.delivered = after(at, seconds), None
        self._unsaid(found.kind, at)
        effects = self.reminders.settle(found, Fate.SNOOZED, at)
        return effects, Answered(at, action, kind=found.kind, seconds=seconds)

    def _done(self, action: Action, at: Instant) -> tuple[list[Effect], Answered]:
        found = self.reminders.find(action.reminder_id)
        if found is None:
            return [], Answered(at, action, Outcome.NO_REMINDER)
        answered = Answered(at, action, kind=found.kind)
        if found.kind is ReminderKind.TIP:
            return self.reminders.settle(found, Fate.HEEDED, at), answered
        return self._dismiss(found, at), answered

    def _dismiss_all(self, at: Instant, kinds: tuple[ReminderKind, ...]) -> list[Effect]:
        shown = [found for found in self.reminders.shown() if found.kind in kinds]
        return [effect for found in shown for effect in self._dismiss(found, at)]

    def _dismiss(self, found: Open, at: Instant) -> list[Effect]:
        """Off the screen; whether it is heeded is still watched."""
        if found.dismissed:
            return []
        found.dismissed = True
        return [WithdrawReminder(at, found.id)]

    def _wrong(self, action: Action, at: Instant) -> tuple[list[Effect], Answered]:
        found = self.reminders.find(action.reminder_id) or self.reminders.past(action.reminder_id)
        if found is None:
            return [], Answered(at, action, Outcome.NO_REMINDER)
        if found.kind is ReminderKind.STAND:
            self.clocks.sitting.reset(at)
        effects = self.reminders.settle(found, Fate.WRONG_ALARM, at)
        if found.banded is None or not self.learning.soften(found.banded):
            return effects, Answered(at, action, Outcome.NO_LAXER, found.kind)
        factor = self.learning.factor(found.banded)
        effects.append(Learned(at, found.banded, factor))
        return effects, Answered(at, action, Outcome.DONE, found.kind, found.banded, factor)

    def _undo(self, action: Action, at: Instant) -> tuple[list[Effect], Answered]:
        banded = self.learning.undo()
        if banded is None:
            return [], Answered(at, action, Outcome.NOTHING)
        factor = self.learning.factor(banded)
        answered = Answered(at, action, measure=banded, factor=factor)
        return [Learned(at, banded, factor)], answered


def _leaving(scene: Scene, senses: Senses) -> bool:
    """Has the user just gone from the picture, and may be gone? Nobody would read a word now."""
    reading = senses.reading
    there = scene.situation.presence is Presence.PRESENT
    return there and reading is not None and reading.presence is Presence.AWAY


_ANSWERED_BY: Mapping[ActionKind, tuple[ReminderKind, ...]] = {
    ActionKind.STANDING: (ReminderKind.STAND,),
    ActionKind.SITTING: (ReminderKind.STANDING_LONG,),
}
