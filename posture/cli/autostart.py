"""``posture autostart``: start at login, or not."""

from __future__ import annotations

import click

from posture.cli.lazy import Group
from posture.cli.options import as_json_option
from posture.cli.switch import Words
from posture.desktop.autostart import autostart_of_this_system

_WORDS = Words(
    on="posture starts at login",
    off="posture does not start at login",
    mend="posture autostart on",
)


@click.group(cls=Group)
def command() -> None:
    """Start posture at every login, or not.

    \b
    Examples:
      posture autostart on
      posture autostart status
    """


@command.command("on")
@as_json_option
def on_command(as_json: bool) -> None:
    """Start posture at every login.

    \b
    Examples:
      posture autostart on
    """
    autostart = autostart_of_this_system()
    autostart.turn_on()
    _WORDS.tell(autostart.state(), as_json=as_json)


@command.command("off")
@as_json_option
def off_command(as_json: bool) -> None:
    """Do not start posture at login.

    \b
    Examples:
      posture autostart off
    """
    autostart = autostart_of_this_system()
    autostart.turn_off()
    _WORDS.tell(autostart.state(), as_json=as_json)


@command.command("status")
@as_json_option
def status_command(as_json: bool) -> None:
    """Say whether posture starts at login.

    \b
    Examples:
      posture autostart status
    """
    _WORDS.tell(autostart_of_this_system().state(), as_json=as_json)
