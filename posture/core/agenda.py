"""Agenda: what is worth saying now, the most important first, in the user's language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from posture.clock import Instant
from posture.core.advice import ENOUGH_DAYS, choose
from posture.core.described import hours
from posture.core.effects import Activity, ReminderKind
from posture.core.eyes import Gaze
from posture.core.faults import Fault
from posture.core.inputs import ActionKind
from posture.core.metrics import SIDED
from posture.core.reading import Presence
from posture.core.reminders import Due
from posture.core.scene import Scene
from posture.core.texts import say
from posture.core.thresholds import NEAR

_LATER = (ActionKind.SNOOZE, ActionKind.DONE)
_MAYBE_WRONG = (ActionKind.SNOOZE, ActionKind.WRONG_ALARM)
_STAND = (ActionKind.STANDING, ActionKind.SNOOZE, ActionKind.BREAK_NOW)
_READ = (ActionKind.DONE,)
_SIT = (ActionKind.SITTING, ActionKind.SNOOZE)
# In the last part of the window lunch is suggested even in the middle of a stretch (chosen).
LUNCH_LAST_MIN = 30
# A day with less than this on the feet was hardly on them (chosen).
HARDLY_UP_S = 600.0
# A tip is read best soon after a break, when the user has settled down again (chosen).
TIP_FROM_S, TIP_UNTIL_S = 60.0, 600.0


def draw_up(scene: Scene) -> Iterator[Due]:
    """Everything due and not resting, the most important first."""
    for find in ORDER.values():
        due = find(scene)
        if due is not None:
            yield due


def _due(
    scene: Scene,
    kind: ReminderKind,
    key: str,
    began: Instant | None,
    buttons: tuple[ActionKind, ...],
    **values: str | float,
) -> Due:
    language = scene.policy.language
    title = say(language, f"{key}.title", **values)
    text = say(language, f"{key}.text", **values)
    return Due(kind, began or scene.now, title, text, {}, None, buttons)


def _too_close(scene: Scene) -> Due | None:
    policy, watch = scene.policy.close, scene.clocks.close
    kind = ReminderKind.TOO_CLOSE
    if not (policy.enabled and scene.situation.trusted and watch.due(scene.now)):
        return None
    if scene.reminders.cooling(
        kind, scene.reminders.backed_off(kind, policy.cooldown_min), scene.now
    ):
        return None
    distance = None if scene.reading is None else scene.reading.metrics.distance_cm
    if distance is None:
        return None
    # The goal is told as set: a threshold softened by wrong alarms is no advice.
    goal = round(scene.policy.thresholds.near_warn_cm)
    due = _due(
        scene, kind, "too_close", watch.episode.began, _MAYBE_WRONG, size=round(distance), goal=goal
    )
    return replace(due, measures={"distance_cm": round(distance, 1)}, banded=NEAR)


def _posture(scene: Scene) -> Due | None:
    policy, watch = scene.policy.posture, scene.clocks.posture
    kind = ReminderKind.POSTURE
    fault = watch.due(scene.now)
    if fault is None or not (policy.enabled and scene.situation.trusted):
        return None
    if scene.reminders.cooling(
        kind, scene.reminders.backed_off(kind, policy.cooldown_min), scene.now
    ):
        return None
    key, size = posture_words(fault)
    due = _due(scene, kind, f"posture.{key}", watch.episode.began, _MAYBE_WRONG, size=size)
    measures = {name: round(value, 1) for name, value in fault.measures.items()}
    return replace(due, measures=measures, banded=fault.banded)


def posture_words(fault: Fault) -> tuple[str, int]:
    """The text to use and the size to name: what is off, by how much."""
    value = fault.measures.get(fault.main, 0.0)
    size = max(round(abs(value)), 1)
    if fault.main in SIDED:
        side = "right" if value > 0 else "left"
        return f"{fault.main.removesuffix('_deg')}_{side}", size
    if fault.main == "forward_head_deg":
        forward_cm = round(fault.measures.get("forward_lean_cm", 0.0))
        # Centimetres say more than degrees, where the head is measurably nearer.
        return ("forward_head_cm", forward_cm) if forward_cm >= 2 else (fault.main, size)
    return fault.banded, size


def _stand(scene: Scene) -> Due | None:
    policy, kind = scene.policy.sitting, ReminderKind.STAND
    if not (policy.enabled and scene.seated) or scene.stand_in_s > 0 or scene.stand_spent:
        return None
    if scene.reminders.cooling(kind, policy.repeat_min * 60, scene.now):
        return None
    sat = scene.sitting_s
    began = scene.clocks.sitting.state.bout_began
    if scene.reminders.of(kind).ignored > 0:
        return _due(scene, kind, "stand_again", began, _STAND, sat=sat)
    if scene.policy.standing.then_move_min > 0:
        standing = scene.policy.standing.long_min * 60
        return _due(scene, kind, "stand_rhythm", began, _STAND, sat=sat, standing=standing)
    return _due(scene, kind, "stand", began, _STAND, sat=sat)


def _standing_long(scene: Scene) -> Due | None:
    policy, kind = scene.policy.standing, ReminderKind.STANDING_LONG
    seconds = scene.clocks.standing.seconds(scene.now)
    standing = scene.activity is Activity.STANDING
    there = scene.situation.presence is Presence.PRESENT
    if not (policy.enabled and standing and there) or seconds < policy.long_min * 60:
        return None
    if scene.reminders.cooling(kind, policy.long_min * 60, scene.now):
        return None
    began = scene.clocks.standing.state.bout_began
    if policy.then_move_min > 0:
        moving = policy.then_move_min * 60
        return _due(scene, kind, "standing_move", began, _SIT, stood=seconds, moving=moving)
    return _due(scene, kind, "standing_long", began, _SIT, stood=seconds)


def _look_away(scene: Scene) -> Due | None:
    policy, kind, eyes = scene.policy.eyes, ReminderKind.LOOK_AWAY, scene.clocks.eyes
    seconds = eyes.seconds(scene.now)
    looking = scene.situation.trusted and eyes.state.gaze is Gaze.SCREEN
    if not (policy.enabled and looking) or seconds < policy.near_min * 60:
        return None
    ignored = scene.clocks.day.state.eyes_ignored >= policy.max_ignored
    if ignored or _break_soon(scene, policy.before_break_min):
        return None
    if scene.reminders.cooling(kind, policy.near_min * 60, scene.now):
        return None
    began, rest = eyes.state.began, policy.rest_s
    return _due(scene, kind, "look_away", began, _LATER, near=seconds, rest=rest)


def _break_soon(scene: Scene, within_min: float) -> bool:
    """Is the reminder to stand up, which does for eyes and back too, given or due soon?"""
    # A break that was asked for counts until it is asked for again.
    asked_s = scene.policy.sitting.repeat_min * 60
    if scene.reminders.cooling(ReminderKind.STAND, asked_s, scene.now):
        return True
    if not scene.policy.sitting.enabled or scene.activity is not Activity.SITTING:
        return False
    soon = scene.stand_in_s <= within_min * 60
    return soon and not scene.stand_spent


def _move(scene: Scene) -> Due | None:
    policy, kind, still = scene.policy.move, ReminderKind.MOVE, scene.clocks.still
    seconds = still.seconds(scene.now)
    if not (policy.enabled and scene.situation.trusted) or seconds < policy.still_min * 60:
        return None
    said = scene.reminders.last_said()
    if said is not None and scene.now - said < policy.quiet_min * 60:
        return None
    if _break_soon(scene, policy.quiet_min):
        return None
    if scene.reminders.cooling(kind, policy.still_min * 60, scene.now):
        return None
    return _due(scene, kind, "move", still.state.began, _LATER, still=seconds)


def _daily(scene: Scene) -> Due | None:
    policy, kind, day = scene.policy.daily, ReminderKind.DAILY, scene.clocks.day
    reached = scene.hours_reached
    if not (policy.enabled and scene.seated) or reached <= day.state.hours_said:
        return None
    if scene.reminders.cooling(kind, 0.0, scene.now):
        return None
    totals = day.totals(scene.now)
    sat_h = (policy.first_h, policy.second_h, policy.third_h)[reached - 1]
    key = "daily_last" if reached == 3 else _daily_key(totals.upright_s, day.goal_s)
    values = {"sat": sat_h, "upright": totals.upright_s, "goal": day.goal_s}
    return _due(scene, kind, key, day.state.first_sat, _LATER, **values)


def _daily_key(upright_s: float, goal_s: float) -> str:
    if upright_s < HARDLY_UP_S:
        return "daily_hardly"
    return "daily_partly" if upright_s < goal_s else "daily_met"


def _lunch(scene: Scene) -> Due | None:
    policy, kind, state = scene.policy.lunch, ReminderKind.LUNCH, scene.clocks.day.state
    window = hours(policy.hours)
    if (
        window is None
        or not policy.enabled
        or state.lunch_said
        or state.lunched
        or not scene.seated
    ):
        return None
    at_a_break = scene.stand_in_s <= scene.policy.sitting.soft_before_min * 60
    closing = window.holds(scene.minute) and not window.holds(scene.minute + LUNCH_LAST_MIN)
    if not window.holds(scene.minute) or not (at_a_break or closing):
        return None
    if scene.reminders.cooling(kind, 0.0, scene.now):
        return None
    return _due(scene, kind, "lunch", scene.clocks.sitting.state.bout_began, _LATER)


def _tip(scene: Scene) -> Due | None:
    policy, kind, habits = scene.policy.tips, ReminderKind.TIP, scene.clocks.habits
    sat_s = scene.sitting_s
    settled = scene.situation.trusted and scene.activity is Activity.SITTING
    if not (policy.enabled and settled) or not TIP_FROM_S <= sat_s <= TIP_UNTIL_S:
        return None
    if scene.reminders.cooling(kind, policy.every_days * 86_400.0, scene.now):
        return None
    # Asked every second: a week that is too short need not be summed up.
    if len(habits.state.days) < ENOUGH_DAYS:
        return None
    tip = choose(habits.week(), scene.policy.screen_diagonal_in, habits.state.last_tip)
    if tip is None:
        return None
    return replace(_due(scene, kind, tip.key, None, _READ, **tip.values), topic=tip.key)


ORDER: Mapping[ReminderKind, Callable[[Scene], Due | None]] = {
    ReminderKind.TOO_CLOSE: _too_close,
    ReminderKind.POSTURE: _posture,
    ReminderKind.LUNCH: _lunch,
    ReminderKind.STAND: _stand,
    ReminderKind.DAILY: _daily,
    ReminderKind.STANDING_LONG: _standing_long,
    ReminderKind.LOOK_AWAY: _look_away,
    ReminderKind.MOVE: _move,
    ReminderKind.TIP: _tip,
}
