"""``posture models``: the model files the program looks with."""

from __future__ import annotations

import json

import click

from posture.cli.lazy import Group
from posture.cli.options import as_json_option
from posture.errors import ModelError
from posture.sense.models import Verdict, verify


@click.group(cls=Group)
def command() -> None:
    """Look after the model files.

    \b
    Examples:
      posture models verify
    """


@command.command("verify")
@as_json_option
def verify_command(as_json: bool) -> None:
    """Check that the model files are the ones that were shipped, byte for byte.

    \b
    Examples:
      posture models verify
      posture models verify --json
    """
    verdicts = verify()
    if as_json:
        click.echo(json.dumps({"models": [_as_object(verdict) for verdict in verdicts]}))
    else:
        for verdict in verdicts:
            state = "ok" if verdict.problem is None else "wrong"
            click.echo(f"{state:<6}{verdict.bundle.file_name}  sha256 {verdict.bundle.sha256}")
    problems = [verdict.problem for verdict in verdicts if verdict.problem is not None]
    if problems:
        raise ModelError(" ".join(problems), "Install posture again.")


def _as_object(verdict: Verdict) -> dict[str, object]:
    return {
        "name": verdict.bundle.file_name,
        "path": str(verdict.path),
        "sha256": verdict.bundle.sha256,
        "ok": verdict.problem is None,
        "problem": verdict.problem,
    }
