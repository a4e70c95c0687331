"""The control channel through a Unix socket: a line comes in, the reception's answer goes out."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from posture import paths
from posture.desktop.loop import LoopThread
from posture.desktop.reception import MAX_BYTES, TIMEOUT_S, Reception, refusal
from posture.errors import OutputUnwritable

MAX_CONNECTIONS = 8  # chosen: at once
MAX_WAITING = 4 * MAX_CONNECTIONS  # chosen: those that are told to come again
_PATH_BYTES = 100  # sun_path holds 104 bytes on macOS, 108 on Linux, with its end
# sys/un.h and sys/ucred.h of macOS
_SOL_LOCAL = 0
_XUCRED_BYTES = 76


class SocketServer:
    """A Unix socket (0600 in a 0700 directory); only the user's own programs get an answer."""

    def __init__(self, path: Path, reception: Reception, loop: LoopThread) -> None:
        self._path = path
        self._reception = reception
        self._loop = loop
        self._server: asyncio.Server | None = None
        self._guests: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin to listen; a socket left by a monitor that was killed is replaced.

        Raises :class:`OutputUnwritable`.
        """
        paths.make_private(self._path.parent)
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._path.unlink(missing_ok=True)
            with _short(self._path) as short:
                listening.bind(short)
            self._path.chmod(paths.FILE_MODE)
        except OSError as error:
            listening.close()
            raise OutputUnwritable(
                f"{self._path}, where posture is to be reached, cannot be made: {error.strerror}.",
                "Move away what is there, and check the folder.",
            ) from error
        self._server = self._loop.call(self._listen(listening), TIMEOUT_S)

    def stop(self) -> None:
        """Stop listening and remove the socket."""
        if self._server is not None:
            with contextlib.suppress(TimeoutError):
                self._loop.call(self._close(self._server), TIMEOUT_S)
            self._server = None
        with contextlib.suppress(OSError):
            self._path.unlink()

    async def _listen(self, listening: socket.socket) -> asyncio.Server:
        return await asyncio.start_unix_server(self._arrived, sock=listening, limit=MAX_BYTES)

    async def _close(self, server: asyncio.Server) -> None:
        # No more guests first: asyncio loses the connection of one let in while it closes.
        for listening in server.sockets:
            asyncio.get_running_loop().remove_reader(listening.fileno())
        for _ in range(3):
            await asyncio.sleep(0)  # who was let in just now comes to _arrived
        server.close()
        for guest in self._guests:
            guest.cancel()
        await asyncio.gather(*self._guests, return_exceptions=True)

    def _arrived(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._guests) >= MAX_WAITING:
            # Each holds a descriptor, and without any left the log could not be written.
            writer.transport.abort()
            return
        guest = asyncio.ensure_future(self._welcome(reader, writer))
        self._guests.add(guest)
        guest.add_done_callback(self._guests.discard)
        # Here and not in the task, which may be cancelled before it begins.
        guest.add_done_callback(lambda _: writer.close())

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not _is_own(writer.get_extra_info("socket")):
            return
        crowded = len(self._guests) > MAX_CONNECTIONS
        # A guest that says nothing, or has left, is nobody's trouble.
        with contextlib.suppress(TimeoutError, OSError):
            async with asyncio.timeout(TIMEOUT_S):
                if crowded:
                    await reader.read(MAX_BYTES)  # one that is still talking hears no answer
                    writer.write(_line(refusal("too many connections")))
                else:
                    await self._talk(reader, writer)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                line = await reader.readline()
            except ValueError:  # longer than the limit: what follows cannot be told apart
                writer.write(_line(refusal("the request is too long")))
                await writer.drain()
                return
            if not line:
                return
            # In a thread of its own: it waits for the monitor.
            writer.write(await asyncio.to_thread(self._reception.answer, line))
            await writer.drain()


def _is_own(connection: Any) -> bool:
    """Whether the other side is a program of the same user (elsewhere the folder's rights tell)."""
    user = user_of(connection)
    return user is None or user == os.geteuid()


def user_of(connection: Any) -> int | None:
    """The user at the other side of a socket, as the system says; None where it does not."""
    if hasattr(socket, "SO_PEERCRED"):  # Linux: process, user, group (unix(7))
        size = struct.calcsize("3i")
        found = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
        return int(struct.unpack("3i", found)[1])
    if hasattr(socket, "LOCAL_PEERCRED"):  # macOS: struct xucred begins with version, user
        found = connection.getsockopt(_SOL_LOCAL, socket.LOCAL_PEERCRED, _XUCRED_BYTES)
        return int(struct.unpack_from("2I", found)[1])
    return None


def ask_socket(path: Path, line: bytes) -> bytes:
    """Send *line* to the socket at *path*. Raises OSError when nobody listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(TIMEOUT_S)
        with _short(path) as short:
            connection.connect(short)
        connection.sendall(line)
        connection.shutdown(socket.SHUT_WR)
        with connection.makefile("rb") as answer:
            return answer.readline()


@contextlib.contextmanager
def _short(path: Path) -> Iterator[str]:
    """*path* as an address that is short enough for a socket."""
    if len(os.fsencode(path)) <= _PATH_BYTES:
        yield str(path)
        return
    # Linux reaches the folder through its descriptor; elsewhere the system refuses the length.
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def _line(answer: Mapping[str, object]) -> bytes:
    return json.dumps(answer).encode() + b"\n"
