"""What systemd's logind, screen savers, UPower and GNOME tell on the buses."""

from __future__ import annotations

import asyncio
import os
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from dbus_fast import BusType, DBusError, Message, MessageType
from dbus_fast.aio import MessageBus

from posture.desktop.bus import (
    BUS_ERRORS,
    Remote,
    add_match,
    call,
    connect,
    get_property,
    name_has_owner,
    until_closed,
)

_LOGIN = "org.freedesktop.login1"
_MANAGER = Remote(_LOGIN, "/org/freedesktop/login1", f"{_LOGIN}.Manager")
_SESSION = f"{_LOGIN}.Session"
_USER = f"{_LOGIN}.User"
_POWER = Remote("org.freedesktop.UPower", "/org/freedesktop/UPower", "org.freedesktop.UPower")
_PROPERTIES = "org.freedesktop.DBus.Properties"

SAVERS = tuple(
    Remote(f"org.{name}.ScreenSaver", path, f"org.{name}.ScreenSaver")
    for name, path in (
        ("freedesktop", "/org/freedesktop/ScreenSaver"),
        ("gnome", "/org/gnome/ScreenSaver"),
        ("cinnamon", "/org/cinnamon/ScreenSaver"),
        ("mate", "/org/mate/ScreenSaver"),
        ("xfce", "/org/xfce/ScreenSaver"),
    )
)
_MUTTER = Remote(
    "org.gnome.Mutter.IdleMonitor",
    "/org/gnome/Mutter/IdleMonitor/Core",
    "org.gnome.Mutter.IdleMonitor",
)

# Chosen: a screen locker that never confirms a request to lock cannot tell its end either, so the
# request alone counts only this long.
_UNCONFIRMED_LOCK_S = 30.0


class Listener(ABC):
    """One connection to one bus, with a handler for its signals."""

    def __init__(self, bus_type: BusType, changed: Callable[[], None]) -> None:
        self._bus_type = bus_type
        self._changed = changed
        self._bus: MessageBus | None = None

    async def open(self) -> None:
        """Connect and ask for the state as it is. Raises NoBus."""
        self._bus = await connect(self._bus_type)
        self._bus.add_message_handler(self._on_message)
        await self._begin(self._bus)

    async def close(self) -> None:
        """Leave the bus."""
        bus, self._bus = self._bus, None
        if bus is not None:
            bus.disconnect()
            await until_closed(bus)

    @abstractmethod
    async def _begin(self, bus: MessageBus) -> None:
        """Subscribe, then read what holds now."""

    def _on_message(self, message: Message) -> None:
        if message.message_type is MessageType.SIGNAL and self._on_signal(message):
            self._changed()

    @abstractmethod
    def _on_signal(self, message: Message) -> bool:
        """Take the signal in; whether it changed something."""


class SystemBus(Listener):
    """Lock, sleep and battery, from the system bus."""

    def __init__(self, changed: Callable[[], None]) -> None:
        super().__init__(BusType.SYSTEM, changed)
        self.locked: bool | None = None
        self.asleep: bool | None = None
        self.on_battery: bool | None = None
        self._session: Remote | None = None
        self._unconfirmed: asyncio.TimerHandle | None = None

    async def close(self) -> None:
        """Leave the bus."""
        self._forget_request()
        await super().close()

    async def _begin(self, bus: MessageBus) -> None:
        try:
            await self._begin_login(bus)
        except BUS_ERRORS:
            self._session = None  # no logind, or a session it does not know
        try:
            await add_match(bus, _property_rule(_POWER.path))
            self.on_battery = bool(await get_property(bus, _POWER, "OnBattery"))
        except BUS_ERRORS:
            self.on_battery = None

    async def _begin_login(self, bus: MessageBus) -> None:
        await add_match(bus, f"type='signal',interface='{_MANAGER.interface}'")
        if await name_has_owner(bus, _LOGIN):
            self.asleep = False
        self._session = await find_session(bus)
        await add_match(bus, f"type='signal',path='{self._session.path}'")
        self.locked = bool(await get_property(bus, self._session, "LockedHint"))

    def _on_signal(self, message: Message) -> bool:
        if message.member == "PrepareForSleep" and message.interface == _MANAGER.interface:
            self.asleep = bool(message.body[0])
            return True
        if self._session is not None and message.path == self._session.path:
            return self._on_session_signal(message)
        if message.path == _POWER.path and (value := _new_value(message, "OnBattery")) is not None:
            self.on_battery = bool(value)
            return True
        return False

    def _on_session_signal(self, message: Message) -> bool:
        hint = _new_value(message, "LockedHint")
        if hint is not None:
            self._forget_request()
            self.locked = bool(hint)
            return True
        if message.interface == _SESSION and message.member == "Lock":
            self._forget_request()
            loop = asyncio.get_running_loop()
            self._unconfirmed = loop.call_later(_UNCONFIRMED_LOCK_S, self._disbelieve)
            self.locked = True
            return True
        if message.interface == _SESSION and message.member == "Unlock":
            self._forget_request()
            self.locked = False
            return True
        return False

    def _forget_request(self) -> None:
        if self._unconfirmed is not None:
            self._unconfirmed.cancel()
            self._unconfirmed = None

    def _disbelieve(self) -> None:
        self._unconfirmed = None
        self.locked = False
        self._changed()


