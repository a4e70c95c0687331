"""Senses: what is held true now, from the last picture and from what the desktop says."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from posture.clock import Instant
from posture.core.inputs import Session
from posture.core.moments import later
from posture.core.reading import Label, Presence, Reading
from posture.core.sampling import GAP_S

# Longer without any word at all and the machine slept (chosen; the sitting clock's patience).
SLEEP_S = 120.0
# Keyboard or mouse used within this: somebody is there (chosen).
INPUT_FRESH_S = 60.0
# Chosen: nothing asks for longer, and no clock counts as far back as a damaged answer.
LONGEST_IDLE_S = 30 * 86400.0
# Input this much later than the face left was made by somebody (chosen: the idle clock's grain).
INPUT_AFTER_S = 2.0
# The desktop tells of keyboard and mouse at least this often.
INPUT_TOLD_S = 12.0
# Whoever comes back and types is seen within this (chosen: a look every ten seconds).
FACE_FOLLOWS_S = 12.0

NO_PICTURE = "no picture"
INPUT_WITHOUT_FACE = "input without a face"
ASLEEP = "asleep"
LOCKED = "locked"


class CameraState(StrEnum):
    """What the camera does."""

    OPEN = "open"
    LOST = "lost"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Situation:
    """The user as far as is known: presence since when and why, posture since when.

    ``trusted``: the last picture is fresh and shows the user.
    """

    presence: Presence
    since: Instant
    reason: str | None
    label: Label
    label_since: Instant
    trusted: bool


class Senses:
    """Joins pictures, camera and desktop. All instants are those of the inputs."""

    def __init__(self) -> None:
        self.reading: Reading | None = None
        self.session = Session()
        self.session_at: Instant | None = None
        self.camera = CameraState.OPEN
        self.camera_reason: str | None = None
        self.last_input: Instant | None = None
        self.call_ended: Instant | None = None
        self.interval_s = 1.0
        self._floor: Instant | None = None
        self._typing_since: Instant | None = None
        self._camera_since: Instant | None = None
        self._locked_since: Instant | None = None
        self._asleep_since: Instant | None = None

    def see(self, reading: Reading) -> None:
        """Take a reading; it brings a lost camera back."""
        if self.camera is CameraState.LOST:
            self.open_camera(reading.at)
        before, self.reading = self.reading, reading
        if before is None or reading.at - before.at > self.gap_s:
            self._floor = reading.at

    def hear(self, at: Instant, session: Session) -> None:
        """Take the desktop's state."""
        before = self.session
        self.session, self.session_at = session, at
        freed = (before.locked, before.asleep) != (session.locked, session.asleep)
        if freed and not (session.locked or session.asleep):
            self._floor = at
        if not session.locked:
            self._locked_since = None
        elif self._locked_since is None:
            self._locked_since = at
        if not session.asleep:
            self._asleep_since = None
        elif self._asleep_since is None:
            self._asleep_since = at
        if before.camera_used_by is not None and session.camera_used_by is None:
            self.call_ended = at
        if session.idle_s is not None and math.isfinite(session.idle_s):
            self._typed(at.shifted(-min(max(session.idle_s, 0.0), LONGEST_IDLE_S)))

    def _typed(self, when: Instant) -> None:
        if self.last_input is not None and when.mono <= self.last_input.mono:
            return
        if self.last_input is None or when - self.last_input > INPUT_FRESH_S:
            self._typing_since = when
        self.last_input = when

    def lose_camera(self, at: Instant, reason: str) -> None:
        """No pictures any more (which is no news of a camera that was closed on purpose)."""
        if self.camera is CameraState.CLOSED:
            return
        if self.camera is CameraState.OPEN:
            self._camera_since = at
        self.camera, self.camera_reason = CameraState.LOST, reason

    def close_camera(self, at: Instant, reason: str) -> None:
        """The camera is let go on purpose."""
        if self.camera is not CameraState.CLOSED:
            self._camera_since = at
        self.camera, self.camera_reason = CameraState.CLOSED, reason

    def open_camera(self, at: Instant) -> None:
        """Pictures are expected from now on."""
        self.camera, self.camera_reason = CameraState.OPEN, None
        self._camera_since = at
        self.reading = None

    def wake(self, at: Instant) -> None:
        """After a sleep nothing old counts."""
        self._floor = at
        if self.camera is CameraState.OPEN:
            self.open_camera(at)

    @property
    def gap_s(self) -> float:
        """Longest time between two pictures that is no gap."""
        return max(GAP_S, 2.5 * self.interval_s)

    def input_active(self, now: Instant) -> bool:
        """Were keyboard or mouse used just now?"""
        return self.last_input is not None and now - self.last_input < INPUT_FRESH_S

    def situation(self, now: Instant) -> Situation | None:
        """What is held true at *now*; None = no news yet, what was true goes on."""
        if self._asleep_since is not None:
            return away(self._asleep_since, ASLEEP)
        if self._locked_since is not None:
            return away(self._locked_since, LOCKED)
        if self.camera is not CameraState.OPEN:
            return unknown(self._floored(self._camera_since or now), self.camera_reason)
        if self.reading is not None and now - self.reading.at <= self.gap_s:
            return self._judge(self.reading, now)
        return self._unseen(now)

    def _unseen(self, now: Instant) -> Situation | None:
        if self.reading is not None:
            return unknown(self._floored(self.reading.at), NO_PICTURE)
        if self._camera_since is None:
            self._camera_since = now
        waited_s = now - self._camera_since
        return unknown(self._camera_since, NO_PICTURE) if waited_s > self.gap_s else None

    def _floored(self, since: Instant) -> Instant:
        """Nothing new is known of the time before a gap, a lock or a sleep ended."""
        return since if self._floor is None else later(since, self._floor)

    def _judge(self, reading: Reading, now: Instant) -> Situation | None:
        since = self._floored(reading.presence_since)
        if reading.presence is Presence.UNKNOWN:
            return unknown(since, reading.reason)
        if reading.presence is Presence.AWAY:
            return self._missed(since, now)
        return Situation(
            Presence.PRESENT, since, None, reading.label, later(since, reading.label_since), True
        )

    def _missed(self, since: Instant, now: Instant) -> Situation | None:
        """No face since *since*: gone, unless the keyboard tells of somebody."""
        typed, began, told = self.last_input, self._typing_since, self.session_at
        if self.session.idle_s is not None and told is not None:
            unheard = told - since <= 2 * INPUT_AFTER_S
            if unheard and now - since < INPUT_TOLD_S:
                return None
        if typed is None or began is None or typed - since <= INPUT_AFTER_S:
            return away(since, None)
        if now - typed >= INPUT_FRESH_S:
            return away(typed, None)
        if now - began < FACE_FOLLOWS_S:
            return None
        return unknown(later(began, since), INPUT_WITHOUT_FACE)


def away(since: Instant, reason: str | None) -> Situation:
    """Nobody is at the desk."""
    return Situation(Presence.AWAY, since, reason, Label.AWAY, since, trusted=False)


def unknown(since: Instant, reason: str | None) -> Situation:
    """Nothing can be said about the user."""
    return Situation(Presence.UNKNOWN, since, reason, Label.UNKNOWN, since, trusted=False)
