"""How something of the system stands that is turned on and off: autostart, the menu entry."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SwitchState:
    """Whether it is on, where that is written, and with which command.

    ``stale``: the command that is written is not the one of this installation.
    """

    on: bool
    where: str
    command: str | None = None
    stale: bool = False
