"""Any words at all on the command line: an answer, or one line and an exit code of the table."""

from __future__ import annotations

import contextlib
import gzip
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from answers import alone, answered
from command_line import every_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from monitor_process import write_desk

from posture.settings import describe

EVERY = [(name.partition(" ")[2], command) for name, command in every_command()]
LEAVES = {name: command for name, command in EVERY if not isinstance(command, click.Group)}
GROUPS = [name for name, command in EVERY if isinstance(command, click.Group)]

# "@" stands for the playground.
PLACES = st.sampled_from(
    [
        "@missing", "@folder", "@empty", "@binary.mp4", "@binary.jsonl", "@binary.jsonl.gz",
        "@cut.jsonl.gz", "@desk.jsonl", "@strange.jsonl", "@text.json", "@me.json", "@text.toml",
        "@desk.toml", "@loop", "@loop/below", "@log", "@kept", "@kept/posture.db", "@picture.jpg",
        "@folder/deeper/missing", "@text.json/below", "@" + "x" * 300,
    ]
)  # fmt: skip
NUMBERS = st.sampled_from(
    ["1", "0", "-1", "0.5", "3", "nan", "inf", "-inf", "1e-300", "1e300", "9" * 30, "9" * 5000, "x"]
)
LENGTHS = st.sampled_from(["15m", "1h", "99999999h", "0s", "1e9d", "-5m", "m", "nanm", "9" * 5000])
DAYS = st.sampled_from(
    [
        "today", "yesterday", "tomorrow", "2026-02-30", "2026-03-29", "20260329", "0001-01-01",
        "9999-12-31", "2026-W53", "-1",
    ]
)  # fmt: skip
TEXTS = st.sampled_from(
    [
        "", " ", "-", "--", "true", "all", "json", "de", "close", ".", "..", "a/b", "--json",
        "http://127.0.0.1:1/", "http://127.0.0.1:99999/", "http://example.org/x", "http://[::1",
        "ftp://a", "file:///etc/passwd", "\udcff", "\x1b[31m", "\n", "\u202e", "🪑", "%n$(true)",
    ]
) | st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12
)  # fmt: skip
SETTINGS = st.sampled_from([*(one.name for one in describe()), "sitting.", "sitting", "x.y", ""])
ANYTHING = PLACES | NUMBERS | LENGTHS | DAYS | TEXTS
MEANT = {
    "day": DAYS,
    "before": DAYS,
    "length": LENGTHS,
    "name": SETTINGS,
    "value": NUMBERS | TEXTS,
    "source": PLACES,
}


def fitting(parameter: click.Parameter) -> st.SearchStrategy[str]:
    """What the command would understand here, more or less."""
    kind = parameter.type
    if isinstance(kind, click.Choice):
        return st.sampled_from(kind.choices)
    if isinstance(kind, click.Path):
        return PLACES
    if isinstance(kind, click.types.FloatParamType | click.types.IntParamType):
        return NUMBERS
    return MEANT.get(parameter.name or "", TEXTS)


@st.composite
def lines(draw: st.DrawFn) -> list[str]:
    """A command, its arguments, some of its options; now and then a word that does not fit."""
    name = draw(st.sampled_from([*LEAVES] * 4 + [*GROUPS, "dance", ""]))
    words = name.split()

    def add(parameter: click.Parameter) -> None:
        words.append(draw(st.one_of(*[fitting(parameter)] * 7, ANYTHING)))

    parameters = LEAVES[name].params if name in LEAVES else []
    for parameter in parameters:
        if isinstance(parameter, click.Argument) and draw(st.integers(0, 9)):
            add(parameter)
    options = [one for one in parameters if isinstance(one, click.Option) and not one.hidden]
    for option in draw(st.lists(st.sampled_from(options), max_size=3)) if options else ():
        words.append(draw(st.sampled_from([*option.opts, *option.secondary_opts])))
        if not option.is_flag:
            add(option)
    if not draw(st.integers(0, 9)):
        words.append(draw(ANYTHING))
    return words


@pytest.fixture(scope="module")
def playground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = tmp_path_factory.mktemp("playground")
    with alone(home):
        write_desk(home / "desk.jsonl", 12)
        for words in (
            "calibrate --source desk.jsonl --distance 60 --out calibration",
            "replay desk.jsonl --calibration calibration --data-dir recorded",
        ):
            assert answered(*words.split()) == 0
        yield home


def furnish(there: Path) -> None:
    """Make everything anew that the words before may have changed."""
    noise = bytes(range(256)) * 40
    for name in ("folder", "log", "kept", "data/posture"):
        (there / name).mkdir(exist_ok=True, parents=True)
    for name in ("binary.mp4", "binary.jsonl", "binary.jsonl.gz", "picture.jpg", "log/posture.db"):
        (there / name).write_bytes(noise)
    (there / "empty").write_text("")
    (there / "text.json").write_text('{"calibration": 1}')
    (there / "text.toml").write_text("[sitting]\nnudge_min = 'soon'\n")
    (there / "desk.toml").write_text("[sitting]\nnudge_min = 30\n")
    desk = write_desk(there / "desk.jsonl", 3).read_bytes()
    (there / "strange.jsonl").write_bytes(desk.replace(b"0.5", b"1e999"))
    (there / "cut.jsonl.gz").write_bytes(gzip.compress(desk)[:-90])
    shutil.copyfile(there / "calibration", there / "me.json")
    for name in ("kept", "data/posture"):
        shutil.copyfile(there / "recorded" / "posture.db", there / name / "posture.db")
    (there / "config" / "posture" / "settings.toml").unlink(missing_ok=True)
    with contextlib.suppress(FileExistsError):
        (there / "loop").symlink_to("loop")


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(words=lines())
def test_any_words_are_answered_or_refused_in_one_line(words: list[str], playground: Path) -> None:
    furnish(playground)
    answered(*(str(playground / word[1:]) if word.startswith("@") else word for word in words))
