"""Stories: a timeline in words, played to the engine, and the whole list of what happened.

    play("upright 50m, slouch 2m, away 6m", hz=5).expect('''
        0:00 starts upright
        50:00 posture slouch
        51:00 reminder posture since 50:00
        ...''')

A segment is a word of ``people.WORDS`` and a length; ``+`` adds what the desktop says (``typing``,
``idle``, ``meeting``, ``full``, ``locked``, ``battery``, ``asleep``). ``sleep`` is time without any
input, ``frozen`` time without pictures, ``lost`` a camera that fails. ``!`` marks what the user or
the world does at once: ``!snooze:10m``, ``!restart:20s``, ``!clock:-1h``, ``!mute`` …
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from posture.clock import US_PER_S, Instant
from posture.core.calendar import LocalTime, utc_time
from posture.core.effects import (
    CalibrationChanged,
    CameraChanged,
    Effect,
    Fate,
    Learned,
    PostureChanged,
    PresenceChanged,
    ReminderFate,
    ShowReminder,
    SittingChanged,
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
from posture.core.metrics import Metrics
from posture.core.monitor import Monitor
from posture.core.policy import PacePolicy, Policy
from posture.core.reading import Level, Presence, Reading
from posture.core.thresholds import Thresholds
from scenarios.people import WORDS, Pose

# How long the reader waits before it tells: a label, an empty chair, somebody new.
LABEL_HOLD_S = 1.0
AWAY_HOLD_S = 2.0
# Pictures come at the slower of the asked rate and this in the middle of long segments.
THIN_S = 2.5
THIN_AFTER_S, THIN_BEFORE_S = 70.0, 15.0
# A watch that looks often while something changes and ever less often while nothing does.
ADAPTIVE = 0.0
ADAPTIVE_TOLERANCE_S = 12.0
_QUICK_S, _QUICK_FOR_S, _SLOWER, _SLOW_S = 0.3, 3.0, 1.5, 10.0
# Each cool-down starts when the one before was noticed: such delays add up.
DRIFT = 0.002
_DESKTOP = {"typing", "idle", "meeting", "full", "locked", "battery", "asleep"}


@dataclass(frozen=True)
class Segment:
    """A stretch of the timeline; an instant one (``!``) has a command instead of a word."""

    word: str
    seconds: float
    desktop: frozenset[str] = frozenset()
    command: str | None = None
    argument: str | None = None


def seconds_of(text: str) -> float:
    """Seconds of "90s", "5m", "1h30m" or, as a moment, "5:00" and "1:05:00"."""
    if ":" in text:
        total = 0.0
        for part in text.split(":"):
            total = total * 60 + float(part)
        return total
    sign = -1.0 if text.startswith("-") else 1.0
    parts = re.findall(r"([\d.]+)([hms])", text)
    if not parts:
        raise ValueError(f"not a length: {text!r}")
    return sign * sum(float(n) * {"h": 3600, "m": 60, "s": 1}[unit] for n, unit in parts)


def moment_text(seconds: float) -> str:
    """A moment of a story as it is written in one."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def timeline(text: str) -> list[Segment]:
    """Parse a timeline."""
    segments = []
    for part in (piece.strip() for piece in text.replace("\n", " ").split(",")):
        if part.startswith("!"):
            command, _, argument = part[1:].partition(":")
            segments.append(Segment("", 0.0, frozenset(), command, argument or None))
            continue
        what, _, length = part.rpartition(" ")
        word, *desktop = what.strip().split("+")
        if word not in WORDS and word not in ("sleep", "frozen", "lost"):
            raise ValueError(f"unknown word: {word!r}")
        if not set(desktop) <= _DESKTOP:
            raise ValueError(f"unknown desktop state in {what!r}")
        segments.append(Segment(word, seconds_of(length), frozenset(desktop)))
    return segments


@dataclass(frozen=True)
class Told:
    """One event of a story: when, what, and for a reminder since when."""

    at_s: float
    what: str
    since_s: float | None = None

    def __str__(self) -> str:
        since = "" if self.since_s is None else f" since {moment_text(self.since_s)}"
        return f"{moment_text(self.at_s)} {self.what}{since}"

    def near(self, other: Told, tolerance_s: float) -> bool:
        """The same event, as nearly as pictures allow."""
        if self.what != other.what or (self.since_s is None) is not (other.since_s is None):
            return False
        gap_s = abs(self.at_s - other.at_s)
        since_gap_s = abs((self.since_s or 0.0) - (other.since_s or 0.0))
        return max(gap_s, since_gap_s) <= tolerance_s + DRIFT * other.at_s


