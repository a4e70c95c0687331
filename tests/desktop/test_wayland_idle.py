"""Idle time from a compositor: a stand-in that speaks the protocol's bytes."""

from __future__ import annotations

import asyncio
import queue
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moments import NOW
from stage import LONG_S

from posture.clock import ManualClock
from posture.desktop.loop import LoopThread
from posture.desktop.session_linux import LinuxSession
from posture.desktop.wayland_idle import WaylandIdle, socket_path


def string(text: str) -> bytes:
    data = text.encode() + b"\0"
    return struct.pack("=I", len(data)) + data + b"\0" * (-len(data) % 4)


class Compositor:
    """Announces its globals and remembers what it is asked."""

    def __init__(self, loop: LoopThread, path: Path, version: int) -> None:
        self._loop = loop
        self._writers: list[asyncio.StreamWriter] = []
        self.version = version
        self.asked: queue.SimpleQueue[tuple[int, int, bytes]] = queue.SimpleQueue()
        self._server = loop.call(asyncio.start_unix_server(self._serve, path), LONG_S)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        try:
            while True:
                receiver, word = struct.unpack("=II", await reader.readexactly(8))
                body = await reader.readexactly((word >> 16) - 8)
                self.asked.put((receiver, word & 0xFFFF, body))
                if (receiver, word & 0xFFFF) == (1, 1):
                    self._announce()
        except asyncio.IncompleteReadError:
            writer.close()

    def _announce(self) -> None:
        for number, name, version in (
            (1, "wl_compositor", 6),
            (7, "ext_idle_notifier_v1", self.version),
            (9, "wl_seat", 8),
            (11, "wl_seat", 8),
        ):
            self._send(2, 0, struct.pack("=I", number) + string(name) + struct.pack("=I", version))

    def _send(self, sender: int, code: int, body: bytes = b"") -> None:
        for writer in self._writers:
            writer.write(struct.pack("=II", sender, (8 + len(body)) << 16 | code) + body)

    def send(self, sender: int, code: int, body: bytes = b"") -> None:
        self._loop.post(self._send, sender, code, body)

    def close(self) -> None:
        async def end() -> None:
            self._server.close()
            for writer in self._writers:
                writer.close()
            await asyncio.sleep(0)

        self._loop.call(end(), LONG_S)


@pytest.fixture
def compositor_of(loop: LoopThread, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    made: list[Compositor] = []
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7")

    def make(version: int) -> Compositor:
        made.append(Compositor(loop, folder / "wayland-7", version))
        return made[-1]

    yield make
    for compositor in made:
        compositor.close()


class Idle:
    """A WaylandIdle with its clock and changes."""

    def __init__(self, loop: LoopThread) -> None:
        self.clock = ManualClock(NOW)
        self.changes: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._loop = loop
        self.idle = WaylandIdle(self.clock, lambda: self.changes.put(None))
        loop.call(self.idle.open(), LONG_S)

    def changed(self) -> float | None:
        self.changes.get(timeout=LONG_S)
        return self.idle.idle_s(self.clock.now())

    def close(self) -> None:
        self._loop.call(self.idle.close(), LONG_S)


@pytest.mark.parametrize(("version", "request_code"), [(1, 1), (2, 2), (3, 2)])
def test_it_asks_for_the_seats_idle_notification(
    version: int, request_code: int, compositor_of: Any, loop: LoopThread
) -> None:
    compositor = compositor_of(version)
    idle = Idle(loop)
    asked = [compositor.asked.get(timeout=LONG_S) for _ in range(4)]
    idle.close()

    bound = min(version, 2)
    assert asked == [
        (1, 1, struct.pack("=I", 2)),
        (2, 0, struct.pack("=I", 9) + string("wl_seat") + struct.pack("=II", 1, 3)),
        (
            2,
            0,
            struct.pack("=I", 7) + string("ext_idle_notifier_v1") + struct.pack("=II", bound, 4),
        ),
        (4, request_code, struct.pack("=III", 5, 1000, 3)),
    ]


def test_the_idle_time_counts_from_the_last_input(compositor_of: Any, loop: LoopThread) -> None:
    compositor = compositor_of(2)
    idle = Idle(loop)
    assert idle.changed() == 0.0  # told, and nobody was idle yet
    compositor.send(5, 0)
    assert idle.changed() == 1.0
    idle.clock.advance(59)
    assert idle.idle.idle_s(idle.clock.now()) == 60.0
    compositor.send(5, 1)
    assert idle.changed() == 0.0
    idle.close()


@pytest.mark.parametrize("end", ["error", "gone", "nonsense"])
def test_a_compositor_that_ends_leaves_the_idle_time_unknown(
    end: str, compositor_of: Any, loop: LoopThread
) -> None:
    compositor = compositor_of(2)
    idle = Idle(loop)
    assert idle.changed() == 0.0
    if end == "error":
        compositor.send(1, 0, struct.pack("=II", 4, 0) + string("no"))
    elif end == "gone":
        compositor.close()
    else:
        compositor.send(2, 0, b"\xff" * 12)

    assert idle.changed() is None

    idle.close()


def test_a_session_uses_it(
    compositor_of: Any, loop: LoopThread, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    compositor = compositor_of(2)
    changes: queue.SimpleQueue[None] = queue.SimpleQueue()
    nothing = tmp_path / "nothing"
    session = LinuxSession(loop, ManualClock(NOW), proc=nothing, supplies=nothing)
    session.start(lambda: changes.put(None))
    changes.get(timeout=LONG_S)
    compositor.send(5, 0)
    changes.get(timeout=LONG_S)

    assert session.read().idle_s == 1.0
    assert session.told_by()["idle_s"] == "the Wayland compositor"

    session.stop()

    assert session.read().idle_s is None


@pytest.mark.parametrize(
    ("environ", "path"),
    [
        (
            {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": "/run/user/1"},
            "/run/user/1/wayland-0",
        ),
        ({"WAYLAND_DISPLAY": "/tmp/w"}, "/tmp/w"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, None),
        ({"XDG_RUNTIME_DIR": "/run/user/1"}, None),
    ],
)
def test_where_the_compositor_listens(environ: dict[str, str], path: str | None) -> None:
    assert socket_path(environ) == (None if path is None else Path(path))
