"""A window on the screen, by OpenCV: it shows whole drawings and tells which keys were pressed.

It is here because only this room knows OpenCV, which every installation has. On macOS the window
must live in the main thread; everywhere one process holds one window at a time.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import socket
import sys
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from posture.errors import WindowUnavailable
from posture.sense.opencv import cv2

# Codes of keys that are no characters: those of X11 (Qt), Windows and macOS, which do not clash.
_KEYS: dict[int, str] = {
    10: "enter", 13: "enter", 27: "escape", 8: "backspace", 127: "backspace", 9: "tab",
    65293: "enter", 65421: "enter", 65307: "escape", 65288: "backspace", 65289: "tab",
    65361: "left", 65362: "up", 65363: "right", 65364: "down",
    2424832: "left", 2490368: "up", 2555904: "right", 2621440: "down",
    63234: "left", 63232: "up", 63235: "right", 63233: "down",
}  # fmt: skip
_LOCAL_DISPLAY = re.compile(r"(?:unix)?:(\d+)(?:\.\d+)?")
# Shift, Control and the like, as Qt's window adds them to a code.
_MODIFIERS = 0xFFFF0000
# The share of the screen's height a window takes at first (chosen), and its proportions.
_SHARE, _PROPORTIONS = 0.65, 1.6
_LEAST_HEIGHT = 560
_USUAL_SCREEN = (1600, 985)
_LEAST_DRAWN = (480, 300)


def why_no_window() -> str | None:
    """Why no window can be opened here, in a few words; None when one can."""
    framework = _framework()
    if not framework:
        return "this OpenCV cannot open windows"
    if framework.startswith("QT"):
        return _why_no_x11() or _missing_library()
    return None


def _framework() -> str:
    try:
        name: str = cv2.currentUIFramework()
    except cv2.error:
        return ""
    return name


def _why_no_x11() -> str | None:
    # Qt ends the whole program when it finds no display.
    name = os.environ.get("DISPLAY", "")
    if not name:
        return "there is no X display"
    local = _LOCAL_DISPLAY.fullmatch(name)
    if local is None:
        return f"the X display {name} is on another computer, and pictures stay on this one"
    if not _answers(f"/tmp/.X11-unix/X{local[1]}") or _x11_screen() is None:  # noqa: S108
        return f"the X display {name} does not answer"
    return None


def _answers(path: str) -> bool:
    """Look for the display's own socket first: X libraries try the network when it is missing."""
    # Linux' abstract sockets have a name that begins with a zero.
    for address in (f"\0{path}", path):
        with (
            contextlib.suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection,
        ):
            connection.connect(address)
            return True
    return False


def _x11_screen() -> tuple[int, int] | None:
    from Xlib import display, error  # noqa: PLC0415 - only Linux has it

    try:
        connection = display.Display()
    except (error.DisplayError, OSError):
        return None
    screen = connection.screen()
    size = (screen.width_in_pixels, screen.height_in_pixels)
    connection.close()
    return size


def _missing_library() -> str | None:
    """Load Qt's X11 part by hand: when Qt does and a library is missing, it ends the program."""
    plugin = Path(cv2.__file__).parent / "qt" / "plugins" / "platforms" / "libqxcb.so"
    if not plugin.exists():
        return None
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        return f"a system library is missing ({error}; try: sudo apt install libsm6 libice6)"
    return None


def _screen() -> tuple[int, int]:
    if sys.platform == "win32":
        metrics: Callable[[int], int] = ctypes.windll.user32.GetSystemMetrics
        return metrics(0), metrics(1)
    if _framework().startswith("QT"):
        return _x11_screen() or _USUAL_SCREEN
    return _USUAL_SCREEN


