"""What outlives a restart: the monitor's clocks and the neutral's drift, in one small file."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from posture.errors import OutputUnwritable
from posture.paths import write_own
from posture.plain_file import read_text

MEMORY_NAME = "memory.json"
_LARGEST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Remembered:
    """``monitor``: a snapshot of the monitor. ``drift``: measure → offset, for one calibration."""

    monitor: object = None
    drift: Mapping[str, float] = field(default_factory=dict)


class MemoryFile:
    """The file in the data directory. What cannot be read counts as forgotten."""

    def __init__(self, directory: Path, calibrated_us: int) -> None:
        self._path = directory / MEMORY_NAME
        self._calibrated_us = calibrated_us

    def recalibrated(self, calibrated_us: int) -> None:
        """The drift saved from now on belongs to a calibration made then."""
        self._calibrated_us = calibrated_us

    def load(self) -> Remembered:
        """What was saved; the drift only if it belongs to this calibration."""
        try:
            document = json.loads(read_text(self._path, _LARGEST_BYTES))
        except (OSError, ValueError, RecursionError):
            return Remembered()
        if not isinstance(document, dict):
            return Remembered()
        drift = document.get("drift")
        if document.get("calibrated_us") != self._calibrated_us or not isinstance(drift, dict):
            drift = {}
        return Remembered(
            document.get("monitor"),
            {
                name: float(value)
                for name, value in drift.items()
                if isinstance(value, int | float) and math.isfinite(value)
            },
        )

    def save(self, monitor: object, drift: Mapping[str, float]) -> bool:
        """Write everything; False when the disk does not take it (the run goes on)."""
        document = {
            "calibrated_us": self._calibrated_us,
            "drift": dict(drift),
            "monitor": monitor,
        }
        try:
            write_own(self._path, json.dumps(document))
        except OutputUnwritable:
            return False
        return True
