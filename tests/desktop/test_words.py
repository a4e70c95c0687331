from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from moments import look, reading, status

from posture.core import senses, staleness
from posture.core.calibration_quality import Doubt
from posture.core.desk import Place
from posture.core.effects import Fate, Outcome, ReminderKind
from posture.core.explain import Side
from posture.core.guide import CARDS, CM, INCHES
from posture.core.inputs import ActionKind
from posture.core.levels import JUDGED
from posture.core.live_checks import Check, Hint
from posture.core.number_field import Problem
from posture.core.reading import Label, Presence
from posture.core.reminders import NO_ANSWER, NOT_SEEN, RESTARTED
from posture.core.silence import Silence
from posture.core.thresholds import BANDED
from posture.desktop import words
from posture.desktop.glance import ASKED_FOR, glance
from posture.sense import worker_feed
from posture.sense.camera_device import CameraFault


@pytest.fixture(autouse=True)
def _back_to_english() -> Iterator[None]:
    yield
    words.speak("en")


# The names of what is said by name only, without another word to fall back to.
_ALWAYS = ("label.", "banded.", "kind.", "fate.")
CAMERA_REASONS = (
    *(fault.value for fault in CameraFault),
    worker_feed.CRASHED,
    worker_feed.HUNG,
    worker_feed.FAILED,
)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", sorted(words.TABLES))
def test_every_language_says_everything_with_the_same_values(language: str) -> None:
    english, other = words.TABLES["en"], words.TABLES[language]

    assert other.keys() == english.keys()
    for name, text in english.items():
        assert fields(other[name]) == fields(text), name
        assert other[name].strip()


def test_every_sentence_is_said_somewhere_and_every_said_sentence_exists() -> None:
    source = "".join(
        path.read_text() for path in Path("posture").rglob("*.py") if path.parent.name != "words"
    )
    said = set(re.findall(r'"((?:[a-z]+\.)+[a-z_]+)"', source)) & set(words.TABLES["en"])
    built = {f"label.{label.value}" for label in Label}
    built |= {f"banded.{name}" for name in BANDED} | {f"kind.{kind.value}" for kind in ReminderKind}
    built |= {f"fate.{fate.value}" for fate in Fate}
    built |= {f"why.{why}" for why in (NO_ANSWER, NOT_SEEN, RESTARTED)}
    built |= {f"button.{kind.value}" for kind in ActionKind}
    built |= {name for name in words.TABLES["en"] if name.startswith("silent.")}
    built |= {
        name
        for name in words.TABLES["en"]
        if name.startswith(("time.", "reason.", "tray.", "menu.preset.", "menu.switch."))
    }
    built |= {f"glance.{asked_for}_until" for asked_for in ASKED_FOR}
    built |= {f"answer.{kind.value}.{what.value}" for kind in ActionKind for what in Outcome}
    built |= {f"answer.{what.value}" for what in Outcome}
    built |= {f"answer.{do}" for do in ("stop", "recalibrate", "report", "preview")}
    built |= {"answer.undo_wrong_alarm.done.as_set", "answer.pause.done.open"}
    built |= {f"answer.resume.done.{ended}" for ended in ASKED_FOR}
    built |= window_words() | {f"camera.{reason}" for reason in CAMERA_REASONS}

    assert set(words.TABLES["en"]) - said - built == set()
    # What is still on the screen has no fate to be told of.
    wanted = {name for name in built if name.startswith(_ALWAYS)} - {"fate.shown"}
    assert wanted <= set(words.TABLES["en"])


def window_words() -> set[str]:
    """What the windows put together from a name of the core."""
    kinds = {"check": Check, "hint": Hint, "doubt": Doubt, "problem": Problem, "place": Place}
    built = {f"{stem}.{one.value}" for stem, kind in kinds.items() for one in kind}
    built |= {f"unit.{unit.name}" for unit in (CM, INCHES, CARDS)}
    built |= {f"guide.hold.{name}" for name in ("back", "feet", "loose", "look")}
    built |= {f"guide.result.{name}" for name in ("good", "fair", "measured", "estimated")}
    # A calibration is refused for a hint's reason, or for one of its own.
    built |= {"refused.few", "hint.turned"}
    for measure in JUDGED:
        built |= {f"measure.{measure}", f"value.{measure}.plus", f"value.{measure}.minus"}
    sides = {"cm": Side, "deg": (Side.ABOVE, Side.RETURNING)}
    return built | {f"why.{unit}.{one.value}" for unit, some in sides.items() for one in some}


def test_windows_find_all_their_words() -> None:
    # A distance has no other side.
    assert window_words() - set(words.TABLES["en"]) == {"value.distance_cm.minus"}


def test_every_label_has_words() -> None:
    assert {f"label.{label.value}" for label in Label} <= set(words.TABLES["en"])


@pytest.mark.parametrize("reason", CAMERA_REASONS)
def test_every_trouble_with_the_camera_is_said_in_every_language(reason: str) -> None:
    lost = status(camera="lost", presence=Presence.UNKNOWN, presence_reason=reason)
    told = []
    for language in ("en", "de"):
        words.speak(language)
        told.append(glance(lost).headline)

    assert told == [words.TABLES[language][f"camera.{reason}"] for language in ("en", "de")]


def test_a_camera_that_says_why_in_a_sentence_is_quoted() -> None:
    lost = status(camera="lost", presence=Presence.UNKNOWN, presence_reason="There is no film.")

    assert glance(lost).headline == "The camera gives no picture: There is no film."


REASONS = (
    senses.NO_PICTURE,
    senses.INPUT_WITHOUT_FACE,
    staleness.MOVED,
    staleness.ZOOMED,
    staleness.RESHAPED,
    staleness.UNLIKE,
    "dark",
    "someone further away",
)


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_of_the_engine_is_said_in_every_language(reason: str) -> None:
    unseen = reading(presence=Presence.UNKNOWN, reason=reason, states={})
    words.speak("en")
    english = glance(status(reading=unseen)).headline
    words.speak("de")
    german = glance(status(reading=unseen)).headline

    assert english.startswith("Cannot see you well: ")
    assert german.startswith("Du bist nicht gut zu sehen: ")
    assert english.partition(": ")[2] != german.partition(": ")[2]


@pytest.mark.parametrize("silence", Silence)
def test_every_silence_has_words(silence: Silence) -> None:
    assert all(f"silent.{silence.value}" in table for table in words.TABLES.values())


def test_the_language_is_the_programs() -> None:
    words.speak("de")

    assert glance(status()).headline == "Gute Haltung"
    assert look().menu[-1].label == "Beenden"


def test_an_unknown_language_is_an_error() -> None:
    with pytest.raises(KeyError):
        words.speak("xx")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "less than a minute"),
        (59.9, "less than a minute"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (3660, "1 h 1 min"),
        (86400, "24 h"),
    ],
)
def test_lengths_of_time(seconds: float, text: str) -> None:
    assert words.duration(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(900, "15 min"), (90, "90 s"), (1.5, "1.5 s"), (5400, "1 h 30 min")]
)
def test_a_length_of_time_asked_for_is_said_exactly(seconds: float, text: str) -> None:
    assert words.exact_duration(seconds) == text
