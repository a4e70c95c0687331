"""What ``posture run`` shows in the terminal: reminders, and one status line that stays."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence

import click

from posture.clock import Instant, local_time
from posture.core.effects import (
    Activity,
    CalibrationChanged,
    CameraChanged,
    Effect,
    Fate,
    PresenceChanged,
    ReminderFate,
    ShowReminder,
    Status,
)
from posture.core.reading import Label, Presence
from posture.desktop.glance import CAMERA_LOST, camera_text
from posture.desktop.words import say

_FATES = {
    Fate.HEEDED: "heeded",
    Fate.EXPIRED: "passed unheeded",
    Fate.UNDELIVERED: "could not be shown",
    Fate.SNOOZED: "snoozed",
    Fate.WRONG_ALARM: "wrong alarm, noted",
}
_LABELS = {
    Label.UPRIGHT: "upright",
    Label.SLOUCH: "slouching",
    Label.FORWARD_HEAD: "head forward",
    Label.HEAD_DOWN: "head down",
    Label.LEANING_FORWARD: "leaning forward",
    Label.LEANING_LEFT: "leaning left",
    Label.LEANING_RIGHT: "leaning right",
    Label.HEAD_TILT_LEFT: "head tilted left",
    Label.HEAD_TILT_RIGHT: "head tilted right",
    Label.UNEVEN_SHOULDERS: "shoulders uneven",
    Label.TOO_CLOSE: "too close",
    Label.TOO_FAR: "far from the screen",
    Label.RECLINED: "leaning back",
    Label.LOOKING_AWAY: "looking away",
    Label.STANDING: "standing",
    Label.AWAY: "away",
    Label.UNKNOWN: "not seen",
}


class Terminal:
    """Prints reminders and what changes; on a real terminal also a line that is kept up to date."""

    def __init__(self) -> None:
        self._live = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        self._colour: bool | None = False if os.environ.get("NO_COLOR") else None
        self._line = ""
        self._camera = ""

    def say(self, text: str) -> None:
        """Print a line of its own."""
        with _even_unheard():
            self._wipe()
            click.echo(text, color=self._colour)
            self._draw()

    def show(self, reminder: ShowReminder) -> None:
        """Print *reminder*."""
        title = click.style(reminder.title, bold=True, fg="yellow")
        self.say(f"{_time(reminder.at)}  ● {title}  {reminder.text}")

    def watch(self, effects: Sequence[Effect]) -> None:
        """Tell what else happened."""
        for effect in effects:
            match effect:
                case ReminderFate() if effect.fate in _FATES:
                    self.say(f"{_time(effect.at)}    {_fate(effect)}")
                case PresenceChanged():
                    self.say(f"{_time(effect.at)}    {_presence(effect)}")
                case CameraChanged():
                    self._tell_camera(effect)
                case CalibrationChanged() if effect.reason:
                    self.say(f"{_time(effect.at)}    {effect.reason}")
                case Status():
                    self._update(effect)
                case _:
                    pass

    def close(self) -> None:
        """Take the status line away."""
        with _even_unheard():
            self._wipe()
        self._line = ""

    def _tell_camera(self, changed: CameraChanged) -> None:
        before, self._camera = self._camera, changed.state
        if changed.state == CAMERA_LOST:
            text: str | None = camera_text(changed.reason)
        elif before == CAMERA_LOST and changed.reason is None:
            text = say("camera.back")
        else:
            text = changed.reason
        if text is not None:
            self.say(f"{_time(changed.at)}    {text}")

    def _update(self, status: Status) -> None:
        self._line = status_line(status)
        if self._live:
            with _even_unheard():
                self._wipe()
                self._draw()

    def _wipe(self) -> None:
        if self._live and self._line:
            sys.stdout.write("\r\x1b[K")

    def _draw(self) -> None:
        if self._live and self._line:
            sys.stdout.write(self._line)
            sys.stdout.flush()


@contextlib.contextmanager
def _even_unheard() -> Iterator[None]:
    """A terminal that was closed, or a file on a full disk, must not end the monitor.

    What is printed goes nowhere then. A pipe whose reader left is an end, as everywhere.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def status_line(status: Status) -> str:
    """The moment in one line."""
    parts = [_LABELS[status.label]]
    reading = status.reading
    if reading is not None and status.presence is Presence.PRESENT:
        if reading.metrics.distance_cm is not None:
            parts.append(f"{reading.metrics.distance_cm:.0f} cm")
        if reading.score is not None:
            parts.append(f"score {reading.score:.0f}")
    if status.activity is Activity.SITTING or status.sitting_s >= 60:
        parts.append(f"sitting {status.sitting_s / 60:.0f} min")
    if status.next_reminders:
        soonest = min(status.next_reminders, key=lambda due: due.due_s)
        parts.append(f"{soonest.kind.value.replace('_', ' ')} in {soonest.due_s / 60:.0f} min")
    if status.silent is not None:
        parts.append(f"silent: {status.silent.replace('_', ' ')}")
    return " · ".join(parts)


def _time(at: Instant) -> str:
    return f"{local_time(at.wall_us):%H:%M}"


def _fate(effect: ReminderFate) -> str:
    after = "" if effect.after_s is None else f" after {_span(effect.after_s)}"
    why = f": {effect.why}" if effect.why else ""
    return f"{effect.kind.value.replace('_', ' ')}: {_FATES[effect.fate]}{after}{why}"


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def _presence(effect: PresenceChanged) -> str:
    words = {
        Presence.PRESENT: "you are here",
        Presence.AWAY: f"you left at {_time(effect.began)}",
        Presence.UNKNOWN: "cannot see you",
    }
    return words[effect.presence] + (f" ({effect.reason})" if effect.reason else "")
