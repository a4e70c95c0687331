"""What a tray shows at one moment, and the moments put together. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from posture.core.effects import Status
from posture.desktop.glance import Glance, glance
from posture.desktop.menu import Item, Surroundings, build


@dataclass(frozen=True, slots=True)
class Face:
    """Icon, tooltip and menu."""

    glance: Glance
    menu: tuple[Item, ...]


def face(status: Status | None, around: Surroundings, zone: tzinfo | None = None) -> Face:
    """The face for *status* (None: the monitor has not said anything yet)."""
    return Face(glance(status, zone), build(status, around, zone))
