"""What is published, when, and how Home Assistant learns of it."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from posture.clock import Instant, ManualClock
from posture.core.effects import (
    Activity,
    NextReminder,
    ReminderKind,
    SpanKind,
    Status,
    WriteSpan,
)
from posture.core.metrics import Metrics
from posture.core.reading import Label, Presence, Reading
from posture.core.texts import LANGUAGES
from posture.publish.account import Account
from posture.publish.discovery import configurations
from posture.publish.heartbeats import Heartbeats
from posture.publish.local_network import NotAtHome, Place, locate
from posture.publish.pace import Pace
from posture.publish.secret import VARIABLE, Exposed, password
from posture.publish.state import State, state_of
from posture.publish.words import TEXTS

START = Instant(0.0, 1_772_438_400_000_000)


def status(at: Instant = START, **more: object) -> Status:
    metrics = Metrics(at, distance_cm=61.6)
    reading = Reading(at, Presence.PRESENT, Label.SLOUCH, metrics, at, at)
    known: dict[str, object] = {
        "sitting_s": 1859.0,
        "sitting_today_s": 7261.0,
        "reading": reading,
        "presence": Presence.PRESENT,
        "label": Label.SLOUCH,
        "next_reminders": (
            NextReminder(ReminderKind.LOOK_AWAY, 30.0), NextReminder(ReminderKind.STAND, 1741.0),
        ),
    }  # fmt: skip
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
        "next_break_min": 30,
        "sitting_today_min": 121,
        "standing_today_min": 0,
    }


def test_what_is_not_known_is_null() -> None:
    away = state_of(
        status(presence=Presence.AWAY, label=Label.AWAY, activity=Activity.AWAY, next_reminders=())
    )
    dark = state_of(status(presence=Presence.UNKNOWN, activity=Activity.UNKNOWN, reading=None))

    assert (away.standing, away.distance_cm) == (False, None)
    assert away.next_break_min is None
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
            State("present", label, "sitting", False, second, second, second, second, 0),
            START.shifted(second),
        )
    ]

    assert told == [(0, "a"), (2, "b"), (32, "b"), (62, "b")]


class TestDiscovery:
    """By the rules of home-assistant.io/integrations/mqtt."""

    def test_each_entity_has_a_topic_a_name_and_an_id_of_its_own(self) -> None:
        told = configurations("house/desk", "homeassistant", "en", 30)

        assert len(told) == 9
        for topic in told:
            assert re.fullmatch(
                r"homeassistant/(sensor|binary_sensor)/house_desk/\w+/config", topic
            )
        assert len({one["unique_id"] for one in told.values()}) == 9
        assert len({one["name"] for one in told.values()}) == 9
        assert {json.dumps(one["device"]) for one in told.values()} == {
            json.dumps(told["homeassistant/sensor/house_desk/posture/config"]["device"])
        }

    def test_each_entity_reads_a_field_of_the_state(self) -> None:
        document = state_of(status()).document()
        told = configurations("posture", "homeassistant", "en", 30)

        read = [
            re.findall(r"value_json\.(\w+)", str(one["value_template"]))[0] for one in told.values()
        ]
        assert sorted(read) == sorted(document)
        for one in told.values():
            assert one["state_topic"] == "posture/state"
            assert one["availability_topic"] == "posture/availability"
            assert one["expire_after"] == 180
            options = one.get("options", [])
            assert isinstance(options, Sequence)
            assert all(word == word.lower() for word in options)


def test_the_document_shows_what_is_published() -> None:
    text = (Path(__file__).parents[2] / "docs" / "wider-use.md").read_text(encoding="utf-8")
    document = state_of(status()).document()
    shown = [json.loads(line) for line in re.findall(r"^posture/state (.+)$", text, re.M)]
    rows = [line for line in text.splitlines() if line.startswith("| ")]

    assert shown
    assert all(list(one) == list(document) for one in shown)
    assert {
        name for row in rows for name in re.findall(r"`(\w+)`", row) if name in document
    } == set(document)
    named = {"_".join(TEXTS["en"][f"entity.{name}"].lower().split()) for name in document}
    used = set(re.findall(r"entity_id: (?:binary_)?sensor\.posture_(\w+)", text))
    assert used
    assert used <= named


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything(language: str) -> None:
    assert set(TEXTS[language]) == set(TEXTS["en"])
    for key, text in TEXTS[language].items():
        assert re.findall(r"{\w+}", text) == re.findall(r"{\w+}", TEXTS["en"][key])


HERE, HOME, AWAY = "here", "home", "away"


def whereabouts(host: str) -> str:
    try:
        return HERE if locate(host).on_this_computer else HOME
    except NotAtHome:
        return AWAY


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ("127.0.0.1", HERE), ("127.9.9.9", HERE), ("::1", HERE), ("::ffff:127.0.0.1", HERE),
        ("192.168.1.20", HOME), ("10.0.0.3", HOME), ("172.20.1.1", HOME), ("169.254.3.4", HOME),
        ("fd12::3", HOME), ("100.101.102.103", HOME), ("::ffff:10.0.0.3", HOME),
        ("8.8.8.8", AWAY), ("2001:4860:4860::8888", AWAY), ("172.40.0.1", AWAY),
        ("0.0.0.0", AWAY), ("255.255.255.255", AWAY), ("224.0.0.1", AWAY),
        ("203.0.113.9", AWAY), ("::ffff:8.8.8.8", AWAY), ("64:ff9b::808:808", AWAY),
    ],
)  # fmt: skip
def test_only_addresses_of_the_house(address: str, where: str) -> None:
    assert whereabouts(address) == where


def resolving(*addresses: str) -> Callable[..., list[tuple[object, ...]]]:
    return lambda *_, **__: [(0, 0, 0, "", (address, 0)) for address in addresses]


@pytest.mark.parametrize(
    ("host", "addresses", "where"),
    [
        ("hub", ["192.168.1.2", "fd12::3"], HOME),
        ("hub", ["192.168.1.2", "8.8.8.8"], AWAY),
        ("hub", ["127.0.0.1", "8.8.8.8"], AWAY),
        ("hub", ["127.0.0.1", "192.168.1.2"], HOME),
        ("localhost", ["::1", "127.0.0.1"], HERE),
        ("localhost", ["127.0.0.1", "192.168.1.2"], AWAY),
    ],
)
def test_every_address_of_a_name_counts(
    host: str, addresses: list[str], where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolving(*addresses))

    assert whereabouts(host) == where


def test_a_name_keeps_the_order_of_its_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolving("::1", "127.0.0.1", "::1"))

    assert locate("localhost") == Place(("::1", "127.0.0.1"), on_this_computer=True)


class TestAccount:
    def told(self, *events: tuple[float, bool]) -> list[tuple[float, str]]:
        """What is told at which second, of *events*: second, whether it works."""
        told: list[tuple[float, str]] = []
        clock = ManualClock(START)
        account = Account(lambda text: told.append((clock.now() - START, text)), clock)
        for second, works in events:
            clock.set(START.shifted(second))
            text = f"works {second:g}" if works else f"trouble {second:g}"
            (account.fine if works else account.trouble)(text)
            assert account.said == text
            account.pass_on()
        return told

    def test_the_same_is_told_once_whatever_the_words(self) -> None:
        assert self.told((0, True), (1, True)) == [(0, "works 0")]
        assert self.told((0, False), (90, False), (5000, False)) == [(0, "trouble 0")]

    def test_a_loss_and_a_return_are_told(self) -> None:
        assert self.told((0, True), (50, False), (90, True)) == [
            (0, "works 0"), (50, "trouble 50"), (90, "works 90"),
        ]  # fmt: skip

    def test_one_that_comes_and_goes_is_told_every_ten_minutes(self) -> None:
        flapping = [(10.0 * number, number % 2 == 0) for number in range(122)]
        assert [second for second, _ in self.told(*flapping)] == [0, 10, 20, 610, 620, 1210]

    def test_a_trouble_that_stays_is_told_in_the_end(self) -> None:
        told = self.told((0, False), (10, True), (20, False), (300, False), (601, False))
        assert told[-1] == (601, "trouble 601")


class TestPassword:
    def test_the_first_line_of_a_file_of_ones_own(self, tmp_path: Path) -> None:
        file = tmp_path / "password"
        file.write_text("a secret \nnot this\n")
        file.chmod(0o600)

        assert password(str(file)) == "a secret "

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644])
    def test_a_file_others_can_touch_is_refused(self, tmp_path: Path, mode: int) -> None:
        file = tmp_path / "password"
        file.write_text("secret\n")
        file.chmod(mode)

        with pytest.raises(Exposed):
            password(str(file))

    def test_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv(VARIABLE, raising=False)
        assert password("") is None
        monkeypatch.setenv(VARIABLE, "secret")
        assert password("") == "secret"


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
