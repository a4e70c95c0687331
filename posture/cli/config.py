"""``posture config``: see and change the settings."""

from __future__ import annotations

import json

import click

from posture.cli import completion
from posture.cli.at_words import at_words
from posture.cli.lazy import Group
from posture.cli.options import as_json_option
from posture.live_settings import waiting
from posture.settings import Described, Settings, describe, find
from posture.settings_edit import set_value, unset_value
from posture.settings_file import settings_path, user_settings


@click.group(cls=Group)
def command() -> None:
    """See and change the settings.

    \b
    Examples:
      posture config show
      posture config set sitting.nudge_min 45
      posture config path
    """


@command.command("show")
@click.argument("name", required=False, shell_complete=completion.settings)
@as_json_option
def show_command(name: str | None, as_json: bool) -> None:
    """Show all settings, or those whose name contains NAME; yours are marked with *.

    \b
    Examples:
      posture config show
      posture config show sitting
    """
    settings = user_settings()
    wanted = [one for one in describe() if name is None or name in one.name]
    if name is not None and not wanted:
        find(name)
    if as_json:
        values = {one.name: settings.get(one.name) for one in wanted}
        click.echo(json.dumps({"path": str(settings_path()), "settings": values}))
        return
    for one in wanted:
        mark = "*" if one.name in settings.given else " "
        click.echo(f"{mark} {one.name} = {_written(settings.get(one.name))}")
        click.echo(at_words(f"      {one.help} ({_bounds(one)})", 6))


@command.command("set")
@click.argument("name", shell_complete=completion.settings)
@click.argument("value")
def set_command(name: str, value: str) -> None:
    """Set NAME to VALUE in the settings file; the file's comments stay.

    \b
    Examples:
      posture config set sitting.nudge_min 45
      posture config set general.preset gentle
    """
    before = user_settings()
    _tell(name, before, set_value(settings_path(), name, value))


@command.command("unset")
@click.argument("name", shell_complete=completion.settings)
def unset_command(name: str) -> None:
    """Take NAME out of the settings file: the preset's value counts again.

    \b
    Examples:
      posture config unset sitting.nudge_min
    """
    before = user_settings()
    _tell(name, before, unset_value(settings_path(), name))


@command.command("path")
def path_command() -> None:
    """Say where the settings file is.

    \b
    Examples:
      posture config path
    """
    click.echo(str(settings_path()))


def _tell(name: str, before: Settings, after: Settings) -> None:
    click.echo(f"{name} = {_written(after.get(name))}")
    if waiting(before, after):
        click.echo("This holds from the next start of posture on.")


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _bounds(one: Described) -> str:
    return f"default {_written(one.default)}; {one.allowed}"
