"""What the icon calls something, the log does not call otherwise."""

from __future__ import annotations

import pytest

from posture.core.effects import Fate
from posture.core.reading import Label
from posture.desktop.words import TABLES as SPOKEN
from posture.journal.texts import TABLES as WRITTEN

# A sentence to the user beside a word in a table.
_SAID_OTHERWISE = {Label.AWAY, Label.UNKNOWN, Label.UPRIGHT, Label.TOO_CLOSE, Label.TOO_FAR}
_ENDINGS = {"Slouching": "slouched", "Im Stehen": "stehend"}


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("label", sorted(set(Label) - _SAID_OTHERWISE))
def test_a_posture_has_one_name(label: Label, language: str) -> None:
    spoken = SPOKEN[language][f"label.{label}"]

    assert WRITTEN[language][f"label.{label}"].lower() == _ENDINGS.get(spoken, spoken).lower()


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("fate", [Fate.HEEDED, Fate.EXPIRED, Fate.SNOOZED])
def test_what_became_of_a_reminder_has_one_name(fate: Fate, language: str) -> None:
    assert SPOKEN[language][f"fate.{fate}"] == WRITTEN[language][f"fate.{fate}"]
