from __future__ import annotations

import queue
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from stage import Hands, private_bus, x_server

from posture.desktop.loop import LoopThread


@pytest.fixture
def loop() -> Iterator[LoopThread]:
    loop = LoopThread("test")
    yield loop
    loop.stop()


@pytest.fixture
def sink() -> queue.SimpleQueue[Any]:
    return queue.SimpleQueue()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: a socket's address may have 107 characters."""
    with tempfile.TemporaryDirectory(prefix="pt") as name:
        yield Path(name)


@pytest.fixture
def bus(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A session bus of the test's own, nothing on it."""
    with private_bus(folder) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield address


@pytest.fixture(scope="session")
def _x_server() -> Iterator[str]:
    with x_server() as name:
        yield name


@pytest.fixture
def screen(_x_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hands]:
    """An X server with a window manager, and someone to click on it."""
    monkeypatch.setenv("DISPLAY", _x_server)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    hands = Hands(_x_server)
    yield hands
    hands.close()


@pytest.fixture
def no_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal: no display, no bus."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
