"""What passes between the program and its worker, and what is refused."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.clock import Instant
from posture.core.inputs import CameraLost
from posture.core.landmarks import ExpectedFace, Landmarks, SceneMotion
from posture.errors import LandmarkingFailed, PostureError, all_errors
from posture.sense import wire
from posture.sense.sight import Again, Sight, SourceEnded
from posture.sense.wire import Assignment, Opened, WireBrokenError, Wish

AT = Instant(12345.678901, 1_700_000_000_123_456)


def sent(report: Sight | Again | CameraLost | SourceEnded | Opened) -> bytes:
    stream = io.BytesIO()
    wire.write_report(stream, report)
    return stream.getvalue()


def message(head: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">II", len(head), len(body)) + head + body


@pytest.mark.parametrize(
    "report",
    [
        Opened(live=True),
        Opened(live=True, name="Integrated Camera"),
        Opened(live=False),
        Again(AT),
        CameraLost(AT, "unplugged"),
        SourceEnded(),
    ],
)
def test_words_arrive_as_they_were_said(report: Again | CameraLost | SourceEnded | Opened) -> None:
    assert wire.read_report(io.BytesIO(sent(report))) == report


@pytest.mark.parametrize("kind", all_errors())
def test_every_error_keeps_its_kind_and_its_words(kind: type[PostureError]) -> None:
    back = wire.read_report(io.BytesIO(sent(SourceEnded(kind("What “happened”.", "Do this.")))))

    assert isinstance(back, SourceEnded)
    assert type(back.error) is kind
    assert str(back.error) == "What “happened”. Do this."


@pytest.mark.parametrize("with_pose", [False, True])
@pytest.mark.parametrize("with_face", [False, True])
@pytest.mark.parametrize("jpeg", [None, b"", b"a picture"])
def test_landmarks_arrive_to_the_last_bit(
    with_pose: bool, with_face: bool, jpeg: bytes | None
) -> None:
    random = np.random.default_rng(1)
    pose = random.random((33, 4)) if with_pose else None
    face = random.random((478, 3)) if with_face else None

    scene = SceneMotion(0.01, -0.02, 1.1, 0.7) if with_pose else None
    landmarks = Landmarks(AT, (640, 480), pose, face, 99.25, scene)

    back = wire.read_report(io.BytesIO(sent(Sight(landmarks, jpeg))))

    assert isinstance(back, Sight)
    assert (back.landmarks.at, back.landmarks.size, back.landmarks.light) == (AT, (640, 480), 99.25)
    assert (back.jpeg, back.landmarks.scene) == (jpeg, scene)
    for before, after in ((pose, back.landmarks.pose), (face, back.landmarks.face)):
        assert (before is None) == (after is None)
        if before is not None and after is not None:
            assert np.array_equal(before, after)


def test_what_the_worker_is_told_arrives() -> None:
    assignment = Assignment("Büro Cam", False, ExpectedFace(0.5, 0.4, 0.09), None, "/a/face.task")
    wish = Wish(wanted=False, interval_s=2.5, pictures=True, undecided=False)

    assert wire.assignment_of(wire.assignment_head(assignment)) == assignment
    assert wire.wish_of(wire.wish_head(wish)) == wish


def test_the_end_of_the_pipe_is_no_message() -> None:
    assert wire.read_report(io.BytesIO()) is None


WHOLE = sent(Sight(Landmarks(AT, (640, 480), np.ones((33, 4)), None), None))


@pytest.mark.parametrize("length", [1, 7, 8, 20, len(WHOLE) - 1])
def test_a_message_that_is_cut_off_is_refused(length: int) -> None:
    with pytest.raises(WireBrokenError):
        wire.read_report(io.BytesIO(WHOLE[:length]))


@pytest.mark.parametrize(
    "data",
    [
        struct.pack(">II", 2**31, 0),
        struct.pack(">II", 2, 2**31),
        message(b"no JSON"),
        message(b"[1]"),
        message(b"{}"),
        message(b'{"kind":"opened"}'),
        message(b'{"kind":"again","mono":"x","wall_us":1}'),
        message(b'{"kind":"shell","mono":1,"wall_us":1}'),
        WHOLE.replace(b'"size":[640,480]', b'"size":[-40,480]'),
        WHOLE.replace(struct.pack("<d", 1.0), struct.pack("<d", float("nan")), 1),
        WHOLE.replace(b'"face":false', b'"face":true ').replace(b'"pose":true', b'"pose":true'),
    ],
)
def test_nonsense_is_refused(data: bytes) -> None:
    with pytest.raises(WireBrokenError):
        wire.read_report(io.BytesIO(data))


@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_refused(data: bytes) -> None:
    try:
        report = wire.read_report(io.BytesIO(data))
    except WireBrokenError:
        return
    assert report is None or isinstance(report, Sight | Again | CameraLost | SourceEnded | Opened)


def test_an_error_of_an_unknown_kind_is_still_an_error() -> None:
    data = sent(SourceEnded(LandmarkingFailed("It failed.", "Start again.")))
    changed = data.replace(b"LandmarkingFailed", b"LandmarkingFallen")

    back = wire.read_report(io.BytesIO(changed))

    assert isinstance(back, SourceEnded)
    assert type(back.error) is PostureError
    assert str(back.error) == "It failed. Start again."
