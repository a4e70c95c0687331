"""Reminders: who may speak, how often, and what became of it.

The cool-down starts when a reminder reached the screen; what was not delivered is tried again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from posture.clock import Instant
from posture.core.effects import (
    Effect,
    Fate,
    ReminderFate,
    ReminderKind,
    ShowReminder,
    WithdrawReminder,
)
from posture.core.inputs import ActionKind
from posture.core.policy import Policy
from posture.core.silence import Silence

HOUR_S = 3600.0
# No answer from the notifier within this: not delivered (chosen).
ANSWER_S = 30.0
# Why a fate is what it is, for the tables of words; a notifier's own words say the rest.
NO_ANSWER = "no answer"
RESTARTED = "restarted"
NOT_SEEN = "not seen"
# Wait before trying an undelivered one again, doubled each time (chosen).
RETRY_S = 60.0
RETRY_MAX_S = 960.0
# Cool-down times this when ignored never, once, twice, more in a row (science 5: 10, 20, 40 min).
BACK_OFF = (1, 1, 2, 4)
# Settled reminders that can still be called a wrong alarm (chosen).
PAST = 5


@dataclass(frozen=True, slots=True)
class Due:
    """Something worth saying. ``banded``: the threshold it is about, where there is one.

    ``topic``: what a tip is about.
    """

    kind: ReminderKind
    began: Instant
    title: str
    text: str
    measures: Mapping[str, float] = field(default_factory=dict)
    banded: str | None = None
    buttons: tuple[ActionKind, ...] = ()
    topic: str | None = None


@dataclass(slots=True)
class KindState:
    """What is remembered of one kind of reminder."""

    delivered: Instant | None = None
    ignored: int = 0
    snoozed_until: Instant | None = None
    retry_at: Instant | None = None
    failures: int = 0

    def __post_init__(self) -> None:
        if min(self.ignored, self.failures) < 0:
            raise ValueError("a count cannot be negative")


@dataclass(slots=True)
class Open:
    """A reminder that is not settled. ``shown``: when it reached the screen."""

    id: int
    kind: ReminderKind
    asked: Instant
    began: Instant
    measures: dict[str, float]
    banded: str | None = None
    shown: Instant | None = None
    dismissed: bool = False
    topic: str | None = None


@dataclass(slots=True)
class Said:
    """A reminder of the last hour."""

    at: Instant
    kind: ReminderKind


@dataclass(slots=True)
class RemindersState:
    """What must outlive a restart."""

    next_id: int = 1
    kinds: dict[ReminderKind, KindState] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    past: list[Open] = field(default_factory=list)
    open: list[Open] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.next_id < 1:
            raise ValueError("reminders are numbered from 1")


class Reminders:
    """The one place that lets a reminder through."""

    def __init__(self, policy: Policy, first_id: int = 1) -> None:
        self.policy = policy
        self.state = RemindersState(next_id=first_id)
        self._texts: dict[int, ShowReminder] = {}

    def of(self, kind: ReminderKind) -> KindState:
        """What is remembered of *kind*."""
        return self.state.kinds.setdefault(kind, KindState())

    @property
    def unanswered(self) -> Open | None:
        """The reminder the notifier has not answered for yet."""
        return next((o for o in self.state.open if o.shown is None), None)

    @property
    def on_screen(self) -> ShowReminder | None:
        """The newest reminder that is shown and not settled."""
        shown = [o.id for o in self.state.open if o.shown is not None and not o.dismissed]
        return self._texts.get(shown[-1]) if shown else None

    def last_said(self) -> Instant | None:
        """When anything was last said."""
        return self.state.said[-1].at if self.state.said else None

    def cooling(self, kind: ReminderKind, cooldown_s: float, now: Instant) -> bool:
        """Is *kind* resting: cool-down, snooze, retry, or not settled yet?"""
        k = self.of(kind)
        if any(o.kind is kind and not o.dismissed for o in self.state.open):
            return True
        if k.delivered is not None and now - k.delivered < cooldown_s:
            return True
        waits = (k.snoozed_until, k.retry_at)
        return any(until is not None and now.mono < until.mono for until in waits)

    def backed_off(self, kind: ReminderKind, cooldown_min: float) -> float:
        """Seconds of cool-down: once, twice, four times as long the more it is ignored."""
        ignored = self.of(kind).ignored
        return cooldown_min * 60.0 * BACK_OFF[min(ignored, len(BACK_OFF) - 1)]

    def hold(self, kind: ReminderKind, now: Instant) -> Silence | None:
        """Why no reminder of *kind* may be given although it is due."""
        r = self.policy.reminders
        recent = [said for said in self.state.said if now - said.at < HOUR_S]
        if self.unanswered is not None or (recent and now - recent[-1].at < r.spacing_s):
            return Silence.JUST_DELIVERED
        if len(recent) >= r.max_per_hour:
            return Silence.HOURLY_LIMIT
        own = sum(said.kind is kind for said in recent)
        if kind is ReminderKind.POSTURE and own >= self.policy.posture.max_per_hour:
            return Silence.HOURLY_LIMIT
        return None

    def show(self, due: Due, now: Instant) -> ShowReminder:
        """Let *due* through."""
        s = self.state
        shown = ShowReminder(
            now, s.next_id, due.kind, due.title, due.text, due.began, due.measures, due.buttons
        )
        s.next_id += 1
        s.said = [said for said in s.said if now - said.at < HOUR_S]
        s.said.append(Said(now, due.kind))
        s.open.append(
            Open(
                shown.id, due.kind, now, due.began, dict(due.measures), due.banded, topic=due.topic
            )
        )
        self._texts[shown.id] = shown
        return shown

    def delivered(self, reminder_id: int, at: Instant) -> Open | None:
        """The notifier showed it; None when it is not awaited."""
        found = self._awaited(reminder_id)
        if found is None:
            return None
        found.shown = at
        k = self.of(found.kind)
        k.delivered, k.retry_at, k.failures = at, None, 0
        return found

    def failed(self, reminder_id: int, at: Instant, why: str | None) -> list[Effect]:
        """The notifier could not show it: it uses up no share of the hour, and is tried again."""
        found = self._awaited(reminder_id)
        if found is None:
            return []
        s = self.state
        s.said = [one for one in s.said if (one.kind, one.at) != (found.kind, found.asked)]
        return self._give_up(found, at, why)

    def _give_up(self, found: Open, at: Instant, why: str | None) -> list[Effect]:
        k = self.of(found.kind)
        k.retry_at = at.shifted(min(RETRY_S * 2 ** min(k.failures, 10), RETRY_MAX_S))
        k.failures += 1
        self._drop(found)
        return [ReminderFate(at, found.id, found.kind, Fate.UNDELIVERED, why=why)]

    def _awaited(self, reminder_id: int) -> Open | None:
        return next((o for o in self.state.open if o.id == reminder_id and o.shown is None), None)

    def time_out(self, now: Instant) -> list[Effect]:
        """Give up on an answer that does not come. It may have been seen: it counts as said."""
        waiting = self.unanswered
        if waiting is None or now - waiting.asked < ANSWER_S:
            return []
        return self._give_up(waiting, now, NO_ANSWER)

    def find(self, reminder_id: int | None) -> Open | None:
        """The reminder of that number, or the newest one on the screen."""
        shown = [o for o in self.state.open if o.shown is not None]
        if reminder_id is None:
            return shown[-1] if shown else None
        return next((o for o in shown if o.id == reminder_id), None)

    def settle(
        self,
        found: Open,
        fate: Fate,
        at: Instant,
        *,
        since: Instant | None = None,
        why: str | None = None,
        improvement: Mapping[str, float] | None = None,
    ) -> list[Effect]:
        """Close a shown reminder with its fate; ``since``: when it was heeded (back-dated)."""
        k = self.of(found.kind)
        if fate is Fate.EXPIRED and why is None:
            k.ignored += 1
        elif fate in (Fate.HEEDED, Fate.WRONG_ALARM):
            k.ignored = 0
        shown = found.shown or at
        after_s = max((since or at) - shown, 0.0)
        effects: list[Effect] = []
        if not found.dismissed and found in self.state.open:
            effects.append(WithdrawReminder(at, found.id))
        self._drop(found, keep=fate is not Fate.WRONG_ALARM)
        told = ReminderFate(at, found.id, found.kind, fate, after_s, why, improvement or {})
        return [told, *effects]

    def _drop(self, found: Open, *, keep: bool = True) -> None:
        if found in self.state.open:
            self.state.open.remove(found)
        if found in self.state.past:
            self.state.past.remove(found)
        elif keep and found.shown is not None:
            self.state.past = [*self.state.past, found][-PAST:]
        self._texts.pop(found.id, None)

    def past(self, reminder_id: int | None) -> Open | None:
        """A settled reminder the user may still call a wrong alarm: by number, or the last."""
        past = self.state.past
        if reminder_id is None:
            return past[-1] if past else None
        return next((o for o in past if o.id == reminder_id), None)

    def shown(self) -> Iterable[Open]:
        """The reminders waiting for their fate."""
        return [o for o in self.state.open if o.shown is not None]
