"""A real mosquitto on loopback, with a folder of its own, and an ear that hears everything."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

LONG_S = 30.0


def until(true: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + LONG_S
    while not true():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


@contextmanager
def broker(folder: Path, port: int, *lines: str) -> Iterator[subprocess.Popen[bytes]]:
    """A broker that runs; *lines*: of its configuration."""
    program = shutil.which(
        "mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin:/opt/homebrew/sbin"
    )
    if program is None:
        pytest.fail("No mosquitto was found; on Debian: apt-get install mosquitto")
    configuration = folder / f"mosquitto-{port}.conf"
    told = [f"listener {port} 127.0.0.1", *(lines or ("allow_anonymous true",))]
    configuration.write_text("\n".join(told) + "\n")
    process = subprocess.Popen(
        [program, "-c", str(configuration)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until(lambda: answers(port), "mosquitto")
        yield process
    finally:
        process.terminate()
        process.wait()


class Ear:
    """Everything the broker has under ``#``, retained messages too."""

    def __init__(self, port: int, user: str = "", password: str = "") -> None:
        self.heard: list[tuple[str, str]] = []
        self.retained: dict[str, str] = {}
        self._client = Client(CallbackAPIVersion.VERSION2)
        if user:
            self._client.username_pw_set(user, password)
        self._client.on_connect = self._connected
        self._client.on_message = self._message
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()

    def _connected(self, client: Client, *_: Any) -> None:
        client.subscribe("#", qos=1)

    def _message(self, _client: Client, _userdata: Any, message: MQTTMessage) -> None:
        text = message.payload.decode()
        self.heard.append((message.topic, text))
        self.retained[message.topic] = text

    def __enter__(self) -> Ear:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()
