"""Silence: why nothing is said now. Every silence has a reason."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from posture.clock import Instant
from posture.core.described import hours, weekdays
from posture.core.policy import SilencePolicy
from posture.core.reading import Presence
from posture.core.senses import CameraState, Senses, Situation

# No pause or snooze with an end is longer than a week (chosen).
LONGEST_S = 7 * 86_400.0


class Silence(StrEnum):
    """The reasons, as status, tray and log show them."""

    PAUSED = "paused"
    SNOOZED = "snoozed"
    BREAK = "break"
    LOCKED = "locked"
    ASLEEP = "asleep"
    MEETING = "meeting"
    BATTERY = "battery"
    QUIET_HOURS = "quiet_hours"
    OUT_OF_HOURS = "out_of_hours"
    DAY_OFF = "day_off"
    FULL_SCREEN = "full_screen"
    CAMERA_LOST = "camera_lost"
    LOW_CONFIDENCE = "low_confidence"
    STALE_CALIBRATION = "stale_calibration"
    JUST_DELIVERED = "just_delivered"
    HOURLY_LIMIT = "hourly_limit"
    NATURAL_PAUSE = "natural_pause"


@dataclass(slots=True)
class HushState:
    """What the user asked for. ``*_until`` None = not asked; ``pause_open`` = until resumed."""

    pause_open: bool = False
    paused_until: Instant | None = None
    snoozed_until: Instant | None = None
    break_until: Instant | None = None


def granted_s(seconds: float) -> float:
    """How much of what the user asked for is done: no request is longer than a week."""
    asked = seconds if math.isfinite(seconds) else LONGEST_S
    return min(max(asked, 0.0), LONGEST_S)


def after(at: Instant, seconds: float) -> Instant:
    """The end of what the user asked for at *at*."""
    return at.shifted(granted_s(seconds))


@dataclass(slots=True)
class Hush:
    """Pauses, snoozes and breaks the user asked for."""

    state: HushState = field(default_factory=HushState)

    def pause(self, at: Instant, seconds: float | None) -> None:
        """Say nothing and close the camera for *seconds*, or until resumed."""
        self.state.pause_open = seconds is None
        self.state.paused_until = None if seconds is None else after(at, seconds)

    def snooze(self, at: Instant, seconds: float) -> None:
        """Say nothing for *seconds*."""
        self.state.snoozed_until = after(at, seconds)

    def rest(self, at: Instant, seconds: float) -> None:
        """The user takes a break now."""
        self.state.break_until = after(at, seconds)

    def resume(self) -> None:
        """Speak again."""
        self.state = HushState()

    def reason(self, now: Instant) -> Silence | None:
        """The strongest one in force."""
        s = self.state
        if s.pause_open or _before(now, s.paused_until):
            return Silence.PAUSED
        if _before(now, s.snoozed_until):
            return Silence.SNOOZED
        return Silence.BREAK if _before(now, s.break_until) else None

    def until(self, now: Instant) -> Instant | None:
        """When the one in force ends; None when none is, and for a pause without end."""
        ends = {
            Silence.PAUSED: self.state.paused_until,
            Silence.SNOOZED: self.state.snoozed_until,
            Silence.BREAK: self.state.break_until,
        }
        reason = self.reason(now)
        return None if reason is None else ends[reason]


def _before(now: Instant, until: Instant | None) -> bool:
    return until is not None and now.mono < until.mono


def off_hours(policy: SilencePolicy, local: datetime) -> Silence | None:
    """Quiet hours, a day off, or outside working hours at a local wall time."""
    minute = local.hour * 60 + local.minute
    quiet, working = hours(policy.quiet_hours), hours(policy.working_hours)
    if quiet is not None and quiet.holds(minute):
        return Silence.QUIET_HOURS
    days = weekdays(policy.working_days) or frozenset()
    if local.weekday() not in days:
        return Silence.DAY_OFF
    if working is not None and not working.holds(minute):
        return Silence.OUT_OF_HOURS
    return None


def desktop_reason(policy: SilencePolicy, senses: Senses) -> Silence | None:
    """What the desktop asks for."""
    session = senses.session
    if session.asleep:
        return Silence.ASLEEP
    if session.locked:
        return Silence.LOCKED
    if policy.in_meetings and session.camera_used_by is not None:
        return Silence.MEETING
    if policy.on_battery == "pause" and session.on_battery:
        return Silence.BATTERY
    return None


def sight_reason(senses: Senses, situation: Situation | None) -> Silence | None:
    """What keeps the camera from telling."""
    if senses.camera is CameraState.LOST:
        return Silence.CAMERA_LOST
    reading = senses.reading
    if situation is not None and situation.presence is Presence.UNKNOWN:
        # Before the first picture none is unclear.
        looked = reading is not None or situation.reason is not None
        return Silence.LOW_CONFIDENCE if looked else None
    if reading is not None and reading.stale_calibration is not None:
        return Silence.STALE_CALIBRATION
    return None


def camera_reason(
    policy: SilencePolicy, hush: Hush, senses: Senses, local: datetime, now: Instant
) -> Silence | None:
    """Why the camera should be closed now; None = it should be open."""
    if hush.reason(now) is Silence.PAUSED:
        return Silence.PAUSED
    reason = desktop_reason(policy, senses)
    if reason is Silence.MEETING and not policy.release_camera:
        reason = None
    if reason is None and policy.close_camera:
        reason = off_hours(policy, local)
    return reason
