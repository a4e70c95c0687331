"""States on a real mosquitto: discovery, changes, last will, passwords, TLS, coming and going."""

from __future__ import annotations

import json
import logging
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from brokers import Ear, broker, free_port, until
from test_states import START, resolving, status

from posture.clock import SystemClock
from posture.core.reading import Label
from posture.publish import mqtt
from posture.publish.mqtt import Misconfigured, MqttPublisher
from posture.publish.secret import VARIABLE
from posture.settings import MqttSettings


class Publishing(MqttPublisher):
    """One whose user listens all the time."""

    def __init__(self, port: int, **more: Any) -> None:
        self.told: list[str] = []
        settings = MqttSettings(enabled=True, port=port, **{"host": "127.0.0.1"} | more)
        super().__init__(settings, "en", self.told.append, SystemClock())

    def has_said(self, words: str) -> bool:
        self.watch([])
        return any(words in line for line in self.told)

    def says(self, words: str) -> bool:
        return self.said is not None and words in self.said


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mqtt, "_RETRY_MIN_S", 0.05)
    monkeypatch.setattr(mqtt, "_RETRY_MAX_S", 0.2)
    monkeypatch.delenv(VARIABLE, raising=False)


def private(path: Path, text: str) -> str:
    path.write_text(text)
    path.chmod(0o600)
    return str(path)


def states(ear: Ear) -> list[str]:
    return [json.loads(text)["posture"] for topic, text in ear.heard if topic == "posture/state"]


def test_a_day_of_a_publisher(tmp_path: Path) -> None:
    port = free_port()
    with broker(tmp_path, port), Ear(port) as ear:
        one = Publishing(port, interval_s=30)
        one.watch([status()])
        one.start()
        until(lambda: "posture/state" in ear.retained, "the first state")
        assert ear.retained["posture/availability"] == "online"
        assert json.loads(ear.retained["posture/state"])["distance_cm"] == 62

        # Home Assistant, started later, finds the device.
        with Ear(port) as later:
            until(lambda: len(later.retained) == 11, "what is retained")
            told = json.loads(later.retained["homeassistant/sensor/posture/sitting_min/config"])
        assert told["unit_of_measurement"] == "min"

        for second in range(1, 29):
            one.watch([status(START.shifted(second))])
        one.watch([status(START.shifted(29), label=Label.UPRIGHT)])
        until(lambda: states(ear)[-1:] == ["upright"], "the change")
        one.watch([status(START.shifted(58), label=Label.UPRIGHT)])
        one.watch([status(START.shifted(59), label=Label.UPRIGHT)])
        until(lambda: len(states(ear)) == 3, "the sign of life")
        assert states(ear) == ["slouch", "upright", "upright"]

        one.stop()
        until(lambda: ear.retained["posture/availability"] == "offline", "the goodbye")
    assert one.told == [
        f"Publishing posture, distance and sitting time to the MQTT broker 127.0.0.1:{port}."
    ]
    assert one.said == one.told[-1]


def retained(port: int) -> set[str]:
    """What who comes now still finds; brokers send it before anything new."""
    with Ear(port) as later, Ear(port) as mark:
        mark._client.publish("mark", "here", qos=1, retain=True).wait_for_publish(5)
        until(lambda: "mark" in later.retained, "the mark")
        return {topic for topic, text in later.retained.items() if text} - {"mark"}


def test_switched_off_it_leaves_nothing_with_the_broker(tmp_path: Path) -> None:
    port = free_port()
    with broker(tmp_path, port), Ear(port) as ear:
        one = Publishing(port, topic="büro/desk")
        one.watch([status()])
        one.start()
        until(lambda: "büro/desk/state" in ear.retained, "the first state")
        assert len(retained(port)) == 11

        one.withdraw()
        until(lambda: one.has_said("and what it kept is deleted"), "the farewell")
        assert retained(port) == set()
        one.watch([status(START.shifted(90), label=Label.UPRIGHT)])
        one.stop()
        assert retained(port) == set()
    assert one.said is None


