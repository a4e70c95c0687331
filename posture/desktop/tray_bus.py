"""The tray icon on a Linux desktop's session bus, and which other kinds its panel would take."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping

from dbus_fast import BusType

from posture.clock import Clock
from posture.desktop.bus import BUS_ERRORS, NoBus, connect, until_closed
from posture.desktop.face import Face
from posture.desktop.loop import LoopThread
from posture.desktop.menu import Item
from posture.desktop.sni import BusIcon, host_registered
from posture.desktop.tray import Backend, Hidden, TrayProbe, Waiter, hidden
from posture.desktop.wishes import Command, CommandKind, Sink
from posture.desktop.words import say

_START_TIMEOUT_S = 10.0  # chosen: a session that is just starting may be slow


def probe(loop: LoopThread, environ: Mapping[str, str]) -> TrayProbe:
    """Find out which tray this desktop has."""
    return loop.call(_probe(environ), _START_TIMEOUT_S)


async def _probe(environ: Mapping[str, str]) -> TrayProbe:
    has_display = bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
    try:
        bus = await connect(BusType.SESSION)
    except NoBus as error:
        return TrayProbe(Backend.NONE, hidden("no_bus", error) if has_display else _no_display())
    try:
        hosted = await host_registered(bus)
    except BUS_ERRORS:
        hosted = False
    finally:
        bus.disconnect()
        await until_closed(bus)
    if hosted:
        return TrayProbe(Backend.SNI)
    if not has_display:
        return TrayProbe(Backend.SNI, _no_display())
    if not old_host_present(environ.get("DISPLAY")):
        return TrayProbe(Backend.SNI, hidden("no_host"))
    if gtk_present():
        return TrayProbe(Backend.GTK)
    return TrayProbe(Backend.SNI, hidden("old_host"))


def _no_display() -> Hidden:
    return hidden("no_display", "neither DISPLAY nor WAYLAND_DISPLAY is set")


def old_host_present(display: str | None) -> bool:
    """Whether an X11 panel takes the older kind of icon (freedesktop.org, "System Tray")."""
    if not display:
        return False
    try:
        # Imported late: without an X server the import of some of it fails.
        from Xlib.display import Display  # noqa: PLC0415

        connection = Display(display)
    except Exception:  # noqa: BLE001 - python-xlib raises many kinds when there is no server
        return False
    try:
        number = connection.get_default_screen()
        selection = connection.intern_atom(f"_NET_SYSTEM_TRAY_S{number}")
        return bool(connection.get_selection_owner(selection))
    finally:
        connection.close()


def gtk_present() -> bool:
    """Whether PyGObject and GTK 3 are installed."""
    if importlib.util.find_spec("gi") is None:
        return False
    import gi  # noqa: PLC0415 - only where it is installed

    try:
        gi.require_version("Gtk", "3.0")
    except ValueError:
        return False
    return True


class BusTray:
    """The icon on the session bus; it appears whenever a panel that shows icons appears."""

    backend = Backend.SNI

    def __init__(
        self,
        sink: Sink,
        clock: Clock,
        loop: LoopThread,
        first: Face,
        *,
        waiting: Hidden | None = None,
    ) -> None:
        self._sink = sink
        self._clock = clock
        self._loop = loop
        self._waiting = waiting
        self._failure: Hidden | None = None
        self._started = False
        self._waiter = Waiter()
        self._icon = BusIcon(self._clicked, self._lost, first)

    def why_hidden(self) -> str | None:
        """Why no icon can be seen at the moment; None when it can."""
        if self._failure is not None:
            return str(self._failure)
        if self._icon.hosted or (not self._started and self._waiting is None):
            return None
        return str(self._waiting or hidden("no_host"))

    def start(self) -> None:
        """Register the icon."""
        self._started = True
        try:
            self._loop.call(self._icon.open(), _START_TIMEOUT_S)
        except (*BUS_ERRORS, TimeoutError) as error:
            self._failure = hidden("no_bus", error)

    def run(self) -> None:
        """Block until :meth:`stop`, then take the icon away."""
        self._waiter.wait()
        self._loop.call(self._icon.close(), _START_TIMEOUT_S)

    def stop(self) -> None:
        """End :meth:`run`."""
        self._waiter.wake()

    def show(self, face: Face) -> None:
        """Show *face*."""
        self._loop.post(self._icon.show, face)

    def _clicked(self, item: Item) -> None:
        if item.wish is not None:
            self._sink.put(item.wish.at(self._clock.now()))

    def _lost(self) -> None:
        # A session bus lives as long as its session.
        text = say("tray.session_ended")
        self._failure = hidden("no_library", why=text)
        self._sink.put(Command(self._clock.now(), CommandKind.QUIT, text))
