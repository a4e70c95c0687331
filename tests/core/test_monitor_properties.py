"""What must hold whatever the monitor is told."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posture.clock import Instant
from posture.core.effects import (
    Answered,
    Effect,
    Fate,
    ReminderFate,
    ReminderKind,
    ShowReminder,
    SpanKind,
    Status,
    WantCamera,
    WriteMinute,
    WriteSpan,
)
from posture.core.inputs import (
    Action,
    ActionKind,
    CameraLost,
    Delivered,
    Input,
    Session,
    SessionChanged,
    Tick,
)
from posture.core.metrics import MEASURES, Metrics
from posture.core.monitor import Monitor
from posture.core.policy import Policy, PosturePolicy, RemindersPolicy
from posture.core.reading import Label, Level, Presence, Reading
from posture.core.reminders import NO_ANSWER
from posture.core.silence import LONGEST_S

ZERO = Instant(100.0, 1_772_460_000_000_000)

# -- hostile input

metrics = st.dictionaries(
    st.sampled_from(MEASURES), st.floats(-200, 200, allow_nan=False), max_size=6
)
levels = st.dictionaries(
    st.sampled_from([*MEASURES, "nonsense"]), st.sampled_from(Level), max_size=6
)
sessions = st.builds(
    Session,
    locked=st.none() | st.booleans(),
    idle_s=st.none() | st.floats(),
    full_screen=st.none() | st.booleans(),
    camera_used_by=st.none() | st.just("a call"),
    on_battery=st.none() | st.booleans(),
    asleep=st.none() | st.booleans(),
)


@dataclass(frozen=True)
class Told:
    """One input without its time: what kind, after how long, and the parts it needs."""

    after_s: float
    wall_jump_s: float
    what: str
    presence: Presence = Presence.PRESENT
    label: Label = Label.SLOUCH
    measures: dict[str, float] = field(default_factory=dict)
    states: dict[str, Level] = field(default_factory=dict)
    standing: bool | None = None
    ago_s: float = 0.0
    session: Session = field(default_factory=Session)
    action: ActionKind = ActionKind.DONE
    seconds: float | None = None
    number: int | None = None
    ok: bool = True
    times: int = 1


told = st.builds(
    Told,
    after_s=st.sampled_from([0.0, 0.07, 0.5, 1.0, 3.0, 20.0, 400.0, 4000.0, -5.0]),
    wall_jump_s=st.sampled_from([0.0] * 8 + [3600.0, -3600.0, 90_000.0]),
    what=st.sampled_from(
        ["reading"] * 6 + ["session", "action", "answer", "answer", "lost", "tick", "strain"]
    ),
    presence=st.sampled_from([Presence.PRESENT] * 3 + [Presence.AWAY, Presence.UNKNOWN]),
    label=st.sampled_from(Label),
    measures=metrics,
    states=levels,
    standing=st.none() | st.booleans(),
    ago_s=st.sampled_from([0.0, 1.0, 30.0, 1e6]),
    session=sessions,
    action=st.sampled_from(ActionKind),
    seconds=st.none() | st.sampled_from([0.0, 1.0, 300.0, 1e5, -5.0, math.inf, math.nan]),
    number=st.none() | st.integers(-1, 5),
    ok=st.booleans(),
    times=st.sampled_from([1, 1, 5, 200]),
)


def inputs(story: list[Told]) -> list[Input]:
    """The story as inputs; a "strain" is a long slouch at one picture in two seconds."""
    found: list[Input] = []
    now = ZERO
    for one in story:
        now = Instant(now.mono + one.after_s, now.wall_us + round(one.after_s * 1e6))
        now = Instant(now.mono, now.wall_us + round(one.wall_jump_s * 1e6))
        for _ in range(one.times if one.what in ("reading", "strain", "tick") else 1):
            now = now.shifted(2.0)
            found.append(_input(one, now))
    return found


def _input(one: Told, now: Instant) -> Input:
    match one.what:
        case "session":
            return SessionChanged(now, one.session)
        case "action":
            return Action(now, one.action, one.seconds, one.number)
        case "answer":
            return Delivered(now, one.number or 1, one.ok, None)
        case "lost":
            return CameraLost(now, "unplugged")
        case "tick":
            return Tick(now)
        case "strain":
            return _strained(now)
    since = now.shifted(-one.ago_s)
    return Reading(
        now, one.presence, one.label, Metrics(now, **one.measures), since, since,
        one.states, standing=one.standing, calibrated=True,
    )  # fmt: skip


def _strained(now: Instant) -> Reading:
    bad = {"slump_cm": 6.0, "forward_lean_cm": 7.0, "distance_cm": 35.0}
    states = {"slump_cm": Level.LIMIT, "distance_cm": Level.LIMIT}
    return Reading(
        now, Presence.PRESENT, Label.SLOUCH, Metrics(now, **bad), now, now, states,
        calibrated=True,
    )  # fmt: skip


policies = st.builds(
    lambda most, own, spacing, cooldown: Policy(
        posture=PosturePolicy(max_per_hour=own, cooldown_min=cooldown),
        reminders=RemindersPolicy(max_per_hour=most, spacing_s=spacing),
    ),
    st.integers(1, 8),
    st.integers(1, 4),
    st.sampled_from([0.0, 120.0]),
    st.sampled_from([1.0, 10.0]),
)


def run(monitor: Monitor, given_inputs: Sequence[Input], *, honest: bool) -> list[Effect]:
    """All effects; an honest driver answers each reminder at once."""
    effects: list[Effect] = []
    for one in given_inputs:
        fresh = monitor.step(one)
        effects += fresh
        for effect in fresh:
            if honest and isinstance(effect, ShowReminder):
                effects += monitor.step(Delivered(effect.at, effect.id, ok=True))
    return effects


def numbers_in(value: Any) -> list[float]:
    """Every number within an effect, but for what the user's own action said."""
    if isinstance(value, bool | str | Action | None.__class__):
        return []
    if isinstance(value, int | float):
        return [value]
    if isinstance(value, dict):
        return [n for item in value.values() for n in numbers_in(item)]
    if isinstance(value, list | tuple):
        return [n for item in value for n in numbers_in(item)]
    if is_dataclass(value):
        return [n for f in fields(value) for n in numbers_in(getattr(value, f.name))]
    return []


