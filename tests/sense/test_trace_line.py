"""Plain lines of a trace: read quickly, and never otherwise than the general reader would."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.clock import Instant
from posture.core.landmarks import FACE_POINTS, POSE_POINTS, Landmarks
from posture.sense import trace_line
from posture.sense.trace import TraceSource
from posture.sense.trace_line import PlainLines
from posture.sense.trace_writer import TraceWriter

EPOCH = Instant(0.0, 0)
SIZE, OTHER_SIZE = (640, 480), (1280, 720)


def seen(t_s: float, size: tuple[int, int], light: float | None, *, body: bool) -> Landmarks:
    random = np.random.default_rng(round(t_s))
    pose = random.uniform(-0.2, 1.2, (POSE_POINTS, 4)) if body else None
    return Landmarks(EPOCH.shifted(t_s), size, pose, random.uniform(0, 1, (FACE_POINTS, 3)), light)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("trace") / "a.jsonl"
    with TraceWriter(path, EPOCH) as writer:
        writer.write(seen(0.0, SIZE, None, body=True))
        writer.write(seen(1.0, SIZE, 99.5, body=True))
        writer.write(seen(2.0, OTHER_SIZE, 12.0, body=False))
        writer.write(Landmarks(EPOCH.shifted(3.0), SIZE, None, None))
    return path


def lines_of(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)[1:]


def same(quick: dict[str, Any], thorough: dict[str, Any]) -> bool:
    return quick.keys() == thorough.keys() and all(
        np.array_equal(np.asarray(quick[key], object), np.asarray(thorough[key], object))
        for key in quick
    )


def test_all_that_is_written_is_plain(recorded: Path) -> None:
    plain = PlainLines()
    for line in lines_of(recorded):
        record = plain.record(line)
        assert record is not None
        assert same(record, orjson.loads(line))
        for key in ("pose", "face"):
            assert record[key] is None or record[key].dtype == np.float64


def test_an_array_outlives_the_line_it_came_from(recorded: Path) -> None:
    plain = PlainLines()
    records = [plain.record(line) for line in lines_of(recorded)]
    assert all(
        record is not None and same(record, orjson.loads(line))
        for record, line in zip(records, lines_of(recorded), strict=True)
    )


def test_without_the_quick_reader_the_same_is_read(
    recorded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = list(TraceSource(recorded, EPOCH).landmarks())
    monkeypatch.setattr(trace_line, "simdjson", None)
    assert PlainLines().record(lines_of(recorded)[0]) is None
    thorough = list(TraceSource(recorded, EPOCH).landmarks())
    for one, other in zip(quick, thorough, strict=True):
        assert (one.at, one.size, one.light) == (other.at, other.size, other.light)
        for points, others in ((one.pose, other.pose), (one.face, other.face)):
            assert np.array_equal(np.asarray(points, object), np.asarray(others, object))
    assert all(later.at > sooner.at for sooner, later in pairwise(quick))


TABLE = b"[" + b",".join([b"[0.5,0.5,0.5]"] * FACE_POINTS) + b"]"


@pytest.mark.parametrize(
    "line",
    [
        b'{"t":0.0,"pose":null,"face":' + TABLE[:-1] + b",[0.5,0.5,0.5]]}",
        b'{"t":0.0,"pose":null,"face":' + TABLE.replace(b"0.5],[0.5,", b"0.5,0.5],[", 1) + b"}",
        b'{"t":0.0,"pose":null,"face":' + TABLE.replace(b"0.5", b"true", 1) + b"}",
        b'{"t":0.0,"pose":null,"face":' + TABLE.replace(b"0.5", b'"0"', 1) + b"}",
        b'{"t":0.0,"pose":null,"face":' + TABLE.replace(b"0.5", b"0.5.5", 1) + b"}",
        b'{"t":0.0,"pose":null,"face":' + TABLE.replace(b"0.5", b"1e999", 1) + b"}",
        b'{"t":0.0,"pose":null,"face":' + TABLE.replace(b"0.5", b"9" * 40, 1) + b"}",
        b'{"t":0.0,"pose":null,"face":' + TABLE.replace(b"0.5", b"", 1) + b"}",
        b'{"t":0.0,"pose":null,"face":' + TABLE + b',"face":null}',
        b'{"t":0.0,"face":null,"pose":null}',
        b'{"t":0.0,"pose":null,"face":null,"more":1}',
        b'["t",0.0,"pose",null,"face",null]',
        b"",
        b"\xff",
    ],
    ids=[
        *("a point more", "ragged", "true", "text", "two dots", "no double", "too many digits"),
        *("nothing", "twice", "another order", "more", "no object", "empty", "no text"),
    ],
)
def test_all_else_is_for_the_general_reader(line: bytes) -> None:
    assert PlainLines().record(line) is None


WHAT_JSON_IS_MADE_OF = [
    *map(str, range(10)),
    *'.,[]{}":eE+- \\tnulpose',
    "null",
    "true",
    "[",
    "1e5",
]


@given(data=st.data())
def test_a_damaged_line_is_read_as_the_general_reader_reads_it(data: st.DataObject) -> None:
    line = _line()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(line)))
        gone = data.draw(st.integers(0, 3))
        put = "".join(data.draw(st.lists(st.sampled_from(WHAT_JSON_IS_MADE_OF), max_size=3)))
        line = line[:at] + put.encode() + line[at + gone :]
    record = PlainLines().record(line)
    assert record is None or same(record, orjson.loads(line))


def _line() -> bytes:
    face = [[0.25, 1e-5, -0.125]] * FACE_POINTS
    pose = [[0.5, 0.25, -1.5, 0.999]] * POSE_POINTS
    return orjson.dumps({"t": 1.5, "size": SIZE, "light": 80.5, "pose": pose, "face": face})
