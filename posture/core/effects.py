"""Everything the monitor can ask for. ``run`` performs effects, ``replay`` prints them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from posture.clock import Instant
from posture.core.inputs import Action, ActionKind
from posture.core.reading import Label, Presence, Reading
from posture.core.senses import CameraState


class ReminderKind(StrEnum):
    """The kinds of reminder of the contract."""

    POSTURE = "posture"
    TOO_CLOSE = "too_close"
    STAND = "stand"
    LOOK_AWAY = "look_away"
    MOVE = "move"
    LUNCH = "lunch"
    DAILY = "daily"
    STANDING_LONG = "standing_long"
    TIP = "tip"


class Fate(StrEnum):
    """What became of a reminder."""

    SHOWN = "shown"
    UNDELIVERED = "undelivered"
    SNOOZED = "snoozed"
    HEEDED = "heeded"
    EXPIRED = "expired"
    WRONG_ALARM = "wrong_alarm"


class Activity(StrEnum):
    """What the body does, for the sitting clock."""

    SITTING = "sitting"
    STANDING = "standing"
    AWAY = "away"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ShowReminder:
    """Show one reminder. ``began``: back-dated start of what it is about."""

    at: Instant
    id: int
    kind: ReminderKind
    title: str
    text: str
    began: Instant
    measures: Mapping[str, float] = field(default_factory=dict)
    buttons: tuple[ActionKind, ...] = ()


@dataclass(frozen=True, slots=True)
class WithdrawReminder:
    """Take a shown reminder from the screen: it is settled."""

    at: Instant
    id: int


@dataclass(frozen=True, slots=True)
class ReminderFate:
    """What became of a reminder, ``after_s`` seconds after it was shown.

    ``improvement``: measure → how far it moved towards the neutral, in its own unit.
    """

    at: Instant
    id: int
    kind: ReminderKind
    fate: Fate
    after_s: float | None = None
    why: str | None = None
    improvement: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PostureChanged:
    """Another posture label holds, since ``began``."""

    at: Instant
    label: Label
    began: Instant
    measures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PresenceChanged:
    """The user came, left, or cannot be judged, since ``began``."""

    at: Instant
    presence: Presence
    began: Instant
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SittingChanged:
    """Sitting, standing or away, since ``began``; ``sitting_s``: the sitting clock."""

    at: Instant
    activity: Activity
    began: Instant
    sitting_s: float


@dataclass(frozen=True, slots=True)
class CameraChanged:
    """The camera works, is lost, or is wanted closed, and why."""

    at: Instant
    state: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class CalibrationChanged:
    """The calibration is fresh, stale or absent, and why."""

    at: Instant
    state: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class DeskRecognized:
    """The calibrated desk called ``profile`` is seen, in place of the one in use."""

    at: Instant
    profile: str


class SpanKind(StrEnum):
    """What a span of the journal tells."""

    POSTURE = "posture"
    PRESENCE = "presence"
    ACTIVITY = "activity"
    NEAR_WORK = "near_work"
    SILENCE = "silence"
    CAMERA = "camera"


@dataclass(frozen=True, slots=True)
class WriteSpan:
    """A span of the journal, keyed by kind and ``began``; the last one written holds.

    Written when it opens, while it grows, and when it closes; ``ended`` may then be earlier than
    told before, since the next state is back-dated. ``value`` of a key may change when the first
    one turns out to have lasted no time.

    ``value``: the label, presence, activity or reason. ``worst``: worst measure of a posture span.
    """

    kind: SpanKind
    value: str
    began: Instant
    ended: Instant
    reason: str | None = None
    worst: str | None = None


@dataclass(frozen=True, slots=True)
class MinuteMeasure:
    """One measure over one minute: median, 10th and 90th percentile, number of values."""

    median: float
    p10: float
    p90: float
    n: int


@dataclass(frozen=True, slots=True)
class WriteMinute:
    """Aggregates of one wall-clock minute (``minute_us`` = its start, UTC microseconds).

    ``valid_s``: seconds of it the user was seen and judged.
    """

    minute_us: int
    measures: Mapping[str, MinuteMeasure]
    score: MinuteMeasure | None = None
    valid_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Learned:
    """The threshold of ``measure`` is now ``factor`` times laxer than set (1.0 = as set).

    ``measure``: one of ``thresholds.BANDED``.
    """

    at: Instant
    measure: str
    factor: float


class Outcome(StrEnum):
    """What came of something the user said.

    ``NO_REMINDER``: there is none to answer. ``NOTHING``: nothing to take back.
    ``EVERYTHING``: without a reminder on the screen, all are put off. ``NO_LAXER``: noted, but
    there is no threshold to soften, or it is as lax as it may be.
    """

    DONE = "done"
    NO_REMINDER = "no_reminder"
    NOTHING = "nothing"
    EVERYTHING = "everything"
    NO_LAXER = "no_laxer"


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of *action*; ``kind``: the reminder it answered.

    ``measure``, ``factor``: the threshold it changed, and how many times laxer than set it is now.
    ``seconds``: how long it holds. ``ended``: the silence it ended, a ``core.silence.Silence``.
    """

    at: Instant
    action: Action
    outcome: Outcome = Outcome.DONE
    kind: ReminderKind | None = None
    measure: str | None = None
    factor: float | None = None
    seconds: float | None = None
    ended: str | None = None


@dataclass(frozen=True, slots=True)
class WantCamera:
    """Open (``wanted``) or close the camera, and why; ``interval_s`` between looks."""

    at: Instant
    wanted: bool
    reason: str | None = None
    interval_s: float = 1.0


@dataclass(frozen=True, slots=True)
class NextReminder:
    """What is due, in how many seconds of the present behaviour."""

    kind: ReminderKind
    due_s: float


@dataclass(frozen=True, slots=True)
class Status:
    """Everything the policy knows, for tray, terminal and ``posture status``.

    ``budget``: 1 = fresh, 0 = a posture reminder is due. ``silent``: a ``core.silence.Silence``,
    why nothing is said now. ``silent_until``: the end of the pause, snooze or break the user asked
    for; None while there is none, and for a pause without end. ``camera_reason``: why the camera
    is lost or closed.
    ``soft``: what will soon be due or is no longer said aloud: a sign on the icon.
    ``upright_*``: standing and breaks away from the desk.
    """

    at: Instant
    activity: Activity
    sitting_s: float
    standing_today_s: float
    budget: float
    reading: Reading | None = None
    silent: str | None = None
    silent_until: Instant | None = None
    camera: str = "open"
    camera_reason: str | None = None
    next_reminders: tuple[NextReminder, ...] = ()
    open_reminder: ShowReminder | None = None
    presence: Presence = Presence.UNKNOWN
    presence_reason: str | None = None
    label: Label = Label.UNKNOWN
    soft: tuple[ReminderKind, ...] = ()
    sitting_today_s: float = 0.0
    upright_today_s: float = 0.0
    upright_goal_s: float = 0.0
    learned: Mapping[str, float] = field(default_factory=dict)

    @property
    def calm(self) -> bool:
        """Nobody is there, or nobody is watched: nothing is counted by the second."""
        return self.presence is Presence.AWAY or self.camera == CameraState.CLOSED


Effect = (
    ShowReminder
    | WithdrawReminder
    | ReminderFate
    | PostureChanged
    | PresenceChanged
    | SittingChanged
    | CameraChanged
    | CalibrationChanged
    | DeskRecognized
    | WriteSpan
    | WriteMinute
    | Learned
    | Answered
    | WantCamera
    | Status
)