def test_a_broker_that_is_away_when_it_is_switched_off_is_told_of(tmp_path: Path) -> None:
    port = free_port()
    with broker(tmp_path, port), Ear(port) as ear:
        one = Publishing(port)
        one.start()
        until(lambda: ear.retained.get("posture/availability") == "online", "the start")
    until(lambda: one.says("cannot be reached"), "the loss")

    one.withdraw()

    until(lambda: one.has_said("could not be deleted (Connection refused)"), "the farewell")
    assert one.says("could not be deleted")
    one.stop()


def test_the_broker_says_it_when_the_program_is_killed(tmp_path: Path) -> None:
    port = free_port()
    code = (
        "import time\n"
        "from posture.clock import SystemClock\n"
        "from posture.publish.mqtt import MqttPublisher\n"
        "from posture.settings import MqttSettings\n"
        f"MqttPublisher(MqttSettings(port={port}), 'en', print, SystemClock()).start()\n"
        "time.sleep(60)\n"
    )
    with broker(tmp_path, port), Ear(port) as ear:
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL)
        until(lambda: ear.retained.get("posture/availability") == "online", "the start")
        process.kill()
        process.wait()
        until(lambda: ear.retained["posture/availability"] == "offline", "the last will")


def test_a_broker_that_comes_late_goes_and_comes_again(tmp_path: Path) -> None:
    port = free_port()
    one = Publishing(port)
    one.start()
    one.watch([status()])
    until(lambda: one.has_said("cannot be reached (Connection refused)"), "the trouble")
    for label in (Label.SLOUCH, Label.HEAD_DOWN):
        # What it missed meanwhile is not sent, but the newest state is.
        for passing in (Label.TOO_CLOSE, label):
            one.watch([status(label=passing)])
        with broker(tmp_path, port), Ear(port) as ear:
            until(lambda heard=ear: states(heard), "the state")  # type: ignore[misc]
            assert states(ear) == [label.value]
        until(lambda: one.says("cannot be reached"), "the loss")
    one.stop()

    # Within ten minutes a trouble is told once; `status` always knows.
    one.watch([])
    assert [line.partition(" ")[0] for line in one.told] == ["The", "Publishing"]


def test_a_name_is_looked_up_once_and_that_address_connected_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who answers for the network's names must not lead elsewhere after the check."""
    port, asked = free_port(), list[str]()
    answers = iter([resolving("127.0.0.1"), *[resolving("8.8.8.8")] * 9])
    real = socket.getaddrinfo

    def lookup(host: str, *given: Any, **more: Any) -> Any:
        if host != "hub.house":
            return real(host, *given, **more)
        asked.append(host)
        return next(answers)()

    with broker(tmp_path, port), Ear(port) as ear:
        monkeypatch.setattr(socket, "getaddrinfo", lookup)
        one = Publishing(port, host="hub.house")
        one.start()
        until(lambda: ear.retained.get("posture/availability") == "online", "the start")
        one.stop()
    assert asked == ["hub.house"]


