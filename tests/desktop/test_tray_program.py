"""The tray in a process of its own: GTK and AppIndicator, signals, what stays behind."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from stage import LONG_S, Hands, heard, panel, running, until

from posture.desktop.tray_bus import old_host_present

GREEN, RED = (0x2B, 0x8A, 0x57), (0xDE, 0x43, 0x38)
# PyGObject comes from the system's packages; on PyPI it has no wheels.
SYSTEM_GI = Path("/usr/lib/python3/dist-packages/gi")


class Program:
    """tray_program.py at work."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._reader = Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.strip())

    def line(self) -> str:
        return self._lines.get(timeout=LONG_S)

    def after(self, act: Callable[[], object]) -> str:
        """The line that comes after *act*."""
        line: str = heard(self._lines, act, "a line")
        return line

    def end_of(self, number: signal.Signals) -> int:
        """End it; what was said twice is passed over."""
        self.process.send_signal(number)
        while self.line() != "clean":
            pass
        return self.process.wait(LONG_S)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()

    def worsen(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()


@contextmanager
def program(backend: str, folder: Path) -> Iterator[Program]:
    """The program with only *folder*/tmp for temporary files."""
    modules, temporary = folder / "modules", folder / "tmp"
    modules.mkdir()
    temporary.mkdir()
    (modules / "gi").symlink_to(SYSTEM_GI)
    here = Path(__file__).parent
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(map(str, (modules, here, here.parents[1]))),
        "TMPDIR": str(temporary),
        "HOME": str(folder),
        "NO_AT_BRIDGE": "1",
        "GIO_USE_VFS": "local",
        "GSETTINGS_BACKEND": "memory",
    }
    process = subprocess.Popen(
        [sys.executable, str(here / "tray_program.py"), backend],
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    tray = Program(process)
    try:
        yield tray
    finally:
        tray.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("backend", ["auto", "none"])
def test_a_signal_ends_it_cleanly(
    backend: str, number: signal.Signals, bus: str, screen: Hands, folder: Path
) -> None:
    with program(backend, folder) as running_program:
        running_program.line()

        assert running_program.end_of(number) == 0
        assert list((folder / "tmp").iterdir()) == []


def test_the_gtk_icon_shows_in_an_older_tray_and_its_menu_acts(
    bus: str, screen: Hands, folder: Path
) -> None:
    with running("trayer"):
        until(lambda: old_host_present(screen.name), "trayer")
        with program("auto", folder) as tray:
            assert tray.line() == "gtk None"
            place = until(lambda: screen.find(GREEN), "the icon")

            # What a click on the icon means there.
            assert tray.after(lambda: screen.click(*place)) == "report"

            def walk() -> None:
                screen.open_menu(place, button=3)
                screen.press("Up", "Return")

            assert tray.after(walk) == "quit"

            tray.worsen()
            until(lambda: screen.find(RED), "the other icon")

            assert tray.end_of(signal.SIGINT) == 0
            assert list((folder / "tmp").iterdir()) == []


def test_the_appindicator_icon_shows_in_a_panel_and_its_menu_acts(
    bus: str, screen: Hands, folder: Path
) -> None:
    with panel(folder), program("appindicator", folder) as tray:
        assert tray.line() == "appindicator None"
        place = until(lambda: screen.find(GREEN), "the icon")

        def walk() -> None:
            screen.open_menu(place)
            screen.press("Up", "Return")

        assert tray.after(walk) == "quit"
        assert tray.end_of(signal.SIGTERM) == 0
        assert list((folder / "tmp").iterdir()) == []
