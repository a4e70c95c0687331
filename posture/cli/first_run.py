"""Before the first picture: the camera is explained, consent asked, calibration offered."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Sequence
from typing import TypeGuard

import click

from posture import calibration_file, consent
from posture.cli import asking
from posture.cli.asking import can_ask
from posture.cli.at_words import at_words
from posture.cli.guided_terminal import ask_consent
from posture.desktop.words import say
from posture.errors import SourceNotFound
from posture.own_command import own_command
from posture.sense.source import require_webcam


class CameraRefused(Exception):
    """The user does not want the camera to be used."""


def prepare(source: str, profile: str | None, told: Sequence[str], *, ask: bool | None) -> None:
    """See to it that the user has agreed, and has calibrated *profile* or chosen not to.

    ``profile``: None = there is a calibration already. ``told``: who is told of states. ``ask``:
    None = where somebody sits at the terminal; True = also without one, in a window. Nothing ever
    waits for an answer that nobody can give, nor asks about a webcam that is not there.

    Raises CameraRefused; SourceNotFound where consent is missing and so is the webcam.
    """
    somebody = can_ask()
    if ask is False or (ask is None and not somebody):
        _tell_what_was_not_asked()
        return
    if consent.given():
        # The monitor waits for a webcam that is not there; only a calibration needs it now.
        if somebody and _uncalibrated(profile) and _is_there(source):
            _offer_calibration(source, profile)
        return
    require_webcam(source)
    if not somebody:
        # The calibration is offered with it, and not again at every login.
        _ask_in_window(source, profile)
    elif not ask_consent(told):
        raise CameraRefused
    elif _uncalibrated(profile):
        _offer_calibration(source, profile)


def _is_there(source: str) -> bool:
    try:
        require_webcam(source)
    except SourceNotFound:
        return False
    return True


def _tell_what_was_not_asked() -> None:
    if not consent.given():
        click.echo(at_words(say("welcome.not_asked")))


def _uncalibrated(profile: str | None) -> TypeGuard[str]:
    return profile is not None and calibration_file.find(profile) is None


def _offer_calibration(source: str, profile: str) -> None:
    if asking.confirmed(say("welcome.calibrate"), default=True):
        _calibrate(source, profile)


def _ask_in_window(source: str, profile: str | None) -> None:
    # Loads OpenCV, which the monitor does without.
    from posture.sense.highgui import why_no_window  # noqa: PLC0415

    if why_no_window() is not None:
        _tell_what_was_not_asked()
        return
    # Where only consent is missing, a calibration that is cancelled does no harm.
    _calibrate(source, profile or "default")
    if not consent.given():
        raise CameraRefused


def _calibrate(source: str, profile: str) -> None:
    """Guide in a process of its own: a window's library shares none with the tray."""
    words = own_command("calibrate", "--source", source, "--profile", profile)
    sys.stdout.flush()
    with subprocess.Popen(words) as process:  # noqa: S603 - our own program
        # Ctrl-C cancels the calibration, not the monitor.
        while process.poll() is None:
            with contextlib.suppress(KeyboardInterrupt):
                process.wait()
