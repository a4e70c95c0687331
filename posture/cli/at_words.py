"""Sentences come in; on a terminal they leave broken at words, elsewhere as they are."""

from __future__ import annotations

import shutil
import sys
import textwrap

# Chosen: beside an indentation, a sentence keeps room for so much.
_LEAST = 20
READABLE = 80  # chosen: columns of a paragraph to be read, not glanced at


def at_words(text: str, indent: int = 0, widest: int | None = None) -> str:
    """*text*, in lines that fit the terminal; those after the first begin *indent* further in.

    ``widest``: no line is longer, however wide the terminal is.
    """
    if not sys.stdout.isatty():
        return text
    width = shutil.get_terminal_size().columns
    if widest is not None:
        width = min(width, widest)
    return textwrap.fill(
        text,
        max(width, _LEAST),
        subsequent_indent=" " * min(indent, max(0, width - _LEAST)),
        break_long_words=False,
        break_on_hyphens=False,
    )
