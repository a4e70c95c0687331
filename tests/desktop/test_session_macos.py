"""The macOS session against stand-ins for Apple's frameworks."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from posture.core.inputs import Session
from posture.desktop.session_macos import MacSession


def rectangle(x: float, y: float, width: float, height: float) -> Any:
    return SimpleNamespace(
        origin=SimpleNamespace(x=x, y=y), size=SimpleNamespace(width=width, height=height)
    )


def window(layer: int, x: float, y: float, width: float, height: float) -> dict[str, Any]:
    bounds = {"X": x, "Y": y, "Width": width, "Height": height}
    return {"kCGWindowLayer": layer, "kCGWindowBounds": bounds}


class Center:
    """NSNotificationCenter."""

    def __init__(self) -> None:
        self.blocks: dict[str, Callable[[Any], None]] = {}

    def addObserverForName_object_queue_usingBlock_(
        self, name: str, _object: Any, _queue: Any, block: Callable[[Any], None]
    ) -> str:
        self.blocks[name] = block
        return name

    def removeObserver_(self, observer: str) -> None:
        del self.blocks[observer]


class Camera:
    """AVCaptureDevice."""

    def __init__(self, name: str, used: bool) -> None:
        self._name = name
        self._used = used

    def isInUseByAnotherApplication(self) -> bool:
        return self._used

    def localizedName(self) -> str:
        return self._name


class Mac:
    """The frameworks, with what they shall answer."""

    def __init__(self) -> None:
        self.session: dict[str, Any] | None = {"kCGSSessionOnConsoleKey": True}
        self.idle_s = 7.5
        self.windows: list[dict[str, Any]] | None = []
        self.displays = {1: rectangle(0, 0, 1440, 900), 2: rectangle(1440, 0, 1920, 1080)}
        self.devices: list[Camera] = []
        self.source: str | None = "AC Power"
        self.center = Center()
        self.quartz = SimpleNamespace(
            CGSessionCopyCurrentDictionary=lambda: self.session,
            CGEventSourceSecondsSinceLastEventType=self._idle,
            CGWindowListCopyWindowInfo=self._windows,
            CGGetActiveDisplayList=lambda most, _a, _b: (0, tuple(self.displays), 2),
            CGDisplayBounds=lambda display: self.displays[display],
        )
        workspace = SimpleNamespace(notificationCenter=lambda: self.center)
        self.appkit = SimpleNamespace(
            NSWorkspace=SimpleNamespace(sharedWorkspace=lambda: workspace)
        )
        self.cameras: Any = SimpleNamespace(devicesWithMediaType_=self._devices)

    def _idle(self, source: int, kind: int) -> float:
        assert (source, kind) == (0, 0xFFFFFFFF)
        return self.idle_s

    def _windows(self, options: int, relative_to: int) -> list[dict[str, Any]] | None:
        assert (options, relative_to) == (17, 0)
        return self.windows

    def _devices(self, kind: str) -> list[Camera]:
        assert kind == "vide"
        return self.devices

    def power_source(self) -> str | None:
        return self.source


@pytest.fixture
def mac() -> Mac:
    return Mac()


def read(mac: Mac) -> Session:
    return MacSession(mac).read()


def test_an_ordinary_moment(mac: Mac) -> None:
    assert read(mac) == Session(
        locked=False, idle_s=7.5, full_screen=False, camera_used_by=None, on_battery=False
    )


def test_the_lock_is_a_key_of_the_session(mac: Mac) -> None:
    mac.session = {"CGSSessionScreenIsLocked": True}
    assert read(mac).locked is True

    mac.session = None  # no window server, as over ssh
    assert read(mac).locked is None


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        ([window(0, 0, 25, 1440, 875)], False),  # as large as can be below the menu bar
        ([window(0, 0, 0, 1440, 900)], True),
        ([window(0, 1440, 0, 1920, 1080)], True),  # on the other display
        ([window(25, 0, 0, 1440, 900)], False),  # the menu bar's own layer
        (None, None),
    ],
)
def test_full_screen_is_a_window_as_large_as_a_display(
    windows: list[dict[str, Any]] | None, expected: bool | None, mac: Mac
) -> None:
    mac.windows = windows

    assert read(mac).full_screen is expected


def test_a_camera_of_another_program_is_named(mac: Mac) -> None:
    mac.devices = [Camera("FaceTime HD", used=False), Camera("Studio Display", used=True)]

    assert read(mac).camera_used_by == "Studio Display"


def test_without_avfoundation_the_camera_is_unknown(mac: Mac) -> None:
    mac.cameras = None

    assert read(mac).camera_used_by is None
    assert MacSession(mac).told_by()["camera_used_by"] is None


@pytest.mark.parametrize(
    ("source", "expected"),
    [("Battery Power", True), ("AC Power", False), ("UPS Power", False), (None, None)],
)
def test_the_battery_is_what_feeds_the_computer(
    source: str | None, expected: bool | None, mac: Mac
) -> None:
    mac.source = source

    assert read(mac).on_battery is expected


def test_sleep_is_an_event(mac: Mac) -> None:
    changes: list[None] = []
    session = MacSession(mac)
    session.start(lambda: changes.append(None))
    seen = [session.read().asleep]
    for name in ("NSWorkspaceWillSleepNotification", "NSWorkspaceDidWakeNotification"):
        mac.center.blocks[name](None)
        seen.append(session.read().asleep)

    assert seen == [False, True, False]
    assert len(changes) == 2

    session.stop()

    assert mac.center.blocks == {}


def test_it_says_who_tells_what(mac: Mac) -> None:
    session = MacSession(mac)
    session.start(lambda: None)

    assert None not in session.told_by().values()
