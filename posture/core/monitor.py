"""Monitor: the one engine. Inputs in, effects out; ``run``, ``replay`` and the tests drive it.

The driver performs the effects and answers each ``ShowReminder`` with ``Delivered``: at once
where delivery is instant (a replay), else when the notifier has answered. A cool-down starts
with that answer; without one the reminder is given up as not delivered and tried later.
Feed inputs in the order of time, with a ``Tick`` a second while no pictures come; the steady
clock of the instants must count through system sleep. ``close`` at the end writes what is open.
"""

from __future__ import annotations

from typing import Protocol

from posture.clock import US_PER_S, Instant
from posture.core import outlook
from posture.core.calendar import LocalTime, utc_time
from posture.core.camera_wish import CameraWish
from posture.core.course import Course
from posture.core.effects import Effect, Learned, Status
from posture.core.inputs import Action, CameraLost, Delivered, Input, SessionChanged, Tick
from posture.core.landmarks import Landmarks
from posture.core.memory import Json
from posture.core.moments import later
from posture.core.policy import Policy
from posture.core.reading import Reading
from posture.core.remembrance import recall, remember, shift_walls
from posture.core.scene import Scene
from posture.core.senses import SLEEP_S, CameraState, unknown
from posture.core.silence import camera_reason
from posture.core.thresholds import Thresholds
from posture.core.voice import Voice

# Decisions are made this often at most: enough for reminders told in seconds (chosen).
DECIDE_S = 0.2
STATUS_S = 1.0
# Wall and steady clock apart by more than this: the wall clock was set (chosen).
CLOCK_SET_S = 2.0


class Reader(Protocol):
    """Turns landmarks into readings."""

    def read(self, landmarks: Landmarks) -> Reading:
        """Judge one picture's landmarks."""

    def retune(self, thresholds: Thresholds) -> None:
        """Judge by these thresholds from now on."""


