"""Questions in the terminal, in the user's language; Ctrl-C ends each of them at once."""

from __future__ import annotations

import select
import sys

import click

from posture.desktop.words import say

# Chosen: how long a Ctrl-C may have to wait.
_TURN_S = 0.25


def can_ask() -> bool:
    """Whether somebody sits at this terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def line(question: str) -> str:
    """What is typed after *question*. Raises click.Abort on Ctrl-C and where input ends."""
    click.echo(question, nl=False)
    _await_line()
    answer: str = click.prompt("", default="", show_default=False, prompt_suffix="")
    return answer


def confirmed(question: str, *, default: bool | None = None) -> bool:
    """Ask until yes or no is typed; Enter alone takes *default*, or asks again without one.

    Raises click.Abort on Ctrl-C and where input ends.
    """
    yes, no = say("ask.yes").split(), say("ask.no").split()
    letters = [yes[0].upper() if default else yes[0], no[0].upper() if default is False else no[0]]
    while True:
        answer = line(f"{question} [{'/'.join(letters)}]: ").strip().casefold()
        if not answer and default is not None:
            return default
        if answer in (*yes, "y", "yes"):
            return True
        if answer in (*no, "n", "no"):
            return False
        click.echo(say("ask.again", yes=yes[0], no=no[0]))


def chosen(most: int) -> int:
    """A number from 1 to *most*, 1 by Enter alone. Raises click.Abort as :func:`line` does."""
    while True:
        answer = line("> ").strip()
        if not answer:
            return 1
        if answer.isdecimal() and 1 <= int(answer) <= most:
            return int(answer)
        click.echo(say("ask.number", most=most))


def _await_line() -> None:
    """Wait for a typed line in steps: a Ctrl-C just before a blocking read would not end it."""
    if sys.platform == "win32":
        return  # there a console cannot be waited for, and its read hears Ctrl-C
    try:
        while not select.select([sys.stdin], [], [], _TURN_S)[0]:
            pass
    except KeyboardInterrupt:
        click.echo()
        raise click.Abort from None
