"""What is promised before the first picture, the same in window and terminal. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from posture.desktop.words import say


def promises(told: Sequence[str] = ()) -> list[str]:
    """What is promised, in the order of what people ask first; *told*: who is told of states."""
    kept = [say("consent.what"), say("consent.stored")]
    if not told:
        return [*kept, say("consent.sent"), say("consent.off")]
    return [*kept, say("consent.sent_to", names=", ".join(told)), say("consent.off")]
