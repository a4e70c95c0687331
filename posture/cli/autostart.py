"""``posture autostart``: start at login, or not."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from posture.cli.lazy import Group
from posture.desktop.autostart import AutostartState, autostart_of_this_system


@click.group(cls=Group)
def command() -> None:
    """Start posture at every login, or not.

    \b
    Examples:
      posture autostart on
      posture autostart status
    """


@command.command("on")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def on_command(as_json: bool) -> None:
    """Start posture at every login.

    \b
    Examples:
      posture autostart on
    """
    autostart = autostart_of_this_system()
    autostart.turn_on()
    _tell(autostart.state(), as_json=as_json)


@command.command("off")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def off_command(as_json: bool) -> None:
    """Do not start posture at login.

    \b
    Examples:
      posture autostart off
    """
    autostart = autostart_of_this_system()
    autostart.turn_off()
    _tell(autostart.state(), as_json=as_json)


@command.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def status_command(as_json: bool) -> None:
    """Say whether posture starts at login.

    \b
    Examples:
      posture autostart status
    """
    _tell(autostart_of_this_system().state(), as_json=as_json)


def _tell(state: AutostartState, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(state), ensure_ascii=False))
        return
    if not state.on:
        click.echo("posture does not start at login.")
        return
    click.echo(f"posture starts at login ({state.where}).")
    if state.stale:
        click.echo(f"It would start another installation: {state.command}. Mend it with:")
        click.echo("  posture autostart on")
