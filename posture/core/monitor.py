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
from posture.core import agenda
from posture.core.agenda import Scene
from posture.core.calendar import Calendar, LocalTime, utc_time
from posture.core.camera_wish import CameraWish
from posture.core.chronicle import Chronicle
from posture.core.clocks import Clocks
from posture.core.described import hours
from posture.core.effects import (
    Activity,
    CalibrationChanged,
    DeskRecognized,
    Effect,
    Learned,
    Status,
    WriteMinute,
)
from posture.core.eyes import Gaze
from posture.core.inputs import Action, CameraLost, Delivered, Input, SessionChanged, Tick
from posture.core.landmarks import Landmarks
from posture.core.memory import Json
from posture.core.moments import later
from posture.core.policy import Policy
from posture.core.reading import Reading
from posture.core.remembrance import recall, remember, shift_walls
from posture.core.senses import ASLEEP, SLEEP_S, CameraState, Senses, Situation, away, unknown
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
        self._senses = Senses()
        self._clocks = Clocks(self._policy)
        self._voice = Voice(self._policy, self._clocks, first_id)
        self._chronicle = Chronicle()
        self._calendar = Calendar(local_time)
        self._now: Instant | None = None
        self._situation: Situation | None = None
        self._calibration = "fresh"
        self._desk_seen: str | None = None
        self._camera = CameraWish(self._policy)
        self._decided: Instant | None = None
        self._status_at: Instant | None = None
        self.apply(self._policy)

    # -- the engine

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
            effects += self._follow(now)
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
                effects += self._chronicle.relabel(last, relabelled)
                shift_walls(drift_us, self._clocks, self._voice, last)
                last = relabelled
            if now - last >= SLEEP_S:
                effects += self._turn_to(away(last, ASLEEP), now)
                self._senses.wake(now)
        if self._calendar.turn(now) and self._calendar.date != self._clocks.day.state.date - 1:
            self._roll(now)
        return effects

    def _roll(self, now: Instant) -> None:
        """A new local day; a clock set back over midnight does not count as one."""
        if self._calendar.date != self._clocks.day.state.date:
            self._clocks.day.roll(self._calendar.date, self._calendar.midnight(now))

    def _take(
        self, given: Action | CameraLost | SessionChanged | Delivered | Tick, now: Instant
    ) -> list[Effect]:
        match given:
            case Action():
                return self._hear(given, now)
            case CameraLost():
                self._senses.lose_camera(now, given.reason)
            case SessionChanged():
                self._senses.hear(now, given.session)
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

    def _read(self, given: Landmarks | Reading) -> Reading:
        if isinstance(given, Reading):
            return given
        if self._reader is None:
            raise ValueError("landmarks need a reader")
        return self._reader.read(given)

    def _see(self, given: Landmarks | Reading) -> list[Effect]:
        if self._senses.camera is CameraState.CLOSED:
            # A picture that was under way when the camera was closed.
            return self._follow(given.at)
        reading = self._read(given)
        effects: list[Effect] = []
        before = self._senses.reading
        if before is not None and reading.at - before.at > self._senses.gap_s:
            effects += self._follow(reading.at)
        self._senses.see(reading)
        effects += self._calibrated(reading)
        situation = self._senses.situation(reading.at)
        if situation is None:
            return effects
        if situation.trusted:
            self._clocks.see(reading, situation.label_since)
            if reading.label.judged:
                effects += self._noted(self._chronicle.minutes.see(reading, self._senses.gap_s))
        effects += self._turn_to(situation, reading.at)
        self._chronicle.blame(self._clocks.posture.verdict.fault)
        return effects

    def _noted(self, minutes: list[WriteMinute]) -> list[WriteMinute]:
        """Let the habits learn from minutes that are done."""
        for minute in minutes:
            date = self._calendar.local(minute.minute_us).toordinal()
            self._clocks.note_minute(date, minute)
        return minutes

    def _calibrated(self, reading: Reading) -> list[Effect]:
        effects: list[Effect] = []
        if reading.desk_seen != self._desk_seen:
            self._desk_seen = reading.desk_seen
            if reading.desk_seen is not None:
                effects.append(DeskRecognized(reading.at, reading.desk_seen))
        state = "fresh" if reading.calibrated else "absent"
        if reading.stale_calibration is not None:
            state = "stale"
        if state == self._calibration:
            return effects
        self._calibration = state
        return [*effects, CalibrationChanged(reading.at, state, reading.stale_calibration)]

    def _follow(self, now: Instant) -> list[Effect]:
        """Bring body and chronicle up to what is held true now."""
        situation = self._senses.situation(now)
        if situation is None:
            situation = self._situation
        return [] if situation is None else self._turn_to(situation, now)

    def _turn_to(self, situation: Situation, now: Instant) -> list[Effect]:
        before, self._situation = self._situation, situation
        if not situation.trusted and (before is None or before.presence is not situation.presence):
            self._clocks.lose(situation)
            self._chronicle.minutes.lose()
        ended = self._clocks.settle(situation, self._senses, now)
        if ended is not None:
            self._note_stretch(*ended)
        reading = self._senses.reading if situation.trusted else None
        effects = self._chronicle.situation(
            now, situation, None if reading is None else reading.metrics
        )
        activity, since = self._clocks.activity(now)
        effects += self._chronicle.sitting(now, activity, since, self._clocks.sitting.seconds(now))
        effects += self._near_work(now)
        return effects

    def _note_stretch(self, activity: Activity, began: Instant, ended: Instant) -> None:
        """A stretch of sitting, standing or absence is over."""
        if activity is Activity.SITTING:
            self._clocks.habits.note_bout(self._calendar.date, ended - began)
        policy = self._policy.lunch
        window = hours(policy.hours)
        if activity is not Activity.AWAY or ended - began < policy.away_min * 60 or window is None:
            return
        begins, ends = self._calendar.minute_of(began), self._calendar.minute_of(ended)
        if window.holds(begins) or window.holds(ends) or begins < window.begins < ends:
            self._clocks.day.state.lunched = True

    def _near_work(self, now: Instant) -> list[Effect]:
        """Time with the eyes on the screen; a glance away does not break it."""
        eyes, track = self._clocks.eyes.state, self._chronicle.near
        if eyes.since is None:
            return []
        if eyes.gaze is Gaze.SCREEN:
            return self._chronicle.note(track, "screen", eyes.since)
        if now - eyes.since >= self._policy.eyes.rest_s:
            return self._chronicle.note(track, None, eyes.since)
        return []

    # -- deciding

    def _decide(self, now: Instant, *, news: bool) -> list[Effect]:
        self._decided = now
        scene = self._scene(now)
        spoken = self._voice.speak(scene, self._senses, self._calendar)
        effects: list[Effect] = [*spoken]
        silent = self._voice.silent
        effects += self._chronicle.note(self._chronicle.silence, silent, now)
        due = self._status_at is None or now - self._status_at >= STATUS_S
        if news or effects or due:
            self._status_at = now
            effects += self._tend_camera(now)
            effects += self._chronicle.grow(now)
            effects.append(self._status(scene))
        return effects

    def _scene(self, now: Instant) -> Scene:
        return Scene(
            now,
            self._situation or unknown(now, None),
            self._senses.reading,
            self._clocks,
            self._voice.reminders,
            self._policy,
            self._calendar.minute,
            self._clocks.activity(now)[0],
            self._clocks.sitting.seconds(now),
        )

    def _tend_camera(self, now: Instant) -> list[Effect]:
        """Open or close the camera, choose how often to look, tell what it does."""
        reason = camera_reason(
            self._policy.silence, self._voice.hush, self._senses, self._calendar.now, now
        )
        effects = self._camera.tend(now, self._senses, self._situation, reason)
        state, why = self._senses.camera, self._senses.camera_reason
        effects += self._chronicle.note(self._chronicle.camera, state, now, why)
        return effects

    # -- what the driver asks

    def status(self) -> Status:
        """Everything that is known now. Raises ValueError before the first input."""
        if self._now is None:
            raise ValueError("nothing is known before the first input")
        return self._status(self._scene(self._now))

    def _status(self, scene: Scene) -> Status:
        now, clocks, voice = scene.now, self._clocks, self._voice
        totals = clocks.day.totals(now)
        return Status(
            at=now,
            activity=scene.activity,
            sitting_s=round(scene.sitting_s, 1),
            standing_today_s=round(totals.standing_s, 1),
            budget=round(clocks.posture.budget.level(now), 3),
            reading=self._senses.reading,
            silent=voice.silent,
            silent_until=voice.hush.until(now),
            camera=self._senses.camera,
            camera_reason=self._senses.camera_reason,
            next_reminders=agenda.ahead(scene),
            open_reminder=voice.reminders.on_screen,
            presence=scene.situation.presence,
            presence_reason=scene.situation.reason,
            label=scene.situation.label,
            soft=agenda.soft_signs(scene),
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
        self._clocks.obey(self._policy, thresholds)
        if self._reader is not None:
            self._reader.retune(thresholds)

    def snapshot(self) -> Json:
        """What must outlive a restart, for ``json``. None before the first input."""
        if self._now is None:
            return None
        return remember(self._clocks, self._voice, self._now)

    def restore(self, data: object, now: Instant) -> bool:
        """Go on from a snapshot taken before a restart; call it before the first input.

        False when *data* is not a snapshot of this program: then everything starts afresh.
        """
        return recall(data, now, self._clocks, self._voice) and self._recalled()

    def _recalled(self) -> bool:
        self._retune()
        return True

    def close(self, at: Instant) -> list[Effect]:
        """The monitor ends: what is still to be written."""
        now = at if self._now is None else later(at, self._now)
        effects = self._follow(now)
        effects += self._noted(self._chronicle.minutes.flush())
        return [*effects, *self._chronicle.close(now)]