@settings(max_examples=60, deadline=None)
@given(st.lists(told, max_size=40), policies, st.booleans())
def test_never_more_than_the_hours_budget(story: list[Told], policy: Policy, honest: bool) -> None:
    effects = run(Monitor(policy), inputs(story), honest=honest)

    shown = [effect for effect in effects if isinstance(effect, ShowReminder)]
    assert [one.id for one in shown] == list(range(1, len(shown) + 1))
    unseen = {
        effect.id
        for effect in effects
        if isinstance(effect, ReminderFate)
        and effect.fate is Fate.UNDELIVERED
        and effect.why != NO_ANSWER
    }
    shown = [one for one in shown if one.id not in unseen]
    for most, kinds in (
        (policy.reminders.max_per_hour, set(ReminderKind)),
        (policy.posture.max_per_hour, {ReminderKind.POSTURE}),
    ):
        times = [one.at.mono for one in shown if one.kind in kinds]
        for first, next_over in zip(times, times[most:], strict=False):
            assert next_over - first >= 3600
    for one, other in pairwise(shown):
        assert other.at - one.at >= policy.reminders.spacing_s


@settings(max_examples=60, deadline=None)
@given(st.lists(told, max_size=40), st.booleans())
def test_everything_told_is_finite_ordered_and_back_dated(story: list[Told], honest: bool) -> None:
    monitor = Monitor()
    given_inputs = inputs(story)
    effects = run(monitor, given_inputs, honest=honest)
    if given_inputs:
        effects += monitor.close(given_inputs[-1].at)

    assert all(math.isfinite(number) for effect in effects for number in numbers_in(effect))
    timed = [e for e in effects if not isinstance(e, WriteSpan | WriteMinute | WantCamera)]
    moments = [effect.at.mono for effect in timed]
    assert moments == sorted(moments)
    for told_effect in timed:
        began = getattr(told_effect, "began", None)
        assert began is None or began.mono <= told_effect.at.mono
    for effect in effects:
        if isinstance(effect, Status):
            assert 0 <= effect.budget <= 1
            assert min(effect.sitting_s, effect.sitting_today_s, effect.upright_today_s) >= 0
        elif isinstance(effect, WriteMinute):
            assert 0 <= effect.valid_s <= 60
            assert all(m.p10 <= m.median <= m.p90 for m in effect.measures.values())


@settings(max_examples=60, deadline=None)
@given(st.lists(told, max_size=40), st.booleans())
def test_every_reminder_has_one_fate(story: list[Told], honest: bool) -> None:
    effects = run(Monitor(), inputs(story), honest=honest)

    asked = {effect.id for effect in effects if isinstance(effect, ShowReminder)}
    fates = [effect for effect in effects if isinstance(effect, ReminderFate)]
    assert {fate.id for fate in fates} <= asked
    shown = Counter(fate.id for fate in fates if fate.fate is Fate.SHOWN)
    ended = Counter(fate.id for fate in fates if fate.fate not in (Fate.SHOWN, Fate.WRONG_ALARM))
    wrong = Counter(fate.id for fate in fates if fate.fate is Fate.WRONG_ALARM)
    assert all(times == 1 for counter in (shown, ended, wrong) for times in counter.values())
    for fate in fates:
        if fate.fate is Fate.UNDELIVERED:
            assert fate.id not in shown


@settings(max_examples=60, deadline=None)
@given(st.lists(told.filter(lambda one: one.wall_jump_s == 0), min_size=1, max_size=40))
def test_spans_tile_time(story: list[Told]) -> None:
    monitor = Monitor()
    given_inputs = inputs(story)
    effects = run(monitor, given_inputs, honest=True)
    effects += monitor.close(given_inputs[-1].at)

    spans: dict[tuple[SpanKind, int], WriteSpan] = {}
    for effect in effects:
        if isinstance(effect, WriteSpan):
            spans[effect.kind, round(effect.began.mono * 1e6)] = effect
    end = max(one.at.mono for one in given_inputs)
    for kind in (SpanKind.PRESENCE, SpanKind.POSTURE, SpanKind.ACTIVITY):
        line = sorted((s for s in spans.values() if s.kind is kind), key=lambda s: s.began.mono)
        for span, following in pairwise(line):
            assert span.ended.mono == following.began.mono
        if line:
            assert line[-1].ended.mono == end


