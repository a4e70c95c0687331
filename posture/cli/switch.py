"""What ``autostart`` and ``launcher`` share: they turn something of the system on and off."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

import click

from posture.desktop.switch_state import SwitchState


@dataclass(frozen=True)
class Words:
    """``on``, ``off``: what is so; ``mend``: the command that makes it right."""

    on: str
    off: str
    mend: str

    def tell(self, state: SwitchState, *, as_json: bool) -> None:
        """Say how it is."""
        if as_json:
            click.echo(json.dumps(asdict(state), ensure_ascii=False))
            return
        if not state.on:
            click.echo(f"{self.off}.")
            return
        click.echo(f"{self.on} ({state.where}).")
        if state.stale:
            click.echo(f"It would start another installation: {state.command}. Mend it with:")
            click.echo(f"  {self.mend}")
