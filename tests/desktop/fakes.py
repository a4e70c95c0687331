"""Services on a private bus that a test can look into."""

# dbus-fast reads the annotations themselves: no "from __future__ import annotations" here.

import queue
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

from dbus_fast import BusType, DBusError, ErrorType, NameFlag
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusBool, DBusInt32, DBusSignature, DBusStr, DBusUInt32
from dbus_fast.service import ServiceInterface, dbus_method, dbus_signal
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


@contextmanager
def serving(
    name: str, path: str, *interfaces: ServiceInterface, bus_type: BusType = BusType.SESSION
) -> Iterator[LoopThread]:
    """*interfaces* under *name* on the bus; yields the loop in which their signals are sent."""
    loop = LoopThread("fake")

    async def publish() -> MessageBus:
        bus = await connect(bus_type)
        for interface in interfaces:
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
