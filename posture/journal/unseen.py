"""Time of which the camera tells nothing: it could not, was closed on purpose, or lost. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from posture.core.effects import Activity
from posture.core.reading import Presence
from posture.core.silence import Silence
from posture.journal.tiles import Tile, clip, seconds_by_reason

# The camera is closed for these, not blind.
_CLOSED_FOR = frozenset(map(str, Silence)) - {Silence.CAMERA_LOST, Silence.LOW_CONFIDENCE}


def unseen_of(presence: Iterable[Tile]) -> list[Tile]:
    """When the camera could not tell, though it was meant to watch."""
    return [
        one for one in presence if one.value == Presence.UNKNOWN and one.reason not in _CLOSED_FOR
    ]


def closed_s(presence: Iterable[Tile], at_desk: Sequence[Tile]) -> Mapping[str, float]:
    """How long nothing was known at the desk because the camera was closed, by reason."""
    closed = [
        one for one in presence if one.value == Presence.UNKNOWN and one.reason in _CLOSED_FOR
    ]
    unknown = (one for one in at_desk if one.value == Activity.UNKNOWN)
    return seconds_by_reason(
        part for one in unknown for part in clip(closed, one.began_us, one.ended_us)
    )


def lost_s(camera: Iterable[Tile]) -> Mapping[str, float]:
    """Seconds without a camera, by reason."""
    return seconds_by_reason(one for one in camera if one.value not in ("open", "closed", "wanted"))