class Pane:
    """One window. Use it in one thread, the main one; use it as a context manager.

    ``title``: plain ASCII (Windows shows nothing else). Raises WindowUnavailable.
    """

    def __init__(self, title: str) -> None:
        why = why_no_window()
        if why is not None:
            raise WindowUnavailable(
                f"No window can be opened: {why}.",
                "posture calibrate and posture status do without one, in a terminal.",
            )
        if _framework().startswith("QT"):
            # The wheel's Qt knows no Wayland; where the desktop asks for it Qt ends the program.
            os.environ["QT_QPA_PLATFORM"] = "xcb"
            os.environ.setdefault("QT_LOGGING_RULES", "*.warning=false;default.warning=false")
        self._title = title
        self._keys: deque[str] = deque()
        self._clicks: deque[tuple[int, int]] = deque()
        self._shown = False
        screen = _screen()
        self._size = _first_size(screen)
        # The drawing fills the window, so that it can be made at the window's own resolution.
        flags = cv2.WINDOW_NORMAL | cv2.WINDOW_FREERATIO | cv2.WINDOW_GUI_NORMAL
        cv2.namedWindow(title, flags)
        cv2.resizeWindow(title, *self._size)
        cv2.moveWindow(title, *_middle(screen, self._size))
        cv2.setMouseCallback(title, self._on_mouse)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the window in pixels, for the next drawing."""
        if self._shown and not self.closed:
            _, _, width, height = cv2.getWindowImageRect(self._title)
            if width >= _LEAST_DRAWN[0] and height >= _LEAST_DRAWN[1]:
                self._size = (width, height)
        return self._size

    @property
    def closed(self) -> bool:
        """Has the user closed it? Only what was shown once can be closed."""
        if not self._shown:
            return False
        try:
            return bool(cv2.getWindowProperty(self._title, cv2.WND_PROP_VISIBLE) < 1)
        except cv2.error:
            return True

    def show(self, drawing: Image.Image) -> None:
        """Show *drawing* (RGB). A closed window stays closed."""
        if self.closed:
            return
        cv2.imshow(self._title, np.asarray(drawing)[:, :, ::-1].copy())
        self._shown = True

    def wait(self, seconds: float) -> None:
        """Let the window live, for *seconds* or until a key is pressed."""
        code = cv2.waitKeyEx(max(round(seconds * 1000), 1))
        while code != -1:
            name = key_name(code)
            if name is not None:
                self._keys.append(name)
            # What was typed meanwhile; the shortest wait that lets the window look for it.
            code = cv2.waitKeyEx(1)

    def take_keys(self) -> Sequence[str]:
        """The keys pressed since the last time: characters, or the names in ``core.number_field``.

        Empty when there was none.
        """
        taken = tuple(self._keys)
        self._keys.clear()
        return taken

    def take_clicks(self) -> Sequence[tuple[int, int]]:
        """Where the picture was clicked since the last time, in pixels of the drawing."""
        taken = tuple(self._clicks)
        self._clicks.clear()
        return taken

    def close(self) -> None:
        """Take the window away; closing twice is fine."""
        if not self.closed:
            cv2.destroyWindow(self._title)
            cv2.waitKeyEx(1)

    def __enter__(self) -> Pane:
        """Return the window itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def _on_mouse(self, event: int, x: int, y: int, *_: object) -> None:
        if event == cv2.EVENT_LBUTTONDOWN:
            self._clicks.append((x, y))


def key_name(code: int) -> str | None:
    """The key that OpenCV reports as *code*; None for one that means nothing here."""
    for value in (code, code & ~_MODIFIERS):
        if value in _KEYS:
            return _KEYS[value]
        if 32 <= value < 127:
            return chr(value)
    return None


def _first_size(screen: tuple[int, int]) -> tuple[int, int]:
    height = max(screen[1] * _SHARE, _LEAST_HEIGHT)
    width = min(height * _PROPORTIONS, screen[0] * 0.95)
    return round(width), round(min(height, width / _PROPORTIONS))


def _middle(screen: tuple[int, int], size: tuple[int, int]) -> tuple[int, int]:
    return max((screen[0] - size[0]) // 2, 0), max((screen[1] - size[1]) // 3, 0)
