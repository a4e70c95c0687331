"""What a recording holds in; the same out, its landmarks worked out ahead, many at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from posture.core.landmarks import Landmarks
from posture.core.reader import Reader
from posture.errors import PostureError

# Of so many pictures at once, each costs a tenth of one alone; of more, no less. Chosen.
_AHEAD = 128

Item = TypeVar("Item")


def read_ahead(items: Iterable[Item], reader: Reader) -> Iterator[Item]:
    """Yield *items*, of which *reader* foresees many at once.

    Raises what *items* raise, after what they yielded before.
    """
    block: list[Item] = []
    try:
        for item in items:
            block.append(item)
            if len(block) == _AHEAD:
                yield from _foreseen(block, reader)
                block = []
    except PostureError:
        yield from _foreseen(block, reader)
        raise
    yield from _foreseen(block, reader)


def _foreseen(block: list[Item], reader: Reader) -> Iterator[Item]:
    reader.foresee([item for item in block if isinstance(item, Landmarks)])
    yield from block
