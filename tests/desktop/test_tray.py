from __future__ import annotations

import queue
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from moments import NOW, look, reading, reminder
from stage import LONG_S, Hands, await_name, heard, panel, private_bus, running, until

from posture.clock import ManualClock
from posture.core.effects import Activity
from posture.core.inputs import Action, ActionKind
from posture.core.reading import Label, Level
from posture.desktop import doctor, tray_bus
from posture.desktop.icon_state import IconState
from posture.desktop.icons import draw
from posture.desktop.loop import LoopThread
from posture.desktop.tray import Backend, NoTray, Tray, open_tray, probe
from posture.desktop.wishes import Command, CommandKind

Sink = queue.SimpleQueue[Any]

GREEN, RED = (0x2B, 0x8A, 0x57), (0xDE, 0x43, 0x38)
BAD = reading(label=Label.SLOUCH, states={"slump_cm": Level.LIMIT})


@contextmanager
def on(loop: LoopThread, sink: Sink) -> Iterator[Tray]:
    """A tray that runs as it does in the program: another thread waits in run()."""
    tray = open_tray(sink, ManualClock(NOW), loop, look())
    tray.start()
    runner = Thread(target=tray.run)
    runner.start()
    try:
        yield tray
    finally:
        tray.stop()
        runner.join(LONG_S)
        assert not runner.is_alive()


def icon_on(screen: Hands, colour: tuple[int, int, int]) -> tuple[int, int]:
    try:
        return until(lambda: screen.find(colour), f"an icon of colour {colour}")
    except AssertionError as error:
        raise AssertionError(f"{error}; on the screen: {screen.windows()}") from error


def chosen(screen: Hands, sink: Sink, place: tuple[int, int], *keys: str, button: int = 1) -> Any:
    """What comes of the menu opened at *place* and walked by *keys*."""

    def act() -> None:
        screen.open_menu(place, button)
        screen.press(*keys)

    return heard(sink, act, f"the menu's answer to {keys}")


def test_without_a_display_it_says_so(no_desktop: None, loop: LoopThread, sink: Sink) -> None:
    with on(loop, sink) as tray:
        assert tray.backend is Backend.NONE
        assert str(tray.why_hidden()).startswith("No tray icon: there is no desktop here")


