"""The clock hours of a day: what was sat, stood, judged and measured in each. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from posture.journal.bouts import SITTING, upright_of
from posture.journal.calendar import hours_us
from posture.journal.distance import distances, mean
from posture.journal.judged import GOOD, share
from posture.journal.rows import Minute
from posture.journal.tiles import Tile, clip, total_s


@dataclass(frozen=True, slots=True)
class Hour:
    """One clock hour: seconds sitting, upright, judged, of them good; mean distance."""

    began_us: int
    ended_us: int
    sitting_s: float
    upright_s: float
    judged_s: float
    good_s: float
    distance_cm: float | None

    @property
    def good_share(self) -> float | None:
        """Share of the judged time in good posture."""
        return share(self.good_s, self.judged_s)


def hours_of(
    day: date,
    zone: tzinfo,
    at_desk: Sequence[Tile],
    judged: Sequence[Tile],
    minutes: Sequence[Minute],
) -> tuple[Hour, ...]:
    """Every clock hour of *day*, the empty ones too."""
    hours = []
    upright = upright_of(at_desk)
    first = min((tiles[0].began_us for tiles in (at_desk, judged) if tiles), default=0)
    last = max((tiles[-1].ended_us for tiles in (at_desk, judged) if tiles), default=0)
    for began, ended in hours_us(day, zone):
        if ended <= first or began >= last:
            hours.append(Hour(began, ended, 0.0, 0.0, 0.0, 0.0, None))
            continue
        seen = clip(judged, began, ended)
        within = [one for one in minutes if began <= one.minute_us < ended]
        hours.append(
            Hour(
                began,
                ended,
                total_s(clip(at_desk, began, ended), SITTING),
                total_s(clip(upright, began, ended)),
                total_s(seen),
                total_s(seen, *GOOD),
                mean(distances(within)),
            )
        )
    return tuple(hours)
