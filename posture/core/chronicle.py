"""Chronicle: what happened, as events for people and as spans for the journal."""

from __future__ import annotations

from dataclasses import dataclass

from posture.clock import Instant
from posture.core.effects import (
    Activity,
    Effect,
    PostureChanged,
    PresenceChanged,
    SittingChanged,
    SpanKind,
    WriteSpan,
)
from posture.core.faults import Fault
from posture.core.metrics import MEASURES, Metrics
from posture.core.minutes import Minutes
from posture.core.moments import later
from posture.core.reading import Label, Presence
from posture.core.senses import Situation

# A growing span is written anew this often; with the journal's own pace a crash costs 10 s.
GROW_S = 5.0
# The same for another reason is a span of its own once the reason has lasted (chosen): in the
# dark, reasons may come and go with every picture.
REASON_HOLD_S = 10.0


@dataclass(slots=True)
class _Track:
    """One kind of span: what holds, since when, until when it is known."""

    kind: SpanKind
    value: str | None = None
    reason: str | None = None
    worst: str | None = None
    began: Instant | None = None
    written: Instant | None = None
    other_reason: str | None = None
    other_since: Instant | None = None

    def turn(
        self, value: str | None, since: Instant, reason: str | None = None
    ) -> list[WriteSpan] | None:
        """*value* holds since *since* (clamped); None when that is no news."""
        if value == self.value:
            return None
        began = since if self.began is None else later(since, self.began)
        closed: list[WriteSpan] = []
        if self.value is not None and self.began is not None and began.mono > self.began.mono:
            closed = self.write(began)
        self.value, self.reason, self.worst, self.began = value, reason, None, began
        self.written = self.other_since = None
        return closed

    def explain(self, reason: str | None, now: Instant) -> list[WriteSpan]:
        """What holds goes on; the span that ends when it does so for another *reason*."""
        if reason == self.reason:
            self.other_since = None
            return []
        if self.other_since is None or reason != self.other_reason:
            self.other_reason, self.other_since = reason, now
        began = self.other_since
        if now - began < REASON_HOLD_S:
            return []
        closed = self.write(began)
        self.reason, self.began = reason, began
        self.written = self.other_since = None
        return closed

    def write(self, ended: Instant) -> list[WriteSpan]:
        """The span up to *ended*."""
        if self.value is None or self.began is None:
            return []
        self.written = ended
        ended = later(ended, self.began)
        return [WriteSpan(self.kind, self.value, self.began, ended, self.reason, self.worst)]

    def grown(self, now: Instant) -> list[WriteSpan]:
        """The span up to *now*, when it is time to write it."""
        if self.written is not None and now - self.written < GROW_S:
            return []
        return self.write(now)

    def relabel(self, old: Instant, new: Instant) -> list[WriteSpan]:
        """The wall clock was set: close under the old time, go on under the new."""
        closed = self.write(old)
        if self.began is not None:
            self.began, self.written, self.other_since = new, None, None
        return closed


class Chronicle:
    """Turns what holds into events and spans. Every effect tells since when it held."""

    def __init__(self) -> None:
        self.presence = _Track(SpanKind.PRESENCE)
        self.posture = _Track(SpanKind.POSTURE)
        self.activity = _Track(SpanKind.ACTIVITY)
        self.near = _Track(SpanKind.NEAR_WORK)
        self.silence = _Track(SpanKind.SILENCE)
        self.camera = _Track(SpanKind.CAMERA)
        self.minutes = Minutes()

    @property
    def _tracks(self) -> tuple[_Track, ...]:
        return (self.presence, self.posture, self.activity, self.near, self.silence, self.camera)

    def situation(
        self, now: Instant, situation: Situation, metrics: Metrics | None
    ) -> list[Effect]:
        """Presence and posture as of *now*."""
        effects: list[Effect] = []
        value = situation.presence
        closed = self.presence.turn(value, situation.since, situation.reason)
        if closed is not None:
            began = self.presence.began or now
            effects += closed
            effects.append(PresenceChanged(now, Presence(value), began, situation.reason))
        else:
            effects += self.presence.explain(situation.reason, now)
        label = situation.label
        closed = self.posture.turn(label, later(situation.label_since, situation.since))
        if closed is not None:
            began = self.posture.began or now
            effects += closed
            shown = {} if metrics is None else rounded(metrics)
            effects.append(PostureChanged(now, Label(label), began, shown))
        return effects

    def sitting(
        self, now: Instant, activity: Activity, since: Instant, sitting_s: float
    ) -> list[Effect]:
        """What the body does as of *now*."""
        closed = self.activity.turn(activity, since)
        if closed is None:
            return []
        began = self.activity.began or now
        return [*closed, SittingChanged(now, activity, began, sitting_s)]

    def blame(self, fault: Fault | None) -> None:
        """Remember the worst measure of the posture that holds."""
        if fault is not None:
            self.posture.worst = fault.main

    def note(
        self, track: _Track, value: str | None, since: Instant, reason: str | None = None
    ) -> list[Effect]:
        """A span that needs no event of its own."""
        closed = track.turn(value, since, reason)
        return [*(track.explain(reason, since) if closed is None else closed)]

    def grow(self, now: Instant) -> list[Effect]:
        """Write what has grown."""
        return [span for track in self._tracks for span in track.grown(now)]

    def close(self, now: Instant) -> list[Effect]:
        """Write everything up to *now*: the monitor ends."""
        return [span for track in self._tracks for span in track.write(now)]

    def relabel(self, old: Instant, new: Instant) -> list[Effect]:
        """The wall clock was set between *old* and *new*, the same moment on both clocks."""
        spans: list[Effect] = [span for t in self._tracks for span in t.relabel(old, new)]
        return [*spans, *self.minutes.flush()]


def rounded(metrics: Metrics) -> dict[str, float]:
    """The measures with a value, to a tenth: all that can be told."""
    return {m: round(v, 1) for m in MEASURES if (v := metrics.get(m)) is not None}
