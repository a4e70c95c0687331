"""Outlook: a scene in; out what will be due if nothing changes, and what the icon shows of it."""

from __future__ import annotations

from posture.core.effects import Activity, NextReminder, ReminderKind
from posture.core.eyes import Gaze
from posture.core.scene import Scene


def ahead(scene: Scene) -> tuple[NextReminder, ...]:
    """What will be due, in how many seconds of the present behaviour, the soonest first."""
    policy, clocks, now = scene.policy, scene.clocks, scene.now
    found: list[NextReminder] = []

    def add(kind: ReminderKind, due_s: float | None) -> None:
        if due_s is not None:
            found.append(NextReminder(kind, round(max(due_s, 0.0), 1)))

    if scene.situation.trusted:
        if policy.posture.enabled and clocks.posture.verdict.fault is not None:
            add(ReminderKind.POSTURE, clocks.posture.budget.empties_in_s(now))
        if policy.close.enabled:
            add(ReminderKind.TOO_CLOSE, clocks.close.budget.empties_in_s(now))
        if policy.eyes.enabled and clocks.eyes.state.gaze is Gaze.SCREEN:
            add(ReminderKind.LOOK_AWAY, policy.eyes.near_min * 60 - clocks.eyes.seconds(now))
    if policy.sitting.enabled and scene.seated and not scene.stand_spent:
        add(ReminderKind.STAND, scene.stand_in_s)
    if policy.standing.enabled and scene.activity is Activity.STANDING:
        long_s = policy.standing.long_min * 60
        add(ReminderKind.STANDING_LONG, long_s - clocks.standing.seconds(now))
    return tuple(sorted(found, key=lambda one: one.due_s))


def soft_signs(scene: Scene) -> tuple[ReminderKind, ...]:
    """What the icon shows without a word."""
    policy = scene.policy.sitting
    soon = scene.stand_in_s <= policy.soft_before_min * 60
    sitting = scene.activity is Activity.SITTING
    return (ReminderKind.STAND,) if policy.enabled and sitting and soon else ()
