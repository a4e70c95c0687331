"""What the page says first in the evening, about days the engine itself told."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pytest
from days import BERLIN
from scenarios.story import MONDAY_AFTERNOON, play

from posture.clock import Instant, ManualClock
from posture.core.effects import Effect, WriteMinute, WriteSpan
from posture.journal.calendar import midnight_us
from posture.journal.days import read
from posture.journal.reader import Reader
from posture.journal.report import MEASURES, Asked, render
from posture.journal.store import Journal
from posture.journal.texts import Words

MONDAY = date(2026, 3, 2)
HOUR = "upright 20m, slouch 6m, upright 8m, turned 30s, upright 20m, away 6m"


def moment_of(effect: Effect) -> Instant | None:
    if isinstance(effect, WriteSpan):
        return effect.ended
    return None if isinstance(effect, WriteMinute) else effect.at


def evening(directory: Path, told: str) -> str:
    """The words of the page about *told*, up to its first drawing."""
    story = play(told, hz=1, thin_s=9, start=MONDAY_AFTERNOON.replace(hour=7))
    clock = ManualClock(Instant(0.0, midnight_us(MONDAY, BERLIN)))
    with Journal(directory, clock, source="0") as journal:
        for effect in story.effects:
            clock.set(moment_of(effect) or clock.now())
            journal.record([effect])
    with Reader(directory) as reader:
        records = read(reader, [MONDAY], BERLIN, MEASURES)
    now_us = midnight_us(MONDAY, BERLIN) + 22 * 3600 * 1_000_000
    html = render(Asked(records, [MONDAY], MONDAY + timedelta(days=1), now_us, Words("en", BERLIN)))
    words = re.sub(r"<[^>]+>", " ", html.split("<body>")[1].split("<figure")[0].split("<footer")[0])
    return re.sub(r"\s+", " ", unescape(words)).replace(" ( ", " (").replace(" )", ")")


@pytest.mark.parametrize(
    ("told", "said", "unsaid"),
    [
        pytest.param(
            ", ".join([HOUR] * 5),
            [
                "You sat for 4 h 32 min in 5 stretches",
                "There were 4 breaks, 6 min long and after 54 min of sitting on average.",
                "Your posture was good for 89% of the time that could be judged.",
                "For tomorrow When you notice that you have sunk down",
                "Take one call or one read on your feet: 1 h 36 min more reach the goal.",
            ],
            ["the hardest", "judged roughly", "could not tell", "no streak"],
            id="an ordinary day",
        ),
        pytest.param(
            "upright 5m, away 20m",
            [
                "You sat for 5 min in one stretch from 08:00.",
                "Less than an hour at the desk: the day counts in no mean and no streak.",
            ],
            ["break", "on your feet", "reminder", "For tomorrow"],
            id="five minutes",
        ),
        pytest.param(
            "upright 15m, covered 5h",
            [
                "You sat for 17 min",
                "After these hours the camera could not tell for 4 h 58 min",
                "The reason, for most of it: the camera was covered.",
            ],
            ["reminder", "Before", "lost"],
            id="the camera covered",
        ),
        pytest.param(
            "covered 5h",
            ["For 5 h the camera could not tell whether anybody was there.", "covered."],
            ["You sat", "0 min", "0%"],
            id="the camera covered all day",
        ),
        pytest.param(
            "away 8h",
            ["The camera watched for 8 h: nobody was at the desk."],
            ["You sat", "0 min", "0%", "on your feet"],
            id="a day away",
        ),
        pytest.param(
            f"moved_camera 2h, away 6m, {HOUR}",
            ["For 2 h posture was judged roughly: the calibration did not fit"],
            ["Calibrate first"],
            id="calibrated again at noon",
        ),
        pytest.param(
            f"{HOUR}, moved_camera 2h",
            [
                "For 2 h posture was judged roughly: the calibration did not fit",
                "For tomorrow Calibrate first, it takes a minute (posture calibrate)",
            ],
            ["sunk down", "the hardest hour"],
            id="the camera moved at nine",
        ),
        pytest.param(
            f"{HOUR}, lost 2h, {HOUR}",
            [
                "For 1 h 58 min the camera could not tell",
                "The reason, for most of it: the camera was",
            ],
            ["The camera was lost"],
            id="the camera unplugged",
        ),
        pytest.param(
            "upright 50m, !pause:2h, upright 2h, upright 50m",
            ["No break was seen.", "For 1 h 58 min the camera was closed (paused)"],
            ["There was no break.", "could not tell"],
            id="paused over lunch",
        ),
        pytest.param(
            "standing 3h, away 15m, standing 2h",
            ["You were on your feet for 5 h 15 min: the goal of 2 h is met."],
            ["You sat", "no break", "longest sitting"],
            id="all day on the feet",
        ),
        pytest.param(
            ", ".join(["upright 40m, away 10m"] * 4),
            ["Your posture was good for 100% of the time"],
            ["the hardest", "{", "rested only 0"],
            id="hours as good as one another",
        ),
    ],
)
def test_the_first_sentences(tmp_path: Path, told: str, said: list[str], unsaid: list[str]) -> None:
    words = evening(tmp_path, told)

    assert [one for one in said if one not in words] == [], words
    assert [one for one in unsaid if one in words] == [], words
