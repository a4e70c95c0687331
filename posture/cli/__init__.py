"""The command line: ``posture COMMAND``, one module in this package per command."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from posture import __version__
from posture.cli import failure
from posture.cli.lazy import LazyGroup, Section
from posture.memory_dump import forbid_memory_dumps

# The scripts of `posture completion` set this variable to ask what could follow the words typed.
COMPLETE = "_POSTURE_COMPLETE"
# Title: name: (module, what `posture --help` says; the same as the first line of its own help)
SECTIONS: dict[str, Section] = {
    "Every day": {
        "run": (
            "posture.cli.run",
            "Watch over your posture, sitting time and eyes, and remind you kindly.",
        ),
        "status": (
            "posture.cli.control:status",
            "Show what the running monitor sees, and why it is silent.",
        ),
        "pause": (
            "posture.cli.control:pause",
            "Say nothing and close the camera for DURATION (15m, 1h), or until `posture resume`.",
        ),
        "resume": ("posture.cli.control:resume", "End a pause, a snooze or a break."),
        "snooze": (
            "posture.cli.control:snooze",
            "Put the reminder on the screen off for DURATION (5m, 10m).",
        ),
        "wrong": (
            "posture.cli.control:wrong",
            "Say that the last reminder was a wrong alarm: its threshold becomes laxer.",
        ),
        "undo": (
            "posture.cli.control:undo",
            "Take the last wrong alarm back: its threshold becomes as strict as before.",
        ),
        "standing": (
            "posture.cli.control:standing",
            "Say that you are standing now, where the camera cannot tell.",
        ),
        "sitting": ("posture.cli.control:sitting", "Say that you are sitting again."),
        "stop": ("posture.cli.control:stop", "End the running monitor."),
    },
    "Looking back": {
        "log": ("posture.cli.log", "Show the log of a day, a week or a month in the terminal."),
        "report": ("posture.cli.report", "Write the report page of a day, a week or a month."),
        "data": ("posture.cli.data", "Export, merge or delete your log."),
    },
    "Setting up": {
        "calibrate": (
            "posture.cli.calibrate",
            "Learn your own upright posture: sit well, look at the middle of the screen.",
        ),
        "recalibrate": (
            "posture.cli.control:recalibrate",
            "Ask the running monitor to learn your upright posture anew.",
        ),
        "preview": (
            "posture.cli.preview",
            "Show the live picture with every measure and the reason for each.",
        ),
        "config": ("posture.cli.config", "See and change the settings."),
        "autostart": ("posture.cli.autostart", "Start posture at every login, or not."),
        "launcher": (
            "posture.cli.launcher",
            "Put posture into the applications menu, or take it out (Linux).",
        ),
        "completion": (
            "posture.cli.completion",
            "Print what lets the Tab key complete posture's commands in your shell.",
        ),
        "doctor": (
            "posture.cli.doctor",
            "Check camera, models, tray, notifications and the rest, and say what to do.",
        ),
        "models": ("posture.cli.models", "Look after the model files."),
    },
    "Recordings": {
        "analyze": (
            "posture.cli.analyze",
            "Measure the posture in each picture of a file, folder, camera or trace.",
        ),
        "replay": (
            "posture.cli.replay",
            "Tell what posture run would have done on a video or landmark trace.",
        ),
    },
}
COMMANDS = {name: of for section in SECTIONS.values() for name, of in section.items()}


@click.group(
    cls=LazyGroup,
    sections=SECTIONS,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="`posture COMMAND --help` teaches each with examples.",
)
@click.version_option(__version__, prog_name="posture", message="%(prog)s %(version)s")
def cli() -> None:
    """The colleague who notices how you sit.

    Watches posture, screen distance and sitting time through the webcam and reminds you, rarely
    and kindly. No picture is stored; nothing leaves this computer unless you switch that on.

    \b
    Examples:
      posture calibrate        once: how you sit when you sit well
      posture run              the monitor; leave it running
      posture log              the day so far
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; failures become one line on stderr."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    _have_streams()
    if arguments is None:
        # It is the program itself, and not called by one that has limits of its own.
        forbid_memory_dumps()
    for stream in (sys.stdout, sys.stderr):
        # A terminal that has no "°" gets "?" instead of an end with a traceback.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    instruction = os.environ.get(COMPLETE)
    if instruction and arguments is None:
        from posture.cli.completion import answer  # noqa: PLC0415 - only a shell asks

        return answer(cli, instruction)
    with failure.told(words) as outcome:
        # https://no-color.org
        color = False if os.environ.get("NO_COLOR") else None
        with cli.make_context("posture", words, color=color) as context:
            cli.invoke(context)
        sys.stdout.flush()
    return outcome.exit_code


def _have_streams() -> None:
    """Windows starts programs without a console with no streams at all."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 - to the end
            setattr(sys, name, nowhere)
