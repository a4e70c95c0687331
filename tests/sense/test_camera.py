"""The live camera, with a webcam that can be pulled out, occupied, covered and hung."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from fake_webcam import Bench
from media import plain

from posture.clock import Clock, Instant, SystemClock
from posture.core.inputs import CameraLost
from posture.errors import CameraUnavailable, PostureError, SourceNotFound
from posture.sense.camera import Camera, Patience
from posture.sense.camera_device import CameraFault, Capture
from posture.sense.frame import Frame, Glance
from posture.sense.opencv import cv2
from posture.sense.picture_check import PictureCheck
from posture.sense.webcam import Webcam
from posture.sense.webcam_list import CameraInfo, find_camera
from posture.sense.window import Window

# Short, so that the tests are; what they wait for has DEADLINE_S.
PATIENCE = Patience(
    silent_s=5.0,
    opening_s=5.0,
    retry_s=0.01,
    longest_retry_s=0.05,
    frozen_s=0.2,
    goodbye_s=5.0,
    rest_s=0.5,
)
QUICK_TO_NOTICE = Patience(silent_s=0.3, goodbye_s=0.05)
DEADLINE_S = 20.0
CLOCK = SystemClock()


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    assert bench.wrong_thread == []


@pytest.fixture
def start(bench: Bench) -> Iterator[Callable[..., Camera]]:
    """Open the bench's webcam; it is closed afterwards, and so must be what was opened."""
    cameras: list[Camera] = []

    def start(wanted: str = "0", window: Window | None = None) -> Camera:
        camera = Camera(Webcam(wanted, bench.cameras, bench.capture), CLOCK, window, PATIENCE)
        cameras.append(camera)
        return camera

    yield start
    bench.freed.set()
    for camera in cameras:
        camera.close()
    assert bench.releases == len(bench.opened)


def picture(camera: Camera) -> Frame:
    """The next picture, whatever losses come before it."""
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end:
        if isinstance(seen := camera.read(1.0), Frame):
            return seen
    raise AssertionError("no picture")


def loss(camera: Camera, reason: str) -> CameraLost:
    """The next loss of that reason, whatever comes before it."""
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end:
        if isinstance(seen := camera.read(0.1), CameraLost) and seen.reason == reason:
            return seen
    raise AssertionError(f"no loss {reason}")


def test_a_picture_is_taken_after_it_was_asked_for(start: Callable[..., Camera]) -> None:
    camera = start()
    camera.wait_ready()
    for _ in range(3):
        asked = CLOCK.now()
        seen = camera.read(DEADLINE_S)
        assert isinstance(seen, Frame)
        assert asked <= seen.at <= CLOCK.now()
        assert seen.size == (64, 48)
        time.sleep(0.05)


def test_only_pictures_that_are_asked_for_are_decoded(
    bench: Bench, start: Callable[..., Camera]
) -> None:
    bench.buffers = 5
    camera = start()
    for _ in range(3):
        picture(camera)
        time.sleep(0.3)
    assert bench.retrieves == 3
    assert bench.grabs > 10


def test_what_the_driver_kept_meanwhile_is_passed_over(
    bench: Bench, start: Callable[..., Camera]
) -> None:
    bench.buffers = 4
    camera = start()
    camera.wait_ready()
    for _ in range(3):
        time.sleep(0.3)
        seen = camera.read(DEADLINE_S)
        assert isinstance(seen, Frame)
        assert seen.image.mean() >= 50


def test_while_no_picture_is_wanted_none_is_received(
    bench: Bench, start: Callable[..., Camera]
) -> None:
    camera = start()
    picture(camera)
    before = bench.grabs
    time.sleep(0.3)
    assert bench.grabs == before


def test_a_driver_that_never_waits_is_read_all_the_same(
    bench: Bench, start: Callable[..., Camera]
) -> None:
    bench.instant = True
    camera = start()
    camera.wait_ready()
    time.sleep(0.3)
    assert isinstance(camera.read(DEADLINE_S), Frame)
    assert bench.grabs < 1000


def test_a_camera_that_is_pulled_out_is_missed_though_nobody_asks(
    bench: Bench, start: Callable[..., Camera]
) -> None:
    camera = start()
    camera.wait_ready()
    bench.plugged = None
    before = bench.grabs
    time.sleep(2 * PATIENCE.rest_s)
    assert bench.grabs > before
    assert isinstance(camera.read(0.0), CameraLost)


