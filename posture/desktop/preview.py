"""What the preview says about one moment, in words; made by the monitor, drawn elsewhere. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import tzinfo
from typing import Any

from posture.core.effects import Status
from posture.core.explain import Explanation, Side, explain
from posture.core.reading import Level, Presence, Reading
from posture.core.senses import CameraState
from posture.core.thresholds import Thresholds
from posture.desktop.glance import Glance, camera_text, glance
from posture.desktop.icon_state import IconState
from posture.desktop.marks import Marks
from posture.desktop.words import decimal, say


@dataclass(frozen=True, slots=True)
class Row:
    """One measure: its name, its value, how good it is, and why ("" where that is plain)."""

    name: str
    value: str
    level: Level
    why: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """Everything the preview writes.

    ``lines``: below the headline. ``score``: 0-100. ``message``: upon the picture, or in its place.
    """

    icon: IconState
    headline: str
    lines: tuple[str, ...] = ()
    score: float | None = None
    rows: tuple[Row, ...] = ()
    message: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The moment, ready for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Moment:
        """Read what :meth:`to_dict` wrote. Raises KeyError, TypeError or ValueError."""
        rows = [Row(**(row | {"level": Level(row["level"])})) for row in given["rows"]]
        return cls(
            IconState(given["icon"]),
            given["headline"],
            tuple(given["lines"]),
            given["score"],
            tuple(rows),
            given["message"],
        )


def moment(
    status: Status, thresholds: Thresholds | None = None, zone: tzinfo | None = None
) -> Moment:
    """Put *status* into words; *thresholds*: as set, before what was learned."""
    at_a_glance = glance(status, zone)
    reading = status.reading
    watching = status.camera == CameraState.OPEN
    seen = watching and reading is not None and reading.presence is Presence.PRESENT
    headline, message = at_a_glance.headline, None
    if status.camera == CameraState.CLOSED:
        message = say("preview.paused")
    elif status.camera == CameraState.LOST:
        # The cause and what to do about it are long: they are told on the picture.
        headline, message = say("preview.no_picture"), headline
    elif reading is not None and reading.stale_calibration is not None:
        # What has changed is in the headline.
        message = say("preview.stale")
    elif reading is not None and not reading.calibrated:
        message = say("preview.stranger")
    return Moment(
        at_a_glance.icon,
        headline,
        _lines(at_a_glance, reading),
        reading.score if reading is not None and seen else None,
        rows(reading, (thresholds or Thresholds()).softened(status.learned))
        if reading is not None and seen
        else (),
        message,
    )


def camera_lost(reason: str) -> Moment:
    """What is said while there is no picture; *reason*: a ``CameraLost``'s."""
    return Moment(IconState.CAMERA_LOST, say("preview.no_picture"), message=camera_text(reason))


def _lines(at_a_glance: Glance, reading: Reading | None) -> tuple[str, ...]:
    """The tooltip without its headline and without the distance, which has a row of its own."""
    distance = None if reading is None else reading.metrics.distance_cm
    told = None if distance is None else say("glance.distance", cm=round(distance))
    return tuple(line for line in at_a_glance.lines[1:] if line != told)


def rows(reading: Reading, thresholds: Thresholds | None = None) -> tuple[Row, ...]:
    """Each measure with its reason; without calibration only those that can be measured."""
    explained = explain(reading, thresholds)
    return tuple(_row(one) for one in explained if reading.calibrated or one.value is not None)


def _row(one: Explanation) -> Row:
    name = say(f"measure.{one.measure}")
    if one.value is None:
        return Row(name, say("preview.not_measured"), Level.UNKNOWN)
    return Row(name, value_text(one.measure, one.value), one.level, _why(one))


def value_text(measure: str, value: float) -> str:
    """A measure's value as people say it: "12° down", "2.1 cm lower"."""
    centimetres = measure.endswith("_cm") and measure != "distance_cm"
    size = decimal(abs(value), 1) if centimetres else f"{abs(value):.0f}"
    nothing = not size.strip("0.,")
    if nothing:
        return "0 cm" if centimetres else "0°"
    return say(f"value.{measure}.{'plus' if value > 0 else 'minus'}", n=size)


def _why(one: Explanation) -> str:
    if one.side is None or one.bound is None:
        return ""
    unit = "cm" if one.measure.endswith("_cm") else "deg"
    if unit == "deg" and one.side is Side.BELOW:
        return ""
    bound = decimal(one.bound, 1).removesuffix(f"{say('number.sign')}0")
    return say(f"why.{unit}.{one.side.value}", bound=bound)


def marks_to_dict(marks: Marks) -> dict[str, Any]:
    """The marks, ready for JSON."""
    return asdict(marks)


def marks_from_dict(given: Mapping[str, Any]) -> Marks:
    """Read what :func:`marks_to_dict` wrote. Raises KeyError, TypeError or ValueError."""
    lines = {
        name: tuple((float(x), float(y)) for x, y in given[name])
        for name in ("shoulders", "neck", "head", "eyes")
    }
    return Marks(**lines, iris=float(given["iris"]))
