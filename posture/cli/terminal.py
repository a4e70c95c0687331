"""What ``posture run`` shows in the terminal: reminders, and one status line that stays."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator, Sequence

import click

from posture.cli.at_words import at_words
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
from posture.core.score import AT_LIMIT
from posture.core.senses import CameraState
from posture.desktop.glance import CAMERA_LOST, camera_text, quiet_text, reason_text
from posture.desktop.words import duration, say, say_or

_SEPARATOR = " · "
_MARGIN = len("09:00    ")
_TOLD = (Fate.HEEDED, Fate.EXPIRED, Fate.UNDELIVERED, Fate.SNOOZED, Fate.WRONG_ALARM)


class Terminal:
    """Prints reminders and what changes; on a real terminal also a line that is kept up to date."""

    def __init__(self) -> None:
        self._live = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        self._colour: bool | None = False if os.environ.get("NO_COLOR") else None
        self._line = ""
        self._camera = ""

    def say(self, text: str, indent: int = 0) -> None:
        """Print a line of its own; where it is broken, it goes on *indent* further in."""
        self._print(at_words(text, indent))

    def show(self, reminder: ShowReminder) -> None:
        """Print *reminder*."""
        title = click.style(reminder.title, bold=True, fg="yellow")
        plain = at_words(f"{_time(reminder.at)}  ● {reminder.title}  {reminder.text}", _MARGIN)
        self._print(plain.replace(reminder.title, title, 1))

    def watch(self, effects: Sequence[Effect]) -> None:
        """Tell what else happened."""
        for effect in effects:
            match effect:
                case ReminderFate() if effect.fate in _TOLD:
                    self._tell(effect.at, _fate(effect))
                # A camera that is closed on purpose has been told of.
                case PresenceChanged() if self._camera != CameraState.CLOSED:
                    self._tell(effect.at, _presence(effect))
                case CameraChanged():
                    self._tell_camera(effect)
                case CalibrationChanged() if effect.reason:
                    self._tell(effect.at, effect.reason)
                case Status():
                    self._update(effect)
                case _:
                    pass

    def close(self) -> None:
        """Take the status line away."""
        with _even_unheard():
            self._wipe()
        self._line = ""

    def _tell(self, at: Instant, text: str) -> None:
        self.say(f"{_time(at)}    {text}", _MARGIN)

    def _print(self, text: str) -> None:
        with _even_unheard():
            self._wipe()
            click.echo(text, color=self._colour)
            self._draw()

    def _tell_camera(self, changed: CameraChanged) -> None:
        before, self._camera = self._camera, changed.state
        if changed.state == CAMERA_LOST:
            text: str | None = camera_text(changed.reason)
        elif before == CAMERA_LOST and changed.reason is None:
            text = say("camera.back")
        elif changed.state == CameraState.CLOSED:
            text = say("camera.closed", reason=say_or(f"silent.{changed.reason}", ""))
        else:
            text = changed.reason
        if text is not None:
            self._tell(changed.at, text)

    def _update(self, status: Status) -> None:
        # A line that was broken could not be wiped.
        line = status_line(status, shutil.get_terminal_size().columns - 1)
        if line == self._line:
            return
        with _even_unheard():
            self._wipe()
            self._line = line
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


def status_line(status: Status, width: int) -> str:
    """The moment in one line of at most *width* characters, the most important first."""
    reading = status.reading
    starts = reading is None and status.label is Label.UNKNOWN and status.presence_reason is None
    parts = [say("glance.looking" if starts else f"label.{status.label.value}")]
    if reading is not None and status.presence is Presence.PRESENT:
        if reading.metrics.distance_cm is not None:
            parts.append(f"{reading.metrics.distance_cm:.0f} cm")
        if reading.score is not None and not _belied(status.label, reading.score):
            parts.append(say("line.score", n=round(reading.score)))
    if status.activity is Activity.SITTING or status.sitting_s >= 60:
        parts.append(say("line.sitting", time=duration(status.sitting_s)))
    if status.next_reminders:
        soonest = min(status.next_reminders, key=lambda due: due.due_s)
        kind, time = say(f"kind.{soonest.kind.value}"), duration(soonest.due_s)
        parts.append(say("line.next", kind=kind, time=time))
    quiet = quiet_text(status)
    if quiet:
        parts.append(quiet)
    while len(parts) > 1 and len(_SEPARATOR.join(parts)) > width:
        del parts[-1]
    return _SEPARATOR.join(parts)[: max(width, 1)]


def _belied(label: Label, score: float) -> bool:
    """A change shows in the score at once, in the word only when it has held."""
    return label.good and score < AT_LIMIT


def _time(at: Instant) -> str:
    return f"{local_time(at.wall_us):%H:%M}"


def _fate(effect: ReminderFate) -> str:
    told = say(f"fate.{effect.fate.value}")
    if effect.after_s is not None:
        told = say("line.after", what=told, time=_span(effect.after_s))
    why = f": {say_or(f'why.{effect.why}', effect.why)}" if effect.why else ""
    return f"{say(f'kind.{effect.kind.value}')}: {told}{why}"


def _span(seconds: float) -> str:
    """As the log says it: to the nearest minute."""
    return say("line.seconds", n=round(seconds)) if seconds < 90 else duration(seconds + 30)


def _presence(effect: PresenceChanged) -> str:
    match effect.presence:
        case Presence.PRESENT:
            text = say("line.present")
        case Presence.AWAY:
            text = say("line.away", time=_time(effect.began))
        case Presence.UNKNOWN:
            text = say("line.unknown")
    # A camera in trouble has a line of its own that says it.
    if effect.reason is None or say_or(f"camera.{effect.reason}", ""):
        return text
    return f"{text} ({reason_text(effect.reason)})"
