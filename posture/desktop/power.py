"""Whether the computer runs on its battery, read from Linux' /sys."""

from __future__ import annotations

from pathlib import Path

SUPPLIES = Path("/sys/class/power_supply")
# linux/Documentation/ABI/testing/sysfs-class-power
_OUTLETS = frozenset({"Mains", "USB", "Wireless"})


def on_battery(supplies: Path = SUPPLIES) -> bool | None:
    """Whether no outlet feeds a computer that has a battery; None when the system does not say."""
    try:
        folders = sorted(supplies.iterdir())
    except OSError:
        return None
    batteries = [folder for folder in folders if _is_own_battery(folder)]
    if not batteries:
        return False
    if any(_read(folder / "type") in _OUTLETS and _is_online(folder) for folder in folders):
        return False
    states = [_read(folder / "status") for folder in batteries]
    if "Discharging" in states:
        return True
    return False if any(states) else None


def _is_own_battery(folder: Path) -> bool:
    # A mouse has a battery too; its scope is the device.
    return _read(folder / "type") == "Battery" and _read(folder / "scope") != "Device"


def _is_online(folder: Path) -> bool:
    return (_read(folder / "online") or "0") != "0"


def _read(path: Path) -> str | None:
    try:
        return path.read_text().strip()
    except OSError:
        return None
