"""What ``posture doctor`` looks at, and what to do about what it finds.

Every check is a function of what was found; how to find it is handed in, so that each can be tried.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from posture import paths
from posture.desktop.notify import Offer
from posture.desktop.switch_state import SwitchState
from posture.desktop.tray import TrayProbe
from posture.errors import OutputUnwritable, PostureError
from posture.file_rights import FileRights, system_rights

_MEDIAPIPE = "0.10.31"
_MB = 1_000_000
# A year of the log is about 20 MB; chosen: below the first it is mentioned, below the second it
# will soon fail.
_LITTLE_SPACE_MB = 200
_NO_SPACE_MB = 20


class Verdict(StrEnum):
    """How one check went: ``WARN`` = works with less, ``PROBLEM`` = does not work."""

    OK = "ok"
    WARN = "warn"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, and what to do about it (None when nothing is)."""

    verdict: Verdict
    what: str
    do: str | None = None


Check = Callable[[], Finding]


def ok(what: str, do: str | None = None) -> Finding:
    """All is well."""
    return Finding(Verdict.OK, what, do)


def warn(what: str, do: str) -> Finding:
    """It works with less."""
    return Finding(Verdict.WARN, what, do)


def problem(what: str, do: str) -> Finding:
    """It does not work."""
    return Finding(Verdict.PROBLEM, what, do)


def examine(checks: Mapping[str, Check]) -> dict[str, Finding]:
    """Run all *checks*; one that fails itself is a problem, and the others go on."""
    return {name: _examined(check) for name, check in checks.items()}


def _examined(check: Check) -> Finding:
    try:
        return check()
    except PostureError as error:
        return problem(error.what, error.do)
    except Exception as error:  # noqa: BLE001 - a doctor does not fall ill of a patient
        text = " ".join(f"{type(error).__name__}: {error}".split())
        return problem(f"This could not be checked: {text}.", "Please report it.")


def python(version: Sequence[int], system: str, bits: int) -> Finding:
    """The interpreter: *version* numbers, *system* as a name, *bits* of its pointers."""
    text = f"Python {'.'.join(map(str, version[:3]))}, {bits} bits, {system}"
    if tuple(version[:2]) < (3, 11):
        return problem(f"{text}: too old.", "Install Python 3.11 or newer.")
    if bits != 64:
        return problem(f"{text}: MediaPipe needs 64 bits.", "Install a 64-bit Python.")
    return ok(f"{text}.")


def opencv(distributions: Sequence[str], load: Callable[[], str]) -> Finding:
    """OpenCV: exactly one distribution gives ``cv2``, and *load* (its version) works."""
    names = sorted(set(distributions))
    if len(names) > 1:
        return problem(
            f"{len(names)} packages bring cv2 and break each other: {', '.join(names)}.",
            f"pip uninstall -y {' '.join(names)}, then: pip install opencv-python",
        )
    if not names:
        return problem("OpenCV is not installed.", "pip install opencv-python")
    return ok(f"OpenCV {load()} from {names[0]}.")


def locks(seccomp: bool, landlock: int, system: str) -> Finding:
    """How the part that watches is locked in: ``landlock``: its version, 0 = none."""
    if system != "linux":
        return ok("The part that watches is not locked in: this system has nothing for it.")
    if not seccomp and not landlock:
        return ok("The part that watches is not locked in: this kernel has nothing for it.")
    held = ["no connection, no other program, no new file (seccomp)"] if seccomp else []
    if landlock:
        held.append(f"no file written (Landlock {landlock})")
    return ok(f"The part that watches locks itself in: {', '.join(held)}.")


def mediapipe(version: str | None) -> Finding:
    """MediaPipe: the release without network code."""
    pin = f"pip install mediapipe=={_MEDIAPIPE}"
    if version is None:
        return problem("MediaPipe is not installed.", pin)
    if version != _MEDIAPIPE:
        return problem(
            f"MediaPipe {version} is not the release posture was checked with; newer ones report "
            "their use over the network.",
            pin,
        )
    return ok(f"MediaPipe {version}.")


def models(problems: Sequence[str], count: int) -> Finding:
    """The model files: what is wrong with them, and how many there are."""
    if problems:
        return problem(" ".join(problems), "Install posture again.")
    return ok(f"{count} model files, byte for byte as shipped.")


