"""The publishers the settings ask for; none by default."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, Self

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

    def withdraw(self) -> None:
        """End for good, in the background, and take back what others keep of it."""

    def stop(self) -> None:
        """End, soon."""


class Publishers:
    """All of them at work, as one; *made*: by the table of settings that each has."""

    def __init__(self, made: Mapping[str, Publisher]) -> None:
        self._at_work = dict(made)
        self._withdrawn: list[Publisher] = []

    def __enter__(self) -> Self:
        for publisher in self._all():
            publisher.start()
        return self

    def __exit__(self, *_: object) -> None:
        for publisher in self._all():
            publisher.stop()

    def said(self) -> tuple[str, ...]:
        """How each fares, in words."""
        return tuple(one.said for one in self._all() if one.said)

    def watch(self, effects: Sequence[Effect]) -> None:
        """Take what may be published."""
        for publisher in self._all():
            publisher.watch(effects)

    def obey(self, settings: Settings) -> None:
        """End at once what is switched off; what is switched on waits for the next start."""
        for table in list(self._at_work):
            if not getattr(settings, table).enabled:
                publisher = self._at_work.pop(table)
                publisher.withdraw()
                self._withdrawn.append(publisher)

    def _all(self) -> tuple[Publisher, ...]:
        return (*self._at_work.values(), *self._withdrawn)


def publishers(
    settings: Settings, language: str, tell: Callable[[str], None], clock: Clock
) -> dict[str, Publisher]:
    """Those that are enabled, not yet started. What cannot be made is told, and left out."""
    made: dict[str, Publisher] = {}
    if settings.mqtt.enabled:
        mqtt = _mqtt(settings, language, tell, clock)
        if mqtt is not None:
            made["mqtt"] = mqtt
    if settings.activitywatch.enabled:
        # What is not enabled is not even loaded.
        from posture.publish.activitywatch import ActivityWatchBridge  # noqa: PLC0415

        host_name = platform.node()
        made["activitywatch"] = ActivityWatchBridge(
            settings.activitywatch, language, tell, clock, host_name
        )
    return made


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
