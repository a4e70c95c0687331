"""Tiles: one value at every moment, however the spans were cut."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from posture.core.effects import SpanKind
from posture.journal.rows import Span
from posture.journal.tiles import Tile, clip, join, tile, total_s

DAY = 86_400
VALUES = ["sitting", "standing", "away", "unknown", "looking_away"]


@st.composite
def span_lists(draw: st.DrawFn) -> list[Span]:
    spans = []
    for _ in range(draw(st.integers(0, 8))):
        began = draw(st.integers(-50, DAY))
        spans.append(
            Span(
                SpanKind.ACTIVITY,
                draw(st.sampled_from(VALUES)),
                began,
                began + draw(st.integers(1, DAY // 2)),
                draw(st.sampled_from([None, "dark"])),
                run=draw(st.integers(1, 3)),
            )
        )
    return spans


def cut(spans: list[Span], places: list[int]) -> list[Span]:
    """The same spans, each cut at every one of *places* that lies within it."""
    pieces = []
    for span in spans:
        inner = sorted({place for place in places if span.began_us < place < span.ended_us})
        edges = [span.began_us, *inner, span.ended_us]
        pieces += [replace(span, began_us=a, ended_us=b) for a, b in pairwise(edges)]
    return pieces


@given(span_lists())
def test_tiles_neither_overlap_nor_touch_their_like(spans: list[Span]) -> None:
    tiles = tile(spans, 0, DAY)

    for one, following in pairwise(tiles):
        assert one.ended_us <= following.began_us
        if one.ended_us == following.began_us:
            assert (one.value, one.reason) != (following.value, following.reason)
    assert all(0 <= one.began_us < one.ended_us <= DAY for one in tiles)


@given(span_lists())
def test_tiles_cover_exactly_what_the_spans_cover(spans: list[Span]) -> None:
    edges = sorted({0, DAY, *(e for s in spans for e in (s.began_us, s.ended_us) if 0 < e < DAY)})
    tiles = tile(spans, 0, DAY)

    for a, b in pairwise(edges):
        covered = any(s.began_us <= a and s.ended_us >= b for s in spans)
        told = any(one.began_us <= a and one.ended_us >= b for one in tiles)
        assert told is covered


@given(span_lists(), st.lists(st.integers(0, DAY)), st.randoms(use_true_random=False))
def test_cutting_doubling_and_shuffling_spans_changes_no_tile(
    spans: list[Span], places: list[int], random: Random
) -> None:
    pieces = cut(spans, places) + spans[:2]
    random.shuffle(pieces)

    assert tile(pieces, 0, DAY) == tile(spans, 0, DAY)


@given(span_lists(), st.integers(1, DAY - 1))
def test_two_halves_of_a_day_add_up(spans: list[Span], noon: int) -> None:
    whole = tile(spans, 0, DAY)
    halves = tile(spans, 0, noon) + tile(spans, noon, DAY)

    assert join(halves) == whole
    assert clip(whole, 0, noon) == tile(spans, 0, noon)


def test_who_knows_more_wins() -> None:
    desk = Span(SpanKind.ACTIVITY, "sitting", 100, 200, run=1)
    empty_chair = Span(SpanKind.ACTIVITY, "away", 0, 300, run=2)
    blind = Span(SpanKind.ACTIVITY, "unknown", 0, 400, run=3)

    assert tile([desk, empty_chair, blind], 0, 500) == [
        Tile("away", 0, 100),
        Tile("sitting", 100, 200),
        Tile("away", 200, 300),
        Tile("unknown", 300, 400),
    ]


def test_totals_by_value() -> None:
    tiles = [
        Tile("a", 0, 1_000_000),
        Tile("b", 1_000_000, 4_000_000),
        Tile("a", 5_000_000, 5_500_000),
    ]

    assert (total_s(tiles, "a"), total_s(tiles, "b"), total_s(tiles)) == (1.5, 3.0, 4.5)
    assert total_s(tiles, "c") == 0.0