_SHORT: dict[str, tuple[str, ...]] = {
    "starts": ("presence present", "posture {}", "sitting sitting"),
    "returns": ("presence present", "posture {}", "sitting sitting"),
    "leaves": ("presence away", "posture away", "sitting away"),
    "steps_out": ("presence away", "posture away"),
    "comes_back": ("presence present", "posture {}"),
    "stands": ("posture standing", "sitting standing"),
    "sits": ("posture {}", "sitting sitting"),
    "vanishes": ("presence unknown {}", "posture unknown"),
}


def expected(text: str) -> list[Told]:
    """Parse an expected list; short words stand for what always comes together."""
    lines = []
    for line in (raw.split("#")[0].strip() for raw in text.strip().splitlines()):
        if not line:
            continue
        moment, _, what = line.partition(" ")
        at_s = seconds_of(moment)
        head, _, rest = what.strip().partition(" ")
        if head in _SHORT:
            lines += [Told(at_s, whole.format(rest)) for whole in _SHORT[head]]
            continue
        what, _, since = what.strip().partition(" since ")
        lines.append(Told(at_s, what, seconds_of(since) if since else None))
    return lines


@dataclass
class Story:
    """What happened, in order, and all effects for a closer look."""

    events: list[Told] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    silences: list[tuple[float, str | None]] = field(default_factory=list)
    statuses: list[tuple[float, Status]] = field(default_factory=list)
    monitor: Monitor = field(default_factory=Monitor)
    tolerance_s: float = 2 * THIN_S

    def expect(self, text: str) -> None:
        """Compare with the entire list: missing and extra events both fail."""
        missing, extra = [], list(self.events)
        for wanted in expected(text):
            found = next((event for event in extra if event.near(wanted, self.tolerance_s)), None)
            if found is None:
                missing.append(wanted)
            else:
                extra.remove(found)
        if missing or extra:
            report = [f"missing: {event}" for event in missing]
            report += [f"extra:   {event}" for event in extra]
            report += ["", "the whole story:", *(f"    {event}" for event in self.events)]
            raise AssertionError("\n".join(report))

    def silent_at(self, moment: str) -> str | None:
        """Why nothing was said at a moment, as the status showed."""
        at_s = seconds_of(moment)
        before = [reason for told_s, reason in self.silences if told_s <= at_s]
        return before[-1] if before else None

    def reminders(self) -> list[ShowReminder]:
        """All reminders."""
        return [effect for effect in self.effects if isinstance(effect, ShowReminder)]

    def fates(self) -> list[ReminderFate]:
        """All fates but "shown"."""
        found = [effect for effect in self.effects if isinstance(effect, ReminderFate)]
        return [effect for effect in found if effect.fate is not Fate.SHOWN]

    def spans(self) -> dict[tuple[str, Instant], WriteSpan]:
        """The journal's spans as last written."""
        spans = [effect for effect in self.effects if isinstance(effect, WriteSpan)]
        return {(span.kind, span.began): span for span in spans}

    def minutes(self) -> list[WriteMinute]:
        """The journal's minutes."""
        return [effect for effect in self.effects if isinstance(effect, WriteMinute)]

    def status_at(self, moment: str) -> Status:
        """The last status told until a moment."""
        at_s = seconds_of(moment)
        return [status for told_s, status in self.statuses if told_s <= at_s][-1]


