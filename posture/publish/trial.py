"""Would those who are to be told of states listen? For ``posture doctor``."""

from __future__ import annotations

import json
from dataclasses import dataclass

from posture.publish.local_network import NotAtHome
from posture.publish.loopback_http import LOOPBACK, Unanswered, get
from posture.publish.words import say
from posture.settings import ActivityWatchSettings, MqttSettings, Settings

_PATIENCE_S = 2.0  # chosen


@dataclass(frozen=True, slots=True)
class Trial:
    """``what`` was found; ``do``: what helps, None where all is well."""

    what: str
    do: str | None = None


def trials(settings: Settings) -> list[Trial]:
    """One for each publisher the settings ask for. Nothing is published."""
    made = []
    if settings.mqtt.enabled:
        made.append(_broker(settings.mqtt))
    if settings.activitywatch.enabled:
        made.append(_activitywatch(settings.activitywatch))
    return made


def _broker(settings: MqttSettings) -> Trial:
    try:
        from posture.publish import mqtt  # noqa: PLC0415 - paho-mqtt may not be installed
        from posture.publish.broker_link import Refused  # noqa: PLC0415
    except ModuleNotFoundError:
        return Trial(say("en", "mqtt.missing"), "pip install 'posture[mqtt]'")
    try:
        caution = mqtt.try_out(settings, "en")
    except mqtt.Misconfigured as error:
        return Trial(str(error), "Correct that file or setting.")
    except NotAtHome as error:
        return Trial(mqtt.why(error, settings, "en"), "Change mqtt.host.")
    except Refused as error:
        return Trial(mqtt.why(error, settings, "en"), "Correct user or password.")
    except (OSError, ValueError) as error:
        return Trial(
            mqtt.why(error, settings, "en"), "Start it, or change mqtt.host and mqtt.port."
        )
    answers = f"The MQTT broker {settings.host}:{settings.port} lets posture in."
    return Trial(answers if caution is None else f"{answers} {caution}")


def _activitywatch(settings: ActivityWatchSettings) -> Trial:
    where = f"{LOOPBACK}:{settings.port}"
    try:
        version = json.loads(get(settings.port, "/api/0/info", _PATIENCE_S))["version"]
    except (Unanswered, ValueError, KeyError, TypeError):
        return Trial(
            f"ActivityWatch does not answer at {where}.",
            "Start it, or change activitywatch.port.",
        )
    return Trial(f"ActivityWatch {version} answers at {where}.")
