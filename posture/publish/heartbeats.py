"""Growing spans as heartbeats that a timeline can lay end to end. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from posture.clock import US_PER_S
from posture.core.effects import SpanKind, WriteSpan
from posture.journal.rows import Span, row_of

# A server cannot take back time, and a span may yet end earlier than told: tell it this much late.
LAG_S = 30.0
# A growing span is told anew so often.
EVERY_S = 30.0


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A span as far as it is certain."""

    span: Span
    seconds: float


class Heartbeats:
    """Turns the written spans of *kinds* into heartbeats, oldest first within each kind."""

    def __init__(self, kinds: Iterable[SpanKind]) -> None:
        self._latest: dict[SpanKind, Span | None] = dict.fromkeys(kinds)
        self._told_s: dict[SpanKind, float] = {}

    def take(self, effect: WriteSpan) -> list[Heartbeat]:
        """What is certain now that *effect* was written."""
        if effect.kind not in self._latest:
            return []
        span = row_of(effect)
        if not isinstance(span, Span):
            return []
        before = self._latest[span.kind]
        done: list[Heartbeat] = []
        if before is None or before.began_us != span.began_us:
            done += self._whole(before)
            self._told_s[span.kind] = 0.0
        self._latest[span.kind] = span
        certain_s = span.seconds - LAG_S
        if certain_s - self._told_s[span.kind] >= EVERY_S:
            self._told_s[span.kind] = certain_s
            done.append(Heartbeat(span, certain_s))
        return done

    def close(self) -> list[Heartbeat]:
        """The rest: the monitor ends."""
        rest = [beat for span in self._latest.values() for beat in self._whole(span)]
        self._latest = dict.fromkeys(self._latest)
        return rest

    def _whole(self, span: Span | None) -> list[Heartbeat]:
        if span is None or span.ended_us - span.began_us < US_PER_S:
            return []
        return [Heartbeat(span, span.seconds)]
