"""A glance: a tiny grey picture, and how far it differs from an earlier one beyond noise and light.

Around the user the difference is told as a displacement: what is left of it after the best fit
in brightness and contrast, over how steep the picture is (the energy of optical flow). So it means
the same in bright and dim rooms, near and far, for every camera. Where nobody is, cells count
that differ by more than they are used to.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from posture.core.body import Body, Box
from posture.core.sampling import Change
from posture.sense.frame import Image
from posture.sense.opencv import cv2

WIDTH_PX = 80
_Grey = npt.NDArray[np.float32]

# Rounding to whole grey levels in both pictures, and two ways to reduce a JPEG.
_LEAST_NOISE = 0.35
# The calmest fifth of the last glances tells a camera's noise: some users never sit still. Chosen.
_REMEMBERED, _FEWEST, _CALMEST = 40, 4, 0.2
# Noise is not the same in every picture; what is less above it is none. Chosen.
_ABOVE_NOISE = 1.6
# A box with fewer pixels tells nothing; light is told by so many columns beside the user.
_LEAST_PIXELS, _LEAST_BESIDE = 24, 12
# What differs by so many times the median is no matter of light; chosen.
_OUTLIER = 4.0
# Change.since_look of 1.
_MATTERS_CM = 1.0
# An empty room: cells of so many pixels, how many times above the usual counts, in grey levels at
# least so much, and which share of all cells is somebody. Chosen.
_CELL, _UNUSUAL, _LEAST_LEVELS, _SOMEBODY = 4, 4.0, 1.5, 0.02
_HABIT = 0.05


def small_of(image: Image) -> Image:
    """*image* (height, width, 3) BGR or (height, width) grey, reduced to a glance's size."""
    height, width = image.shape[:2]
    size = (WIDTH_PX, max(1, round(height * WIDTH_PX / width)))
    if (width, height) != size:
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    if image.ndim == 3:
        image = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)
    return image


class ChangeMeter:
    """Measures glances against the last look. One for each time a camera is open."""

    def __init__(self) -> None:
        self._reference: _Grey | None = None
        self._last: _Grey | None = None
        self._body: tuple[Body, tuple[int, int]] | None = None
        self._noise = {part: _Noise() for part in ("head", "trunk")}
        self._habits: _Grey | None = None

    def look(self, small: Image, body: Body | None, size: tuple[int, int]) -> None:
        """Compare with *small* from now on, in which *body* was found (in pixels of *size*)."""
        self._reference = small.astype(np.float32)
        self._body = None if body is None else (body, size)

    def glance(self, small: Image) -> Change:
        """How far *small* differs."""
        now = small.astype(np.float32)
        reference, last = self._reference, self._last
        self._last = now
        if reference is None or reference.shape != now.shape:
            return Change(None, None)
        if last is None or last.shape != now.shape:
            last = None
        if self._body is None:
            return self._in_empty_room(reference, last, now)
        return self._around(*self._body, reference, last, now)

    # -- the user is there

    def _around(
        self, body: Body, size: tuple[int, int], reference: _Grey, last: _Grey | None, now: _Grey
    ) -> Change:
        boxes = {"head": _slices(body.head, now), "trunk": _slices(body.trunk, now)}
        beside = np.ones(now.shape[1], bool)
        for box in boxes.values():
            if box is not None:
                beside[box[1]] = False
        cm = body.cm_per_px * size[0] / now.shape[1]
        told: list[tuple[float | None, float | None]] = []
        lit = _evened(reference, now, beside)
        before = None if last is None else _evened(last, now, beside)
        for part, box in boxes.items():
            if box is None:
                continue
            noise = self._noise[part]
            if before is not None and last is not None:
                noise.see(_left_over(last[box], before[box]))
            limit = noise.level
            if limit is None:
                told.append((None, None))
                continue
            told.append(
                (
                    _displacement(reference[box], lit[box], limit, cm),
                    None
                    if before is None or last is None
                    else _displacement(last[box], before[box], limit, cm),
                )
            )
        return Change(_most([one for one, _ in told]), _most([other for _, other in told]))

    # -- nobody is there

    def _in_empty_room(self, reference: _Grey, last: _Grey | None, now: _Grey) -> Change:
        everywhere = np.ones(now.shape[1], bool)
        away = np.abs(_cells(_evened(reference, now, everywhere) - reference))
        if last is None:
            return Change(None, None)
        step = np.abs(_cells(_evened(last, now, everywhere) - last))
        habits = self._habits
        if habits is None or habits.shape != step.shape:
            habits = np.full(step.shape, float(np.median(step)), np.float32)
        usual = np.maximum(_UNUSUAL * habits, _LEAST_LEVELS)
        self._habits = habits + _HABIT * (np.minimum(step, 2 * usual) - habits)
        return Change(
            float((away > usual).mean()) / _SOMEBODY, float((step > usual).mean()) / _SOMEBODY
        )


