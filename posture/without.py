"""Do without a library that another one would import if it could."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib.util import find_spec

# What hashlib takes where OpenSSL's are not to be had. Some systems build Python without them.
_OWN_HASHES = ("_md5", "_sha1", "_sha3", "_blake2")
_OWN_SHA2 = (("_sha2",), ("_sha256", "_sha512"))  # since 3.12; before


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


def without_openssl() -> AbstractContextManager[None]:
    """``without`` OpenSSL's hashes, for hashlib and hmac: they keep 0.7 MB of every process.

    Python's own are slower (15 MB in 80 ms, not 10). Nothing happens where it lacks one of them.
    """
    complete = _all_there(_OWN_HASHES) and any(map(_all_there, _OWN_SHA2))
    return without("_hashlib") if complete else nullcontext()


def _all_there(modules: tuple[str, ...]) -> bool:
    return all(find_spec(module) is not None for module in modules)
