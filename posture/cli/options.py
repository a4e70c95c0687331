"""Options that several commands take."""

from __future__ import annotations

import click

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")

start_option = click.option(
    "--start",
    type=float,
    metavar="SECONDS",
    default=0.0,
    help="Seconds into the source to start at.",
)
