"""The result of a guided calibration in words, the same in window and terminal. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from posture.core.calibration_quality import Quality
from posture.core.guide import Progress
from posture.core.live_checks import Finding, first_bad
from posture.core.neutral import Neutral
from posture.desktop.words import decimal, say


def facts(neutral: Neutral) -> list[tuple[str, str]]:
    """What was learnt: names and values."""
    how = "measured" if neutral.measured else "estimated"
    return [
        (
            say("guide.result.distance"),
            say(f"guide.result.{how}", cm=decimal(neutral.distance_cm, 0)),
        ),
        (say("guide.result.sway"), _sway(neutral)),
        (say("guide.result.pictures"), f"{neutral.samples}"),
    ]


def summary(neutral: Neutral) -> str:
    """What was learnt, in a sentence."""
    return say(
        "calibrate.summary",
        n=neutral.samples,
        cm=decimal(neutral.distance_cm, 0),
        how=say("calibrate.measured" if neutral.measured else "calibrate.estimated"),
        sway=_sway(neutral),
    )


def _sway(neutral: Neutral) -> str:
    return say(
        "guide.result.sway_value",
        cm=decimal(neutral.sway_cm, 1),
        deg=decimal(neutral.sway_deg, 1),
    )


def doubts(quality: Quality) -> list[str]:
    """What is less certain."""
    return [say(f"doubt.{doubt.value}") for doubt in quality.doubts]


def refusal(progress: Progress) -> str:
    """Why a calibration was refused, and what to do."""
    reason = "few" if progress.refused is None else progress.refused.reason
    return say("refused.few") if reason == "few" else say(f"hint.{reason}")


def check_name(finding: Finding) -> str:
    """What is checked, in words."""
    return say(f"check.{finding.check.value}")


def hint(findings: Sequence[Finding]) -> str | None:
    """What to do first; None when nothing is wrong."""
    wrong = first_bad(tuple(findings))
    return None if wrong is None or wrong.hint is None else say(f"hint.{wrong.hint.value}")
