"""The documents say what the code does."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click
import pytest

from posture.cli import COMMANDS, cli
from posture.errors import all_errors

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import docs  # noqa: E402

TEXTS = (
    "README.md", "docs/settings.md", "docs/reminders.md", "docs/formats.md", "docs/log.md",
    "docs/wider-use.md",
)  # fmt: skip


def test_the_tables_are_what_the_code_says() -> None:
    assert docs.stale() == []


@pytest.mark.parametrize(
    ("name", "number", "other"),
    [
        ("README.md", "| 20 |", "| 99 |"),
        ("docs/reminders.md", "| 60 min of sitting;", "| 50 min of sitting;"),
        ("docs/settings.md", "| `posture.limit_s` | 60 s |", "| `posture.limit_s` | 90 s |"),
    ],
)
def test_a_changed_table_would_be_noticed(
    tmp_path: Path, name: str, number: str, other: str
) -> None:
    for each in docs.DOCUMENTS:
        (tmp_path / each).parent.mkdir(exist_ok=True)
        fresh = docs.written((ROOT / each).read_text(encoding="utf-8"))
        (tmp_path / each).write_text(fresh, encoding="utf-8")
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert number in text
    (tmp_path / name).write_text(text.replace(number, other), encoding="utf-8")

    assert docs.stale(tmp_path) == [name]


def test_every_exit_code_is_its_own() -> None:
    codes = [error.exit_code for error in all_errors()]

    assert len(set(codes)) == len(codes)
    assert all(code in {2, 3} or code >= 20 for code in codes)


def named_commands() -> list[str]:
    text = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in TEXTS)
    found = re.findall(r"`(posture (?!COMMAND)[^`]+)`", text)
    return sorted({line for line in found if line.split()[1] not in {"…"}})


@pytest.mark.parametrize("line", named_commands())
def test_every_command_the_documents_name_exists(line: str) -> None:
    words = line.split()[1:]
    assert words[0] in COMMANDS, line
    command: click.Command = cli
    context = click.Context(cli, info_name="posture")
    for word in words:
        if word.startswith("-"):
            names = {name for parameter in command.params for name in parameter.opts}
            assert word in names, f"{line}: {word}"
        elif isinstance(command, click.Group):
            following = command.get_command(context, word)
            assert following is not None, f"{line}: {word}"
            command = following


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_is_in_the_readme(name: str) -> None:
    assert f"`posture {name}`" in (ROOT / "README.md").read_text(encoding="utf-8")
