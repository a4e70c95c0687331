"""Do without a library that another one would import if it could."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without(name: str) -> Iterator[None]:
    """While the block runs, ``import name`` fails as if it were not installed.

    For imports of libraries that allow for that. One that is loaded already stays.
    """
    loaded = name in sys.modules
    if not loaded:
        sys.modules[name] = None  # type: ignore[assignment] # the import system's own word for it
    try:
        yield
    finally:
        if not loaded:
            del sys.modules[name]
