"""A tray icon on the bus: StatusNotifierItem, spoken with dbus-fast, without GTK.

Interface: freedesktop.org, "StatusNotifierItem", and its watcher org.kde.StatusNotifierWatcher.
"""

# dbus-fast reads the annotations themselves; "None" as a string it does not understand.
# (No "from __future__ import annotations" here.)

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable
from typing import Annotated

from dbus_fast import BusType, DBusError, Message, MessageType, PropertyAccess
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import (
    DBusBool,
    DBusInt32,
    DBusObjectPath,
    DBusSignature,
    DBusStr,
    DBusUInt32,
)
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal
from PIL import Image

from posture.desktop.bus import (
    Remote,
    add_match,
    call,
    connect,
    get_property,
    name_has_owner,
    until_closed,
)
from posture.desktop.dbusmenu import PATH as MENU_PATH
from posture.desktop.dbusmenu import MenuOnBus
from posture.desktop.face import Face
from posture.desktop.icons import draw
from posture.desktop.loop import Pace
from posture.desktop.menu import Item

WATCHER = "org.kde.StatusNotifierWatcher"
_WATCHER = Remote(WATCHER, "/StatusNotifierWatcher", WATCHER)
PATH = "/StatusNotifierItem"
INTERFACE = "org.kde.StatusNotifierItem"

_SIZES = (16, 22, 24, 32, 48, 64)  # what panels ask for, HiDPI included
_MIN_UPDATE_S = 1.0  # chosen: a panel redraws its tooltip at most once a second
_log = logging.getLogger(__name__)

Pixmaps = Annotated[list[list[object]], DBusSignature("a(iiay)")]
ToolTipType = Annotated[list[object], DBusSignature("(sa(iiay)ss)")]


class _ItemOnBus(ServiceInterface):
    """Serves the icon itself. *activated* is called for a click where the host has no menu."""

    def __init__(self, face: Face, activated: Callable[[], None]) -> None:
        super().__init__(INTERFACE)
        self._activated = activated
        self._face = face

    def show(self, face: Face) -> None:
        """Show another face; hosts are told only what changed."""
        before, now = self._face.glance, face.glance
        self._face = face
        if (now.icon, now.break_due) != (before.icon, before.break_due):
            self.NewIcon()
        if now.lines != before.lines:
            self.NewToolTip()
            if now.headline != before.headline:
                self.NewTitle()

    @dbus_property(access=PropertyAccess.READ)
    def Category(self) -> DBusStr:
        """What kind of program this is."""
        return "ApplicationStatus"

    @dbus_property(access=PropertyAccess.READ)
    def Id(self) -> DBusStr:
        """The same in every session."""
        return "posture"

    @dbus_property(access=PropertyAccess.READ)
    def Title(self) -> DBusStr:
        """What screen readers say."""
        return self._face.glance.headline

    @dbus_property(access=PropertyAccess.READ)
    def Status(self) -> DBusStr:
        """Always to be shown."""
        return "Active"

    @dbus_property(access=PropertyAccess.READ)
    def WindowId(self) -> DBusUInt32:
        """There is no window."""
        return 0

    @dbus_property(access=PropertyAccess.READ)
    def IconName(self) -> DBusStr:
        """The icon is drawn, not named."""
        return ""

    @dbus_property(access=PropertyAccess.READ)
    def IconThemePath(self) -> DBusStr:
        """No theme."""
        return ""

    @dbus_property(access=PropertyAccess.READ)
    def IconPixmap(self) -> Pixmaps:
        """The icon in every size panels ask for."""
        now = self._face.glance
        return [_pixmap(draw(now.icon, size, break_due=now.break_due)) for size in _SIZES]

    @dbus_property(access=PropertyAccess.READ)
    def OverlayIconName(self) -> DBusStr:
        """No overlay."""
        return ""

    @dbus_property(access=PropertyAccess.READ)
    def AttentionIconName(self) -> DBusStr:
        """Never blinks."""
        return ""

    @dbus_property(access=PropertyAccess.READ)
    def ToolTip(self) -> ToolTipType:
        """Headline and the lines below it."""
        lines = self._face.glance.lines
        return ["", [], lines[0], "\n".join(lines[1:])]

    @dbus_property(access=PropertyAccess.READ)
    def ItemIsMenu(self) -> DBusBool:
        """A left click opens the menu, too."""
        return True

    @dbus_property(access=PropertyAccess.READ)
    def Menu(self) -> DBusObjectPath:
        """Where the menu is."""
        return MENU_PATH

    @dbus_method()
    def Activate(self, x: DBusInt32, y: DBusInt32) -> None:
        """A click, on hosts that do not know ItemIsMenu."""
        self._activated()

    @dbus_method()
    def SecondaryActivate(self, x: DBusInt32, y: DBusInt32) -> None:
        """A middle click means nothing."""

    @dbus_method()
    def ContextMenu(self, x: DBusInt32, y: DBusInt32) -> None:
        """Hosts draw the menu themselves."""

    @dbus_method()
    def Scroll(self, delta: DBusInt32, orientation: DBusStr) -> None:
        """The wheel means nothing."""

    @dbus_signal()
    def NewTitle(self) -> None:
        """The title has changed."""

    @dbus_signal()
    def NewIcon(self) -> None:
        """The icon has changed."""

    @dbus_signal()
    def NewToolTip(self) -> None:
        """The tooltip has changed."""


