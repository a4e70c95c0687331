"""Whatever the file says of publishers: it is refused in one line, or said in words, or works."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path
from typing import Any

import pytest
from brokers import broker, free_port, until
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from test_states import status

from posture.clock import SystemClock
from posture.errors import SettingsError
from posture.publish import mqtt
from posture.publish.discovery import availability_topic, configurations, state_topic
from posture.publish.publishers import publishers
from posture.settings import MqttSettings, Settings
from posture.settings_file import parse

fuzzed = settings(
    max_examples=60, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
LONG = "x" * 70_000
HOSTS = [
    "localhost",
    "127.0.0.1",
    "::1",
    "",
    ".",
    "a..b",
    "x" * 300,
    "8.8.8.8",
    "hub.house",
    "ü" * 64,
]
TEXTS = st.text(max_size=12) | st.sampled_from(["", LONG, "~", "~nobody/x", "/", "/dev/zero", "ü"])
ANY = st.fixed_dictionaries(
    {},
    optional={
        "host": st.sampled_from(HOSTS) | st.text(max_size=12),
        "port": st.integers(-1, 70_000),
        "user": TEXTS,
        "password_file": TEXTS,
        "tls": st.booleans(),
        "ca_file": TEXTS,
        "topic": TEXTS,
        "discovery_prefix": TEXTS,
        "interval_s": st.floats() | st.integers(-1, 700),
    },
)


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """No name is asked of a network, no connection leaves; what would have been connected to."""
    tried: list[str] = []
    real = socket.getaddrinfo

    def lookup(host: str, *given_: Any, **more: Any) -> Any:
        if host == "localhost":
            host = "127.0.0.1"
        return real(host, *given_, **more | {"flags": socket.AI_NUMERICHOST})

    def connect(where: tuple[str, int], *_: Any, **__: Any) -> socket.socket:
        tried.append(where[0])
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(socket, "create_connection", connect)
    return tried


def toml(values: dict[str, Any]) -> str:
    lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    text = "\n".join(["[mqtt]", "enabled = true", *lines])
    return text.replace("Infinity", "inf").replace("NaN", "nan")


def accepted(values: dict[str, Any]) -> Settings | None:
    """None where they are refused; test_fuzz_files looks at the words."""
    try:
        return parse(toml(values), "settings.toml")
    except SettingsError:
        return None


@fuzzed
@given(ANY)
@example({"host": ""})
@example({"host": "a..b"})
@example({"user": LONG})
@example({"topic": LONG})
@example({"tls": True, "host": ".x"})
@example({"tls": True, "ca_file": "/"})
@example({"password_file": "/"})
@example({"host": "127.0.0.1", "port": 65535, "interval_s": 600})
def test_it_is_refused_or_said(outside: list[str], values: dict[str, Any]) -> None:
    outside.clear()
    chosen = accepted(values)
    if chosen is None:
        return
    told: list[str] = []
    made = publishers(chosen, "en", told.append, SystemClock())
    for one in made.values():
        one.start()
        one.watch([status()])
        until(lambda: one.said, "what it says")  # noqa: B023
        one.stop()
        one.watch([])
    assert len(told) == 1, told
    assert told[0].isprintable()
    assert set(outside) <= {"127.0.0.1", "::1"} or values["host"] not in HOSTS


@fuzzed
@given(
    st.from_regex(r"[\w.-]+(/[\w.-]+)*", fullmatch=True).filter(lambda text: len(text) <= 200),
    st.floats(1, 600),
)
@example("posture", 30.0)
def test_every_topic_can_be_published_to_and_discovered(topic: str, interval_s: float) -> None:
    MqttSettings(topic=topic, interval_s=interval_s)
    told = configurations(topic, "homeassistant", "en", interval_s)

    for one in (state_topic(topic), availability_topic(topic), *told):
        assert not set("+#\0") & set(one)
        assert "//" not in one
        assert not one.startswith(("/", "$"))
    # Only these letters in node and object; a whole number of seconds, well above the interval.
    for name, what in told.items():
        assert re.fullmatch(r"homeassistant/\w+/[a-zA-Z0-9_-]+/[a-zA-Z0-9_-]+/config", name)
        assert json.loads(json.dumps(what)) == what
        assert isinstance(what["expire_after"], int)
        assert what["expire_after"] >= 2 * interval_s


@pytest.mark.parametrize(
    "strange",
    [{"user": LONG}, {"topic": "ü" * 200}, {"topic": "büro/天"}],
    ids=["user", "topic", "letters"],
)
def test_a_real_broker_and_strange_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, strange: dict[str, str]
) -> None:
    monkeypatch.setattr(mqtt, "_RETRY_MIN_S", 0.05)
    port = free_port()
    chosen = parse(toml({"port": port, **strange}), "settings.toml")
    with broker(tmp_path, port):
        (one,) = publishers(chosen, "en", print, SystemClock()).values()
        one.start()
        until(lambda: one.said, "what it says")
        works = one.said is not None and one.said.startswith("Publishing")
        assert works is (LONG not in strange.values())
        one.stop()
