"""No option without an effect: for every setting of the policy a timeline that it changes.

Each row tells what of the usual story is gone and what comes in its place, nothing more and
nothing less. A new setting without a row fails.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from posture.clock import Instant
from posture.core.described import Section, settings_of
from posture.core.effects import Effect, PostureChanged, ShowReminder, WantCamera
from posture.core.inputs import Delivered
from posture.core.labels import looking_away, name_posture
from posture.core.levels import Levels
from posture.core.metrics import Metrics
from posture.core.monitor import Monitor
from posture.core.policy import Policy
from posture.core.reading import Presence, Reading
from posture.core.texts import say
from posture.core.thresholds import BANDED, NEAR, Thresholds
from scenarios.story import Story, Told, expected, play

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
NOON, AFTERNOON = MONDAY.replace(hour=11), MONDAY.replace(hour=14)
TOLERANCE_S = 6.0


@dataclass(frozen=True)
class Row:
    """With ``value`` the events ``gone`` of the usual story give way to ``come``.

    ``only``: kinds switched on. ``given``: settings that hold in both stories. ``words``: the
    reminders' texts count, too.
    """

    name: str
    value: object
    story: str
    gone: str = ""
    come: str = ""
    only: str = ""
    given: str = ""
    start: datetime = AFTERNOON
    words: bool = False


# Three days of two and a half hours, and one more sitting: enough for a tip.
WEEK = ", ".join(["close 100m, away 10m, close 40m, away 2m, sleep 21h30m"] * 3) + ", upright 5m"
# Each day on the feet for longer than half an hour.
GROWING = ", ".join(["upright 20m, standing 15m, upright 45m, standing 20m, sleep 22h20m"] * 6)

FEET = (
    "You have been on your feet for 15 minutes so far (goal: {}). A walk, a call taken standing or "
    "an errand would help."
)
TIP_AT = "49:55:00"
NEAR_TIP = (
    "This week your eyes were 45 cm from the screen on average. {} cm or more is easier on them; "
    "enlarge the text if it gets too small."
)
RELEASED = "0:00 camera closed meeting\n0:00 vanishes meeting\n0:00 sitting unknown"

ROWS = (
    # -- posture
    Row("posture.enabled", "false", "slouch 65s", "1:00 reminder posture since 0:00",
        only="posture"),
    Row("posture.warn_s", 120, "droop 185s", "3:00 reminder posture since 0:00",
        "2:00 reminder posture since 0:00", only="posture"),
    Row("posture.limit_s", 40, "slouch 65s", "1:00 reminder posture since 0:00",
        "0:40 reminder posture since 0:00", only="posture"),
    Row("posture.head_down_s", 240, "head_down 310s", "5:00 reminder posture since 0:00",
        "4:00 reminder posture since 0:00", only="posture"),
    Row("posture.cooldown_min", 5, "slouch 9m, upright 1m", "",
        "6:00 reminder posture since 0:00\n8:00 expired posture", only="posture"),
    Row("posture.max_per_hour", 1, "slouch 12m", "11:00 reminder posture since 0:00",
        only="posture"),
    Row("posture.correct_s", 30, "slouch 65s, upright 40s", "1:15 heeded posture",
        "1:35 heeded posture", only="posture"),
    Row("posture.heed_s", 60, "slouch 200s", "3:00 expired posture", "2:00 expired posture",
        only="posture"),
    # -- close
    Row("close.enabled", "false", "close 65s", "1:00 reminder too_close since 0:00",
        only="too_close"),
    Row("close.warn_s", 30, "close 65s", "1:00 reminder too_close since 0:00",
        "0:30 reminder too_close since 0:00", only="too_close"),
    Row("close.limit_s", 10, "very_close 25s", "0:20 reminder too_close since 0:00",
        "0:10 reminder too_close since 0:00", only="too_close"),
    Row("close.leave_cm", 8, "close 65s, chair_closer 60s", "1:15 heeded too_close",
        only="too_close"),
    Row("close.cooldown_min", 5, "close 7m, upright 5s", "", "6:00 reminder too_close since 0:00",
        only="too_close"),
    # -- sitting
    Row("sitting.enabled", "false", "upright 61m",
        "1:00:00 reminder stand since 0:00\n50:00 icon stand", only="stand"),
    Row("sitting.nudge_min", 45, "upright 52m", "50:00 icon stand",
        "35:00 icon stand\n45:00 reminder stand since 0:00", only="stand"),
    Row("sitting.soft_before_min", 5, "upright 56m", "50:00 icon stand", "55:00 icon stand",
        only="stand"),
    Row("sitting.repeat_min", 20, "upright 82m",
        "1:15:00 reminder stand since 0:00", "1:20:00 reminder stand since 0:00", only="stand"),
    Row("sitting.repeats", 0, "upright 76m", "1:15:00 reminder stand since 0:00", only="stand"),
    Row("sitting.break_min", 2, "upright 55m, away 150s, upright 22m", "1:17:30 icon stand",
        only="stand"),
    Row("sitting.credit", 5, "upright 55m, away 2m, upright 16m", "1:12:00 icon stand",
        "1:02:00 icon stand\n1:12:00 reminder stand since 0:00", only="stand"),
    Row("sitting.min_break_s", 30, "upright 55m, away 45s, upright 6m",
        "1:00:45 reminder stand since 0:00",
        "55:00 sitting away\n55:30 icon\n55:45 sitting sitting\n58:15 icon stand", only="stand"),
    Row("sitting.unknown_s", 240, "upright 52m, covered 5m, upright 7m",
        "54:00 sitting unknown\n54:00 icon\n1:03:00 reminder stand since 0:00",
        "56:00 sitting unknown\n56:00 icon\n1:01:00 reminder stand since 0:00", only="stand"),
    # -- standing
    Row("standing.enabled", "false", "standing 31m", "30:00 reminder standing_long since 0:00",
        only="standing_long"),
    Row("standing.long_min", 20, "standing 21m", "",
        "20:00 reminder standing_long since 0:00", only="standing_long"),
    Row("standing.then_move_min", 2, "standing 31m",
        "30:00 says You have been standing for 30 minutes. Walk a few steps, or sit down for a "
        "while.",
        "30:00 says You have been standing for 30 minutes. Walk about for 2 minutes, then sit "
        "down.", only="standing_long", words=True),
    Row("standing.goal_h", 1, "upright 20m, standing 15m, upright 45m",
        f"1:15:00 says {FEET.format('2 hours')}", f"1:15:00 says {FEET.format('60 minutes')}",
        only="daily", given="daily.first_h=1", words=True),
    Row("standing.goal_max_h", 0.5, GROWING,
        f"121:15:00 says {FEET.format('60 minutes')}",
        f"121:15:00 says {FEET.format('30 minutes')}",
        only="daily", given="daily.first_h=1 standing.goal_h=0.5", words=True),
    # -- eyes
    Row("eyes.enabled", "false", "upright 21m", "20:00 reminder look_away since 0:00",
        only="look_away"),
    Row("eyes.near_min", 10, "upright 11m", "", "10:00 reminder look_away since 0:00",
        only="look_away"),
    Row("eyes.rest_s", 60, "upright 15m, turned 30s, upright 6m", "",
        "20:30 reminder look_away since 0:00", only="look_away"),
    Row("eyes.max_ignored", 1, "upright 42m", "40:00 reminder look_away since 20:00",
        only="look_away"),
    Row("eyes.before_break_min", 0, "upright 31m, turned 25s, upright 21m", "",
        "51:25 reminder look_away since 31:25", only="look_away stand"),
    Row("eyes.blinks", "true", "upright 5s", "0:00 looks every 0.5 s", "0:00 looks every 0.067 s"),
    # -- move
    Row("move.enabled", "false", "statue 21m", "20:00 reminder move since 0:00", only="move"),
    Row("move.still_min", 10, "statue 11m", "", "10:00 reminder move since 0:00", only="move"),
    Row("move.shift_cm", 10, "statue 15m, chair_lower 60s, statue 6m", "",
        "20:00 reminder move since 0:00", only="move", given="move.shift_deg=30"),
    Row("move.shift_deg", 20, "statue 15m, tilt_left 60s, statue 6m", "",
        "20:00 reminder move since 0:00", only="move"),
    Row("move.shift_s", 30, "statue 15m, tilt_left 15s, statue 6m", "",
        "20:00 reminder move since 0:00", only="move"),
    Row("move.quiet_min", 3, "statue 31m", "30:00 reminder move since 0:00",
        "23:00 reminder move since 0:00\n28:00 expired move", only="move look_away"),
    # -- the day
    Row("daily.enabled", "false", "upright 61m", "1:00:00 reminder daily since 0:00",
        only="daily", given="daily.first_h=1"),
    Row("daily.first_h", 1, "upright 61m", "", "1:00:00 reminder daily since 0:00", only="daily"),
    Row("daily.second_h", 1.5, "upright 91m", "", "1:30:00 reminder daily since 0:00",
        only="daily", given="daily.first_h=1"),
    Row("daily.third_h", 2, "upright 121m", "", "2:00:00 reminder daily since 0:00",
        only="daily", given="daily.first_h=1 daily.second_h=1.5"),
    Row("lunch.enabled", "false", "upright 55m", "50:00 reminder lunch since 0:00", only="lunch",
        start=NOON),
    Row("lunch.hours", "12:30-13:30", "upright 95m", "50:00 reminder lunch since 0:00",
        "1:30:00 reminder lunch since 0:00", only="lunch", start=NOON),
    Row("lunch.away_min", 40, "upright 20m, away 30m, upright 55m", "",
        "1:40:00 reminder lunch since 50:00", only="lunch", start=NOON),
    Row("tips.enabled", "false", WEEK,
        f"{TIP_AT} reminder tip since {TIP_AT}\n50:05:00 expired tip",
        only="tip"),
    Row("tips.every_days", 1, WEEK + ", sleep 24h, upright 5m", "",
        "96:12:00 reminder tip since 96:12:00", only="tip"),
    Row("screen_diagonal_in", "23", WEEK, f"{TIP_AT} says {NEAR_TIP.format(55)}",
        f"{TIP_AT} says {NEAR_TIP.format(93)}", only="tip", words=True),
    Row("language", "de", "statue 21m", f"20:00 says {say('en', 'move.text', still=1200)}",
        f"20:00 says {say('de', 'move.text', still=1200)}", only="move", words=True),
    # -- all reminders
    Row("reminders.max_per_hour", 1, "slouch 12m", "11:00 reminder posture since 0:00",
        only="posture"),
    Row("reminders.spacing_s", 30, "upright 4m, slouch 200s", "7:00 reminder look_away since 0:00",
        "5:30 reminder look_away since 0:00", only="posture look_away", given="eyes.near_min=5"),
    Row("reminders.defer_s", 30, "upright+typing 63m", "1:02:00 reminder stand since 0:00",
        "1:00:30 reminder stand since 0:00", only="stand"),
    Row("reminders.pause_s", 30, "upright+typing 3595s, upright+idle 60s",
        "1:00:00 reminder stand since 0:00", "1:00:25 reminder stand since 0:00", only="stand"),
    Row("reminders.snooze_min", 10, "slouch 65s, !snooze, slouch 11m",
        "6:05 reminder posture since 0:00\n8:05 expired posture",
        "11:05 reminder posture since 0:00", only="posture"),
    Row("reminders.learn", "false", "droop 185s, !wrong, droop 5s", "3:05 learned slump_cm 1.15",
        only="posture"),
    Row("reminders.learn_step", 0.3, "droop 185s, !wrong, droop 5s", "3:05 learned slump_cm 1.15",
        "3:05 learned slump_cm 1.30", only="posture"),
    Row("reminders.learn_max", 1.1, "droop 185s, !wrong, droop 5s", "3:05 learned slump_cm 1.15",
        "3:05 learned slump_cm 1.10", only="posture"),
    # -- silence
    Row("silence.in_meetings", "false", "slouch+meeting 65s", RELEASED,
        "0:00 starts slouch\n0:00 looks every 0.5 s\n1:00 reminder posture since 0:00",
        only="posture"),
    Row("silence.release_camera", "false", "upright+meeting 65s", RELEASED,
        "0:00 starts upright\n0:00 looks every 0.5 s", only="posture"),
    Row("silence.in_full_screen", "false", "slouch+full 65s", "",
        "1:00 reminder posture since 0:00", only="posture"),
    Row("silence.quiet_hours", "13:00-15:00", "slouch 65s", "1:00 reminder posture since 0:00",
        only="posture"),
    Row("silence.working_days", "tue-fri", "slouch 65s", "1:00 reminder posture since 0:00",
        only="posture"),
    Row("silence.working_hours", "09:00-12:00", "slouch 65s",
        "1:00 reminder posture since 0:00", only="posture"),
    Row("silence.close_camera", "true", "upright 65s", "0:00 looks every 0.5 s",
        "0:00 camera closed quiet_hours\n0:00 vanishes quiet_hours",
        only="posture", given="silence.quiet_hours=13:00-15:00"),
    Row("silence.on_battery", "pause", "upright+battery 65s",
        "0:00 starts upright\n0:00 looks every 3 s",
        "0:00 camera closed battery\n0:00 vanishes battery\n0:00 sitting unknown",
        only="posture"),
    # -- pace
    Row("pace.interval_s", 1, "upright 5s", "0:00 looks every 0.5 s", "0:00 looks every 1 s"),
    Row("pace.slow_s", 5, "upright 5s, away 45s", "0:35 looks every 3 s",
        "0:35 looks every 5 s"),
)  # fmt: skip


def policy_settings() -> set[str]:
    """Every setting of the policy but the thresholds, which have a table of their own."""
    found = set()
    for f in fields(Policy):
        section = getattr(Policy(), f.name)
        if isinstance(section, Section):
            found |= {f"{f.name}.{one.name}" for one in settings_of(type(section))}
        else:
            found.add(f.name)
    return {name for name in found if not name.startswith("thresholds.")}


def test_every_setting_has_its_timeline() -> None:
    assert sorted(row.name for row in ROWS) == sorted(policy_settings())


def told(story: Story, *, words: bool) -> list[Told]:
    """All events, with the icon's sign and how often is looked."""
    events = list(story.events)
    for effect in story.effects:
        if words and isinstance(effect, ShowReminder):
            events.append(Told(effect.at.mono - 1000.0, f"says {effect.text}"))
        elif isinstance(effect, WantCamera) and effect.wanted:
            events.append(Told(effect.at.mono - 1000.0, f"looks every {effect.interval_s:.2g} s"))
    events += [
        Told(at_s, f"icon {' '.join(status.soft)}".strip())
        for (_, before), (at_s, status) in pairwise(story.statuses)
        if status.soft != before.soft
    ]
    return events


