"""Fates: was a reminder heeded? Seen by the camera, not taken on trust."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from posture.clock import Instant
from posture.core.effects import Activity, Fate, ReminderKind
from posture.core.eyes import Gaze
from posture.core.moments import later
from posture.core.policy import Policy
from posture.core.reading import Presence
from posture.core.reminders import NOT_SEEN, Open
from posture.core.scene import Scene
from posture.core.standing import SAT_S

# Time to act before a reminder counts as ignored (chosen; posture's is a setting).
_WINDOW_S: Mapping[ReminderKind, float] = {
    ReminderKind.TOO_CLOSE: 120.0,
    ReminderKind.STAND: 600.0,
    ReminderKind.LOOK_AWAY: 120.0,
    ReminderKind.MOVE: 300.0,
    ReminderKind.LUNCH: 3600.0,
    ReminderKind.DAILY: 1800.0,
    ReminderKind.STANDING_LONG: 600.0,
    ReminderKind.TIP: 600.0,
}
MOVED_BACK_S = 10.0


@dataclass(frozen=True, slots=True)
class Settled:
    """The fate found, since when it holds, and what it brought.

    ``why``: set when an expired reminder was not ignored but could not be watched.
    """

    fate: Fate
    since: Instant
    why: str | None = None
    improvement: Mapping[str, float] = field(default_factory=dict)


def find(reminder: Open, scene: Scene) -> Settled | None:
    """What became of *reminder* by now; None while that is open."""
    shown = reminder.shown
    if shown is None:
        return None
    since = _HEEDED[reminder.kind](scene, shown)
    if since is not None:
        return Settled(Fate.HEEDED, since, None, _improvement(reminder, scene))
    kind = reminder.kind
    if scene.now - shown < patience_s(kind, scene.policy) or _under_way(kind, scene):
        return None
    unseen = scene.situation.presence is Presence.UNKNOWN
    return Settled(Fate.EXPIRED, scene.now, NOT_SEEN if unseen else None)


def patience_s(kind: ReminderKind, policy: Policy) -> float:
    """Seconds in which a reminder may be heeded."""
    return policy.posture.heed_s if kind is ReminderKind.POSTURE else _WINDOW_S[kind]


def _improvement(reminder: Open, scene: Scene) -> dict[str, float]:
    """Measure -> how far it came back towards the neutral (the distance: how far it grew)."""
    if scene.reading is None or not scene.situation.trusted:
        return {}
    found = {}
    for measure, before in reminder.measures.items():
        now = scene.reading.metrics.get(measure)
        if now is None:
            continue
        gained = now - before if measure == "distance_cm" else abs(before) - abs(now)
        found[measure] = round(gained, 1)
    return found


def _posture(scene: Scene, shown: Instant) -> Instant | None:
    return _relieved(
        scene.clocks.posture.episode.relieved, shown, scene, scene.policy.posture.correct_s
    )


def _too_close(scene: Scene, shown: Instant) -> Instant | None:
    relieved = scene.clocks.close.episode.relieved
    distance = None if scene.reading is None else scene.reading.metrics.distance_cm
    leave_cm = scene.policy.thresholds.band("near_cm").warn + scene.policy.close.leave_cm
    if scene.situation.trusted and distance is not None and distance < leave_cm:
        return None
    return _relieved(relieved, shown, scene, MOVED_BACK_S)


def _relieved(
    relieved: Instant | None, shown: Instant, scene: Scene, needed_s: float
) -> Instant | None:
    if relieved is None or scene.now - later(relieved, shown) < needed_s:
        return None
    return later(relieved, shown)


def _rose(scene: Scene, shown: Instant) -> Instant | None:
    """Away or on the feet for long enough to be a break."""
    activity, since = scene.clocks.activity(scene.now)
    if activity not in (Activity.AWAY, Activity.STANDING):
        return None
    lasted = scene.now - since >= scene.policy.sitting.min_break_s
    return later(since, shown) if lasted else None


def _looked(scene: Scene, shown: Instant) -> Instant | None:
    rested_s = scene.clocks.eyes.rested_s(scene.now, after=shown)
    if rested_s < scene.policy.eyes.rest_s:
        return None
    return scene.now.shifted(-rested_s)


def _moved(scene: Scene, shown: Instant) -> Instant | None:
    began = scene.clocks.still.state.began
    return began if began is not None and began.mono >= shown.mono else None


def _lunched(scene: Scene, shown: Instant) -> Instant | None:
    activity, since = scene.clocks.activity(scene.now)
    if activity is not Activity.AWAY:
        return None
    return later(since, shown) if scene.now - since >= scene.policy.lunch.away_min * 60 else None


def _sat(scene: Scene, shown: Instant) -> Instant | None:
    """Sat down, or walked off."""
    activity, since = scene.clocks.activity(scene.now)
    if activity is Activity.AWAY:
        return later(since, shown)
    if activity is not Activity.SITTING or scene.now - since < SAT_S:
        return None
    return later(since, shown)


def _never(scene: Scene, shown: Instant) -> Instant | None:
    del scene, shown  # a tip is read, not done
    return None


_HEEDED: Mapping[ReminderKind, Callable[[Scene, Instant], Instant | None]] = {
    ReminderKind.POSTURE: _posture,
    ReminderKind.TOO_CLOSE: _too_close,
    ReminderKind.STAND: _rose,
    ReminderKind.LOOK_AWAY: _looked,
    ReminderKind.MOVE: _moved,
    ReminderKind.LUNCH: _lunched,
    ReminderKind.DAILY: _rose,
    ReminderKind.STANDING_LONG: _sat,
    ReminderKind.TIP: _never,
}


def _under_way(kind: ReminderKind, scene: Scene) -> bool:
    """Has the user begun to do it just before the time is up?"""
    match kind:
        case ReminderKind.POSTURE:
            return scene.clocks.posture.episode.relieved is not None
        case ReminderKind.TOO_CLOSE:
            return scene.clocks.close.episode.relieved is not None
        case ReminderKind.LOOK_AWAY:
            return scene.clocks.eyes.state.gaze is Gaze.AWAY
        case ReminderKind.STAND | ReminderKind.DAILY | ReminderKind.LUNCH:
            return scene.situation.presence is Presence.AWAY
        case ReminderKind.MOVE | ReminderKind.STANDING_LONG | ReminderKind.TIP:
            return False
