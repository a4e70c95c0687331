"""Is the user there? Nobody, somebody further off, darkness, and bodies that are none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from desk import judged, neutral_of, story
from person import ASIDE, AVERAGE, EYE_LEVEL, LAPTOP, LARGE, SMALL, Build, Moves, Webcam, seen

from posture.clock import Instant
from posture.core.landmarks import POSE_POINTS, Landmarks
from posture.core.presence import Evidence, PresenceHold
from posture.core.reader import Reader
from posture.core.reading import Label, Presence, Reading

webcams = pytest.mark.parametrize(
    "webcam", [EYE_LEVEL, LAPTOP, ASIDE], ids=["eye", "laptop", "aside"]
)


def empty(at_s: float = 0.0, light: float | None = 100.0) -> Landmarks:
    return Landmarks(seen(at_s=at_s).at, (640, 480), None, None, light)


def read(landmarks: Landmarks, *, calibrated: bool = True) -> Reading:
    neutral = neutral_of(EYE_LEVEL) if calibrated else None
    return Reader(neutral, independent=True).read(landmarks)


@pytest.mark.parametrize("calibrated", [True, False])
def test_an_empty_room_is_away(calibrated: bool) -> None:
    reading = read(empty(), calibrated=calibrated)
    assert (reading.presence, reading.reason) == (Presence.AWAY, None)


@pytest.mark.parametrize("calibrated", [True, False])
@pytest.mark.parametrize("light", [0.0, 4.0, 9.0])
def test_in_the_dark_nobody_knows(calibrated: bool, light: float) -> None:
    reading = read(empty(light=light), calibrated=calibrated)
    assert (reading.presence, reading.label) == (Presence.UNKNOWN, Label.UNKNOWN)
    assert reading.reason == "dark"


def test_who_is_seen_is_there_however_dark_it_is() -> None:
    assert read(seen(light=5.0)).presence is Presence.PRESENT


def test_an_empty_room_of_unknown_light_is_away() -> None:
    assert read(empty(light=None)).presence is Presence.AWAY


@webcams
@pytest.mark.parametrize("build", [AVERAGE, SMALL, LARGE], ids=["average", "small", "large"])
@pytest.mark.parametrize("forward", [25.0, 0.0, -30.0, -45.0])
def test_at_the_desk_is_present(webcam: Webcam, build: Build, forward: float) -> None:
    """From 35 cm to 110 cm, in any posture that a desk allows."""
    for moves in (Moves(forward=forward), Moves(forward=forward, slump=4, nod=20)):
        assert judged(seen(moves, webcam, build), webcam, build).presence is Presence.PRESENT


@webcams
def test_somebody_across_the_room_is_not_the_user(webcam: Webcam) -> None:
    reading = judged(seen(Moves(forward=-200, right=60, up=40), webcam), webcam)
    assert (reading.presence, reading.label) == (Presence.AWAY, Label.AWAY)


@webcams
def test_before_calibration_somebody_across_the_room_may_be_anyone(webcam: Webcam) -> None:
    reading = read(seen(Moves(forward=-200), webcam), calibrated=False)
    assert reading.presence is Presence.UNKNOWN
    assert reading.reason


@webcams
def test_a_body_without_a_face_is_the_user_looking_elsewhere(webcam: Webcam) -> None:
    landmarks = replace(seen(Moves(nod=5), webcam), face=None)
    assert judged(landmarks, webcam).presence is Presence.PRESENT


@webcams
def test_a_body_without_a_face_across_the_room_is_not_the_user(webcam: Webcam) -> None:
    landmarks = replace(seen(Moves(forward=-200), webcam), face=None)
    assert judged(landmarks, webcam).presence is not Presence.PRESENT


def test_a_body_in_one_spot_is_a_round_table() -> None:
    """Empty rooms: the pose model is sure of a person whose points all lie together."""
    random = np.random.default_rng(4)
    for spread in (0.0, 0.001, 0.01):
        pose = np.full((POSE_POINTS, 4), 0.99)
        pose[:, :2] = random.normal((0.6, 0.7), spread, (POSE_POINTS, 2))
        for calibrated in (True, False):
            reading = read(replace(empty(), pose=pose), calibrated=calibrated)
            assert reading.presence is Presence.AWAY


def test_a_body_upside_down_is_none() -> None:
    landmarks = seen()
    assert landmarks.pose is not None
    pose = landmarks.pose.copy()
    pose[:, 1] = 1.0 - pose[:, 1]
    assert read(replace(landmarks, pose=pose, face=None)).presence is Presence.AWAY


def test_a_guessed_body_is_none() -> None:
    landmarks = seen()
    assert landmarks.pose is not None
    pose = landmarks.pose.copy()
    pose[:, 3] = 0.3
    assert read(replace(landmarks, pose=pose, face=None)).presence is Presence.AWAY


class TestOverTime:
    def readings(self, *parts: tuple[float, Landmarks], rate_hz: float = 5.0) -> list[Reading]:
        """Read parts of (seconds, picture) one after the other."""
        pictures, at_s = [], 0.0
        for seconds, picture in parts:
            for _ in range(round(seconds * rate_hz)):
                pictures.append(replace(picture, at=seen(at_s=at_s).at))
                at_s += 1 / rate_hz
        return story(Reader(neutral_of(EYE_LEVEL)), pictures)

    def test_leaving_is_told_after_two_seconds_and_dated_back(self) -> None:
        readings = self.readings((10, seen()), (10, empty()))
        start = readings[0].at
        away = [r for r in readings if r.presence is Presence.AWAY]
        assert away[0].at - start == pytest.approx(12.0, abs=0.21)
        assert {round(r.presence_since - start, 6) for r in away} == {10.0}
        assert {round(r.label_since - start, 6) for r in away} == {10.0}

    def test_until_then_the_posture_is_taken_to_last_and_nothing_is_measured(self) -> None:
        slouch = seen(Moves(slump=5, poke=8))
        readings = self.readings((10, slouch), (1.6, empty()), (5, slouch))
        assert {r.presence for r in readings} == {Presence.PRESENT}
        assert {r.label for r in readings} == {Label.SLOUCH}
        blank = [r for r in readings if r.metrics.distance_cm is None]
        assert len(blank) == 8
        assert {r.score for r in blank} == {None}

    def test_whoever_is_behind_an_empty_chair_is_not_measured(self) -> None:
        colleague = seen(Moves(forward=-150, right=50))
        readings = self.readings((10, seen()), (10, colleague))
        distances = [r.metrics.distance_cm for r in readings if r.metrics.distance_cm is not None]
        assert max(distances) < 65
        assert readings[-1].label is Label.AWAY

    def test_coming_back_is_told_after_a_second_and_dated_back(self) -> None:
        readings = self.readings((10, empty()), (10, seen()))
        start = readings[0].at
        back = [r for r in readings if r.presence is Presence.PRESENT]
        assert back[0].at - start == pytest.approx(11.0, abs=0.21)
        assert {round(r.presence_since - start, 6) for r in back} == {10.0}
        assert back[0].label is Label.UPRIGHT

    def test_somebody_who_walks_by_does_not_sit_down(self) -> None:
        readings = self.readings((10, empty()), (0.6, seen()), (10, empty()))
        assert {r.presence for r in readings} == {Presence.AWAY}

    def test_the_light_goes_out(self) -> None:
        readings = self.readings((10, seen()), (10, empty(light=2.0)), (10, seen()))
        told = [r.presence for r in readings]
        assert told[60:100] == [Presence.UNKNOWN] * 40
        assert {r.reason for r in readings[60:100]} == {"dark"}
        assert told[-1] is Presence.PRESENT
        assert readings[-1].reason is None


HOLDS = {Presence.PRESENT: 1.0, Presence.AWAY: 2.0, Presence.UNKNOWN: 1.0}


class TestPresenceHold:
    START = Instant(10.0, 0)

    def held(self, *parts: tuple[float, Presence]) -> list[tuple[Presence, float]]:
        hold = PresenceHold(HOLDS)
        held = (hold.update(self.START.shifted(at_s), Evidence(p)) for at_s, p in parts)
        return [(evidence.presence, since - self.START) for evidence, since in held]

    def test_the_first_moment_is_believed_at_once(self) -> None:
        assert self.held((0, Presence.AWAY)) == [(Presence.AWAY, 0)]

    def test_each_presence_has_its_own_hold(self) -> None:
        here, away = Presence.PRESENT, Presence.AWAY
        assert self.held((0, here), (1, away), (2.9, away), (3, away), (4, here), (5, here)) == [
            (here, 0), (here, 0), (here, 0), (away, 1), (away, 1), (here, 4),
        ]  # fmt: skip

    def test_doubt_that_changes_its_mind_starts_again(self) -> None:
        here, away, dark = Presence.PRESENT, Presence.AWAY, Presence.UNKNOWN
        assert (
            self.held((0, here), (1, away), (2, dark), (2.9, away), (3.8, dark), (4.7, away))
            == [(here, 0)] * 6
        )

    def test_a_held_presence_tells_the_newest_reason(self) -> None:
        hold = PresenceHold(HOLDS)
        hold.update(self.START, Evidence(Presence.UNKNOWN, "dark"))
        evidence, since = hold.update(
            self.START.shifted(5), Evidence(Presence.UNKNOWN, "someone further away")
        )
        assert (evidence.reason, since) == ("someone further away", self.START)
