"""The control channel through multiprocessing's pipes, for Windows: one guest at a time."""

from __future__ import annotations

import contextlib
import secrets
import threading
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path

from posture import paths
from posture.desktop.reception import MAX_BYTES, TIMEOUT_S, Reception
from posture.plain_file import read_bytes

_KEY_BYTES = 32


class PipeServer:
    """Answers who has the key.

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
            self._thread.join(TIMEOUT_S)
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
        if not self._ending and guest.poll(TIMEOUT_S):
            guest.send_bytes(self._reception.answer(guest.recv_bytes(MAX_BYTES + 1)))


def ask_pipe(name: str, family: str, key: bytes, line: bytes) -> bytes:
    """Send *line* through a pipe. Raises OSError when nobody listens or the key is wrong."""
    try:
        with Client(name, family, authkey=key) as connection:
            connection.send_bytes(line)
            if not connection.poll(TIMEOUT_S):
                raise TimeoutError
            return connection.recv_bytes()
    except AuthenticationError as error:
        raise OSError("the key is not accepted") from error


def key_in(path: Path) -> bytes:
    """The key kept at *path*, made at its first use."""
    try:
        key = read_bytes(path, _KEY_BYTES)
    except OSError:  # a new one is made, and refused where it cannot be kept
        key = b""
    if len(key) != _KEY_BYTES:
        key = secrets.token_bytes(_KEY_BYTES)
        paths.make_private(path.parent)
        paths.write_own(path, key)
    return key
