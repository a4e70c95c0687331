"""What is published, when, and how Home Assistant learns of it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

import pytest

from posture.clock import Instant
from posture.core.effects import Activity, SpanKind, Status, WriteSpan
from posture.core.metrics import Metrics
from posture.core.reading import Label, Presence, Reading
from posture.core.texts import LANGUAGES
from posture.publish.discovery import configurations
from posture.publish.heartbeats import Heartbeats
from posture.publish.local_network import is_local, is_own
from posture.publish.pace import Pace
from posture.publish.state import State, state_of
from posture.publish.words import TEXTS

START = Instant(0.0, 1_772_438_400_000_000)


def status(at: Instant = START, **more: object) -> Status:
    metrics = Metrics(at).changed({"distance_cm": 61.6})
    reading = Reading(at, Presence.PRESENT, Label.SLOUCH, metrics, at, at)
    known: dict[str, object] = {
        "sitting_s": 1859.0,
        "sitting_today_s": 7261.0,
        "reading": reading,
        "presence": Presence.PRESENT,
        "label": Label.SLOUCH,
    }
    activity = more.pop("activity", Activity.SITTING)
    return Status(at, activity, standing_today_s=30.0, budget=1.0, **(known | more))  # type: ignore[arg-type]


def test_a_state_is_words_and_whole_numbers() -> None:
    assert state_of(status()).document() == {
        "presence": "present",
        "posture": "slouch",
        "activity": "sitting",
        "standing": False,
        "distance_cm": 62,
        "sitting_min": 30,
        "sitting_today_min": 121,
        "standing_today_min": 0,
    }


def test_what_is_not_known_is_null() -> None:
    away = state_of(status(presence=Presence.AWAY, label=Label.AWAY, activity=Activity.AWAY))
    dark = state_of(status(presence=Presence.UNKNOWN, activity=Activity.UNKNOWN, reading=None))

    assert (away.standing, away.distance_cm) == (False, None)
    assert (dark.standing, dark.distance_cm) == (None, None)


def test_news_at_once_and_figures_in_their_time() -> None:
    pace = Pace(30.0)
    told = [
        (second, label)
        for second, label in [
            (0, "a"),
            (1, "a"),
            (2, "b"),
            (3, "b"),
            (31, "b"),
            (32, "b"),
            (62, "b"),
        ]
        if pace.due(
            State("present", label, "sitting", False, second, second, second, 0),
            START.shifted(second),
        )
    ]

    assert told == [(0, "a"), (2, "b"), (32, "b"), (62, "b")]


class TestDiscovery:
    """By the rules of home-assistant.io/integrations/mqtt."""

    def test_each_entity_has_a_topic_a_name_and_an_id_of_its_own(self) -> None:
        told = configurations("house/desk", "homeassistant", "en", 90)

        assert len(told) == 8
        for topic in told:
            assert re.fullmatch(
                r"homeassistant/(sensor|binary_sensor)/house_desk/\w+/config", topic
            )
        assert len({one["unique_id"] for one in told.values()}) == 8
        assert len({one["name"] for one in told.values()}) == 8
        assert {json.dumps(one["device"]) for one in told.values()} == {
            json.dumps(told["homeassistant/sensor/house_desk/posture/config"]["device"])
        }

    def test_each_entity_reads_a_field_of_the_state(self) -> None:
        document = state_of(status()).document()
        told = configurations("posture", "homeassistant", "en", 90)

        read = [
            re.findall(r"value_json\.(\w+)", str(one["value_template"]))[0] for one in told.values()
        ]
        assert sorted(read) == sorted(document)
        for one in told.values():
            assert one["state_topic"] == "posture/state"
            assert one["availability_topic"] == "posture/availability"
            assert one["expire_after"] == 90
            options = one.get("options", [])
            assert isinstance(options, Sequence)
            assert all(word == word.lower() for word in options)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything(language: str) -> None:
    assert set(TEXTS[language]) == set(TEXTS["en"])
    for key, text in TEXTS[language].items():
        assert re.findall(r"{\w+}", text) == re.findall(r"{\w+}", TEXTS["en"][key])


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("127.0.0.1", True), ("::1", True), ("192.168.1.20", True), ("10.0.0.3", True),
        ("172.20.1.1", True), ("169.254.3.4", True), ("fd12::3", True), ("100.101.102.103", True),
        ("8.8.8.8", False), ("::ffff:8.8.8.8", False), ("::ffff:10.0.0.3", True),
        ("2001:4860:4860::8888", False), ("172.40.0.1", False),
    ],
)  # fmt: skip
def test_only_addresses_of_the_house(address: str, local: bool) -> None:
    assert is_local(address) is local
    assert is_own(address) is (address in {"127.0.0.1", "::1"})


class TestHeartbeats:
    def written(self, value: str, began_s: float, ended_s: float) -> WriteSpan:
        began, ended = START.shifted(began_s), START.shifted(ended_s)
        return WriteSpan(SpanKind.ACTIVITY, value, began, ended)

    def test_a_growing_span_is_told_late_and_exactly_once_it_is_over(self) -> None:
        """Its end may be told earlier than before: the next began unseen."""
        beats = Heartbeats([SpanKind.ACTIVITY])
        told = [
            (beat.span.value, beat.seconds)
            for ended in range(5, 105, 5)
            for beat in beats.take(self.written("sitting", 0, ended))
        ]
        told += [
            (beat.span.value, beat.seconds)
            for effect in (self.written("sitting", 0, 91), self.written("away", 91, 101))
            for beat in beats.take(effect)
        ]
        told += [(beat.span.value, beat.seconds) for beat in beats.close()]

        assert told == [("sitting", 30), ("sitting", 60), ("sitting", 91), ("away", 10)]
        assert beats.close() == []

    def test_other_kinds_and_moments_are_left_out(self) -> None:
        beats = Heartbeats([SpanKind.POSTURE])

        assert beats.take(self.written("sitting", 0, 500)) == []
        assert beats.close() == []
