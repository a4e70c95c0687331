"""Measures in; out one score, 0 to 100."""

from __future__ import annotations

import math
from collections.abc import Callable
from operator import attrgetter

from posture.core.levels import STANDARD_BANDS, deviation
from posture.core.metrics import Metrics

# The score with one measure at its limit.
AT_LIMIT = 50.0
# Turning the head is advice, not posture (science.md, measure 11).
_LIMITS = {name: band.limit for name, band in STANDARD_BANDS.items() if name != "head_yaw_deg"}
_scored: Callable[[Metrics], tuple[float | None, ...]] = attrgetter(*_LIMITS)

# A chin that has come down to the shoulders by this much, in shoulder widths, halves the score.
# A nod alone brings it down too, which head flexion counts already: its share is taken out. Both
# were chosen on rendered people (AUC 0.992 to 0.995, sequences 0.996 to 0.999). It tells a slouch
# also where a laptop's tilted lid confuses the other measures: over real bursts calibrated within
# their source AUC rises from 0.84 and 0.66 to 0.92 and 0.74.
_CHIN_SUNK_LIMIT = 0.06
_CHIN_SUNK_BY_NOD = 0.006


def score(metrics: Metrics, chin_sunk: float | None = None) -> float | None:
    """0-100, 100 at the calibrated neutral, 50 when one measure is at its limit.

    ``chin_sunk``: how much nearer the chin is to the shoulders, in shoulder widths.
    """
    bad = 0.0
    if chin_sunk is not None:
        nod = max(0.0, metrics.head_flexion_deg or 0.0)
        bad = (max(0.0, chin_sunk - _CHIN_SUNK_BY_NOD * nod) / _CHIN_SUNK_LIMIT) ** 2
    known = False
    for (name, limit), value in zip(_LIMITS.items(), _scored(metrics), strict=True):
        if value is not None:
            known = True
            bad += (deviation(name, value) / limit) ** 2
    return 2 * AT_LIMIT / (1.0 + bad) if known else None


# Without a calibration the score rests on how high the chin stands above the shoulders, in
# shoulder widths. One number, so that there is little to overfit: over 146 bursts of two real
# sources and 143 rendered pictures it separates upright from slouched with AUC 0.996, 0.98 and
# 0.90. Its zero and slope are the even-handed logistic fit over the three. Ears stand in for a
# chin that is not seen.
_CHIN_MIDDLE, _CHIN_SLOPE = 0.23, 18.4
_EAR_ABOVE_CHIN = 0.34


def stranger_score(chin_height: float | None, ear_height: float | None) -> float | None:
    """0-100 without calibration; 50 is as likely slouched as not, 100 a head held very high."""
    if chin_height is None:
        if ear_height is None:
            return None
        chin_height = ear_height - _EAR_ABOVE_CHIN
    evidence = _CHIN_SLOPE * (chin_height - _CHIN_MIDDLE)
    return 100.0 / (1.0 + math.exp(-min(max(evidence, -30.0), 30.0)))
