"""``posture run`` with its icon, as a panel and a user meet it: every item of the menu acts."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from at_home import ROOT, agree, calibrate, home_environment
from fake_camera import close_film, upright_film
from fakes import RecordingServer, serving
from mjpeg_server import MjpegServer
from mjpeg_server import serving as camera_serving
from panel_reader import Reader
from stage import LONG_S, Hands, private_bus, until, x_server
from test_highgui import ask_to_close

from posture.desktop import control
from posture.desktop.loop import LoopThread
from posture.errors import PostureError
from posture.plan import demo_facts

SETTINGS = """# my own
[close]
limit_s = 3.0

[lunch]
enabled = false

[reminders]
spacing_s = 0.0
defer_s = 0.0
"""
# After so long a closed camera's light is off: what posture promises.
LIGHT_OFF_S = 5.0


class Program:
    """The running program with everything around it."""

    def __init__(
        self, home: Path, camera: MjpegServer, screen: Hands, notifications: RecordingServer
    ) -> None:
        self.home = home
        self.camera = camera
        self.screen = screen
        self.notifications = notifications
        self.data = home / "data" / "posture"
        self.settings = home / "config" / "posture" / "settings.toml"
        self.opened = home / "opened"
        self.loop = LoopThread("panel")
        self.process: subprocess.Popen[str] | None = None
        self.reader: Reader | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "posture", "run", "--source", self.camera.url],
            cwd=ROOT,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.reader = Reader(self.loop)

    def _environment(self) -> dict[str, str]:
        """Whatever opens files or pages only notes them."""
        programs, temporary = self.home / "bin", self.home / "tmp"
        programs.mkdir()
        temporary.mkdir()
        opener = programs / "xdg-open"
        opener.write_text(f'#!/bin/sh\necho "$@" >> "{self.opened}"\n')
        opener.chmod(0o755)
        path = f"{programs}{os.pathsep}{os.environ['PATH']}"
        return home_environment(self.home) | {
            "PATH": path,
            "BROWSER": str(opener),
            "TMPDIR": str(temporary),
        }

    def end(self) -> None:
        if self.reader is not None:
            self.reader.close()
        if self.process is not None:
            if self.process.poll() is None:
                self.process.kill()
            self.process.communicate()
        self.loop.stop()

    def status(self) -> dict[str, Any]:
        time.sleep(0.12)  # it answers ten times a second
        try:
            document: dict[str, Any] = control.ask(self.data, {"do": "status"})["status"]
        except PostureError:  # still starting
            return {}
        return document

    def becomes(self, **wanted: object) -> dict[str, Any]:
        """Wait until the status has these values."""

        def reached() -> dict[str, Any] | None:
            now = self.status()
            return (
                now if now and all(now[name] == value for name, value in wanted.items()) else None
            )

        try:
            return until(reached, f"{wanted}")
        except AssertionError as error:
            raise AssertionError(f"{error}; it is {self.status()}") from error

    def click(self, *labels: str) -> None:
        assert self.reader is not None
        until(lambda: self._has(labels), f"{labels} in the menu")
        self.reader.click(*labels)

    def _has(self, labels: tuple[str, ...]) -> bool:
        return " > ".join(labels) in {line.removeprefix("* ") for line in self.menu()}

    def menu(self) -> list[str]:
        assert self.reader is not None
        return self.reader.lines()

    def marks(self, line: str) -> None:
        until(lambda: f"* {line}" in self.menu(), f"a mark at {line}")

    def opens(self, what: str) -> None:
        """Wait until somebody was asked to open *what*."""
        until(
            lambda: self.opened.exists() and what in self.opened.read_text(), f"{what} to be opened"
        )

    def title(self, title: str, *, gone: bool = False) -> None:
        """Wait until a window of that name is on the screen, or gone from it."""
        until(lambda: (title in self.screen.titles()) is not gone, f"the window {title}")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """One program for all tests of this file: each leaves it as it found it."""
    home = tmp_path_factory.mktemp("home")
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        address = stack.enter_context(private_bus(home))
        patch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        patch.delenv("WAYLAND_DISPLAY", raising=False)
        # Where the program is asked for its status.
        patch.setenv("XDG_RUNTIME_DIR", home_environment(home)["XDG_RUNTIME_DIR"])
        display = stack.enter_context(x_server("1280x800"))
        patch.setenv("DISPLAY", display)
        screen = stack.enter_context(closing(Hands(display)))
        camera = stack.enter_context(camera_serving())
        camera.film, camera.picture_s = upright_film(), 0.1
        server = RecordingServer(["actions", "body", "sound"])
        server_objects = {"/org/freedesktop/Notifications": server}
        stack.enter_context(serving("org.freedesktop.Notifications", server_objects))
        program = Program(home, camera, screen, server)
        stack.callback(program.end)
        agree(home)
        calibrate(home, {"default": demo_facts().distance_cm, "lounge": 80.0})
        program.settings.write_text(SETTINGS)
        program.start()
        yield program


def test_it_tells_what_the_policy_knows(program: Program) -> None:
    status = program.becomes(activity="sitting", posture="upright", camera="open", silent=None)

    assert program.reader is not None
    assert status["program"]["tray"] == "sni"
    assert status["program"]["profile"] == "default"
    assert status["reading"]["calibrated"] is True
    assert {item["kind"] for item in status["next_reminders"]} >= {"stand", "look_away"}
    until(lambda: program.reader.get("Title") == "Sitting well", "the icon's title")  # type: ignore[union-attr]
    tooltip = program.reader.get("ToolTip")[3]
    assert "cm from the screen" in tooltip
    assert "Sitting for" in tooltip
    assert "Next break in" in tooltip


@pytest.mark.parametrize(
    ("item", "least_s", "most_s"),
    [("15 min", 890, 901), ("1 h", 3590, 3601), ("Until tomorrow", 60, 93_600)],
)
def test_a_pause_lets_go_of_the_camera_and_resume_takes_it_again(
    item: str, least_s: float, most_s: float, program: Program
) -> None:
    program.becomes(camera="open", silent=None)
    program.click("Pause", item)

    status = program.becomes(silent="paused", camera="closed", camera_reason="paused")
    until(lambda: program.camera.watching == 0, "the light to go off", within_s=LIGHT_OFF_S)
    left_s = seconds_between(status["at"], status["silent_until"])
    assert least_s <= left_s <= most_s
    until(lambda: program.reader.get("Title").startswith("Paused until"), "the icon")  # type: ignore[union-attr]
    assert not any(line.startswith("Pause") for line in program.menu()[1:])

    program.click("Resume")
    program.becomes(silent=None, camera="open", activity="sitting", presence="present")
    assert program.camera.watching == 1


def seconds_between(one: str, other: str) -> float:
    return (datetime.fromisoformat(other) - datetime.fromisoformat(one)).total_seconds()


def test_standing_and_a_break(program: Program) -> None:
    program.click("I'm standing")
    program.becomes(activity="standing")
    program.marks("I'm standing")
    program.click("I'm standing")
    program.becomes(activity="sitting")

    program.click("Take a break now")
    status = program.becomes(silent="break")
    assert 290 <= seconds_between(status["at"], status["silent_until"]) <= 301
    program.click("Resume")
    program.becomes(silent=None)


def test_a_reminder_is_shown_and_answered_in_menu_and_notification(program: Program) -> None:
    shown = program.notifications.shown
    program.camera.film = close_film()

    first = shown.get(timeout=LONG_S)
    assert first.title == "Close to the screen"
    assert "Wrong alarm" in first.buttons
    assert first.icon.endswith("posture.png")
    assert "sound-name" not in first.hints
    program.click("That was a wrong alarm")
    status = program.becomes(open_reminder=None)
    assert status["learned"].keys() == {"near_cm"}
    assert program.notifications.closed.get(timeout=LONG_S) == first.number
    program.click("Take the wrong alarm back")
    program.becomes(learned={})

    program.camera.film = upright_film()
    program.becomes(posture="upright")


def test_the_profile_is_changed(program: Program) -> None:
    program.click("Profile", "lounge")
    status = until(
        lambda: one if (one := program.status())["program"]["profile"] == "lounge" else None,
        "the other profile",
    )
    program.marks("Profile > lounge")
    far = until(
        lambda: (one := program.status()["reading"]) and abs(one["distance_cm"] - 80) < 4 and one,
        "the distance that desk was calibrated at",
    )
    assert status["camera"] == "open"
    assert far["distance_cm"] == pytest.approx(80.0, abs=4.0)
    program.click("Profile", "default")
    program.marks("Profile > default")


def test_the_preview_and_the_calibration_open_and_close(program: Program) -> None:
    for item, title in (
        ("Show preview", "Posture - Preview"),
        ("Recalibrate…", "Posture - Calibration"),
    ):
        program.click(item)
        program.title(title)
        ask_to_close(program.screen.name, title)
        program.title(title, gone=True)
    # The monitor goes on.
    program.becomes(camera="open", presence="present", activity="sitting")


def test_report_and_settings_are_opened(program: Program) -> None:
    program.click("Open report")
    program.opens("file://")
    program.click("Settings", "Open the settings file")
    program.opens(str(program.settings))


def test_settings_are_changed_at_once_and_comments_kept(program: Program) -> None:
    program.click("Settings", "Reminders", "Gentle")
    program.marks("Settings > Reminders > Gentle")
    program.click("Settings", "Stand up after", "45 min")
    program.marks("Settings > Stand up after > 45 min")

    def sooner() -> bool:
        coming = program.status()["next_reminders"]
        return any(one["kind"] == "stand" and one["due_s"] < 45 * 60 for one in coming)

    until(sooner, "the call to stand after 45 minutes")
    program.click("Settings", "With a sound")
    program.marks("Settings > With a sound")

    text = program.settings.read_text()
    assert text.startswith("# my own")
    assert 'preset = "gentle"' in text
    assert "nudge_min = 45.0" in text

    program.click("Settings", "Reminders", "Standard")
    program.click("Settings", "Stand up after", "1 h")
    program.click("Settings", "With a sound")


def test_autostart_is_switched(program: Program) -> None:
    entry = program.home / "config" / "autostart" / "posture.desktop"
    program.click("Start at login")
    program.marks("Start at login")
    assert "Exec=" in entry.read_text()
    program.click("Start at login")
    until(lambda: not entry.exists(), "the entry to go")


def test_quit_ends_it_and_leaves_nothing(program: Program) -> None:
    assert program.process is not None
    program.click("Quit")

    assert program.process.wait(LONG_S) == 0
    until(lambda: program.camera.watching == 0, "the light to go off", within_s=LIGHT_OFF_S)
    assert list((program.home / "tmp").iterdir()) == []
    assert list((program.home / "run").rglob("*.sock")) == []