def without(events: Iterable[Told], others: Iterable[Told]) -> list[Told]:
    """Those of *events* that *others* has not."""
    left = list(others)
    found = []
    for event in events:
        same = next((other for other in left if event.near(other, TOLERANCE_S)), None)
        if same is None:
            found.append(event)
        else:
            left.remove(same)
    return found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_each_changes_what_happens(row: Row) -> None:
    def tell(setting: str) -> list[Told]:
        settings = f"{row.given} {setting}".strip()
        thin_s = 2.5 if "sleep" not in row.story else 6.0
        story = play(row.story, 2, only=row.only, settings=settings, start=row.start, thin_s=thin_s)
        return told(story, words=row.words)

    usual, other = tell(""), tell(f"{row.name}={row.value}")
    gone, come = without(usual, other), without(other, usual)

    assert gone or come
    assert without(gone, expected(row.gone)) == without(expected(row.gone), gone) == []
    assert without(come, expected(row.come)) == without(expected(row.come), come) == []


# -- thresholds: judged by the real levels


@dataclass(frozen=True)
class Held:
    """Measures held for some minutes; ``signs`` are what must speak for the strain as well."""

    banded: str
    signs: dict[str, float]
    minutes: float = 4.0

    @property
    def keys(self) -> tuple[str, str]:
        stem, _, unit = self.banded.rpartition("_")
        return f"{stem}_warn_{unit}", f"{stem}_limit_{unit}"

    @property
    def measure(self) -> str:
        named = {NEAR: "distance_cm", "head_extension_deg": "head_flexion_deg"}
        return named.get(self.banded, self.banded)

    def values(self, size: float) -> dict[str, float]:
        sign = -1 if self.banded == "head_extension_deg" else 1
        return {self.measure: sign * size} | self.signs


