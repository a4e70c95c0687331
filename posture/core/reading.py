"""Reading: what the program holds true at one moment; the input of every policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from posture.clock import Instant
from posture.core.metrics import Metrics


class Presence(StrEnum):
    """Is the user at the desk?"""

    PRESENT = "present"
    AWAY = "away"
    UNKNOWN = "unknown"


class Level(StrEnum):
    """How far one measure is from the neutral."""

    GOOD = "good"
    WARN = "warn"
    LIMIT = "limit"
    UNKNOWN = "unknown"


class Label(StrEnum):
    """One word for the posture of a moment."""

    UPRIGHT = "upright"
    SLOUCH = "slouch"
    FORWARD_HEAD = "forward_head"
    HEAD_DOWN = "head_down"
    LEANING_FORWARD = "leaning_forward"
    LEANING_LEFT = "leaning_left"
    LEANING_RIGHT = "leaning_right"
    HEAD_TILT_LEFT = "head_tilt_left"
    HEAD_TILT_RIGHT = "head_tilt_right"
    UNEVEN_SHOULDERS = "uneven_shoulders"
    TOO_CLOSE = "too_close"
    TOO_FAR = "too_far"
    RECLINED = "reclined"
    LOOKING_AWAY = "looking_away"
    STANDING = "standing"
    AWAY = "away"
    UNKNOWN = "unknown"

    @property
    def judged(self) -> bool:
        """Does it tell a posture?"""
        return self not in (Label.LOOKING_AWAY, Label.AWAY, Label.UNKNOWN)

    @property
    def good(self) -> bool:
        """Does it tell a seated posture without strain? Reclined with support is one (RULA 1)."""
        return self in (Label.UPRIGHT, Label.RECLINED)


@dataclass(frozen=True, slots=True)
class Reading:
    """One moment, judged.

    ``presence`` and, for unknown, ``reason`` ("dark", "covered", "low confidence", …).
    ``metrics``: the measures (filtered). ``states``: measure name → level; a measure that is
    not judged is absent. ``score``: 0–100, 100 = the calibrated neutral, None when unknown.
    ``standing``: None when the camera cannot tell. ``label_since``/``presence_since``: when the
    held label and presence began (back-dated), never later than ``at``.
    ``desk_seen``: another calibrated desk that explains the picture where this one does not.
    ``eye_openness``: height of the eye opening over its width, None when not measured.
    """

    at: Instant
    presence: Presence
    label: Label
    metrics: Metrics
    presence_since: Instant
    label_since: Instant
    states: Mapping[str, Level] = field(default_factory=dict)
    score: float | None = None
    reason: str | None = None
    looking_away: bool = False
    standing: bool | None = None
    calibrated: bool = False
    stale_calibration: str | None = None
    desk_seen: str | None = None
    eye_openness: float | None = None
