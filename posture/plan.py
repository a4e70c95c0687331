"""Plan: what one run does, once options, settings and the machine were weighed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, time
from importlib import resources
from pathlib import Path

from posture.clock import US_PER_S, Clock, ScaledClock, SystemClock, local_time
from posture.core.guide import HOLD_S
from posture.core.neutral import Neutral
from posture.engine import TimeStretch

# A demonstration's hours all lie in one working day, whenever it is watched.
_DEMO_BEGINS = time(9)


@dataclass(frozen=True, slots=True)
class Plan:
    """``time_scale``: so many policy seconds pass in one second; 1 = a real run.

    ``profile``: the calibrated desk; ``any_profile``: another may turn out to be meant.
    ``stop_after_s``: real seconds, None = until told.
    """

    source: str
    neutral: Neutral | None
    time_scale: float
    realtime: bool
    data_dir: Path
    demo: bool
    tray: bool
    profile: str = "default"
    any_profile: bool = False
    stop_after_s: float | None = None

    @property
    def real(self) -> bool:
        """Is this a working day, and no demonstration?"""
        return not self.demo and self.time_scale == 1.0

    def clocks(self) -> tuple[Clock, TimeStretch | None]:
        """The clock everything is stamped with, and what puts readings on it."""
        real = SystemClock()
        if self.time_scale == 1.0:
            return real, None
        shows_us = None
        if self.demo:
            today = local_time(real.now().wall_us)
            nine = datetime.combine(today.date(), _DEMO_BEGINS, today.tzinfo)
            shows_us = round(nine.timestamp()) * US_PER_S
        clock = ScaledClock(self.time_scale, real, shows_us)
        return clock, TimeStretch(clock)


@dataclass(frozen=True, slots=True)
class CalibrationPlan:
    """What a guided calibration is to do: with which camera, for which ``profile``, to what file.

    ``hold_s``: length of the countdown. ``distance_cm``: measured already.
    """

    source: str
    profile: str
    path: Path
    start_s: float = 0.0
    hold_s: float = HOLD_S
    distance_cm: float | None = None


@dataclass(frozen=True, slots=True)
class DemoFacts:
    """What is known of the bundled clip."""

    calibrate_s: float
    distance_cm: float
    time_scale: float


def demo_facts() -> DemoFacts:
    """Read the facts that come with the clip."""
    text = resources.files("posture").joinpath("demo/demo.json").read_text(encoding="utf-8")
    facts = json.loads(text)
    return DemoFacts(facts["calibrate_s"], facts["distance_cm"], facts["time_scale"])
