"""The log says of all unseen time why nothing was seen, also when one reason follows another."""

from __future__ import annotations

from datetime import UTC

import pytest

from posture.clock import US_PER_S, Instant
from posture.core.effects import Effect, PresenceChanged, SpanKind, WriteSpan
from posture.core.inputs import Action, ActionKind, CameraLost, Input, Tick
from posture.core.monitor import Monitor
from posture.core.silence import Silence
from posture.journal.rows import Records, Span
from posture.journal.summary import summarize
from scenarios.story import play

BEGAN = Instant(1000.0, 1_772_438_400 * US_PER_S)
MINUTE_S = 60
# Every second a tick; at these minutes something else happens.
Events = dict[float, Input]


def lost(minute: float, reason: str) -> Events:
    return {minute: CameraLost(BEGAN.shifted(minute * MINUTE_S), reason)}


def done(minute: float, kind: ActionKind) -> Events:
    return {minute: Action(BEGAN.shifted(minute * MINUTE_S), kind)}


def told(events: Events, minutes: float) -> list[Effect]:
    monitor = Monitor()
    effects: list[Effect] = []
    for second in range(round(minutes * MINUTE_S)):
        happens = events.get(second / MINUTE_S)
        effects += monitor.step(happens or Tick(BEGAN.shifted(second)))
    return effects + monitor.close(BEGAN.shifted(minutes * MINUTE_S))


def why(effects: list[Effect], kind: SpanKind) -> list[tuple[str, str | None, float]]:
    """Value, reason and minutes of the log's spans of one *kind*, in order."""
    spans = {
        one.began.mono: (one.value, one.reason, round((one.ended - one.began) / MINUTE_S, 1))
        for one in effects
        if isinstance(one, WriteSpan) and one.kind is kind
    }
    return [spans[began] for began in sorted(spans)]


def test_each_trouble_of_the_camera_keeps_its_own_time() -> None:
    effects = told(lost(0, "absent") | lost(10, "busy"), 30)

    expected = [("absent", 10.0), ("busy", 20.0)]
    presence, camera = why(effects, SpanKind.PRESENCE), why(effects, SpanKind.CAMERA)
    assert presence == [("unknown", *one) for one in expected]
    assert camera == [("lost", *one) for one in expected]
    # It is no news to who was told that nothing is seen: the camera's line says what changed.
    assert sum(isinstance(one, PresenceChanged) for one in effects) == 1


def test_a_camera_that_is_gone_after_a_pause_is_not_called_closed_on_purpose() -> None:
    pause = done(0, ActionKind.PAUSE) | done(5, ActionKind.RESUME)
    effects = told(pause | lost(5.05, "unplugged"), 30)

    assert why(effects, SpanKind.CAMERA)[-1][:2] == ("lost", "unplugged")
    presence = why(effects, SpanKind.PRESENCE)
    assert [one[:2] for one in presence] == [("unknown", "paused"), ("unknown", "unplugged")]
    assert [one[2] for one in presence] == pytest.approx([5.0, 25.0], abs=0.2)


def test_reasons_that_come_and_go_do_not_fill_the_log() -> None:
    flicker: Events = {}
    for second in range(600):
        flicker |= lost(second / MINUTE_S, ("stalled", "busy")[second % 2])

    spans = why(told(flicker, 20), SpanKind.PRESENCE)

    assert spans[0][1] == "stalled"
    assert len(spans) <= 2


def test_the_summary_of_the_day_names_the_cameras_trouble() -> None:
    story = play("upright 10m, lost 20m, upright 10m", hz=1)
    spans = [
        Span(one.kind, one.value, one.began.wall_us, one.ended.wall_us, one.reason, one.worst)
        for one in story.spans().values()
    ]
    (date,) = {one.began.utc.date() for one in story.spans().values()}

    day = summarize(date, UTC, Records(tuple(spans), (), (), ()))

    for seconds in (day.camera_lost_s, day.unseen_s):
        assert seconds == {"unplugged": pytest.approx(20 * MINUTE_S, abs=5.0)}


def test_before_the_first_picture_none_is_called_unclear() -> None:
    monitor = Monitor()
    monitor.step(Tick(BEGAN))
    assert monitor.status().silent is None

    dark = play("dark 30s").status_at("0:20")
    assert dark.silent is Silence.LOW_CONFIDENCE
