"""The real parts the desktop tests play on: X server, session bus, panel, notification daemon.

Every part is started for the test and ended with it; waiting is for events, not for time.
"""

from __future__ import annotations

import asyncio
import os
import queue
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from dbus_fast import BusType, Message, MessageType
from PIL import Image, ImageGrab
from Xlib import XK, X, display
from Xlib.error import XError
from Xlib.ext import xtest

from posture.desktop.bus import add_match, connect, name_has_owner, until_closed
from posture.desktop.loop import LoopThread

T = TypeVar("T")

LONG_S = 20.0  # a machine under load; nothing waits that long when things work

BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""

PANEL_CONFIG = """<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="dark-mode" type="bool" value="{dark}"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="icon-size" type="uint" value="{icon_px}"/>
      <property name="size" type="uint" value="30"/>
      <property name="plugin-ids" type="array">{before}<value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-2" type="string" value="separator">
      <property name="expand" type="bool" value="true"/>
      <property name="style" type="uint" value="0"/>
    </property>
    <property name="plugin-1" type="string" value="systray">
      <property name="square-icons" type="bool" value="true"/>
      <property name="icon-size" type="int" value="{icon_px}"/>
    </property>
  </property>
</channel>
"""


def until(
    true: Callable[[], T | None], what: str | Callable[[], str], within_s: float = LONG_S
) -> T:
    """Wait until *true* returns something true and return that."""
    end = time.monotonic() + within_s
    while not (value := true()):
        if time.monotonic() > end:
            said = what if isinstance(what, str) else what()
            raise AssertionError(f"waited {within_s:g} s in vain for {said}")
        time.sleep(0.01)
    return value


@contextmanager
def running(
    *command: str,
    env: Mapping[str, str] | None = None,
    stdout: int = subprocess.DEVNULL,
    pass_fds: tuple[int, ...] = (),
) -> Iterator[subprocess.Popen[bytes]]:
    """A program, ended at the end of the block."""
    process = subprocess.Popen(
        command,
        env={**os.environ, **(env or {})},
        stderr=subprocess.DEVNULL,
        stdout=stdout,
        pass_fds=pass_fds,
    )
    try:
        yield process
    finally:
        end(process)


def heard(sink: Any, act: Callable[[], object], what: str) -> Any:
    """What comes into *sink* after *act*, which is done again while nothing comes.

    A menu that has only just appeared may miss a key or a click.
    """
    for _ in range(int(LONG_S)):
        act()
        with suppress(queue.Empty):
            return sink.get(timeout=1.0)
    raise AssertionError(f"waited in vain for {what}")


def end(process: subprocess.Popen[bytes]) -> None:
    """End *process* as a session would: ask, then insist."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


@contextmanager
def private_bus(folder: Path) -> Iterator[str]:
    """A message bus that starts nothing by itself; yields its address."""
    socket = folder / "bus"
    config = folder / "bus.conf"
    config.write_text(BUS_CONFIG.format(socket=socket))
    command = ("dbus-daemon", f"--config-file={config}", "--nofork", "--print-address=1")
    with running(*command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], LONG_S)
        assert ready, "dbus-daemon says nothing"
        yield process.stdout.readline().decode().strip()


@contextmanager
def x_server(size: str = "800x600") -> Iterator[str]:
    """An X server with a window manager; yields its DISPLAY."""
    read_end, write_end = os.pipe()
    command = ("Xvfb", "-displayfd", str(write_end), "-screen", "0", f"{size}x24", "-nolisten")
    with running(*command, "tcp", "-noreset", pass_fds=(write_end,)):
        os.close(write_end)
        with os.fdopen(read_end) as pipe:
            number = pipe.readline().strip()
        assert number, "Xvfb did not start"
        name = f":{number}"
        with running("openbox", "--sm-disable", env={"DISPLAY": name}):
            connection = display.Display(name)
            # What it sets last.
            check = connection.intern_atom("_NET_CLIENT_LIST_STACKING")
            root = connection.screen().root
            until(
                lambda: root.get_full_property(check, X.AnyPropertyType) is not None,
                "the window manager",
            )
            connection.close()
            yield name


def xfce(folder: Path) -> dict[str, str]:
    """The environment of Xfce's parts: everything they keep is in *folder*."""
    return {
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_DATA_HOME": str(folder / "data"),
        "GTK_A11Y": "none",
        "NO_AT_BRIDGE": "1",
        "GIO_USE_VFS": "local",
        "GSETTINGS_BACKEND": "memory",
    }


@contextmanager
def xfconf(folder: Path) -> Iterator[None]:
    """Xfce's settings service, which panel and notifications need."""
    with running("/usr/lib/x86_64-linux-gnu/xfce4/xfconf/xfconfd", env=xfce(folder)):
        await_name("org.xfce.Xfconf")
        yield


@contextmanager
def panel(
    folder: Path, *, dark: bool = True, icon_px: int = 22, at_the_right: bool = False
) -> Iterator[None]:
    """xfce4-panel with nothing but a tray, on the present display and bus."""
    channels = folder / "config" / "xfce4" / "xfconf" / "xfce-perchannel-xml"
    channels.mkdir(parents=True, exist_ok=True)
    before = '<value type="int" value="2"/>' if at_the_right else ""
    text = PANEL_CONFIG.format(dark=str(dark).lower(), icon_px=icon_px, before=before)
    (channels / "xfce4-panel.xml").write_text(text)
    command = ("xfce4-panel", "--disable-wm-check", "--sm-client-disable")
    with xfconf(folder), running(*command, env=xfce(folder)):
        await_name("org.kde.StatusNotifierWatcher")
        yield


