"""The tables of docs/reminders.md and of the presets: every number is read from the code."""

from __future__ import annotations

from collections.abc import Mapping

from markdown_table import table

from posture.core import advice, agenda, day, fates, reminders, standing, voice
from posture.core.described import Preset, Value
from posture.core.effects import ReminderKind
from posture.core.policy import Policy
from posture.core.silence import Silence
from posture.core.texts import number
from posture.desktop.words import en
from posture.settings import describe

_POLICY = Policy()


def _number(value: float) -> str:
    return number("en", value)


def _min(seconds: float) -> str:
    """Seconds as people read them: in minutes from two on."""
    minutes = seconds / 60
    return f"{_number(minutes)} min" if minutes >= 2 else f"{_number(seconds)} s"


# Kind -> (its switch, when it comes, how it is heeded).
_KINDS: Mapping[ReminderKind, tuple[str, str, str]] = {
    ReminderKind.POSTURE: (
        "posture.enabled",
        f"a strain held beyond its limit for {_min(_POLICY.posture.limit_s)}, or beyond its warn "
        f"for {_min(_POLICY.posture.warn_s)}; only the head bowed: "
        f"{_min(_POLICY.posture.head_down_s)}. Relief in between gives the patience back "
        "1.25 to 5 times as fast as strain uses it up",
        f"the strain is gone for {_min(_POLICY.posture.correct_s)}, or you leave",
    ),
    ReminderKind.TOO_CLOSE: (
        "close.enabled",
        f"eyes nearer than {_number(_POLICY.thresholds.near_warn_cm)} cm for "
        f"{_min(_POLICY.close.warn_s)}, or nearer than "
        f"{_number(_POLICY.thresholds.near_limit_cm)} cm for {_min(_POLICY.close.limit_s)}",
        f"moved back by {_number(_POLICY.close.leave_cm)} cm more than the threshold for "
        f"{_min(fates.MOVED_BACK_S)}",
    ),
    ReminderKind.STAND: (
        "sitting.enabled",
        f"{_number(_POLICY.sitting.nudge_min)} min of sitting; again every "
        f"{_number(_POLICY.sitting.repeat_min)} min, {_POLICY.sitting.repeats} times at most, "
        f"then only the icon. The icon shows it {_number(_POLICY.sitting.soft_before_min)} min "
        "before",
        f"away or on your feet for {_min(_POLICY.sitting.min_break_s)}",
    ),
    ReminderKind.STANDING_LONG: (
        "standing.enabled",
        f"{_number(_POLICY.standing.long_min)} min of standing, and as long again after that",
        f"sat down for {_min(standing.SAT_S)}, or left",
    ),
    ReminderKind.LOOK_AWAY: (
        "eyes.enabled",
        f"{_number(_POLICY.eyes.near_min)} min with the eyes on the screen and without "
        f"{_min(_POLICY.eyes.rest_s)} off it; not within "
        f"{_number(_POLICY.eyes.before_break_min)} min of the reminder to stand up; after "
        f"{_POLICY.eyes.max_ignored} ignored ones not before tomorrow",
        f"looked away, or gone, for {_min(_POLICY.eyes.rest_s)}",
    ),
    ReminderKind.MOVE: (
        "move.enabled",
        f"{_number(_POLICY.move.still_min)} min without a shift of "
        f"{_number(_POLICY.move.shift_cm)} cm or {_number(_POLICY.move.shift_deg)}° that lasts "
        f"{_min(_POLICY.move.shift_s)}; not within {_number(_POLICY.move.quiet_min)} min of any "
        "other reminder or of a break that is due",
        "such a shift",
    ),
    ReminderKind.LUNCH: (
        "lunch.enabled",
        f"once a day within {_POLICY.lunch.hours}, when a break is due anyway, or in the last "
        f"{agenda.LUNCH_LAST_MIN} min of it; not after an absence of "
        f"{_number(_POLICY.lunch.away_min)} min around that time",
        f"away for {_number(_POLICY.lunch.away_min)} min",
    ),
    ReminderKind.DAILY: (
        "daily.enabled",
        f"once each at {_number(_POLICY.daily.first_h)}, {_number(_POLICY.daily.second_h)} and "
        f"{_number(_POLICY.daily.third_h)} h of sitting in a day",
        f"away or on your feet for {_min(_POLICY.sitting.min_break_s)}",
    ),
    ReminderKind.TIP: (
        "tips.enabled",
        f"every {_POLICY.tips.every_days} days, if a habit of the last seven calls for one, "
        f"{_min(agenda.TIP_FROM_S)} to {_min(agenda.TIP_UNTIL_S)} after you sat down",
        "“Done”",
    ),
}


