"""JSON over HTTP to a server on this computer, and to none other."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping

LOOPBACK = "127.0.0.1"
_TIMEOUT_S = 3.0  # chosen


class Unanswered(OSError):
    """No answer, or another than hoped for, with that ``status``."""

    def __init__(self, why: str, status: int | None = None) -> None:
        super().__init__(why)
        self.status = status


def post(port: int, path: str, body: Mapping[str, object], *, fine: tuple[int, ...]) -> None:
    """Post *body* to *path*. Raises :class:`Unanswered` unless the status is in *fine*."""
    answer, _ = _ask(port, "POST", path, _TIMEOUT_S, json.dumps(body))
    if answer.status not in fine:
        raise Unanswered(f"HTTP {answer.status} {answer.reason}", answer.status)


def get(port: int, path: str, timeout_s: float) -> bytes:
    """What is at *path*, whatever the status. Raises :class:`Unanswered`."""
    return _ask(port, "GET", path, timeout_s)[1]


def _ask(
    port: int, method: str, path: str, timeout_s: float, body: str | None = None
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=timeout_s)
    headers = {} if body is None else {"Content-Type": "application/json"}
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer, answer.read()
    except (OSError, http.client.HTTPException) as error:
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise Unanswered(why) from error
    finally:
        connection.close()
