"""States on a real mosquitto: discovery, changes, last will, passwords, reconnecting."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from brokers import LONG_S, Ear, broker, free_port, until
from test_states import START, status

from posture.core.reading import Label
from posture.publish.mqtt import Misconfigured, MqttPublisher
from posture.settings import MqttSettings


class Said(list[str]):
    """What the user was told."""

    def has(self, words: str) -> bool:
        return any(words in line for line in self)


def publisher(port: int, said: Said, **more: Any) -> MqttPublisher:
    settings = MqttSettings(enabled=True, host="127.0.0.1", port=port, **more)
    return MqttPublisher(settings, "en", said.append)


def states(ear: Ear) -> list[str]:
    return [json.loads(text)["posture"] for topic, text in ear.heard if topic == "posture/state"]


def test_a_day_of_a_publisher(tmp_path: Path) -> None:
    port, said = free_port(), Said()
    with broker(tmp_path, port), Ear(port) as ear:
        one = publisher(port, said, interval_s=30)
        one.watch([status()])
        one.start()
        until(lambda: "posture/state" in ear.retained, "the first state")
        assert ear.retained["posture/availability"] == "online"
        assert json.loads(ear.retained["posture/state"])["distance_cm"] == 62

        # Home Assistant, started later, finds the device.
        with Ear(port) as later:
            until(lambda: len(later.retained) == 10, "what is retained")
            told = json.loads(later.retained["homeassistant/sensor/posture/sitting_min/config"])
        assert told["unit_of_measurement"] == "min"

        for second in range(1, 40):
            one.watch([status(START.shifted(second))])
        one.watch([status(START.shifted(40), label=Label.UPRIGHT)])
        until(lambda: states(ear)[-1:] == ["upright"], "the change")
        assert states(ear) == ["slouch", "slouch", "upright"]

        one.stop()
        until(lambda: ear.retained["posture/availability"] == "offline", "the goodbye")
    assert said == [
        f"Publishing posture, distance and sitting time to the MQTT broker 127.0.0.1:{port}."
    ]
    assert one.said == said[-1]


def test_the_broker_says_it_when_the_program_is_killed(tmp_path: Path) -> None:
    port = free_port()
    code = (
        "import sys, time\n"
        "from posture.publish.mqtt import MqttPublisher\n"
        "from posture.settings import MqttSettings\n"
        f"one = MqttPublisher(MqttSettings(host='127.0.0.1', port={port}), 'en', print)\n"
        "one.start(); time.sleep(60)\n"
    )
    with broker(tmp_path, port), Ear(port) as ear:
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL)
        until(lambda: ear.retained.get("posture/availability") == "online", "the start")
        process.kill()
        process.wait()
        until(lambda: ear.retained["posture/availability"] == "offline", "the last will")


def test_a_broker_that_comes_late_goes_and_comes_again(tmp_path: Path) -> None:
    port, said = free_port(), Said()
    one = publisher(port, said)
    one.start()
    one.watch([status()])
    until(lambda: said.has("cannot be reached (no answer)"), "the trouble")
    for _ in range(2):
        with broker(tmp_path, port), Ear(port) as ear:
            until(partial(ear.retained.__contains__, "posture/state"), "the state")
        until(lambda: one.said is not None and "cannot be reached" in one.said, "the loss")
    one.stop()

    assert [("Publishing" in line) for line in said].count(True) == 2


def test_user_and_password(tmp_path: Path) -> None:
    port, said = free_port(), Said()
    users = tmp_path / "users"
    subprocess.run(["mosquitto_passwd", "-b", "-c", str(users), "desk", "secret"], check=True)
    users.chmod(0o644)
    tmp_path.chmod(0o755)
    right, wrong = tmp_path / "right", tmp_path / "wrong"
    right.write_text("secret\n")
    wrong.write_text("guess\n")
    lines = ("allow_anonymous false", f"password_file {users}", "user root")
    with broker(tmp_path, port, *lines), Ear(port, "desk", "secret") as ear:
        refused = publisher(port, said, user="desk", password_file=str(wrong))
        refused.start()
        until(lambda: said.has("refuses: Not authorized"), "the refusal")
        refused.stop()
        assert ear.heard == []

        let_in = publisher(port, said, user="desk", password_file=str(right))
        let_in.start()
        until(lambda: ear.retained.get("posture/availability") == "online", "the start")
        let_in.stop()
    assert "secret" not in " ".join(said)


# paho leaves the socket of a handshake that failed to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_with_tls(tmp_path: Path) -> None:
    port, said = free_port(), Said()
    tmp_path.chmod(0o755)
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    lines = ("allow_anonymous true", f"certfile {certificate}", f"keyfile {key}", "user root")
    with broker(tmp_path, port, *lines):
        one = publisher(port, said, tls=True, ca_file=str(certificate))
        one.start()
        until(lambda: said.has("Publishing"), "the connection")
        one.stop()

        # A certificate nobody vouches for is not trusted.
        strict, doubts = publisher(port, said, tls=True), len(said)
        strict.start()
        until(lambda: len(said) > doubts, "the doubt")
        assert "cannot be reached" in said[-1]
        strict.stop()


def test_files_that_cannot_be_used_are_said(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"mqtt\.password_file cannot be read"):
        publisher(1, Said(), user="me", password_file=str(tmp_path / "none"))
    with pytest.raises(Misconfigured, match=r"mqtt\.ca_file is no certificate"):
        publisher(1, Said(), tls=True, ca_file=str(tmp_path / "none"))


@pytest.mark.parametrize(
    "found", [["8.8.8.8"], ["127.0.0.1", "8.8.8.8"], ["2001:4860:4860::8888"]], ids=str
)
def test_nobody_outside_is_even_called(found: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 0)) for one in found]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answer)
    calls: list[object] = []
    monkeypatch.setattr(socket, "create_connection", lambda *given, **_: calls.append(given))
    said = Said()
    one = MqttPublisher(MqttSettings(enabled=True, host="broker.example"), "en", said.append)
    one.start()
    until(lambda: said.has("not on this computer or the local network"), "the refusal")
    one.stop()

    assert calls == []


class Elsewhere(socket.socket):
    """A connection whose other end is in the public network."""

    def getpeername(self) -> tuple[str, int]:
        return ("8.8.8.8", 1883)


def test_a_name_that_led_home_a_moment_ago_is_told_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said, heard = Said(), list[bytes]()
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def connect(*_: object, **__: object) -> socket.socket:
            made = Elsewhere(socket.AF_INET, socket.SOCK_STREAM)
            made.connect(("127.0.0.1", port))
            return made

        monkeypatch.setattr(socket, "create_connection", connect)
        one = publisher(port, said)
        one.start()
        connection, _ = server.accept()
        with connection:
            connection.settimeout(LONG_S)
            while part := connection.recv(100):
                heard.append(part)
        until(lambda: said.has("cannot be reached"), "the trouble")
        one.stop()

    assert heard == []


def test_a_silent_host_holds_nobody_up() -> None:
    """A server that takes the connection and says nothing."""
    said = Said()
    with socket.create_server(("127.0.0.1", 0)) as mute:
        one = publisher(mute.getsockname()[1], said)
        one.start()
        began = time.monotonic()
        for second in range(100):
            one.watch([status(START.shifted(second))])
        one.stop()

        assert time.monotonic() - began < 10
