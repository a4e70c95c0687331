"""What the publishers say, in English and German."""

from __future__ import annotations

from collections.abc import Mapping

_EN = {
    "mqtt.connected": "Publishing posture, distance and sitting time to the MQTT broker {where}.",
    "mqtt.trouble": "The MQTT broker {where} cannot be reached ({why}); trying again.",
    "mqtt.leaves": "Posture, distance and sitting time leave this computer, for {where}, with TLS.",
    "mqtt.leaves_open": (
        "Posture, distance and sitting time leave this computer, for {where}, unencrypted: whoever "
        "listens on that network reads them, and the password. See mqtt.tls."
    ),
    "mqtt.refused": (
        "The MQTT broker {where} refuses: {why}. "
        "Check mqtt.user and mqtt.password_file or {variable}; trying again."
    ),
    "mqtt.no_answer": "no answer",
    "mqtt.withdrawn": (
        "Nothing is published to the MQTT broker {where} any more, and what it kept is deleted."
    ),
    "mqtt.kept": (
        "Nothing is published to the MQTT broker {where} any more, but what it kept could not be "
        "deleted ({why}). docs/wider-use.md says how."
    ),
    "mqtt.not_at_home": (
        "mqtt.host: {where} is not on this computer or the local network; nothing is sent to it."
    ),
    "mqtt.missing": "mqtt.enabled needs paho-mqtt: pip install 'posture[mqtt]'.",
    "mqtt.password": "mqtt.password_file cannot be read ({why}): nothing is published.",
    "mqtt.exposed": (
        "mqtt.password_file {file} can be read by others: nothing is published. "
        "Run: chmod 600 {file}"
    ),
    "mqtt.tls": "mqtt.ca_file is no certificate ({why}): nothing is published.",
    "activitywatch.connected": "Writing activity and posture to ActivityWatch at {where}.",
    "activitywatch.trouble": "ActivityWatch at {where} cannot be reached ({why}); trying again.",
    "activitywatch.withdrawn": "Nothing is written to ActivityWatch at {where} any more.",
    "entity.presence": "At the desk",
    "entity.standing": "Standing",
    "entity.posture": "Posture",
    "entity.activity": "Activity",
    "entity.distance_cm": "Viewing distance",
    "entity.sitting_min": "Sitting without a break",
    "entity.next_break_min": "Until the next break",
    "entity.sitting_today_min": "Sitting today",
    "entity.standing_today_min": "Standing today",
}
_DE = {
    "mqtt.connected": "Haltung, Abstand und Sitzzeit gehen an den MQTT-Broker {where}.",
    "mqtt.trouble": "Der MQTT-Broker {where} ist nicht erreichbar ({why}); neuer Versuch folgt.",
    "mqtt.leaves": ("Haltung, Abstand und Sitzzeit verlassen diesen Rechner, zu {where}, mit TLS."),
    "mqtt.leaves_open": (
        "Haltung, Abstand und Sitzzeit verlassen diesen Rechner, zu {where}, unverschlüsselt: wer "
        "in diesem Netz mithört, liest sie und das Passwort. Siehe mqtt.tls."
    ),
    "mqtt.refused": (
        "Der MQTT-Broker {where} lehnt ab: {why}. "
        "Prüfe mqtt.user und mqtt.password_file oder {variable}; neuer Versuch folgt."
    ),
    "mqtt.no_answer": "keine Antwort",
    "mqtt.withdrawn": (
        "An den MQTT-Broker {where} geht nichts mehr, und was er behielt, ist gelöscht."
    ),
    "mqtt.kept": (
        "An den MQTT-Broker {where} geht nichts mehr, aber was er behielt, ließ sich nicht "
        "löschen ({why}). Siehe docs/wider-use.md."
    ),
    "mqtt.not_at_home": (
        "mqtt.host: {where} ist weder auf diesem Rechner noch im lokalen Netz; "
        "nichts wird dorthin gesandt."
    ),
    "mqtt.missing": "mqtt.enabled braucht paho-mqtt: pip install 'posture[mqtt]'.",
    "mqtt.password": "mqtt.password_file ist nicht lesbar ({why}): nichts geht hinaus.",
    "mqtt.exposed": (
        "mqtt.password_file {file} ist für andere lesbar: nichts geht hinaus. "
        "Abhilfe: chmod 600 {file}"
    ),
    "mqtt.tls": "mqtt.ca_file ist kein Zertifikat ({why}): nichts geht hinaus.",
    "activitywatch.connected": "Tätigkeit und Haltung gehen an ActivityWatch auf {where}.",
    "activitywatch.trouble": "ActivityWatch auf {where} schweigt ({why}); neuer Versuch folgt.",
    "activitywatch.withdrawn": "An ActivityWatch auf {where} geht nichts mehr.",
    "entity.presence": "Am Schreibtisch",
    "entity.standing": "Stehend",
    "entity.posture": "Haltung",
    "entity.activity": "Tätigkeit",
    "entity.distance_cm": "Augenabstand",
    "entity.sitting_min": "Sitzen ohne Pause",
    "entity.next_break_min": "Bis zur nächsten Pause",
    "entity.sitting_today_min": "Heute gesessen",
    "entity.standing_today_min": "Heute gestanden",
}
TEXTS: Mapping[str, Mapping[str, str]] = {"en": _EN, "de": _DE}


def say(language: str, key: str, **values: object) -> str:
    """The text called *key*, with *values* in their places."""
    return TEXTS[language][key].format(**values)
