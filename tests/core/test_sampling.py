"""Sampling told as stories: how often a camera is looked at, and how soon a change is seen."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise

import pytest
from desk import neutral_of
from person import EYE_LEVEL, START, STILL, Moves, seen

from posture.clock import Instant
from posture.core.body import Body
from posture.core.landmarks import Landmarks
from posture.core.reader import Reader
from posture.core.reading import Label, Reading
from posture.core.sampling import REUSE_S, Change, Sampling, Step

SLOUCH = Moves(slump=4.5, poke=5.0)
Does = Callable[[float], Moves | None]


@dataclass
class Room:
    """What a glance can tell. ``blur_cm``: moves smaller than this drown in the noise; ``blind``:
    all do. ``bustle``: how strongly things change that are not the user.
    """

    blur_cm: float = 0.2
    blind: bool = False
    bustle: float = 0.0

    def change(self, now: Landmarks, looked: Landmarks, glanced: Landmarks) -> Change:
        if self.blind:
            return Change(None, None)
        below = self._strength(headless(now), headless(looked))
        return Change(self._strength(now, looked), self._strength(now, glanced), below)

    def _strength(self, now: Landmarks, before: Landmarks) -> float:
        here, then = Body.of(now), Body.of(before)
        if here is None or then is None:
            return self.bustle if here is then else 10.0
        # Large moves look no larger than three centimetres.
        moved_cm = min(here.moved_cm(then), 3.0)
        return max(moved_cm if moved_cm > self.blur_cm else 0.0, self.bustle)


@dataclass
class Watched:
    """When it was looked, and what was read."""

    looks: list[float] = field(default_factory=list)
    peeks: list[float] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)

    def looks_a_second(self, begin: float, end: float) -> float:
        return sum(begin <= at < end for at in self.looks) / (end - begin)

    def peeks_a_second(self, begin: float, end: float) -> float:
        return sum(begin <= at < end for at in self.peeks) / (end - begin)

    def told_s(self, label: Label, after: float) -> float:
        """Seconds after *after* until a reading said so."""
        times = [reading.at - START for reading in self.readings if reading.label is label]
        return next(at for at in times if at >= after) - after

    def longest_silence_s(self) -> float:
        times = [reading.at - START for reading in self.readings]
        return max(later - sooner for sooner, later in pairwise(times))


def picture(does: Does, at_s: float) -> Landmarks:
    moves = does(at_s)
    if moves is None:
        return Landmarks(START.shifted(at_s), EYE_LEVEL.size, None, None, 100.0)
    return seen(moves, EYE_LEVEL, at_s=at_s)


def headless(landmarks: Landmarks) -> Landmarks:
    return replace(landmarks, face=None)


def watch(
    does: Does,
    seconds: float,
    room: Room | None = None,
    interval_s: float = 0.5,
    *,
    tells_back: bool = True,
) -> Watched:
    """Have a feed watch who *does* so. *tells_back*: it is told whether anything is undecided."""
    room = room or Room()
    sampling, reader = Sampling(interval_s), Reader(neutral_of(EYE_LEVEL))
    grain = random.Random(1)
    watched = Watched()
    found = looked = glanced = picture(does, 0.0)
    step, at_s = Step.LOOK, 0.0

    def read(shown: Landmarks) -> None:
        watched.readings.append(reader.read(shown))
        if tells_back:
            sampling.undecided = reader.undecided

    while at_s < seconds:
        if step in (Step.LOOK, Step.PEEK):
            now = picture(does, at_s)
            if step is Step.PEEK and sampling.face_stays(replace(now, pose=None)):
                sampling.peeked(now.at)
                watched.peeks.append(at_s)
                found = replace(found, at=now.at, face=now.face)
                read(found)
            else:
                found = now
                sampling.looked(now)
                watched.looks.append(at_s)
                read(now)
            looked = now
        # A camera gives ten pictures a second.
        at_s += sampling.glance_s + grain.uniform(0, 0.1)
        now = picture(does, at_s)
        step = sampling.glanced(now.at, room.change(now, looked, glanced))
        glanced = now
        if step is Step.TELL:
            read(_again(found, now))
    return watched


def _again(looked: Landmarks, now: Landmarks) -> Landmarks:
    return Landmarks(now.at, looked.size, looked.pose, looked.face, looked.light)


def steady(at_s: float) -> Moves:
    return STILL


def fidgeting(at_s: float) -> Moves:
    """A head that sways by a centimetre and nods, anew every second."""
    sway = random.Random(int(at_s * 2))
    return Moves(right=sway.uniform(-0.5, 0.5), nod=sway.uniform(-2, 2), up=sway.uniform(-0.2, 0.2))


def slouching_at(begin: float, takes_s: float, before: Does = steady) -> Does:
    def does(at_s: float) -> Moves | None:
        share = min(max((at_s - begin) / takes_s, 0.0), 1.0)
        return before(at_s) if share == 0 else SLOUCH.scaled(share)

    return does


def test_who_sits_still_is_looked_at_every_ten_seconds() -> None:
    watched = watch(steady, 120)

    assert watched.looks_a_second(20, 120) == pytest.approx(0.1, abs=0.02)
    assert watched.longest_silence_s() <= 6.5
    assert {reading.label for reading in watched.readings} == {Label.UPRIGHT}


def test_of_who_fidgets_mostly_the_face_is_looked_at() -> None:
    watched = watch(fidgeting, 120)

    assert watched.looks_a_second(20, 120) <= 0.45
    assert 0.2 <= watched.peeks_a_second(20, 120) <= 0.7
    assert {reading.label for reading in watched.readings} == {Label.UPRIGHT}


def test_who_nods_along_at_rest_is_looked_at_as_seldom_as_who_sits_still() -> None:
    """Only the head stirs: nothing below it can be other than it was, for ten seconds."""
    watched = watch(lambda at_s: Moves(nod=2.0 if int(at_s / 1.7) % 2 else -2.0), 120)

    assert watched.looks_a_second(20, 120) == pytest.approx(0.1, abs=0.03)
    assert watched.peeks_a_second(20, 120) >= 0.2


@pytest.mark.parametrize("begin", [30.0, 31.3, 37.8, 44.4])
def test_a_shoulder_that_drops_below_a_head_at_rest_is_seen(begin: float) -> None:
    """The picture around it stirs, and no more: a peek at the face would never tell."""

    def does(at_s: float) -> Moves:
        return Moves(uneven=4.5) if at_s >= begin else STILL

    class Stirs(Room):
        def _strength(self, now: Landmarks, before: Landmarks) -> float:
            return min(super()._strength(now, before), 0.8)

    watched = watch(does, 70, Stirs(bustle=0.6))

    assert watched.told_s(Label.UNEVEN_SHOULDERS, begin) <= 8.0


def test_a_long_move_is_followed_and_what_it_comes_to_is_seen() -> None:
    def sinks(at_s: float) -> Moves:
        return SLOUCH.scaled(min(max((at_s - 30.0) / 12.0, 0.0), 1.0))

    watched = watch(sinks, 60)

    assert watched.looks_a_second(30, 42) >= 0.3
    assert watched.told_s(Label.SLOUCH, 42.0) <= 3.0


def at(seconds: float) -> Instant:
    return START.shifted(seconds)


def looked_twice(first: float = 0.0) -> Sampling:
    """Somebody who sat still is known since ten seconds; the last look was at *first*."""
    sampling = Sampling(0.5)
    for back_s in (20.0, 10.0, 0.0):
        sampling.looked(seen(STILL, EYE_LEVEL, at_s=first - back_s))
    return sampling


MOVING, ARRIVED, STIRS, CALM = (
    Change(2.0, 2.0, 2.0),
    Change(2.0, 0.0, 2.0),
    Change(0.6, 0.0, 0.0),
    Change(0.0, 0.0, 0.0),
)


def test_a_move_is_looked_at_when_it_is_over() -> None:
    sampling = looked_twice()

    assert sampling.glanced(at(3.0), MOVING) is Step.WAIT
    assert sampling.glanced(at(3.5), MOVING) is Step.WAIT
    assert sampling.glanced(at(4.0), ARRIVED) is Step.LOOK


def test_one_that_does_not_end_is_looked_at_all_the_same() -> None:
    sampling = looked_twice()

    steps = [sampling.glanced(at(3.0 + 0.5 * index), MOVING) for index in range(3)]
    assert steps == [Step.WAIT, Step.WAIT, Step.LOOK]

    # And so is what comes after the look: each stretch of moving counts for itself.
    sampling.looked(seen(Moves(right=3.0), EYE_LEVEL, at_s=4.0))
    steps = [sampling.glanced(at(4.5 + 0.5 * index), MOVING) for index in range(3)]
    assert steps == [Step.WAIT, Step.WAIT, Step.LOOK]


def test_a_long_way_is_over_though_nobody_rests_like_a_stone() -> None:
    sampling = looked_twice()

    assert sampling.glanced(at(3.0), Change(2.0, 1.2, 2.0)) is Step.WAIT
    assert sampling.glanced(at(3.5), Change(2.0, 0.9, 2.0)) is Step.LOOK


def test_a_move_after_a_calm_moment_is_another_one() -> None:
    sampling = looked_twice()
    assert sampling.glanced(at(3.0), MOVING) is Step.WAIT
    assert sampling.glanced(at(3.5), Change(0.3, 0.3, 0.0)) is not Step.LOOK

    assert sampling.glanced(at(5.0), MOVING) is Step.WAIT


def test_a_peek_confirms_what_a_look_found_at_rest() -> None:
    sampling = looked_twice()
    sampling.glanced(at(3.0), MOVING)
    assert sampling.glanced(at(3.5), ARRIVED) is Step.LOOK
    sampling.looked(seen(Moves(right=3.0), EYE_LEVEL, at_s=3.5))

    # Told at once, so that whoever holds it can begin to.
    assert sampling.glanced(at(4.0), CALM) is Step.TELL
    assert sampling.glanced(at(4.5), CALM) is Step.PEEK
    sampling.peeked(at(4.5))
    assert [sampling.glanced(at(5.0 + index), CALM) for index in range(2)] == [Step.TELL] * 2


def test_a_look_in_mid_move_is_confirmed_by_a_look() -> None:
    sampling = looked_twice()
    for index in range(3):
        step = sampling.glanced(at(3.0 + 0.5 * index), MOVING)
    assert step is Step.LOOK
    sampling.looked(seen(Moves(right=3.0), EYE_LEVEL, at_s=4.0))

    assert sampling.glanced(at(5.0), CALM) is Step.LOOK


def test_peeks_are_not_for_nothing() -> None:
    """Three peeks cost a look; a look in two and a half seconds is earned by who never rests."""
    sampling = Sampling(0.5)
    sampling.looked(seen(STILL, EYE_LEVEL))
    sampling.looked(seen(STILL, EYE_LEVEL, at_s=0.1))
    for index in range(6):
        sampling.peeked(at(0.2 + 0.1 * index))

    # Four were saved up, two looks and six peeks are spent.
    assert sampling.glanced(at(2.2), ARRIVED) is Step.WAIT
    assert sampling.glanced(at(2.7), ARRIVED) is Step.LOOK


def test_looks_are_kept_for_the_end_of_a_move_and_to_confirm_it() -> None:
    sampling = looked_twice()
    for index in range(6):
        sampling.peeked(at(0.5 + 0.1 * index))

    # Between two and three are left: none for who is still moving, nor for who only stirs.
    for index in range(3):
        assert sampling.glanced(at(2.3 + 0.5 * index), MOVING) is Step.WAIT
    assert sampling.glanced(at(3.7), STIRS) is Step.WAIT
    assert sampling.glanced(at(3.7), ARRIVED) is Step.LOOK
    sampling.looked(seen(Moves(right=3.0), EYE_LEVEL, at_s=3.7))
    assert sampling.glanced(at(4.8), CALM) is Step.PEEK


def test_who_stirs_after_a_change_is_told_of_though_no_look_is_left() -> None:
    """Whoever holds what two looks found waits for a third picture of it."""
    sampling = looked_twice()
    for index in range(9):
        sampling.peeked(at(0.5 + 0.1 * index))
    sampling.looked(seen(Moves(right=3.0), EYE_LEVEL, at_s=2.0))
    sampling.looked(seen(Moves(right=3.0), EYE_LEVEL, at_s=3.0))

    told = [sampling.glanced(at(3.5 + 0.5 * index), STIRS) for index in range(5)]
    assert told == [*[Step.TELL] * 4, Step.WAIT]


@pytest.mark.parametrize("undecided", [True, False])
@pytest.mark.parametrize(("stirs", "looked"), [(0.0, True), (0.9, False)])
def test_who_comes_to_rest_is_looked_at_whatever_was_spent(
    undecided: bool, stirs: float, looked: bool
) -> None:
    """A slouch that a move ends in must not wait for looks to be earned."""
    sampling = looked_twice()
    sampling.undecided = undecided
    step, now_s = Step.WAIT, 0.0
    while step is not Step.LOOK or now_s < 20.0:
        now_s += 0.5
        step = sampling.glanced(at(now_s), Change(4.0, 0.9))
        if step is Step.LOOK:
            sampling.looked(seen(Moves(right=now_s % 4.0), EYE_LEVEL, at_s=now_s))

    rest = Change(4.0, stirs)
    steps = [sampling.glanced(at(now_s + 0.5 * index), rest) for index in (1, 2)]

    assert (Step.LOOK in steps) is looked


@pytest.mark.parametrize("undecided", [True, False])
def test_only_what_is_undecided_is_confirmed(undecided: bool) -> None:
    sampling = looked_twice()
    sampling.looked(seen(Moves(right=3.0), EYE_LEVEL, at_s=2.0))
    sampling.undecided = undecided
    steps = [sampling.glanced(at(2.0 + 0.5 * index), CALM) for index in range(1, 5)]

    assert bool({Step.LOOK, Step.PEEK} & set(steps)) is undecided


def test_who_rests_in_between_earns_looks_sooner() -> None:
    def broke() -> Sampling:
        sampling = looked_twice()
        for index in range(12):
            sampling.peeked(at(0.5 + 0.1 * index))
        return sampling

    def after(change: Change) -> float:
        """How long until three looks are saved up again: then one is spent in mid-move."""
        return next(
            at_s
            for at_s in (2.0 + 0.1 * index for index in range(100))
            if _would_look(broke(), change, at_s)
        )

    assert after(CALM) < 0.75 * after(MOVING)
    # Where nothing could ever be told, somebody rests.
    assert after(Change(None, None)) == after(CALM)


def test_who_never_rests_does_not_rest_where_it_cannot_be_told() -> None:
    sampling = looked_twice()
    looks = 0
    for index in range(120):
        now_s = 2.0 + 0.5 * index
        plain = index % 3 > 0
        if sampling.glanced(at(now_s), Change(None, None) if plain else MOVING) is Step.LOOK:
            looks += 1
            sampling.looked(seen(Moves(right=3.0 * (looks % 2)), EYE_LEVEL, at_s=now_s))

    # Two in five seconds, and those saved up before.
    assert looks <= 60 / 2.5 + 5


def _would_look(sampling: Sampling, change: Change, at_s: float) -> bool:
    sampling.glanced(at(at_s), change)
    return sampling.glanced(at(at_s), MOVING) in (Step.LOOK, Step.PEEK) or (
        sampling.glanced(at(at_s + 1.0), MOVING) in (Step.LOOK, Step.PEEK)
    )


def test_a_face_elsewhere_or_none_is_no_reason_to_stay() -> None:
    sampling = Sampling()
    alone = headless(seen(STILL, EYE_LEVEL))
    sampling.looked(alone)

    assert not sampling.face_stays(replace(seen(STILL, EYE_LEVEL), pose=None))

    sampling.looked(seen(STILL, EYE_LEVEL))

    assert sampling.face_stays(replace(seen(Moves(right=1.0), EYE_LEVEL), pose=None))
    assert not sampling.face_stays(replace(seen(Moves(right=2.0), EYE_LEVEL), pose=None))
    assert not sampling.face_stays(replace(seen(Moves(forward=2.0), EYE_LEVEL), pose=None))
    assert not sampling.face_stays(replace(seen(Moves(yaw=15.0), EYE_LEVEL), pose=None))
    assert not sampling.face_stays(alone)


def restless(at_s: float) -> Moves:
    place = random.Random(int(at_s))
    return Moves(right=place.uniform(-8, 8), forward=place.uniform(-5, 5))


def swaying(at_s: float) -> Moves:
    """Never at rest for a moment."""
    return Moves(right=8 * math.sin(4.1 * at_s), nod=5 * math.cos(3.3 * at_s))


@pytest.mark.parametrize("does", [restless, swaying])
def test_who_never_rests_costs_two_looks_in_five_seconds(does: Does) -> None:
    watched = watch(does, 120)

    assert 0.3 < watched.looks_a_second(0, 120) + watched.peeks_a_second(0, 120) / 3 <= 0.45


@pytest.mark.parametrize("takes_s", [0.3, 1.0, 2.5])
@pytest.mark.parametrize("before", [steady, fidgeting, restless, swaying])
@pytest.mark.parametrize("begin", [30.0, 31.3, 37.8, 44.4, 59.9])
@pytest.mark.parametrize("tells_back", [True, False])
def test_a_slouch_is_told_within_three_seconds(
    begin: float, before: Does, takes_s: float, tells_back: bool
) -> None:
    watched = watch(slouching_at(begin, takes_s, before), 70, tells_back=tells_back)

    assert watched.told_s(Label.SLOUCH, begin + takes_s) <= 3.0


@pytest.mark.parametrize("begin", [30.0 + 0.13 * phase for phase in range(16)])
def test_who_types_on_while_slouching_is_not_told_later(begin: float) -> None:
    watched = watch(slouching_at(begin, 1.0), 60, Room(bustle=0.6))

    assert watched.told_s(Label.SLOUCH, begin + 1.0) <= 2.3


@pytest.mark.parametrize("begin", [30.0, 33.7, 38.2])
def test_sliding_down_over_minutes_is_seen_within_its_bound(begin: float) -> None:
    """No two glances differ by more than the noise."""
    watched = watch(slouching_at(begin, 180.0), 260, Room(blur_cm=3.5))
    dense = watch(slouching_at(begin, 180.0), 260, interval_s=0.5, room=Room(bustle=1.0))

    late_s = watched.told_s(Label.SLOUCH, begin) - dense.told_s(Label.SLOUCH, begin)
    assert late_s <= REUSE_S + 2


def test_in_the_dark_where_glances_tell_nothing_it_looks_on_its_own() -> None:
    watched = watch(slouching_at(31.0, 1.0), 60, Room(blind=True))

    assert watched.told_s(Label.SLOUCH, 32.0) <= 5.0
    assert watched.looks_a_second(5, 30) == pytest.approx(0.5, abs=0.1)


def test_a_film_on_the_wall_is_soon_known_for_one() -> None:
    watched = watch(steady, 120, Room(bustle=1.2))

    assert watched.looks_a_second(20, 120) <= 0.55


def test_a_film_on_the_wall_hides_no_slouch() -> None:
    watched = watch(slouching_at(60.3, 1.0), 90, Room(bustle=1.2))

    assert watched.told_s(Label.SLOUCH, 61.3) <= 4.5


@pytest.mark.parametrize("back", [300.0, 300.4, 300.9, 301.5, 311.1, 317.7])
def test_who_walks_off_and_comes_back_is_seen_at_once(back: float) -> None:
    watched = watch(lambda at_s: None if 30 <= at_s < back else STILL, 330)

    assert watched.told_s(Label.AWAY, 30.0) <= 4.0
    assert watched.told_s(Label.UPRIGHT, back) <= 4.5
    assert watched.looks_a_second(40, 290) <= 0.03
    # As rarely as it ever gets: once a minute.
    assert 0.015 <= watched.looks_a_second(110, 290) <= 0.018


@pytest.mark.parametrize("back", [36.0, 41.3, 55.9])
def test_who_was_away_for_moments_only_is_seen_sooner(back: float) -> None:
    watched = watch(lambda at_s: None if 30 <= at_s < back else STILL, 90)

    assert watched.told_s(Label.UPRIGHT, back) <= 3.5


def test_the_longer_nobody_is_there_the_rarer_the_glances() -> None:
    sampling = Sampling(0.5)
    waits = []
    for at_s in (0.0, 1.0, 29.0, 62.0):
        sampling.looked(Landmarks(at(at_s), EYE_LEVEL.size, None, None, 100.0))
        sampling.glanced(at(at_s + 5.0), CALM)
        waits.append(sampling.glance_s)

    assert waits == [0.5, 2.0, 2.0, 3.0]


@pytest.mark.parametrize("back", [300.0, 300.9, 311.1])
def test_who_comes_back_in_the_dark_is_seen_soon(back: float) -> None:
    watched = watch(lambda at_s: None if 30 <= at_s < back else STILL, 330, Room(blind=True))

    assert watched.told_s(Label.UPRIGHT, back) <= 6.0


def test_an_empty_room_with_a_fan_is_looked_at_seldom_when_that_is_asked() -> None:
    watched = watch(lambda _: None, 120, Room(bustle=1.2), interval_s=3.0)

    assert watched.looks_a_second(30, 120) <= 0.36


def test_on_battery_looks_are_rarer_but_the_slouch_is_seen() -> None:
    watched = watch(slouching_at(60.3, 1.0, fidgeting), 90, interval_s=3.0)

    assert watched.told_s(Label.SLOUCH, 61.3) <= 8.0
    assert watched.looks_a_second(20, 60) <= 0.36


def test_every_picture_is_looked_at_to_count_blinks() -> None:
    assert Sampling(1 / 15).dense
    assert not Sampling(0.5).dense