HELD = (
    Held(NEAR, {}),
    # A head that is bowed alone may be for five times as long.
    Held("head_flexion_deg", {}, 16),
    Held("head_extension_deg", {}, 16),
    Held("forward_head_deg", {"slump_cm": 2.0}),
    Held("forward_lean_cm", {"trunk_inclination_deg": 10.0, "slump_cm": 2.0}),
    Held("trunk_inclination_deg", {"forward_lean_cm": 6.0, "slump_cm": 2.0}),
    Held("slump_cm", {"forward_lean_cm": 6.0}),
    Held("neck_lateral_deg", {"shoulder_tilt_deg": 4.0}),
    Held("shoulder_tilt_deg", {"neck_lateral_deg": 6.0}),
    Held("trunk_lateral_deg", {"shoulder_tilt_deg": 4.0}),
    Held("shoulder_shrug_cm", {}),
)


def watched(values: dict[str, float], minutes: float, thresholds: Thresholds) -> list[str]:
    """The events while *values* are held, judged as the reader does, a picture a second."""
    monitor, levels = Monitor(replace(Policy(), thresholds=thresholds)), Levels(0.0, thresholds)
    found: list[str] = []
    zero = Instant(1000.0, 1_772_460_000_000_000)
    for second in range(round(minutes * 60) + 1):
        at = zero.shifted(float(second))
        metrics = Metrics(at, **({"distance_cm": 60.0, "head_yaw_deg": 0.0} | values))
        reading = Reading(
            at, Presence.PRESENT, name_posture(metrics, standing=False, thresholds=thresholds),
            metrics, presence_since=zero, label_since=zero, states=levels.judge(metrics),
            looking_away=looking_away(metrics), standing=False, calibrated=True,
        )  # fmt: skip
        queue: list[Effect] = monitor.step(reading)
        for effect in queue:
            if isinstance(effect, ShowReminder):
                found.append(f"{second} s: reminder {effect.kind}")
                queue.extend(monitor.step(Delivered(at, effect.id, ok=True)))
            elif isinstance(effect, PostureChanged):
                found.append(f"{second} s: {effect.label}")
    return found


