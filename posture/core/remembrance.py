"""Remembrance: the states of clocks and voice as one record, written down and taken up again."""

from __future__ import annotations

from dataclasses import dataclass, field

from posture.clock import US_PER_S, Instant
from posture.core.budget import BudgetState
from posture.core.clocks import Clocks
from posture.core.day import DayState
from posture.core.eyes import EyesState
from posture.core.habits import HabitsState
from posture.core.learning import LearningState
from posture.core.memory import Distrusted, Json, decode, encode, moved
from posture.core.reminders import RemindersState
from posture.core.senses import SLEEP_S, away, unknown
from posture.core.silence import LONGEST_S, HushState
from posture.core.sitting import Base, SittingState
from posture.core.standing import StanceState, StandingState
from posture.core.stillness import StillState
from posture.core.voice import Voice

VERSION = 1
# Steady and wall clock tell the same downtime within this: the computer was not restarted.
SAME_BOOT_S = 60.0
# The program was down this long with the computer on: an old clock is worth nothing (chosen).
FORGET_S = 1800.0
# No stored moment lies further ahead than the longest pause.
AHEAD_S = LONGEST_S


@dataclass(slots=True)
class Memory:
    """Everything that outlives a restart. ``at``: when it was written."""

    at: Instant
    version: int = VERSION
    posture: BudgetState = field(default_factory=BudgetState)
    close: BudgetState = field(default_factory=BudgetState)
    sitting: SittingState = field(default_factory=SittingState)
    standing: StandingState = field(default_factory=StandingState)
    stance: StanceState = field(default_factory=StanceState)
    eyes: EyesState = field(default_factory=EyesState)
    still: StillState = field(default_factory=StillState)
    day: DayState = field(default_factory=DayState)
    habits: HabitsState = field(default_factory=HabitsState)
    reminders: RemindersState = field(default_factory=RemindersState)
    hush: HushState = field(default_factory=HushState)
    learning: LearningState = field(default_factory=LearningState)

    def __post_init__(self) -> None:
        if self.version != VERSION:
            raise ValueError("another version's memory")


def _gather(clocks: Clocks, voice: Voice, at: Instant) -> Memory:
    return Memory(
        at,
        VERSION,
        BudgetState(clocks.posture.budget.level(at)),
        BudgetState(clocks.close.budget.level(at)),
        clocks.sitting.state,
        clocks.standing.state,
        clocks.stance.state,
        clocks.eyes.state,
        clocks.still.state,
        clocks.day.state,
        clocks.habits.state,
        voice.reminders.state,
        voice.hush.state,
        voice.learning.state,
    )


def _scatter(memory: Memory, clocks: Clocks, voice: Voice) -> None:
    clocks.sitting.state = memory.sitting
    clocks.standing.state = memory.standing
    clocks.stance.state = memory.stance
    clocks.eyes.state = memory.eyes
    clocks.still.state = memory.still
    clocks.day.state = memory.day
    clocks.habits.state = memory.habits
    voice.reminders.state = memory.reminders
    voice.hush.state = memory.hush
    voice.learning.state = memory.learning


def remember(clocks: Clocks, voice: Voice, at: Instant) -> Json:
    """What must outlive a restart, as of *at*."""
    return encode(_gather(clocks, voice, at))


def shift_walls(drift_us: int, clocks: Clocks, voice: Voice, at: Instant) -> None:
    """The wall clock was set: stored moments keep their place on the steady clock."""

    def shift(moment: Instant) -> Instant:
        return Instant(moment.mono, max(moment.wall_us + drift_us, 0))

    _scatter(moved(_gather(clocks, voice, at), shift), clocks, voice)


def recall(data: object, now: Instant, clocks: Clocks, voice: Voice) -> bool:
    """Take up what was remembered before a restart; False when *data* cannot be trusted.

    While the program was down the user was not seen. A computer that was off had nobody at it.
    """
    try:
        written = decode(Memory, data, lambda moment: moment).at
        down_s, rebooted = _downtime(written, now)
        memory = decode(Memory, data, _Replacing(written, now.shifted(-down_s)))
    except Distrusted:
        return False
    first_id = voice.reminders.state.next_id
    _scatter(memory, clocks, voice)
    reminders = voice.reminders.state
    reminders.next_id = max(reminders.next_id, first_id)
    voice.orphans, reminders.open = reminders.open, []
    if down_s < SLEEP_S:
        clocks.posture.budget.state = memory.posture
        clocks.close.budget.state = memory.close
    since = now.shifted(-down_s)
    gone = rebooted or down_s >= FORGET_S
    clocks.lose(away(since, None) if gone else unknown(since, None))
    if clocks.sitting.state.since is not None:
        clocks.sitting.turn(Base.ABSENT if gone else Base.BLIND, since)
        clocks.follow_activity(now)
    return True


def _downtime(written: Instant, now: Instant) -> tuple[float, bool]:
    """Seconds since *written*, and whether the computer was restarted since."""
    wall_s = (now.wall_us - written.wall_us) / US_PER_S
    steady_s = now - written
    if steady_s >= 0 and abs(wall_s - steady_s) <= SAME_BOOT_S:
        return steady_s, False
    # Restarted, or the wall clock was set: a negative time is no time.
    return max(wall_s if wall_s >= 0 else steady_s, 0.0), steady_s < 0 or wall_s > steady_s


@dataclass(frozen=True, slots=True)
class _Replacing:
    """Moves stored moments to the present steady clock: *written* becomes *since*."""

    written: Instant
    since: Instant

    def __call__(self, moment: Instant) -> Instant:
        ago_s = self.written - moment
        if ago_s < -AHEAD_S:
            raise Distrusted("a moment lies too far ahead")
        return Instant(self.since.mono - ago_s, moment.wall_us)
