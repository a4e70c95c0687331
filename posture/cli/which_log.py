"""Which log a command is about: the user's own, or until there is one the demonstration's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from posture import paths
from posture.journal.file import FILE_NAME
from posture.journal.texts import Words


@dataclass(frozen=True, slots=True)
class WhichLog:
    """``demo``: it is that of demonstrations; ``instead``: as the user has none of their own."""

    directory: Path
    demo: bool = False
    instead: bool = False

    def sentence(self, words: Words) -> str | None:
        """What to say where it is not the user's own."""
        if not self.demo:
            return None
        name = "log.demo_instead" if self.instead else "log.demo_dir"
        return words.say(name, directory=str(self.directory))

    def say(self, words: Words) -> None:
        """Say so where the answer itself is for a program or a file."""
        sentence = self.sentence(words)
        if sentence is not None:
            click.echo(sentence, err=True)


def which_log(data_dir: Path | None) -> WhichLog:
    """The log in *data_dir* or the user's own; before there is one, that of demonstrations."""
    directory, demo = paths.data_dir(data_dir), paths.demo_data_dir()
    if data_dir is not None:
        return WhichLog(directory, demo=directory == demo)
    if not paths.may_exist(directory / FILE_NAME) and paths.may_exist(demo / FILE_NAME):
        return WhichLog(demo, demo=True, instead=True)
    return WhichLog(directory)