def reminders(values: dict[str, float], minutes: float, thresholds: Thresholds) -> list[str]:
    told = watched(values, minutes, thresholds)
    return [each for each in told if "reminder" in each]


@pytest.mark.parametrize("held", HELD, ids=lambda held: held.banded)
def test_every_threshold_decides_whether_and_when_a_reminder_comes(held: Held) -> None:
    usual, near = Thresholds(), held.banded == NEAR
    warn, limit = (getattr(usual, key) for key in held.keys)
    size = (warn + limit) / 2
    stricter = replace(usual, **{held.keys[1]: size + (0.1 if near else -0.1)})
    laxer = replace(usual, **{held.keys[0]: size + (-0.1 if near else 0.1)})
    kind = "too_close" if near else "posture"
    warn_s, limit_s = (60, 20) if near else (180, 60)
    if held.measure == "head_flexion_deg":
        warn_s, limit_s = 900, 300

    def first(thresholds: Thresholds) -> list[str]:
        return reminders(held.values(size), held.minutes, thresholds)[:1]

    assert first(usual) == [f"{warn_s} s: reminder {kind}"]
    assert first(stricter) == [f"{limit_s} s: reminder {kind}"]
    assert first(laxer) == []


def test_every_threshold_is_among_them() -> None:
    others = {"scale", "far_warn_cm", "head_yaw_warn_deg"}  # each has its own story below

    assert [held.banded for held in HELD] == list(BANDED)
    assert {one.name for one in settings_of(Thresholds)} - others == {
        key for held in HELD for key in held.keys
    }