def cameras(names: Sequence[str], denied: Sequence[str], system: str) -> Finding:
    """The webcams by name, and those that may not be opened (*system*: sys.platform)."""
    if denied and len(denied) >= len(names):
        how = {
            "linux": "sudo usermod -aG video $USER, then log in again.",
            "darwin": "Allow it in System Settings, Privacy & Security, Camera.",
            "win32": "Allow it in Settings, Privacy & security, Camera.",
        }.get(system, "Give this user access to it.")
        return problem(f"No right to use the camera: {', '.join(denied)}.", how)
    if not names:
        return problem(
            "No webcam was found.",
            "Connect one, or look at the demo: posture run --source demo",
        )
    return ok(f"{', '.join(names)}.")


def calibration(made: str | None) -> Finding:
    """The calibration: when it was *made*, None if there is none."""
    if made is None:
        return warn("Not calibrated yet: measures are rough.", "posture calibrate")
    return ok(f"Calibrated on {made}.")


def tray(found: TrayProbe) -> Finding:
    """The tray."""
    hidden = found.hidden
    if hidden is not None:
        detail = "" if hidden.detail is None else f" ({hidden.detail})"
        return warn(f"{hidden.why.rstrip('.')}{detail}.", hidden.do)
    return ok(f"The icon shows ({found.backend.value}).")


def notifications(ask: Callable[[], Offer], *, has_display: bool) -> Finding:
    """The notification service."""
    try:
        offer = ask()
    except OSError as error:
        what = f"Reminders cannot be shown: {error}."
        if not has_display:
            return warn(what, "Start posture from the desktop session.")
        return problem(what, "Start a notification service; small desktops: apt install dunst")
    if not offer.buttons:
        return ok("Notifications work, without buttons: the same choices are in the tray menu.")
    return ok(f"Notifications with buttons{' and sound' if offer.sound else ''} work.")


_FACT_NAMES = {
    "locked": "the screen lock",
    "idle_s": "keyboard and mouse pauses",
    "full_screen": "full screen",
    "camera_used_by": "meetings",
    "on_battery": "the battery",
    "asleep": "sleep",
}


def session(told_by: Mapping[str, str | None]) -> Finding:
    """What the desktop tells, by fact."""
    told = [
        f"{_FACT_NAMES[fact]} ({teller})" for fact, teller in told_by.items() if teller is not None
    ]
    untold = [_FACT_NAMES[fact] for fact, teller in told_by.items() if teller is None]
    if untold:
        return warn(
            f"This desktop does not tell: {', '.join(untold)}. Known: {', '.join(told) or 'none'}.",
            "Nothing is needed; what is not known is left out. Pause by hand where it matters.",
        )
    return ok(f"Known: {', '.join(told)}.")


def data_directory(
    folder: Path,
    free_bytes: Callable[[Path], int] | None = None,
    rights: FileRights | None = None,
) -> Finding:
    """The folder of the log: there, the user's own, writable, with room."""
    try:
        paths.make_private(folder)
        probe = folder / ".doctor"
        paths.write_private(probe, b"")
        probe.unlink()
    except (OutputUnwritable, OSError) as error:
        return problem(f"{folder} cannot be written: {error}", "Check its owner and permissions.")
    free_mb = (free_bytes or _free_bytes)(folder) / _MB
    if free_mb < _NO_SPACE_MB:
        return problem(f"{folder}: only {free_mb:.0f} MB free.", "Make room on the disk.")
    rights = rights or system_rights()
    is_open = rights.is_open(folder)
    if is_open:
        return warn(f"{folder} can be read by other users.", rights.advice(folder))
    if free_mb < _LITTLE_SPACE_MB:
        return warn(f"{folder}: only {free_mb:.0f} MB free.", "Make room on the disk.")
    private = "" if is_open is None else " private,"
    return ok(f"{folder}: writable,{private} {free_mb / 1000:.1f} GB free.")


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def settings(load: Callable[[], int], path: Path) -> Finding:
    """The settings: *load* reads them and says how many the user's file has."""
    count = load()
    if not path.exists():
        return ok(f"All as shipped (no file {path}).")
    return ok(f"{path}: {count} of your own, all valid.")


def publishing(tried: Sequence[tuple[str, str | None]]) -> Finding:
    """Whom states are published to: *tried* says for each what was found and what to do."""
    if not tried:
        return ok("Nothing is published to other programs.")
    what = " ".join(found for found, _ in tried)
    helps = [do for _, do in tried if do is not None]
    return warn(what, " ".join(helps)) if helps else ok(what)


def autostart(state: SwitchState) -> Finding:
    """Start at login."""
    if not state.on:
        return ok("posture does not start at login.", "To change that: posture autostart on")
    if state.stale:
        return warn(f"Login starts another installation: {state.command}.", "posture autostart on")
    return ok(f"posture starts at login ({state.where}).")
