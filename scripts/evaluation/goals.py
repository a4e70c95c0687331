"""The goals, each beside what was measured."""

from __future__ import annotations

from dataclasses import dataclass

from evaluation.accuracy import Separation
from evaluation.presence import Clips, InView
from evaluation.rates import AS_RUN
from evaluation.reminders import Reminders
from evaluation.scoring import DISTANCE_PERCENT, Scores
from evaluation.sequences import Sequences
from evaluation.stills import Stills
from evaluation.stress import Stress
from evaluation.traces import Traces


@dataclass(frozen=True, slots=True)
class Goal:
    """``bound`` is the most (``most``) or the least that is allowed; None measured is not met.

    ``n``: pictures or events behind the number; of two classes the smaller.
    """

    name: str
    measured: float | None
    bound: float
    most: bool
    unit: str
    n: int

    @property
    def met(self) -> bool:
        """Whether the goal is reached."""
        if self.measured is None:
            return False
        return self.measured <= self.bound if self.most else self.measured >= self.bound


@dataclass(frozen=True, slots=True)
class Parts:
    """What was evaluated; a part that was not asked for is None."""

    stills: Stills | None = None
    sequences: Sequences | None = None
    reminders: Reminders | None = None
    traces: Traces | None = None
    presence: Clips | None = None
    stress: Stress | None = None


# Measure, most mean error, unit.
_ERRORS = (
    ("head_roll_deg", 2.0, "°"),
    ("neck_lateral_deg", 2.0, "°"),
    ("trunk_lateral_deg", 2.0, "°"),
    ("shoulder_tilt_deg", 2.0, "°"),
    ("head_flexion_deg", 5.0, "°"),
    ("trunk_inclination_deg", 5.0, "°"),
    ("forward_lean_cm", 2.5, " cm"),
)
_DISTANCE = "distance, 35–100 cm, head within 25°"


def goals(parts: Parts) -> list[Goal]:
    """Every goal that the evaluated parts say something about.

    What the data holds no case of is left out; what was never answered counts as not met.
    """
    return [goal for goal in _all(parts) if goal.n > 0]


def _all(parts: Parts) -> list[Goal]:
    found: list[Goal] = []
    if parts.stills is not None:
        found += _of_scores(parts.stills.overall, "stills")
        left_out = parts.stills.left_out
        if left_out is not None:
            name = "posture label, macro-F1, stills, person left out"
            found.append(Goal(name, left_out.macro_f1, 0.90, False, "", left_out.n))
    if parts.sequences is not None:
        found += _of_sequences(parts.sequences)
    if parts.reminders is not None:
        found += _of_reminders(parts.reminders)
    if parts.traces is not None:
        found += [
            _auc(f"real upright or slouched, AUC, {name} left out", each.separation, 0.97)
            for name, each in parts.traces.left_out.items()
        ]
    if parts.presence is not None:
        found += _of_clips(parts.presence)
    return found


def _of_scores(scores: Scores, where: str) -> list[Goal]:
    percent = scores.measures[DISTANCE_PERCENT]
    found = [
        Goal(f"{_DISTANCE}: mean error, {where}", percent.mae, 2.0, True, " %", percent.due),
        Goal(f"{_DISTANCE}: 95 % within, {where}", percent.p95, 5.0, True, " %", percent.due),
    ]
    for name, bound, unit in _ERRORS:
        each = scores.measures[name]
        found.append(Goal(f"{name}: mean error, {where}", each.mae, bound, True, unit, each.due))
    head, slump = scores.separations["forward_head"], scores.separations["slump"]
    return [
        *found,
        _auc(f"forward head ≥ 10° or ≤ 5°, AUC, {where}", head, 0.90),
        _auc(f"slump ≥ 2.5 cm or ≤ 1.5 cm, AUC, {where}", slump, 0.85),
        Goal(
            f"posture label, macro-F1, {where}",
            scores.labels.macro_f1,
            0.90,
            False,
            "",
            scores.labels.n,
        ),
    ]


def _of_sequences(sequences: Sequences) -> list[Goal]:
    found: list[Goal] = []
    for rate in sequences.rates:
        if rate.fps is None:
            found += _of_scores(rate.scores, "sequences")
        if rate.fps == AS_RUN:
            told = rate.owed - rate.missed
            arrived = rate.delay_arrived
            found += [
                Goal(
                    "posture label, macro-F1, as run",
                    rate.scores.labels.macro_f1,
                    0.90,
                    False,
                    "",
                    rate.scores.labels.n,
                ),
                Goal(
                    "change told as run, from the move's end, 90 %",
                    arrived.p90_s,
                    3.0,
                    True,
                    " s",
                    told,
                ),
                Goal("changes missed as run", rate.missed, 0, True, "", rate.owed),
            ]
            found += [
                Goal(
                    "same label as from every picture, as run",
                    100 * same.labels,
                    98.0,
                    False,
                    " %",
                    same.moments,
                )
                for same in sequences.agreement
                if same.fps == AS_RUN
            ]
        if rate.fps == 1.0:
            told = rate.owed - rate.missed
            half, arrived = rate.delay, rate.delay_arrived
            found += [
                Goal("change told at 1 Hz, median", half.median_s, 2.0, True, " s", told),
                Goal("change told at 1 Hz, 90 %", half.p90_s, 2.0, True, " s", told),
                Goal("  from the move's end, 90 %", arrived.p90_s, 2.0, True, " s", told),
                Goal("  from the move's end, worst", arrived.worst_s, 2.0, True, " s", told),
                Goal("changes missed at 1 Hz", rate.missed, 0, True, "", rate.owed),
            ]
    return found


def _of_reminders(reminders: Reminders) -> list[Goal]:
    found: list[Goal] = []
    for mode in reminders.modes:
        told = mode.owed - mode.missed
        stories = sum(each.mode == mode.mode for each in reminders.played)
        # Ten times as long a picture comes every three seconds.
        within_s = 5.0 if mode.stretch == 1 else 15.0
        name = f"reminders, {mode.mode}"
        found += [
            Goal(f"{name}: missed", mode.missed, 0, True, "", mode.owed),
            Goal(f"{name}: uncalled for", mode.extra, 0, True, "", stories),
            Goal(f"{name}: off, 90 %", mode.delay.p90_s, within_s, True, " s", told),
        ]
    return found


def _of_clips(clips: Clips) -> list[Goal]:
    names = {"empty": "empty room", "back": "far off with the back turned", "facing": "user there"}
    found = []
    for kind, name in names.items():
        views: list[InView] = [views[kind] for views in clips.clips.values() if kind in views]
        if views:
            wrong = sum(view.held_wrong for view in views)
            held = sum(view.held_pictures for view in views)
            found.append(Goal(f"presence wrong in clips, {name}", wrong, 0, True, "", held))
    return found


def _auc(name: str, each: Separation, bound: float) -> Goal:
    return Goal(name, each.auc, bound, False, "", min(each.positive, each.negative))
