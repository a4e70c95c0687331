"""The calibrated desks of a running monitor: chosen by hand, by camera and by fit."""

from __future__ import annotations

import queue
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from desk import neutral_of
from person import EYE_LEVEL, LAPTOP, STILL, Webcam, seen

from posture import calibration_file
from posture.clock import SystemClock
from posture.core.effects import DeskRecognized
from posture.core.neutral import Neutral
from posture.core.reader import Reader
from posture.desktop.wishes import Command, CommandKind
from posture.errors import PostureError
from posture.plan import Plan
from posture.profiles import Profiles

BUILT_IN, PLUGGED_IN = "Integrated Camera", "HD Webcam"


@dataclass
class Monitor:
    """A running monitor as its profiles see it."""

    profiles: Profiles
    inbox: queue.SimpleQueue[Any]
    reader: Reader
    known: list[Mapping[str, Neutral]]
    told: list[str] = field(default_factory=list)

    def choose(self, profile: str) -> None:
        command = Command(SystemClock().now(), CommandKind.PROFILE, profile)
        assert self.profiles.handle(command)

    def obey_itself(self) -> None:
        """Perform what was put into the inbox."""
        while not self.inbox.empty():
            assert self.profiles.handle(self.inbox.get())


def store(name: str, webcam: Webcam, camera: str, made_us: int = 1) -> None:
    neutral = replace(neutral_of(webcam), source=camera, profile=name, made_us=made_us)
    calibration_file.save(neutral, calibration_file.profile_path(name))


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration_file, "config_dir", lambda: tmp_path)


def monitor(profile: str = "home", *, any_profile: bool = True, automatic: bool = True) -> Monitor:
    neutral = None
    try:
        neutral = calibration_file.find(profile)
    except PostureError:
        pytest.fail("the test stored a calibration that cannot be read")
    plan = Plan(
        "0", neutral, 1.0, True, Path(), demo=False, tray=False,
        profile=profile, any_profile=any_profile,
    )  # fmt: skip
    inbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
    reader = Reader(neutral)
    known: list[Mapping[str, Neutral]] = []
    told: list[str] = []

    def know(desks: Mapping[str, Neutral]) -> None:
        known.append(desks)
        reader.know_desks(desks)

    profiles = Profiles(
        plan, inbox, SystemClock(),
        use=reader.recalibrate, know=know, tell=told.append, automatic=automatic,
    )  # fmt: skip
    return Monitor(profiles, inbox, reader, known, told)


def test_a_profile_chosen_by_hand_is_taken_or_refused() -> None:
    store("work", EYE_LEVEL, BUILT_IN)
    running = monitor()

    running.choose("work")
    running.choose("nowhere")

    assert running.profiles.current == "work"
    assert running.told == [
        "Calibrated: eyes 60 cm from the camera.",
        "There is no usable calibration called nowhere.",
    ]


def test_a_recognized_desk_is_taken_and_said() -> None:
    store("home", LAPTOP, BUILT_IN)
    store("work", EYE_LEVEL, BUILT_IN)
    running = monitor()

    running.profiles.watch([DeskRecognized(SystemClock().now(), "work")])
    running.obey_itself()

    assert running.profiles.current == "work"
    assert running.told == [
        "This looks like your desk work: its calibration counts now (eyes 60 cm away)."
    ]
    assert set(running.known[-1]) == {"home"}


def test_from_the_picture_to_the_other_profile_and_back() -> None:
    store("home", LAPTOP, BUILT_IN)
    store("work", EYE_LEVEL, BUILT_IN)
    running = monitor()
    used = []
    for second in range(80):
        webcam = EYE_LEVEL if second < 40 else LAPTOP
        reading = running.reader.read(seen(STILL, webcam, at_s=float(second)))
        if reading.desk_seen is not None:
            running.profiles.watch([DeskRecognized(reading.at, reading.desk_seen)])
            running.obey_itself()
        used.append(running.profiles.current)

    assert (used[10], used[39], used[-1]) == ("home", "work", "home")


def test_another_camera_brings_the_newest_desk_calibrated_with_it() -> None:
    store("home", LAPTOP, BUILT_IN)
    store("old", EYE_LEVEL, PLUGGED_IN, made_us=5)
    store("work", EYE_LEVEL, PLUGGED_IN, made_us=9)
    running = monitor()

    running.profiles.meet(PLUGGED_IN)
    running.obey_itself()

    assert running.profiles.current == "work"


def test_the_camera_of_the_desk_in_use_changes_nothing() -> None:
    store("home", LAPTOP, BUILT_IN, made_us=1)
    store("kitchen", EYE_LEVEL, BUILT_IN, made_us=9)
    running = monitor()

    running.profiles.meet(BUILT_IN)

    assert running.inbox.empty()
    assert running.told == []


def test_a_camera_nobody_was_calibrated_with_is_said_once() -> None:
    store("home", LAPTOP, BUILT_IN)
    running = monitor()

    running.profiles.meet(PLUGGED_IN)
    running.profiles.meet(PLUGGED_IN)

    assert running.inbox.empty()
    assert running.told == [
        "Your desk home was calibrated with another camera than HD Webcam: please recalibrate."
    ]


def test_without_a_calibration_of_its_own_the_camera_finds_one() -> None:
    store("work", EYE_LEVEL, PLUGGED_IN)
    running = monitor("default")

    running.profiles.meet(PLUGGED_IN)
    running.obey_itself()

    assert running.profiles.current == "work"


@pytest.mark.parametrize(("named", "automatic"), [(True, True), (False, False)])
def test_a_named_profile_or_a_setting_keeps_the_desk(named: bool, automatic: bool) -> None:
    store("home", LAPTOP, BUILT_IN)
    store("work", EYE_LEVEL, PLUGGED_IN)
    running = monitor(any_profile=not named, automatic=automatic)

    running.profiles.meet(PLUGGED_IN)
    running.profiles.watch([DeskRecognized(SystemClock().now(), "work")])

    assert running.inbox.empty()
    assert running.known == [{}]
    # By hand it can be changed all the same.
    running.choose("work")
    assert running.profiles.current == "work"


def test_the_setting_holds_at_once() -> None:
    store("home", LAPTOP, BUILT_IN)
    store("work", EYE_LEVEL, BUILT_IN)
    running = monitor()

    running.profiles.obey(automatic=False)
    assert running.known[-1] == {}
    running.profiles.obey(automatic=True)
    assert set(running.known[-1]) == {"work"}


def test_a_damaged_profile_is_passed_over() -> None:
    store("home", LAPTOP, BUILT_IN)
    store("work", EYE_LEVEL, BUILT_IN)
    calibration_file.profile_path("broken").write_text("{")
    running = monitor()

    assert set(running.known[-1]) == {"work"}
