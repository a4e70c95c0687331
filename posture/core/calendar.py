"""Calendar: the user's local date and time of day, asked for once a minute."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from posture.clock import US_PER_S, Instant

# Wall microseconds -> aware local datetime; the driver knows the time zone.
LocalTime = Callable[[int], datetime]
_MINUTE_US = 60 * US_PER_S


def utc_time(wall_us: int) -> datetime:
    """The local time of someone who lives by UTC."""
    return datetime.fromtimestamp(wall_us / US_PER_S, UTC)


class Calendar:
    """Local time of the present moment."""

    def __init__(self, local: LocalTime) -> None:
        self.local = local
        self._minute_us: int | None = None
        self.now: datetime = datetime.fromtimestamp(0, UTC)

    def turn(self, now: Instant) -> bool:
        """Follow *now*; True when another minute has come."""
        minute_us = now.wall_us // _MINUTE_US * _MINUTE_US
        if minute_us == self._minute_us:
            return False
        self._minute_us = minute_us
        self.now = self.local(minute_us)
        return True

    @property
    def date(self) -> int:
        """The local day, as a proleptic ordinal."""
        return self.now.toordinal()

    @property
    def minute(self) -> int:
        """Minutes after local midnight."""
        return self.now.hour * 60 + self.now.minute

    def minute_of(self, moment: Instant) -> int:
        """Minutes after local midnight at another moment."""
        then = self.local(moment.wall_us)
        return then.hour * 60 + then.minute

    def midnight(self, now: Instant) -> Instant:
        """The moment the local day of *now* began."""
        into_day_s = self.minute * 60 + (now.wall_us % _MINUTE_US) / US_PER_S
        return now.shifted(-into_day_s)
