"""The publishers the settings ask for; none by default."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from typing import Protocol

from posture.clock import Clock
from posture.core.effects import Effect
from posture.publish.words import say
from posture.settings import Settings


class Publisher(Protocol):
    """Tells other programs what the monitor sees, from a thread of its own."""

    @property
    def said(self) -> str | None:
        """How it fares, in words."""

    def start(self) -> None:
        """Begin."""

    def watch(self, effects: Sequence[Effect]) -> None:
        """Take what may be published; never waits."""

    def stop(self) -> None:
        """End, soon."""


def publishers(
    settings: Settings, language: str, tell: Callable[[str], None], clock: Clock
) -> tuple[Publisher, ...]:
    """Those that are enabled, not yet started. What cannot be made is told, and left out."""
    made: list[Publisher] = []
    if settings.mqtt.enabled:
        mqtt = _mqtt(settings, language, tell, clock)
        if mqtt is not None:
            made.append(mqtt)
    if settings.activitywatch.enabled:
        # What is not enabled is not even loaded.
        from posture.publish.activitywatch import ActivityWatchBridge  # noqa: PLC0415

        host_name = platform.node()
        made.append(ActivityWatchBridge(settings.activitywatch, language, tell, clock, host_name))
    return tuple(made)


def _mqtt(
    settings: Settings, language: str, tell: Callable[[str], None], clock: Clock
) -> Publisher | None:
    try:
        from posture.publish.mqtt import Misconfigured, MqttPublisher  # noqa: PLC0415
    except ModuleNotFoundError:
        tell(say(language, "mqtt.missing"))
        return None
    try:
        return MqttPublisher(settings.mqtt, language, tell, clock)
    except Misconfigured as error:
        tell(str(error))
        return None
