"""The way from the command line to the running monitor: local, the user's own, no internet socket.

A socket in the user's private run-time directory (on Windows a named pipe with a key only the user
can read), named after the data directory, so that each has its own monitor.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import secrets
import socket
import struct
import sys
import threading
from collections.abc import Iterator, Mapping
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Any, Protocol

from posture import paths
from posture.desktop.loop import LoopThread
from posture.desktop.reception import MAX_BYTES, Reception, refusal
from posture.errors import ControlRefused, NotRunning

_TIMEOUT_S = 5.0  # chosen: for one side to wait for the other
_MAX_CONNECTIONS = 8  # chosen: at once
_MAX_WAITING = 4 * _MAX_CONNECTIONS  # chosen: those that are told to come again
_PATH_BYTES = 100  # sun_path holds 104 bytes on macOS, 108 on Linux, with its end
_KEY_BYTES = 32
# sys/un.h and sys/ucred.h of macOS
_SOL_LOCAL = 0
_XUCRED_BYTES = 76


class ControlServer(Protocol):
    """Listens until stopped."""

    def start(self) -> None:
        """Begin to listen. Raises OutputUnwritable when the place cannot be made."""

    def stop(self) -> None:
        """Stop, and leave nothing behind."""


def serve(data_dir: Path, reception: Reception, loop: LoopThread) -> ControlServer:
    """The server for the monitor of *data_dir*; its lock must be held (see ``instance``)."""
    if sys.platform == "win32":
        return PipeServer(_pipe_name(data_dir), "AF_PIPE", _key(data_dir), reception)
    return SocketServer(socket_path(data_dir), reception, loop)


def ask(data_dir: Path, request: Mapping[str, object]) -> dict[str, Any]:
    """Ask the monitor of *data_dir* and return its answer.

    Raises NotRunning when nobody listens, ControlRefused when the answer is no or none comes.
    """
    line = json.dumps(dict(request)).encode() + b"\n"
    try:
        if sys.platform == "win32":
            reply = ask_pipe(_pipe_name(data_dir), "AF_PIPE", _key(data_dir), line)
        else:
            reply = _ask_socket(socket_path(data_dir), line)
        answer: dict[str, Any] = json.loads(reply)
    except (TimeoutError, ValueError, EOFError, BrokenPipeError, ConnectionResetError) as error:
        raise ControlRefused(
            "The running monitor does not answer.", "Try again, or stop and start it."
        ) from error
    except OSError as error:
        raise NotRunning("posture is not running.", "Start it with: posture run") from error
    if not answer.get("ok"):
        raise ControlRefused(f"The running monitor says no: {answer.get('error')}.", "")
    return answer


def socket_path(data_dir: Path) -> Path:
    """Where the monitor of *data_dir* listens."""
    return paths.runtime_dir() / f"{_digest(data_dir)}.sock"


def _digest(data_dir: Path) -> str:
    # Not resolve(): that raises where a link leads to itself.
    return hashlib.sha256(os.fsencode(os.path.realpath(data_dir))).hexdigest()[:16]


def _ask_socket(path: Path, line: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(_TIMEOUT_S)
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


class SocketServer:
    """A Unix socket (0600 in a 0700 directory); only the user's own programs get an answer."""

    def __init__(self, path: Path, reception: Reception, loop: LoopThread) -> None:
        self._path = path
        self._reception = reception
        self._loop = loop
        self._server: asyncio.Server | None = None
        self._guests: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin to listen; a socket left by a monitor that was killed is replaced."""
        paths.make_private(self._path.parent)
        self._path.unlink(missing_ok=True)
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with _short(self._path) as short:
            listening.bind(short)
        self._path.chmod(paths.FILE_MODE)
        self._server = self._loop.call(self._listen(listening), _TIMEOUT_S)

    def stop(self) -> None:
        """Stop listening and remove the socket."""
        if self._server is not None:
            with contextlib.suppress(TimeoutError):
                self._loop.call(self._close(self._server), _TIMEOUT_S)
            self._server = None
        self._path.unlink(missing_ok=True)

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
        if len(self._guests) >= _MAX_WAITING:
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
        crowded = len(self._guests) > _MAX_CONNECTIONS
        # A guest that says nothing, or has left, is nobody's trouble.
        with contextlib.suppress(TimeoutError, OSError):
            async with asyncio.timeout(_TIMEOUT_S):
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
    user = _user_of(connection)
    return user is None or user == os.geteuid()


def _user_of(connection: Any) -> int | None:
    """The user at the other side, as the system says; None where it does not."""
    if hasattr(socket, "SO_PEERCRED"):  # Linux: process, user, group (unix(7))
        size = struct.calcsize("3i")
        found = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
        return int(struct.unpack("3i", found)[1])
    if hasattr(socket, "LOCAL_PEERCRED"):  # macOS: struct xucred begins with version, user
        found = connection.getsockopt(_SOL_LOCAL, socket.LOCAL_PEERCRED, _XUCRED_BYTES)
        return int(struct.unpack_from("2I", found)[1])
    return None


class PipeServer:
    """The same through multiprocessing's pipes, one guest at a time, for Windows.

    A pipe can be opened by any user of the computer; the key, in a file of the user's own, is what
    lets one in.
    """

    def __init__(self, name: str, family: str, key: bytes, reception: Reception) -> None:
        self._name = name
        self._family = family
        self._key = key
        self._reception = reception
        self._listener: Listener | None = None
        self._ending = False
        self._thread = threading.Thread(target=self._listen, name="control", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._listener = Listener(self._name, self._family, authkey=self._key)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening."""
        self._ending = True
        if self._thread.is_alive():
            # accept() ends only when somebody comes, if without a key and for nothing.
            with contextlib.suppress(OSError, EOFError, AuthenticationError):
                Client(self._name, self._family).close()
            self._thread.join(_TIMEOUT_S)
        if self._listener is not None:
            self._listener.close()

    def _listen(self) -> None:
        assert self._listener is not None  # noqa: S101 - start() made it
        while not self._ending:
            try:
                with self._listener.accept() as guest:
                    self._talk(guest)
            except (OSError, EOFError, AuthenticationError):
                continue  # a guest without the key, or one that has left

    def _talk(self, guest: Connection) -> None:
        if not self._ending and guest.poll(_TIMEOUT_S):
            guest.send_bytes(self._reception.answer(guest.recv_bytes(MAX_BYTES + 1)))


def ask_pipe(name: str, family: str, key: bytes, line: bytes) -> bytes:
    """Send *line* through a pipe. Raises OSError when nobody listens or the key is wrong."""
    try:
        with Client(name, family, authkey=key) as connection:
            connection.send_bytes(line)
            if not connection.poll(_TIMEOUT_S):
                raise TimeoutError
            return connection.recv_bytes()
    except AuthenticationError as error:
        raise OSError("the key is not accepted") from error


def _pipe_name(data_dir: Path) -> str:
    return rf"\\.\pipe\posture-{_digest(data_dir)}"


def _key(data_dir: Path) -> bytes:
    """The key of this data directory's pipe, made at its first use."""
    path = paths.runtime_dir() / f"{_digest(data_dir)}.key"
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        key = b""
    if len(key) != _KEY_BYTES:
        key = secrets.token_bytes(_KEY_BYTES)
        paths.make_private(path.parent)
        paths.write_private(path, key)
    return key


def _line(answer: Mapping[str, object]) -> bytes:
    return json.dumps(answer).encode() + b"\n"
