"""What the publishers say, in English and German."""

from __future__ import annotations

from collections.abc import Mapping

_EN = {
    "mqtt.connected": "Publishing posture, distance and sitting time to the MQTT broker {where}.",
    "mqtt.connected_abroad": "Publishing posture, distance and sitting time to the MQTT broker "
    "{where}, another computer of your network: whoever may read there learns of it.",
    "mqtt.trouble": "The MQTT broker {where} cannot be reached ({why}); trying again.",
    "mqtt.refused": "The MQTT broker {where} refuses: {why}. Check mqtt.user, mqtt.password_file.",
    "mqtt.no_answer": "no answer",
    "mqtt.not_local": "it is not on this computer or the local network",
    "mqtt.missing": "mqtt.enabled needs paho-mqtt: pip install 'posture[mqtt]'.",
    "mqtt.password": "mqtt.password_file cannot be read ({why}): nothing is published.",
    "mqtt.tls": "mqtt.ca_file is no certificate ({why}): nothing is published.",
    "activitywatch.connected": "Writing activity and posture to ActivityWatch at {where}.",
    "activitywatch.trouble": "ActivityWatch at {where} cannot be reached ({why}); trying again.",
    "entity.presence": "At the desk",
    "entity.standing": "Standing",
    "entity.posture": "Posture",
    "entity.activity": "Activity",
    "entity.distance_cm": "Eyes to screen",
    "entity.sitting_min": "Sitting without a break",
    "entity.sitting_today_min": "Sitting today",
    "entity.standing_today_min": "Standing today",
}
_DE = {
    "mqtt.connected": "Haltung, Abstand und Sitzzeit gehen an den MQTT-Broker {where}.",
    "mqtt.connected_abroad": "Haltung, Abstand und Sitzzeit gehen an den MQTT-Broker {where}, "
    "einen anderen Rechner deines Netzes: Wer dort lesen darf, erfährt davon.",
    "mqtt.trouble": "Der MQTT-Broker {where} ist nicht erreichbar ({why}); neuer Versuch folgt.",
    "mqtt.refused": "Der MQTT-Broker {where} lehnt ab: {why}. Prüfe mqtt.user, mqtt.password_file.",
    "mqtt.no_answer": "keine Antwort",
    "mqtt.not_local": "er ist weder auf diesem Rechner noch im lokalen Netz",
    "mqtt.missing": "mqtt.enabled braucht paho-mqtt: pip install 'posture[mqtt]'.",
    "mqtt.password": "mqtt.password_file ist nicht lesbar ({why}): nichts geht hinaus.",
    "mqtt.tls": "mqtt.ca_file ist kein Zertifikat ({why}): nichts geht hinaus.",
    "activitywatch.connected": "Tätigkeit und Haltung gehen an ActivityWatch auf {where}.",
    "activitywatch.trouble": "ActivityWatch auf {where} schweigt ({why}); neuer Versuch folgt.",
    "entity.presence": "Am Schreibtisch",
    "entity.standing": "Stehend",
    "entity.posture": "Haltung",
    "entity.activity": "Tätigkeit",
    "entity.distance_cm": "Augen zum Bildschirm",
    "entity.sitting_min": "Sitzen ohne Pause",
    "entity.sitting_today_min": "Heute gesessen",
    "entity.standing_today_min": "Heute gestanden",
}
TEXTS: Mapping[str, Mapping[str, str]] = {"en": _EN, "de": _DE}


def say(language: str, key: str, **values: object) -> str:
    """The text called *key*, with *values* in their places."""
    return TEXTS[language][key].format(**values)
