"""Is the user at the desk? One picture's evidence, and what is held over time."""

from __future__ import annotations

from dataclasses import dataclass

from posture.clock import Instant
from posture.core.calibration import AVERAGE_PUPIL_CM
from posture.core.neutral import Neutral
from posture.core.observation import Observation
from posture.core.reading import Presence

# Who is further from the camera than this is not working at the desk: users at 107 cm and
# standing ones at 115 cm are, people walking behind at 150 cm and more are not; chosen between.
_REACH_CM = 138.0
# Who sits near the camera does not move back to where someone behind the chair stands.
_LEAST_REACH_CM, _REACH_NEUTRALS = 122.0, 2.0
# An unknown lens may show distances a quarter too large.
_STRANGER_REACH_CM = 165.0
# Beyond this nobody is at the desk, whatever the lens; chosen.
BEYOND_REACH_CM = 200.0
# Shoulder width of an average adult as the pose model places the points.
SHOULDERS_CM = 36.0
# Below this mean luma (of 255) nobody can be told from nobody.
_DARK = 12.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one picture says: a presence, and the reason when it is unknown."""

    presence: Presence
    reason: str | None = None


def judge(seen: Observation, light: float | None, neutral: Neutral | None) -> Evidence:
    """Who is there in one picture.

    A person counts as the user when near enough to work at the desk. The pose model alone is not
    believed: bodies without a plausible shape were dropped before (observation.py).
    """
    distance = _distance_cm(seen, neutral)
    if distance is not None and distance <= _reach_cm(neutral):
        return Evidence(Presence.PRESENT)
    # What seems to be far off in the dark may be the half of a user that is seen.
    if light is not None and light < _DARK:
        return Evidence(Presence.UNKNOWN, "dark")
    if distance is None:
        return Evidence(Presence.AWAY)
    if neutral is None:
        return Evidence(Presence.UNKNOWN, "someone further away")
    return Evidence(Presence.AWAY)


def _reach_cm(neutral: Neutral | None) -> float:
    if neutral is None:
        return _STRANGER_REACH_CM
    return min(max(_REACH_NEUTRALS * neutral.distance_cm, _LEAST_REACH_CM), _REACH_CM)


def _distance_cm(seen: Observation, neutral: Neutral | None) -> float | None:
    if seen.head is not None:
        pupil = AVERAGE_PUPIL_CM if neutral is None else neutral.pupil_cm
        return seen.head.distance_cm(pupil, seen.camera)
    by_shoulders = _by_shoulders_cm(seen)
    # One shoulder in view: the head's size decides, 6 px per cm being 1/6 of the focal length.
    return _by_head_cm(seen) if by_shoulders is None else by_shoulders


def _by_shoulders_cm(seen: Observation) -> float | None:
    width = seen.shoulder_width
    return SHOULDERS_CM / width if width > 0 else None


def _by_head_cm(seen: Observation) -> float | None:
    return None if seen.rough is None else seen.camera.focal_px / seen.rough.px_per_cm


def body_distance_cm(seen: Observation) -> float | None:
    """From the camera to the body, by shoulders or head: the nearer, for who sits sideways has
    narrow shoulders. None without a body.
    """
    told = (_by_shoulders_cm(seen), _by_head_cm(seen))
    return min((cm for cm in told if cm is not None), default=None)


class PresenceHold:
    """Presence over time: declared after a hold, back-dated to when it began."""

    def __init__(self, holds_s: dict[Presence, float]) -> None:
        self._holds_s = holds_s
        self._held: Evidence | None = None
        self._since: Instant | None = None
        self._candidate: Evidence | None = None
        self._candidate_since: Instant | None = None

    @property
    def undecided(self) -> bool:
        """Was another presence seen, not yet for long enough?"""
        return self._candidate is not None

    def update(self, at: Instant, evidence: Evidence) -> tuple[Evidence, Instant]:
        """The held presence and when it began."""
        if self._held is None or self._since is None:
            self._held, self._since = evidence, at
        if evidence.presence is self._held.presence:
            self._held, self._candidate = evidence, None
            return self._held, self._since
        if self._candidate is None or self._candidate.presence is not evidence.presence:
            self._candidate, self._candidate_since = evidence, at
        began = self._candidate_since or at
        if at - began >= self._holds_s[evidence.presence]:
            self._held, self._since, self._candidate = evidence, began, None
        return self._held, self._since
