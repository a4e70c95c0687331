"""What ``--help`` teaches: one line of what a command does, and examples that work."""

from __future__ import annotations

import re

import click
import pytest
from command_line import every_command, understood

from posture.cli import COMMANDS, main

ALL = dict(every_command())


def examples(command: click.Command) -> list[str]:
    """The command lines below "Examples:", without what is said of them."""
    _, _, below = (command.help or "").partition("Examples:\n")
    lines = (line.strip() for line in below.partition("\n\n")[0].splitlines())
    return [re.split(r"\s{2,}", line)[0] for line in lines if line]


@pytest.mark.parametrize("name", ALL)
def test_every_command_teaches_with_examples(name: str) -> None:
    own = [line for line in examples(ALL[name]) if line.startswith(name)]

    assert own, f"{name} --help shows no example of itself"


@pytest.mark.parametrize("line", sorted({line for one in ALL.values() for line in examples(one)}))
def test_every_example_is_understood(line: str) -> None:
    understood(line)


def test_an_example_that_is_wrong_would_be_noticed() -> None:
    with pytest.raises(click.UsageError):
        understood("posture log --wek")
    with pytest.raises(click.UsageError):
        understood("posture data fetch")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_what_the_command_says(name: str) -> None:
    first, _, _ = (ALL[f"posture {name}"].help or "").partition("\n\n")

    assert " ".join(first.split()) == COMMANDS[name][1]


@pytest.mark.parametrize("columns", [50, 80])
@pytest.mark.parametrize("name", ALL)
def test_help_fits_the_terminal(
    name: str, columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))

    assert main([*name.split()[1:], "--help"]) == 0
    told = capsys.readouterr().out.splitlines()
    long = [line for line in told if len(line) > columns and not line.startswith("    posture")]
    # A command to copy is not broken; the terminal does that.
    assert not [line for line in long if "[OPTIONS]" not in line]


@pytest.mark.parametrize(
    "name", [name for name, one in ALL.items() if isinstance(one, click.Group)]
)
def test_no_summary_in_a_list_of_commands_is_cut_short(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    assert main([*name.split()[1:], "--help"]) == 0
    assert "..." not in capsys.readouterr().out.replace("[ARGS]...", "")
