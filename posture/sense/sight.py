"""What a feed tells: landmarks, that they still hold, why there are none, and the end."""

from __future__ import annotations

from dataclasses import dataclass

from posture.clock import Instant
from posture.core.inputs import CameraLost
from posture.core.landmarks import Landmarks
from posture.errors import PostureError


@dataclass(frozen=True, slots=True)
class SourceEnded:
    """A file is at its end, or the source cannot go on (``error``)."""

    error: PostureError | None = None


@dataclass(frozen=True, slots=True)
class Sight:
    """Landmarks and, where it was asked for, the picture they were found in.

    ``jpeg``: at most 640 px wide, not mirrored, in memory only; None for a trace, too.
    """

    landmarks: Landmarks
    jpeg: bytes | None = None


@dataclass(frozen=True, slots=True)
class Again:
    """The scene has not changed: the landmarks told last hold at this moment too."""

    at: Instant


FeedItem = Sight | Again | CameraLost | SourceEnded
