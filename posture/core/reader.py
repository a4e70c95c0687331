"""Landmarks in, readings out: the whole chain from geometry to a judged moment."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace

from posture.clock import Instant
from posture.core.blinks import openness
from posture.core.desk_finder import DeskFinder
from posture.core.drift import Drift
from posture.core.labels import (
    LabelHold,
    is_standing,
    looking_away,
    name_posture,
    name_strangers_posture,
)
from posture.core.landmarks import Landmarks
from posture.core.levels import Levels
from posture.core.measure import Measurer, measure_stranger
from posture.core.metrics import Metrics
from posture.core.neutral import Neutral
from posture.core.observation import Observation, observe, observe_all
from posture.core.one_euro import Smoother, Tuning
from posture.core.pinhole import Pinhole
from posture.core.presence import Evidence, PresenceHold, judge
from posture.core.reading import Label, Level, Presence, Reading
from posture.core.score import score, stranger_score
from posture.core.staleness import MISLEADING, RESIZED, Staleness
from posture.core.thresholds import Thresholds

# Holds, chosen so that a real change is told within 2 s at one picture a second.
_LEVEL_HOLD_S = 1.0
_LABEL_HOLD_S = 1.0
_PRESENCE_HOLDS_S = {Presence.PRESENT: 1.0, Presence.AWAY: 2.0, Presence.UNKNOWN: 1.0}
# Only moments at least this good teach the neutral; chosen.
_TRUSTED_SCORE = 70.0


class Reader:
    """Turns landmarks into readings against one neutral, or none.

    ``independent``: pictures have nothing to do with each other (a folder): no filter, no hold.
    """

    def __init__(
        self,
        neutral: Neutral | None,
        *,
        independent: bool = False,
        drift: Mapping[str, float] | None = None,
    ) -> None:
        self._independent = independent
        self._desks: Mapping[str, Neutral] = {}
        self._thresholds = Thresholds()
        self._strangers = self._thresholds.for_a_stranger()
        self._ahead: dict[Landmarks, Observation] = {}
        self._last: tuple[Landmarks, Observation] | None = None
        self._take(neutral, drift)

    @property
    def drift(self) -> Mapping[str, float]:
        """How far the neutral has followed the user, to be stored."""
        return self._drift.offsets

    def know_desks(self, desks: Mapping[str, Neutral]) -> None:
        """Notice from now on when one of *desks* (name → neutral) is seen in place of this one."""
        self._desks = desks
        self._finder = self._new_finder()

    def recalibrate(self, neutral: Neutral) -> None:
        """Judge against *neutral* from now on; what was held and learnt before is forgotten."""
        self._take(neutral, None)

    def retune(self, thresholds: Thresholds) -> None:
        """Judge by these thresholds from now on."""
        if thresholds != self._thresholds:
            self._thresholds, self._strangers = thresholds, thresholds.for_a_stranger()
            self._levels = self._new_levels()

    def foresee(self, coming: Sequence[Landmarks]) -> None:
        """Work out of moments still to be read what depends on none before: many at once cost a
        fraction. What is read is the same.
        """
        self._ahead = {}
        for size, shown in itertools.groupby(coming, lambda landmarks: landmarks.size):
            alike = list(shown)
            self._ahead |= zip(alike, observe_all(alike, self._camera(size)), strict=True)
        if self._measurer is not None:
            self._measurer.foresee(list(self._ahead.values()))

    def read(self, landmarks: Landmarks) -> Reading:
        """Judge one moment."""
        if self._independent:
            self._restart()
        seen = self._observed(landmarks)
        shown = judge(seen, landmarks.light, self._neutral)
        evidence, since = self._presence.update(landmarks.at, shown)
        if evidence.presence is not Presence.PRESENT:
            return self._nobody(landmarks.at, evidence, since)
        missed = shown.presence is not Presence.PRESENT
        return self._somebody(landmarks, seen, since, missed=missed)

    @property
    def undecided(self) -> bool:
        """Whether something new was seen that must be seen again to be told."""
        parts = (self._presence, self._labels, self._levels)
        return any(part.undecided for part in parts)

    def _observed(self, landmarks: Landmarks) -> Observation:
        """What *landmarks* show; of the points of the last moment, told again, what it was."""
        last = self._last
        if last is not None and _same_points(landmarks, last[0]):
            return last[1]
        seen = self._ahead.get(landmarks) or observe(landmarks, self._camera(landmarks.size))
        self._last = landmarks, seen
        return seen

    def _camera(self, size: tuple[int, int]) -> Pinhole:
        return Pinhole.typical(size) if self._neutral is None else self._neutral.camera(size)

    def _somebody(
        self, landmarks: Landmarks, seen: Observation, since: Instant, *, missed: bool
    ) -> Reading:
        # Missed: not seen just now, and not yet believed to be away. Nothing is measured then, not
        # even who may be seen further off, and the posture is taken to last.
        at, face = landmarks.at, landmarks.face
        measured = None if self._measurer is None else self._measurer.measure(at, seen)
        stale, desk_seen = self._fit(landmarks, seen, measured)
        calibrated = measured is not None and stale not in MISLEADING
        if calibrated is not self._by_neutral:
            self._judge_by_neutral(calibrated)
        metrics = Metrics(at) if missed else self._told(at, seen, measured, stale)
        if not self._independent:
            metrics = self._smooth(metrics)
        standing = is_standing(metrics, seen.nose_y) if calibrated else None
        states = self._levels.judge(metrics)
        points = None if missed else self._score(metrics, seen)
        named = None
        if not missed and calibrated:
            named = name_posture(metrics, standing=standing, thresholds=self._thresholds)
        elif not missed:
            named = name_strangers_posture(metrics, points, self._strangers)
        label, label_since = self._labels.update(at, named)
        self._drift.learn(
            metrics,
            trusted=not self._independent
            and label is Label.UPRIGHT
            and stale is None
            and points is not None
            and points >= _TRUSTED_SCORE
            and all(level in (Level.GOOD, Level.UNKNOWN) for level in states.values()),
        )
        return Reading(
            at,
            Presence.PRESENT,
            label,
            metrics,
            presence_since=since,
            label_since=label_since,
            states=states,
            score=points,
            looking_away=looking_away(metrics),
            standing=standing,
            calibrated=calibrated,
            stale_calibration=stale,
            desk_seen=desk_seen,
            eye_openness=None
            if missed or face is None or seen.head is None
            else openness(face, landmarks.size),
        )

    def _fit(
        self, landmarks: Landmarks, seen: Observation, measured: Metrics | None
    ) -> tuple[str | None, str | None]:
        """Why the calibration does not fit any more, and which other one does instead."""
        if measured is None or self._measurer is None or self._staleness is None:
            return None, None
        seated = not is_standing(measured, seen.nose_y)
        misfit = self._measurer.misfit(seen)
        stale = self._staleness.update(landmarks.at, seen, landmarks.scene, misfit, seated=seated)
        if self._finder is None:
            return stale, None
        return stale, self._finder.update(landmarks, misfit if seated else None)

    def _told(
        self, at: Instant, seen: Observation, measured: Metrics | None, stale: str | None
    ) -> Metrics:
        """*measured* against the neutral, or what can be said of a stranger."""
        if measured is None or self._neutral is None:
            return measure_stranger(at, seen)
        if self._by_neutral:
            return self._drift.correct(measured)
        metrics = measure_stranger(at, seen, self._neutral.pupil_cm)
        return replace(metrics, distance_cm=None) if stale in RESIZED else metrics

    def _score(self, metrics: Metrics, seen: Observation) -> float | None:
        neutral = self._neutral
        if neutral is None or not self._by_neutral:
            return stranger_score(seen.chin_height, seen.ear_height)
        if neutral.chin_height is None or seen.chin_height is None:
            return score(metrics)
        return score(metrics, neutral.chin_height - seen.chin_height)

    def _nobody(self, at: Instant, evidence: Evidence, since: Instant) -> Reading:
        label = Label.AWAY if evidence.presence is Presence.AWAY else Label.UNKNOWN
        self._labels.clear()
        unmeasured = Metrics(at)
        return Reading(
            at,
            evidence.presence,
            label,
            unmeasured,
            presence_since=since,
            label_since=since,
            states=self._levels.judge(unmeasured),
            reason=evidence.reason,
            calibrated=self._by_neutral,
        )

    def _take(self, neutral: Neutral | None, drift: Mapping[str, float] | None) -> None:
        self._neutral = neutral
        self._measurer = None if neutral is None else Measurer(neutral)
        self._ahead = {}
        self._last = None
        self._drift = Drift(drift)
        self._restart()

    def _restart(self) -> None:
        hold = 0.0 if self._independent else 1.0
        neutral = self._neutral
        self._by_neutral = neutral is not None
        self._staleness = None if neutral is None else Staleness(neutral)
        self._finder = self._new_finder()
        self._smooth = Smoother(Tuning())
        self._levels = self._new_levels()
        self._presence = PresenceHold({k: hold * v for k, v in _PRESENCE_HOLDS_S.items()})
        self._labels = LabelHold(hold * _LABEL_HOLD_S)

    def _judge_by_neutral(self, calibrated: bool) -> None:
        """Measure against the neutral from now on, or as of a stranger where it would mislead."""
        self._by_neutral = calibrated
        self._smooth = Smoother(Tuning())
        self._levels = self._new_levels()

    def _new_finder(self) -> DeskFinder | None:
        if self._independent or self._neutral is None or not self._desks:
            return None
        return DeskFinder(self._neutral, self._desks)

    def _new_levels(self) -> Levels:
        thresholds = self._thresholds if self._by_neutral else self._strangers
        return Levels(0.0 if self._independent else _LEVEL_HOLD_S, thresholds)


def _same_points(one: Landmarks, other: Landmarks) -> bool:
    same = one.pose is other.pose and one.face is other.face
    return same and one.size == other.size
