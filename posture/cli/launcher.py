"""``posture launcher``: a place in the applications menu."""

from __future__ import annotations

import sys

import click

from posture.cli.lazy import Group
from posture.cli.options import as_json_option
from posture.cli.switch import Words
from posture.desktop.autostart import start_command
from posture.desktop.launcher import Launcher, menu_folder
from posture.errors import UsageError

_WORDS = Words(
    on="posture is in the applications menu",
    off="posture is not in the applications menu",
    mend="posture launcher on",
)


@click.group(cls=Group)
def command() -> None:
    """Put posture into the applications menu, or take it out (Linux).

    \b
    Examples:
      posture launcher on
      posture launcher off
    """


@command.command("on")
@as_json_option
def on_command(as_json: bool) -> None:
    """Put posture into the applications menu.

    \b
    Examples:
      posture launcher on
    """
    launcher = _of_this_system()
    launcher.turn_on()
    _WORDS.tell(launcher.state(), as_json=as_json)


@command.command("off")
@as_json_option
def off_command(as_json: bool) -> None:
    """Take posture out of the applications menu.

    \b
    Examples:
      posture launcher off
    """
    launcher = _of_this_system()
    launcher.turn_off()
    _WORDS.tell(launcher.state(), as_json=as_json)


@command.command("status")
@as_json_option
def status_command(as_json: bool) -> None:
    """Say whether posture is in the applications menu.

    \b
    Examples:
      posture launcher status
    """
    _WORDS.tell(_of_this_system().state(), as_json=as_json)


def _of_this_system() -> Launcher:
    if sys.platform in ("win32", "darwin"):
        raise UsageError(
            "posture launcher is for Linux desktops.",
            "Pin the bundled program (scripts/bundle.py) where you want it.",
        )
    return Launcher(start_command(), menu_folder())
