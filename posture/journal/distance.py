"""Distance to the screen, from the minutes of the log. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from posture.core.effects import MinuteMeasure
from posture.journal.rows import US_PER_MINUTE, Minute
from posture.journal.tiles import Tile, join

DISTANCE = "distance_cm"
# The same minute may be told by two runs: never more than a minute of it.
MINUTE_S = 60.0


def one_per_minute(minutes: Iterable[Minute], start_us: int, end_us: int) -> list[Minute]:
    """One row per minute: where two runs tell of the same one, that which saw more."""
    best: dict[int, Minute] = {}
    for one in minutes:
        if start_us <= one.minute_us < end_us:
            other = best.get(one.minute_us)
            if other is None or _fullness(one) > _fullness(other):
                best[one.minute_us] = one
    return [best[moment] for moment in sorted(best)]


def _fullness(minute: Minute) -> tuple[float, ...]:
    """Seconds and measures seen; where both are the same, what was seen: never who told it."""
    seen = (minute.valid_s, float(len(minute.measures)))
    distance = minute.measures.get(DISTANCE)
    if distance is None:
        return seen
    return (*seen, distance.median, distance.p10, distance.p90, float(distance.n))


def distances(minutes: Iterable[Minute]) -> list[tuple[float, float]]:
    """Median distance and seconds of each minute in which it was measured."""
    return [
        (minute.measures[DISTANCE].median, min(minute.valid_s, MINUTE_S))
        for minute in minutes
        if DISTANCE in minute.measures
    ]


def mean(weighted: Sequence[tuple[float, float]]) -> float | None:
    """Mean of values with their weights; None without any weight."""
    whole = sum(weight for _, weight in weighted)
    return sum(value * weight for value, weight in weighted) / whole if whole > 0 else None


def near_s(minutes: Iterable[Minute], near_cm: float) -> float | None:
    """Seconds nearer than *near_cm*, from the spread within each minute; None = not measured."""
    parts = [
        below(minute.measures[DISTANCE], near_cm) * min(minute.valid_s, MINUTE_S)
        for minute in minutes
        if DISTANCE in minute.measures
    ]
    return sum(parts) if parts else None


def below(measure: MinuteMeasure, limit: float) -> float:
    """Share of a minute's values below *limit*: straight lines through P10, median and P90."""
    low, middle, high = measure.p10, measure.median, measure.p90
    # The outer tenths are a quarter as wide as the four tenths beside them hold.
    bottom, top = low - (middle - low) / 4, high + (high - middle) / 4
    known = ((bottom, 0.0), (low, 0.1), (middle, 0.5), (high, 0.9), (top, 1.0))
    if limit <= bottom:
        return 0.0
    for (x1, y1), (x2, y2) in pairwise(known):
        if limit <= x2:
            return y2 if x1 == x2 else y1 + (y2 - y1) * (limit - x1) / (x2 - x1)
    return 1.0


def near_tiles(minutes: Iterable[Minute], near_cm: float) -> tuple[Tile, ...]:
    """Minutes most of which were nearer than *near_cm*."""
    near = (
        Tile("near", one.minute_us, one.minute_us + US_PER_MINUTE)
        for one in minutes
        if DISTANCE in one.measures and one.measures[DISTANCE].median < near_cm
    )
    return tuple(join(near))