def test_a_glance_is_of_now_and_tiny(bench: Bench, start: Callable[..., Camera]) -> None:
    bench.picture = plain(90, 640, 480)
    camera = start()
    camera.wait_ready()
    for _ in range(2):
        asked = CLOCK.now()
        seen = camera.glance(DEADLINE_S)
        assert isinstance(seen, Glance)
        assert asked <= seen.at <= CLOCK.now()
        assert seen.small.shape == (60, 80)
        assert np.all(seen.small == 90)


def test_a_loss_shows_in_a_glance_too(bench: Bench, start: Callable[..., Camera]) -> None:
    camera = start()
    assert isinstance(camera.glance(DEADLINE_S), Glance)
    bench.plugged = None
    end = time.monotonic() + DEADLINE_S
    while not isinstance(seen := camera.glance(0.1), CameraLost):
        assert time.monotonic() < end
    assert seen.reason == "unplugged"
    assert isinstance(camera.read(0.1), CameraLost)


def test_a_small_picture_and_a_low_rate_are_asked_for(
    bench: Bench, start: Callable[..., Camera]
) -> None:
    start().wait_ready()
    assert bench.settings[cv2.CAP_PROP_FRAME_WIDTH] == 640
    assert bench.settings[cv2.CAP_PROP_FRAME_HEIGHT] == 480
    assert bench.settings[cv2.CAP_PROP_FPS] <= 15


def test_the_camera_is_called_by_its_name(start: Callable[..., Camera]) -> None:
    camera = start("0")
    camera.wait_ready()
    assert camera.name == "HD Webcam"
    assert camera.live
    assert not camera.independent


def test_no_such_camera(bench: Bench, start: Callable[..., Camera]) -> None:
    bench.plugged = None
    with pytest.raises(SourceNotFound, match="There is no camera 0"):
        start("0").wait_ready()


def test_a_busy_camera(bench: Bench, start: Callable[..., Camera]) -> None:
    bench.busy = True
    with pytest.raises(CameraUnavailable, match="used by another program"):
        start("hd web").wait_ready()


def test_a_camera_that_is_plugged_in_later(bench: Bench, start: Callable[..., Camera]) -> None:
    bench.plugged = None
    camera = start("HD Webcam")
    loss(camera, "absent")
    bench.plugged = 2
    picture(camera)
    assert bench.opened == [2]


def test_a_camera_another_program_gives_back(bench: Bench, start: Callable[..., Camera]) -> None:
    bench.busy = True
    camera = start()
    loss(camera, "busy")
    bench.busy = False
    picture(camera)


def test_unplugged_and_back_in_another_socket(bench: Bench, start: Callable[..., Camera]) -> None:
    camera = start("0")
    before = picture(camera)
    bench.plugged = None
    lost = loss(camera, "unplugged")
    assert lost.at > before.at
    bench.plugged = 4
    assert picture(camera).at > lost.at
    assert bench.opened == [0, 4]


def test_another_camera_in_its_place_is_not_taken_for_it(
    bench: Bench, start: Callable[..., Camera]
) -> None:
    camera = start("0")
    picture(camera)
    bench.plugged = None
    loss(camera, "unplugged")
    bench.name, bench.plugged = "Infrared Sensor", 0
    for _ in range(3):
        loss(camera, "unplugged")
    assert bench.opened == [0]


def test_a_camera_that_stops_sending_is_opened_again(
    bench: Bench, start: Callable[..., Camera]
) -> None:
    camera = start()
    picture(camera)
    bench.stalled = True
    loss(camera, "stalled")
    bench.stalled = False
    picture(camera)
    assert len(bench.opened) >= 2


def test_a_hung_driver_is_noticed_from_outside(bench: Bench) -> None:
    device = Webcam("0", bench.cameras, bench.capture)
    with Camera(device, CLOCK, None, QUICK_TO_NOTICE) as camera:
        picture(camera)
        bench.hung = True
        loss(camera, "stalled")
        # It comes to itself: the same opening goes on.
        bench.hung = False
        bench.freed.set()
        picture(camera)
        assert bench.opened == [0]


def test_a_hung_driver_does_not_keep_close_waiting(bench: Bench) -> None:
    device = Webcam("0", bench.cameras, bench.capture)
    camera = Camera(device, CLOCK, None, QUICK_TO_NOTICE)
    picture(camera)
    bench.hung = True
    loss(camera, "stalled")
    camera.close()
    # Nobody but its own thread may have released it.
    assert bench.releases == 0
    bench.freed.set()
    while bench.releases == 0:
        time.sleep(0.01)


def test_a_covered_lens(bench: Bench, start: Callable[..., Camera]) -> None:
    bench.picture = plain(2)
    camera = start()
    camera.wait_ready()
    loss(camera, "black")
    bench.picture = None
    picture(camera)


