"""Reading ahead: what comes out, in which order, and what a damaged recording still tells."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from posture import reading_ahead
from posture.cli import main
from posture.clock import Instant
from posture.core.inputs import CameraLost
from posture.core.landmarks import Landmarks
from posture.core.reader import Reader
from posture.errors import TraceUnreadable
from posture.reading_ahead import read_ahead


class Foreseeing(Reader):
    """Notes what it was asked to foresee."""

    def __init__(self) -> None:
        super().__init__(None)
        self.blocks: list[list[float]] = []

    def foresee(self, coming: list[Landmarks]) -> None:  # type: ignore[override]
        self.blocks.append([one.at.mono for one in coming])


def _moment(at_s: float) -> Landmarks:
    return Landmarks(Instant(at_s, round(at_s * 1e6)), (640, 480), None, None)


def test_everything_comes_out_in_order_a_block_foreseen_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading_ahead, "_AHEAD", 3)
    lost = CameraLost(Instant(1.5, 1_500_000), "camera_absent")
    items = [_moment(0.0), _moment(1.0), lost, _moment(2.0), _moment(3.0)]
    reader = Foreseeing()
    assert list(read_ahead(items, reader)) == items
    assert reader.blocks == [[0.0, 1.0], [2.0, 3.0]]


def test_a_block_is_foreseen_before_any_of_it_is_read() -> None:
    reader = Foreseeing()
    first = next(read_ahead([_moment(0.0), _moment(1.0)], reader))
    assert first.at.mono == 0.0
    assert reader.blocks == [[0.0, 1.0]]


def test_what_came_before_a_damaged_line_is_told_first() -> None:
    def damaged() -> Iterator[Landmarks]:
        yield _moment(0.0)
        yield _moment(1.0)
        raise TraceUnreadable("line 3", "Write it again.")

    ahead = read_ahead(damaged(), Foreseeing())
    assert [next(ahead).at.mono, next(ahead).at.mono] == [0.0, 1.0]
    with pytest.raises(TraceUnreadable):
        next(ahead)


def test_a_replay_tells_of_a_damaged_trace_what_it_could_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trace = tmp_path / "day.jsonl"
    lines = [{"trace": 1, "size": [640, 480]}]
    lines += [{"t": t, "pose": None, "face": None} for t in range(30)]
    trace.write_text("".join(json.dumps(line) + "\n" for line in lines) + "broken\n")
    assert main(["replay", str(trace), "--jsonl"]) != 0
    out, err = capsys.readouterr()
    assert "line 32" in err
    assert "away" in out
