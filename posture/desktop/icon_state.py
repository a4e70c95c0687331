"""The states that have an icon of their own. Draws nothing: :mod:`posture.desktop.icons` does."""

from __future__ import annotations

from enum import StrEnum


class IconState(StrEnum):
    """What the icon says."""

    GOOD = "good"
    DRIFTING = "drifting"
    BAD = "bad"
    AWAY = "away"
    PAUSED = "paused"
    CAMERA_LOST = "camera_lost"
    NOT_CALIBRATED = "not_calibrated"
    UNSEEN = "unseen"
