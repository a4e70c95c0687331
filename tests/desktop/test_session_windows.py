"""The Windows session against stand-ins for its libraries, which fill the real structures."""

from __future__ import annotations

import ctypes
import queue
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from posture.core.inputs import Session
from posture.desktop.session_windows import (
    LastInputInfo,
    PowerStatus,
    SubscribeParameters,
    WindowsSession,
)

CONSENT = r"Software\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore\webcam"


class Registry:
    """HKEY_CURRENT_USER as winreg shows it: keys by path, values by name."""

    HKEY_CURRENT_USER = "HKCU"

    def __init__(self, keys: dict[str, dict[str, int]]) -> None:
        self.keys = keys

    @contextmanager
    def OpenKey(self, hive: str, path: str) -> Iterator[str]:
        if path not in self.keys:
            raise FileNotFoundError(path)
        yield path

    def EnumKey(self, key: str, number: int) -> str:
        names = [
            path.removeprefix(f"{key}\\")
            for path in self.keys
            if path.startswith(f"{key}\\") and "\\" not in path.removeprefix(f"{key}\\")
        ]
        if number >= len(names):
            raise OSError("no more data")
        return names[number]

    def QueryValueEx(self, key: str, name: str) -> tuple[int, int]:
        if name not in self.keys[key]:
            raise FileNotFoundError(name)
        return self.keys[key][name], 11  # REG_QWORD


class Windows:
    """The four libraries, with what they shall answer."""

    def __init__(self) -> None:
        self.state = 5  # QUNS_ACCEPTS_NOTIFICATIONS
        self.state_fails = 0
        self.last_input_ms = 1000
        self.tick_ms = 5500
        self.outlet = 1
        self.ok = 1
        self.subscription: SubscribeParameters | None = None
        self.shell32 = SimpleNamespace(SHQueryUserNotificationState=self._state)
        self.user32 = SimpleNamespace(GetLastInputInfo=self._last_input)
        self.kernel32 = SimpleNamespace(
            GetTickCount=lambda: ctypes.c_int32(self.tick_ms & 0xFFFFFFFF).value,
            GetSystemPowerStatus=self._power,
        )
        self.powrprof = SimpleNamespace(
            PowerRegisterSuspendResumeNotification=self._subscribe,
            PowerUnregisterSuspendResumeNotification=self._unsubscribe,
        )

    def _state(self, pointer: Any) -> int:
        ctypes.cast(pointer, ctypes.POINTER(ctypes.c_int))[0] = self.state
        return self.state_fails

    def _last_input(self, pointer: Any) -> int:
        info = ctypes.cast(pointer, ctypes.POINTER(LastInputInfo))[0]
        assert info.cbSize == 8
        info.dwTime = self.last_input_ms & 0xFFFFFFFF
        return self.ok

    def _power(self, pointer: Any) -> int:
        ctypes.cast(pointer, ctypes.POINTER(PowerStatus))[0].ACLineStatus = self.outlet
        return self.ok

    def _subscribe(self, flags: int, pointer: Any, _handle: Any) -> int:
        assert flags == 2  # DEVICE_NOTIFY_CALLBACK
        self.subscription = ctypes.cast(pointer, ctypes.POINTER(SubscribeParameters))[0]
        return 0

    def _unsubscribe(self, _handle: Any) -> int:
        self.subscription = None
        return 0

    def power_event(self, kind: int) -> None:
        assert self.subscription is not None
        self.subscription.Callback(None, kind, None)


@pytest.fixture
def windows() -> Windows:
    return Windows()


def read(windows: Windows, keys: dict[str, dict[str, int]] | None = None) -> Session:
    return WindowsSession(windows, Registry(keys or {})).read()


@pytest.mark.parametrize(
    ("state", "locked", "full_screen"),
    [
        (1, True, False),
        (2, False, True),
        (3, False, True),
        (4, False, True),
        (5, False, False),
        (6, False, False),
        (7, False, False),
    ],
)
def test_lock_and_full_screen_come_from_the_notification_state(
    state: int, locked: bool, full_screen: bool, windows: Windows
) -> None:
    windows.state = state
    session = read(windows)

    assert (session.locked, session.full_screen) == (locked, full_screen)


def test_the_idle_time_survives_the_turn_of_the_counter(windows: Windows) -> None:
    assert read(windows).idle_s == 4.5

    windows.last_input_ms, windows.tick_ms = 0xFFFFFFFF - 499, 0x100000000 + 500

    assert read(windows).idle_s == 1.0


@pytest.mark.parametrize(("outlet", "on_battery"), [(0, True), (1, False), (255, None)])
def test_the_battery_is_what_the_line_status_says(
    outlet: int, on_battery: bool | None, windows: Windows
) -> None:
    windows.outlet = outlet

    assert read(windows).on_battery is on_battery


def test_what_fails_is_unknown(windows: Windows) -> None:
    windows.state_fails, windows.ok = -2147467259, 0  # E_FAIL

    assert read(windows) == Session()


def camera(path: str, begun: int, ended: int) -> dict[str, dict[str, int]]:
    return {path: {"LastUsedTimeStart": begun, "LastUsedTimeStop": ended}}


@pytest.mark.parametrize(
    ("name", "times", "expected"),
    [
        (r"NonPackaged\C:#Program Files#Zoom#bin#Zoom.exe", (5, 0), "Zoom.exe"),
        (r"NonPackaged\C:#Program Files#Zoom#bin#Zoom.exe", (5, 9), None),
        (r"NonPackaged\C:#Program Files#Zoom#bin#Zoom.exe", (0, 0), None),
        (r"MSTeams_8wekyb3d8bbwe", (5, 0), "MSTeams"),
    ],
)
def test_the_camera_is_used_while_the_stop_time_is_open(
    name: str, times: tuple[int, int], expected: str | None, windows: Windows
) -> None:
    keys = {CONSENT: {}, rf"{CONSENT}\NonPackaged": {}, **camera(rf"{CONSENT}\{name}", *times)}

    assert read(windows, keys).camera_used_by == expected


def test_our_own_use_of_the_camera_does_not_count(
    windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", r"C:\Python\Python.exe")
    path = rf"{CONSENT}\NonPackaged\c:#python#python.exe"
    keys = {CONSENT: {}, rf"{CONSENT}\NonPackaged": {}, **camera(path, 5, 0)}

    assert read(windows, keys).camera_used_by is None


def test_sleep_is_an_event(windows: Windows) -> None:
    changes: queue.SimpleQueue[None] = queue.SimpleQueue()
    session = WindowsSession(windows, Registry({}))
    assert session.read().asleep is None
    session.start(lambda: changes.put(None))
    seen = [session.read().asleep]
    for kind in (0x4, 0xA, 0x12):  # suspend, power status change, automatic resume
        windows.power_event(kind)
        seen.append(session.read().asleep)

    assert seen == [False, True, True, False]
    assert changes.qsize() == 2

    session.stop()

    assert windows.subscription is None


def test_it_says_who_tells_what(windows: Windows) -> None:
    session = WindowsSession(windows, Registry({CONSENT: {}}))
    session.start(lambda: None)

    assert dict(session.told_by()) == {
        "locked": "SHQueryUserNotificationState",
        "idle_s": "GetLastInputInfo",
        "full_screen": "SHQueryUserNotificationState",
        "camera_used_by": "the camera privacy list",
        "on_battery": "GetSystemPowerStatus",
        "asleep": "PowerRegisterSuspendResumeNotification",
    }
