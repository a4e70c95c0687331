"""``posture calibrate``: learn the user's own upright posture from a source."""

from __future__ import annotations

import contextlib
from pathlib import Path

import click

from posture import calibration_file
from posture.clock import SystemClock
from posture.core.calibration import PICTURES, STREAM, calibrate
from posture.core.inputs import CameraLost
from posture.core.landmarks import Landmarks
from posture.core.neutral import Neutral
from posture.errors import CameraUnavailable, UsageError
from posture.sense.landmark_stream import LandmarkStream
from posture.sense.source import open_source
from posture.sense.window import Window
from posture.settings import user_settings

# Guided calibration takes ten seconds (science.md section 5).
LIVE_SECONDS = 10.0
_NEAREST_CM, _FURTHEST_CM = 20.0, 300.0


@click.command()
@click.option("--source", default="0", show_default=True, help="Camera, file, folder or trace.")
@click.option("--start", type=float, default=0.0, help="Seconds into the source to start at.")
@click.option("--duration", type=float, help="Seconds to take (10 from a camera).")
@click.option("--distance", type=float, help="Eyes to camera in cm, by tape measure.")
@click.option("--profile", default="default", show_default=True, help="Name for this desk.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="File to write (default: the profile's own)."
)
def command(
    source: str,
    start: float,
    duration: float | None,
    distance: float | None,
    profile: str,
    out: Path | None,
) -> None:
    """Learn your own upright posture: sit well, look at the middle of the screen.

    \b
    posture calibrate --distance 62
    posture calibrate --source clip.mp4 --start 5 --duration 20 --distance 60 --out me.json
    """
    if distance is not None and not _NEAREST_CM <= distance <= _FURTHEST_CM:
        raise UsageError(
            f"A distance of {distance:g} cm is not possible.",
            f"Give the distance from your eyes to the camera, {_NEAREST_CM:.0f} to "
            f"{_FURTHEST_CM:.0f} cm.",
        )
    path = out or calibration_file.profile_path(profile)
    screen_cm = user_settings().camera.screen_cm() if _is_live(source) else None
    neutral = take(source, Window(start, duration), distance, profile, screen_cm)
    calibration_file.save(neutral, path)
    click.echo(summary(neutral))
    click.echo(f"Saved to {path}")


def _is_live(source: str) -> bool:
    # Where this desk's camera stands says nothing about a recording.
    return source.isdecimal() or not Path(source).exists()


def take(
    source: str,
    window: Window,
    distance_cm: float | None,
    profile: str,
    screen_cm: tuple[float, float] | None = None,
) -> Neutral:
    """Calibrate from *source*; raises what the source raises and CalibrationRefused."""
    with contextlib.closing(open_source(source, SystemClock(), window)) as opened:
        if opened.live:
            click.echo("Sit upright, feet on the floor, and look at the middle of the screen …")
        seconds = window.duration_s or (LIVE_SECONDS if opened.live else None)
        taken: list[Landmarks] = []
        for landmarks in LandmarkStream(opened):
            if isinstance(landmarks, CameraLost):
                raise CameraUnavailable(
                    f"The camera gives no pictures: {landmarks.reason}.",
                    "posture doctor says what to do.",
                )
            taken.append(landmarks)
            if opened.live and seconds is not None and taken[-1].at - taken[0].at >= seconds:
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


def summary(neutral: Neutral) -> str:
    """What was learnt, in a few words."""
    how = "measured" if neutral.measured else "estimated; give --distance for right centimetres"
    return (
        f"Calibrated from {neutral.samples} pictures: eyes {neutral.distance_cm:.0f} cm from the "
        f"camera ({how}), sway {neutral.sway_cm:.1f} cm and {neutral.sway_deg:.1f}°."
    )