def _pixmap(picture: Image.Image) -> list[object]:
    """Width, height and ARGB32 in network byte order."""
    red, green, blue, alpha = picture.split()
    argb = Image.merge("RGBA", (alpha, red, green, blue))
    return [picture.width, picture.height, argb.tobytes()]


class BusIcon:
    """The icon's life on the session bus: register, follow the panel, go.

    *clicked* gets the menu item, *lost* is called when the bus closes unasked; both in the bus
    thread. All methods are for the loop's own thread.
    """

    def __init__(
        self,
        clicked: Callable[[Item], None],
        lost: Callable[[], None],
        face: Face,
    ) -> None:
        self._clicked = clicked
        self._lost = lost
        self._face = face
        self._menu = MenuOnBus(clicked)
        self._item = _ItemOnBus(face, self._activated)
        self._bus: MessageBus | None = None
        self._name = f"org.kde.StatusNotifierItem-{os.getpid()}-1"
        self._pace = Pace(_MIN_UPDATE_S, self._show_now)
        self._closing: asyncio.Task[None] | None = None
        self.hosted = False

    async def open(self) -> None:
        """Connect, publish icon and menu, register with the panel if there is one.

        Raises OSError, DBusError or the like when there is no bus.
        """
        bus = await connect(BusType.SESSION)
        self._bus = bus
        self._menu.show(self._face.menu)
        bus.export(PATH, self._item)
        bus.export(MENU_PATH, self._menu)
        bus.add_message_handler(self._on_message)
        await self._listen(bus)
        await bus.request_name(self._name)
        await self._register()
        self._closing = asyncio.ensure_future(self._watch_for_the_end(bus))

    async def close(self) -> None:
        """Take the icon away and leave the bus."""
        self._pace.cancel()
        bus, self._bus = self._bus, None
        if bus is not None and bus.connected:
            with contextlib.suppress(DBusError, OSError, EOFError):
                await bus.release_name(self._name)
            bus.disconnect()
            await until_closed(bus)
        if self._closing is not None:
            await asyncio.gather(self._closing, return_exceptions=True)

    def show(self, face: Face) -> None:
        """Show *face*: a new icon at once, new words at most once a second."""
        urgent = face.glance.icon is not self._face.glance.icon
        self._face = face
        self._pace.offer(face, urgent=urgent)

    def _show_now(self, face: Face) -> None:
        self._item.show(face)
        self._menu.show(face.menu)

    def _activated(self) -> None:
        for item in self._face.menu:
            if item.default and item.wish is not None:
                self._clicked(item)

    async def _listen(self, bus: MessageBus) -> None:
        rules = (
            "type='signal',sender='org.freedesktop.DBus',interface='org.freedesktop.DBus',"
            f"member='NameOwnerChanged',arg0='{WATCHER}'",
            f"type='signal',interface='{WATCHER}',path='{_WATCHER.path}'",
        )
        for rule in rules:
            await add_match(bus, rule)

    def _on_message(self, message: Message) -> None:
        if message.message_type is not MessageType.SIGNAL:
            return
        changed_owner = message.member == "NameOwnerChanged" and message.body[0] == WATCHER
        host_changed = message.interface == WATCHER and message.member in (
            "StatusNotifierHostRegistered",
            "StatusNotifierHostUnregistered",
        )
        if changed_owner or host_changed:
            task = asyncio.ensure_future(self._register())
            task.add_done_callback(_log_failure)

    async def _register(self) -> None:
        bus = self._bus
        if bus is None:
            return
        self.hosted = False
        if not await name_has_owner(bus, WATCHER):
            return
        await call(bus, _WATCHER, "RegisterStatusNotifierItem", "s", [self._name])
        self.hosted = await host_registered(bus)

    async def _watch_for_the_end(self, bus: MessageBus) -> None:
        await until_closed(bus)
        if self._bus is not None:
            self._bus = None
            self.hosted = False
            self._lost()


async def host_registered(bus: MessageBus) -> bool:
    """Whether a panel shows tray icons."""
    if not await name_has_owner(bus, WATCHER):
        return False
    return bool(await get_property(bus, _WATCHER, "IsStatusNotifierHostRegistered"))


def _log_failure(task: asyncio.Task[None]) -> None:
    error = None if task.cancelled() else task.exception()
    if error is not None:
        _log.warning("The tray icon could not register with the panel: %s", error)
