"""How Home Assistant learns of the published states. Pure.

Format: home-assistant.io/integrations/mqtt, "MQTT discovery": one retained configuration for each
entity under ``<prefix>/<component>/<node>/<object>/config``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from posture import __version__
from posture.core.effects import Activity
from posture.core.reading import Label
from posture.publish.words import say

# A lost connection is told by the broker; this is for a monitor that hangs. Chosen: the monitor may
# look every ten seconds only, and a reconnection take a minute.
_PATIENCE_S = 120.0
ONLINE, OFFLINE = "online", "offline"
# A binary sensor takes "None" for unknown.
_SWITCH = "{{{{ 'None' if value_json.{0} is none else 'ON' if value_json.{0} else 'OFF' }}}}"
_PRESENCE = (
    "{{ 'ON' if value_json.presence == 'present'"
    " else 'OFF' if value_json.presence == 'away' else 'None' }}"
)


def state_topic(topic: str) -> str:
    """Where the states are."""
    return f"{topic}/state"


def availability_topic(topic: str) -> str:
    """Where it says whether the monitor runs."""
    return f"{topic}/availability"


def configurations(
    topic: str, prefix: str, language: str, interval_s: float
) -> dict[str, dict[str, object]]:
    """Topic → configuration of every entity.

    *topic*: of the states. *prefix*: where Home Assistant looks, usually ``homeassistant``.
    *interval_s*: between signs of life; if they stay away, the entities are unavailable.
    """
    node = re.sub(r"[^A-Za-z0-9_-]+", "_", topic)
    common: dict[str, object] = {
        "state_topic": state_topic(topic),
        "availability_topic": availability_topic(topic),
        "expire_after": round(2 * interval_s + _PATIENCE_S),
        "device": {
            "identifiers": [node],
            "name": "Posture" if topic == "posture" else f"Posture ({topic})",
            "manufacturer": "posture",
            "model": "posture",
            "sw_version": __version__,
        },
        "origin": {"name": "posture", "sw_version": __version__},
    }
    return {
        f"{prefix}/{component}/{node}/{name}/config": {
            **common,
            "name": say(language, f"entity.{name}"),
            "unique_id": f"{node}_{name}",
            **own,
        }
        for (component, name), own in _entities().items()
    }


def _entities() -> Mapping[tuple[str, str], Mapping[str, object]]:
    minutes = {"device_class": "duration", "unit_of_measurement": "min"}
    return {
        ("binary_sensor", "presence"): {
            "device_class": "occupancy",
            "value_template": _PRESENCE,
        },
        ("binary_sensor", "standing"): {
            "icon": "mdi:human-handsup",
            "value_template": _SWITCH.format("standing"),
        },
        ("sensor", "posture"): {
            "device_class": "enum",
            "options": [label.value for label in Label],
            "icon": "mdi:seat-recline-normal",
            "value_template": _value("posture"),
        },
        ("sensor", "activity"): {
            "device_class": "enum",
            "options": [activity.value for activity in Activity],
            "icon": "mdi:chair-rolling",
            "value_template": _value("activity"),
        },
        ("sensor", "distance_cm"): {
            "device_class": "distance",
            "unit_of_measurement": "cm",
            "state_class": "measurement",
            "value_template": _value("distance_cm"),
        },
        ("sensor", "sitting_min"): {
            **minutes,
            "state_class": "measurement",
            "value_template": _value("sitting_min"),
        },
        ("sensor", "next_break_min"): {
            **minutes,
            "icon": "mdi:coffee",
            "value_template": _value("next_break_min"),
        },
        ("sensor", "sitting_today_min"): {
            **minutes,
            "state_class": "total_increasing",
            "value_template": _value("sitting_today_min"),
        },
        ("sensor", "standing_today_min"): {
            **minutes,
            "state_class": "total_increasing",
            "value_template": _value("standing_today_min"),
        },
    }


def _value(name: str) -> str:
    return f"{{{{ value_json.{name} }}}}"