def test_the_common_scale_makes_all_of_them_laxer() -> None:
    sunk = {"slump_cm": 2.8, "forward_lean_cm": 6.0}

    assert reminders(sunk, 4, Thresholds()) == ["180 s: reminder posture"]
    assert reminders(sunk, 4, Thresholds(scale=1.2)) == []


def test_what_is_far_is_named_so() -> None:
    back = {"distance_cm": 110.0}

    assert watched(back, 1, Thresholds()) == ["0 s: too_far"]
    assert watched(back, 1, Thresholds(far_warn_cm=130)) == ["0 s: upright"]


def test_who_is_reminded_of_being_near_is_called_near() -> None:
    """Whatever the user set: the label and the reminder tell of the same distance."""
    for warn_cm, limit_cm in ((60.0, 40.0), (70.0, 62.0), (45.0, 30.0)):
        set_to = Thresholds(near_warn_cm=warn_cm, near_limit_cm=limit_cm)
        near, beyond = {"distance_cm": warn_cm - 3}, {"distance_cm": warn_cm + 5}
        assert watched(near, 1, set_to) == ["0 s: too_close", "60 s: reminder too_close"]
        assert watched(beyond, 1, set_to) == ["0 s: upright"]


def test_a_turned_head_makes_the_measures_wait() -> None:
    turned = {"slump_cm": 5.0, "forward_lean_cm": 6.0, "head_yaw_deg": 26.0}

    assert reminders(turned, 2, Thresholds()) == []
    assert reminders(turned, 2, Thresholds(head_yaw_warn_deg=27)) == ["60 s: reminder posture"]
