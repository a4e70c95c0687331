"""``posture run``: the monitor itself."""

from __future__ import annotations

import contextlib
from pathlib import Path

import click

from posture import calibration_file, paths
from posture.cli import completion
from posture.cli.asking import can_ask
from posture.cli.at_words import at_words
from posture.cli.calibrate import take
from posture.cli.first_run import CameraRefused, prepare
from posture.cli.terminal import Terminal
from posture.core.neutral import Neutral
from posture.desktop.words import say, speak
from posture.errors import AlreadyRunning, UsageError
from posture.language import system_language
from posture.live_settings import LiveSettings
from posture.plan import Plan, demo_facts
from posture.sense.source import DEMO, names_camera, require_file
from posture.sense.window import Window
from posture.settings import Settings
from posture.settings_file import settings_path, user_settings
from posture.without import without

with without("ssl"):  # asyncio would bring it; 2 MB, and a monitor that speaks TLS is seldom
    from posture.assembly import run
    from posture.desktop import control
    from posture.desktop.instance import only_one

_MOST_SCALE = 1000.0


@click.command()
@click.option(
    "--source",
    help="Camera, file, folder, trace or demo (default: your camera).",
    shell_complete=completion.sources,
)
@click.option("--calibration", type=click.Path(path_type=Path), help="Calibration file to use.")
@click.option(
    "--profile",
    default="default",
    show_default=True,
    help="Calibrated desk to use, this and no other.",
    shell_complete=completion.profiles,
)
@click.option(
    "--speed",
    type=click.Choice(["realtime", "max"]),
    default="realtime",
    show_default=True,
    help="Speed of a file.",
)
@click.option(
    "--time-scale", type=float, metavar="N", help="Let one second count as so many, to try it out."
)
@click.option("--no-tray", is_flag=True, help="Only the terminal, no icon.")
@click.option("--data-dir", type=click.Path(path_type=Path), help="Folder of the daily log.")
@click.option("--config", type=click.Path(path_type=Path), help="Settings file to obey.")
@click.option(
    "--ask/--no-ask",
    default=None,
    help="Ask for consent and calibration first, if need be in a window, or not at all "
    "(default: where there is a terminal).",
)
@click.option("--for", "for_s", type=float, metavar="SECONDS", help="Stop after so many seconds.")
def command(
    source: str | None,
    calibration: Path | None,
    profile: str,
    speed: str,
    time_scale: float | None,
    no_tray: bool,
    data_dir: Path | None,
    config: Path | None,
    ask: bool | None,
    for_s: float | None,
) -> None:
    """Watch over your posture, sitting time and eyes, and remind you kindly.

    Asks before the first picture and offers to calibrate. Ends with Ctrl-C or posture stop.

    \b
    Examples:
      posture run
      posture run --source demo                an hour's reminders in a minute
      posture run --source 1 --profile home    the second camera, at the other desk
      posture run --source clip.mp4 --calibration me.json --no-tray
    """
    _check_times(time_scale, for_s)
    settings = user_settings(config)
    speak(settings.language(system_language()))
    chosen = _source(source, settings)
    scale = time_scale or (demo_facts().time_scale if chosen == DEMO else 1.0)
    directory = paths.make_private(_directory(data_dir, own=chosen == DEMO or scale != 1.0))
    with contextlib.ExitStack() as stack:
        # First of all: a second monitor must neither ask nor calibrate.
        if not _is_first(stack, directory, ask=ask):
            return
        known = profile if calibration is None else None
        if not _may_look(chosen, known, settings, ask=ask):
            return
        plan = Plan(
            source=chosen,
            neutral=_neutral(calibration, profile, chosen == DEMO),
            time_scale=scale,
            realtime=speed == "realtime",
            data_dir=directory,
            demo=chosen == DEMO,
            tray=settings.tray.enabled and not no_tray,
            profile=profile,
            any_profile=names_camera(chosen) and calibration is None and not _named("profile"),
            stop_after_s=for_s,
        )
        _watch(plan, LiveSettings(config or settings_path(), settings))
    if plan.demo and plan.stop_after_s is None:
        from posture.cli import log  # noqa: PLC0415 - a monitor has no use for it

        click.echo()
        context = click.get_current_context()
        context.invoke(log.command, day=None, week=False, month=False, data_dir=plan.data_dir)


def _check_times(time_scale: float | None, for_s: float | None) -> None:
    """Raises UsageError."""
    if time_scale is not None and not 0 < time_scale <= _MOST_SCALE:
        raise UsageError(
            f"One second cannot count as {time_scale:g}.", f"Use up to {_MOST_SCALE:.0f}."
        )
    if for_s is not None and not for_s > 0:
        raise UsageError("--for needs a number of seconds above 0.", "Change --for.")


def _is_first(stack: contextlib.ExitStack, directory: Path, *, ask: bool | None) -> bool:
    """Hold *directory* as its only monitor; False: another one is there and shows itself."""
    try:
        stack.enter_context(only_one(directory))
    except AlreadyRunning:
        if not ask or can_ask():
            raise
        # Started once more from the applications menu: the user wants to see it.
        control.ask(directory, {"do": "preview"})
        return False
    return True


def _may_look(source: str, profile: str | None, settings: Settings, *, ask: bool | None) -> bool:
    """Have the user's consent where *source* is a camera; *profile*: to calibrate if unknown."""
    if not names_camera(source):
        require_file(source)
        return True
    try:
        prepare(source, profile, settings.told, ask=ask)
    except CameraRefused:
        click.echo(at_words(say("welcome.refused")))
        return False
    return True


def _watch(plan: Plan, live: LiveSettings) -> None:
    if not plan.real:
        click.echo(say("run.time_scale", n=f"{plan.time_scale:g}"))
    terminal = Terminal()
    try:
        run(plan, live, terminal)
    finally:
        terminal.close()


def _named(option: str) -> bool:
    """Did the user give *option*, if only its default?"""
    source = click.get_current_context().get_parameter_source(option)
    return source is not click.core.ParameterSource.DEFAULT


def _source(given: str | None, settings: Settings) -> str:
    chosen = given or settings.camera.source
    if given is None and chosen == Settings().camera.source and not _has_camera():
        click.echo(at_words(say("run.no_webcam")))
        return DEMO
    return chosen


def _directory(chosen: Path | None, *, own: bool) -> Path:
    """Folder of the log; ``own``: demonstrations are kept apart."""
    return chosen or (paths.demo_data_dir() if own else paths.data_dir())


def _has_camera() -> bool:
    from posture.sense.webcam_list import list_cameras  # noqa: PLC0415 - who looks for webcams

    return bool(list_cameras())


def _neutral(calibration: Path | None, profile: str, demo: bool) -> Neutral | None:
    if calibration is not None:
        return calibration_file.load(calibration)
    if demo:
        facts = demo_facts()
        click.echo(say("run.calibrating", n=f"{facts.calibrate_s:.0f}"))
        return take(DEMO, Window(0.0, facts.calibrate_s), facts.distance_cm, "demo")
    neutral = calibration_file.find(profile)
    if neutral is None:
        click.echo(at_words(say("run.not_calibrated")))
    return neutral
