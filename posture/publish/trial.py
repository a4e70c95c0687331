"""Would those who are to be told of states listen? For ``posture doctor``."""

from __future__ import annotations

import http.client
import json
import socket
from dataclasses import dataclass
from importlib.util import find_spec

from posture.publish.local_network import addresses, is_local
from posture.publish.loopback_http import LOOPBACK
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


def _broker(mqtt: MqttSettings) -> Trial:
    where = f"The MQTT broker {mqtt.host}:{mqtt.port}"
    if find_spec("paho") is None:
        return Trial("paho-mqtt is not installed.", "pip install 'posture[mqtt]'")
    try:
        found = addresses(mqtt.host)
        if not all(map(is_local, found)):
            return Trial(
                f"{where} is not on this computer or the local network.", "Change mqtt.host."
            )
        socket.create_connection((found[0], mqtt.port), _PATIENCE_S).close()
    except OSError as error:
        why = error.strerror or error
        return Trial(f"{where} does not answer ({why}).", "Start it, or change mqtt.host.")
    return Trial(f"{where} answers.")


def _activitywatch(settings: ActivityWatchSettings) -> Trial:
    where = f"{LOOPBACK}:{settings.port}"
    connection = http.client.HTTPConnection(LOOPBACK, settings.port, timeout=_PATIENCE_S)
    try:
        connection.request("GET", "/api/0/info")
        told = json.loads(connection.getresponse().read())
        version = told["version"]
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        return Trial(
            f"ActivityWatch does not answer at {where}.",
            "Start it, or change activitywatch.port.",
        )
    finally:
        connection.close()
    return Trial(f"ActivityWatch {version} answers at {where}.")
