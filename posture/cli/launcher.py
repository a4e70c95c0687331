"""``posture launcher``: a place in the applications menu."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from posture.cli.lazy import Group
from posture.desktop.autostart import start_command
from posture.desktop.launcher import Launcher, LauncherState, menu_folder
from posture.errors import UsageError


@click.group(cls=Group)
def command() -> None:
    """Put posture into the applications menu, or take it out (Linux).

    \b
    Examples:
      posture launcher on
      posture launcher off
    """


@command.command("on")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def on_command(as_json: bool) -> None:
    """Put posture into the applications menu.

    \b
    Examples:
      posture launcher on
    """
    launcher = _of_this_system()
    launcher.turn_on()
    _tell(launcher.state(), as_json=as_json)


@command.command("off")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def off_command(as_json: bool) -> None:
    """Take posture out of the applications menu.

    \b
    Examples:
      posture launcher off
    """
    launcher = _of_this_system()
    launcher.turn_off()
    _tell(launcher.state(), as_json=as_json)


@command.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def status_command(as_json: bool) -> None:
    """Say whether posture is in the applications menu.

    \b
    Examples:
      posture launcher status
    """
    _tell(_of_this_system().state(), as_json=as_json)


def _of_this_system() -> Launcher:
    if sys.platform in ("win32", "darwin"):
        raise UsageError(
            "posture launcher is for Linux desktops.",
            "Pin the bundled program (scripts/bundle.py) where you want it.",
        )
    return Launcher(start_command(), menu_folder())


def _tell(state: LauncherState, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(state), ensure_ascii=False))
        return
    if not state.on:
        click.echo("posture is not in the applications menu.")
        return
    click.echo(f"posture is in the applications menu ({state.where}).")
    if state.stale:
        click.echo(f"It would start another installation: {state.command}. Mend it with:")
        click.echo("  posture launcher on")
