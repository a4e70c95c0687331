"""The one clock: every time in the program is an :class:`Instant` made here.

Durations are differences of ``mono`` (seconds, counting through system sleep where the
system offers such a clock); labels such as "10:42" come from ``wall_us``.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Protocol

import tzlocal

US_PER_S = 1_000_000


@dataclass(frozen=True, slots=True, order=True)
class Instant:
    """One moment: ``mono`` seconds on a steady clock, ``wall_us`` UTC microseconds since 1970."""

    mono: float
    wall_us: int

    def __sub__(self, other: Instant) -> float:
        """Seconds from *other* to this moment on the steady clock."""
        return self.mono - other.mono

    def shifted(self, seconds: float) -> Instant:
        """This moment moved by *seconds* on both clocks (used to back-date)."""
        return Instant(self.mono + seconds, self.wall_us + round(seconds * US_PER_S))

    @property
    def utc(self) -> datetime:
        """The wall time as an aware datetime in UTC."""
        return datetime.fromtimestamp(self.wall_us / US_PER_S, UTC)


class Clock(Protocol):
    """Anything that can tell the present moment."""

    def now(self) -> Instant:
        """Return the present moment."""


# CLOCK_BOOTTIME includes suspend: a closed lid is not sitting. Windows' and macOS' monotonic
# clocks are what Python offers there.
_BOOTTIME: int | None = getattr(time, "CLOCK_BOOTTIME", None)


def _steady_seconds() -> float:
    return time.monotonic() if _BOOTTIME is None else time.clock_gettime(_BOOTTIME)


class SystemClock:
    """The machine's own time."""

    def now(self) -> Instant:
        """Return the present moment."""
        return Instant(_steady_seconds(), time.time_ns() // 1000)


def local_zone() -> tzinfo:
    """The time zone this computer is set to now, by its IANA name where it has one.

    Asked afresh every time: a laptop travels while the program runs.
    """
    if hasattr(time, "tzset"):
        time.tzset()
    return tzlocal.reload_localzone()


class ScaledClock:
    """A clock on which one real second counts as *scale* seconds, from its creation on.

    ``shows_us``: what its wall clock shows at the start; None = the real time.
    """

    def __init__(self, scale: float, base: Clock, shows_us: int | None = None) -> None:
        self._base = base
        self._scale = scale
        self._origin = base.now()
        self._shows_us = self._origin.wall_us if shows_us is None else shows_us

    def now(self) -> Instant:
        """Return the present moment, stretched."""
        return self.stretched(self._base.now())

    def stretched(self, real: Instant) -> Instant:
        """A moment of the base clock on this clock."""
        origin = Instant(self._origin.mono, self._shows_us)
        return origin.shifted((real - self._origin) * self._scale)


def local_time(wall_us: int) -> datetime:
    """A moment as the user's local time."""
    return time_in(local_zone(), wall_us)


def time_in(zone: tzinfo, wall_us: int) -> datetime:
    """A moment as local time in *zone*."""
    return datetime.fromtimestamp(wall_us / US_PER_S, zone)


class ManualClock:
    """A clock moved by hand, for tests and replay."""

    def __init__(self, start: Instant) -> None:
        self._now = start

    def now(self) -> Instant:
        """Return the moment last set."""
        return self._now

    def set(self, moment: Instant) -> None:
        """Make *moment* the present."""
        self._now = moment

    def advance(self, seconds: float) -> None:
        """Move both clocks forward."""
        self._now = self._now.shifted(seconds)
