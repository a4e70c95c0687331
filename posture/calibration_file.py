"""Where calibrations are kept: one readable JSON file for each profile."""

from __future__ import annotations

import json
import re
from pathlib import Path

from posture.core.neutral import Neutral, NeutralInvalid
from posture.errors import CalibrationUnreadable, UsageError
from posture.paths import config_dir, make_private, may_exist, write_private
from posture.plain_file import read_text

_PROFILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,40}")
_LARGEST_BYTES = 100_000


def profile_path(profile: str) -> Path:
    """The file of *profile*. Raises UsageError for a name that makes no file name."""
    if not _PROFILE.fullmatch(profile):
        raise UsageError(
            f"{profile!r} is no name for a profile.",
            "Use letters, digits, dots, dashes and underscores.",
        )
    return config_dir() / "calibrations" / f"{profile}.json"


def save(neutral: Neutral, path: Path) -> None:
    """Write *neutral* to *path*, readable by the user only. Raises OutputUnwritable."""
    make_private(path.parent)
    write_private(path, json.dumps(neutral.to_dict(), indent=2) + "\n")


def load(path: Path) -> Neutral:
    """Read the calibration at *path*. Raises CalibrationUnreadable."""
    try:
        return Neutral.from_dict(json.loads(read_text(path, _LARGEST_BYTES)))
    except FileNotFoundError as error:
        raise CalibrationUnreadable(f"There is no calibration {path}.", _AGAIN) from error
    except OSError as error:
        raise CalibrationUnreadable(
            f"The calibration {path} cannot be read: {error.strerror}.", _AGAIN
        ) from error
    except NeutralInvalid as error:
        raise CalibrationUnreadable(
            f"The calibration {path} is not understood: {error}.", _AGAIN
        ) from error
    # ValueError: no JSON, no UTF-8, or a number of thousands of digits.
    except (ValueError, RecursionError) as error:
        raise CalibrationUnreadable(f"The calibration {path} is not valid JSON.", _AGAIN) from error


def find(profile: str) -> Neutral | None:
    """The calibration of *profile*, None when there is none. Raises CalibrationUnreadable."""
    path = profile_path(profile)
    return load(path) if may_exist(path) else None


def profiles() -> tuple[str, ...]:
    """The names of the calibrated desks, in order of the alphabet."""
    folder = config_dir() / "calibrations"
    return tuple(
        sorted(path.stem for path in folder.glob("*.json") if _PROFILE.fullmatch(path.stem))
    )


_AGAIN = "Make a new one with: posture calibrate."
# Analyze and replay take none by themselves: what they give must not hang on whose computer it is.
UNCALIBRATED = (
    "Uncalibrated: distances are estimates, and what needs your own posture is left out. "
    "To use it: --calibration FILE, which posture calibrate --out FILE writes."
)