@contextmanager
def notification_service(folder: Path) -> Iterator[None]:
    """xfce4-notifyd, which draws buttons."""
    program = "/usr/lib/x86_64-linux-gnu/xfce4/notifyd/xfce4-notifyd"
    with xfconf(folder), running(program, env=xfce(folder)):
        await_name("org.freedesktop.Notifications")
        yield


def await_name(name: str, *, gone: bool = False) -> None:
    """Wait until *name* is on the session bus, or gone from it."""
    loop = LoopThread("await")
    try:
        loop.call(_await_name(name, gone=gone), LONG_S)
    finally:
        loop.stop()


async def _await_name(name: str, *, gone: bool) -> None:
    bus = await connect(BusType.SESSION)
    changed = asyncio.Event()

    def heard(message: Message) -> None:
        if message.message_type is MessageType.SIGNAL and message.member == "NameOwnerChanged":
            changed.set()

    bus.add_message_handler(heard)
    await add_match(bus, f"type='signal',member='NameOwnerChanged',arg0='{name}'")
    while await name_has_owner(bus, name) is gone:
        changed.clear()
        if await name_has_owner(bus, name) is gone:
            await changed.wait()
    bus.disconnect()
    await until_closed(bus)


class Hands:
    """A mouse and a keyboard on the X server, and eyes on its screen."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._display = display.Display(name)

    def close(self) -> None:
        self._display.close()

    def look(self) -> Image.Image:
        """The whole screen as it is."""
        return ImageGrab.grab(xdisplay=self.name)

    def paint(self, colour: int) -> None:
        """Give the empty screen a *colour* (0xRRGGBB)."""
        root = self._display.screen().root
        root.change_attributes(background_pixel=colour)
        root.clear_area()
        self._display.sync()

    def point(self, x: int, y: int) -> None:
        xtest.fake_input(self._display, X.MotionNotify, x=x, y=y)
        self._display.sync()

    def click(self, x: int, y: int, button: int = 1) -> None:
        self.point(x, y)
        xtest.fake_input(self._display, X.ButtonPress, button)
        xtest.fake_input(self._display, X.ButtonRelease, button)
        self._display.sync()

    def press(self, *names: str) -> None:
        for name in names:
            code = self._display.keysym_to_keycode(XK.string_to_keysym(name))
            xtest.fake_input(self._display, X.KeyPress, code)
            xtest.fake_input(self._display, X.KeyRelease, code)
        self._display.sync()

    def windows(self) -> list[str]:
        """The windows on the screen, lowest first, in words: for a failed test to tell."""
        found = []
        for window in self._display.screen().root.query_tree().children:
            with suppress(XError):  # gone in between
                if window.get_attributes().map_state == X.IsViewable:
                    box = window.get_geometry()
                    name = f"{window.get_wm_class()} {window.get_wm_name()!r}"
                    found.append(f"{name} {box.width}×{box.height} at {box.x}, {box.y}")
        return found

    def titles(self) -> set[str]:
        """The titles of the programs' windows on the screen."""
        root, found = self._display.screen().root, set()
        listed = root.get_full_property(
            self._display.intern_atom("_NET_CLIENT_LIST"), X.AnyPropertyType
        )
        for number in () if listed is None else listed.value:
            with suppress(XError):  # gone in between
                found.add(str(self._display.create_resource_object("window", number).get_wm_name()))
        return found

    def window(self) -> tuple[int, int, int, int] | None:
        """x, y, width, height of the first program's window, without its frame."""
        root = self._display.screen().root
        name = self._display.intern_atom("_NET_CLIENT_LIST")
        listed = root.get_full_property(name, X.AnyPropertyType)
        for number in () if listed is None else listed.value:
            with suppress(XError):  # gone in between
                found = self._display.create_resource_object("window", number)
                box, place = found.get_geometry(), found.translate_coords(root, 0, 0)
                return -place.x, -place.y, box.width, box.height
        return None

    def open_menu(self, place: tuple[int, int], button: int = 1) -> tuple[int, int, int, int]:
        """Click at *place* until a menu is there; x, y, width, height."""
        for _ in range(int(LONG_S)):
            if not self.popups():
                self.click(*place, button)
            with suppress(AssertionError):
                return until(self.popups, "a menu", within_s=1.0)[-1]
        raise AssertionError(f"no menu came; on the screen: {self.windows()}")

    def popups(self) -> list[tuple[int, int, int, int]]:
        """x, y, width, height of the menus and tooltips on the screen."""
        found = []
        for window in self._display.screen().root.query_tree().children:
            try:
                attributes, box = window.get_attributes(), window.get_geometry()
            except XError:  # gone in between
                continue
            if (
                attributes.override_redirect
                and attributes.map_state == X.IsViewable
                and min(box.width, box.height) > 10
            ):
                found.append((box.x, box.y, box.width, box.height))
        return found

    def find(self, colour: tuple[int, int, int], least: int = 12) -> tuple[int, int] | None:
        """The middle of the pixels of *colour* (± 12), if there are *least* of them."""
        picture = np.asarray(self.look().convert("RGB"), dtype=int)
        rows, columns = np.nonzero((np.abs(picture - np.array(colour)) < 12).all(axis=2))
        if len(rows) < least:
            return None
        return int(columns.min() + columns.max()) // 2, int(rows.min() + rows.max()) // 2
