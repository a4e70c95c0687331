"""The icon and menu as a panel reads them on the bus."""

from __future__ import annotations

import asyncio
import queue
from typing import Any

from dbus_fast import BusType, Message, MessageType, Variant
from dbus_fast.aio import MessageBus
from stage import LONG_S

from posture.desktop.bus import Remote, add_match, call, connect, get_property, until_closed
from posture.desktop.loop import LoopThread

_DAEMON = Remote("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
_OFF = Variant("i", 0)


async def _name_of_the_icon() -> str:
    bus = await connect(BusType.SESSION)
    try:
        while True:
            names = (await call(bus, _DAEMON, "ListNames"))[0]
            for name in names:
                if "StatusNotifierItem-" in name:
                    return str(name)
            await asyncio.sleep(0.05)
    finally:
        bus.disconnect()
        await until_closed(bus)


class Reader:
    """A panel's view of the icon: its properties, its menu and the signals it sends.

    Waits for the icon to come to the bus.
    """

    def __init__(self, loop: LoopThread) -> None:
        self._loop = loop
        name = loop.call(_name_of_the_icon(), LONG_S)
        self.item = Remote(name, "/StatusNotifierItem", "org.kde.StatusNotifierItem")
        self.menu = Remote(name, "/MenuBar", "com.canonical.dbusmenu")
        self.signals: queue.SimpleQueue[tuple[str, list[Any]]] = queue.SimpleQueue()
        self._bus = loop.call(self._open(), LONG_S)

    async def _open(self) -> MessageBus:
        bus = await connect(BusType.SESSION)
        bus.add_message_handler(self._heard)
        for remote in (self.item, self.menu):
            await add_match(bus, f"type='signal',interface='{remote.interface}'")
        return bus

    def _heard(self, message: Message) -> None:
        if message.message_type is MessageType.SIGNAL and message.path in (
            self.item.path,
            self.menu.path,
        ):
            self.signals.put((str(message.member), message.body))

    def close(self) -> None:
        async def leave() -> None:
            self._bus.disconnect()
            await until_closed(self._bus)

        self._loop.call(leave(), LONG_S)

    def get(self, name: str) -> Any:
        return self._loop.call(get_property(self._bus, self.item, name), LONG_S)

    def ask(self, member: str, signature: str, *body: Any) -> list[Any]:
        return self._loop.call(call(self._bus, self.menu, member, signature, body), LONG_S)

    def click(self, *labels: str) -> None:
        """Click the item of the last label, below those before it."""
        number, children = 0, self._layout()
        for label in labels:
            number, children = next(
                (node[0], node[2])
                for node in (child.value for child in children)
                if _label(node) == label
            )
        self.ask("Event", "isvu", number, "clicked", Variant("s", ""), 0)

    def lines(self) -> list[str]:
        """The labels of the menu, those of submenus after " > ", those with a mark after "* "."""
        said: list[str] = []

        def visit(children: list[Any], above: str) -> None:
            for node in (child.value for child in children):
                if _label(node):
                    mark = "* " if node[1].get("toggle-state", _OFF).value else ""
                    said.append(mark + above + _label(node))
                    visit(node[2], f"{above}{_label(node)} > ")

        visit(self._layout(), "")
        return said

    def _layout(self) -> list[Any]:
        children: list[Any] = self.ask("GetLayout", "iias", 0, -1, [])[1][2]
        return children

    def labels(self) -> dict[str, int]:
        """Every label of the menu with its number."""
        found: dict[str, int] = {}

        def visit(node: list[Any]) -> None:
            number, properties, children = node
            if "label" in properties:
                found[properties["label"].value] = number
            for child in children:
                visit(child.value)

        visit(self.ask("GetLayout", "iias", 0, -1, [])[1])
        return found

    def signal(self) -> tuple[str, list[Any]]:
        return self.signals.get(timeout=LONG_S)


def _label(node: list[Any]) -> str:
    return str(node[1]["label"].value) if "label" in node[1] else ""
