"""``posture doctor``: look at everything the program needs, and say what to do."""

from __future__ import annotations

import json
import os
import platform
import struct
import sys
from collections.abc import Mapping
from functools import partial
from importlib import metadata
from pathlib import Path

import click

from posture import calibration_file, paths
from posture.cli.at_words import at_words
from posture.cli.options import as_json_option
from posture.clock import SystemClock, local_time
from posture.desktop import doctor
from posture.desktop.autostart import autostart_of_this_system
from posture.desktop.camera_rights import denied
from posture.desktop.doctor import Check, Finding, Verdict
from posture.desktop.loop import LoopThread
from posture.desktop.notify import Notifier, Offer
from posture.desktop.session import source_for_this_system
from posture.desktop.tray import probe
from posture.desktop.wishes import Nowhere
from posture.errors import DoctorFoundProblem
from posture.sense import confinement
from posture.settings_file import settings_path, user_settings

_MARKS = {Verdict.OK: "ok", Verdict.WARN: "warning", Verdict.PROBLEM: "PROBLEM"}


@click.command()
@as_json_option
@click.option("--data-dir", type=click.Path(path_type=Path), help="Look at this log's folder.")
def command(as_json: bool, data_dir: Path | None) -> None:
    """Check camera, models, tray, notifications and the rest, and say what to do.

    \b
    Examples:
      posture doctor
      posture doctor --json
    """
    loop = LoopThread("doctor")
    try:
        findings = doctor.examine(_checks(loop, paths.data_dir(data_dir)))
    finally:
        loop.stop()
    if as_json:
        click.echo(json.dumps(_document(findings), ensure_ascii=False))
    else:
        _print(findings)
    count = sum(finding.verdict is Verdict.PROBLEM for finding in findings.values())
    if count:
        text = "1 problem was found." if count == 1 else f"{count} problems were found."
        raise DoctorFoundProblem(text, "What to do is said above.")


def _checks(loop: LoopThread, data_dir: Path) -> Mapping[str, Check]:
    return {
        "python": lambda: doctor.python(
            sys.version_info[:3],
            f"{platform.system()} {platform.machine()}",
            8 * struct.calcsize("P"),
        ),
        "opencv": _opencv,
        "mediapipe": lambda: doctor.mediapipe(_version("mediapipe")),
        "models": _models,
        "locks": _locks,
        "camera": _cameras,
        "calibration": _calibration,
        "tray": lambda: doctor.tray(probe(loop)),
        "notifications": partial(_notifications, loop),
        "desktop": partial(_session, loop),
        "log": lambda: doctor.data_directory(data_dir),
        "settings": lambda: doctor.settings(lambda: len(user_settings().given), settings_path()),
        "publishing": _publishing,
        "autostart": lambda: doctor.autostart(autostart_of_this_system().state()),
    }


def _opencv() -> Finding:
    def load() -> str:
        from posture.sense.opencv import cv2  # noqa: PLC0415 - may not be installed

        return str(cv2.__version__)

    return doctor.opencv(metadata.packages_distributions().get("cv2", []), load)


def _version(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def _models() -> Finding:
    from posture.sense.models import verify  # noqa: PLC0415 - needs what other checks look for

    verdicts = verify()
    problems = [verdict.problem for verdict in verdicts if verdict.problem is not None]
    return doctor.models(problems, len(verdicts))


def _locks() -> Finding:
    found = confinement.offered()
    return doctor.locks(found.seccomp, found.landlock, sys.platform)


def _cameras() -> Finding:
    from posture.sense.webcam_list import list_cameras  # noqa: PLC0415 - who looks for webcams

    found = {camera.name: camera.path for camera in list_cameras()}
    return doctor.cameras(list(found), denied(found), sys.platform)


def _calibration() -> Finding:
    neutral = calibration_file.find("default")
    made = None if neutral is None else f"{local_time(neutral.made_us):%Y-%m-%d}"
    return doctor.calibration(made)


def _notifications(loop: LoopThread) -> Finding:
    notifier = Notifier(Nowhere(), SystemClock(), loop)

    def ask() -> Offer:
        try:
            return notifier.offer()
        finally:
            notifier.stop()

    has_display = sys.platform != "linux" or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    return doctor.notifications(ask, has_display=has_display)


def _session(loop: LoopThread) -> Finding:
    source = source_for_this_system(loop, SystemClock())
    source.start(lambda: None)
    try:
        return doctor.session(source.told_by())
    finally:
        source.stop()


def _publishing() -> Finding:
    from posture.publish.trial import trials  # noqa: PLC0415 - loads what talks to networks

    return doctor.publishing([(one.what, one.do) for one in trials(user_settings())])


def _document(findings: Mapping[str, Finding]) -> dict[str, object]:
    return {
        "ok": not any(one.verdict is Verdict.PROBLEM for one in findings.values()),
        "checks": [
            {"name": name, "verdict": one.verdict.value, "what": one.what, "do": one.do}
            for name, one in findings.items()
        ],
    }


def _print(findings: Mapping[str, Finding]) -> None:
    width = max(len(name) for name in findings)
    margin = len(f"{'':<8} {'':<{width}}  ")
    for name, finding in findings.items():
        mark = _MARKS[finding.verdict]
        click.echo(at_words(f"{mark:<8} {name:<{width}}  {finding.what}", margin))
        if finding.do is not None:
            click.echo(at_words(f"{'':<{margin}}→ {finding.do}", margin + 2))
