"""Which face is the user's, told from geometry alone."""

from __future__ import annotations

import numpy as np
import pytest

from posture.clock import Instant
from posture.core.landmarks import ExpectedFace, FloatArray
from posture.sense.person import Sighting, UserTrack, body_window, face_on_torso, pose_on_face

SIZE = (640, 480)


def face(x: float, y: float, pupils: float, yaw_deg: float = 0.0) -> FloatArray:
    """A face with its eyes' midpoint at *x*, *y* px and *pupils* px between them."""
    turn = np.radians(yaw_deg)
    points = np.zeros((478, 3))
    for index, across, down in (
        (468, -0.5, 0.0),
        (473, 0.5, 0.0),
        (234, -1.1, 0.3),
        (454, 1.1, 0.3),
        (10, 0.0, -1.0),
        (152, 0.0, 1.7),
        (1, 0.0, 0.7),
    ):
        points[index] = (
            x + across * pupils * np.cos(turn),
            y + down * pupils,
            across * pupils * np.sin(turn),
        )
    filled = [468, 473, 234, 454, 10, 152, 1]
    rest = [index for index in range(478) if index not in filled]
    points[rest] = points[filled].mean(axis=0)
    return np.asarray(points / (SIZE[0], SIZE[1], SIZE[0]))


def at(seconds: float) -> Instant:
    return Instant(seconds, 0)


def test_size_of_a_face_does_not_shrink_when_it_turns() -> None:
    assert Sighting.of(face(320, 200, 50, yaw_deg=60), SIZE).pupils == pytest.approx(50)


def test_without_a_track_the_largest_face_is_the_user() -> None:
    small, large = face(100, 150, 25), face(400, 200, 50)
    assert UserTrack().choose([small, large], SIZE, at(0)) is large


def test_turned_user_wins_over_a_smaller_face_that_looks_here() -> None:
    user, behind = face(320, 200, 50, yaw_deg=65), face(120, 100, 30)
    assert UserTrack().choose([behind, user], SIZE, at(0)) is user


def test_poster_far_away_is_nobody() -> None:
    assert UserTrack().choose([face(320, 100, 6)], SIZE, at(0)) is None


def test_no_face_is_nobody() -> None:
    assert UserTrack().choose([], SIZE, at(0)) is None


def test_track_holds_the_user_when_someone_larger_leans_in() -> None:
    track = UserTrack()
    track.choose([face(300, 200, 45)], SIZE, at(0))
    user, visitor = face(310, 205, 46), face(480, 150, 60)
    assert track.choose([visitor, user], SIZE, at(0.5)) is user


def test_someone_behind_is_not_taken_while_the_user_looks_away() -> None:
    track = UserTrack()
    track.choose([face(300, 200, 45)], SIZE, at(0))
    behind = face(450, 120, 25)
    assert track.choose([behind], SIZE, at(1.0)) is None
    assert track.choose([behind], SIZE, at(1.9)) is None
    assert track.choose([behind], SIZE, at(2.1)) is behind


def test_track_ends_when_time_goes_back_or_the_picture_changes_size() -> None:
    track = UserTrack()
    track.choose([face(300, 200, 45)], SIZE, at(10))
    other = face(450, 120, 25)
    assert track.choose([other], SIZE, at(9)) is other
    track.choose([face(300, 200, 45)], SIZE, at(20))
    assert track.choose([other], (320, 240), at(20.2)) is other


def test_forgotten_track_chooses_anew() -> None:
    track = UserTrack()
    track.choose([face(300, 200, 45)], SIZE, at(0))
    track.forget()
    other = face(450, 120, 25)
    assert track.choose([other], SIZE, at(0.1)) is other


def test_calibration_settles_who_it_is_when_no_track_does() -> None:
    user, visitor = face(300, 200, 45), face(520, 180, 55)
    track = UserTrack(ExpectedFace(300 / 640, 200 / 480, 45 / 640))
    assert track.choose([visitor, user], SIZE, at(0)) is user
    track.forget()
    track.expected = None
    assert track.choose([visitor, user], SIZE, at(1)) is visitor


def test_user_moving_within_reach_stays_the_user() -> None:
    track = UserTrack()
    track.choose([face(300, 200, 45)], SIZE, at(0))
    leaned_in = face(340, 230, 75)
    assert track.choose([leaned_in], SIZE, at(0.5)) is leaned_in


def pose(x: float, y: float, eyes: float) -> FloatArray:
    points = np.full((33, 4), 0.5)
    for index, across, down in ((0, 0.0, 0.7), (2, 0.5, 0.0), (5, -0.5, 0.0)):
        points[index, :2] = (x + across * eyes) / SIZE[0], (y + down * eyes) / SIZE[1]
    return points


def test_pose_belongs_to_the_face_under_its_nose_and_eyes() -> None:
    user = face(300, 200, 45)
    assert pose_on_face(pose(303, 204, 42), user, SIZE)
    assert not pose_on_face(pose(380, 150, 24), user, SIZE)
    # A head right beside it: one face width away.
    assert not pose_on_face(pose(300 + 2.2 * 45, 200, 45), user, SIZE)


@pytest.mark.parametrize(("y", "printed"), [(100, False), (300, True), (460, False)])
def test_a_face_between_shoulders_and_hips_is_printed_on_clothes(y: float, printed: bool) -> None:
    body = pose(320, 100, 40)
    corners = {11: (420, 200), 12: (220, 200), 23: (380, 420), 24: (260, 420)}
    for index, (across, down) in corners.items():
        body[index, :2] = across / SIZE[0], down / SIZE[1]

    assert face_on_torso(body, face(320, y, 30), SIZE) is printed
    assert not face_on_torso(body, face(120, y, 30), SIZE)


def test_body_window_holds_head_and_shoulders_and_stays_in_the_picture() -> None:
    left, top, right, bottom = body_window(face(320, 200, 40), SIZE)
    assert left == pytest.approx(320 - 2 * 88, abs=1)
    assert right == pytest.approx(320 + 2 * 88, abs=1)
    assert top == pytest.approx(200 - 40 - 108, abs=1)
    assert bottom == 480
    assert body_window(face(20, 20, 40), SIZE)[:2] == (0, 0)
