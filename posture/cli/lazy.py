"""Click groups: one that imports its commands only when they are run, one that shows them whole."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click
from click.shell_completion import CompletionItem

# name: (module, summary)
Section = Mapping[str, tuple[str, str]]


class Guessing(click.Group):
    """Says which command was meant by one that does not exist."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command named first in *args*. Raises click.UsageError."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = difflib.get_close_matches(args[0], self.list_commands(ctx), 1)
            if not near:
                raise
            what = f"{error.format_message()} Did you mean {near[0]!r}?"
            raise click.UsageError(what, error.ctx) from error


class Group(Guessing):
    """Commands whose summaries are wrapped in ``--help``; click cuts them short."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        with formatter.section("Commands"):
            formatter.write_dl(
                [
                    (name, one.get_short_help_str(limit=sys.maxsize))
                    for name in self.list_commands(ctx)
                    if (one := self.get_command(ctx, name)) is not None
                ]
            )


class LazyGroup(Guessing):
    """Commands in *sections*, by title and name: (module, summary).

    The module holds the command as ``command``; "module:name" says that it holds it under another
    name. Listing the commands reads the summaries and imports nothing.
    """

    def __init__(self, *args: Any, sections: Mapping[str, Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sections = sections
        self._lazy = {name: of for section in sections.values() for name, of in section.items()}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order they were given: the everyday ones first."""
        return list(self._lazy)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        cmd_name: str,
    ) -> click.Command | None:
        """Import and return one command; None if there is no such command."""
        if cmd_name not in self._lazy:
            return None
        module, _, attribute = self._lazy[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute or "command")
        return command

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        formatter: click.HelpFormatter,
    ) -> None:
        """Write the list of commands for ``--help`` without importing them."""
        width = max(map(len, self._lazy))
        for title, section in self._sections.items():
            with formatter.section(title):
                formatter.write_dl(
                    [(name.ljust(width), summary) for name, (_, summary) in section.items()]
                )

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """What the Tab key offers: the names, without importing the commands, and the options."""
        names = [
            CompletionItem(name, help=summary)
            for name, (_, summary) in self._lazy.items()
            if name.startswith(incomplete)
        ]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]
