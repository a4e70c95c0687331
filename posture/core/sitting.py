"""Sitting: how long without a real break, and what the body does.

The clock is carried over from one situation to the next and never counted in steps, so a change
may be back-dated and the story is the same at any rate of pictures.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from posture.clock import Instant
from posture.core.effects import Activity
from posture.core.moments import later
from posture.core.policy import SittingPolicy

# Not seen for this long: a waiting clock is worth nothing any more (chosen).
STALE_S = 3600.0


class Base(StrEnum):
    """What is known of the body."""

    SITTING = "sitting"
    STANDING = "standing"
    ABSENT = "absent"
    BLIND = "blind"


_UP = (Base.ABSENT, Base.STANDING)


@dataclass(slots=True)
class SittingState:
    """What must outlive a restart. ``carry_s``: the clock when ``base`` began.

    ``rose``: when the user left the chair. ``held``: the activity before the user was lost from
    sight. ``prior_*``: what to go back to when a short blindness ends in what it began in.
    """

    carry_s: float = 0.0
    base: Base = Base.BLIND
    since: Instant | None = None
    rose: Instant | None = None
    bout_began: Instant | None = None
    held: Activity = Activity.UNKNOWN
    held_began: Instant | None = None
    prior_base: Base | None = None
    prior_since: Instant | None = None
    prior_rose: Instant | None = None
    prior_carry_s: float = 0.0
    prior_held: Activity = Activity.UNKNOWN

    def __post_init__(self) -> None:
        if min(self.carry_s, self.prior_carry_s) < 0:
            raise ValueError("a clock cannot be negative")


@dataclass(slots=True)
class SittingClock:
    """Minutes of sitting since the last real break."""

    policy: SittingPolicy
    state: SittingState = field(default_factory=SittingState)

    def turn(self, base: Base, since: Instant) -> None:
        """The body is known to be *base* since *since* (not before the last change)."""
        s = self.state
        if base is s.base and s.since is not None:
            return
        if s.since is None:
            s.base, s.since = base, since
            s.rose = since if base in _UP else None
            if base is Base.SITTING:
                s.bout_began = since
            return
        since = later(since, s.since)
        if self._rejoin(base, since):
            return
        carry_s = s.carry_s if s.base is Base.ABSENT and base in _UP else self.seconds(since)
        if s.base is Base.BLIND and since - s.since >= STALE_S:
            carry_s = 0.0
        s.prior_base, s.prior_since, s.prior_rose = s.base, s.since, s.rose
        s.prior_carry_s, s.prior_held = s.carry_s, s.held
        s.held, s.held_began = self.activity(since)
        if base is Base.SITTING and (carry_s == 0.0 or s.bout_began is None):
            s.bout_began = since
        if base not in _UP:
            s.rose = None
        elif s.base not in _UP:
            s.rose = since
        s.base, s.since, s.carry_s = base, since, carry_s

    def _rejoin(self, base: Base, since: Instant) -> bool:
        """Back from a short blindness to the absence or standing it interrupted."""
        s = self.state
        if s.base is not Base.BLIND or s.prior_base is not base or s.since is None:
            return False
        if base not in _UP or since - s.since > self.policy.unknown_s:
            return False
        s.base, s.since, s.carry_s = base, s.prior_since, s.prior_carry_s
        s.rose, s.held = s.prior_rose, s.prior_held
        return True

    def seconds(self, now: Instant) -> float:
        """The sitting clock at *now*."""
        s = self.state
        elapsed = 0.0 if s.since is None else max(now - s.since, 0.0)
        if s.base is Base.SITTING:
            return s.carry_s + elapsed
        up_s = 0.0 if s.rose is None else max(now - s.rose, 0.0)
        if s.base is Base.ABSENT:
            return self._credited(up_s)
        if s.base is Base.STANDING:
            return 0.0 if up_s >= self.policy.min_break_s else s.carry_s
        if s.held is Activity.SITTING:
            return s.carry_s + min(elapsed, self.policy.unknown_s)
        return s.carry_s

    def _credited(self, away_s: float) -> float:
        carry_s = self.state.carry_s
        if away_s < self.policy.min_break_s:
            return carry_s
        if away_s >= self.policy.break_min * 60:
            return 0.0
        return max(carry_s - self.policy.credit * away_s, 0.0)

    def activity(self, now: Instant) -> tuple[Activity, Instant | None]:
        """What the body does at *now*, and since when (back-dated)."""
        s = self.state
        if s.since is None:
            return Activity.UNKNOWN, None
        elapsed = now - s.since
        if s.base is Base.SITTING:
            return Activity.SITTING, s.since
        if s.base is Base.STANDING:
            return Activity.STANDING, s.since
        if s.base is Base.ABSENT and elapsed >= self.policy.min_break_s:
            return Activity.AWAY, s.since
        if s.base is Base.BLIND and elapsed >= self.policy.unknown_s:
            return Activity.UNKNOWN, s.since.shifted(self.policy.unknown_s)
        return s.held, s.held_began

    @property
    def counting(self) -> bool:
        """Is the clock running on evidence, not merely on patience?"""
        return self.state.base is Base.SITTING

    def reset(self, now: Instant) -> None:
        """The user says the clock is wrong: start at zero."""
        self.state.carry_s = 0.0
        if self.state.since is not None:
            self.state.since = later(now, self.state.since)
        self.state.bout_began = now