def test_a_picture_that_is_repeated_for_ever(bench: Bench, start: Callable[..., Camera]) -> None:
    bench.picture = plain(120)
    camera = start()
    picture(camera)
    loss(camera, "frozen")
    bench.picture = None
    picture(camera)


def test_a_picture_of_another_size(bench: Bench, start: Callable[..., Camera]) -> None:
    camera = start()
    assert picture(camera).size == (64, 48)
    bench.picture = plain(120, 32, 20)
    while picture(camera).size != (32, 20):
        pass


def test_damaged_pictures_are_passed_over(bench: Bench, start: Callable[..., Camera]) -> None:
    bench.broken = True
    camera = start()
    assert camera.read(0.2) is None
    bench.broken = False
    picture(camera)


def test_a_lost_camera_says_so_again_and_again(bench: Bench, start: Callable[..., Camera]) -> None:
    bench.plugged = None
    camera = start()
    reasons = [seen.reason for _ in range(3) if isinstance(seen := camera.read(0.1), CameraLost)]
    assert reasons == ["absent"] * 3


def test_the_window_of_a_live_source(start: Callable[..., Camera]) -> None:
    window = Window(start_s=0.1, duration_s=1.0, fps=5)
    camera = start("0", window)
    times_s = [seen.at - camera.epoch for seen in camera.frames()]
    assert times_s
    assert min(times_s) >= 0.1
    assert max(times_s) < 1.1
    slots = [int((t_s - 0.1) * 5) for t_s in times_s]
    assert len(slots) == len(set(slots))


def test_frames_end_when_the_camera_is_closed(start: Callable[..., Camera]) -> None:
    camera = start()
    frames = camera.frames()
    next(frames)
    camera.close()
    assert list(frames) == []


def test_a_bug_in_the_cameras_thread_is_raised_where_it_is_read() -> None:
    class Faulty:
        name = "faulty"

        def open(self) -> Capture | None:
            raise ZeroDivisionError

        def fault(self, *, waited_s: float, opened: bool, seen: bool) -> CameraFault:
            return CameraFault.BUSY

        def refusal(self, fault: CameraFault) -> PostureError:
            return CameraUnavailable("", "")

    with Camera(Faulty(), CLOCK) as camera, pytest.raises(ZeroDivisionError):
        camera.read(DEADLINE_S)


AT = Instant(0.0, 0)


def test_noise_in_the_dark_is_a_picture_and_black_is_none() -> None:
    check = PictureCheck(frozen_s=10.0)
    dark = plain(2)
    dark[::2] = 14
    assert check.fault(dark, AT) is None
    assert check.fault(plain(0), AT) is CameraFault.BLACK


def test_frozen_is_a_matter_of_time_and_ends_with_the_first_change() -> None:
    check = PictureCheck(frozen_s=10.0)
    other = plain(100)
    other[0, 0, 0] = 101
    story = [
        (0.0, plain(100), None),
        (9.9, plain(100), None),
        (10.0, plain(100), CameraFault.FROZEN),
        (11.0, other, None),
        (12.0, plain(100), None),
        (21.9, plain(100), None),
        (22.0, plain(100), CameraFault.FROZEN),
    ]
    assert [check.fault(image, AT.shifted(t_s)) for t_s, image, _ in story] == [
        fault for _, _, fault in story
    ]


CAMERAS = [
    CameraInfo(0, "Integrated Camera", "/dev/video0"),
    CameraInfo(2, "Logitech BRIO", "/dev/video2"),
    CameraInfo(12, "Camera 2000", "/dev/video12"),
]


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        ("0", 0),
        ("2", 2),
        ("1", None),
        ("/dev/video12", 12),
        ("Logitech BRIO", 2),
        ("brio", 2),
        ("camera", 0),
        ("2000", None),
        ("Camera 2000", 12),
        ("webcam", None),
    ],
)
def test_which_camera_is_meant(wanted: str, index: int | None) -> None:
    found = find_camera(wanted, CAMERAS)
    assert (found.index if found else None) == index


def test_a_clock_is_all_the_time_there_is() -> None:
    class Shifted:
        def now(self) -> Instant:
            return CLOCK.now().shifted(1_000_000.0)

    bench = Bench()
    clock: Clock = Shifted()
    with Camera(Webcam("0", bench.cameras, bench.capture), clock, None, PATIENCE) as camera:
        assert picture(camera).at - CLOCK.now() == pytest.approx(1_000_000.0, abs=DEADLINE_S)
