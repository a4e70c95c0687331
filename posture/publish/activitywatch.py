"""Spans to the ActivityWatch server of this computer, while they last.

Documented at docs.activitywatch.net (REST API): ``POST /api/0/buckets/<id>`` creates a bucket,
``POST /api/0/buckets/<id>/heartbeat?pulsetime=<s>`` adds an event or lengthens the last one.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Sequence
from functools import partial
from urllib.parse import quote

from posture.clock import Clock, local_zone
from posture.core.effects import Effect, WriteSpan
from posture.journal.activitywatch import CLIENT, LANES, bucket_type, event, span_data
from posture.journal.texts import Words
from posture.publish.account import Account
from posture.publish.heartbeats import Heartbeat, Heartbeats
from posture.publish.loopback_http import LOOPBACK, Unanswered, post
from posture.publish.words import say
from posture.settings import ActivityWatchSettings

# Only what follows at once continues an event: two equal ones may lie apart.
_PULSETIME_S = 1.0
_RETRY_S = 30.0
# Some days of spans while the server is away (chosen); the log has them all.
_MAX_WAITING = 2000
_FAREWELL_S = 2.0


class ActivityWatchBridge:
    """Writes heartbeats from a thread of its own. ``tell``: one line to the user, while watching.

    ``host_name``: of this computer, as ActivityWatch knows it. ``retry_s``: rest after a failure.
    """

    def __init__(
        self,
        settings: ActivityWatchSettings,
        language: str,
        tell: Callable[[str], None],
        clock: Clock,
        host_name: str,
        *,
        retry_s: float = _RETRY_S,
    ) -> None:
        self._port = settings.port
        self._language = language
        self._account = Account(tell, clock)
        self._host_name = host_name
        self._retry_s = retry_s
        self._words = Words(language, local_zone())
        self._beats = Heartbeats(LANES)
        self._waiting: queue.Queue[Heartbeat | None] = queue.Queue(_MAX_WAITING)
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._work, name="activitywatch", daemon=True)

    @property
    def said(self) -> str | None:
        """How it fares, in words; None before the first attempt, and once it is switched off."""
        return None if self._leaving.is_set() else self._account.said

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def watch(self, effects: Sequence[Effect]) -> None:
        """Take the spans among *effects*, and tell the user how it fares."""
        self._account.pass_on()
        if self._leaving.is_set():
            return
        for effect in effects:
            if isinstance(effect, WriteSpan):
                for beat in self._beats.take(effect):
                    self._keep(beat)

    def withdraw(self) -> None:
        """End for good; what is written already is the user's, in ActivityWatch."""
        self._leave()
        where = f"{LOOPBACK}:{self._port}"
        self._account.warn(say(self._language, "activitywatch.withdrawn", where=where))

    def stop(self) -> None:
        """Write what is left, if the server is there."""
        self._leave()
        self._thread.join(_FAREWELL_S)

    def _leave(self) -> None:
        if self._leaving.is_set():
            return
        for beat in self._beats.close():
            self._keep(beat)
        self._leaving.set()
        self._keep(None)

    def _keep(self, beat: Heartbeat | None) -> None:
        with contextlib.suppress(queue.Full):
            self._waiting.put_nowait(beat)

    def _work(self) -> None:
        ready = self._insist(self._create_buckets)
        while ready and (beat := self._waiting.get()) is not None:
            send = partial(self._send, beat)
            # A bucket may have been deleted meanwhile.
            ready = self._reached(send) or self._insist(partial(self._create_and, send))

    def _insist(self, ask: Callable[[], None]) -> bool:
        """Ask until it is answered; False when the program ends first."""
        while not self._reached(ask):
            if self._leaving.wait(self._retry_s):
                return False
        return True

    def _create_and(self, send: Callable[[], None]) -> None:
        self._create_buckets()
        try:
            send()
        except Unanswered as error:
            if error.status is None:
                raise
            # It is there and will not have this one: the next may fit.

    def _reached(self, ask: Callable[[], None]) -> bool:
        where = f"{LOOPBACK}:{self._port}"
        try:
            ask()
        except Unanswered as error:
            self._account.trouble(
                say(self._language, "activitywatch.trouble", where=where, why=error)
            )
            return False
        self._account.fine(say(self._language, "activitywatch.connected", where=where))
        return True

    def _create_buckets(self) -> None:
        for kind in LANES:
            body = {
                "client": CLIENT,
                "type": bucket_type(kind),
                "hostname": self._host_name,
            }
            # 304: it is there already.
            post(self._port, f"/api/0/buckets/{self._bucket(kind)}", body, fine=(200, 304))

    def _send(self, beat: Heartbeat) -> None:
        span = beat.span
        title = self._words.name(LANES[span.kind], span.value)
        path = f"/api/0/buckets/{self._bucket(span.kind)}/heartbeat?pulsetime={_PULSETIME_S:g}"
        body = event(span.began_us, beat.seconds, span_data(title, span.value, span.reason))
        post(self._port, path, body, fine=(200,))

    def _bucket(self, kind: str) -> str:
        # Apart from the buckets of an exported log, which an import would refuse to mix.
        return quote(f"{CLIENT}-live-{kind}_{self._host_name}", safe="")
