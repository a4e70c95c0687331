"""``posture calibrate``: learn the user's own upright posture from a source."""

from __future__ import annotations

import contextlib
from pathlib import Path

import click

from posture import calibration_file, consent
from posture.cli import completion
from posture.cli.asking import can_ask
from posture.cli.guided_terminal import ask_consent, guide_in_terminal
from posture.cli.options import start_option
from posture.clock import SystemClock
from posture.core.calibration import PICTURES, STREAM, calibrate
from posture.core.guide import FURTHEST_CM, HOLD_S, NEAREST_CM
from posture.core.inputs import CameraLost
from posture.core.landmarks import Landmarks
from posture.core.neutral import Neutral
from posture.desktop.calibration_words import summary
from posture.desktop.words import say, speak
from posture.errors import CameraUnavailable, UsageError
from posture.language import system_language
from posture.plan import CalibrationPlan
from posture.sense.landmark_stream import LandmarkStream
from posture.sense.source import names_camera, open_source, require_webcam
from posture.sense.window import Window
from posture.settings import Settings
from posture.settings_file import user_settings


@click.command()
@click.option(
    "--source",
    help="Camera, file, folder or trace (default: your camera).",
    shell_complete=completion.sources,
)
@start_option
@click.option(
    "--duration", type=float, metavar="SECONDS", help="Seconds to take (10 from a camera)."
)
@click.option("--distance", type=float, metavar="CM", help="Eyes to camera in cm, by tape measure.")
@click.option(
    "--profile",
    default="default",
    show_default=True,
    help="Name for this desk.",
    shell_complete=completion.profiles,
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="File to write (default: the profile's own)."
)
@click.option(
    "--window/--no-window",
    default=None,
    help="Guide in a window or fail, or in the terminal (default: what there is).",
)
def command(
    source: str | None,
    start: float,
    duration: float | None,
    distance: float | None,
    profile: str,
    out: Path | None,
    window: bool | None,
) -> None:
    """Learn your own upright posture: sit well, look at the middle of the screen.

    From a camera you are guided, in a window where there is a screen, else in the terminal.

    \b
    Examples:
      posture calibrate --distance 62
      posture calibrate --profile home --source 1
      posture calibrate --source clip.mp4 --start 5 --distance 60 --out me.json
    """
    if distance is not None and not NEAREST_CM <= distance <= FURTHEST_CM:
        raise UsageError(
            f"A distance of {distance:g} cm is not possible.",
            f"Give the distance from your eyes to the camera, {NEAREST_CM:.0f} to "
            f"{FURTHEST_CM:.0f} cm.",
        )
    path = out or calibration_file.profile_path(profile)
    settings = user_settings()
    speak(settings.language(system_language()))
    chosen = source or settings.camera.source
    if names_camera(chosen):
        plan = CalibrationPlan(chosen, profile, path, start, duration or HOLD_S, distance)
        neutral = _from_camera(plan, settings, window=window)
    else:
        neutral = take(chosen, Window(start, duration), distance, profile)
        calibration_file.save(neutral, path)
    click.echo(summary(neutral))
    click.echo(say("calibrate.saved", path=path))


def _from_camera(plan: CalibrationPlan, settings: Settings, *, window: bool | None) -> Neutral:
    """Guide in a window or in the terminal; where nobody can be asked, take what is seen.

    Raises click.Abort when the user cancels; then nothing was stored.
    """
    # Windows and pictures need OpenCV; a trace and the monitor, which imports this module, do not.
    from posture.guided import in_talk, in_window  # noqa: PLC0415
    from posture.sense.highgui import why_no_window  # noqa: PLC0415

    # Before the first question: nobody is asked about a camera that is not there.
    require_webcam(plan.source)
    why = None if window is False else why_no_window()
    if window or (window is None and why is None):
        neutral = in_window(plan, settings)
    elif can_ask():
        if why is not None:
            click.echo(say("calibrate.no_window"))
        agreed = consent.given() or ask_consent(settings.told)
        neutral = in_talk(plan, settings, guide_in_terminal) if agreed else None
    else:
        camera = settings.camera
        neutral = take(
            plan.source,
            Window(plan.start_s, plan.hold_s),
            plan.distance_cm,
            plan.profile,
            camera.screen_cm(),
        )
        calibration_file.save(neutral, plan.path)
    if neutral is None:
        click.echo(say("calibrate.cancelled"))
        raise click.Abort
    return neutral


def take(
    source: str,
    window: Window,
    distance_cm: float | None,
    profile: str,
    screen_cm: tuple[float, float] | None = None,
) -> Neutral:
    """Calibrate from *source*; raises what the source raises and CalibrationRefused."""
    live = names_camera(source)
    # A camera's seconds count from the first picture: what it takes to get ready is not of them.
    part = Window(window.start_s) if live else window
    with contextlib.closing(open_source(source, SystemClock(), part)) as opened:
        if live:
            click.echo(say("calibrate.sit"))
        seconds = window.duration_s or (HOLD_S if live else None)
        taken: list[Landmarks] = []
        for landmarks in LandmarkStream(opened):
            if isinstance(landmarks, CameraLost):
                raise CameraUnavailable(
                    f"The camera gives no pictures: {landmarks.reason}.",
                    "posture doctor says what to do.",
                )
            taken.append(landmarks)
            if live and seconds is not None and taken[-1].at - taken[0].at >= seconds:
                break
        demands = PICTURES if opened.independent else STREAM
        return calibrate(
            taken,
            distance_cm,
            demands,
            source=opened.name,
            profile=profile,
            screen_cm=screen_cm,
        )
