"""Spans in a server that keeps ActivityWatch's documented rules."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from brokers import free_port, until
from test_states import START

from posture.clock import SystemClock
from posture.core.effects import SpanKind, WriteSpan
from posture.publish.activitywatch import ActivityWatchBridge
from posture.settings import ActivityWatchSettings

EVENT = {"timestamp", "duration", "data"}


class Server(ThreadingHTTPServer):
    """aw-server's REST API as docs.activitywatch.net and aw-core's schemas have it."""

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.buckets: dict[str, dict[str, Any]] = {}
        self.refused: list[str] = []

    def create(self, name: str, body: dict[str, Any]) -> int:
        if name in self.buckets:
            return 304
        if set(body) != {"client", "type", "hostname"}:
            return 400
        self.buckets[name] = {**body, "id": name, "events": []}
        return 200

    def heartbeat(self, name: str, body: dict[str, Any], pulsetime: float) -> int:
        """``aw_transform.heartbeat_merge``."""
        if name not in self.buckets:
            return 404
        if set(body) != EVENT or not isinstance(body["data"], dict) or body["duration"] < 0:
            return 400
        began = datetime.fromisoformat(body["timestamp"])
        if began.utcoffset() is None:
            return 400
        events = self.buckets[name]["events"]
        last = events[-1] if events else None
        if last is not None and last["data"] == body["data"]:
            last_began = datetime.fromisoformat(last["timestamp"])
            until_ = last_began + timedelta(seconds=last["duration"] + pulsetime)
            if last_began <= began <= until_:
                longer = (began - last_began).total_seconds() + body["duration"]
                last["duration"] = max(last["duration"], longer)
                return 200
        events.append(body)
        return 200


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = json.loads(self.rfile.read(length))
        parts = urlsplit(self.path)
        words = [unquote(word) for word in parts.path.split("/")[1:]]
        status = 404
        if self.headers["Content-Type"] == "application/json" and words[:3] == [
            "api",
            "0",
            "buckets",
        ]:
            if len(words) == 4:
                status = self.server.create(words[3], body)
            elif words[4:] == ["heartbeat"]:
                pulsetime = float(parse_qs(parts.query)["pulsetime"][0])
                status = self.server.heartbeat(words[3], body, pulsetime)
        if status >= 400:
            self.server.refused.append(self.path)
        self.send_response(status)
        answer = b"" if status == 304 else b"{}"
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        """Quietly."""


@contextmanager
def serving(port: int) -> Iterator[Server]:
    server = Server(port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def bridge(port: int, said: list[str]) -> ActivityWatchBridge:
    settings = ActivityWatchSettings(enabled=True, port=port)
    return ActivityWatchBridge(settings, "en", said.append, SystemClock(), "desk", retry_s=0.05)


def written(kind: SpanKind, value: str, began_s: float, ended_s: float) -> list[WriteSpan]:
    """As the monitor writes a span: when it opens, every five seconds, and when it closes."""
    began = START.shifted(began_s)
    ends = [*range(int(began_s) + 5, int(ended_s), 5), ended_s]
    return [WriteSpan(kind, value, began, START.shifted(end)) for end in ends]


def lane(server: Server, kind: str) -> list[tuple[str, float, float]]:
    start = datetime.fromisoformat("2026-03-02T08:00:00+00:00")
    return [
        (
            event["data"]["value"],
            (datetime.fromisoformat(event["timestamp"]) - start).total_seconds(),
            event["duration"],
        )
        for event in server.buckets[f"posture-live-{kind}_desk"]["events"]
    ]


def test_the_timeline_is_the_log() -> None:
    port, said = free_port(), list[str]()
    with serving(port) as server:
        one = bridge(port, said)
        one.start()
        for began, ended, value in ((0, 600, "sitting"), (600, 700, "away"), (760, 900, "away")):
            one.watch(written(SpanKind.ACTIVITY, value, began, ended))
        one.watch(written(SpanKind.POSTURE, "slouch", 5, 400))
        one.stop()
        one.watch([])

        assert lane(server, "activity") == [
            ("sitting", 0, 600), ("away", 600, 100), ("away", 760, 140),
        ]  # fmt: skip
        assert lane(server, "posture") == [("slouch", 5, 395)]
        assert server.buckets["posture-live-activity_desk"]["type"] == "posture.activity"
        assert server.buckets["posture-live-posture_desk"]["events"][0]["data"] == {
            "title": "slouched", "value": "slouch",
        }  # fmt: skip
        assert server.refused == []
    assert said == [f"Writing activity and posture to ActivityWatch at 127.0.0.1:{port}."]


def test_switched_off_it_writes_what_was_and_nothing_more() -> None:
    port, said = free_port(), list[str]()
    with serving(port) as server:
        one = bridge(port, said)
        one.start()
        one.watch(written(SpanKind.ACTIVITY, "sitting", 0.0, 60.0))
        one.withdraw()
        one.watch(written(SpanKind.ACTIVITY, "away", 60.0, 120.0))
        one.stop()
        assert lane(server, "activity") == [("sitting", 0.0, 60.0)]
    assert said[-1] == f"Nothing is written to ActivityWatch at 127.0.0.1:{port} any more."
    assert one.said is None


def test_a_server_that_comes_late_and_forgets_is_told_all() -> None:
    port, said = free_port(), list[str]()
    one = bridge(port, said)
    one.start()
    one.watch(written(SpanKind.ACTIVITY, "sitting", 0, 600))
    until(lambda: one.said, "the trouble")
    one.watch([])
    assert "cannot be reached" in said[0]

    with serving(port) as server:
        until(lambda: server.buckets.get("posture-live-activity_desk", {}).get("events"), "events")
        server.buckets.clear()
        one.watch(written(SpanKind.ACTIVITY, "away", 600, 700))
        one.stop()

        assert lane(server, "activity") == [("sitting", 0, 600), ("away", 600, 100)]


def test_no_server_holds_nobody_up() -> None:
    one = bridge(free_port(), [])
    one.start()
    one.watch(written(SpanKind.ACTIVITY, "sitting", 0, 600))
    began = time.monotonic()
    one.stop()

    assert time.monotonic() - began < 2