def test_without_a_bus_it_says_so(
    screen: Hands, loop: LoopThread, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    with on(loop, sink) as tray:
        assert tray.backend is Backend.NONE
        assert str(tray.why_hidden()).startswith("No tray icon: your desktop does not answer.")


def test_a_bus_that_is_gone_is_no_bus(
    screen: Hands, loop: LoopThread, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/nothing")

    found = doctor.tray(probe(loop))

    assert found.what == ("No tray icon: your desktop does not answer (No such file or directory).")


def test_without_a_host_it_says_so_and_waits(
    bus: str, screen: Hands, loop: LoopThread, sink: Sink
) -> None:
    with on(loop, sink) as tray:
        assert tray.backend is Backend.SNI
        assert str(tray.why_hidden()).startswith("No tray icon yet: this desktop has no place")


def test_an_older_host_without_gtk_is_told(
    bus: str, screen: Hands, loop: LoopThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tray_bus, "gtk_present", lambda: False)
    with running("trayer"):
        until(lambda: tray_bus.old_host_present(screen.name), "trayer")
        found = probe(loop)

        assert "Install python3-gi and gir1.2-gtk-3.0" in str(found.hidden)


def test_an_older_host_gets_a_gtk_icon(
    bus: str, screen: Hands, loop: LoopThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tray_bus, "gtk_present", lambda: True)
    with running("trayer"):
        until(lambda: tray_bus.old_host_present(screen.name), "trayer")

        assert probe(loop).backend is Backend.GTK


def test_a_tray_that_was_switched_off_is_none(loop: LoopThread, sink: Sink) -> None:
    tray = open_tray(sink, ManualClock(NOW), loop, look(), prefer="none")

    assert isinstance(tray, NoTray)
    assert str(tray.why_hidden()).startswith("No tray icon: it was switched off.")


def test_a_stop_before_the_run_counts(no_desktop: None, loop: LoopThread, sink: Sink) -> None:
    tray = open_tray(sink, ManualClock(NOW), loop, look())
    tray.stop()
    tray.run()


def test_a_click_on_the_icon_opens_the_menu_and_an_item_acts(
    bus: str, screen: Hands, loop: LoopThread, sink: Sink, folder: Path
) -> None:
    with panel(folder), on(loop, sink) as tray:
        assert tray.backend is Backend.SNI
        assert tray.why_hidden() is None
        icon = icon_on(screen, GREEN)

        def click_quit() -> None:
            x, y, width, height = screen.open_menu(icon)
            # The last item of the menu, a few pixels above its lower edge.
            screen.click(x + width // 3, y + height - 16)

        assert heard(sink, click_quit, "quit") == Command(NOW, CommandKind.QUIT)
        until(lambda: not screen.popups(), "the menu to close")


def test_an_icon_that_will_show_is_not_called_hidden_before_it_is_started(
    bus: str, screen: Hands, loop: LoopThread, sink: Sink, folder: Path
) -> None:
    with panel(folder):
        tray = open_tray(sink, ManualClock(NOW), loop, look())

        assert tray.why_hidden() is None


def test_the_right_button_opens_the_menu_too_and_keys_work_in_it(
    bus: str, screen: Hands, loop: LoopThread, sink: Sink, folder: Path
) -> None:
    with panel(folder), on(loop, sink):
        said = chosen(screen, sink, icon_on(screen, GREEN), "Up", "Up", "Return", button=3)

        assert said == Command(NOW, CommandKind.AUTOSTART, "off")


def test_the_icon_follows_the_state(
    bus: str, screen: Hands, loop: LoopThread, sink: Sink, folder: Path
) -> None:
    with panel(folder), on(loop, sink) as tray:
        icon_on(screen, GREEN)
        tray.show(look(reading=BAD))
        icon_on(screen, RED)
        until(lambda: screen.find(GREEN) is None, "the green icon to go")


def test_a_restarted_panel_gets_the_icon_back(
    bus: str, screen: Hands, loop: LoopThread, sink: Sink, folder: Path
) -> None:
    with on(loop, sink) as tray:
        for _ in range(2):
            with panel(folder):
                said = chosen(screen, sink, icon_on(screen, GREEN), "Up", "Return")

                assert said == Command(NOW, CommandKind.QUIT)
                assert tray.why_hidden() is None
            await_name("org.kde.StatusNotifierWatcher", gone=True)
            until(tray.why_hidden, "the loss of the panel")
            until(lambda: screen.find(GREEN) is None, "the icon to go")


def test_the_icon_leaves_with_the_program(
    bus: str, screen: Hands, loop: LoopThread, sink: Sink, folder: Path
) -> None:
    with panel(folder):
        with on(loop, sink):
            icon_on(screen, GREEN)
        until(lambda: screen.find(GREEN) is None, "the icon to go")


def test_the_end_of_the_bus_is_the_end_of_the_session(
    folder: Path,
    screen: Hands,
    loop: LoopThread,
    sink: Sink,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with private_bus(folder) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        tray = open_tray(sink, ManualClock(NOW), loop, look())
        tray.start()

    assert sink.get(timeout=LONG_S) == Command(NOW, CommandKind.QUIT, "the desktop session ended")
    tray.stop()
    tray.run()


def test_a_reminder_can_be_answered_in_the_menu(
    bus: str, screen: Hands, loop: LoopThread, sink: Sink, folder: Path
) -> None:
    with panel(folder), on(loop, sink) as tray:
        tray.show(look(open_reminder=reminder(7), activity=Activity.SITTING, reading=BAD))
        # Four lines of now, then Done; the greyed title between them gets no focus.
        said = chosen(screen, sink, icon_on(screen, RED), *["Down"] * 5, "Return")

        assert said == Action(NOW, ActionKind.DONE, reminder_id=7)


def test_what_the_panel_draws_is_the_drawn_icon(
    bus: str, screen: Hands, loop: LoopThread, sink: Sink, folder: Path
) -> None:
    """The colours arrive in the right order and the shape unmirrored."""
    icon = draw(IconState.GOOD, 22)
    differences: list[int] = []

    def drawn() -> bool:
        # A panel may be seen half-way: moving its icons, or with a part of one.
        place = screen.find(GREEN)
        if place is not None:
            x, y = place
            seen = screen.look().convert("RGB").crop((x - 11, y - 11, x + 11, y + 11))
            differences[:] = [
                abs(a - b)
                for spot in ((5, 11), (11, 3), (16, 9), (9, 5), (9, 13))
                for a, b in zip(pixel(seen, spot), pixel(icon, spot)[:3], strict=True)
            ]
        return place is not None and max(differences) < 40

    with panel(folder, icon_px=22), on(loop, sink):
        until(drawn, lambda: f"the icon, pixel by pixel; the last ones were off by {differences}")


def pixel(picture: Any, place: tuple[int, int]) -> tuple[int, ...]:
    value: tuple[int, ...] = picture.getpixel(place)
    return value
