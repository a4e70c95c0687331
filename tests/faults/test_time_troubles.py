"""The computer is taken to another time zone while the monitor runs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from desk import neutral_of
from person import LAPTOP, STILL, seen

from posture.clock import US_PER_S, Instant, ManualClock, local_time, local_zone
from posture.core.effects import ReminderKind, ShowReminder, SpanKind, Status
from posture.core.inputs import Action, ActionKind, Input
from posture.core.monitor import Monitor
from posture.core.policy import Policy
from posture.core.reader import Reader
from posture.desktop.glance import glance
from posture.engine import Engine
from posture.journal.calendar import local_date
from posture.journal.reader import Reader as LogReader
from posture.journal.store import Journal

# Half past five in Berlin, half past one of the next morning in Tokyo.
BEGAN = Instant(1000.0, round(datetime(2026, 3, 2, 16, 30, tzinfo=UTC).timestamp()) * US_PER_S)
MINUTE_S = 60.0
STEP_S = 5.0
MINUTES = 70


@pytest.fixture(autouse=True)
def in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("home", "abroad", "paused"),
    [
        ("Europe/Berlin", "Asia/Tokyo", "Paused until 03:40"),
        ("Asia/Tokyo", "Europe/Berlin", "Paused until 19:40"),
        ("Europe/Berlin", "America/New_York", "Paused until 13:40"),
    ],
)
def test_a_journey_changes_what_clocks_show_and_no_length(
    home: str, abroad: str, paused: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over midnight, back over it, and within a day; an hour of sitting stays one."""
    monkeypatch.setenv("TZ", home)
    clock = ManualClock(BEGAN)
    reader = Reader(neutral_of(LAPTOP))
    monitor = Monitor(Policy(), reader=reader, local_time=local_time)
    engine = Engine(monitor, reader, instant_delivery=True)
    person = seen(STILL, LAPTOP)
    shown: list[ShowReminder] = []
    statuses: list[Status] = []

    with Journal(tmp_path, clock) as journal:

        def take(given: Input) -> None:
            effects = engine.take(given)
            journal.record(effects)
            shown.extend(one for one in effects if isinstance(one, ShowReminder))
            statuses.extend(one for one in effects if isinstance(one, Status))

        for number in range(round(MINUTES * MINUTE_S / STEP_S)):
            if number * STEP_S == 30 * MINUTE_S:
                monkeypatch.setenv("TZ", abroad)
            clock.set(BEGAN.shifted(number * STEP_S))
            take(replace(person, at=clock.now()))
        clock.set(BEGAN.shifted(MINUTES * MINUTE_S))
        take(Action(clock.now(), ActionKind.PAUSE, seconds=60 * MINUTE_S))
        journal.record(monitor.close(clock.now()))

    (stand,) = [one for one in shown if one.kind is ReminderKind.STAND]
    assert stand.at - BEGAN == pytest.approx(60 * MINUTE_S, abs=10.0)
    assert glance(statuses[-1]).headline == paused
    assert str(local_zone()) == abroad
    with LogReader(tmp_path) as log:
        spans = log.spans(0, 2**62, [SpanKind.ACTIVITY])
    sat_s = sum(one.ended_us - one.began_us for one in spans if one.value == "sitting") / US_PER_S
    assert sat_s == pytest.approx(MINUTES * MINUTE_S, abs=10.0)
    # The log knows moments, and days are cut where they are looked at.
    assert spans[0].began_us == BEGAN.wall_us
    assert local_date(BEGAN.wall_us, local_zone()).day == (3 if "Tokyo" in abroad else 2)
