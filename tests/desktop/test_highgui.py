"""The real window on a real X server, worked by keys, mouse and window manager."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PIL import Image
from stage import Hands, until
from Xlib import X, display
from Xlib.protocol import event

from posture.errors import WindowUnavailable
from posture.sense import highgui
from posture.sense.highgui import Pane, key_name, why_no_window

GREEN, PURPLE = (20, 160, 90), (130, 40, 160)


@pytest.fixture
def pane(screen: Hands) -> Iterator[Pane]:
    with Pane("Posture - Test") as pane:
        pane.show(Image.new("RGB", pane.size, GREEN))
        lives(pane, lambda: screen.find(GREEN, 1000), "the window")
        yield pane


def lives(pane: Pane, true: Callable[[], object], what: str) -> None:
    """Let the window live until something is so."""

    def turn() -> object:
        pane.wait(0.02)
        return true()

    until(turn, what)


def ask_to_close(name: str, title: str) -> None:
    """What the cross in a title bar does."""
    connection = display.Display(name)
    root = connection.screen().root
    atom = connection.intern_atom
    listed = root.get_full_property(atom("_NET_CLIENT_LIST"), X.AnyPropertyType)
    assert listed is not None
    for number in listed.value:
        window = connection.create_resource_object("window", number)
        if window.get_wm_name() == title:
            message = event.ClientMessage(
                window=window, client_type=atom("_NET_CLOSE_WINDOW"), data=(32, [0, 1, 0, 0, 0])
            )
            root.send_event(message, X.SubstructureRedirectMask | X.SubstructureNotifyMask)
    connection.sync()
    connection.close()


def test_a_drawing_is_shown_and_replaced(pane: Pane, screen: Hands) -> None:
    pane.show(Image.new("RGB", pane.size, PURPLE))

    lives(pane, lambda: screen.find(PURPLE, 1000), "the other drawing")
    assert screen.find(GREEN, 1000) is None


KEYS = {
    "Return": "enter", "Escape": "escape", "BackSpace": "backspace", "Tab": "tab", "Up": "up",
    "Down": "down", "Left": "left", "Right": "right", "5": "5", "r": "r", "comma": ",",
    "period": ".", "space": " ", "KP_Enter": "enter",
}  # fmt: skip


def test_keys_arrive_by_name(pane: Pane, screen: Hands) -> None:
    for key, name in KEYS.items():
        screen.press(key)
        heard: list[str] = []

        def listen(heard: list[str] = heard) -> list[str]:
            heard.extend(pane.take_keys())
            return heard

        lives(pane, listen, key)
        assert heard == [name]


def test_clicks_arrive_in_pixels_of_the_drawing(pane: Pane, screen: Hands) -> None:
    width, height = pane.size
    drawing = Image.new("RGB", (width, height), GREEN)
    drawing.paste(PURPLE, (100, 50, 140, 90))
    pane.show(drawing)
    lives(pane, lambda: screen.find(PURPLE, 100), "the target")
    clicks: list[tuple[int, int]] = []

    def click_until_heard() -> list[tuple[int, int]]:
        # The window manager may still move the window: a hand would look and click again.
        place = screen.find(PURPLE, 100)
        assert place is not None
        screen.click(*place)
        pane.wait(0.5)
        clicks.extend(pane.take_clicks())
        return clicks

    until(click_until_heard, "the click")

    assert clicks[0][0] == pytest.approx(120, abs=4)
    assert clicks[0][1] == pytest.approx(70, abs=4)


def test_closing_the_window_is_noticed_and_final(pane: Pane, screen: Hands) -> None:
    assert not pane.closed

    ask_to_close(screen.name, "Posture - Test")
    lives(pane, lambda: pane.closed, "the end of the window")

    pane.show(Image.new("RGB", pane.size, PURPLE))
    pane.wait(0.1)
    assert screen.find(PURPLE, 100) is None
    pane.close()


def test_a_window_may_follow_another(screen: Hands) -> None:
    def shown(colour: tuple[int, int, int]) -> bool:
        return screen.find(colour, 1000) is not None

    for colour in (GREEN, PURPLE):
        with Pane("Posture - Again") as pane:
            pane.show(Image.new("RGB", pane.size, colour))
            lives(pane, partial(shown, colour), "the window")
        until(partial(lambda colour: not shown(colour), colour), "its end")


def test_a_desktop_that_wants_wayland_gets_a_window_too(
    screen: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without help the wheel's Qt, which has no Wayland, would end the whole program.
    monkeypatch.setenv("QT_QPA_PLATFORM", "wayland")

    with Pane("Posture - Wayland") as pane:
        pane.show(Image.new("RGB", pane.size, GREEN))
        lives(pane, lambda: screen.find(GREEN, 1000), "the window")


def test_no_display_is_said(no_desktop: None) -> None:
    assert why_no_window() == "there is no X display"
    with pytest.raises(WindowUnavailable, match="no X display"):
        Pane("Posture - Nowhere")


def test_a_display_that_is_gone_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":987")

    assert why_no_window() == "the X display :987 does not answer"


@pytest.mark.parametrize("name", ["localhost:10.0", "desk.example:0", "192.0.2.1:0"])
def test_pictures_are_not_sent_to_a_display_elsewhere(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", name)

    why = why_no_window()
    assert why is not None
    assert "pictures stay on this one" in why


def test_an_opencv_without_windows_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highgui, "_framework", lambda: "")

    assert why_no_window() == "this OpenCV cannot open windows"


def test_a_missing_system_library_is_said(screen: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    def without(name: str) -> None:
        raise OSError(f"libSM.so.6: cannot open shared object file ({Path(name).name})")

    monkeypatch.setattr("ctypes.CDLL", without)

    why = why_no_window()
    assert why is not None
    assert "libSM.so.6" in why
    assert "sudo apt install" in why


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (13, "enter"), (10, "enter"), (27, "escape"), (8, "backspace"), (127, "backspace"),
        (65362, "up"), (2490368, "up"), (63232, "up"), (ord("6"), "6"), (ord("R"), "R"),
        (0x10000 | ord("R"), "R"), (65513, None), (-1 & 0xFFFFFFFF, None),
    ],
)  # fmt: skip
def test_codes_of_three_systems(code: int, name: str | None) -> None:
    assert key_name(code) == name


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (3840, 2160), (800, 600)])
def test_the_first_size_fits_the_screen(size: tuple[int, int]) -> None:
    width, height = highgui._first_size(size)

    assert width <= size[0]
    assert height <= size[1] - 20
    assert width / height == pytest.approx(1.6, abs=0.05)
