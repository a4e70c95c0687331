"""The tray icon through pystray: Windows, macOS, and GTK or AppIndicator on Linux."""

from __future__ import annotations

import contextlib
import importlib
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

from posture.clock import Clock
from posture.desktop.face import Face
from posture.desktop.icons import draw
from posture.desktop.loop import LoopThread, Pace
from posture.desktop.menu import Item
from posture.desktop.tray import Backend, Hidden, Waiter, hidden
from posture.desktop.wishes import Sink

_ICON_PX = 64  # scaled down by the system
_TOOLTIP_CHARS = 127  # NOTIFYICONDATAW.szTip holds 128 with its end (Microsoft, shellapi.h)
_START_TIMEOUT_S = 10.0  # chosen
_TIP_EVERY_S = 1.0  # chosen
# Chosen: a menu that is open while it is replaced may close, so mere words wait.
_MENU_WORDS_EVERY_S = 20.0


class PystrayTray:
    """An icon by pystray.

    On macOS its loop has to be in the main thread: it runs in :meth:`run`. Elsewhere it gets a
    thread of its own, since GTK on the main thread would take over SIGINT and Windows would not
    let Ctrl-C through.
    """

    def __init__(
        self, sink: Sink, clock: Clock, loop: LoopThread, first: Face, backend: Backend
    ) -> None:
        self.backend = backend
        self._sink = sink
        self._clock = clock
        self._loop = loop
        self._face = first
        self._shown: Face | None = None
        self._icon: Any = None
        self._pystray: Any = None
        self._failure: Hidden | None = None
        self._waiter = Waiter()
        self._started: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._live, name="tray", daemon=True)
        self._tip_pace = Pace(_TIP_EVERY_S, self._apply_tip)
        self._menu_pace = Pace(_MENU_WORDS_EVERY_S, self._apply_menu)

    def why_hidden(self) -> str | None:
        """Why no icon can be seen; None when it can."""
        return None if self._failure is None else str(self._failure)

    def start(self) -> None:
        """Show the icon, except on macOS, where that waits for :meth:`run`."""
        if self.backend is Backend.DARWIN:
            return
        self._thread.start()
        try:
            self._started.get(timeout=_START_TIMEOUT_S)
        except queue.Empty:
            self._failure = hidden("no_library", why="the panel does not answer")

    def run(self) -> None:
        """Block until :meth:`stop`, then take the icon away."""
        if self.backend is Backend.DARWIN:
            self._live()
            return
        self._waiter.wait()
        self._loop.post(self._tip_pace.cancel)
        self._loop.post(self._menu_pace.cancel)
        if self._icon is not None:
            self._icon.stop()
        self._thread.join(_START_TIMEOUT_S)

    def stop(self) -> None:
        """End :meth:`run`."""
        self._waiter.wake()
        if self.backend is Backend.DARWIN and self._icon is not None:
            self._icon.stop()

    def show(self, face: Face) -> None:
        """Show *face*."""
        self._loop.post(self._offer, face)

    def _live(self) -> None:
        try:
            self._pystray = load(self.backend)
            self._icon = self._pystray.Icon(
                "posture",
                icon=draw(self._face.glance.icon, _ICON_PX, break_due=self._face.glance.break_due),
                title=_tooltip(self._face),
                menu=self._menu(self._face.menu),
            )
        except Exception as error:  # noqa: BLE001 - GTK and pyobjc raise their own kinds
            self._failure = hidden("no_library", why=error)
            self._started.put(None)
            if self.backend is Backend.DARWIN:
                self._waiter.wait()
            return
        if self.backend is Backend.DARWIN:
            self._run_on_macos()
        else:
            self._icon.run(setup=self._ready)

    def _ready(self, icon: Any) -> None:
        icon.visible = True
        self._shown = self._face
        self._started.put(None)
        self._apply_gtk_tooltip(self._face)

    def _run_on_macos(self) -> None:
        """Run the application's own loop: pystray's would end the process on SIGINT, uncleaned."""
        appkit = importlib.import_module("AppKit")
        mach = importlib.import_module("PyObjCTools.MachSignals")
        for number in (signal.SIGINT, signal.SIGTERM):
            handler = signal.getsignal(number)
            if callable(handler):
                mach.signal(number, _as_mach_handler(handler))
        self._icon.run_detached(setup=self._ready)
        appkit.NSApplication.sharedApplication().run()
        self._icon.visible = False

    def _offer(self, face: Face) -> None:
        before, self._face = self._face, face
        self._tip_pace.offer(face, urgent=face.glance.icon is not before.glance.icon)
        urgent = _bones(face.menu) != _bones(before.menu)
        self._menu_pace.offer(face, urgent=urgent)

    def _apply_tip(self, face: Face) -> None:
        if self._icon is None:
            return
        self._on_its_thread(lambda: self._set_tip(face))

    def _set_tip(self, face: Face) -> None:
        glance = face.glance
        self._icon.icon = draw(glance.icon, _ICON_PX, break_due=glance.break_due)
        self._icon.title = _tooltip(face)
        self._apply_gtk_tooltip(face)

    def _apply_menu(self, face: Face) -> None:
        if self._icon is not None:
            self._on_its_thread(lambda: setattr(self._icon, "menu", self._menu(face.menu)))

    def _apply_gtk_tooltip(self, face: Face) -> None:
        """Gtk.StatusIcon shows its tooltip text, but pystray sets only its title."""
        status_icon = getattr(self._icon, "_status_icon", None)
        if status_icon is not None:
            glib = importlib.import_module("gi.repository.GLib")
            glib.idle_add(status_icon.set_tooltip_text, "\n".join(face.glance.lines))

    def _on_its_thread(self, action: Callable[[], None]) -> None:
        """macOS wants the main thread; the others find their own way."""
        if self.backend is Backend.DARWIN:
            importlib.import_module("PyObjCTools.AppHelper").callAfter(action)
        else:
            action()

    def _menu(self, items: tuple[Item, ...]) -> Any:
        return self._pystray.Menu(*(self._menu_item(item) for item in items))

    def _menu_item(self, item: Item) -> Any:
        if item.separator:
            return self._pystray.Menu.SEPARATOR
        checked = item.checked
        return self._pystray.MenuItem(
            item.label,
            self._menu(item.children) if item.children else self._click(item),
            checked=None if checked is None else lambda _: checked,
            radio=item.radio,
            default=item.default,
            enabled=item.enabled,
        )

    def _click(self, item: Item) -> Callable[[Any, Any], None]:
        def clicked(_icon: Any, _item: Any) -> None:
            if item.wish is not None:
                self._sink.put(item.wish.at(self._clock.now()))

        return clicked


def load(backend: Backend) -> Any:
    """Import pystray with exactly this backend. Raises ImportError and what the backend raises."""
    with _environment("PYSTRAY_BACKEND", backend.value):
        for name in [name for name in sys.modules if name.split(".")[0] == "pystray"]:
            # A failed or other choice must not be remembered.
            del sys.modules[name]
        return importlib.import_module("pystray")


@contextlib.contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def _tooltip(face: Face) -> str:
    text = "\n".join(face.glance.lines)
    return text if len(text) <= _TOOLTIP_CHARS else text[: _TOOLTIP_CHARS - 1] + "…"


def _bones(items: tuple[Item, ...]) -> tuple[object, ...]:
    """The menu without its words: what a click would do."""
    return tuple(
        (item.id, item.enabled, item.checked, item.wish, _bones(item.children)) for item in items
    )


def _as_mach_handler(handler: Callable[[int, Any], object]) -> Callable[[int], None]:
    def called(number: int) -> None:
        handler(number, None)

    return called
