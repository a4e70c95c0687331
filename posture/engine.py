"""The engine as a driver uses it: any input in, effects out, on stretched time where wanted."""

from __future__ import annotations

from dataclasses import replace

from posture.clock import Instant, ScaledClock
from posture.core.effects import Effect, ShowReminder
from posture.core.inputs import Delivered, Input
from posture.core.landmarks import Landmarks
from posture.core.monitor import Monitor
from posture.core.reader import Reader
from posture.core.reading import Reading

# In stretched time one picture stands for many seconds: it is told again this often (policy
# seconds), well within what the policy takes for a gap. Chosen.
_REPEAT_S = 2.0
# Real seconds for which a picture may stand; a longer gap is a gap.
_HELD_S = 3.0


class TimeStretch:
    """Puts readings on a scaled clock, for the policy's hours to pass in minutes.

    Measuring stays in real seconds: a person in a film moves at real speed.
    """

    def __init__(self, clock: ScaledClock) -> None:
        self._moment = clock.stretched
        self._last: tuple[Reading, Reading] | None = None

    def readings(self, reading: Reading) -> list[Reading]:
        """The stretched reading, after repeats of the last one up to its time."""
        stretched = replace(
            reading,
            at=self._moment(reading.at),
            presence_since=self._moment(reading.presence_since),
            label_since=self._moment(reading.label_since),
            metrics=replace(reading.metrics, at=self._moment(reading.at)),
        )
        told = self.until(stretched.at)
        self._last = (reading, stretched)
        return [*told, stretched]

    def until(self, now: Instant) -> list[Reading]:
        """Repeats of the last reading before *now*; none once its picture is too old to stand."""
        if self._last is None:
            return []
        real, before = self._last
        if now - self._moment(real.at.shifted(_HELD_S)) > 0:
            return []
        repeats = int((now - before.at) / _REPEAT_S)
        return [_later(before, i * _REPEAT_S) for i in range(1, repeats)]


def _later(reading: Reading, seconds: float) -> Reading:
    at = reading.at.shifted(seconds)
    return replace(reading, at=at, metrics=replace(reading.metrics, at=at))


class Engine:
    """Monitor and Reader together.

    ``instant_delivery``: every reminder counts as delivered at once (a replay has no screen).
    """

    def __init__(
        self,
        monitor: Monitor,
        reader: Reader,
        *,
        stretch: TimeStretch | None = None,
        instant_delivery: bool = False,
    ) -> None:
        self.monitor = monitor
        self._reader = reader
        self._stretch = stretch
        self._instant_delivery = instant_delivery

    def take(self, given: Input) -> list[Effect]:
        """What follows from one input, in order."""
        effects: list[Effect] = []
        for one in self._inputs(given):
            effects += self.monitor.step(one)
        if self._instant_delivery:
            effects += self._deliver(effects)
        return effects

    @property
    def undecided(self) -> bool:
        """Whether the next picture may settle what the last has raised."""
        return self._reader.undecided

    def close(self, now: Instant) -> list[Effect]:
        """End at *now*, the last picture standing until then: the last effects."""
        effects: list[Effect] = []
        if self._stretch is not None:
            for one in self._stretch.until(now):
                effects += self.monitor.step(one)
        return effects + self.monitor.close(now)

    def _inputs(self, given: Input) -> list[Input]:
        if self._stretch is None or not isinstance(given, Landmarks):
            return [given]
        return [*self._stretch.readings(self._reader.read(given))]

    def _deliver(self, effects: list[Effect]) -> list[Effect]:
        more: list[Effect] = []
        for effect in effects:
            if isinstance(effect, ShowReminder):
                more += self.monitor.step(Delivered(effect.at, effect.id, ok=True))
        return more
