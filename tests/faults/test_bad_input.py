"""What every command says of a file that is not there, not what it should be, or cannot be read."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from answers import alone, answered
from command_line import every_command
from monitor_process import write_desk

from posture import assembly
from posture.cli import run as run_command

LEAVES = {
    name.partition(" ")[2]: command
    for name, command in every_command()
    if not isinstance(command, click.Group)
}
KINDS = ("missing", "folder", "empty", "text", "unreadable")
# "@" is what is bad, "desk" a good trace. The exit codes in the order of the kinds; 0: it is taken.
TABLE = """
analyze @                                                20 21 21 21 21
analyze desk --calibration @                             24 24 24 24 24
analyze desk --trace-out @/x                             31  0 31 31 31
replay @                                                 20 21 21 21 21
replay desk --calibration @                              24 24 24 24 24
replay desk --config @                                   26 26  0 26 26
replay desk --data-dir @                                  0  0 31 31 31
calibrate --source @                                     20 21 21 21 21
calibrate --source desk --out @/x                         0  0 31 31 31
preview --source @                                       20 21 21 21 21
preview --source desk --data-dir @                        2  2  2  2  2
run --no-tray --source @                                 20 21 21 21 21
run --no-tray --source desk --calibration @              24 24 24 24 24
run --no-tray --source desk --speed max --config @         26 26  0 26 26
run --no-tray --source desk --speed max --data-dir @      0  0 31 31 31
data import @                                            27 27 27 27 27
data import kept --data-dir @                             0  0 31 31 31
data export --data-dir @                                 27 27 27 27 27
data export --data-dir kept --out @/x                    31  0 31 31 31
data delete --all --yes --data-dir @                     27 27 27 27 31
data path --data-dir @                                    0  0  0  0  0
log --data-dir @                                         27 27 27 27 27
report --data-dir @                                      27 27 27 27 27
report --demo --out @/x.html                             31  0 31 31 31
doctor --data-dir @                                       3  3  3  3  3
""".strip().splitlines()
# The commands that talk to the running monitor find none, wherever they look.
TALKING = """
status pause resume snooze wrong undo standing sitting recalibrate stop
""".split()  # noqa: SIM905 - a table, like the one above
TABLE += [f"{name} --data-dir @ {'29 ' * len(KINDS)}" for name in TALKING]

ROWS = [(" ".join(row.split()[: -len(KINDS)]), row.split()[-len(KINDS) :]) for row in TABLE]
CASES = [
    pytest.param(words, kind, int(code), id=f"{words} {kind}")
    for words, codes in ROWS
    for kind, code in zip(KINDS, codes, strict=True)
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = tmp_path_factory.mktemp("home")
    with alone(home), pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_command, "run", assembly.run)
        write_desk(home / "desk.jsonl", 12)
        recorded = ("replay", str(home / "desk.jsonl"), "--data-dir", str(home / "kept"))
        # What it says of a missing calibration is no complaint.
        assert run_quietly(*recorded) == 0
        yield home


def run_quietly(*words: str) -> int:
    return answered(*words, "--jsonl")


@pytest.fixture
def there(home: Path, tmp_path: Path) -> Path:
    """One of each kind. Nobody can keep the administrator out, but a link to itself can."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty").touch()
    (tmp_path / "text").write_text("Dear Ann,\nthis is a letter.\n")
    (tmp_path / "unreadable").symlink_to("unreadable")
    return tmp_path


@pytest.mark.parametrize(("line", "kind", "code"), CASES)
def test_a_bad_file_is_one_line_and_the_code_of_its_cause(
    line: str, kind: str, code: int, home: Path, there: Path
) -> None:
    good = {"desk": str(home / "desk.jsonl"), "kept": str(home / "kept")}
    if line.startswith("data import"):
        good["kept"] = str(home / "kept" / "posture.db")
    words = [good.get(word, word).replace("@", str(there / kind)) for word in line.split()]

    assert answered(*words) == code


@pytest.mark.parametrize("name", LEAVES)
@pytest.mark.parametrize("wrong", ["--polka", "one two three four"])
def test_words_a_command_does_not_know_are_refused(name: str, wrong: str, home: Path) -> None:
    assert answered(*name.split(), *wrong.split()) == 2


def test_every_file_a_command_takes_is_in_the_table() -> None:
    told = [words.split() for words, _ in ROWS]
    absent = []
    for name, command in LEAVES.items():
        for parameter in command.params:
            if not isinstance(parameter.type, click.Path) and parameter.name != "source":
                continue
            is_option = isinstance(parameter, click.Option)
            mine = [words for words in told if " ".join(words).startswith(f"{name} ")]
            tried = [
                words
                for words in mine
                for before, word in itertools.pairwise(words)
                if word.startswith("@") and (before in parameter.opts) is is_option
            ]
            absent += [] if tried else [f"{name} {parameter.opts[0]}"]

    assert absent == []
