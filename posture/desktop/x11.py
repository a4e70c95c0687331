"""What an X server tells: how long nobody touched anything, and whether a window fills the screen.

It reads a counter of the MIT-SCREEN-SAVER extension and window properties; no key or pointer event
is ever asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from Xlib import X
from Xlib.display import Display
from Xlib.error import XError
from Xlib.ext import screensaver as _screensaver  # noqa: F401 - adds its requests to windows

_MS_PER_S = 1000.0
# Chosen: a full-screen window that another window covers by half is not what is looked at.
_COVERED_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Window:
    """A window on the present desktop: its place in pixels and whether it is in full screen."""

    left: int
    top: int
    width: int
    height: int
    full_screen: bool

    @property
    def area(self) -> int:
        """Square pixels."""
        return self.width * self.height

    def overlap(self, other: Window) -> int:
        """Square pixels that both cover."""
        across = min(self.left + self.width, other.left + other.width) - max(self.left, other.left)
        down = min(self.top + self.height, other.top + other.height) - max(self.top, other.top)
        return max(0, across) * max(0, down)


def full_screen_seen(stack: Sequence[Window]) -> bool:
    """Whether a full-screen window can be seen. *stack*: the visible windows, lowest first."""
    return any(
        window.full_screen
        and not any(
            window.overlap(above) > _COVERED_SHARE * window.area for above in stack[place + 1 :]
        )
        for place, window in enumerate(stack)
    )


class XServer:
    """A connection to the X server *name*, for one thread.

    Raises OSError or an error of python-xlib's own when there is none.
    """

    def __init__(self, name: str) -> None:
        self._display = Display(name)
        self._root = self._display.screen().root
        self._has_idle = self._display.has_extension("MIT-SCREEN-SAVER")

    def close(self) -> None:
        """Leave the server."""
        self._display.close()

    def idle_s(self) -> float | None:
        """Seconds since keyboard or pointer were used; None if the server does not count."""
        if not self._has_idle:
            return None
        root: Any = self._root
        return float(root.screensaver_query_info().idle) / _MS_PER_S

    def full_screen(self) -> bool | None:
        """Whether a full-screen window is in sight; None without a window manager that tells."""
        stacking = self._numbers(self._root, "_NET_CLIENT_LIST_STACKING")
        if stacking is None:
            return None
        desktop = (self._numbers(self._root, "_NET_CURRENT_DESKTOP") or [0])[0]
        if not any(self._fills_screen(number) for number in stacking):
            return False
        stack = [self._window(number, desktop) for number in stacking]
        return full_screen_seen([window for window in stack if window is not None])

    def _fills_screen(self, number: int) -> bool:
        window = self._display.create_resource_object("window", number)
        try:
            state = self._numbers(window, "_NET_WM_STATE") or []
        except XError:
            return False  # closed in between
        return self._atom("_NET_WM_STATE_FULLSCREEN") in state

    def _window(self, number: int, desktop: int) -> Window | None:
        """The window if it is to be seen on *desktop*."""
        window = self._display.create_resource_object("window", number)
        try:
            if not self._is_seen(window, desktop):
                return None
            box = window.get_geometry()
            # A window manager's frame moves the window inside its parent.
            origin: Any = window.translate_coords(self._root, 0, 0)
        except XError:
            return None  # closed in between
        full_screen = self._fills_screen(number)
        return Window(-origin.x, -origin.y, box.width, box.height, full_screen)

    def _is_seen(self, window: Any, desktop: int) -> bool:
        on = (self._numbers(window, "_NET_WM_DESKTOP") or [desktop])[0]
        if on not in (desktop, 0xFFFFFFFF):  # the latter: on all desktops (EWMH)
            return False
        state = self._numbers(window, "_NET_WM_STATE") or []
        kind = self._numbers(window, "_NET_WM_WINDOW_TYPE") or []
        if self._atom("_NET_WM_STATE_HIDDEN") in state:
            return False
        if self._atom("_NET_WM_WINDOW_TYPE_DESKTOP") in kind:
            return False
        return bool(window.get_attributes().map_state == X.IsViewable)

    def _atom(self, name: str) -> int:
        return self._display.intern_atom(name)  # cached by python-xlib

    def _numbers(self, window: Any, name: str) -> list[int] | None:
        found = window.get_full_property(self._atom(name), X.AnyPropertyType)
        return None if found is None else [int(value) for value in found.value]