@pytest.mark.parametrize(
    ("address", "tried"),
    [
        ("127.0.0.1", True), ("8.8.8.8", False), ("2001:4860:4860::8888", False),
        ("203.0.113.9", False),
    ],
)  # fmt: skip
def test_never_into_the_public_network(
    address: str, tried: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[object] = []

    def connect(where: object, *_: object, **__: object) -> socket.socket:
        calls.append(where)
        raise OSError("not in this test")

    monkeypatch.setattr(socket, "create_connection", connect)
    one = Publishing(1883, host=address)
    one.start()
    until(lambda: one.said, "the end of the attempt")
    one.stop()

    assert one.says("not on this computer or the local network") is not tried
    assert set(calls) == ({(address, 1883)} if tried else set())


@pytest.mark.parametrize(("tls", "warned"), [(False, "unencrypted"), (True, "with TLS")])
def test_another_computer_is_warned_of(
    tls: bool, warned: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(*_: object, **__: object) -> socket.socket:
        raise OSError("not in this test")

    monkeypatch.setattr(socket, "create_connection", connect)
    one = Publishing(1883, host="192.168.1.20", tls=tls)
    one.start()
    until(lambda: one.says("cannot be reached"), "the end of the attempt")
    one.stop()

    one.watch([])
    assert "leave this computer, for 192.168.1.20:1883" in one.told[0]
    assert warned in one.told[0]
    assert one.says(warned)


@pytest.mark.parametrize("by", ["file", "environment"])
def test_user_and_password(
    by: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    port = free_port()
    caplog.set_level(logging.DEBUG)
    users = tmp_path / "users"
    subprocess.run(["mosquitto_passwd", "-b", "-c", str(users), "desk", "secret"], check=True)
    users.chmod(0o644)
    tmp_path.chmod(0o755)

    def publisher(word: str) -> Publishing:
        if by == "environment":
            monkeypatch.setenv(VARIABLE, word)
            return Publishing(port, user="desk")
        return Publishing(port, user="desk", password_file=private(tmp_path / "mine", word + "\n"))

    lines = ("allow_anonymous false", f"password_file {users}", "user root")
    with broker(tmp_path, port, *lines), Ear(port, "desk", "secret") as ear:
        refused = publisher("wrong-guess")
        refused.start()
        until(lambda: refused.has_said("refuses: Not authorized"), "the refusal")
        refused.stop()
        assert ear.heard == []

        let_in = publisher("secret")
        let_in.start()
        until(lambda: ear.retained.get("posture/availability") == "online", "the start")
        let_in.stop()
    told = " ".join([*refused.told, *let_in.told, caplog.text, str(vars(let_in)["_settings"])])
    assert "secret" not in told
    assert "wrong-guess" not in told


def test_with_tls(tmp_path: Path) -> None:
    port = free_port()
    tmp_path.chmod(0o755)
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    lines = ("allow_anonymous true", f"certfile {certificate}", f"keyfile {key}", "user root")
    with broker(tmp_path, port, *lines):
        one = Publishing(port, host="localhost", tls=True, ca_file=str(certificate))
        one.start()
        until(lambda: one.says("Publishing"), "the connection")
        one.stop()

        # A certificate of another name, and one nobody vouches for.
        for doubtful in ({"host": "127.0.0.1", "ca_file": str(certificate)}, {"host": "localhost"}):
            strict = Publishing(port, tls=True, **doubtful)
            strict.start()
            until(lambda: strict.says("cannot be reached"), "the doubt")  # noqa: B023
            assert strict.says("certificate verify failed")
            strict.stop()


def test_files_that_cannot_be_used_are_said(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"mqtt\.password_file cannot be read"):
        Publishing(1, user="me", password_file=str(tmp_path / "none"))
    with pytest.raises(Misconfigured, match=r"mqtt\.ca_file is no certificate"):
        Publishing(1, tls=True, ca_file=str(tmp_path / "none"))
    open_to_all = tmp_path / "open"
    open_to_all.write_text("secret\n")
    open_to_all.chmod(0o644)
    with pytest.raises(Misconfigured, match=r"can be read by others.*chmod 600") as said:
        Publishing(1, user="me", password_file=str(open_to_all))
    assert "secret" not in str(said.value)


def mute(one: Callable[[], None]) -> float:
    began = time.monotonic()
    one()
    return time.monotonic() - began


def test_a_silent_host_holds_nobody_up() -> None:
    """A server that takes the connection and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        one = Publishing(server.getsockname()[1])
        one.start()
        held, _ = server.accept()
        steps = [
            mute(lambda second=second: one.watch([status(START.shifted(40 * second))]))  # type: ignore[misc]
            for second in range(200)
        ]
        assert max(steps) < 1
        assert mute(one.stop) < 5
        held.close()


def test_a_broker_that_stops_reading_holds_nobody_up(tmp_path: Path) -> None:
    """A stopped process keeps its connections; nothing piles up for it."""
    port = free_port()
    with broker(tmp_path, port) as process, Ear(port) as ear:
        one = Publishing(port, interval_s=1)
        one.start()
        until(lambda: ear.retained.get("posture/availability") == "online", "the start")
        process.send_signal(19)
        steps = [
            mute(lambda second=second: one.watch([status(START.shifted(2 * second))]))  # type: ignore[misc]
            for second in range(2000)
        ]
        assert max(steps) < 1
        process.send_signal(18)
        one.watch([status(START.shifted(9000), label=Label.UPRIGHT)])
        until(lambda: states(ear)[-1:] == ["upright"], "the newest state")
        one.stop()