def kinds() -> str:
    """Every kind of reminder, the most important first."""
    rows = []
    for kind in agenda.ORDER:
        switch, comes, heeded = _KINDS[kind]
        patience_s = fates.patience_s(kind, _POLICY)
        name = f"`{kind}` ({en.TABLE[f'kind.{kind}']})"
        (on,) = (one.default for one in describe() if one.name == switch)
        told = f"`{switch}`{'' if on else ' (off by default)'}"
        rows.append((name, comes, heeded, _min(patience_s), told))
    return table(("reminder", "comes after", "heeded by", "within", "switch"), rows)


def limits() -> str:
    """How often a reminder may come, and what an ignored one costs."""
    rests = ", ".join(
        _number(times * _POLICY.posture.cooldown_min) for times in reminders.BACK_OFF[1:]
    )
    rows = [
        (
            "after a reminder was *shown*",
            f"none of any kind for {_min(_POLICY.reminders.spacing_s)}",
            "`reminders.spacing_s`",
        ),
        (
            "posture, too close",
            f"rest {_number(_POLICY.posture.cooldown_min)} min; ignored once, twice, three times "
            f"in a row: {rests} min. Heeding one, or calling it wrong, starts afresh",
            "`posture.cooldown_min`, `close.cooldown_min`",
        ),
        (
            "posture",
            f"{_POLICY.posture.max_per_hour} in any hour",
            "`posture.max_per_hour`",
        ),
        (
            "all kinds together",
            f"{_POLICY.reminders.max_per_hour} in any hour",
            "`reminders.max_per_hour`",
        ),
        (
            "while you type",
            f"waits for {_min(_POLICY.reminders.pause_s)} without a key, "
            f"{_min(_POLICY.reminders.defer_s)} at most; the {_min(voice.CALL_PAUSE_S)} after a "
            "call are such a pause",
            "`reminders.pause_s`, `reminders.defer_s`",
        ),
        (
            "could not be shown",
            f"tried again after {_min(reminders.RETRY_S)}, then twice as long each time, up to "
            f"{_min(reminders.RETRY_MAX_S)}; takes nothing from the hour. No answer within "
            f"{_min(reminders.ANSWER_S)} counts as not shown",
            "",
        ),
        ("snoozed", f"back after {_min(_POLICY.reminders.snooze_min * 60)}, or as long as you say",
         "`reminders.snooze_min`"),
        (
            "called a wrong alarm",
            f"that threshold is {_number(_POLICY.reminders.learn_step * 100)}% laxer each time, "
            f"never more than {_number(_POLICY.reminders.learn_max)} times; `posture undo` takes "
            "the last one back",
            "`reminders.learn`, `reminders.learn_step`, `reminders.learn_max`",
        ),
    ]  # fmt: skip
    return table(("when", "then", "settings"), rows)


def sitting() -> str:
    """What the sitting clock does."""
    policy = _POLICY.sitting
    rows = [
        (f"away or out of the room for less than {_min(policy.min_break_s)}", "waits"),
        (
            f"away from {_min(policy.min_break_s)} to {_number(policy.break_min)} min",
            f"goes back by {_number(policy.credit)} min for each of them",
        ),
        (f"away for {_number(policy.break_min)} min, or the computer asleep so long", "zero"),
        (f"on your feet for {_min(policy.min_break_s)}", "zero"),
        ("the screen locked", "as away"),
        (
            "the camera covered, in the dark, without a picture",
            f"runs on for {_min(policy.unknown_s)}, then waits; keys pressed meanwhile are sitting",
        ),
        ("program started anew", "goes on where it was"),
    ]
    return table(("what happens", "the sitting clock"), rows)


