"""The calibrated desks of a running monitor: which one counts, and why another is taken."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence

from posture import calibration_file
from posture.app import Inbox
from posture.clock import Clock
from posture.core.effects import DeskRecognized, Effect
from posture.core.neutral import Neutral
from posture.desktop.wishes import Command, CommandKind
from posture.desktop.words import say
from posture.errors import PostureError
from posture.plan import Plan

Judge = Callable[[Neutral], None]
Know = Callable[[Mapping[str, Neutral]], None]


class Profiles:
    """Takes the profile the user names, or the one that fits the camera and what it sees.

    ``use``: judges by another neutral from now on. ``know``: notices from now on when one of the
    other desks is seen. ``tell``: shows one line to the user. ``automatic``: may another profile
    be taken unasked? For the thread that runs the app.
    """

    def __init__(
        self,
        plan: Plan,
        inbox: Inbox,
        clock: Clock,
        *,
        use: Judge,
        know: Know,
        tell: Callable[[str], None],
        automatic: bool = True,
    ) -> None:
        self.current = plan.profile
        self.tell = tell
        self._neutral = plan.neutral
        self._inbox = inbox
        self._clock = clock
        self._use = use
        self._know = know
        self._may_change = plan.any_profile
        self._automatic = automatic and plan.any_profile
        self._recognized: str | None = None
        self._met: str | None = None
        self._look_around()

    def handle(self, command: Command) -> bool:
        """Perform *command* if it chooses a profile; whether it did."""
        if command.kind is not CommandKind.PROFILE:
            return False
        self._take(command.argument or self.current)
        return True

    def obey(self, *, automatic: bool) -> None:
        """Choose by itself from now on, or no longer."""
        automatic = automatic and self._may_change
        if automatic is not self._automatic:
            self._automatic = automatic
            self._look_around()

    def watch(self, effects: Sequence[Effect]) -> None:
        """Have the desk taken that the monitor recognizes."""
        for effect in effects:
            if isinstance(effect, DeskRecognized) and self._automatic:
                self._ask_for(effect.profile)

    def meet(self, camera: str) -> None:
        """The camera called *camera* gives pictures: the profile must be one of its own."""
        if not self._automatic or camera == self._met:
            return
        self._met = camera
        self._look_around()
        if self._neutral is not None and self._neutral.source == camera:
            return
        of_camera = [(n.made_us, name) for name, n in _stored().items() if n.source == camera]
        if of_camera:
            # The newest; where it does not fit what is seen, the one that does is found by that.
            self._ask_for(max(of_camera)[1])
        elif self._neutral is not None and self._neutral.source:
            self.tell(say("profile.other_camera", profile=self.current, camera=camera))

    def _ask_for(self, profile: str) -> None:
        self._recognized = profile
        self._inbox.put(Command(self._clock.now(), CommandKind.PROFILE, profile))

    def _take(self, profile: str) -> None:
        neutral = None
        with contextlib.suppress(PostureError):
            neutral = calibration_file.find(profile)
        recognized, self._recognized = self._recognized, None
        if neutral is None:
            self.tell(say("recalibrate.no_profile", profile=profile))
            return
        self.current, self._neutral = profile, neutral
        self._use(neutral)
        self._look_around()
        key = "profile.recognized" if recognized == profile else "recalibrate.done"
        self.tell(say(key, profile=profile, cm=f"{neutral.distance_cm:.0f}"))

    def _look_around(self) -> None:
        others = _stored() if self._automatic else {}
        others.pop(self.current, None)
        self._know(others)


def _stored() -> dict[str, Neutral]:
    """All profiles that can be read."""
    found = {}
    for name in calibration_file.profiles():
        with contextlib.suppress(PostureError):
            neutral = calibration_file.find(name)
            if neutral is not None:
                found[name] = neutral
    return found
