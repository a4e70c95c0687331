"""A guided calibration from opening the camera to what is stored."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

from posture import calibration_file, consent
from posture.clock import SystemClock
from posture.core.desk import Desk, Place
from posture.core.guide import QUESTIONS, Guide, Step
from posture.core.neutral import Neutral
from posture.desktop.words import say
from posture.errors import CameraUnavailable
from posture.looking import Looking
from posture.plan import CalibrationPlan
from posture.sense.highgui import Pane
from posture.sense.landmark_stream import LandmarkStream
from posture.sense.source import FrameSource, open_source
from posture.sense.trace import TraceSource
from posture.sense.window import Window
from posture.settings import Settings
from posture.settings_edit import set_value
from posture.settings_file import settings_path
from posture.showing import ask_consent, guide_in_window, show_starting

# A monitor that lends its camera, or a program just closed, needs a moment to let it go (chosen).
_PATIENCE_S, _RETRY_S = 3.0, 0.5

Talk = Callable[[Guide, Looking], None]


def in_window(plan: CalibrationPlan, settings: Settings) -> Neutral | None:
    """Guide in a window of its own: what was learnt and stored; None: cancelled, nothing stored.

    Asks for consent first where it was not given. Raises what the camera raises.
    """
    with Pane(say("window.calibration")) as pane:
        if not consent.given():
            if not ask_consent(pane, settings.told):
                return None
            consent.remember(SystemClock())
        show_starting(pane)
        return in_talk(plan, settings, lambda guide, looking: guide_in_window(guide, looking, pane))


def in_talk(plan: CalibrationPlan, settings: Settings, talk: Talk) -> Neutral | None:
    """Guide by *talk*: what was learnt and stored; None: cancelled, nothing stored."""
    with contextlib.closing(_open_camera(plan)) as source:
        guide = Guide(
            _desk(settings),
            ask=[step for step in QUESTIONS if _to_ask(step, plan, settings)],
            hold_s=plan.hold_s,
            distance_cm=plan.distance_cm,
            source=source.name,
            profile=plan.profile,
        )
        models = settings.models
        stream = LandmarkStream(
            source,
            pose_model=Path(models.pose) if models.pose else None,
            face_model=Path(models.face) if models.face else None,
        )
        with Looking(stream.seen, source.close) as looking:
            talk(guide, looking)
    progress = guide.progress
    if progress.step is not Step.KEPT or progress.neutral is None:
        return None
    calibration_file.save(progress.neutral, plan.path)
    _store_desk(guide.desk, settings)
    return progress.neutral


def _open_camera(plan: CalibrationPlan) -> FrameSource:
    clock = SystemClock()
    until = clock.now().shifted(_PATIENCE_S)
    while True:
        try:
            source = open_source(plan.source, clock, Window(plan.start_s))
        except CameraUnavailable:
            if clock.now() >= until:
                raise
            time.sleep(_RETRY_S)
        else:
            break
    if isinstance(source, TraceSource):
        raise TypeError(f"{plan.source} has no pictures")
    return source


def _desk(settings: Settings) -> Desk:
    camera = settings.camera
    return Desk(
        settings.screen.diagonal_in or None,
        Place(camera.place) if "camera.place" in settings.given else None,
        camera.offset_cm or None,
    )


def _to_ask(step: Step, plan: CalibrationPlan, settings: Settings) -> bool:
    """Each question is asked once: an answer "not known" is one too, and stored as 0."""
    match step:
        case Step.SCREEN:
            return "screen.diagonal_in" not in settings.given
        case Step.PLACE:
            return "camera.place" not in settings.given
        case _:
            return plan.distance_cm is None


def _store_desk(desk: Desk, settings: Settings) -> None:
    known = _desk(settings)
    if desk == known and "screen.diagonal_in" in settings.given:
        return
    path = settings_path()
    set_value(path, "screen.diagonal_in", f"{desk.diagonal_in or 0:.4g}")
    if desk.place is not None:
        set_value(path, "camera.place", desk.place.value)
        set_value(path, "camera.offset_cm", f"{desk.offset_cm or 0:.4g}")
