"""A number typed key by key, in one of several units."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

_MOST_DIGITS = 6


class Key(StrEnum):
    """Keys that are no characters; characters are themselves."""

    ENTER = "enter"
    ESCAPE = "escape"
    BACKSPACE = "backspace"
    TAB = "tab"
    UP = "up"
    DOWN = "down"
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Unit:
    """``name`` of the unit, and how many of the field's own units it is."""

    name: str
    size: float


class Problem(StrEnum):
    """Why a typed number is not taken."""

    NO_NUMBER = "no_number"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    UNLIKELY = "unlikely"


@dataclass(frozen=True, slots=True)
class Typed:
    """What a field shows; ``other``: the unit that Tab changes to."""

    text: str
    unit: Unit
    other: Unit
    problem: Problem | None = None


class NumberField:
    """Takes keys; ``low`` and ``high`` are in the field's own unit."""

    def __init__(self, units: Sequence[Unit], low: float, high: float) -> None:
        self._units = tuple(units)
        self._chosen = 0
        self._low, self._high = low, high
        self._text = ""
        self.problem: Problem | None = None

    @property
    def typed(self) -> Typed:
        """What to show."""
        return Typed(self._text, self._units[self._chosen], self._other, self.problem)

    @property
    def _other(self) -> Unit:
        return self._units[(self._chosen + 1) % len(self._units)]

    @property
    def empty(self) -> bool:
        """Was nothing typed?"""
        return not self._text

    def press(self, key: str) -> None:
        """Take one key; what cannot be part of a number is ignored."""
        if key == Key.BACKSPACE:
            self._text = self._text[:-1]
        elif key == Key.TAB:
            self._chosen = (self._chosen + 1) % len(self._units)
        elif key in {".", ","}:
            if self._text and "." not in self._text:
                self._text += "."
        elif len(key) == 1 and key in "0123456789" and len(self._text) < _MOST_DIGITS:
            self._text += key
        else:
            return
        self.problem = None

    def clear(self) -> None:
        """Forget what was typed; the unit stays."""
        self._text, self.problem = "", None

    def value(self) -> float | None:
        """The number in the field's own unit; None, with a ``problem``, when it cannot be."""
        try:
            value = float(self._text) * self._units[self._chosen].size
        except ValueError:
            value = math.nan
        if math.isnan(value):
            self.problem = Problem.NO_NUMBER
        elif value < self._low:
            self.problem = Problem.TOO_SMALL
        elif value > self._high:
            self.problem = Problem.TOO_LARGE
        else:
            self.problem = None
            return value
        return None
