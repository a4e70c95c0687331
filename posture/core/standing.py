"""Standing: the camera's word or the user's, and how long on the feet."""

from __future__ import annotations

from dataclasses import dataclass, field

from posture.clock import Instant
from posture.core.effects import Activity
from posture.core.moments import later
from posture.core.policy import SittingPolicy
from posture.core.reading import Label, Reading

# Science 5: sitting for 2 min ends a standing bout.
SAT_S = 120.0
# Science 6: the eyes must stay up for 10 s; sitting down is believed sooner (chosen).
ROSE_HOLD_S = 10.0
SAT_HOLD_S = 3.0


@dataclass(slots=True)
class StanceState:
    """What the user said, and what the camera said when the user said it."""

    said: bool | None = None
    said_at: Instant | None = None
    camera_then: bool | None = None


@dataclass(slots=True)
class Stance:
    """Is the user on the feet? Where a camera rides on the desk only the user can tell."""

    state: StanceState = field(default_factory=StanceState)
    camera: bool | None = None
    camera_since: Instant | None = None
    _next: tuple[bool, Instant] | None = None

    def see(self, reading: Reading, since: Instant) -> None:
        """Take the camera's word, new since *since*; it is believed after a hold, back-dated."""
        seen = reading.standing
        if seen is None and reading.label is Label.STANDING:
            seen = True
        if seen is None:
            return
        if seen is bool(self.camera):
            self._next = None
            if self.camera is None:
                self._believe(seen, None)
            return
        if self._next is None:
            self._next = (seen, since)
        if reading.at - self._next[1] >= (ROSE_HOLD_S if seen else SAT_HOLD_S):
            self._believe(*self._next)

    def _believe(self, seen: bool, since: Instant | None) -> None:
        """A change of the camera's word overrules what the user said before."""
        self.camera, self.camera_since, self._next = seen, since, None
        if self.state.said is None:
            return
        if self.state.camera_then is None:
            self.state.camera_then = seen
        elif self.state.camera_then is not seen:
            self.state = StanceState()

    def lose(self) -> None:
        """The user is not seen: a change under way must show itself anew."""
        self._next = None

    def leave(self) -> None:
        """The user is gone: who comes back may sit or stand."""
        self.camera = self.camera_since = self._next = None

    def say(self, standing: bool, at: Instant) -> None:
        """Take the user's word."""
        self.state = StanceState(standing, at, self.camera)

    def forget(self) -> None:
        """After a long absence the user's word is old."""
        self.state = StanceState()

    @property
    def standing(self) -> bool:
        """On the feet, as far as is known."""
        return bool(self.camera if self.state.said is None else self.state.said)

    @property
    def since(self) -> Instant | None:
        """Since when."""
        return self.camera_since if self.state.said is None else self.state.said_at


@dataclass(slots=True)
class StandingState:
    """What must outlive a restart."""

    carry_s: float = 0.0
    activity: Activity = Activity.UNKNOWN
    since: Instant | None = None
    bout_began: Instant | None = None

    def __post_init__(self) -> None:
        if self.carry_s < 0:
            raise ValueError("a clock cannot be negative")


@dataclass(slots=True)
class StandingClock:
    """Seconds on the feet since the last sit-down or walk."""

    policy: SittingPolicy
    state: StandingState = field(default_factory=StandingState)

    def turn(self, activity: Activity, since: Instant) -> None:
        """The body does *activity* since *since*."""
        s = self.state
        if activity is s.activity and s.since is not None:
            return
        since = since if s.since is None else later(since, s.since)
        if activity is Activity.STANDING:
            if self._rested(since):
                s.carry_s, s.bout_began = 0.0, since
        else:
            s.carry_s = self.seconds(since)
        s.activity, s.since = activity, since

    def _rested(self, now: Instant) -> bool:
        s = self.state
        if s.since is None or s.bout_began is None:
            return True
        needed_s = self.policy.min_break_s if s.activity is Activity.AWAY else SAT_S
        return now - s.since >= needed_s

    def seconds(self, now: Instant) -> float:
        """The standing clock at *now*; 0 once rested."""
        s = self.state
        if s.activity is Activity.STANDING and s.since is not None:
            return s.carry_s + max(now - s.since, 0.0)
        return 0.0 if self._rested(now) else s.carry_s
