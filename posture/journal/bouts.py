"""Sitting bouts and the breaks between them, from the tiles of activity. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from posture.clock import US_PER_S
from posture.core.effects import Activity
from posture.journal.tiles import Tile

# A rest shorter than this interrupts no sitting (activPAL studies: 1 min).
BREAK_MIN_S = 60.0
# Unseen for less than this, sitting is taken to have gone on.
BLIND_MAX_S = 120.0
# A longer absence is a night or a day out, not a break (chosen).
AWAY_MAX_S = 3 * 3600.0

SITTING, STANDING, AWAY = str(Activity.SITTING), str(Activity.STANDING), str(Activity.AWAY)


@dataclass(frozen=True, slots=True)
class Bout:
    """Sitting without a real break; ``sitting_s`` leaves out short interruptions."""

    began_us: int
    ended_us: int
    sitting_s: float


@dataclass(frozen=True, slots=True)
class Break:
    """On the feet or away for a while, ``after_s`` seconds of sitting; ``seconds`` long."""

    began_us: int
    ended_us: int
    seconds: float
    after_s: float


def bouts_of(activity: Sequence[Tile]) -> tuple[tuple[Bout, ...], tuple[Break, ...]]:
    """Sitting bouts and the breaks between them."""
    bouts: list[Bout] = []
    breaks: list[Break] = []
    up_s = blind_s = 0.0
    seen_until: int | None = None
    for one in activity:
        if seen_until is not None:
            blind_s += (one.began_us - seen_until) / US_PER_S
        seen_until = one.ended_us
        if one.value in (STANDING, AWAY):
            up_s += one.seconds
        elif one.value != SITTING:
            blind_s += one.seconds
        else:
            last = bouts[-1] if bouts else None
            if last is not None and up_s < BREAK_MIN_S and blind_s < BLIND_MAX_S:
                sat_s = last.sitting_s + one.seconds
                bouts[-1] = Bout(last.began_us, one.ended_us, sat_s)
            else:
                if last is not None and BREAK_MIN_S <= up_s <= AWAY_MAX_S:
                    breaks.append(Break(last.ended_us, one.began_us, up_s, last.sitting_s))
                bouts.append(Bout(one.began_us, one.ended_us, one.seconds))
            up_s = blind_s = 0.0
    return tuple(bouts), tuple(breaks)


def upright_of(at_desk: Iterable[Tile]) -> list[Tile]:
    """Standing, and absences that were breaks."""
    return [
        one
        for one in at_desk
        if one.value == STANDING or (one.value == AWAY and one.seconds <= AWAY_MAX_S)
    ]
