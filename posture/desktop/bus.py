"""Small words for D-Bus: connect, call, ask who is there, listen."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dbus_fast import BusType, DBusError, ErrorType, Message, MessageType
from dbus_fast.aio import MessageBus

CALL_TIMEOUT_S = 5.0  # chosen: a bus service that takes longer is as good as absent

# What connecting and calling can raise; all of them mean "the bus does not serve us now".
BUS_ERRORS = (DBusError, OSError, EOFError, ValueError, KeyError)


class NoBus(OSError):
    """There is no bus to talk to; the text says why."""


@dataclass(frozen=True, slots=True)
class Remote:
    """An interface of an object of a program on the bus."""

    name: str
    path: str
    interface: str


_DAEMON = Remote("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")


async def connect(bus_type: BusType) -> MessageBus:
    """Connect to the session or system bus. Raises :class:`NoBus` with the reason in words."""
    variable = "DBUS_SESSION_BUS_ADDRESS"
    if bus_type is BusType.SESSION and not os.environ.get(variable):
        raise NoBus(f"{variable} is not set")
    bus: MessageBus | None = None
    try:
        bus = MessageBus(bus_type=bus_type)
        return await asyncio.wait_for(bus.connect(), CALL_TIMEOUT_S)
    except TimeoutError as error:
        if bus is not None:
            bus.disconnect()
        raise NoBus("it does not answer") from error
    except Exception as error:
        # dbus-fast raises many kinds here: of the address, the socket, the authentication.
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise NoBus(reason) from error


async def until_closed(bus: MessageBus) -> None:
    """Wait until the connection is closed, from either side."""
    # The end of the socket is an error on some paths and a plain return on others.
    with contextlib.suppress(OSError, EOFError, DBusError):
        await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]


async def call(
    bus: MessageBus, remote: Remote, member: str, signature: str = "", body: Sequence[Any] = ()
) -> list[Any]:
    """Call a method and return the body of its answer. Raises DBusError, also after a timeout."""
    message = Message(
        destination=remote.name,
        path=remote.path,
        interface=remote.interface,
        member=member,
        signature=signature,
        body=list(body),
    )
    try:
        reply = await asyncio.wait_for(bus.call(message), CALL_TIMEOUT_S)
    except TimeoutError as error:
        raise DBusError(ErrorType.TIMEOUT, f"{remote.name} does not answer") from error
    if reply is None:
        raise DBusError(ErrorType.DISCONNECTED, "the bus is gone")
    if reply.message_type is MessageType.ERROR:
        text = str(reply.body[0]) if reply.body else str(reply.error_name)
        raise DBusError(reply.error_name or ErrorType.FAILED, text)
    return list(reply.body)


async def name_has_owner(bus: MessageBus, name: str) -> bool:
    """Whether *name* is on the bus now (nothing is started)."""
    return bool((await call(bus, _DAEMON, "NameHasOwner", "s", [name]))[0])


async def can_be_started(bus: MessageBus, name: str) -> bool:
    """Whether the bus knows how to start *name* when it is first called."""
    return name in (await call(bus, _DAEMON, "ListActivatableNames"))[0]


async def add_match(bus: MessageBus, rule: str) -> None:
    """Ask the bus to send the signals that fit *rule*."""
    await call(bus, _DAEMON, "AddMatch", "s", [rule])


async def get_property(bus: MessageBus, remote: Remote, member: str) -> Any:
    """Read one property of *remote*. Raises DBusError."""
    properties = Remote(remote.name, remote.path, "org.freedesktop.DBus.Properties")
    answer = await call(bus, properties, "Get", "ss", [remote.interface, member])
    return answer[0].value
