"""Every reason to say nothing is told in plain words by tooltip and status, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import Any

import pytest
from moments import NOW, reading, status

from posture.core.reading import Presence
from posture.core.senses import CameraState
from posture.core.silence import Silence
from posture.core.staleness import MOVED
from posture.desktop.glance import ASKED_FOR, glance, quiet_text, reason_text
from posture.desktop.words import TABLES, say, speak

# What else is true where the reason is not the desktop's or the user's.
SEEN: dict[Silence, dict[str, Any]] = {
    Silence.CAMERA_LOST: {"camera": CameraState.LOST, "presence_reason": "unplugged"},
    Silence.LOW_CONFIDENCE: {"presence": Presence.UNKNOWN, "presence_reason": "dark"},
    Silence.STALE_CALIBRATION: {"reading": reading(stale_calibration=MOVED)},
}


@pytest.fixture(params=sorted(TABLES))
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    speak(request.param)
    yield request.param
    speak("en")


def words(reason: Silence) -> str:
    """What must be read somewhere."""
    match reason:
        case Silence.CAMERA_LOST:
            return say("camera.unplugged")
        case Silence.LOW_CONFIDENCE:
            return say("glance.unknown_because", reason=reason_text("dark"))
        case Silence.STALE_CALIBRATION:
            return say("glance.stale", reason=reason_text(MOVED))
        case _ if reason in ASKED_FOR:
            return say(f"glance.{reason}_until", time="03:10")
    return say("glance.silent", reason=say(f"silent.{reason}"))


@pytest.mark.parametrize("reason", Silence)
def test_tooltip_and_status_say_why_nothing_is_said(language: str, reason: Silence) -> None:
    until = NOW.shifted(1800.0) if reason in ASKED_FOR else None
    moment = status(silent=reason, silent_until=until, **SEEN.get(reason, {}))

    lines = glance(moment, UTC).lines

    assert words(reason) in lines
    assert quiet_text(moment, UTC)
    assert not any("_" in line for line in lines)


def test_what_holds_a_reminder_back_takes_nothing_from_what_is_seen() -> None:
    moment = status(silent=Silence.NATURAL_PAUSE)

    assert set(glance(status()).lines) < set(glance(moment).lines)


def test_no_two_reasons_have_the_same_words(language: str) -> None:
    assert len({say(f"silent.{reason}") for reason in Silence}) == len(Silence)
