"""Eyes: how long on the screen without looking away, and what the user did about it unasked."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from posture.clock import Instant
from posture.core.moments import later
from posture.core.policy import EyesPolicy


class Gaze(StrEnum):
    """Where the eyes are."""

    SCREEN = "screen"
    AWAY = "away"
    UNKNOWN = "unknown"


@dataclass(slots=True)
class EyesState:
    """What must outlive a restart. ``carry_s``: near work when ``gaze`` began."""

    carry_s: float = 0.0
    gaze: Gaze = Gaze.UNKNOWN
    since: Instant | None = None
    began: Instant | None = None

    def __post_init__(self) -> None:
        if self.carry_s < 0:
            raise ValueError("a clock cannot be negative")


@dataclass(slots=True)
class Eyes:
    """Seconds of near work since the last rest; glances away stop the count, rests clear it."""

    policy: EyesPolicy
    state: EyesState = field(default_factory=EyesState)

    def turn(self, gaze: Gaze, since: Instant) -> None:
        """The eyes are *gaze* since *since* (not before the last change)."""
        s = self.state
        if gaze is s.gaze and s.since is not None:
            return
        since = since if s.since is None else later(since, s.since)
        s.carry_s = self.seconds(since)
        if gaze is Gaze.SCREEN and (s.carry_s == 0.0 or s.began is None):
            s.began = since
        s.gaze, s.since = gaze, since

    def seconds(self, now: Instant) -> float:
        """Near work at *now*."""
        s = self.state
        if s.since is None:
            return 0.0
        if s.gaze is Gaze.SCREEN:
            return s.carry_s + max(now - s.since, 0.0)
        return 0.0 if self.rested_s(now) >= self.policy.rest_s else s.carry_s

    def rested_s(self, now: Instant, after: Instant | None = None) -> float:
        """Length of the present look away, counted from *after* at the earliest."""
        s = self.state
        if s.gaze is not Gaze.AWAY or s.since is None:
            return 0.0
        begin = s.since if after is None else later(s.since, after)
        return max(now - begin, 0.0)

    def clear(self, now: Instant) -> None:
        """Start counting afresh: a reminder was given."""
        self.state.carry_s = 0.0
        if self.state.since is not None:
            self.state.since = later(now, self.state.since)
        self.state.began = now

    def owe(self, now: Instant) -> None:
        """The reminder was put off: a rest is due as soon as it may be said again."""
        self.clear(now)
        self.state.carry_s = self.policy.near_min * 60