class SessionBus(Listener):
    """Screen savers, and on GNOME the idle time, from the session bus."""

    def __init__(self, changed: Callable[[], None]) -> None:
        super().__init__(BusType.SESSION, changed)
        self.savers: dict[str, bool] = {}
        self.has_idle = False

    @property
    def locked(self) -> bool | None:
        """Whether a screen saver covers the screen; None without any."""
        return any(self.savers.values()) if self.savers else None

    async def idle_s(self) -> float | None:
        """Seconds since the last input as GNOME's compositor counts them."""
        if self._bus is None or not self.has_idle:
            return None
        try:
            milliseconds = (await call(self._bus, _MUTTER, "GetIdletime"))[0]
        except BUS_ERRORS:
            return None
        return float(milliseconds) / 1000.0

    async def _begin(self, bus: MessageBus) -> None:
        for saver in SAVERS:
            await add_match(bus, f"type='signal',interface='{saver.interface}'")
        await add_match(
            bus,
            "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged'",
        )
        for saver in SAVERS:
            await self._ask(bus, saver)
        self.has_idle = await name_has_owner(bus, _MUTTER.name)

    async def _ask(self, bus: MessageBus, saver: Remote) -> None:
        self.savers.pop(saver.name, None)
        if not await name_has_owner(bus, saver.name):
            return
        try:
            self.savers[saver.name] = bool((await call(bus, saver, "GetActive"))[0])
        except DBusError:
            return  # some only take inhibitors under that name

    async def _ask_again(self, name: str) -> None:
        bus = self._bus
        if bus is None:
            return
        if name == _MUTTER.name:
            self.has_idle = await name_has_owner(bus, name)
        for saver in SAVERS:
            if saver.name == name:
                await self._ask(bus, saver)
        self._changed()

    def _on_signal(self, message: Message) -> bool:
        if message.member == "NameOwnerChanged":
            name = str(message.body[0])
            if name == _MUTTER.name or any(saver.name == name for saver in SAVERS):
                self._asking = asyncio.ensure_future(self._ask_again(name))
            return False
        for saver in SAVERS:
            if (message.interface, message.member) == (saver.interface, "ActiveChanged"):
                self.savers[saver.name] = bool(message.body[0])
                return True
        return False


async def find_session(bus: MessageBus) -> Remote:
    """The login session this program belongs to. Raises DBusError when logind knows none.

    A program started by the user's service manager belongs to none: then it is the user's
    graphical one.
    """
    try:
        path = (await call(bus, _MANAGER, "GetSessionByPID", "u", [os.getpid()]))[0]
        return Remote(_LOGIN, path, _SESSION)
    except DBusError:
        identifier = os.environ.get("XDG_SESSION_ID")
    if identifier:
        path = (await call(bus, _MANAGER, "GetSession", "s", [identifier]))[0]
        return Remote(_LOGIN, path, _SESSION)
    path = (await call(bus, _MANAGER, "GetUser", "u", [os.getuid()]))[0]
    _identifier, path = await get_property(bus, Remote(_LOGIN, path, _USER), "Display")
    return Remote(_LOGIN, path, _SESSION)


def _property_rule(path: str) -> str:
    return f"type='signal',interface='{_PROPERTIES}',member='PropertiesChanged',path='{path}'"


def _new_value(message: Message, name: str) -> Any:
    """The new value of property *name* if this signal tells it."""
    if message.member != "PropertiesChanged" or message.interface != _PROPERTIES:
        return None
    variant = message.body[1].get(name)
    return None if variant is None else variant.value
