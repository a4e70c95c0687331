"""The session on Linux: buses, X server, /proc and /sys, whichever of them are there."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from posture.clock import Clock, Instant
from posture.core.inputs import Session
from posture.desktop import camera_openings, cameras_in_use, power
from posture.desktop.bus import BUS_ERRORS
from posture.desktop.camera_openings import CameraOpenings
from posture.desktop.login_session import Listener, SessionBus, SystemBus
from posture.desktop.loop import LoopThread
from posture.desktop.wayland_idle import WaylandIdle

if TYPE_CHECKING:
    from posture.desktop.x11 import XServer

_START_TIMEOUT_S = 10.0  # chosen
_IDLE_TIMEOUT_S = 1.0  # chosen
# Who uses a camera is looked up when the kernel tells that one was opened or closed, and now and
# then all the same. Where it does not tell: a scan of /proc takes 2 ms or 20, with the number of
# programs, and comes the less often the longer it takes, so that it costs no more than a
# two-thousandth of the time. Chosen.
_CAMERAS_TOLD_S = 60.0
_CAMERAS_EVERY_S, _CAMERAS_SELDOM_S, _CAMERAS_SHARE = 5.0, 20.0, 1 / 2000
_POWER_EVERY_S = 30.0  # chosen
_X_RETRY_EVERY_S = 30.0  # chosen


class LinuxSession:
    """Reads what there is; every part may be missing."""

    def __init__(
        self,
        loop: LoopThread,
        clock: Clock,
        *,
        proc: Path = cameras_in_use.PROC,
        dev: Path = camera_openings.DEV,
        supplies: Path = power.SUPPLIES,
    ) -> None:
        self._loop = loop
        self._clock = clock
        self._proc = proc
        self._supplies = supplies
        self._system: SystemBus | None = None
        self._session: SessionBus | None = None
        self._wayland: WaylandIdle | None = None
        self._screen = _Screen(clock)
        self._cameras = _Cameras(proc)
        self._openings = CameraOpenings(dev)
        self._cameras_due: Instant | None = None
        self._battery: bool | None = None
        self._battery_at: Instant | None = None

    def start(self, changed: Callable[[], None]) -> None:
        """Join both buses and the compositor, where they are."""
        system, session = SystemBus(changed), SessionBus(changed)
        wayland = WaylandIdle(self._clock, changed)
        self._system = system if self._opened(system) else None
        self._session = session if self._opened(session) else None
        self._wayland = wayland if self._opened(wayland) else None

    def _opened(self, listener: Listener | WaylandIdle) -> bool:
        try:
            self._loop.call(listener.open(), _START_TIMEOUT_S)
        except (*BUS_ERRORS, TimeoutError):
            return False
        return True

    def stop(self) -> None:
        """Leave buses, compositor and screen."""
        for listener in (self._system, self._session, self._wayland):
            if listener is not None:
                with suppress(*BUS_ERRORS, TimeoutError):
                    self._loop.call(listener.close(), _START_TIMEOUT_S)
        self._screen.close()
        self._openings.close()

    def read(self) -> Session:
        """The facts as of now."""
        now = self._clock.now()
        opened = self._openings.any()
        due = self._cameras_due is None or now >= self._cameras_due
        if due or opened or self._cameras.unsure:
            self._cameras.scan()
            took_s = self._clock.now() - now
            rest_s = min(max(_CAMERAS_EVERY_S, took_s / _CAMERAS_SHARE), _CAMERAS_SELDOM_S)
            self._cameras_due = now.shifted(rest_s if opened is None else _CAMERAS_TOLD_S)
        idle_s, full_screen = self._screen.read()
        return Session(
            locked=self._locked(),
            idle_s=self._idle_s(now) if idle_s is None else idle_s,
            full_screen=full_screen,
            camera_used_by=self._cameras.used_by,
            on_battery=self._on_battery(now),
            asleep=self._system.asleep if self._system else None,
        )

    def told_by(self) -> Mapping[str, str | None]:
        """Who tells each fact."""
        system, session = self._system, self._session
        locked = []
        if system is not None and system.locked is not None:
            locked.append("logind")
        if session is not None:
            locked += sorted(session.savers)
        _idle_s, full_screen = self._screen.read()
        by_upower = system is not None and system.on_battery is not None
        sysfs = None if power.on_battery(self._supplies) is None else str(self._supplies)
        return {
            "locked": ", ".join(locked) or None,
            "idle_s": self._idle_teller(),
            "full_screen": None if full_screen is None else "the window manager",
            "camera_used_by": str(self._proc) if self._proc.is_dir() else None,
            "on_battery": "UPower" if by_upower else sysfs,
            "asleep": "logind" if system is not None and system.asleep is not None else None,
        }

    def _locked(self) -> bool | None:
        told = [
            listener.locked
            for listener in (self._system, self._session)
            if listener is not None and listener.locked is not None
        ]
        return any(told) if told else None

    def _idle_s(self, now: Instant) -> float | None:
        """Where no X server counts the input of all programs."""
        if self._session is not None and self._session.has_idle:
            with suppress(TimeoutError):
                return self._loop.call(self._session.idle_s(), _IDLE_TIMEOUT_S)
        return self._wayland.idle_s(now) if self._wayland is not None else None

    def _idle_teller(self) -> str | None:
        if self._screen.read()[0] is not None:
            return "the X server"
        if self._session is not None and self._session.has_idle:
            return "GNOME"
        told = self._wayland is not None and self._wayland.told
        return "the Wayland compositor" if told else None

    def _on_battery(self, now: Instant) -> bool | None:
        if self._system is not None and self._system.on_battery is not None:
            return self._system.on_battery
        if self._battery_at is None or now - self._battery_at >= _POWER_EVERY_S:
            self._battery_at = now
            self._battery = power.on_battery(self._supplies)
        return self._battery


class _Cameras:
    """Who uses a camera; someone seen in one scan only was just looking."""

    def __init__(self, proc: Path) -> None:
        self._proc = proc
        self._before: dict[int, str] = {}
        self.used_by: str | None = None
        self.unsure = False  # seen once: look again soon

    def scan(self) -> None:
        try:
            now = cameras_in_use.users(self._proc)
        except OSError:
            now = {}
        staying = [name for number, name in now.items() if number in self._before]
        self.used_by = staying[0] if staying else None
        self.unsure = bool(now.keys() - self._before.keys())
        self._before = now


class _Screen:
    """The X server, if there is one; under Wayland it knows only X programs."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._server: XServer | None = None
        self._tried_at: Instant | None = None

    def read(self) -> tuple[float | None, bool | None]:
        """Idle seconds and full screen."""
        server = self._connected()
        if server is None:
            return None, None
        try:
            full_screen = server.full_screen()
            if is_wayland():
                # Input to Wayland programs does not pass here; a window that fills the screen does.
                return None, full_screen or None
            return server.idle_s(), full_screen
        except Exception:  # noqa: BLE001 - python-xlib raises many kinds when the server goes
            self.close()
            return None, None

    def close(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            with suppress(Exception):  # gone already
                server.close()

    def _connected(self) -> XServer | None:
        name = os.environ.get("DISPLAY")
        if self._server is not None or not name:
            return self._server
        now = self._clock.now()
        if self._tried_at is not None and now - self._tried_at < _X_RETRY_EVERY_S:
            return None
        self._tried_at = now
        from posture.desktop.x11 import XServer  # noqa: PLC0415 - 2 MB, and many have no X server

        try:
            self._server = XServer(name)
        except Exception:  # noqa: BLE001 - python-xlib raises many kinds when there is no server
            return None
        return self._server


def is_wayland() -> bool:
    """Whether this is a Wayland session (its X server, if any, is only for old programs)."""
    return bool(os.environ.get("WAYLAND_DISPLAY")) or (
        os.environ.get("XDG_SESSION_TYPE") == "wayland"
    )