class Monitor:
    """Keeps all that is known about the user and decides what to do about it.

    ``reader``: needed where inputs are landmarks. ``local_time``: wall microseconds to the user's
    local time. ``first_id``: number of the next reminder, where the journal knows of earlier ones.
    """

    def __init__(
        self,
        policy: Policy | None = None,
        *,
        reader: Reader | None = None,
        local_time: LocalTime = utc_time,
        first_id: int = 1,
    ) -> None:
        self._policy = policy or Policy()
        self._reader = reader
        self._course = Course(self._policy, local_time)
        self._voice = Voice(self._policy, self._course.clocks, first_id)
        self._camera = CameraWish(self._policy)
        self._now: Instant | None = None
        self._decided: Instant | None = None
        self._status_at: Instant | None = None
        self.apply(self._policy)

    # -- taking what comes

    def step(self, given: Input) -> list[Effect]:
        """Take one input; return what to do, in order.

        An input older than the last one is taken as of now, a late reading is dropped. Raises
        ValueError for landmarks without a reader.
        """
        last = self._now
        late = last is not None and given.at.mono < last.mono
        now = last if late and last is not None else given.at
        effects = self._pass_time(last, now)
        self._now = now
        if isinstance(given, Landmarks | Reading):
            effects += [] if late else self._see(given)
        else:
            effects += self._take(given, now)
            effects += self._tend_camera(now)
            effects += self._course.follow(now)
        if self._is_time(given, now, effects):
            news = bool(effects) or not isinstance(given, Landmarks | Reading | Tick)
            effects += self._decide(now, news=news)
        return effects

    def _is_time(self, given: Input, now: Instant, effects: list[Effect]) -> bool:
        if effects or not isinstance(given, Landmarks | Reading) or self._decided is None:
            return True
        return now - self._decided >= DECIDE_S

    def _pass_time(self, last: Instant | None, now: Instant) -> list[Effect]:
        """What the mere passing of time means: a set clock, a sleep, a new day."""
        effects: list[Effect] = []
        if last is not None:
            drift_us = (now.wall_us - last.wall_us) - round((now - last) * US_PER_S)
            if abs(drift_us) > CLOCK_SET_S * US_PER_S:
                relabelled = Instant(last.mono, last.wall_us + drift_us)
                effects += self._course.chronicle.relabel(last, relabelled)
                shift_walls(drift_us, self._course.clocks, self._voice, last)
                last = relabelled
            if now - last >= SLEEP_S:
                effects += self._course.wake(last, now)
        self._course.turn_day(now)
        return effects

    def _see(self, given: Landmarks | Reading) -> list[Effect]:
        if self._course.senses.camera is CameraState.CLOSED:
            # A picture that was under way when the camera was closed.
            return self._course.follow(given.at)
        if isinstance(given, Landmarks):
            if self._reader is None:
                raise ValueError("landmarks need a reader")
            given = self._reader.read(given)
        return self._course.see(given)

    def _take(
        self, given: Action | CameraLost | SessionChanged | Delivered | Tick, now: Instant
    ) -> list[Effect]:
        match given:
            case Action():
                return self._hear(given, now)
            case CameraLost():
                self._course.senses.lose_camera(now, given.reason)
            case SessionChanged():
                self._course.senses.hear(now, given.session)
            case Delivered():
                return self._voice.delivered(given, now, self._scene(now))
            case Tick():
                pass
        return []

    def _hear(self, action: Action, now: Instant) -> list[Effect]:
        effects = self._voice.answer(action, now)
        if any(isinstance(effect, Learned) for effect in effects):
            self._retune()
        return effects

    # -- deciding

    def _decide(self, now: Instant, *, news: bool) -> list[Effect]:
        self._decided = now
        course, scene = self._course, self._scene(now)
        effects = self._voice.speak(scene, course.senses, course.calendar)
        effects += course.chronicle.note(course.chronicle.silence, self._voice.silent, now)
        due = self._status_at is None or now - self._status_at >= STATUS_S
        if news or effects or due:
            self._status_at = now
            effects += self._tend_camera(now)
            effects += course.chronicle.grow(now)
            effects.append(self._status(scene))
        return effects

    def _scene(self, now: Instant) -> Scene:
        course = self._course
        return Scene(
            now,
            course.situation or unknown(now, None),
            course.senses.reading,
            course.clocks,
            self._voice.reminders,
            self._policy,
            course.calendar.minute,
            course.clocks.activity(now)[0],
            course.clocks.sitting.seconds(now),
        )

    def _tend_camera(self, now: Instant) -> list[Effect]:
        """Open or close the camera, choose how often to look, tell what it does."""
        course, senses = self._course, self._course.senses
        reason = camera_reason(
            self._policy.silence, self._voice.hush, senses, course.calendar.now, now
        )
        effects = self._camera.tend(now, senses, course.situation, reason)
        track = course.chronicle.camera
        return effects + course.chronicle.note(track, senses.camera, now, senses.camera_reason)

    # -- what the driver asks

    def status(self) -> Status:
        """Everything that is known now. Raises ValueError before the first input."""
        if self._now is None:
            raise ValueError("nothing is known before the first input")
        return self._status(self._scene(self._now))

    def _status(self, scene: Scene) -> Status:
        now, clocks, voice, senses = scene.now, scene.clocks, self._voice, self._course.senses
        totals = clocks.day.totals(now)
        return Status(
            at=now,
            activity=scene.activity,
            sitting_s=round(scene.sitting_s, 1),
            standing_today_s=round(totals.standing_s, 1),
            budget=round(clocks.posture.budget.level(now), 3),
            reading=senses.reading,
            silent=voice.silent,
            silent_until=voice.hush.until(now),
            camera=senses.camera,
            camera_reason=senses.camera_reason,
            next_reminders=outlook.ahead(scene),
            open_reminder=voice.reminders.on_screen,
            presence=scene.situation.presence,
            presence_reason=scene.situation.reason,
            label=scene.situation.label,
            soft=outlook.soft_signs(scene),
            sitting_today_s=round(totals.sitting_s, 1),
            upright_today_s=round(totals.upright_s, 1),
            upright_goal_s=clocks.day.goal_s,
            learned=voice.learning.factors(),
        )

    def apply(self, policy: Policy) -> None:
        """Obey other settings from now on; clocks, counts and lessons are kept."""
        self._policy = policy
        self._camera.obey(policy)
        self._voice.obey(policy)
        self._retune()

    def _retune(self) -> None:
        thresholds = self._voice.thresholds
        self._course.obey(self._policy, thresholds)
        if self._reader is not None:
            self._reader.retune(thresholds)

    def snapshot(self) -> Json:
        """What must outlive a restart, for ``json``. None before the first input."""
        if self._now is None:
            return None
        return remember(self._course.clocks, self._voice, self._now)

    def restore(self, data: object, now: Instant) -> bool:
        """Go on from a snapshot taken before a restart; call it before the first input.

        False when *data* is not a snapshot of this program: then everything starts afresh.
        """
        if not recall(data, now, self._course.clocks, self._voice):
            return False
        self._retune()
        return True

    def close(self, at: Instant) -> list[Effect]:
        """The monitor ends: what is still to be written."""
        return self._course.close(at if self._now is None else later(at, self._now))
