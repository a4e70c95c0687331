"""How requests to the running monitor are understood and answered. No sockets here.

One request is one JSON object on one line, and so is its answer:
``{"do": "pause", "seconds": 900}`` →
``{"ok": true, "did": "pause", "seconds": 900, "text": "Paused for 15 min.", …}``.
"""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from posture.clock import Clock, Instant
from posture.core.effects import Answered, Effect
from posture.core.inputs import Action, ActionKind
from posture.desktop.answers import came_of, passed_on
from posture.desktop.wishes import Command, CommandKind, Sink, Wish

MAX_BYTES = 4096  # chosen: the longest request is a tenth of it
MAX_SECONDS = 7 * 86400.0  # chosen: a longer pause is an uninstall
BURST = 20  # chosen
PER_SECOND = 10.0  # chosen: a script in a loop is slowed, a hand never is
PATIENCE_S = 3.0  # chosen: for the monitor to say what came of a wish
TIMEOUT_S = 5.0  # chosen: for one side of the channel to wait for the other

STATUS = "status"
_KINDS: Mapping[str, ActionKind | CommandKind] = {
    **{kind.value: kind for kind in ActionKind},
    "stop": CommandKind.QUIT,
    "recalibrate": CommandKind.RECALIBRATE,
    "report": CommandKind.REPORT,
    "preview": CommandKind.PREVIEW,
}
_TIMED = frozenset({ActionKind.PAUSE, ActionKind.SNOOZE})


class Misunderstood(ValueError):
    """A request that cannot be; the text says why."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: the status, or a wish."""

    do: str
    wish: Wish | None = None


def read_request(line: bytes) -> Request:
    """Understand one line. Raises :class:`Misunderstood`."""
    try:
        document: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Misunderstood("the request is no JSON") from error
    if not isinstance(document, dict):
        raise Misunderstood("the request is no JSON object")
    unknown = document.keys() - {"do", "seconds"}
    if unknown:
        raise Misunderstood(f"the request has an unknown part: {sorted(unknown)[0][:40]!r}")
    do = document.get("do")
    if do == STATUS:
        return Request(STATUS)
    if not isinstance(do, str) or do not in _KINDS:
        raise Misunderstood(f"nobody can {str(do)[:40]!r} here")
    kind = _KINDS[do]
    seconds = document.get("seconds")
    if seconds is not None:
        if kind not in _TIMED:
            raise Misunderstood(f"{do} takes no seconds")
        if not _is_length(seconds):
            raise Misunderstood(f"seconds must be a number above 0 and up to {MAX_SECONDS:g}")
        seconds = float(seconds)
    return Request(do, Wish(kind, seconds=seconds))


def _is_length(value: object) -> bool:
    # A NaN is not above 0, and no integer is too long to be compared.
    return type(value) in {int, float} and 0 < value <= MAX_SECONDS  # type: ignore[operator]


class Reception:
    """Answers requests, from any thread: the newest status, or a wish put into *sink*."""

    def __init__(self, sink: Sink, clock: Clock, *, patience_s: float = PATIENCE_S) -> None:
        self._sink = sink
        self._patience_s = patience_s
        self._waiting: dict[int, queue.SimpleQueue[Answered]] = {}
        self._clock = clock
        self._status: Callable[[], Mapping[str, object]] | None = None
        self._lock = threading.Lock()
        self._allowance = float(BURST)
        self._asked: Instant | None = None

    def publish(self, status: Callable[[], Mapping[str, object]]) -> None:
        """Answer with *status* from now on: made when somebody asks, in another thread, so of
        nothing that changes; to be written as JSON.
        """
        self._status = status

    def watch(self, effects: Sequence[Effect]) -> None:
        """Take what the monitor says came of the wishes."""
        for effect in effects:
            if isinstance(effect, Answered):
                waiting = self._waiting.get(id(effect.action))
                if waiting is not None:
                    waiting.put(effect)

    def answer(self, line: bytes) -> bytes:
        """The answer to one line, with its line end. Never raises.

        Waits for the monitor, so not for a thread that must not stand still.
        """
        return json.dumps(self._answer(line), ensure_ascii=False).encode() + b"\n"

    def _answer(self, line: bytes) -> Mapping[str, object]:
        now = self._clock.now()
        if not self._admitted(now):
            return refusal("too many requests; try again in a second")
        if len(line) > MAX_BYTES:
            return refusal("the request is too long")
        try:
            request = read_request(line)
        except Misunderstood as error:
            return refusal(str(error))
        if request.wish is None:
            return self._status_answer()
        done: dict[str, object] = {"ok": True, "did": request.do}
        if request.wish.seconds is not None:
            done["seconds"] = request.wish.seconds
        return done | passed_on(request.do) | self._hand_over(request.wish.at(now))

    def _hand_over(self, desire: Action | Command) -> dict[str, object]:
        """Pass *desire* on; what the monitor says came of it, nothing when it does not say."""
        if isinstance(desire, Command) or self._patience_s <= 0:
            self._sink.put(desire)
            return {}
        waiting: queue.SimpleQueue[Answered] = queue.SimpleQueue()
        self._waiting[id(desire)] = waiting
        try:
            self._sink.put(desire)
            return came_of(waiting.get(timeout=self._patience_s))
        except queue.Empty:
            return {}
        finally:
            del self._waiting[id(desire)]

    def _status_answer(self) -> Mapping[str, object]:
        if self._status is None:
            return refusal("the monitor is still starting")
        return {"ok": True, "did": STATUS, "status": self._status()}

    def _admitted(self, now: Instant) -> bool:
        with self._lock:
            if self._asked is not None:
                earned = max(0.0, now - self._asked) * PER_SECOND
                self._allowance = min(float(BURST), self._allowance + earned)
            self._asked = now
            if self._allowance < 1.0:
                return False
            self._allowance -= 1.0
            return True


def refusal(why: str) -> dict[str, object]:
    """The answer that says no."""
    return {"ok": False, "error": why}
