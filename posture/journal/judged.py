"""Judged time: which postures are good, which cannot be judged, and how surely it was done. Pure.

Shares are of the time that could be judged.
"""

from __future__ import annotations

from collections.abc import Sequence

from posture.core.effects import SpanKind
from posture.core.reading import Label
from posture.journal.rows import CALIBRATION_EVENT, Records, Span
from posture.journal.tiles import Tile, clip, join, tile

# What stands in neither set is strained.
GOOD = frozenset(label for label in Label if label.good)
UNJUDGED = frozenset({Label.STANDING, Label.LOOKING_AWAY, Label.AWAY, Label.UNKNOWN})

# What an event says of the calibration; a run begins with one that fits.
FRESH = "fresh"
_FITS = frozenset({FRESH, "stale", "absent"})


def share(part: float, whole: float) -> float | None:
    """*part* of *whole*; None when there is no whole."""
    return part / whole if whole > 0 else None


def judged_of(posture: Sequence[Tile]) -> list[Tile]:
    """Those of the *posture* tiles in which it could be judged."""
    return [one for one in posture if one.value not in UNJUDGED]


def roughly_judged(records: Records, judged: Sequence[Tile]) -> list[Tile]:
    """The *judged* time for which some run had no calibration, or one that did not fit."""
    if not judged:
        return []
    start_us, end_us = judged[0].began_us, judged[-1].ended_us
    spans = []
    for run in records.runs:
        if run.started_us >= end_us or run.seen_us <= start_us:
            continue
        told = sorted(
            (
                one
                for one in records.events
                if one.run == run.id and one.kind == CALIBRATION_EVENT and one.value in _FITS
            ),
            key=lambda one: one.at_us,
        )
        ends = [*(one.at_us for one in told[1:]), run.seen_us]
        spans += [
            Span(SpanKind.POSTURE, one.value, one.at_us, ended)
            for one, ended in zip(told, ends, strict=False)
            if one.value != FRESH and ended > one.at_us
        ]
    rough = tile(spans, start_us, end_us)
    whole = join(Tile("", one.began_us, one.ended_us) for one in judged)
    return [part for one in whole for part in clip(rough, one.began_us, one.ended_us)]
