"""Lengths of time on the command line: 90s, 15m, 1h30m, 2h, or plain minutes."""

from __future__ import annotations

import re

import click

MAX_SECONDS = 7 * 86400.0  # a longer pause is an uninstall
_PARTS = re.compile(r"(?:(\d+)h)?(?:(\d+)m(?:in)?)?(?:(\d+)s)?$", re.IGNORECASE)


class DurationType(click.ParamType[float]):
    """Reads a length of time into seconds."""

    name = "duration"

    def convert(
        self, value: str | float, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return seconds; fail with what would be understood."""
        if isinstance(value, float):
            return value
        seconds = read_duration(value)
        if seconds is None:
            self.fail(f"{value!r} is no length of time; write 90s, 15m, 1h30m or 2h.", param, ctx)
        if not 0 < seconds <= MAX_SECONDS:
            self.fail(f"{value!r} is not between one second and a week.", param, ctx)
        return seconds


def read_duration(text: str) -> float | None:
    """Seconds in *text*; a plain number is minutes. None when it is not understood."""
    compact = text.replace(" ", "")
    if compact.isascii() and compact.isdigit():
        return float(compact) * 60
    match = _PARTS.match(compact)
    if match is None or not any(match.groups()):
        return None
    hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds
