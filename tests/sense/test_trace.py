"""Landmark traces: what is written is read again, and what is wrong is named with its line."""

from __future__ import annotations

import gzip
import json
import resource
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from posture.clock import Instant
from posture.core.landmarks import FACE_POINTS, POSE_POINTS, Landmarks
from posture.errors import OutputUnwritable, SourceNotFound, TraceUnreadable, UsageError
from posture.sense.trace import TraceSource
from posture.sense.trace_writer import TraceWriter
from posture.sense.window import Window

EPOCH = Instant(1000.0, 1_700_000_000_000_000)
OTHER_EPOCH = Instant(5.0, 1_600_000_000_000_000)
HEADER = '{"trace": 1, "size": [640, 480]}'
POSE = [[0.5, 0.25, -1.0, 0.9]] * POSE_POINTS
FACE = [[0.5, 0.25, -1.0]] * FACE_POINTS


def made(t_s: float, *, seed: int = 0, size: tuple[int, int] = (640, 480)) -> Landmarks:
    random = np.random.default_rng(seed)
    return Landmarks(
        EPOCH.shifted(t_s),
        size,
        random.uniform(-0.2, 1.2, (POSE_POINTS, 4)),
        random.uniform(-0.2, 1.2, (FACE_POINTS, 3)),
        light=random.uniform(0, 255),
    )


def frame(t_s: object = 0.0, pose: object = None, face: object = None, **more: object) -> str:
    return json.dumps({"t": t_s, "pose": pose, "face": face, **more})


def written(path: Path, *lines: str) -> Path:
    text = "".join(line + "\n" for line in lines).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return path


def read(path: Path, window: Window | None = None) -> list[Landmarks]:
    return list(TraceSource(path, EPOCH, window).landmarks())


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_what_is_written_is_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    sent = [made(0.1 * index, seed=index) for index in range(5)]
    with TraceWriter(path, EPOCH) as writer:
        for landmarks in sent:
            writer.write(landmarks)
    with TraceSource(path, OTHER_EPOCH) as source:
        got = list(source.landmarks())
    assert (source.size, source.name, source.live, source.independent) == (
        (640, 480), name, False, False
    )  # fmt: skip
    assert [a.at - OTHER_EPOCH for a in got] == pytest.approx([b.at - EPOCH for b in sent])
    for a, b in zip(got, sent, strict=True):
        assert a.pose is not None
        assert b.pose is not None
        assert a.face is not None
        assert b.face is not None
        assert a.light is not None
        assert b.light is not None
        # Less than a hundredth of a pixel of 640.
        assert np.abs(a.pose[:, :3] - b.pose[:, :3]).max() < 1e-5
        assert np.abs(a.pose[:, 3] - b.pose[:, 3]).max() < 1e-3
        assert np.abs(a.face - b.face).max() < 1e-5
        assert abs(a.light - b.light) <= 0.05


def test_what_was_not_seen_stays_unknown(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with TraceWriter(path, EPOCH) as writer:
        writer.write(Landmarks(EPOCH, (640, 480), None, None))
    (got,) = read(path)
    assert (got.pose, got.face, got.light) == (None, None, None)
    assert path.read_text().splitlines() == [
        '{"trace":1,"size":[640,480]}', '{"t":0.0,"pose":null,"face":null}'
    ]  # fmt: skip


def test_pictures_of_different_sizes_that_are_no_sequence(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with TraceWriter(path, EPOCH, independent=True) as writer:
        for t_s, size in enumerate([(640, 480), (320, 200), (640, 480)]):
            writer.write(made(float(t_s), size=size))
    assert [landmarks.size for landmarks in read(path)] == [(640, 480), (320, 200), (640, 480)]
    assert TraceSource(path, EPOCH).independent


def test_the_format_as_documented(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.jsonl", HEADER, frame(0, POSE, FACE), "", frame(0.5, POSE), frame(1, light=12)
    )
    both, pose_only, none = read(path)
    assert both.pose is not None
    assert both.face is not None
    assert both.pose.shape == (33, 4)
    assert both.face.shape == (478, 3)
    assert both.pose[0].tolist() == [0.5, 0.25, -1.0, 0.9]
    assert (pose_only.face, pose_only.at - EPOCH) == (None, 0.5)
    assert (none.pose, none.light) == (None, 12)


def test_a_window_on_a_trace(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", HEADER, *(frame(t / 10) for t in range(100)))
    got = read(path, Window(start_s=2.0, duration_s=3.0, fps=2))
    assert [round(a.at - EPOCH, 3) for a in got] == [2.0, 2.5, 3.0, 3.5, 4.0, 4.5]
    with pytest.raises(UsageError, match=r"ends at 9\.9 s"):
        read(path, Window(start_s=10.0))


def test_the_file_is_the_users_own(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    with TraceWriter(path, EPOCH) as writer:
        writer.write(made(0.0))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_same_landmarks_make_the_same_file(tmp_path: Path) -> None:
    for name in ("a.jsonl.gz", "b.jsonl.gz"):
        with TraceWriter(tmp_path / name, EPOCH) as writer:
            writer.write(made(0.0))
    assert (tmp_path / "a.jsonl.gz").read_bytes() == (tmp_path / "b.jsonl.gz").read_bytes()


def test_until_it_is_closed_the_old_file_stays(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", "old")
    writer = TraceWriter(path, EPOCH)
    writer.write(made(0.0))
    assert path.read_text() == "old\n"
    writer.close()
    writer.close()
    assert len(read(path)) == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.jsonl"]


def fail(error: BaseException) -> None:
    raise error


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
@pytest.mark.parametrize(
    ("ending", "left"),
    [
        (lambda: fail(KeyboardInterrupt()), True),
        (lambda: fail(RuntimeError()), False),
    ],
    ids=["interrupted: what was recorded is kept", "failed: nothing is left"],
)
def test_a_recording_that_does_not_end_well(
    tmp_path: Path, name: str, ending: Callable[[], None], left: bool
) -> None:
    def record() -> None:
        with TraceWriter(tmp_path / name, EPOCH) as writer:
            writer.write(made(0.0))
            ending()

    with pytest.raises((KeyboardInterrupt, RuntimeError)):
        record()
    assert [entry.name for entry in tmp_path.iterdir()] == ([name] if left else [])


def test_a_recording_of_nothing_leaves_no_file(tmp_path: Path) -> None:
    with TraceWriter(tmp_path / "a.jsonl", EPOCH):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(OutputUnwritable, match=r"a\.jsonl cannot be written: No such file"):
        TraceWriter(tmp_path / "absent" / "a.jsonl", EPOCH)


@pytest.fixture
def small_disk() -> Iterator[None]:
    """Let no file of this process grow beyond 64 kB, as on a full disk."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.usefixtures("small_disk")
@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_a_full_disk_while_recording(tmp_path: Path, name: str) -> None:
    path = written(tmp_path / name, "old")
    before = path.read_bytes()

    def record() -> None:
        with TraceWriter(path, EPOCH) as writer:
            for t_s in range(50):
                writer.write(made(float(t_s), seed=t_s))

    with pytest.raises(OutputUnwritable, match=f"{name} cannot be written: File too large"):
        record()
    assert [entry.name for entry in tmp_path.iterdir()] == [name]
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("line", "lines", "why"),
    [
        (1, [], "the file is empty"),
        (1, ["not json"], "no JSON"),
        (1, ["[1, 2]"], "no JSON object"),
        (1, [frame()], "a trace begins with"),
        (1, ['{"trace": 2, "size": [640, 480]}'], "version 2 is not known"),
        (1, ['{"trace": 1}'], "size"),
        (1, ['{"trace": 1, "size": [640, 0]}'], "size"),
        (1, ['{"trace": 1, "size": [640, 480], "independent": "yes"}'], "independent"),
        (2, [HEADER], "no frame follows"),
        (3, [HEADER, frame(0.0), '{"t": 1.0, "pose": [[0.1'], "no JSON"),
        (2, [HEADER, frame("soon")], '"t"'),
        (2, [HEADER, frame(-1.0)], '"t"'),
        (2, [HEADER, '{"pose": null, "face": null}'], '"t"'),
        (4, [HEADER, frame(0), frame(2.0), frame(1.0)], "time goes from 2.0 s to 1.0 s"),
        (3, [HEADER, frame(1.0), frame(1.0)], "time goes from 1.0 s to 1.0 s"),
        (2, [HEADER, '{"t": 0, "face": null}'], '"pose" is missing'),
        (2, [HEADER, frame(pose=POSE[:32])], "pose must have shape"),
        (2, [HEADER, frame(face=FACE[:468])], "face must have shape"),
        (2, [HEADER, frame(face=POSE)], "face must have shape"),
        (2, [HEADER, frame(pose=[*POSE[:32], [0.1, 0.2]])], "no table of numbers"),
        (2, [HEADER, frame(pose=[*POSE[:32], ["0.1", 0, 0, 0]])], "no table of numbers"),
        (2, [HEADER, frame(pose=[*POSE[:32], [None, 0, 0, 0]])], "no table of numbers"),
        (2, [HEADER, frame(pose={"nose": 1})], "no table of numbers"),
        (2, [HEADER, frame(pose=[[True] * 4] * 33)], "no table of numbers"),
        (2, [HEADER, frame(pose=[*POSE[:32], [float("nan"), 0, 0, 0]])], "no JSON"),
        (2, [HEADER, frame(light="bright")], '"light"'),
        (2, [HEADER, frame(size=[1, 2, 3])], "size"),
    ],
)
@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_what_is_wrong_is_named_with_its_line(
    tmp_path: Path, name: str, line: int, lines: list[str], why: str
) -> None:
    path = written(tmp_path / name, *lines)
    with pytest.raises(TraceUnreadable) as raised:
        read(path)
    assert f"{name}, line {line}: " in raised.value.what
    assert why in raised.value.what


def test_a_cut_off_gzip_file(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl.gz", HEADER, *(frame(t, POSE) for t in range(50)))
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(TraceUnreadable, match=r"line \d+: the file cannot be read further"):
        read(path)


def test_a_file_that_is_not_gzip(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_text(HEADER)
    with pytest.raises(TraceUnreadable, match="line 1"):
        read(path)


def test_an_endless_line_is_not_read_into_memory(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", HEADER, " " * 2_000_000)
    with pytest.raises(TraceUnreadable, match="line 2: the line is far too long"):
        read(path)


def test_an_absent_trace(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFound):
        TraceSource(tmp_path / "a.jsonl", EPOCH)
