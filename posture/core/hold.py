"""Sitting still for ten seconds: a countdown that runs while everything is right."""

from __future__ import annotations

from posture.clock import Instant
from posture.core.inputs import CameraLost
from posture.core.landmarks import Landmarks
from posture.core.live_checks import Finding, Mark, all_good, first_bad

# Chosen: everything has been right for this long before the countdown begins.
_SETTLE_S = 1.0
# Chosen: a blink or one missed face breaks nothing; without pictures nothing is known.
_GRACE_S = 0.7
_SILENT_S = 2.0


class Hold:
    """Collects the pictures of ``hold_s`` unbroken seconds.

    ``broke``: what ended the last attempt.
    """

    def __init__(self, hold_s: float) -> None:
        self.hold_s = hold_s
        self.taken: list[Landmarks] = []
        self.broke: Finding | None = None
        self._good_since: Instant | None = None
        self._good_at: Instant | None = None

    @property
    def remaining_s(self) -> float | None:
        """Seconds left to sit still; None while the countdown waits."""
        if not self.taken:
            return None
        return max(0.0, self.hold_s - (self.taken[-1].at - self.taken[0].at))

    @property
    def done(self) -> bool:
        """Has it been long enough?"""
        return self.remaining_s == 0.0

    def see(self, item: Landmarks | CameraLost, findings: tuple[Finding, ...]) -> None:
        """Take one picture and what is right about it."""
        if self._good_at is not None and item.at - self._good_at > _SILENT_S:
            self._stop(first_bad(findings) if self.taken else None)
        if isinstance(item, CameraLost) or not all_good(findings):
            self._bad(item.at, findings)
            return
        if self._good_since is None:
            self._good_since = item.at
        self._good_at = item.at
        if self.taken or item.at - self._good_since >= _SETTLE_S:
            self.broke = None
            self.taken.append(item)

    def _bad(self, at: Instant, findings: tuple[Finding, ...]) -> None:
        lately = self._good_at is not None and at - self._good_at <= _GRACE_S
        if not lately:
            wrong = first_bad(findings)
            self._stop(wrong if self.taken else None)

    def _stop(self, broke: Finding | None) -> None:
        if broke is not None and broke.mark is Mark.BAD:
            self.broke = broke
        self.taken = []
        self._good_since = self._good_at = None
