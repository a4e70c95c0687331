"""Which cameras this user or program may not open, and who says so."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from typing import Any

_CONSENT = r"Software\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore\webcam"
# AVAuthorizationStatus (AVFoundation): restricted, denied.
_REFUSED = frozenset({1, 2})


def denied(cameras: Mapping[str, str | None]) -> list[str]:
    """The names of *cameras* (name → device path) that must not be opened, in their order."""
    if sys.platform == "win32":
        return list(cameras) if windows_denies(import_module("winreg")) else []
    if sys.platform == "darwin":
        from posture.desktop.session_macos import Frameworks  # noqa: PLC0415 - only there

        return list(cameras) if macos_denies(Frameworks().cameras) else []
    return [
        name
        for name, path in cameras.items()
        if path is not None and not os.access(path, os.R_OK | os.W_OK)
    ]


def windows_denies(registry: Any) -> bool:
    """Whether the user's privacy settings keep desktop programs from the camera."""
    for path in (_CONSENT, rf"{_CONSENT}\NonPackaged"):
        with (
            suppress(OSError),
            registry.OpenKey(registry.HKEY_CURRENT_USER, path) as key,
        ):
            if registry.QueryValueEx(key, "Value")[0] == "Deny":
                return True
    return False


def macos_denies(cameras: Any) -> bool:
    """Whether macOS has refused this program the camera. *cameras*: the AVCaptureDevice class."""
    return cameras is not None and cameras.authorizationStatusForMediaType_("vide") in _REFUSED
