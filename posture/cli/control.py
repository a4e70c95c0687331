"""``posture status``, ``pause``, ``stop`` and the like: talk to the running monitor."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from posture import paths
from posture.cli.at_words import at_words
from posture.cli.durations import DurationType
from posture.cli.options import as_json_option
from posture.desktop import control
from posture.desktop.words import say

Function = Callable[..., None]


def _common(function: Function) -> Function:
    """The options of every command that talks to the monitor."""
    return click.option(
        "--data-dir",
        type=click.Path(path_type=Path),
        help="The data directory of the monitor, if it was started with one.",
    )(as_json_option(function))


def _ask(data_dir: Path | None, request: dict[str, object]) -> dict[str, Any]:
    return control.ask(paths.data_dir(data_dir), request)


def text_of(answer: dict[str, Any]) -> str:
    """What the monitor says came of a request."""
    # A monitor that was started before an update may not say it.
    return str(answer.get("text") or say("answer.done"))


def _wish(data_dir: Path | None, request: dict[str, object], *, as_json: bool) -> None:
    """Print what the monitor says came of *request*."""
    answer = _ask(data_dir, request)
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else text_of(answer))


@click.command("status")
@_common
def status(data_dir: Path | None, as_json: bool) -> None:
    """Show what the running monitor sees, and why it is silent.

    \b
    Examples:
      posture status
      posture status --json
    """
    answer = _ask(data_dir, {"do": "status"})
    document: dict[str, Any] = answer["status"]
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    for line in (*document["text"], *document["learned_text"]):
        click.echo(at_words(line))
    program = document["program"]
    for trouble in (program["tray_trouble"], program["notification_trouble"]):
        if trouble:
            click.echo(at_words(trouble))
    for sentence in program["publishing"]:
        click.echo(at_words(sentence))


@click.command("pause")
@click.argument("length", metavar="[DURATION]", type=DurationType(), required=False)
@_common
def pause(length: float | None, data_dir: Path | None, as_json: bool) -> None:
    """Say nothing and close the camera for DURATION (15m, 1h), or until `posture resume`.

    \b
    Examples:
      posture pause 45m    a meeting
      posture pause        until posture resume
    """
    request: dict[str, object] = {"do": "pause"}
    if length is not None:
        request["seconds"] = length
    _wish(data_dir, request, as_json=as_json)


@click.command("resume")
@_common
def resume(data_dir: Path | None, as_json: bool) -> None:
    """End a pause, a snooze or a break.

    \b
    Examples:
      posture resume
    """
    _wish(data_dir, {"do": "resume"}, as_json=as_json)


@click.command("snooze")
@click.argument("length", metavar="[DURATION]", type=DurationType(), required=False)
@_common
def snooze(length: float | None, data_dir: Path | None, as_json: bool) -> None:
    """Put the reminder on the screen off for DURATION (5m, 10m).

    Where none is on the screen, all of them. Without DURATION for reminders.snooze_min.

    \b
    Examples:
      posture snooze
      posture snooze 20m
    """
    request: dict[str, object] = {"do": "snooze"}
    if length is not None:
        request["seconds"] = length
    _wish(data_dir, request, as_json=as_json)


@click.command("wrong")
@_common
def wrong(data_dir: Path | None, as_json: bool) -> None:
    """Say that the last reminder was a wrong alarm: its threshold becomes laxer.

    `posture status` lists what is laxer now; `posture undo` takes the last one back.

    \b
    Examples:
      posture wrong
    """
    _wish(data_dir, {"do": "wrong_alarm"}, as_json=as_json)


@click.command("undo")
@_common
def undo(data_dir: Path | None, as_json: bool) -> None:
    """Take the last wrong alarm back: its threshold becomes as strict as before.

    \b
    Examples:
      posture undo
    """
    _wish(data_dir, {"do": "undo_wrong_alarm"}, as_json=as_json)


@click.command("standing")
@_common
def standing(data_dir: Path | None, as_json: bool) -> None:
    """Say that you are standing now, where the camera cannot tell.

    \b
    Examples:
      posture standing
    """
    _wish(data_dir, {"do": "standing"}, as_json=as_json)


@click.command("sitting")
@_common
def sitting(data_dir: Path | None, as_json: bool) -> None:
    """Say that you are sitting again.

    \b
    Examples:
      posture sitting
    """
    _wish(data_dir, {"do": "sitting"}, as_json=as_json)


@click.command("recalibrate")
@_common
def recalibrate(data_dir: Path | None, as_json: bool) -> None:
    """Ask the running monitor to learn your upright posture anew.

    \b
    Examples:
      posture recalibrate
    """
    _wish(data_dir, {"do": "recalibrate"}, as_json=as_json)


@click.command("stop")
@_common
def stop(data_dir: Path | None, as_json: bool) -> None:
    """End the running monitor.

    \b
    Examples:
      posture stop
    """
    _wish(data_dir, {"do": "stop"}, as_json=as_json)
