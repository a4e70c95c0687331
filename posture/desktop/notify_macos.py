"""Notifications on macOS for a Python that is not a signed application: no buttons, but shown."""

from __future__ import annotations

import asyncio

OSASCRIPT = "/usr/bin/osascript"
# The texts travel as arguments, so that no quote in them can become script.
_SCRIPT = (
    "on run argv",
    "display notification (item 2 of argv) with title (item 1 of argv)",
    "end run",
)


async def send(title: str, text: str) -> None:
    """Show a notification through osascript. Raises OSError with what osascript says."""
    words = [word for line in _SCRIPT for word in ("-e", line)]
    process = await asyncio.create_subprocess_exec(
        OSASCRIPT,
        *words,
        title,
        text,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, errors = await process.communicate()
    if process.returncode:
        raise OSError(errors.decode(errors="replace").strip() or "osascript failed")
