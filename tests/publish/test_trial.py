"""What the doctor says of those who are to be told."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from brokers import broker, free_port

from posture.cli import main
from posture.publish.trial import trials
from posture.settings import ActivityWatchSettings, MqttSettings, Settings


def test_a_broker_that_answers_and_one_that_does_not(tmp_path: Path) -> None:
    port = free_port()
    settings = Settings(mqtt=MqttSettings(enabled=True, port=port))
    with broker(tmp_path, port):
        (found,) = trials(settings)
        told = f"The MQTT broker localhost:{port} lets posture in."
        assert (found.what, found.do) == (told, None)
    (found,) = trials(settings)
    assert "cannot be reached" in found.what
    assert found.do == "Start it, or change mqtt.host and mqtt.port."


def test_a_broker_in_the_public_network_is_refused_uncalled() -> None:
    (found,) = trials(Settings(mqtt=MqttSettings(enabled=True, host="8.8.8.8")))
    assert "not on this computer or the local network" in found.what
    assert found.do == "Change mqtt.host."


class Info(BaseHTTPRequestHandler):
    answer: bytes

    def do_GET(self) -> None:
        assert self.path == "/api/0/info"
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.answer)))
        self.end_headers()
        self.wfile.write(self.answer)

    def log_message(self, *_: Any) -> None:
        """Quietly."""


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (json.dumps({"hostname": "desk", "version": "v0.13.2"}).encode(), "v0.13.2 answers"),
        (b"[]", "does not answer"),
        (b"hello", "does not answer"),
    ],
)
def test_activitywatch_or_something_else(
    answer: bytes, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Info, "answer", answer, raising=False)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Info)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        watch = ActivityWatchSettings(enabled=True, port=server.server_address[1])
        (found,) = trials(Settings(activitywatch=watch))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert what in found.what


def test_the_doctor_warns_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "posture").mkdir()
    (tmp_path / "posture" / "settings.toml").write_text(
        f"[activitywatch]\nenabled = true\nport = {free_port()}\n"
    )
    main(["doctor", "--json"])
    checks = {one["name"]: one for one in json.loads(capsys.readouterr().out)["checks"]}
    assert checks["publishing"]["verdict"] == "warn"
    assert "ActivityWatch does not answer" in checks["publishing"]["what"]
