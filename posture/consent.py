"""Whether the user has agreed to the camera being used; remembered beside the settings."""

from __future__ import annotations

import json

from posture.clock import Clock
from posture.paths import config_dir, make_private, write_own
from posture.plain_file import read_text

# What was agreed to; raised when the promises made to the user change.
_PROMISES = 1
_FILE = "consent.json"
_LARGEST_BYTES = 10_000


def given() -> bool:
    """Has the user agreed to what is promised now? Deleting the file takes it back."""
    try:
        document = json.loads(read_text(config_dir() / _FILE, _LARGEST_BYTES))
    except (OSError, ValueError):
        return False
    return isinstance(document, dict) and document.get("camera") == _PROMISES


def remember(clock: Clock) -> None:
    """Note that the user has agreed. Raises OutputUnwritable."""
    directory = make_private(config_dir())
    text = json.dumps({"camera": _PROMISES, "at_us": clock.now().wall_us})
    write_own(directory / _FILE, text + "\n")
