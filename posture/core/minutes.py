"""Minutes: judged readings in; out the measures of each minute of the wall clock."""

from __future__ import annotations

from posture.clock import US_PER_S, Instant
from posture.core.effects import MinuteMeasure, WriteMinute
from posture.core.metrics import MEASURES
from posture.core.reading import Reading

_MINUTE_US = 60 * US_PER_S


class Minutes:
    """Aggregates of one wall-clock minute at a time."""

    def __init__(self) -> None:
        self._minute: int | None = None
        self._readings: list[Reading] = []
        self._valid_s = 0.0
        self._last: Instant | None = None

    def see(self, reading: Reading, gap_s: float) -> list[WriteMinute]:
        """Take a reading of a user who is present and judged."""
        minute = reading.at.wall_us // _MINUTE_US
        done = [] if minute == self._minute else self.flush()
        self._minute = minute
        last = self._last
        if last is not None and reading.at - last <= gap_s:
            self._valid_s += max(reading.at - last, 0.0)
        self._last = reading.at
        self._readings.append(reading)
        return done

    def lose(self) -> None:
        """The next reading does not continue the last one."""
        self._last = None

    def flush(self) -> list[WriteMinute]:
        """The minute so far."""
        if self._minute is None or not self._readings:
            return []
        scores = [r.score for r in self._readings if r.score is not None]
        measures: dict[str, MinuteMeasure] = {}
        for measure in MEASURES:
            values = [v for r in self._readings if (v := r.metrics.get(measure)) is not None]
            if values:
                measures[measure] = aggregate(values)
        told = WriteMinute(
            self._minute * _MINUTE_US,
            measures,
            aggregate(scores) if scores else None,
            round(min(self._valid_s, 60.0), 3),
        )
        self._readings, self._valid_s, self._minute = [], 0.0, None
        return [told]


def aggregate(values: list[float]) -> MinuteMeasure:
    """Median, 10th and 90th percentile (linear between neighbours) of one or more values."""
    ordered = sorted(values)

    def at(share: float) -> float:
        place = share * (len(ordered) - 1)
        low = int(place)
        high = min(low + 1, len(ordered) - 1)
        return ordered[low] + (ordered[high] - ordered[low]) * (place - low)

    return MinuteMeasure(at(0.5), at(0.1), at(0.9), len(ordered))
