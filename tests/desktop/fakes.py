"""Services on a private bus that a test can look into."""

# dbus-fast reads the annotations themselves: no "from __future__ import annotations" here.

import queue
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

from dbus_fast import BusType, DBusError, ErrorType, NameFlag, PropertyAccess
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import (
    DBusBool,
    DBusInt32,
    DBusObjectPath,
    DBusSignature,
    DBusStr,
    DBusUInt32,
    DBusUInt64,
)
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal
from stage import LONG_S

from posture.desktop.bus import connect, until_closed
from posture.desktop.loop import LoopThread

Strings = Annotated[list[str], DBusSignature("as")]
Hints = Annotated[dict[str, Any], DBusSignature("a{sv}")]


@dataclass(frozen=True)
class Shown:
    """What a notification server was asked to show."""

    number: int
    program: str
    replaces: int
    icon: str
    title: str
    text: str
    actions: list[str]
    hints: dict[str, Any]

    def key(self, label: str) -> str:
        """The action key of the button called *label*."""
        return self.actions[self.actions.index(label) - 1]

    @property
    def buttons(self) -> list[str]:
        """The labels of the buttons, in order."""
        pairs = zip(self.actions[::2], self.actions[1::2], strict=True)
        return [label for key, label in pairs if key != "default"]


class RecordingServer(ServiceInterface):
    """org.freedesktop.Notifications that remembers instead of showing."""

    def __init__(self, capabilities: list[str], refuse: str | None = None) -> None:
        super().__init__("org.freedesktop.Notifications")
        self.capabilities = capabilities
        self.refuse = refuse
        self.shown: queue.SimpleQueue[Shown] = queue.SimpleQueue()
        self.closed: queue.SimpleQueue[int] = queue.SimpleQueue()
        self.present: dict[int, Shown] = {}
        self._last = 0

    @dbus_method()
    def Notify(
        self,
        program: DBusStr,
        replaces: DBusUInt32,
        icon: DBusStr,
        title: DBusStr,
        text: DBusStr,
        actions: Strings,
        hints: Hints,
        timeout_ms: DBusInt32,
    ) -> DBusUInt32:
        if self.refuse is not None:
            raise DBusError(ErrorType.FAILED, self.refuse)
        self._last += 1
        plain = {name: value.value for name, value in hints.items()}
        shown = Shown(self._last, program, replaces, icon, title, text, actions, plain)
        self.present[self._last] = shown
        self.shown.put(shown)
        return self._last

    @dbus_method()
    def CloseNotification(self, number: DBusUInt32) -> None:
        self.present.pop(number, None)
        self.closed.put(number)
        self.NotificationClosed(number, 3)

    @dbus_method()
    def GetCapabilities(self) -> Strings:
        return self.capabilities

    @dbus_method()
    def GetServerInformation(
        self,
    ) -> Annotated[tuple[str, str, str, str], DBusSignature("ssss")]:
        return "Recorder", "tests", "1", "1.2"

    @dbus_signal()
    def NotificationClosed(
        self, number: int, reason: int
    ) -> Annotated[list[int], DBusSignature("uu")]:
        return [number, reason]

    @dbus_signal()
    def ActionInvoked(self, number: int, key: str) -> Annotated[list[Any], DBusSignature("us")]:
        return [number, key]


class ScreenSaver(ServiceInterface):
    """org.freedesktop.ScreenSaver and its cousins."""

    def __init__(self, interface: str, *, active: bool = False) -> None:
        super().__init__(interface)
        self.active = active

    def turn(self, active: bool) -> None:
        self.active = active
        self.ActiveChanged(active)

    @dbus_method()
    def GetActive(self) -> DBusBool:
        return self.active

    @dbus_signal()
    def ActiveChanged(self, active: bool) -> Annotated[bool, DBusSignature("b")]:
        return active


class LoginManager(ServiceInterface):
    """logind, knowing one session of one user."""

    def __init__(self, *, by_process: bool = True, by_id: bool = True) -> None:
        super().__init__("org.freedesktop.login1.Manager")
        self._by_process = by_process
        self._by_id = by_id

    @dbus_method()
    def GetSessionByPID(self, process: DBusUInt32) -> DBusObjectPath:
        if not self._by_process:
            raise DBusError("org.freedesktop.login1.NoSessionForPID", "no session")
        return SESSION_PATH

    @dbus_method()
    def GetSession(self, identifier: DBusStr) -> DBusObjectPath:
        if not self._by_id:
            raise DBusError("org.freedesktop.login1.NoSuchSession", "no such session")
        return SESSION_PATH

    @dbus_method()
    def GetUser(self, user: DBusUInt32) -> DBusObjectPath:
        return USER_PATH

    @dbus_signal()
    def PrepareForSleep(self, begins: bool) -> Annotated[bool, DBusSignature("b")]:
        return begins


class LoginUser(ServiceInterface):
    """A logind user with a graphical session."""

    def __init__(self) -> None:
        super().__init__("org.freedesktop.login1.User")

    @dbus_property(access=PropertyAccess.READ)
    def Display(self) -> Annotated[list[str], DBusSignature("(so)")]:
        return ["c1", SESSION_PATH]


class LoginSession(ServiceInterface):
    """A logind session."""

    def __init__(self, *, locked: bool = False) -> None:
        super().__init__("org.freedesktop.login1.Session")
        self._locked = locked

    @dbus_property(access=PropertyAccess.READ)
    def LockedHint(self) -> DBusBool:
        return self._locked

    def hint(self, locked: bool) -> None:
        self._locked = locked
        self.emit_properties_changed({"LockedHint": locked})

    @dbus_signal()
    def Lock(self) -> None:
        """Somebody asks for the screen to be locked."""

    @dbus_signal()
    def Unlock(self) -> None:
        """Somebody asks for it to be unlocked."""


class UPower(ServiceInterface):
    """org.freedesktop.UPower."""

    def __init__(self, *, on_battery: bool) -> None:
        super().__init__("org.freedesktop.UPower")
        self._on_battery = on_battery

    @dbus_property(access=PropertyAccess.READ)
    def OnBattery(self) -> DBusBool:
        return self._on_battery

    def turn(self, on_battery: bool) -> None:
        self._on_battery = on_battery
        self.emit_properties_changed({"OnBattery": on_battery})


class IdleMonitor(ServiceInterface):
    """GNOME's count of the time without input."""

    def __init__(self, idle_ms: int) -> None:
        super().__init__("org.gnome.Mutter.IdleMonitor")
        self.idle_ms = idle_ms

    @dbus_method()
    def GetIdletime(self) -> DBusUInt64:
        return self.idle_ms


SESSION_PATH = "/org/freedesktop/login1/session/c1"
USER_PATH = "/org/freedesktop/login1/user/_0"
MANAGER_PATH = "/org/freedesktop/login1"


@contextmanager
def serving(
    name: str, objects: Mapping[str, ServiceInterface], bus_type: BusType = BusType.SESSION
) -> Iterator[LoopThread]:
    """*objects* by path under *name* on the bus; yields the loop for sending their signals."""
    loop = LoopThread("fake")

    async def publish() -> MessageBus:
        bus = await connect(bus_type)
        for path, interface in objects.items():
            bus.export(path, interface)
        await bus.request_name(name, NameFlag.DO_NOT_QUEUE)
        return bus

    async def leave(bus: MessageBus) -> None:
        bus.disconnect()
        await until_closed(bus)

    try:
        bus = loop.call(publish(), LONG_S)
        yield loop
        loop.call(leave(bus), LONG_S)
    finally:
        loop.stop()
