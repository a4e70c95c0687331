"""The session on Windows, asked through documented calls of its libraries (Microsoft Learn)."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from importlib import import_module
from typing import Any

from posture.core.inputs import Session

# QUERY_USER_NOTIFICATION_STATE (shellapi.h)
_NOT_PRESENT = 1  # locked, screen saver, or another user's session in front
_FULL_SCREEN = frozenset({2, 3, 4})  # busy, Direct3D in full screen, presentation mode
# PBT_* (winuser.h)
_SUSPEND = 0x0004
_RESUMED = frozenset({0x0007, 0x0012})
_DEVICE_NOTIFY_CALLBACK = 2
_MS_PER_S = 1000.0

_CONSENT = r"Software\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore\webcam"


class LastInputInfo(ctypes.Structure):
    """LASTINPUTINFO (winuser.h)."""

    _fields_ = (("cbSize", ctypes.c_uint32), ("dwTime", ctypes.c_uint32))


class PowerStatus(ctypes.Structure):
    """SYSTEM_POWER_STATUS (winbase.h)."""

    _fields_ = (
        ("ACLineStatus", ctypes.c_ubyte),
        ("BatteryFlag", ctypes.c_ubyte),
        ("BatteryLifePercent", ctypes.c_ubyte),
        ("SystemStatusFlag", ctypes.c_ubyte),
        ("BatteryLifeTime", ctypes.c_uint32),
        ("BatteryFullLifeTime", ctypes.c_uint32),
    )


# DEVICE_NOTIFY_CALLBACK_ROUTINE (powerbase.h); WINFUNCTYPE exists on Windows only.
_Callback = getattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE)(
    ctypes.c_uint32, ctypes.c_void_p, ctypes.c_uint32, ctypes.c_void_p
)


class SubscribeParameters(ctypes.Structure):
    """DEVICE_NOTIFY_SUBSCRIBE_PARAMETERS (powerbase.h)."""

    _fields_ = (("Callback", _Callback), ("Context", ctypes.c_void_p))


class WindowsSession:
    """Polls; only sleep is an event. *dlls*: gives ``user32``, ``kernel32``, ``shell32``,
    ``powrprof``; *registry*: the winreg module.
    """

    def __init__(self, dlls: Any = None, registry: Any = None) -> None:
        self._dlls = dlls if dlls is not None else _windll()
        self._registry = registry if registry is not None else import_module("winreg")
        self._asleep: bool | None = None
        self._handle = ctypes.c_void_p()
        self._parameters: SubscribeParameters | None = None  # must live as long as the handle
        self._changed: Callable[[], None] | None = None

    def start(self, changed: Callable[[], None]) -> None:
        """Ask to be told of sleep and waking."""
        self._changed = changed
        self._parameters = SubscribeParameters(_Callback(self._on_power), None)
        failed = self._dlls.powrprof.PowerRegisterSuspendResumeNotification(
            _DEVICE_NOTIFY_CALLBACK, ctypes.byref(self._parameters), ctypes.byref(self._handle)
        )
        if not failed:
            self._asleep = False

    def stop(self) -> None:
        """Stop being told."""
        if self._asleep is not None:
            self._dlls.powrprof.PowerUnregisterSuspendResumeNotification(self._handle)
            self._asleep = None

    def read(self) -> Session:
        """The facts as of now."""
        state = self._notification_state()
        return Session(
            locked=None if state is None else state == _NOT_PRESENT,
            idle_s=self._idle_s(),
            full_screen=None if state is None else state in _FULL_SCREEN,
            camera_used_by=self._camera_used_by(),
            on_battery=self._on_battery(),
            asleep=self._asleep,
        )

    def told_by(self) -> Mapping[str, str | None]:
        """Who tells each fact."""
        session = self.read()
        state = "SHQueryUserNotificationState"
        return {
            "locked": None if session.locked is None else state,
            "idle_s": None if session.idle_s is None else "GetLastInputInfo",
            "full_screen": None if session.full_screen is None else state,
            "camera_used_by": "the camera privacy list" if self._has_camera_list() else None,
            "on_battery": None if session.on_battery is None else "GetSystemPowerStatus",
            "asleep": None if session.asleep is None else "PowerRegisterSuspendResumeNotification",
        }

    def _notification_state(self) -> int | None:
        state = ctypes.c_int()
        failed = self._dlls.shell32.SHQueryUserNotificationState(ctypes.byref(state))
        return None if failed else state.value

    def _idle_s(self) -> float | None:
        info = LastInputInfo(cbSize=ctypes.sizeof(LastInputInfo))
        if not self._dlls.user32.GetLastInputInfo(ctypes.byref(info)):
            return None
        # Both count milliseconds since the start in 32 bits and begin anew after 49.7 days.
        passed_ms = (self._dlls.kernel32.GetTickCount() - info.dwTime) & 0xFFFFFFFF
        return float(passed_ms) / _MS_PER_S

    def _on_battery(self) -> bool | None:
        status = PowerStatus()
        if not self._dlls.kernel32.GetSystemPowerStatus(ctypes.byref(status)):
            return None
        return {0: True, 1: False}.get(status.ACLineStatus)

    def _on_power(self, _context: Any, kind: int, _setting: Any) -> int:
        if kind == _SUSPEND:
            self._asleep = True
        elif kind in _RESUMED:
            self._asleep = False
        else:
            return 0
        if self._changed is not None:
            self._changed()
        return 0

    def _has_camera_list(self) -> bool:
        with suppress(OSError), self._registry.OpenKey(_hive(self._registry), _CONSENT):
            return True
        return False

    def _camera_used_by(self) -> str | None:
        """The first other program whose use of the camera has begun and not ended."""
        own = {_as_key(path) for path in (sys.executable, getattr(sys, "_base_executable", ""))}
        for folder, name in self._programs():
            if name.lower() not in own and self._uses_camera(rf"{folder}\{name}"):
                return name.rpartition("#")[2].partition("_")[0]
        return None

    def _programs(self) -> Iterator[tuple[str, str]]:
        for folder in (_CONSENT, rf"{_CONSENT}\NonPackaged"):
            for name in self._subkeys(folder):
                if name != "NonPackaged":
                    yield folder, name

    def _subkeys(self, path: str) -> list[str]:
        names: list[str] = []
        with suppress(OSError), self._registry.OpenKey(_hive(self._registry), path) as key:
            while True:  # ends by OSError after the last one
                names.append(self._registry.EnumKey(key, len(names)))
        return names

    def _uses_camera(self, path: str) -> bool:
        with suppress(OSError), self._registry.OpenKey(_hive(self._registry), path) as key:
            begun, _ = self._registry.QueryValueEx(key, "LastUsedTimeStart")
            ended, _ = self._registry.QueryValueEx(key, "LastUsedTimeStop")
            return bool(begun) and not ended
        return False


def _windll() -> Any:
    # "windll" exists in ctypes on Windows only.
    return getattr(ctypes, "windll")  # noqa: B009


def _hive(registry: Any) -> Any:
    return registry.HKEY_CURRENT_USER


def _as_key(path: str) -> str:
    """A program's path as the list of camera users names it: "#" for each backslash."""
    return path.replace("\\", "#").lower()