class _Noise:
    """What two pictures of the same scene differ by, from the calmest moments of late."""

    def __init__(self) -> None:
        self._steps: deque[float] = deque(maxlen=_REMEMBERED)

    def see(self, step: float) -> None:
        """Take the mean square difference of two glances in a row."""
        self._steps.append(step)

    @property
    def level(self) -> float | None:
        """Mean square difference that noise makes; None as long as it is not known."""
        if len(self._steps) < _FEWEST:
            return None
        return max(float(np.quantile(np.array(self._steps), _CALMEST)), _LEAST_NOISE)


def _slices(box: Box | None, grey: _Grey) -> tuple[slice, slice] | None:
    if box is None:
        return None
    height, width = grey.shape
    rows = slice(int(box.top * height), int(np.ceil(box.bottom * height)))
    columns = slice(int(box.left * width), int(np.ceil(box.right * width)))
    if (rows.stop - rows.start) * (columns.stop - columns.start) < _LEAST_PIXELS:
        return None
    return rows, columns


def _evened(before: _Grey, now: _Grey, beside: npt.NDArray[np.bool_]) -> _Grey:
    """*now* in the light of *before*: without exposure, and without lamps' bands across.

    ``beside``: the columns that tell; where they are few, *now* stays as it is.
    """
    if int(beside.sum()) < _LEAST_BESIDE:
        return now
    one, other = before[:, beside], now[:, beside]
    fitted = _fitted(one, other)
    # Once more without what has moved there.
    apart = np.abs(fitted(other) - one)
    still = apart <= _OUTLIER * max(float(np.median(apart)), 0.5)
    fitted = _fitted(one[still], other[still])
    bands = np.median(fitted(other) - one, axis=1, keepdims=True)
    evened: _Grey = fitted(now) - bands
    return evened


def _fitted(before: _Grey, now: _Grey) -> Callable[[_Grey], _Grey]:
    """What gives *now* the brightness and contrast of *before*."""
    middle, goal = _mean(now), _mean(before)
    off = now - middle
    spread = _mean(off * off)
    gain = _mean(off * (before - goal)) / spread if spread > _LEAST_NOISE else 1.0
    # Pictures that have nothing in common would be flattened away.
    gain = min(max(gain, 0.5), 2.0)

    def fit(grey: _Grey) -> _Grey:
        return np.float32(gain) * (grey - np.float32(middle)) + np.float32(goal)

    return fit


def _mean(of: _Grey) -> float:
    # For so few pixels half the time of ``of.mean()``, and it is asked for fifty times a glance.
    return float(np.add.reduce(of, axis=None)) / of.size


def _left_over(before: _Grey, now: _Grey) -> float:
    """Mean square difference after a fit: the lamp or the screen may light the user anew."""
    apart = _fitted(before, now)(now) - before
    return _mean(apart * apart)


def _displacement(before: _Grey, now: _Grey, noise: float, cm: float) -> float | None:
    """By how many of the centimetres that matter *before* has moved to give *now*.

    None when as much could hide in the noise.
    """
    down, right = (np.asarray(slope, np.float32) for slope in np.gradient(before))
    steep = _mean(down**2 + right**2) / 2
    least = (_ABOVE_NOISE - 1) * noise
    if steep <= 0 or least / steep * cm**2 > _MATTERS_CM**2:
        return None
    apart = _left_over(before, now) - noise
    return 0.0 if apart < least else float(np.sqrt(apart / steep)) * cm / _MATTERS_CM


def _most(told: list[float | None]) -> float | None:
    """The largest; None where one part cannot be told and the others are still."""
    known = [value for value in told if value is not None]
    if len(known) < len(told) and (not known or max(known) < 1):
        return None
    return max(known, default=None)


def _cells(grey: _Grey) -> _Grey:
    height, width = (length // _CELL * _CELL for length in grey.shape)
    cut = grey[:height, :width].reshape(height // _CELL, _CELL, width // _CELL, _CELL)
    cells: _Grey = cut.mean(axis=(1, 3))
    return cells
