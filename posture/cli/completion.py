"""``posture completion``: the script with which a shell completes the commands, and its answers."""

from __future__ import annotations

import os
from pathlib import Path

import click
from click.shell_completion import CompletionItem, get_completion_class, shell_complete

from posture import calibration_file
from posture.cli import COMPLETE
from posture.errors import UsageError
from posture.settings import describe

SHELLS = ("bash", "zsh", "fish")


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS), required=False)
def command(shell: str | None) -> None:
    """Print what lets the Tab key complete posture's commands in your shell.

    Without SHELL it is for the shell you use. Keep the script where your shell looks for it, then
    open a new terminal. zsh needs "autoload -U compinit; compinit" in ~/.zshrc.

    \b
    Examples:
      posture completion bash > ~/.local/share/bash-completion/completions/posture
      posture completion zsh > ~/.zfunc/_posture    with fpath+=~/.zfunc before compinit
      posture completion fish > ~/.config/fish/completions/posture.fish
    """
    chosen = shell or _own_shell()
    found = get_completion_class(chosen)
    if found is None:
        raise UsageError(f"There is no completion for {chosen}.", f"Name one of {_named()}.")
    root = click.get_current_context().find_root().command
    click.echo(found(root, {}, "posture", COMPLETE).source())


def answer(cli: click.Command, instruction: str) -> int:
    """Answer the script of a shell: *instruction* is what it has put into ``COMPLETE``."""
    return shell_complete(cli, {}, "posture", COMPLETE, instruction)


def _own_shell() -> str:
    name = Path(os.environ.get("SHELL", "")).name
    if name not in SHELLS:
        raise UsageError("Your shell is not known.", f"Name one of {_named()}.")
    return name


def _named() -> str:
    return ", ".join(SHELLS)


def sources(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """What a SOURCE could be: the shell knows the files and folders."""
    return [CompletionItem(incomplete, type="file")]


def profiles(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """The calibrated desks."""
    return [CompletionItem(name) for name in calibration_file.profiles() if incomplete in name]


def settings(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """The names of the settings."""
    return [
        CompletionItem(one.name, help=one.help)
        for one in describe()
        if one.name.startswith(incomplete)
    ]


def days(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """The days that have names."""
    return [CompletionItem(day) for day in ("today", "yesterday") if day.startswith(incomplete)]
