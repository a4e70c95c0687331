from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest
from person import START, seen

from posture.core.inputs import CameraLost
from posture.looking import Item, Looking
from posture.sense.frame import Frame
from posture.sense.landmark_stream import Seen

LONG_S = 20.0


def sight(at_s: float = 0.0) -> Seen:
    landmarks = seen(at_s=at_s)
    return Seen(landmarks, Frame(landmarks.at, np.zeros((48, 64, 3), np.uint8)))


def nothing() -> None:
    """Nothing to close."""


def taken_from(looking: Looking, count: int) -> list[Item]:
    found: list[Item] = []
    while len(found) < count:
        found += looking.take(LONG_S)
    return found


def test_what_comes_is_taken_in_order() -> None:
    items: list[Item] = [sight(0.0), CameraLost(START, "busy"), sight(1.0)]

    with Looking(lambda: iter(items), nothing) as looking:
        assert taken_from(looking, 3) == items
        looking._thread.join(LONG_S)
        assert looking.take() == []
        assert looking.ended


def test_who_takes_nothing_keeps_only_the_newest() -> None:
    many: list[Item] = [sight(float(number)) for number in range(200)]

    with Looking(lambda: iter(many), nothing) as looking:
        looking._thread.join(LONG_S)
        taken = looking.take()

    assert len(taken) < 100
    assert taken[-1] is many[-1]


def test_what_the_reading_raises_is_raised_where_it_is_taken() -> None:
    def failing() -> Iterator[Item]:
        yield sight()
        raise RuntimeError("the model fell over")

    with Looking(failing, nothing) as looking:
        looking._thread.join(LONG_S)
        with pytest.raises(RuntimeError, match="fell over"):
            looking.take()


def test_leaving_closes_the_source_and_ends_the_thread() -> None:
    closed = threading.Event()

    def endless() -> Iterator[Item]:
        while not closed.wait(0.001):
            yield sight()

    with Looking(endless, closed.set) as looking:
        taken_from(looking, 1)

    assert closed.is_set()
    assert not looking._thread.is_alive()
