"""Watches of strain: posture and distance to the screen, each with a budget and its episode."""

from __future__ import annotations

from dataclasses import dataclass

from posture.clock import Instant
from posture.core.budget import FREEZE, RECOVER, Budget, Flow, drain
from posture.core.faults import UNJUDGED, Fault, Verdict, judge
from posture.core.policy import ClosePolicy, PosturePolicy
from posture.core.reading import Label, Level, Reading
from posture.core.staleness import RESIZED
from posture.core.thresholds import NEAR, Thresholds

# A reader holds a new label for a few seconds before it tells; nothing is back-dated further.
BACKDATE_S = 15.0
# Not seen for this long ends a stretch of strain (chosen).
FORGET_S = 120.0


@dataclass(slots=True)
class Episode:
    """One stretch of strain: when it began, and since when there is relief."""

    relief_s: float
    began: Instant | None = None
    relieved: Instant | None = None
    lost: Instant | None = None

    def bad(self, since: Instant) -> None:
        """Strain since *since*; relief shorter than ``relief_s`` does not end an episode."""
        forgotten = self.lost is not None and since - self.lost >= FORGET_S
        if self.began is None or forgotten or self.relief_lasted(since):
            self.began = since
        self.relieved = self.lost = None

    def good(self, since: Instant) -> None:
        """Relief since *since*."""
        self.lost = None
        if self.relieved is None:
            self.relieved = since

    def unknown(self, since: Instant) -> None:
        """Neither can be told: a relief not yet proven must begin anew."""
        if self.lost is None:
            self.lost = since
        self.relieved = None

    def relief_lasted(self, now: Instant) -> bool:
        """Has relief lasted long enough to end the episode?"""
        return self.relieved is not None and now - self.relieved >= self.relief_s


class Onset:
    """Since when a change holds: as long as its new label, if it came with one."""

    def __init__(self) -> None:
        self._label: Label | None = None

    def of(self, reading: Reading, label_since: Instant) -> Instant:
        """When what *reading* newly says began."""
        fresh = reading.label is not self._label
        self._label = reading.label
        if not fresh or reading.at - label_since > BACKDATE_S:
            return reading.at
        return label_since


class PostureWatch:
    """Patience with a strained posture."""

    def __init__(self, policy: PosturePolicy, thresholds: Thresholds) -> None:
        self.budget = Budget(policy.limit_s)
        self.episode = Episode(policy.correct_s)
        self.verdict: Verdict = UNJUDGED
        self.obey(policy, thresholds)

    def obey(self, policy: PosturePolicy, thresholds: Thresholds) -> None:
        """Follow new settings from now on."""
        self.policy, self.thresholds = policy, thresholds
        self.budget.recovery_s = policy.limit_s
        self.episode.relief_s = policy.correct_s

    def see(self, reading: Reading, since: Instant) -> None:
        """Judge a reading of a user who is present; what is new in it holds since *since*."""
        self.verdict = judge(reading, self.thresholds, self.policy)
        if not self.verdict.judged:
            self.lose(since)
        elif self.verdict.fault is None:
            self.budget.turn(RECOVER, since)
            self.episode.good(since)
        else:
            self.budget.turn(drain(self.verdict.fault.dwell_s), since)
            self.episode.bad(since)

    def lose(self, since: Instant) -> None:
        """Nothing can be told since *since*: no credit, no debit."""
        self.verdict = UNJUDGED
        self.budget.turn(FREEZE, since)
        self.episode.unknown(since)

    def leave(self, since: Instant) -> None:
        """The user left the desk: relief."""
        self.verdict = UNJUDGED
        self.budget.turn(RECOVER, since)
        self.episode.good(since)

    def due(self, now: Instant) -> Fault | None:
        """The fault to speak of at *now*, or None."""
        return self.verdict.fault if self.budget.empty(now) else None


class CloseWatch:
    """Patience with eyes too close to the screen."""

    def __init__(self, policy: ClosePolicy, thresholds: Thresholds) -> None:
        self.budget = Budget(policy.limit_s)
        self.episode = Episode(relief_s=10.0)  # as long as a posture must be corrected
        self.level = Level.UNKNOWN
        self.obey(policy, thresholds)

    def obey(self, policy: ClosePolicy, thresholds: Thresholds) -> None:
        """Follow new settings from now on."""
        self.policy, self.thresholds = policy, thresholds
        self.budget.recovery_s = policy.limit_s

    def see(self, reading: Reading, since: Instant) -> None:
        """Judge the distance of a user who is present; what is new holds since *since*."""
        self.level = self._judge(reading)
        if self.level is Level.UNKNOWN:
            self.lose(since)
        elif self.level is Level.GOOD:
            self.budget.turn(RECOVER, since)
            self.episode.good(since)
        else:
            self.budget.turn(self._flow(), since)
            self.episode.bad(since)

    def _flow(self) -> Flow:
        limit = self.level is Level.LIMIT
        return drain(self.policy.limit_s if limit else self.policy.warn_s)

    def _judge(self, reading: Reading) -> Level:
        distance = reading.metrics.distance_cm
        level = reading.states.get("distance_cm", Level.UNKNOWN)
        if distance is None or reading.looking_away or level is Level.UNKNOWN:
            return Level.UNKNOWN
        if reading.stale_calibration in RESIZED:
            return Level.UNKNOWN
        # The state of the distance speaks of both too near and too far.
        middle = (self.thresholds.band(NEAR).warn + self.thresholds.far_warn_cm) / 2
        return level if distance < middle else Level.GOOD

    def lose(self, since: Instant) -> None:
        """Nothing can be told since *since*."""
        self.level = Level.UNKNOWN
        self.budget.turn(FREEZE, since)
        self.episode.unknown(since)

    def leave(self, since: Instant) -> None:
        """The user left the desk: relief."""
        self.level = Level.UNKNOWN
        self.budget.turn(RECOVER, since)
        self.episode.good(since)

    def due(self, now: Instant) -> bool:
        """Has it been too close for too long?"""
        return self.level in _NEAR and self.budget.empty(now)


_NEAR = (Level.WARN, Level.LIMIT)
