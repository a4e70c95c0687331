"""The guided calibration: pictures and keys in, what to show and at last the neutral out. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum

from posture.core.calibration import calibrate
from posture.core.calibration_quality import Quality, quality
from posture.core.desk import Desk, Place, usual_offset_cm
from posture.core.hold import Hold
from posture.core.inputs import CameraLost
from posture.core.landmarks import Landmarks
from posture.core.live_checks import WAITING, Finding, LiveChecks
from posture.core.neutral import Neutral
from posture.core.number_field import Key, NumberField, Problem, Typed, Unit
from posture.errors import CalibrationRefused

# Guided calibration takes ten seconds (science.md section 5).
HOLD_S = 10.0
NEAREST_CM, FURTHEST_CM = 20.0, 300.0
# A bank card is 85.6 mm long (ISO/IEC 7810 ID-1): who has no tape lays it end to end.
CM, INCHES, CARDS = Unit("cm", 1.0), Unit("inches", 2.54), Unit("cards", 8.56)
_SCREEN_UNITS = (Unit("inches", 1.0), Unit("cm", 1 / 2.54))
_LEAST_IN, _MOST_IN = 7.0, 100.0
_MOST_OFFSET_CM = 150.0
# An average face through an average lens is a quarter off at most (two standard deviations);
# a distance further from it is asked about once more.
_LIKELY = 1.4
GO_ON, REDO = (Key.ENTER, " "), ("r", "R")


class Step(StrEnum):
    """Where the conversation is."""

    WELCOME = "welcome"
    SCREEN = "screen"
    PLACE = "place"
    HOLD = "hold"
    DISTANCE = "distance"
    RESULT = "result"
    KEPT = "kept"
    CANCELLED = "cancelled"


# What may be asked; the rest of the steps always come.
QUESTIONS = (Step.SCREEN, Step.PLACE, Step.DISTANCE)
_ORDER = (Step.WELCOME, Step.SCREEN, Step.PLACE, Step.HOLD, Step.DISTANCE, Step.RESULT)
_PLACE_KEYS: dict[str, Place] = {
    Key.UP: Place.ABOVE,
    Key.DOWN: Place.BELOW,
    Key.LEFT: Place.LEFT,
    Key.RIGHT: Place.RIGHT,
}


@dataclass(frozen=True, slots=True)
class Progress:
    """Everything a window or terminal shows.

    ``number`` of ``steps``: how far it is. ``remaining_s``: of ``hold_s``, None while waiting.
    ``broke``: what ended the last attempt. ``typed``: the field of this step. ``estimate_cm``:
    the distance by an average face. ``neutral`` and ``quality``: the result, or ``refused``.
    """

    step: Step
    number: int
    steps: int
    findings: tuple[Finding, ...]
    desk: Desk
    hold_s: float
    remaining_s: float | None = None
    broke: Finding | None = None
    typed: Typed | None = None
    estimate_cm: float | None = None
    neutral: Neutral | None = None
    quality: Quality | None = None
    refused: CalibrationRefused | None = None

    @property
    def over(self) -> bool:
        """Is there nothing more to show?"""
        return self.step in (Step.KEPT, Step.CANCELLED)


class Guide:
    """One guided calibration.

    ``desk``: what is known of it. ``ask``: the questions of :data:`QUESTIONS` to be asked.
    ``distance_cm``: measured already. ``source``, ``profile``: noted in the neutral.
    """

    def __init__(
        self,
        desk: Desk | None = None,
        *,
        ask: Collection[Step] = QUESTIONS,
        hold_s: float = HOLD_S,
        distance_cm: float | None = None,
        source: str = "",
        profile: str = "default",
    ) -> None:
        self.desk = desk or Desk()
        self._source, self._profile = source, profile
        self._steps = tuple(step for step in _ORDER if step not in QUESTIONS or step in ask)
        self._step = Step.WELCOME
        self._checks = LiveChecks(aside=self._aside())
        self._findings = WAITING
        self._hold = Hold(hold_s)
        self._distance_cm = distance_cm
        self._neutral: Neutral | None = None
        self._estimate_cm: float | None = None
        self._refused: CalibrationRefused | None = None
        self._fields = {
            Step.SCREEN: NumberField(_SCREEN_UNITS, _LEAST_IN, _MOST_IN),
            Step.PLACE: NumberField((CM, INCHES), 0.0, _MOST_OFFSET_CM),
            Step.DISTANCE: NumberField((CM, INCHES, CARDS), NEAREST_CM, FURTHEST_CM),
        }
        self._insisted: float | None = None

    @property
    def progress(self) -> Progress:
        """What to show now."""
        step = self._step
        return Progress(
            step=step,
            number=self._steps.index(step) + 1 if step in self._steps else len(self._steps),
            steps=len(self._steps),
            findings=self._findings,
            desk=self.desk,
            hold_s=self._hold.hold_s,
            remaining_s=self._hold.remaining_s,
            broke=self._hold.broke,
            typed=self._fields[step].typed if step in self._fields else None,
            estimate_cm=self._estimate_cm,
            neutral=self._neutral,
            quality=None if self._neutral is None else quality(self._neutral),
            refused=self._refused,
        )

    def see(self, item: Landmarks | CameraLost) -> None:
        """Take one picture, or the news that there is none."""
        self._findings = self._checks.see(item)
        if self._step is not Step.HOLD:
            return
        self._hold.see(item, self._findings)
        if self._hold.done:
            self._learn(None)
            if self._neutral is not None and Step.DISTANCE not in self._steps:
                self._learn(self._distance_cm)
            self._step = self._after_hold()

    def press(self, key: str) -> None:
        """Take one key: a :class:`Key` or a character."""
        if self.progress.over:
            return
        if key == Key.ESCAPE:
            self._step = Step.CANCELLED
        elif self._step in (Step.HOLD, Step.DISTANCE, Step.RESULT) and key in REDO:
            self._begin_hold()
        elif key in GO_ON:
            self._go_on()
        elif self._step is Step.PLACE and key in _PLACE_KEYS:
            self._choose(_PLACE_KEYS[key])
        elif self._step in self._fields:
            self._fields[self._step].press(key)

    def _go_on(self) -> None:
        match self._step:
            case Step.SCREEN:
                self._take_screen()
            case Step.PLACE:
                self._take_place()
            case Step.DISTANCE:
                self._take_distance()
            case Step.RESULT if self._neutral is None:
                self._begin_hold()
            case Step.RESULT:
                self._step = Step.KEPT
            case Step.WELCOME:
                self._next()

    def _next(self) -> None:
        step = self._steps[self._steps.index(self._step) + 1]
        if step is Step.HOLD:
            self._begin_hold()
            return
        self._step = step
        if step is Step.PLACE:
            self._choose(Place.ABOVE)

    def _begin_hold(self) -> None:
        self._checks = LiveChecks(aside=self._aside())
        self._hold = Hold(self._hold.hold_s)
        self._neutral = self._estimate_cm = self._refused = self._insisted = None
        self._step = Step.HOLD

    def _take_screen(self) -> None:
        field = self._fields[Step.SCREEN]
        value = None if field.empty else field.value()
        if value is not None or field.empty:
            self.desk = replace(self.desk, diagonal_in=value)
            self._next()

    def _choose(self, place: Place) -> None:
        self.desk = replace(
            self.desk, place=place, offset_cm=usual_offset_cm(place, self.desk.diagonal_in)
        )

    def _take_place(self) -> None:
        field = self._fields[Step.PLACE]
        if not field.empty:
            value = field.value()
            if value is None:
                return
            self.desk = replace(self.desk, offset_cm=value)
        self._next()

    def _take_distance(self) -> None:
        field = self._fields[Step.DISTANCE]
        value = None
        if not field.empty:
            value = field.value()
            if value is None:
                return
            if not self._likely(value) and self._insisted != value:
                self._insisted = value
                field.problem = Problem.UNLIKELY
                return
        self._distance_cm = value
        self._learn(value)
        self._step = Step.RESULT

    def _likely(self, distance_cm: float) -> bool:
        estimate = self._estimate_cm
        return estimate is None or 1 / _LIKELY <= distance_cm / estimate <= _LIKELY

    def _learn(self, distance_cm: float | None) -> None:
        try:
            self._neutral = calibrate(
                self._hold.taken,
                distance_cm,
                source=self._source,
                profile=self._profile,
                screen_cm=self.desk.screen_cm,
            )
        except CalibrationRefused as refused:
            self._neutral, self._refused = None, refused
            return
        if distance_cm is None:
            self._estimate_cm = self._neutral.distance_cm

    def _after_hold(self) -> Step:
        ask = self._neutral is not None and Step.DISTANCE in self._steps
        return Step.DISTANCE if ask else Step.RESULT

    def _aside(self) -> bool:
        return self.desk.place not in (Place.ABOVE, Place.BELOW)
