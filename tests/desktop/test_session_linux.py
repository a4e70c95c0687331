"""The Linux session against a real X server and services on private buses."""

from __future__ import annotations

import os
import queue
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from dbus_fast import BusType
from fakes import (
    MANAGER_PATH,
    SESSION_PATH,
    USER_PATH,
    IdleMonitor,
    LoginManager,
    LoginSession,
    LoginUser,
    ScreenSaver,
    UPower,
    serving,
)
from moments import NOW
from stage import LONG_S, Hands, private_bus, until
from Xlib import X, protocol
from Xlib.display import Display

from posture.clock import ManualClock
from posture.core.inputs import Session
from posture.desktop import cameras_in_use, login_session, power
from posture.desktop.bus import Remote
from posture.desktop.camera_openings import CameraOpenings
from posture.desktop.loop import LoopThread
from posture.desktop.session_linux import LinuxSession
from posture.desktop.x11 import Window, XServer, full_screen_seen

Make = Callable[[], LinuxSession]
LOGIN = "org.freedesktop.login1"


@pytest.fixture
def system_bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with private_bus(tmp_path) as address:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        yield


@pytest.fixture
def changes() -> queue.SimpleQueue[None]:
    return queue.SimpleQueue()


@pytest.fixture
def make(
    loop: LoopThread,
    changes: queue.SimpleQueue[None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    no_desktop: None,
) -> Iterator[Make]:
    """Makes the session of a computer with no display, processes or power supplies."""
    monkeypatch.delenv("XDG_SESSION_ID", raising=False)
    monkeypatch.delenv("XDG_SESSION_TYPE", raising=False)
    if "DBUS_SYSTEM_BUS_ADDRESS" not in os.environ:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    made: list[LinuxSession] = []

    def build() -> LinuxSession:
        nothing = tmp_path / "nothing"
        session = LinuxSession(loop, ManualClock(NOW), proc=nothing, supplies=nothing)
        session.start(lambda: changes.put(None))
        made.append(session)
        return session

    yield build
    for session in made:
        session.stop()


def logind(
    session: LoginSession, manager: LoginManager | None = None
) -> AbstractContextManager[LoopThread]:
    objects = {
        MANAGER_PATH: manager or LoginManager(),
        SESSION_PATH: session,
        USER_PATH: LoginUser(),
    }
    return serving(LOGIN, objects, BusType.SYSTEM)


def test_a_computer_that_tells_nothing_is_unknown(make: Make) -> None:
    session = make()

    assert session.read() == Session()
    assert set(session.told_by().values()) == {None}


def test_the_lock_of_logind_is_followed(
    system_bus: None, make: Make, changes: queue.SimpleQueue[None]
) -> None:
    login = LoginSession()
    with logind(login) as desk:
        session = make()
        assert session.read().locked is False
        assert session.told_by()["locked"] == "logind"
        for locked in (True, False):
            desk.post(login.hint, locked)
            changes.get(timeout=LONG_S)

            assert session.read().locked is locked


def test_a_session_that_is_locked_already_is_locked(system_bus: None, make: Make) -> None:
    with logind(LoginSession(locked=True)):
        assert make().read().locked is True


def test_a_request_to_lock_counts_until_the_request_to_unlock(
    system_bus: None, make: Make, changes: queue.SimpleQueue[None]
) -> None:
    login = LoginSession()
    with logind(login) as desk:
        session = make()
        desk.post(login.Lock)
        changes.get(timeout=LONG_S)
        assert session.read().locked is True
        desk.post(login.Unlock)
        changes.get(timeout=LONG_S)

        assert session.read().locked is False


def test_a_request_nobody_confirms_is_not_believed_for_ever(
    system_bus: None,
    make: Make,
    changes: queue.SimpleQueue[None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(login_session, "_UNCONFIRMED_LOCK_S", 0.02)
    login = LoginSession()
    with logind(login) as desk:
        session = make()
        desk.post(login.Lock)
        for _ in range(2):
            changes.get(timeout=LONG_S)

        assert session.read().locked is False


def test_a_confirmed_request_stays_locked(
    system_bus: None,
    make: Make,
    changes: queue.SimpleQueue[None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(login_session, "_UNCONFIRMED_LOCK_S", 0.05)
    login = LoginSession()
    with logind(login) as desk:
        session = make()
        desk.post(login.Lock)
        desk.post(login.hint, True)
        for _ in range(2):
            changes.get(timeout=LONG_S)
        with pytest.raises(queue.Empty):
            changes.get(timeout=0.1)

        assert session.read().locked is True


@pytest.mark.parametrize("by_id", [True, False])
def test_a_program_outside_any_session_finds_the_users_own(
    by_id: bool, system_bus: None, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    if by_id:
        monkeypatch.setenv("XDG_SESSION_ID", "c1")
    manager = LoginManager(by_process=False, by_id=by_id)
    with logind(LoginSession(locked=True), manager):
        assert make().read().locked is True


def test_sleep_and_waking_are_told(
    system_bus: None, make: Make, changes: queue.SimpleQueue[None]
) -> None:
    manager = LoginManager()
    with logind(LoginSession(), manager) as desk:
        session = make()
        assert session.read().asleep is False
        for asleep in (True, False):
            desk.post(manager.PrepareForSleep, asleep)
            changes.get(timeout=LONG_S)

            assert session.read().asleep is asleep


def test_the_battery_is_followed(
    system_bus: None, make: Make, changes: queue.SimpleQueue[None]
) -> None:
    upower = UPower(on_battery=False)
    objects = {"/org/freedesktop/UPower": upower}
    with serving("org.freedesktop.UPower", objects, BusType.SYSTEM) as desk:
        session = make()
        assert session.read().on_battery is False
        assert session.told_by()["on_battery"] == "UPower"
        desk.post(upower.turn, True)
        changes.get(timeout=LONG_S)

        assert session.read().on_battery is True


@pytest.fixture
def make_in_session(make: Make, bus: str) -> Make:
    """Like *make*, with a session bus."""
    return make


@pytest.mark.parametrize("saver", login_session.SAVERS, ids=lambda saver: saver.name)
def test_each_screen_saver_locks(
    saver: Remote, make_in_session: Make, changes: queue.SimpleQueue[None]
) -> None:
    fake = ScreenSaver(saver.interface)
    with serving(saver.name, {saver.path: fake}) as desk:
        session = make_in_session()
        assert session.read().locked is False
        for active in (True, False):
            desk.post(fake.turn, active)
            changes.get(timeout=LONG_S)

            assert session.read().locked is active


def test_a_screen_saver_that_comes_and_goes_is_noticed(
    make_in_session: Make, changes: queue.SimpleQueue[None]
) -> None:
    saver = login_session.SAVERS[0]
    session = make_in_session()
    assert session.read().locked is None
    with serving(saver.name, {saver.path: ScreenSaver(saver.interface, active=True)}):
        changes.get(timeout=LONG_S)
        assert session.read().locked is True
    changes.get(timeout=LONG_S)

    assert session.read().locked is None


def test_either_bus_can_lock(
    system_bus: None, make_in_session: Make, changes: queue.SimpleQueue[None]
) -> None:
    saver = login_session.SAVERS[1]
    fake = ScreenSaver(saver.interface)
    with logind(LoginSession()), serving(saver.name, {saver.path: fake}) as desk:
        session = make_in_session()
        assert session.told_by()["locked"] == "logind, org.gnome.ScreenSaver"
        desk.post(fake.turn, True)
        changes.get(timeout=LONG_S)

        assert session.read().locked is True


def test_gnome_tells_the_idle_time_under_wayland(make_in_session: Make) -> None:
    monitor = IdleMonitor(4250)
    path = "/org/gnome/Mutter/IdleMonitor/Core"
    with serving("org.gnome.Mutter.IdleMonitor", {path: monitor}):
        session = make_in_session()

        assert session.read().idle_s == 4.25
        assert session.told_by()["idle_s"] == "GNOME"


def test_the_idle_time_of_the_x_server_starts_anew_with_each_key(screen: Hands) -> None:
    server = XServer(screen.name)
    try:
        until(lambda: (server.idle_s() or 0.0) > 0.3, "an idle time")
        screen.press("a")
        idle_s = server.idle_s()

        assert idle_s is not None
        assert 0.0 <= idle_s < 0.3
    finally:
        server.close()


def test_the_session_reads_the_x_server(
    make: Make, screen: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = make()
    monkeypatch.setenv("DISPLAY", screen.name)
    now = session.read()

    assert now.idle_s is not None
    assert now.full_screen is False
    assert session.told_by()["idle_s"] == "the X server"


def test_under_wayland_the_x_server_does_not_count_input(
    make: Make, screen: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", screen.name)
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    now = make().read()

    assert now.idle_s is None
    assert now.full_screen is None


class Browser:
    """A window that can be put into full screen, through the real window manager."""

    def __init__(self, name: str, size: tuple[int, int]) -> None:
        self._display = Display(name)
        self._root = self._display.screen().root
        self.window = self._root.create_window(
            10, 10, size[0], size[1], 0, self._display.screen().root_depth, event_mask=0
        )
        self.window.map()
        self._display.sync()

    def _tell(self, name: str, *data: int) -> None:
        atom = self._display.intern_atom(name)
        values = (32, [*data, *([0] * (5 - len(data)))])
        event = protocol.event.ClientMessage(window=self.window, client_type=atom, data=values)
        mask = X.SubstructureRedirectMask | X.SubstructureNotifyMask
        self._root.send_event(event, event_mask=mask)
        self._display.sync()

    def full_screen(self, on: bool) -> None:
        state = self._display.intern_atom("_NET_WM_STATE_FULLSCREEN")
        self._tell("_NET_WM_STATE", int(on), state)

    def activate(self) -> None:
        self._tell("_NET_ACTIVE_WINDOW", 2, X.CurrentTime)

    def minimise(self) -> None:
        self._tell("WM_CHANGE_STATE", 3)  # IconicState

    def to_desktop(self, number: int) -> None:
        self._tell("_NET_WM_DESKTOP", number, 2)

    def close(self) -> None:
        self.window.destroy()
        self._display.close()


@pytest.fixture
def browser(screen: Hands) -> Iterator[Browser]:
    browser = Browser(screen.name, (300, 200))
    yield browser
    browser.close()


@pytest.fixture
def server(screen: Hands) -> Iterator[XServer]:
    server = XServer(screen.name)
    yield server
    server.close()


def test_a_full_screen_window_is_seen_and_its_end_too(browser: Browser, server: XServer) -> None:
    assert server.full_screen() is False

    browser.full_screen(on=True)
    until(server.full_screen, "full screen")
    browser.full_screen(on=False)
    until(lambda: server.full_screen() is False, "the end of full screen")


@pytest.mark.parametrize("leave", ["minimise", "other desktop"])
def test_a_full_screen_window_out_of_sight_does_not_count(
    leave: str, browser: Browser, server: XServer
) -> None:
    browser.full_screen(on=True)
    until(server.full_screen, "full screen")
    if leave == "minimise":
        browser.minimise()
    else:
        browser.to_desktop(1)

    until(lambda: server.full_screen() is False, "the window to be out of sight")


def test_a_covered_full_screen_window_does_not_count(
    browser: Browser, server: XServer, screen: Hands
) -> None:
    browser.full_screen(on=True)
    until(server.full_screen, "full screen")
    editor = Browser(screen.name, (790, 590))
    editor.activate()
    try:
        until(lambda: server.full_screen() is False, "the editor to cover it")
    finally:
        editor.close()
    until(server.full_screen, "full screen again")


@pytest.mark.parametrize(
    ("stack", "seen"),
    [
        ([], False),
        ([Window(0, 0, 800, 600, full_screen=False)], False),
        ([Window(0, 0, 800, 600, full_screen=True)], True),
        # a small chat window above the film
        ([Window(0, 0, 800, 600, True), Window(500, 400, 300, 200, False)], True),
        # an editor above the film
        ([Window(0, 0, 800, 600, True), Window(0, 0, 800, 580, False)], False),
        # the slides on the second screen, the notes on the first
        ([Window(800, 0, 800, 600, True), Window(0, 0, 800, 600, False)], True),
    ],
)
def test_full_screen_counts_as_far_as_it_can_be_seen(stack: list[Window], seen: bool) -> None:
    assert full_screen_seen(stack) is seen


class Processes:
    """A /proc with chosen processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "meminfo").write_text("")

    def add(self, number: int, name: str, *files: str, parent: int = 1) -> None:
        folder = self.folder / str(number)
        (folder / "fd").mkdir(parents=True)
        (folder / "comm").write_text(f"{name}\n")
        (folder / "stat").write_text(f"{number} ({name}) S {parent} {number} 0")
        for place, file in enumerate(files):
            (folder / "fd" / str(place)).symlink_to(file)

    def remove(self, number: int) -> None:
        folder = self.folder / str(number)
        for file in [*(folder / "fd").iterdir(), folder / "comm", folder / "stat"]:
            file.unlink()
        (folder / "fd").rmdir()
        folder.rmdir()


@pytest.fixture
def processes(tmp_path: Path) -> Processes:
    return Processes(tmp_path / "proc")


def test_who_has_a_camera_open_is_found(processes: Processes) -> None:
    processes.add(10, "bash", "/dev/pts/0")
    processes.add(20, "zoom (1) x", "/dev/null", "/dev/video0")
    processes.add(30, "mpv", "/home/me/video0", "/dev/videography")

    assert cameras_in_use.users(processes.folder, own=99) == {20: "zoom (1) x"}


def test_our_own_processes_do_not_count(processes: Processes) -> None:
    processes.add(10, "posture", "/dev/video0")
    processes.add(11, "python (child)", "/dev/video0", parent=10)
    processes.add(12, "grandchild", "/dev/video0", parent=11)

    assert cameras_in_use.users(processes.folder, own=10) == {}


def test_the_media_manager_only_looks(processes: Processes) -> None:
    processes.add(10, "wireplumber", "/dev/video0")
    processes.add(11, "pipewire", "/dev/video0")

    assert cameras_in_use.users(processes.folder, own=99) == {11: "pipewire"}


def test_the_real_proc_can_be_read() -> None:
    with Path("/dev/null").open():
        assert os.getpid() not in cameras_in_use.users()


@pytest.mark.parametrize(("scan_s", "every_s"), [(0.001, 5.0), (0.005, 10.0), (0.1, 20.0)])
def test_the_longer_a_scan_takes_the_less_often_it_comes(
    scan_s: float,
    every_s: float,
    processes: Processes,
    loop: LoopThread,
    tmp_path: Path,
    no_desktop: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = ManualClock(NOW)
    scans = 0

    def users(_proc: Path) -> dict[int, str]:
        nonlocal scans
        scans += 1
        clock.advance(scan_s)
        return {}

    monkeypatch.setattr(cameras_in_use, "users", users)
    session = LinuxSession(
        loop, clock, proc=processes.folder, dev=tmp_path / "none", supplies=tmp_path / "none"
    )
    for _ in range(100):
        session.read()
        clock.advance(1.0)
    assert scans == pytest.approx(100 / every_s, abs=1)


def camera_used_by(session: LinuxSession, clock: ManualClock, after_s: float) -> str | None:
    """Who uses it so many seconds later."""
    clock.advance(after_s)
    return session.read().camera_used_by


def test_a_short_look_at_the_camera_is_no_meeting(
    processes: Processes, loop: LoopThread, tmp_path: Path, no_desktop: None
) -> None:
    clock = ManualClock(NOW)
    session = LinuxSession(
        loop, clock, proc=processes.folder, dev=tmp_path / "none", supplies=tmp_path / "none"
    )
    used_by = partial(camera_used_by, session, clock)

    assert used_by(0) is None
    processes.add(20, "chrome", "/dev/video0")
    assert used_by(3) is None  # seen for the first time
    processes.remove(20)
    assert used_by(1) is None
    processes.add(30, "zoom", "/dev/video0")
    assert used_by(3) is None
    assert used_by(1) == "zoom"  # and a second time, a second later
    assert used_by(3) == "zoom"
    processes.remove(30)
    assert used_by(1) == "zoom"  # not looked yet
    assert used_by(2) is None


def test_a_camera_that_is_opened_is_told_by_the_kernel(tmp_path: Path) -> None:
    camera = tmp_path / "video0"
    camera.touch()
    (tmp_path / "null").touch()
    openings = CameraOpenings(tmp_path)

    assert openings.any() is False

    with (tmp_path / "null").open():
        assert openings.any() is False

    with camera.open():
        assert openings.any() is True
        assert openings.any() is False
    assert openings.any() is True

    plugged_in = tmp_path / "video2"
    plugged_in.touch()

    assert openings.any() is True
    assert openings.any() is False

    with plugged_in.open():
        assert openings.any() is True

    openings.close()
    openings.close()

    assert openings.any() is None


def test_where_the_kernel_cannot_tell_it_says_so(tmp_path: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))

    assert CameraOpenings(tmp_path / "none").any() is None
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_who_opened_a_camera_is_looked_up_at_once_and_else_once_a_minute(
    processes: Processes,
    loop: LoopThread,
    tmp_path: Path,
    no_desktop: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, scans = ManualClock(NOW), 0
    dev = tmp_path / "dev"
    dev.mkdir()
    (dev / "video0").touch()
    users = cameras_in_use.users

    def counted(proc: Path) -> dict[int, str]:
        nonlocal scans
        scans += 1
        return users(proc)

    monkeypatch.setattr(cameras_in_use, "users", counted)
    session = LinuxSession(loop, clock, proc=processes.folder, dev=dev, supplies=tmp_path / "none")
    used_by = partial(camera_used_by, session, clock)

    assert used_by(0) is None
    for _ in range(59):
        assert used_by(1) is None
    assert scans == 1
    assert used_by(1) is None
    assert scans == 2

    processes.add(30, "zoom", "/dev/video0")
    with (dev / "video0").open():
        assert used_by(1) is None
        assert used_by(1) == "zoom"
        processes.remove(30)
    assert used_by(1) is None

    session.stop()


def supply(folder: Path, name: str, **facts: str) -> None:
    (folder / name).mkdir(parents=True)
    for fact, value in facts.items():
        (folder / name / fact).write_text(f"{value}\n")


@pytest.mark.parametrize(
    ("supplies", "expected"),
    [
        ({}, False),  # a desktop computer
        ({"AC": {"type": "Mains", "online": "1"}}, False),
        (
            {
                "AC": {"type": "Mains", "online": "0"},
                "BAT0": {"type": "Battery", "status": "Discharging"},
            },
            True,
        ),
        (
            {
                "AC": {"type": "Mains", "online": "1"},
                "BAT0": {"type": "Battery", "status": "Charging"},
            },
            False,
        ),
        (
            {
                "usb": {"type": "USB", "online": "2"},
                "BAT0": {"type": "Battery", "status": "Discharging"},
            },
            False,
        ),
        ({"BAT0": {"type": "Battery", "status": "Full"}}, False),
        ({"BAT0": {"type": "Battery"}}, None),
        (
            {"mouse": {"type": "Battery", "scope": "Device", "status": "Discharging"}},
            False,
        ),
    ],
)
def test_the_battery_is_read_from_sys(
    supplies: dict[str, dict[str, str]], expected: bool | None, tmp_path: Path
) -> None:
    folder = tmp_path / "power_supply"
    folder.mkdir()
    for name, facts in supplies.items():
        supply(folder, name, **facts)

    assert power.on_battery(folder) is expected


def test_without_sys_the_battery_is_unknown(tmp_path: Path) -> None:
    assert power.on_battery(tmp_path / "none") is None


def test_no_module_of_the_desktop_reads_keys() -> None:
    """Only counters are read: no event of keyboard or pointer is selected, grabbed or recorded."""
    forbidden = ("pynput", "KeyPress", "grab_key", "ext.record", "SetWindowsHookEx", "evdev")
    sources = {path: path.read_text() for path in Path("posture").rglob("*.py")}
    found: list[Any] = [
        (path.name, word) for path, text in sources.items() for word in forbidden if word in text
    ]

    assert found == []
