"""A running monitor whose settings file and control channel are in bad hands: it goes on."""

from __future__ import annotations

import contextlib
import random
import signal
import socket
from pathlib import Path

import pytest
from monitor_process import Home, monitoring, until, write_desk

SETTINGS = {
    b"a = " + b"[" * 5000: "is not valid TOML",
    b"\xff\xfe\0": "it is not UTF-8 text",
    b"[sitting]\nnudge_min = 1e999": "sitting.nudge_min must be",
}
REQUESTS = [
    b"\0" * 100_000,
    b"{" * 5000 + b"\n",
    b'{"do": "pause", "seconds": ' + b"9" * 400 + b"}\n",
    b'{"\\ud800": 1}\n',
    b'{"do": "\\ud800"}\n',
    b'{"do": null, "seconds": []}\n',
    b"GET / HTTP/1.1\r\nHost: posture\r\n\r\n",
]


def throw(path: str, data: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as guest, contextlib.suppress(OSError):
        guest.connect(path)
        guest.sendall(data)
        guest.shutdown(socket.SHUT_WR)
        while guest.recv(65536):
            pass


def test_nothing_thrown_at_it_stops_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path)
    settings = home.folder / ".config" / "posture" / "settings.toml"
    settings.parent.mkdir(parents=True)
    chance = random.Random(7)
    with monitoring(home, write_desk(tmp_path / "desk.jsonl", 150)) as monitor:
        monitor.hears("you are here")
        # From its folder: a socket's address has room for about 100 letters.
        monkeypatch.chdir(home.runtime / "posture")
        (channel,) = (path.name for path in Path().glob("*.sock"))
        silent = [socket.socket(socket.AF_UNIX) for _ in range(4)]
        for guest in silent:  # they say nothing, and stay
            guest.connect(channel)
        for content, words in SETTINGS.items():
            settings.write_bytes(content)
            for request in chance.sample(REQUESTS, 3):
                throw(channel, request)
            throw(channel, chance.randbytes(10_000))
            monitor.hears(words)
        until(
            lambda: home.ask("pause", "1m", "--data-dir", str(home.data)).returncode == 0, "an ear"
        )
        until(lambda: home.status()["silent"], "the pause")
        for guest in silent:
            guest.close()

        assert monitor.end(signal.SIGTERM) == (0, "")
    assert all("Traceback" not in line for line in monitor.said)
