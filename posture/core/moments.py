"""Moments: comparing instants by the steady clock alone."""

from __future__ import annotations

from posture.clock import Instant


def later(one: Instant, other: Instant) -> Instant:
    """The later of two moments."""
    return one if one.mono >= other.mono else other
