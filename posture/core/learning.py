"""Learning: each wrong alarm makes its threshold laxer, within a clamp, and can be taken back."""

from __future__ import annotations

from dataclasses import dataclass, field

from posture.core.policy import RemindersPolicy
from posture.core.thresholds import BANDED

# So many wrong alarms can be taken back (chosen).
REMEMBERED = 50


@dataclass(slots=True)
class LearningState:
    """The thresholds softened, in order; one name per wrong alarm."""

    history: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if len(self.history) > REMEMBERED or any(name not in BANDED for name in self.history):
            raise ValueError("unknown threshold, or too many")


@dataclass(slots=True)
class Learning:
    """How much laxer each threshold is than set."""

    policy: RemindersPolicy
    state: LearningState = field(default_factory=LearningState)

    def factor(self, banded: str) -> float:
        """1.0 = as set."""
        times = self.state.history.count(banded) if self.policy.learn else 0
        return min((1.0 + self.policy.learn_step) ** times, self.policy.learn_max)

    def factors(self) -> dict[str, float]:
        """Every threshold that is laxer than set."""
        return {name: self.factor(name) for name in BANDED if name in self.state.history}

    def soften(self, banded: str) -> bool:
        """Learn from a wrong alarm; False when that threshold is as lax as it may be."""
        if not self.policy.learn or self.factor(banded) >= self.policy.learn_max:
            return False
        if len(self.state.history) >= REMEMBERED:
            return False
        self.state.history.append(banded)
        return True

    def undo(self) -> str | None:
        """Take the last lesson back; returns the threshold's name."""
        return self.state.history.pop() if self.state.history else None
