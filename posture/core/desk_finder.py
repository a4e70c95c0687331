"""Which of the user's calibrated desks is this? Notices that another one explains the picture."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from posture.clock import Instant
from posture.core.landmarks import Landmarks
from posture.core.measure import Measurer, Misfit
from posture.core.neutral import Neutral
from posture.core.observation import observe

# Squared standard deviations. No picture of five rendered people, in whatever posture at their own
# desk, reaches the first while another desk of theirs stays below the second; upright pictures
# taken at a desk stay below 1 against that desk's own calibration. Chosen between the two.
_UNLIKE = 6.0
_FITS, _BETTER_BY = 4.0, 2.0
# So long the median must hold: somebody sits down and looks for the glasses. Chosen.
_SURE_AFTER_S = 15.0
_LEAST_PICTURES = 4
# Older pictures tell nothing of now; chosen.
_FORGOTTEN_AFTER_S = 60.0


@dataclass(frozen=True, slots=True)
class _Fit:
    """One picture: what the desk in use leaves unexplained, and the misfit of every other desk."""

    at: Instant
    unexplained: float
    others: Mapping[str, float]


class DeskFinder:
    """Compares what is seen with other desks where the one in use does not explain it.

    ``desks``: name → neutral of the user's other desks; those of another camera or picture shape
    than *current*'s are left out.
    """

    def __init__(self, current: Neutral, desks: Mapping[str, Neutral]) -> None:
        self._desks = {
            name: (neutral, Measurer(neutral))
            for name, neutral in desks.items()
            if neutral.source == current.source and neutral.has_shape(current.size)
        }
        self._fits: deque[_Fit] = deque()

    def update(self, landmarks: Landmarks, misfit: Misfit | None) -> str | None:
        """The name of the desk that is seen instead of the one in use; None: no other is.

        ``misfit``: of the desk in use; None where it cannot be told, which says nothing.
        """
        now = landmarks.at
        while self._fits and self._is_old(now):
            self._fits.popleft()
        if not self._desks or misfit is None:
            return None
        unlike = misfit.unexplained >= _UNLIKE
        others = self._misfits(landmarks) if unlike else {}
        self._fits.append(_Fit(now, misfit.unexplained, others))
        return self._verdict(now) if unlike else None

    def _is_old(self, now: Instant) -> bool:
        age = now - self._fits[0].at
        enough = len(self._fits) > _LEAST_PICTURES and now - self._fits[1].at >= _SURE_AFTER_S
        return age > _FORGOTTEN_AFTER_S or enough

    def _misfits(self, landmarks: Landmarks) -> dict[str, float]:
        found = {}
        for name, (neutral, measurer) in self._desks.items():
            misfit = measurer.misfit(observe(landmarks, neutral.camera(landmarks.size)))
            if misfit is not None:
                found[name] = misfit.total
        return found

    def _verdict(self, now: Instant) -> str | None:
        fits = self._fits
        if len(fits) < _LEAST_PICTURES or now - fits[0].at < _SURE_AFTER_S:
            return None
        if np.median([fit.unexplained for fit in fits]) < _UNLIKE:
            return None
        told = [fit.others for fit in fits if fit.others]
        ranked = sorted(
            (float(np.median([others[name] for others in told if name in others])), name)
            for name in self._desks
            if sum(name in others for others in told) > len(fits) / 2
        )
        if not ranked or ranked[0][0] > _FITS:
            return None
        if len(ranked) > 1 and ranked[1][0] - ranked[0][0] < _BETTER_BY:
            return None
        return ranked[0][1]
