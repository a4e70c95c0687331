"""What is known comes in; out goes whether the camera should be open, and how often to look."""

from __future__ import annotations

from posture.clock import Instant
from posture.core.effects import CameraChanged, Effect, WantCamera
from posture.core.policy import Policy
from posture.core.reading import Presence
from posture.core.senses import CameraState, Senses, Situation

# Blinks are seen in 15 pictures a second or more.
BLINK_S = 1 / 15
# Nobody there for this long: look less often (chosen).
DESERTED_S = 30.0


class CameraWish:
    """Says a wish, and what the camera does, once each time that it changes."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._wish: tuple[bool, str | None, float] | None = None
        self._told: tuple[CameraState, str | None] = (CameraState.OPEN, None)

    def obey(self, policy: Policy) -> None:
        """Follow other settings from now on."""
        self._policy = policy

    def tend(
        self, now: Instant, senses: Senses, situation: Situation | None, reason: str | None
    ) -> list[Effect]:
        """Let *senses* know what the camera is to do. *reason*: why it should be closed, if so."""
        effects: list[Effect] = []
        wish = (reason is None, reason, self._interval_s(now, senses, situation))
        if wish != self._wish:
            self._wish = wish
            effects.append(WantCamera(now, *wish))
            senses.interval_s = wish[2]
        if reason is not None:
            senses.close_camera(now, reason)
        elif senses.camera is CameraState.CLOSED:
            senses.open_camera(now)
        told = (senses.camera, senses.camera_reason)
        if told != self._told:
            self._told = told
            effects.append(CameraChanged(now, *told))
        return effects

    def _interval_s(self, now: Instant, senses: Senses, situation: Situation | None) -> float:
        pace = self._policy.pace
        saving = senses.session.on_battery and self._policy.silence.on_battery == "slow"
        deserted = (
            situation is not None
            and situation.presence is Presence.AWAY
            and now - situation.since >= DESERTED_S
        )
        if saving or deserted:
            return max(pace.interval_s, pace.slow_s)
        return min(pace.interval_s, BLINK_S) if self._policy.eyes.blinks else pace.interval_s