# Reason -> (when, what it is set with).
_SILENCES: Mapping[Silence, tuple[str, str]] = {
    Silence.PAUSED: ("`posture pause`, the tray; the camera is closed", ""),
    Silence.SNOOZED: ("`posture snooze` with no reminder on the screen", ""),
    Silence.BREAK: (
        f"“Take a break now” in the tray; {_number(_POLICY.sitting.break_min)} min",
        "`sitting.break_min`",
    ),
    Silence.LOCKED: ("the screen is locked; the camera is closed", ""),
    Silence.ASLEEP: ("the computer goes to sleep; the camera is closed", ""),
    Silence.MEETING: (
        "another program uses a camera; ours is let go",
        "`silence.in_meetings`, `silence.release_camera`",
    ),
    Silence.BATTERY: (
        "on battery, where that is to pause it; the camera is closed",
        "`silence.on_battery`",
    ),
    Silence.QUIET_HOURS: ("within them", "`silence.quiet_hours`, `silence.close_camera`"),
    Silence.OUT_OF_HOURS: ("outside them", "`silence.working_hours`, `silence.close_camera`"),
    Silence.DAY_OFF: ("on the other days", "`silence.working_days`, `silence.close_camera`"),
    Silence.FULL_SCREEN: ("a program fills the screen", "`silence.in_full_screen`"),
    Silence.CAMERA_LOST: ("until it gives pictures again; sitting goes on to be told of", ""),
    Silence.LOW_CONFIDENCE: ("you cannot be seen well enough", ""),
    Silence.STALE_CALIBRATION: ("posture waits until you calibrate anew", ""),
    Silence.JUST_DELIVERED: (
        f"less than {_min(_POLICY.reminders.spacing_s)} ago, or not yet shown",
        "`reminders.spacing_s`",
    ),
    Silence.HOURLY_LIMIT: (
        "as many as an hour may have",
        "`reminders.max_per_hour`, `posture.max_per_hour`",
    ),
    Silence.NATURAL_PAUSE: (
        f"you are typing; {_min(_POLICY.reminders.defer_s)} at most",
        "`reminders.defer_s`, `reminders.pause_s`",
    ),
}


def silences() -> str:
    """Every reason to say nothing, as status, tray and log show it."""
    rows = [(en.TABLE[f"silent.{reason}"], *_SILENCES[reason]) for reason in Silence]
    return table(("shown as", "when", "settings"), rows)


def goal() -> str:
    """The goal for time on the feet, in a sentence."""
    policy = _POLICY.standing
    return (
        f"It begins at {_number(policy.goal_h)} h a day; met on {day.MET_DAYS} days it grows by "
        f"{_number(day.GROWS_H)} h, up to {_number(policy.goal_max_h)} h (`standing.goal_h`, "
        "`standing.goal_max_h`)."
    )


def tips() -> str:
    """How much must be known before a tip is given, in a sentence."""
    return (
        f"Once {advice.ENOUGH_DAYS} days and {_number(advice.ENOUGH_S / 3600)} hours are measured, "
        "the habit that calls for a word most gets one."
    )


def presets() -> str:
    """What each preset sets; a blank is the default."""
    rows = []
    for one in describe():
        if one.presets:
            values = [_value(one.presets.get(preset), one.unit) for preset in Preset]
            values[0] = _value(one.default, one.unit)
            rows.append((f"`{one.name}`", *values))
    return table(("setting", *(f"`{preset}`" for preset in Preset)), rows)


def _value(value: Value | None, unit: str) -> str:
    return "" if value is None else f"{value:g} {unit}".strip()
