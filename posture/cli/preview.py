"""``posture preview``: the live picture with every measure and why it is judged so."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click

from posture import calibration_file, consent, paths
from posture.cli import completion
from posture.cli.asking import can_ask
from posture.cli.calibrate import take
from posture.cli.control import text_of
from posture.cli.guided_terminal import ask_consent
from posture.clock import Clock, SystemClock
from posture.core.inputs import CameraLost
from posture.core.neutral import Neutral
from posture.core.reader import Reader
from posture.desktop import control
from posture.desktop.words import speak
from posture.errors import NotRunning, UsageError
from posture.language import system_language
from posture.looking import Item, Looking
from posture.plan import demo_facts
from posture.sense.landmark_stream import LandmarkStream
from posture.sense.source import DEMO, FrameSource, names_camera, open_source, require_webcam
from posture.sense.trace import TraceSource
from posture.sense.window import Window as TimeWindow
from posture.settings import Settings
from posture.settings_file import user_settings


@click.command()
@click.option(
    "--source",
    help="Camera, video or demo (default: the running monitor's picture).",
    shell_complete=completion.sources,
)
@click.option(
    "--profile",
    default="default",
    show_default=True,
    help="Calibrated desk to use.",
    shell_complete=completion.profiles,
)
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path),
    help="The data directory of the monitor, if it was started with one.",
)
@click.option("--follow", is_flag=True, hidden=True)
def command(source: str | None, profile: str, data_dir: Path | None, follow: bool) -> None:
    """Show the live picture with every measure and the reason for each.

    Opens the running monitor's preview; where none is running, the camera. Esc closes it. No
    picture is stored.

    \b
    Examples:
      posture preview
      posture preview --source demo
    """
    settings = user_settings()
    speak(settings.language(system_language()))
    if follow:
        from posture.previewing import follow_monitor  # noqa: PLC0415 - loads OpenCV

        # A copy: at its end Python locks its own stdin, in which a thread may still be reading.
        follow_monitor(os.fdopen(os.dup(sys.stdin.fileno()), "rb"))
        return
    if source is None and _monitor_shows(data_dir):
        return
    _watch(source or settings.camera.source, profile, settings)


def _monitor_shows(data_dir: Path | None) -> bool:
    try:
        answer = control.ask(paths.data_dir(data_dir), {"do": "preview"})
    except NotRunning:
        return False
    click.echo(text_of(answer))
    return True


def _watch(source: str, profile: str, settings: Settings) -> None:
    from posture.previewing import watch_source  # noqa: PLC0415 - loads OpenCV

    require_webcam(source)
    if names_camera(source) and not consent.given():
        if not can_ask():
            raise UsageError(
                "Nobody has agreed to the camera being used.",
                "Start posture preview in a terminal.",
            )
        if not ask_consent(settings.told):
            raise click.Abort
    clock = SystemClock()
    with closing(open_source(source, clock)) as opened:
        if isinstance(opened, TraceSource) or opened.independent:
            raise UsageError(f"{source} is nothing to watch.", "Give a camera, a video or demo.")
        stream = LandmarkStream(opened)
        reader = Reader(_neutral(source, profile))
        with Looking(lambda: _paced(stream.seen(), opened, clock), opened.close) as looking:
            watch_source(looking, reader, settings.thresholds)


def _neutral(source: str, profile: str) -> Neutral | None:
    if source != DEMO:
        return calibration_file.find(profile)
    facts = demo_facts()
    return take(DEMO, TimeWindow(0.0, facts.calibrate_s), facts.distance_cm, "demo")


def _paced(items: Iterator[Item], source: FrameSource, clock: Clock) -> Iterator[Item]:
    """A file's pictures at their own time."""
    for item in items:
        if not source.live:
            at = item.at if isinstance(item, CameraLost) else item.landmarks.at
            time.sleep(max(0.0, at - clock.now()))
        yield item
