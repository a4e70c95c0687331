"""Reads a command line of the documents or of a help text as the program would, and stops there."""

from __future__ import annotations

import re
import shlex

import click

from posture.cli import cli


def understood(line: str) -> click.Context:
    """What the program makes of *line*; raises click.UsageError where it would complain."""
    command: click.Command = cli
    context = click.Context(cli, info_name="posture")
    program, *words = shlex.split(re.split(r" [>|] ", line)[0])
    assert program == "posture", line
    if not words:
        return context
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        name, found, words = command.resolve_command(context, words)
        assert found is not None, line
        assert name is not None, line
        command, context = found, click.Context(found, info_name=name, parent=context)
    return command.make_context(context.info_name, words, parent=context.parent)


def every_command() -> list[tuple[str, click.Command]]:
    """All commands with their whole names, those of groups after the group."""
    found: list[tuple[str, click.Command]] = []
    context = click.Context(cli, info_name="posture")

    def gather(name: str, command: click.Command) -> None:
        found.append((name, command))
        if isinstance(command, click.Group):
            for below in command.list_commands(context):
                one = command.get_command(context, below)
                assert one is not None
                gather(f"{name} {below}", one)

    gather("posture", cli)
    return found
