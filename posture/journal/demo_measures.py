"""Postures held on a made-up day in; out what the camera might have measured of them."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Iterator

from posture.clock import US_PER_S
from posture.core.effects import MinuteMeasure
from posture.core.reading import Label
from posture.journal.rows import SCORE, US_PER_MINUTE, Minute

# When it began, when it ended, what it was.
Stretch = tuple[int, int, Label]

BASE_DISTANCE_CM = 62.0

# What each posture does to the measures (made up, but of the size the camera sees).
SHIFT: dict[Label, dict[str, float]] = {
    Label.UPRIGHT: {},
    Label.RECLINED: {"distance_cm": 9.0, "trunk_inclination_deg": -9.0, "forward_lean_cm": -9.0},
    Label.SLOUCH: {
        "slump_cm": 4.2, "forward_head_deg": 6.0, "distance_cm": -5.0, "forward_lean_cm": 5.0
    },
    Label.FORWARD_HEAD: {"forward_head_deg": 13.0, "distance_cm": -7.0, "forward_lean_cm": 7.0},
    Label.HEAD_DOWN: {"head_flexion_deg": 24.0, "forward_head_deg": 4.0},
    Label.LEANING_FORWARD: {
        "trunk_inclination_deg": 18.0, "forward_lean_cm": 14.0, "distance_cm": -13.0
    },
    Label.TOO_CLOSE: {"distance_cm": -18.0, "forward_lean_cm": 17.0, "forward_head_deg": 7.0},
    Label.LEANING_LEFT: {"trunk_lateral_deg": -12.0, "neck_lateral_deg": -5.0},
    Label.HEAD_TILT_RIGHT: {"head_roll_deg": 12.0, "neck_lateral_deg": 9.0},
}  # fmt: skip
_SCORE = {
    Label.UPRIGHT: 91.0, Label.RECLINED: 85.0, Label.SLOUCH: 52.0, Label.FORWARD_HEAD: 56.0,
    Label.HEAD_DOWN: 58.0, Label.LEANING_FORWARD: 54.0, Label.TOO_CLOSE: 45.0,
    Label.LEANING_LEFT: 63.0, Label.HEAD_TILT_RIGHT: 66.0,
}  # fmt: skip
WORST = {
    Label.SLOUCH: "slump_cm", Label.FORWARD_HEAD: "forward_head_deg",
    Label.HEAD_DOWN: "head_flexion_deg", Label.LEANING_FORWARD: "trunk_inclination_deg",
    Label.TOO_CLOSE: "distance_cm", Label.LEANING_LEFT: "trunk_lateral_deg",
    Label.HEAD_TILT_RIGHT: "head_roll_deg",
}  # fmt: skip
TITLE = {
    Label.SLOUCH: "posture.slump_cm", Label.FORWARD_HEAD: "posture.forward_head_deg",
    Label.HEAD_DOWN: "posture.head_flexion_deg",
    Label.LEANING_FORWARD: "posture.trunk_inclination_deg",
    Label.TOO_CLOSE: "too_close", Label.LEANING_LEFT: "posture.trunk_lateral_left",
    Label.HEAD_TILT_RIGHT: "posture.neck_lateral_right",
}  # fmt: skip
LAPSES = (
    (Label.SLOUCH, 34), (Label.FORWARD_HEAD, 26), (Label.LEANING_FORWARD, 12),
    (Label.TOO_CLOSE, 12), (Label.HEAD_DOWN, 9), (Label.LEANING_LEFT, 4),
    (Label.HEAD_TILT_RIGHT, 3),
)  # fmt: skip


def measured(held: Iterable[Stretch], names: Collection[str], seed: int) -> list[Minute]:
    """The measures *names* of every minute of *held*; the same for the same *seed*."""
    minutes = list(_minutes(held))
    found: list[dict[str, MinuteMeasure]] = [{} for _ in minutes]
    for name in names:
        # Each measure has its own luck, so that leaving one out changes no other.
        rnd = random.Random(f"{seed} {name}")  # noqa: S311 - a story, not a secret
        drift = 0.0
        for (_, valid_s, label), into in zip(minutes, found, strict=True):
            drift = 0.8 * drift + rnd.gauss(0, 0.7)
            if name == SCORE:
                level = _SCORE[label] + rnd.gauss(0, 3)
                middle, width = max(5.0, min(level, 100.0)), 3.0
            else:
                base = BASE_DISTANCE_CM if name == "distance_cm" else 0.0
                middle, width = base + drift + SHIFT[label].get(name, 0.0), 1.3
            into[name] = _spread(rnd, middle, width, round(valid_s))
    return [
        Minute(minute_us, round(valid_s, 1), measures)
        for (minute_us, valid_s, _), measures in zip(minutes, found, strict=True)
    ]


def _minutes(held: Iterable[Stretch]) -> Iterator[tuple[int, float, Label]]:
    """Every minute with the posture that filled most of it."""
    parts: dict[int, dict[Label, int]] = {}
    for began, ended, label in held:
        minute = began - began % US_PER_MINUTE
        while minute < ended:
            part = min(ended, minute + US_PER_MINUTE) - max(began, minute)
            filled = parts.setdefault(minute, {})
            filled[label] = filled.get(label, 0) + part
            minute += US_PER_MINUTE
    for minute in sorted(parts):
        filled = parts[minute]
        seconds = sum(filled.values()) / US_PER_S
        if seconds >= 1:
            yield minute, seconds, max(filled, key=lambda label: filled[label])


def _spread(rnd: random.Random, middle: float, width: float, n: int) -> MinuteMeasure:
    low, high = (abs(rnd.gauss(width, width / 3)) for _ in range(2))
    return MinuteMeasure(round(middle, 1), round(middle - low, 1), round(middle + high, 1), n)
