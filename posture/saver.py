"""Statuses come in; what outlives a restart is written now and then."""

from __future__ import annotations

from collections.abc import Sequence

from posture.clock import Instant
from posture.core.effects import Effect, Status
from posture.core.monitor import Monitor
from posture.core.reader import Reader
from posture.memory_file import MemoryFile

# A crash loses less than this. Chosen.
_SAVE_EVERY_S = 60.0


class Saver:
    """Writes the monitor's memory now and then."""

    def __init__(self, memory: MemoryFile, monitor: Monitor, reader: Reader) -> None:
        self._memory = memory
        self._monitor = monitor
        self._reader = reader
        self._saved: Instant | None = None

    def watch(self, effects: Sequence[Effect]) -> None:
        """Save when it is time."""
        for effect in effects:
            if isinstance(effect, Status) and (
                self._saved is None or effect.at - self._saved >= _SAVE_EVERY_S
            ):
                self._saved = effect.at
                self.save()

    def save(self) -> None:
        """Save now."""
        self._memory.save(self._monitor.snapshot(), self._reader.drift)
