"""Sentences come in; on a terminal they leave broken at words, elsewhere as they are."""

from __future__ import annotations

import shutil
import sys
import textwrap

# Chosen: beside an indentation, a sentence keeps room for so much.
_LEAST = 20


def at_words(text: str, indent: int = 0) -> str:
    """*text*, in lines that fit the terminal; those after the first begin *indent* further in."""
    if not sys.stdout.isatty():
        return text
    width = shutil.get_terminal_size().columns
    return textwrap.fill(
        text,
        max(width, _LEAST),
        subsequent_indent=" " * min(indent, max(0, width - _LEAST)),
        break_long_words=False,
        break_on_hyphens=False,
    )
