"""MJPEG streams of this computer, over real sockets; and that nothing leads away from it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from media import plain
from mjpeg_server import MjpegServer, serving

from posture.clock import SystemClock
from posture.core.inputs import CameraLost
from posture.errors import CameraUnavailable, SourceNotFound, UsageError
from posture.sense.camera import Camera, Patience
from posture.sense.frame import Frame, Glance
from posture.sense.glance import small_of
from posture.sense.opencv import cv2
from posture.sense.source import open_source
from posture.sense.stream import MjpegStream, loopback_url

PATIENCE = Patience(retry_s=0.02, longest_retry_s=0.05, frozen_s=0.3)
TIMEOUT_S = 0.5
DEADLINE_S = 30.0


@pytest.fixture
def server() -> Iterator[MjpegServer]:
    with serving() as server:
        yield server


@pytest.fixture
def watch(server: MjpegServer) -> Iterator[Callable[[], Camera]]:
    cameras: list[Camera] = []

    def watch() -> Camera:
        device = MjpegStream(loopback_url(server.url), TIMEOUT_S)
        cameras.append(Camera(device, SystemClock(), None, PATIENCE))
        return cameras[-1]

    yield watch
    for camera in cameras:
        camera.close()


def picture(camera: Camera) -> Frame:
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end:
        if isinstance(seen := camera.read(1.0), Frame):
            return seen
    raise AssertionError("no picture")


def loss(camera: Camera) -> str:
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end:
        if isinstance(seen := camera.read(1.0), CameraLost):
            return seen.reason
    raise AssertionError("no loss")


def test_the_newest_picture(server: MjpegServer, watch: Callable[[], Camera]) -> None:
    camera = watch()
    camera.wait_ready()
    behind = 0
    for _ in range(4):
        time.sleep(0.2)
        sent = server.sent
        frame = picture(camera)
        assert frame.size == (64, 48)
        behind = sent - (round(float(frame.image.mean())) - 50)
    # Ten pictures were sent in each pause: queued, the last would be dozens behind.
    assert behind < 10
    assert camera.name == f"http://127.0.0.1:{server.port}/view.m3u8"


@pytest.mark.parametrize(
    "size", [(640, 480), (160, 120), (1280, 720), (540, 720), (240, 320), (80, 60)]
)
def test_a_glance_shows_what_the_picture_shows(
    size: tuple[int, int], server: MjpegServer, watch: Callable[[], Camera]
) -> None:
    image = plain(60, *size)
    image[: size[1] // 2, size[0] // 2 :] = 200
    server.picture = image
    camera = watch()
    camera.wait_ready()

    seen = camera.glance(DEADLINE_S)

    assert isinstance(seen, Glance)
    whole = small_of(picture(camera).image)
    assert seen.small.shape == whole.shape
    assert np.abs(seen.small.astype(int) - whole).max() <= 3


@pytest.mark.parametrize(
    "size",
    [
        (640, 480), (160, 120), (1280, 720), (1920, 1080), (540, 720), (240, 320), (80, 60),
        (768, 432), (800, 600), (848, 480),
    ],
)  # fmt: skip
def test_glances_and_looks_reduce_a_picture_alike(
    size: tuple[int, int], server: MjpegServer, watch: Callable[[], Camera]
) -> None:
    # Slopes and edges of all kinds, so that two ways to reduce it would give two pictures.
    blots = np.random.default_rng(5).integers(40, 200, (24, 32, 3), np.uint8)
    shown = cv2.resize(blots, size, interpolation=cv2.INTER_NEAREST)
    server.picture = shown.astype(np.uint8)
    camera = watch()
    camera.wait_ready()

    first, second = camera.glance(DEADLINE_S), camera.glance(DEADLINE_S)

    whole = small_of(picture(camera).image)
    for seen in (first, second):
        assert isinstance(seen, Glance)
        assert seen.small.shape == whole.shape
        apart = np.abs(seen.small.astype(int) - whole)
        assert apart.max() <= 12
        assert apart.mean() <= 1


@pytest.mark.parametrize(
    ("size", "how"),
    [
        ((1280, 720), cv2.IMREAD_REDUCED_GRAYSCALE_8),
        ((540, 720), cv2.IMREAD_REDUCED_GRAYSCALE_4),
        ((240, 320), cv2.IMREAD_REDUCED_GRAYSCALE_2),
        ((120, 90), cv2.IMREAD_GRAYSCALE),
    ],
)
def test_a_glance_unpacks_a_picture_once_and_as_small_as_it_may(
    size: tuple[int, int],
    how: int,
    server: MjpegServer,
    watch: Callable[[], Camera],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server.picture = plain(60, 640, 480)
    other = plain(60, *size)
    camera = watch()
    camera.wait_ready()
    camera.glance(DEADLINE_S)
    server.picture = other
    while picture(camera).size != size:
        pass
    camera.glance(DEADLINE_S)
    unpacked: list[int] = []
    imdecode = cv2.imdecode

    def counted(data: Any, how: int) -> Any:
        unpacked.append(how)
        return imdecode(data, how)

    monkeypatch.setattr(cv2, "imdecode", counted)
    assert isinstance(camera.glance(DEADLINE_S), Glance)
    assert unpacked == [how]


def test_a_picture_of_another_size_and_shape(
    server: MjpegServer, watch: Callable[[], Camera]
) -> None:
    camera = watch()
    assert picture(camera).size == (64, 48)
    server.picture = plain(120, 160, 80)
    while picture(camera).size == (64, 48):
        pass
    assert picture(camera).size == (160, 80)


def test_a_server_that_hangs_up_and_comes_back(
    server: MjpegServer, watch: Callable[[], Camera]
) -> None:
    camera = watch()
    picture(camera)
    server.closed = server.away = True
    assert loss(camera) == "unplugged"
    server.closed = server.away = False
    picture(camera)


def test_a_server_that_falls_silent_and_goes_on(
    server: MjpegServer, watch: Callable[[], Camera]
) -> None:
    camera = watch()
    picture(camera)
    server.stalled = True
    assert loss(camera) == "stalled"
    server.stalled = False
    picture(camera)


def test_black_and_frozen_pictures(server: MjpegServer, watch: Callable[[], Camera]) -> None:
    camera = watch()
    picture(camera)
    server.picture = plain(0)
    assert loss(camera) == "black"
    server.picture = plain(120)
    picture(camera)
    assert loss(camera) == "frozen"
    server.picture = None
    picture(camera)


def test_damaged_pictures_are_passed_over(server: MjpegServer, watch: Callable[[], Camera]) -> None:
    camera = watch()
    picture(camera)
    server.damaged = True
    while camera.read(0.1) is not None:
        pass
    server.damaged = False
    picture(camera)


def test_nothing_there(server: MjpegServer, watch: Callable[[], Camera]) -> None:
    server.away = True
    with pytest.raises(SourceNotFound, match="There is no MJPEG stream at http://127"):
        watch().wait_ready()


def test_a_server_that_never_sends(server: MjpegServer, watch: Callable[[], Camera]) -> None:
    server.stalled = True
    with pytest.raises(CameraUnavailable, match="sends no picture"):
        watch().wait_ready()


@pytest.mark.parametrize("way", ["redirect", "playlist"])
def test_a_server_cannot_lead_elsewhere(
    server: MjpegServer, watch: Callable[[], Camera], way: str
) -> None:
    with serving() as elsewhere:
        if way == "redirect":
            server.redirect = elsewhere.url
        else:
            part = f"#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{elsewhere.url}/part.ts\n"
            server.playlist = f"#EXTM3U\n{part}#EXT-X-ENDLIST\n"
        with pytest.raises(SourceNotFound):
            watch().wait_ready()
        assert server.requests
        assert elsewhere.requests == []


def test_a_proxy_is_not_asked(
    server: MjpegServer, watch: Callable[[], Camera], monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        picture(watch())
        assert proxy.requests == []


def test_an_address_on_the_command_line(server: MjpegServer) -> None:
    source = open_source(server.url, SystemClock())
    assert isinstance(source, Camera)
    with source:
        assert source.live
        assert isinstance(next(source.frames()), Frame)


def test_a_password_is_not_part_of_the_name() -> None:
    assert MjpegStream("http://me:secret@127.0.0.1:8080/cam").name == "http://127.0.0.1:8080/cam"


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("http://127.0.0.1:8080/video", "http://127.0.0.1:8080/video"),
        ("http://127.9.9.9/", "http://127.9.9.9/"),
        ("http://localhost:81?a=b", "http://localhost:81/?a=b"),
        ("http://LOCALHOST/x#y", "http://localhost/x"),
        ("http://[::1]:8080/video", "http://[::1]:8080/video"),
        ("http://me:word@127.0.0.1/a", "http://me:word@127.0.0.1/a"),
    ],
)
def test_addresses_of_this_computer(given: str, taken: str) -> None:
    assert loopback_url(given) == taken


@pytest.mark.parametrize(
    "spec",
    [
        "http://example.org/video",
        "http://192.168.1.20:8080/video",
        "http://127.0.0.1.example.org/",
        "http://127.0.0.1@example.org/",
        "http://example.org\\@127.0.0.1/",
        "http://127.0.0.1 /",
        "http://0.0.0.0:8080/",
        "http://2130706433/",
        "http://[::ffff:10.0.0.1]/",
        "http://127.0.0.1:port/",
        "http://[::1/",
        "http://",
        "https://127.0.0.1/",
        "rtsp://127.0.0.1/live",
        "file:///etc/passwd",
        "concat://a|b",
    ],
)
def test_other_addresses_are_refused(spec: str) -> None:
    with pytest.raises(UsageError, match="http://127"):
        open_source(spec, SystemClock())