class Player:
    """Plays a timeline to a monitor, performing its effects as the driver would."""

    def __init__(
        self, policy: Policy, hz: float, start: datetime, local: LocalTime, thin_s: float
    ) -> None:
        self.policy = policy
        self.hz = hz
        self.thin_s = thin_s
        self.local = local
        tolerance_s = ADAPTIVE_TOLERANCE_S if hz == ADAPTIVE else 2 * thin_s
        self.story = Story(monitor=Monitor(policy, local_time=local), tolerance_s=tolerance_s)
        self.thresholds = policy.thresholds
        self.zero = Instant(1000.0, round(start.timestamp() * US_PER_S))
        self.wall_shift_us = 0
        self.t_s = 0.0
        self.camera_open = True
        self.deaf = False
        self.mute = False
        self.idle_s = 0.0
        self.random = random.Random(hz)
        self.reader = Imitation()
        self._session_told: float | None = None
        self.look_every_s = _QUICK_S
        self.look_s = self.told_s = 0.0

    # -- time

    def at(self, t_s: float) -> Instant:
        shifted = self.zero.shifted(t_s)
        return Instant(shifted.mono, shifted.wall_us + self.wall_shift_us)

    def since_start(self, moment: Instant) -> float:
        return moment.mono - self.zero.mono

    def moments(self, seconds: float) -> Iterator[float]:
        """When pictures come: jittered, some lost, fewer in the middle of long segments."""
        if self.hz == ADAPTIVE:
            yield from self.adaptive_moments(seconds)
            return
        begin, end = self.t_s, self.t_s + seconds
        t_s, lost = begin, False
        while t_s < end:
            middle = begin + THIN_AFTER_S < t_s < end - THIN_BEFORE_S
            lost = not (lost or middle or t_s == begin) and self.random.random() < 0.1
            if not lost:
                yield t_s
            period = max(1 / self.hz, self.thin_s) if middle else 1 / self.hz
            t_s += period * self.random.uniform(0.7, 1.3)

    def adaptive_moments(self, seconds: float) -> Iterator[float]:
        """When an adaptive watch looks: a change is noticed at the next look."""
        begin, end = self.t_s, self.t_s + seconds
        noticed_s: float | None = None
        self.look_s = max(self.look_s, begin)
        while self.look_s < end:
            yield self.look_s
            if noticed_s is None:
                noticed_s, self.look_every_s = self.look_s, _QUICK_S
            elif self.look_s - noticed_s > _QUICK_FOR_S:
                self.look_every_s = min(self.look_every_s * _SLOWER, _SLOW_S)
            self.look_s += self.look_every_s * self.random.uniform(0.7, 1)

    def wait(self, segment: Segment, until_s: float) -> None:
        """Between two looks time passes second by second."""
        while until_s - self.told_s > 1.0:
            self.told_s += 1.0
            self.tell_session(segment, self.told_s)
            self.feed(Tick(self.at(self.told_s)))

    # -- driving

    def feed(self, given: Input) -> None:
        queue = [given]
        while queue:
            for effect in self.story.monitor.step(queue.pop(0)):
                self.story.effects.append(effect)
                answer = self.perform(effect)
                if answer is not None:
                    queue.append(answer)

    def perform(self, effect: Effect) -> Input | None:
        if isinstance(effect, Status):
            self.story.statuses.append((self.since_start(effect.at), effect))
            if not self.story.silences or self.story.silences[-1][1] != effect.silent:
                self.story.silences.append((self.since_start(effect.at), effect.silent))
        elif isinstance(effect, WantCamera):
            self.camera_open = effect.wanted
        elif isinstance(effect, Learned):
            self.thresholds = self.policy.thresholds.softened(self.story.monitor.status().learned)
        told = self.told(effect)
        if told is not None:
            self.story.events.append(told)
        if isinstance(effect, ShowReminder) and not self.deaf:
            why = "no notifier" if self.mute else None
            return Delivered(effect.at, effect.id, not self.mute, why)
        return None

    def told(self, effect: Effect) -> Told | None:
        at_s = 0.0 if isinstance(effect, WriteSpan | WriteMinute) else self.since_start(effect.at)
        match effect:
            case PresenceChanged():
                reason = f" {effect.reason}" if effect.reason else ""
                return Told(self.since_start(effect.began), f"presence {effect.presence}{reason}")
            case PostureChanged():
                return Told(self.since_start(effect.began), f"posture {effect.label}")
            case SittingChanged():
                return Told(self.since_start(effect.began), f"sitting {effect.activity}")
            case ShowReminder():
                return Told(at_s, f"reminder {effect.kind}", self.since_start(effect.began))
            case ReminderFate() if effect.fate is not Fate.SHOWN:
                why = f" ({effect.why})" if effect.why else ""
                return Told(at_s, f"{effect.fate} {effect.kind}{why}")
            case CameraChanged():
                reason = f" {effect.reason}" if effect.reason else ""
                return Told(at_s, f"camera {effect.state}{reason}")
            case CalibrationChanged():
                return Told(at_s, f"calibration {effect.state}")
            case Learned():
                return Told(at_s, f"learned {effect.measure} {effect.factor:.2f}")
        return None

    # -- segments

    def play(self, segment: Segment) -> None:
        if segment.command is not None:
            self.command(segment.command, segment.argument)
            return
        if segment.word == "sleep":
            self.t_s += segment.seconds
            return
        if segment.word == "lost":
            self.feed(CameraLost(self.at(self.t_s), "unplugged"))
        pose = WORDS.get(segment.word)
        ticked = -1.0
        self.told_s, end_s = self.t_s, self.t_s + segment.seconds
        for t_s in self.moments(segment.seconds):
            if self.hz == ADAPTIVE:
                self.wait(segment, t_s)
                self.told_s = t_s
            self.tell_session(segment, t_s)
            if pose is not None and self.camera_open:
                self.feed(self.reader.reading(pose, t_s, self.at, self.thresholds))
            elif t_s - ticked >= 0.9:
                ticked = t_s
                self.feed(Tick(self.at(t_s)))
        if self.hz == ADAPTIVE:
            self.wait(segment, end_s)
        self.t_s = end_s

    def tell_session(self, segment: Segment, t_s: float) -> None:
        if not segment.desktop and self._session_told is None:
            return
        if self._session_told is not None and 0 <= t_s - self._session_told < 1.0:
            return
        passed_s = 0.0 if self._session_told is None else t_s - self._session_told
        self._session_told = t_s
        says = segment.desktop
        self.idle_s = 0.5 if "typing" in says else self.idle_s + passed_s
        session = Session(
            locked="locked" in says,
            idle_s=self.idle_s if says & {"typing", "idle"} else None,
            full_screen="full" in says,
            camera_used_by="a video call" if "meeting" in says else None,
            on_battery="battery" in says,
            asleep="asleep" in says,
        )
        self.feed(SessionChanged(self.at(t_s), session))

    # -- commands

    def command(self, name: str, argument: str | None) -> None:
        now = self.at(self.t_s)
        if name in _ACTIONS:
            seconds = seconds_of(argument) if argument else None
            self.feed(Action(now, _ACTIONS[name], seconds))
        elif name in ("mute", "unmute"):
            self.mute = name == "mute"
        elif name in ("deaf", "hearing"):
            self.deaf = name == "deaf"
        elif name == "clock":
            self.wall_shift_us += round(seconds_of(argument or "0s") * US_PER_S)
        elif name == "set":
            self.policy = changed(self.policy, argument or "")
            self.thresholds = self.policy.thresholds
            self.story.monitor.apply(self.policy)
        elif name in ("restart", "reboot"):
            self.restart(seconds_of(argument) if argument else 0.0, reboot=name == "reboot")
        else:
            raise ValueError(f"unknown command: {name!r}")

    def restart(self, down_s: float, *, reboot: bool) -> None:
        """End the monitor and begin another one from its memory, as JSON."""
        now = self.at(self.t_s)
        self.story.effects += self.story.monitor.close(now)
        memory = json.loads(json.dumps(self.story.monitor.snapshot()))
        self.t_s += down_s
        if reboot:  # the steady clock begins anew; stories go on counting
            self.zero = Instant(5.0 - self.t_s, self.zero.wall_us)
        self.story.monitor = Monitor(self.policy, local_time=self.local)
        assert self.story.monitor.restore(memory, self.at(self.t_s))
        self.reader = Imitation()
        self.camera_open = True

    def finish(self) -> Story:
        """End of the story."""
        self.story.effects += self.story.monitor.close(self.at(self.t_s))
        return self.story


