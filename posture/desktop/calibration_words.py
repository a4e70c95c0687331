"""The result of a guided calibration in words, the same in window and terminal. Pure."""

from __future__ import annotations

from posture.core.calibration_quality import Quality
from posture.core.guide import Progress
from posture.core.neutral import Neutral
from posture.desktop.words import decimal, say


def facts(neutral: Neutral) -> list[tuple[str, str]]:
    """What was learnt: names and values."""
    how = "measured" if neutral.measured else "estimated"
    sway = say(
        "guide.result.sway_value",
        cm=decimal(neutral.sway_cm, 1),
        deg=decimal(neutral.sway_deg, 1),
    )
    return [
        (
            say("guide.result.distance"),
            say(f"guide.result.{how}", cm=decimal(neutral.distance_cm, 0)),
        ),
        (say("guide.result.sway"), sway),
        (say("guide.result.pictures"), f"{neutral.samples}"),
    ]


def doubts(quality: Quality) -> list[str]:
    """What is less certain."""
    return [say(f"doubt.{doubt.value}") for doubt in quality.doubts]


def refusal(progress: Progress) -> str:
    """Why a calibration was refused, and what to do."""
    reason = "few" if progress.refused is None else progress.refused.reason
    return say("refused.few") if reason == "few" else say(f"hint.{reason}")
