"""When a state is worth publishing. Pure."""

from __future__ import annotations

from posture.clock import Instant
from posture.publish.state import State


class Pace:
    """A new word at once; figures, and signs of life, every *interval_s* seconds."""

    def __init__(self, interval_s: float) -> None:
        self._interval_s = interval_s
        self._told: State | None = None
        self._told_at: Instant | None = None

    def due(self, state: State, now: Instant) -> bool:
        """Is *state* to be published now? It then counts as told."""
        due = (
            self._told is None
            or self._told_at is None
            or state.words != self._told.words
            or now - self._told_at >= self._interval_s
        )
        if due:
            self._told, self._told_at = state, now
        return due