_ACTIONS = {
    "pause": ActionKind.PAUSE,
    "resume": ActionKind.RESUME,
    "snooze": ActionKind.SNOOZE,
    "standing": ActionKind.STANDING,
    "sitting": ActionKind.SITTING,
    "break": ActionKind.BREAK_NOW,
    "done": ActionKind.DONE,
    "wrong": ActionKind.WRONG_ALARM,
    "undo": ActionKind.UNDO_WRONG_ALARM,
}


class Imitation:
    """Judges as the reader would: tells a new word after a hold, back-dated."""

    def __init__(self) -> None:
        self.held: tuple[Pose, float] | None = None
        self.present_since: tuple[Presence, float] | None = None
        self.next: tuple[Pose, float] | None = None
        self._known: dict[tuple[int, bool, int], tuple[Metrics, dict[str, Level]]] = {}

    def reading(
        self, truth: Pose, t_s: float, at: Callable[[float], Instant], thresholds: Thresholds
    ) -> Reading:
        """The reading of one moment."""
        held, since_s = self._hold(truth, t_s)
        if self.present_since is None or self.present_since[0] is not held.presence:
            self.present_since = (held.presence, since_s)
        shifted = int(t_s // 300) % 2 == 1
        # The measures are the moment's own; level and label are held.
        metrics, _ = self._judged(
            truth if truth.presence is held.presence else held, shifted, thresholds
        )
        _, levels = self._judged(held, shifted, thresholds)
        return Reading(
            at(t_s),
            held.presence,
            held.label,
            metrics,
            presence_since=at(self.present_since[1]),
            label_since=at(since_s),
            states=levels,
            score=90.0 if held.presence is Presence.PRESENT else None,
            reason=held.reason,
            looking_away=held.looking_away,
            standing=held.standing,
            calibrated=True,
            stale_calibration=held.stale,
            eye_openness=held.openness(t_s),
        )

    def _hold(self, truth: Pose, t_s: float) -> tuple[Pose, float]:
        if self.held is None:
            self.held = (truth, t_s)
        if truth is self.held[0]:
            self.next = None
            return self.held
        if self.next is None or self.next[0] is not truth:
            self.next = (truth, t_s)
        hold_s = AWAY_HOLD_S if truth.presence is Presence.AWAY else LABEL_HOLD_S
        if t_s - self.next[1] >= hold_s:
            self.held, self.next = self.next, None
        return self.held

    def _judged(
        self, pose: Pose, shifted: bool, thresholds: Thresholds
    ) -> tuple[Metrics, dict[str, Level]]:
        key = (id(pose), shifted, id(thresholds))
        if key not in self._known:
            self._known[key] = (pose.metrics(shifted=shifted), pose.levels(thresholds))
        return self._known[key]


def changed(policy: Policy, text: str) -> Policy:
    """A policy with settings as in "sitting.nudge_min=45 eyes.enabled=false language=de"."""
    for part in text.split():
        key, _, raw = part.partition("=")
        if "." not in key:
            whole: Any = raw if key == "language" else float(raw)
            policy = replace(policy, **{key: whole})
            continue
        section, _, name = key.partition(".")
        old = getattr(getattr(policy, section), name)
        value: object = raw if isinstance(old, str) else raw == "true"
        if not isinstance(old, str | bool):
            value = type(old)(raw)
        policy = replace(policy, **{section: replace(getattr(policy, section), **{name: value})})
    return policy


_SWITCHES = {
    "posture": "posture",
    "too_close": "close",
    "stand": "sitting",
    "standing_long": "standing",
    "look_away": "eyes",
    "move": "move",
    "daily": "daily",
    "lunch": "lunch",
    "tip": "tips",
}
MONDAY_AFTERNOON = datetime(2026, 3, 2, 14, tzinfo=UTC)


def play(
    text: str,
    hz: float = 5,
    *,
    only: str | None = None,
    settings: str = "",
    start: datetime = MONDAY_AFTERNOON,
    local: LocalTime = utc_time,
    language: str = "en",
    thin_s: float = THIN_S,
) -> Story:
    """Play a timeline at *hz* pictures a second. ``only``: the kinds of reminders switched on.

    ``thin_s``: time between pictures in the middle of long segments; more makes a story of many
    hours quick and its times less exact.
    """
    # Pictures may be further apart than the policy wants them, but for no gap.
    pace = PacePolicy() if thin_s <= THIN_S else PacePolicy(interval_s=0.55 * thin_s)
    policy = Policy(language=language, pace=pace)
    if only is not None:
        on = {_SWITCHES[kind] for kind in only.split()}
        flags = (
            f"{section}.enabled={str(section in on).lower()}" for section in _SWITCHES.values()
        )
        policy = changed(policy, " ".join(flags))
    player = Player(changed(policy, settings), hz, start, local, thin_s)
    for segment in timeline(text):
        player.play(segment)
    return player.finish()
