"""How long nobody touched anything, from a Wayland compositor (KDE, Sway, Hyprland and others).

Protocol: ext-idle-notify-v1 (wayland-protocols, staging). The compositor says "idle for a second"
and "input again", nothing more: no key or pointer event is asked for, no keyboard is bound.
"""

from __future__ import annotations

import asyncio
import os
import struct
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from posture.clock import Clock, Instant

AFTER_S = 1.0  # chosen: the shortest time without input that is told

_DISPLAY, _REGISTRY, _SEAT, _NOTIFIER, _NOTIFICATION = 1, 2, 3, 4, 5  # our object numbers
_GET_REGISTRY, _BIND = 1, 0
_ERROR, _GLOBAL = 0, 0
_IDLED, _RESUMED = 0, 1
_GET_NOTIFICATION, _GET_INPUT_NOTIFICATION = 1, 2
_SEAT_INTERFACE = "wl_seat"
_NOTIFIER_INTERFACE = "ext_idle_notifier_v1"
# From version 2 on, films that keep the screen awake do not count as input.
_INPUT_VERSION = 2
_HEADER = struct.Struct("=II")
_WORD = struct.Struct("=I")


def socket_path(environ: Mapping[str, str]) -> Path | None:
    """Where the compositor listens; None when this is no Wayland session."""
    name = environ.get("WAYLAND_DISPLAY")
    if not name:
        return None
    if name.startswith("/"):
        return Path(name)
    folder = environ.get("XDG_RUNTIME_DIR")
    return Path(folder) / name if folder else None


class WaylandIdle:
    """Listens to one compositor. All methods are for the loop's own thread.

    *changed* is called when input ends or begins again.
    """

    def __init__(self, clock: Clock, changed: Callable[[], None]) -> None:
        self._clock = clock
        self._changed = changed
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None
        self._globals: dict[str, tuple[int, int]] = {}
        self._idle_from: Instant | None = None
        self.told = False  # the compositor has taken the request

    async def open(self) -> None:
        """Connect and ask. Raises OSError when there is no compositor to ask."""
        path = socket_path(os.environ)
        if path is None:
            raise OSError("WAYLAND_DISPLAY is not set")
        reader, self._writer = await asyncio.open_unix_connection(path)
        self._send(_DISPLAY, _GET_REGISTRY, _WORD.pack(_REGISTRY))
        self._reading = asyncio.ensure_future(self._read(reader))

    async def close(self) -> None:
        """Leave the compositor."""
        self.told = False
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    def idle_s(self, now: Instant) -> float | None:
        """Seconds without input; 0 below :data:`AFTER_S`; None while nobody tells."""
        if not self.told:
            return None
        return 0.0 if self._idle_from is None else now - self._idle_from

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            while True:
                sender, word = _HEADER.unpack(await reader.readexactly(_HEADER.size))
                body = await reader.readexactly((word >> 16) - _HEADER.size)
                if not self._take(sender, word & 0xFFFF, body):
                    break
        except (OSError, asyncio.IncompleteReadError, ValueError, struct.error):
            pass  # the compositor is gone, or speaks no Wayland
        self.told = False
        self._changed()

    def _take(self, sender: int, code: int, body: bytes) -> bool:
        """Take one event in; False after an error of the protocol, which ends the connection."""
        if sender == _DISPLAY and code == _ERROR:
            return False
        if sender == _REGISTRY and code == _GLOBAL:
            self._take_global(body)
        elif sender == _NOTIFICATION and code == _IDLED:
            self._idle_from = self._clock.now().shifted(-AFTER_S)
            self._changed()
        elif sender == _NOTIFICATION and code == _RESUMED:
            self._idle_from = None
            self._changed()
        return True

    def _take_global(self, body: bytes) -> None:
        (number,) = _WORD.unpack_from(body)
        interface, rest = _text(body[_WORD.size :])
        (version,) = _WORD.unpack_from(rest)
        if interface in (_SEAT_INTERFACE, _NOTIFIER_INTERFACE) and interface not in self._globals:
            self._globals[interface] = (number, version)
            if len(self._globals) == 2:  # seat and notifier
                self._ask()

    def _ask(self) -> None:
        version = min(self._globals[_NOTIFIER_INTERFACE][1], _INPUT_VERSION)
        self._bind(_SEAT_INTERFACE, 1, _SEAT)
        self._bind(_NOTIFIER_INTERFACE, version, _NOTIFIER)
        request = _GET_INPUT_NOTIFICATION if version >= _INPUT_VERSION else _GET_NOTIFICATION
        arguments = struct.pack("=III", _NOTIFICATION, round(AFTER_S * 1000), _SEAT)
        self._send(_NOTIFIER, request, arguments)
        self.told = True
        self._changed()

    def _bind(self, interface: str, version: int, as_number: int) -> None:
        number = self._globals[interface][0]
        body = _WORD.pack(number) + _packed(interface) + struct.pack("=II", version, as_number)
        self._send(_REGISTRY, _BIND, body)

    def _send(self, receiver: int, code: int, body: bytes) -> None:
        if self._writer is not None:
            size = _HEADER.size + len(body)
            self._writer.write(_HEADER.pack(receiver, size << 16 | code) + body)


def _packed(text: str) -> bytes:
    """A string of the protocol: length with its final zero, bytes, filled up to four."""
    data = text.encode() + b"\0"
    return _WORD.pack(len(data)) + data + b"\0" * (-len(data) % 4)


def _text(data: bytes) -> tuple[str, bytes]:
    """The string at the start of *data* and what follows it."""
    (length,) = _WORD.unpack_from(data)
    end = _WORD.size + length + -length % 4
    return data[_WORD.size : _WORD.size + length - 1].decode(), data[end:]
