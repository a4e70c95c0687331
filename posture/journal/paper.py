"""What a log in a terminal is written on: its signs, its width, and tables that fit."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

GOOD_SLOT, STRAINED_SLOT, SEATED_SLOT, UP_SLOT, UNKNOWN_SLOT, EMPTY_SLOT = range(6)

Style = Callable[[str, int], str]


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One sign per kind of slot, in the order of the slot constants."""

    signs: str
    bar: str
    bar_rest: str


RICH = Glyphs("█▒▓·? ", "█", "·")
PLAIN = Glyphs("#x=.? ", "#", ".")


def glyphs_for(encoding: str | None) -> Glyphs:
    """Block characters where the terminal can write them."""
    try:
        RICH.signs.encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return PLAIN
    return RICH


@dataclass(frozen=True, slots=True)
class Paper:
    """What the text is written on: which signs it takes, their colours, its width in columns."""

    glyphs: Glyphs
    style: Style
    width: int = 100

    def sign(self, slot: int) -> str:
        """The sign of a slot in its colour."""
        return self.style(self.glyphs.signs[slot], slot)

    def wrapped(self, text: str, indent: str = "", hanging: str = "") -> str:
        """*text* in lines that fit, those after the first further in by *hanging*."""
        return textwrap.fill(
            text, self.width, initial_indent=indent, subsequent_indent=indent + hanging
        )

    def fits(self, lines: Iterable[str]) -> bool:
        """Are all *lines* short enough?"""
        return all(len(line) <= self.width for line in lines)


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """*rows* of equal length as lines: the first column to the left, the others to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        first = row[0].ljust(widths[0])
        rest = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        lines.append("  ".join([first, *rest]).rstrip())
    return lines


def two_lined(rows: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """*rows* with the head broken at its spaces: columns as narrow as their figures."""
    heads = [cell.rsplit(" ", 1) for cell in rows[0]]
    return [
        [head[0] if len(head) > 1 else "" for head in heads],
        [head[-1] for head in heads],
        *rows[1:],
    ]
