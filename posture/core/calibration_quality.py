"""How good a calibration is, and what will be less certain because of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from posture.core.neutral import Neutral

# science.md section 5: a neutral is trusted up to this sway.
_STEADY_CM, _STEADY_DEG = 1.0, 2.0
# Chosen: below it landmarks tremble visibly.
_DIM = 50.0
# Chosen: the mean of fewer pictures still moves by more than the sway itself.
_FEW = 20
# Chosen: from there on the face's size and the forward measures grow uncertain (measure.py).
_ASIDE_DEG = 20.0


class Doubt(StrEnum):
    """What makes some measures less certain."""

    DISTANCE_ESTIMATED = "distance_estimated"
    RESTLESS = "restless"
    DIM = "dim"
    ASIDE = "aside"
    FEW = "few"


@dataclass(frozen=True, slots=True)
class Quality:
    """``good``: nothing about the pictures is in doubt. An estimated distance is told as well."""

    good: bool
    doubts: tuple[Doubt, ...]


def quality(neutral: Neutral) -> Quality:
    """Judge *neutral*."""
    forward = -neutral.head[:, 2]
    aside_deg = math.degrees(math.atan2(abs(float(forward[0])), -float(forward[2])))
    about_pictures = {
        Doubt.RESTLESS: neutral.sway_cm > _STEADY_CM or neutral.sway_deg > _STEADY_DEG,
        Doubt.DIM: neutral.light is not None and neutral.light < _DIM,
        Doubt.ASIDE: aside_deg > _ASIDE_DEG,
        Doubt.FEW: neutral.samples < _FEW,
    }
    doubts = [doubt for doubt, applies in about_pictures.items() if applies]
    if not neutral.measured:
        doubts.append(Doubt.DISTANCE_ESTIMATED)
    return Quality(not any(about_pictures.values()), tuple(doubts))
