"""Whatever is in a file the program reads: it is used, or refused in one line."""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path

import pytest
from answers import alone, answered
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from monitor_process import SLOUCHED, write_desk

from posture.settings import Described, describe

fuzzed = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
MARKS = re.compile(rb"([\[\]{},:=\s]+)")
STRANGE = st.sampled_from(
    [
        b"", b"0", b"-1", b"1e999", b"-1e-999", b"NaN", b"nan", b"inf", b"9" * 5000, b"1" * 400,
        b"null", b"true", b'""', b'"x"', b"'", b'"', b"[" * 3000, b"[]", b"{", b"}", b"{}", b"]",
        b"\0", b"\xff\xfe", b'"\\ud800"', b"\n", b"\r", b".", b"a.b", b"#", b"[[x]]", b"\x1b[2J",
        b"1979-05-27", b"2026-11-20T25:00:00Z", b"\xef\xbb\xbf",
    ]
) | st.binary(max_size=6)  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """*whole* with a few words or bytes exchanged, left out or doubled, or its end cut off."""
    for _ in range(draw(st.integers(1, 3))):
        if draw(st.booleans()):
            words = MARKS.split(whole)
            words[draw(st.integers(0, len(words) - 1))] = draw(STRANGE)
            whole = b"".join(words)
        else:
            begin = draw(st.integers(0, len(whole)))
            end = min(begin + draw(st.sampled_from([0, 1, 4, 100, len(whole)])), len(whole))
            between = draw(STRANGE) * draw(st.sampled_from([1, 1, 3]))
            whole = whole[:begin] + between + whole[draw(st.sampled_from([begin, end])) :]
    return whole


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home with a trace, a calibration, a log, and the log's copy."""
    home = tmp_path_factory.mktemp("home")
    with alone(home):
        write_desk(home / "desk.jsonl", 2)
        write_desk(home / "upright.jsonl", 12)
        write_desk(home / "slouched.jsonl", 120, moves=SLOUCHED)
        (home / "config" / "posture").mkdir(parents=True)
        for line in (
            "calibrate --source upright.jsonl --distance 60 --out me.json",
            "replay slouched.jsonl --calibration me.json --data-dir recorded",
            "data export --data-dir recorded --format json --out copy.json",
        ):
            assert answered(*line.split()) == 0
        yield home


def literals(one: Described) -> st.SearchStrategy[str]:
    """Values in TOML, of the setting's own kind or any other."""
    numbers = st.integers(-(10**400), 10**400) | st.floats() | st.integers(-1, 100)
    others = st.dates().map(date.isoformat) | st.times().map(time.isoformat)
    texts = st.text(max_size=8).map(lambda text: f"'{text}'")
    plain = numbers.map(str) | st.sampled_from(["true", "false"]) | texts | others
    listed = st.lists(plain, max_size=3).map(lambda values: f"[{', '.join(values)}]")
    default = f"'{one.default}'" if one.kind is str else str(one.default).lower()
    return st.just(default) | plain | listed | st.just("{x = 1}")


@st.composite
def settings_files(draw: st.DrawFn) -> bytes:
    chosen = draw(st.lists(st.sampled_from(describe()), max_size=4, unique_by=lambda one: one.name))
    lines = [f"{one.name} = {draw(literals(one))}" for one in chosen]
    written = "\n".join(lines).encode("utf-8", "surrogatepass")
    return draw(damaged(written) | st.just(written))


@fuzzed
@given(content=settings_files())
def test_any_settings(content: bytes, home: Path) -> None:
    path = home / "config" / "posture" / "settings.toml"
    for line in (
        "config show --json",
        "config set sitting.nudge_min 30",
        "config unset general.language",
    ):
        path.write_bytes(content)
        try:
            answered(*line.split())
        finally:
            path.unlink(missing_ok=True)
    other = home / "other.toml"
    other.write_bytes(content)
    answered("replay", "desk.jsonl", "--config", str(other))


@pytest.fixture(scope="module")
def calibration(home: Path) -> bytes:
    return (home / "me.json").read_bytes()


@fuzzed
@given(data=st.data())
def test_any_calibration(data: st.DataObject, calibration: bytes, home: Path) -> None:
    (home / "other.json").write_bytes(data.draw(damaged(calibration)))

    assert answered("replay", "desk.jsonl", "--calibration", "other.json") in {0, 24}


@fuzzed
@given(data=st.data(), packed=st.booleans())
def test_any_trace(data: st.DataObject, home: Path, *, packed: bool) -> None:
    trace = (home / "desk.jsonl").read_bytes()
    if packed:
        trace = gzip.compress(trace, mtime=0)
    name = "other.jsonl.gz" if packed else "other.jsonl"
    (home / name).write_bytes(data.draw(damaged(trace)))

    assert answered("analyze", name, "--calibration", "me.json", "--jsonl") in {0, 30}
    answered("calibrate", "--source", name, "--distance", "60", "--out", "new.json")


@fuzzed
@given(data=st.data())
def test_any_log(data: st.DataObject, home: Path) -> None:
    shutil.rmtree(home / "other", ignore_errors=True)
    (home / "other").mkdir()
    log = (home / "recorded" / "posture.db").read_bytes()
    (home / "other" / "posture.db").write_bytes(data.draw(damaged(log)))

    answered("log", "--json", "--data-dir", "other")
    answered("data", "export", "--format", "csv", "--data-dir", "other", "--out", "other.csv")
    answered("data", "import", "other/posture.db", "--data-dir", "merged")
    answered("data", "delete", "--before", "today", "--yes", "--data-dir", "other")


@fuzzed
@given(data=st.data())
def test_any_copy_of_a_log(data: st.DataObject, home: Path) -> None:
    (home / "other-copy.json").write_bytes(data.draw(damaged((home / "copy.json").read_bytes())))

    answered("data", "import", "other-copy.json", "--data-dir", "merged")
    shutil.rmtree(home / "merged", ignore_errors=True)
