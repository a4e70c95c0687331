"""Sampling: when to look again, so that landmarks are found only where they can say something new.

A look finds landmarks. A glance only compares the picture with that of the last look, at a
fiftieth of the cost; a peek finds the face alone, at a third. All times are seconds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from posture.clock import Instant
from posture.core.body import Body
from posture.core.landmarks import Landmarks

# Longer without a picture and nothing is known of the time between (chosen, above REUSE_S).
GAP_S = 15.0
# However still the picture is, the landmarks are found anew after this: what comes about too
# slowly or in too dark a room for a glance is seen all the same. Chosen.
REUSE_S = 10.0
# Where nobody is, a glance misses nobody whom a look would find: the longer looks have found the
# same empty scene, the longer until the next. From and to; chosen.
_REUSE_AWAY_S = (30.0, 60.0)
# A scene that stays the same is said to so often; chosen.
TELL_S = 5.0
# After a change everything is told until the longest hold of a reader (2 s), the look that
# confirms and a glance's pause are over.
DECIDING_S = 3.5
# Chosen: two a second catch a move under way; one a second tells that somebody has left, one in
# two seconds who sits down again; a bit later will do after a long absence.
_GLANCE_S, _GLANCE_LEFT_S, _GLANCE_AWAY_S, _GLANCE_LONG_AWAY_S = 0.5, 1.0, 2.0, 3.0
# Someone who types or talks stirs, but hardly changes posture: a peek this often, when nothing is
# to be decided; chosen. A bit more often just after a change, and where it is too dark for a glance
# to tell.
_STIRRING_S, _UNSURE_S = 2.5, 2.0
# A peek tells nothing of the trunk: where it stirs, a look comes so often. Chosen.
_TRUNK_S = 4.0
# What a move comes to is seen when it is over; a long one is followed this closely. Chosen.
_BUSY_S = 1.0
# Looks are earned by time and may be saved up, enough for a change of posture every few seconds:
# one in the first time by who rests in between, one in the second by who never does, for each says
# the same of how restless they are; in the third when nothing they do is undecided. Not more often
# than one in so many intervals. Chosen.
_RESTING_S, _RESTLESS_S, _DECIDED_S, _MOST_SAVED = 1.5, 2.5, 3.0, 4.0
_RESTING_INTERVALS, _RESTLESS_INTERVALS, _DECIDED_INTERVALS = 3, 5, 6
# Of those saved up so many are kept for the end of a move, and to confirm what it came to. Who has
# come to rest after it is looked at in advance if need be, and so is what that look leaves
# undecided. Chosen.
_KEPT, _AT_REST, _TO_CONFIRM = 2.0, -1.0, -2.0
# Of a look's cost.
_PEEK = 1 / 3
# Strength (see Change) of what only stirs.
_STIR = 0.4
# A move is over when the last glance saw no more than this share of it: nobody rests like a stone.
# Chosen.
_REST_SHARE = 0.5
# Whoever has not stirred from one glance to the next but one has come to rest. Chosen.
_RESTED_S = 0.5
# Two looks that differ by less show the same posture: above the landmarks' own noise, below the
# least change of posture that has a name (labels.py). Chosen.
_SAME_CM = 1.5
# What a look says new is looked at or said once more after this: a reader holds it for a second,
# so that sooner would not be enough. Chosen.
_CONFIRM_S = 1.0
# Moves that turn out to be none (a fan, a film on the wall) must be ever stronger, up to this.
_DULLING, _DULLEST = 1.4, 3.0
_LEAST_S = 0.01
# Glances come a little early or late.
_GRAIN_S = 0.1 * _GLANCE_S
# Quicker than this is asked for to count blinks: then every picture is looked at.
DENSE_S = 0.2


class Step(Enum):
    """What to do after a glance."""

    LOOK = "look"
    PEEK = "peek"  # at the face alone; look if it is not where it was
    TELL = "tell"  # that nothing has changed
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Change:
    """How far the picture differs from that of the last look, and from the last glance's.

    0 = not beyond the camera's noise; 1 = as a body that moved by a centimetre would, or as
    somebody who comes in; None = the picture is too dim or too plain to tell. ``trunk``: below
    the head alone, since the last look.
    """

    since_look: float | None
    since_glance: float | None
    trunk: float | None = None


class Sampling:
    """Decides after each glance. Tell it every look, every glance, and how often one may look.

    ``undecided``: whether what the last look has raised waits for another to be settled. As long
    as nobody tells, it does when that look has found something else than the one before.
    """

    def __init__(self, interval_s: float = 0.5) -> None:
        self.want(interval_s)
        self._body: Body | None = None
        self._looked: Instant | None = None
        self._seen: Instant | None = None
        self._told: Instant | None = None
        self._changed: Instant | None = None
        self._agrees = False
        self.undecided = True
        self._at_rest = False
        self._moving: Instant | None = None
        self._calm: Instant | None = None
        self._alarmed = False
        # Where it is too dark or too plain to tell, they do as before.
        self._resting = True
        self._needed = 1.0
        self._saved, self._saved_at = _MOST_SAVED, Instant(-math.inf, 0)

    def want(self, interval_s: float) -> None:
        """Never look more often than every *interval_s*, and for long no more than a third as often
        (but once in 1.5 seconds, if that is more).
        """
        self._interval_s = max(interval_s, _LEAST_S)

    @property
    def dense(self) -> bool:
        """Is every picture to be looked at?"""
        return self._interval_s < DENSE_S

    @property
    def glance_s(self) -> float:
        """How long until the next glance."""
        if not self._empty:
            return _GLANCE_S
        if self._told is not None and self._lately(self._told):
            return _GLANCE_LEFT_S
        return _GLANCE_AWAY_S if self._reuse_s <= _REUSE_AWAY_S[0] else _GLANCE_LONG_AWAY_S

    @property
    def body(self) -> Body | None:
        """Whom the last look has found; None when nobody."""
        return self._body

    def face_stays(self, landmarks: Landmarks) -> bool:
        """Whether the face in *landmarks*, found by a peek, is where the last look saw it."""
        before, now = self._body, Body.of(landmarks)
        return before is not None and now is not None and now.head_moved_cm(before) < _SAME_CM

    def peeked(self, at: Instant) -> None:
        """Take that a peek has found the face where it was."""
        self._agrees = True
        self._spend(at, _PEEK)
        self._seen = self._told = at

    def looked(self, landmarks: Landmarks) -> None:
        """Take what a look has found."""
        at, body = landmarks.at, Body.of(landmarks)
        self._agrees = self._looked is not None and _same(body, self._body)
        if not self._agrees:
            self._changed, self._needed = at, 1.0
        elif self._alarmed:
            self._needed = min(self._needed * _DULLING, _DULLEST)
        self._alarmed = False
        self._body = body
        self._looked = self._seen = self._told = at
        self._spend(at, 1.0)

    def glanced(self, at: Instant, change: Change) -> Step:
        """What to do at *at*, the scene having changed so much."""
        if change.since_look is not None:
            self._resting = change.since_look < _STIR
        self._earn(at, resting=self._resting)
        self._note_calm(at, change)
        if self._looked is None or at - self._looked >= max(self._reuse_s, self._interval_s):
            return self._look(change)
        strength = change.since_look
        if strength is not None and strength >= self._needed:
            return self._follow(at, change)
        self._moving = None
        if self.undecided and not self._agrees:
            # One look alone may err; a second one confirms it. What was at rest cannot have erred
            # in the move.
            if not self._may_look(at, _CONFIRM_S, _TO_CONFIRM):
                calm = strength is not None and strength < _STIR
                return self._tell(at) if calm else Step.WAIT
            sure = self._at_rest and strength is not None and self._face_known
            return Step.PEEK if sure else self._look(change)
        if strength is None or strength >= _STIR:
            lately = self._lately(at)
            least_s = _UNSURE_S if strength is None or lately else _STIRRING_S
            if not self._may_look(at, least_s, 0.0 if lately else _KEPT):
                # Two looks agree: whoever holds what they found is to be told meanwhile.
                return self._tell(at) if lately and strength is not None else Step.WAIT
            below = change.trunk is None or change.trunk >= _STIR
            unsure = strength is None or (below and at - self._looked >= _TRUNK_S)
            return Step.PEEK if self._face_known and not unsure else self._look(change)
        return self._tell(at)

    def _follow(self, at: Instant, change: Change) -> Step:
        """What to do while the user moves, or has just moved."""
        if self._moving is None:
            self._moving = at
        # Who comes in is not waited for.
        at_once = self._body is None or _over(change)
        if not at_once and at - self._moving < _BUSY_S - _GRAIN_S:
            return Step.WAIT
        least_s, keep = (self._interval_s, 0.0) if at_once else (_CONFIRM_S, _KEPT)
        if self._calm is not None and at - self._calm >= _RESTED_S - _GRAIN_S:
            keep = _AT_REST
        if not self._may_look(at, least_s, keep):
            return Step.WAIT
        self._alarmed = True
        return self._look(change)

    def _note_calm(self, at: Instant, change: Change) -> None:
        if change.since_glance is None or change.since_glance >= _STIR:
            self._calm = None
        elif self._calm is None:
            self._calm = at

    def _look(self, change: Change) -> Step:
        self._moving, self._at_rest = None, _over(change)
        return Step.LOOK

    @property
    def _empty(self) -> bool:
        return self._body is None and (self._agrees or not self.undecided)

    @property
    def _face_known(self) -> bool:
        return self._body is not None and self._body.has_face

    @property
    def _reuse_s(self) -> float:
        if not self._empty or self._looked is None or self._changed is None:
            return REUSE_S
        least_s, most_s = _REUSE_AWAY_S
        return min(max(self._looked - self._changed, least_s), most_s)

    def _lately(self, at: Instant) -> bool:
        """Did a look before *at* find something else than the one before?"""
        return self._changed is not None and at - self._changed < DECIDING_S

    def _deciding(self, at: Instant) -> bool:
        return self.undecided and self._lately(at)

    def _tell(self, at: Instant) -> Step:
        if self._told is not None and at - self._told < self._tell_s(at):
            return Step.WAIT
        self._told = at
        return Step.TELL

    def _tell_s(self, at: Instant) -> float:
        if self._deciding(at):
            return 0.0
        if self._told == self._looked:
            return _CONFIRM_S
        return REUSE_S if self._body is None else TELL_S

    def _may_look(self, at: Instant, least_s: float, keep: float = 0.0) -> bool:
        if self._seen is None or at - self._seen < max(least_s, self._interval_s) - _GRAIN_S:
            return False
        return self._saved >= 1.0 + keep

    def _spend(self, at: Instant, looks: float) -> None:
        self._earn(at, resting=False)
        self._saved -= looks

    def _earn(self, at: Instant, *, resting: bool) -> None:
        longest_s, intervals = _RESTLESS_S, _RESTLESS_INTERVALS
        if resting:
            longest_s, intervals = _RESTING_S, _RESTING_INTERVALS
        elif not self.undecided:
            longest_s, intervals = _DECIDED_S, _DECIDED_INTERVALS
        look_s = max(self._interval_s, min(intervals * self._interval_s, longest_s))
        self._saved = min(_MOST_SAVED, self._saved + (at - self._saved_at) / look_s)
        self._saved_at = at


def _over(change: Change) -> bool:
    if change.since_glance is None:
        return False
    return change.since_glance < max(_STIR, _REST_SHARE * (change.since_look or 0.0))


def _same(body: Body | None, before: Body | None) -> bool:
    if body is None or before is None:
        return body is before
    return body.moved_cm(before) < _SAME_CM