@settings(max_examples=40, deadline=None)
@given(
    st.lists(told, min_size=1, max_size=25), st.sampled_from([0.0, 50.0, 1e4, 1e6]), st.booleans()
)
def test_what_is_remembered_can_be_taken_up_again(
    story: list[Told], down_s: float, reboot: bool
) -> None:
    monitor = Monitor()
    effects = run(monitor, inputs(story), honest=True)
    at = monitor.status().at
    memory = json.loads(json.dumps(monitor.snapshot()))
    now = at.shifted(down_s)
    later = Instant(7.0, now.wall_us) if reboot else now

    heir = Monitor()

    assert heir.restore(memory, later)
    heir.step(Tick(later.shifted(1.0)))
    assert heir.status().sitting_s <= monitor.status().sitting_s + 130
    told_again = run(heir, [_strained(later.shifted(2.0 * i + 2)) for i in range(100)], honest=True)
    last = max((e.id for e in effects if isinstance(e, ShowReminder)), default=0)
    assert all(e.id > last for e in told_again if isinstance(e, ShowReminder))


# -- hostile memory

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


def paths(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place within a JSON document."""
    found = [path]
    if isinstance(data, dict):
        found += [p for key, item in data.items() for p in paths(item, (*path, key))]
    elif isinstance(data, list):
        found += [p for index, item in enumerate(data) for p in paths(item, (*path, index))]
    return found


def replaced(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy of *data* with *value* at *path*."""
    if not path:
        return value
    copy = dict(data) if isinstance(data, dict) else list(data)
    copy[path[0]] = replaced(data[path[0]], path[1:], value)
    return copy


def lived_in() -> tuple[Any, Instant]:
    """A snapshot of a monitor with something in every corner, and its time."""
    monitor = Monitor()
    strain = [_strained(ZERO.shifted(2.0 * i)) for i in range(900)]
    run(monitor, strain[:60], honest=True)
    monitor.step(Action(strain[59].at, ActionKind.WRONG_ALARM))
    run(monitor, strain[60:], honest=True)
    at = ZERO.shifted(1801)
    monitor.step(Action(at, ActionKind.PAUSE, 60.0))
    monitor.step(Action(at, ActionKind.STANDING))
    return json.loads(json.dumps(monitor.snapshot())), at


SNAPSHOT, WRITTEN = lived_in()


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(paths(SNAPSHOT)), json_values)
def test_a_damaged_memory_is_refused_or_harmless(path: tuple[Any, ...], value: Any) -> None:
    monitor = Monitor()

    monitor.restore(replaced(SNAPSHOT, path, value), WRITTEN.shifted(10))
    effects = run(
        monitor, [_strained(WRITTEN.shifted(12 + 2.0 * i)) for i in range(20)], honest=True
    )
    effects += monitor.close(WRITTEN.shifted(60))

    assert all(math.isfinite(number) for effect in effects for number in numbers_in(effect))
    json.dumps(monitor.snapshot(), allow_nan=False)


@given(json_values)
def test_anything_else_is_no_memory(data: Any) -> None:
    assert not Monitor().restore(data, ZERO)


def test_a_refused_memory_leaves_a_fresh_monitor() -> None:
    monitor = Monitor()
    damaged = replaced(SNAPSHOT, ("reminders", "next_id"), "many")

    assert not monitor.restore(damaged, WRITTEN.shifted(10))
    monitor.step(Tick(WRITTEN.shifted(11)))
    assert monitor.status().learned == {}
    assert monitor.status().sitting_s == 0.0


def test_the_memory_holds_what_it_must() -> None:
    monitor = Monitor()

    assert monitor.restore(SNAPSHOT, WRITTEN.shifted(10))
    monitor.step(Tick(WRITTEN.shifted(10)))
    status = monitor.status()
    assert status.sitting_s >= 1800
    assert status.learned == {"near_cm": 1.15}
    assert status.silent == "paused"


@pytest.mark.parametrize("kind", [ActionKind.PAUSE, ActionKind.SNOOZE, ActionKind.BREAK_NOW])
def test_an_answer_promises_no_longer_than_is_kept(kind: ActionKind) -> None:
    effects = Monitor().step(Action(ZERO, kind, seconds=math.inf))

    assert [one.seconds for one in effects if isinstance(one, Answered)] == [LONGEST_S]


@pytest.mark.parametrize("idle_s", [-1e308, 1e12, 1e20, 1.8e302])
def test_a_damaged_idle_time_is_no_trouble(idle_s: float) -> None:
    monitor = Monitor()
    monitor.step(SessionChanged(ZERO, Session(idle_s=idle_s)))

    json.dumps(monitor.snapshot(), allow_nan=False)
