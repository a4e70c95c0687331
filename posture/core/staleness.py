"""Does the calibration still fit? Notices a moved or zooming camera and a reshaped picture."""

from __future__ import annotations

import math

import numpy as np

from posture.clock import Instant
from posture.core.landmarks import FloatArray, SceneMotion
from posture.core.neutral import Neutral
from posture.core.observation import Observation

# science.md section 5: a shift of more than 5 degrees in everything at once is the camera's.
_TURNED_DEG = 5.0
# Head, eyes and shoulders must have turned about the camera alike; chosen at twice their noise.
_ALIKE_DEG = 1.8
# The user may sit a little nearer, but a lean that looks like a turn comes much nearer; chosen.
_SAME_DISTANCE = 0.06
# Background: a nudge of the lid moves it by 3 % of the width (2 degrees); zooming steps are 4 %
# and more. Chosen above what tracking errors add up to.
_SHIFTED, _ZOOMED, _ROLLED_DEG = 0.03, 0.04, 2.5
# People do not sit twisted in just this way for so long; chosen.
_SURE_AFTER_S = 30.0
_SCENE_SURE_AFTER_S = 5.0

MOVED = "the camera or the desk has moved since calibration"
ZOOMED = "the camera zooms or follows you by itself (auto-framing)"
RESHAPED = "the camera's picture has another shape than when calibrated"
# With these, sizes in the picture tell another distance than they did.
RESIZED = frozenset({ZOOMED, RESHAPED})


class Staleness:
    """Watches one calibration; a reason stays until the signs have been gone as long."""

    def __init__(self, neutral: Neutral) -> None:
        self._neutral = neutral
        self._held: str | None = None
        self._candidate: str | None = None
        self._since: Instant | None = None

    def update(self, at: Instant, seen: Observation, scene: SceneMotion | None) -> str | None:
        """Why the calibration does not fit any more, or None."""
        if self._reshaped(seen):
            return RESHAPED
        reason = _of_scene(scene)
        sure_after_s = (
            _SURE_AFTER_S if reason is None and self._held is None else _SCENE_SURE_AFTER_S
        )
        if reason is None and seen.head is not None and self._turned(seen):
            reason, sure_after_s = MOVED, _SURE_AFTER_S
        if reason == self._held:
            self._since = None
        elif reason != self._candidate or self._since is None:
            self._candidate, self._since = reason, at
        elif at - self._since >= sure_after_s:
            self._held, self._since = reason, None
        return self._held

    def _reshaped(self, seen: Observation) -> bool:
        size, now = self._neutral.size, seen.camera.size
        return size[0] * now[1] != size[1] * now[0]

    def _turned(self, seen: Observation) -> bool:
        """Has everything turned about the camera by the same rotation?"""
        head, neutral = seen.head, self._neutral
        if head is None or not np.isfinite(seen.shoulders).all():
            return False
        turn = head.rotation @ neutral.head.T
        cosine = (float(np.trace(turn)) - 1) / 2
        angle = math.degrees(math.acos(min(max(cosine, -1.0), 1.0)))
        if angle < _TURNED_DEG or not np.isfinite(neutral.shoulders).all():
            return False
        distance = neutral.pupil_cm * seen.camera.focal_px / head.size_px
        if abs(distance / neutral.distance_cm - 1) > _SAME_DISTANCE:
            return False
        eyes = neutral.eyes / np.linalg.norm(neutral.eyes)
        if _between_deg(turn @ eyes, head.ray) > _ALIKE_DEG:
            return False
        return all(
            _between_deg(turn @ _ray(before), _ray(now)) <= _ALIKE_DEG
            for before, now in zip(neutral.shoulders, seen.shoulders, strict=True)
        )


def _of_scene(scene: SceneMotion | None) -> str | None:
    if scene is None:
        return None
    if abs(scene.scale - 1) > _ZOOMED:
        return ZOOMED
    if math.hypot(scene.right, scene.down) > _SHIFTED or abs(scene.roll_deg) > _ROLLED_DEG:
        return MOVED
    return None


def _ray(tangent: FloatArray) -> FloatArray:
    ray = np.array([tangent[0], tangent[1], 1.0])
    unit: FloatArray = ray / np.linalg.norm(ray)
    return unit


def _between_deg(first: FloatArray, second: FloatArray) -> float:
    return math.degrees(math.acos(min(max(float(first @ second), -1.0), 1.0)))
