"""The neutral follows the user slowly: only in trusted good moments, and only a little."""

from __future__ import annotations

from collections.abc import Mapping

from posture.core.metrics import MEASURES, Metrics
from posture.core.sampling import GAP_S

# science.md section 5: time constant 10 min, at most 3 degrees and 2 cm from the guided value.
_TIME_CONSTANT_S = 600.0
_CLAMP = {
    "head_flexion_deg": 3.0,
    "head_roll_deg": 3.0,
    "forward_head_deg": 3.0,
    "neck_lateral_deg": 3.0,
    "shoulder_tilt_deg": 2.0,
    "trunk_inclination_deg": 3.0,
    "trunk_lateral_deg": 3.0,
    "slump_cm": 1.0,
    "forward_lean_cm": 2.0,
    "shoulder_shrug_cm": 1.0,
}
# In the order of MEASURES; 0 = does not follow.
_CLAMPS = tuple(_CLAMP.get(name, 0.0) for name in MEASURES)


class Drift:
    """How far this user's good posture has moved from the calibrated one."""

    def __init__(self, offsets: Mapping[str, float] | None = None) -> None:
        known = offsets or {}
        self._offsets = [
            min(max(known.get(name, 0.0), -clamp), clamp)
            for name, clamp in zip(MEASURES, _CLAMPS, strict=True)
        ]
        self._last: float | None = None

    @property
    def offsets(self) -> Mapping[str, float]:
        """Measure → offset in its unit, to be stored with the calibration."""
        offsets = dict(zip(MEASURES, self._offsets, strict=True))
        return {name: offsets[name] for name in _CLAMP}

    def correct(self, metrics: Metrics) -> Metrics:
        """The measures against the drifted neutral."""
        if not any(self._offsets):
            return metrics
        return Metrics(
            metrics.at,
            *(
                None if value is None else value - offset
                for value, offset in zip(metrics.values(), self._offsets, strict=True)
            ),
        )

    def learn(self, metrics: Metrics, trusted: bool) -> None:
        """Let the neutral follow these corrected measures a little, when they are *trusted*."""
        elapsed = 0.0 if self._last is None else metrics.at.mono - self._last
        self._last = metrics.at.mono
        # A gap teaches nothing about the time between.
        if not trusted or not 0 < elapsed <= GAP_S:
            return
        share = elapsed / _TIME_CONSTANT_S
        for place, value in enumerate(metrics.values()):
            if value is not None:
                clamp = _CLAMPS[place]
                moved = self._offsets[place] + share * value
                self._offsets[place] = min(max(moved, -clamp), clamp)
