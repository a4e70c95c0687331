"""The audit as it is: the real pip-audit, before a service that knows of weaknesses."""

from __future__ import annotations

import importlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Service(ThreadingHTTPServer):
    """Answers as OSV does (https://google.github.io/osv.dev/post-v1-query)."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.weaknesses: dict[str, list[dict[str, Any]]] = {}
        self.asked: dict[str, str] = {}

    @property
    def options(self) -> list[str]:
        """What makes pip-audit ask this service."""
        url = f"http://127.0.0.1:{self.server_port}/v1/query"
        return ["--vulnerability-service", "osv", "--osv-url", url]

    def know(self, name: str, weakness: str, mended: str | None) -> None:
        """Know of a weakness of *name* in all versions before *mended*."""
        events = [{"introduced": "0"}] + ([{"fixed": mended}] if mended else [])
        affected = {
            "package": {"name": name, "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": events}],
            "versions": [version(name)],
        }
        told = {"id": weakness, "summary": "It is weak.", "affected": [affected]}
        self.weaknesses.setdefault(name, []).append(told)


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        """One package and version in, its weaknesses out."""
        query = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        name = query["package"]["name"]
        self.server.asked[name] = query["version"]
        found = self.server.weaknesses.get(name)
        answer = json.dumps({"vulns": found} if found else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[Service]:
    with Service() as service:
        threading.Thread(target=service.serve_forever, daemon=True).start()
        yield service
        service.shutdown()


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    monkeypatch.chdir(ROOT)
    return importlib.import_module("check")


def test_every_package_of_a_user_is_asked_for(check: ModuleType, service: Service) -> None:
    check.audit(*service.options)
    for name in ("mediapipe", "opencv-python", "numpy", "pystray", "pillow"):
        assert service.asked[name] == version(name)


def test_a_weakness_the_service_knows_fails_the_audit(check: ModuleType, service: Service) -> None:
    service.know("pillow", "PYSEC-2026-1", mended="999.0")
    service.know("click", "PYSEC-2026-2", mended=None)
    # Users do not install this one.
    service.know("pytest", "PYSEC-2026-3", mended="999.0")
    with pytest.raises(check.StepFailedError) as failed:
        check.audit(*service.options)
    assert sorted(str(failed.value).splitlines()) == [
        f"click {version('click')}: PYSEC-2026-2, mended in no version yet",
        f"pillow {version('pillow')}: PYSEC-2026-1, mended in 999.0",
    ]


def test_a_service_that_is_not_there_passes_the_audit_over(
    check: ModuleType, service: Service
) -> None:
    nowhere = service.options
    service.server_close()
    with pytest.raises(check.PassedOver, match="pip-audit did not work"):
        check.audit(*nowhere)
