"""Spans to tiles: one value at every moment, nothing twice, whoever wrote the spans.

Spans overlap when two runs did (two computers merged, a clock set back). What knows more wins;
nothing else of a span decides but what it says, so totals do not depend on how spans were cut,
joined or merged.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from posture.clock import US_PER_S
from posture.journal.rows import Span

# Unknown tells nothing; absent or turned away from one computer may be at work at the other.
_WEIGHT = {"unknown": 0, "away": 1, "looking_away": 2}
_KNOWN = 3


@dataclass(frozen=True, slots=True)
class Tile:
    """A stretch of time with one value; ``reason`` and ``worst`` as in the span it is cut from."""

    value: str
    began_us: int
    ended_us: int
    reason: str | None = None
    worst: str | None = None

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return (self.ended_us - self.began_us) / US_PER_S


def tile(spans: Iterable[Span], start_us: int, end_us: int) -> list[Tile]:
    """Tiles of the *spans* (of one kind) within a stretch of time, in order.

    Tiles do not overlap; neighbours that say the same are one. A moment no span covers is in no
    tile.
    """
    cut = [
        (max(span.began_us, start_us), min(span.ended_us, end_us), span)
        for span in spans
        if span.began_us < end_us and span.ended_us > start_us
    ]
    cut.sort(key=lambda one: one[0])
    return join(_winners(cut))


def join(tiles: Iterable[Tile], *, by_value: bool = False) -> list[Tile]:
    """Neighbours that say the same become one; with ``by_value`` reason and worst do not count."""
    joined: list[Tile] = []
    for one in tiles:
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.ended_us == one.began_us
            and last.value == one.value
            and (by_value or (last.reason, last.worst) == (one.reason, one.worst))
        ):
            joined[-1] = replace(last, ended_us=one.ended_us)
        else:
            joined.append(one)
    return joined


def clip(tiles: Iterable[Tile], start_us: int, end_us: int) -> list[Tile]:
    """The parts of *tiles* within a stretch of time."""
    return [
        replace(one, began_us=max(one.began_us, start_us), ended_us=min(one.ended_us, end_us))
        for one in tiles
        if one.began_us < end_us and one.ended_us > start_us
    ]


def total_s(tiles: Iterable[Tile], *values: str) -> float:
    """Seconds of the tiles that have one of *values* (none named: of all)."""
    return (
        sum(one.ended_us - one.began_us for one in tiles if not values or one.value in values)
        / US_PER_S
    )


def seconds_by_value(tiles: Iterable[Tile]) -> Mapping[str, float]:
    """Seconds of each value, the longest first."""
    return _lengths((one.value, one) for one in tiles)


def seconds_by_reason(tiles: Iterable[Tile]) -> Mapping[str, float]:
    """Seconds by reason (by value where no reason is told), the longest first."""
    return _lengths((one.reason or one.value, one) for one in tiles)


def _lengths(named: Iterable[tuple[str, Tile]]) -> Mapping[str, float]:
    sums: Counter[str] = Counter()
    for name, one in named:
        sums[name] += one.ended_us - one.began_us
    return {name: length / US_PER_S for name, length in sums.most_common()}


def _winners(cut: Sequence[tuple[int, int, Span]]) -> Iterator[Tile]:
    """The word of each moment: where spans overlap, that of the strongest under way."""
    at = 0
    while at < len(cut):
        end = at + 1
        until_us = cut[at][1]
        while end < len(cut) and cut[end][0] < until_us:
            until_us = max(until_us, cut[end][1])
            end += 1
        if end == at + 1:
            began_us, ended_us, span = cut[at]
            yield Tile(span.value, began_us, ended_us, span.reason, span.worst)
        else:
            yield from _contested(cut[at:end])
        at = end


def _contested(cut: Sequence[tuple[int, int, Span]]) -> Iterator[Tile]:
    """Sweep over all edges; between two of them the strongest span under way has the word."""
    edges = sorted({edge for began, ended, _ in cut for edge in (began, ended)})
    under_way: list[tuple[tuple[int, str, str, str], int, int, Span]] = []
    waiting = 0
    for began_us, ended_us in pairwise(edges):
        while waiting < len(cut) and cut[waiting][0] <= began_us:
            _, until_us, span = cut[waiting]
            heapq.heappush(under_way, (_strongest_first(span), until_us, waiting, span))
            waiting += 1
        while under_way and under_way[0][1] <= began_us:
            heapq.heappop(under_way)
        if under_way:
            span = under_way[0][-1]
            yield Tile(span.value, began_us, ended_us, span.reason, span.worst)


def _strongest_first(span: Span) -> tuple[int, str, str, str]:
    weight = _WEIGHT.get(span.value, _KNOWN)
    return (-weight, span.value, span.reason or "", span.worst or "")
