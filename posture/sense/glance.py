"""A glance: a tiny grey picture, and how far it differs from an earlier one beyond noise and light.

Around the user the difference is told as a displacement: what is left of it after the best fit
in brightness and contrast, over how steep the picture is (the energy of optical flow). So it means
the same in bright and dim rooms, near and far, for every camera. Where nobody is, cells count
that differ by more than they are used to.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from posture.core.body import Body, Box
from posture.core.sampling import Change
from posture.sense.frame import Image
from posture.sense.opencv import cv2

WIDTH_PX = 80
# As a JPEG can be unpacked; the largest that leaves WIDTH_PX comes first.
STEPS = (8, 4, 2)
_Grey = npt.NDArray[np.float32]
_Slices = tuple[slice, slice]

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
    """*image* (height, width, 3) BGR or (height, width) grey, reduced to a glance's size.

    By whole steps as far as they go: so what comes of one that was unpacked smaller is the same.
    """
    height, width = image.shape[:2]
    size = (WIDTH_PX, max(1, round(height * WIDTH_PX / width)))
    while (step := step_of(image.shape[1])) is not None:
        image = _reduced(image, (-(-image.shape[1] // step), -(-image.shape[0] // step)))
    if image.shape[1::-1] != size:
        image = _reduced(image, size)
    if image.ndim == 3:
        image = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)
    return image


def step_of(width: int) -> int | None:
    """By which of STEPS a picture so wide is reduced first; None: by none of them."""
    return next((step for step in STEPS if width >= step * WIDTH_PX), None)


def _reduced(image: Image, size: tuple[int, int]) -> Image:
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


class ChangeMeter:
    """Measures glances against the last look. One for each time a camera is open."""

    def __init__(self) -> None:
        self._scene: _User | _Room | None = None
        self._last: _Grey | None = None
        self._noise = {"head": _Noise(), "trunk": _Noise()}
        self._habits = _Habits()

    def look(self, small: Image, body: Body | None, size: tuple[int, int]) -> None:
        """Compare with *small* from now on, in which *body* was found (in pixels of *size*)."""
        grey = small.astype(np.float32)
        self._scene = (
            _Room(grey, self._habits) if body is None else _User(grey, body, size, self._noise)
        )
        if self._last is not None and self._last.shape == grey.shape:
            self._scene.begin_after(self._last)

    def glance(self, small: Image) -> Change:
        """How far *small* differs."""
        now = small.astype(np.float32)
        self._last = now
        if self._scene is None or self._scene.shape != now.shape:
            return Change(None, None)
        return self._scene.change(now)


class _User:
    """Somebody is there: around head and trunk, how far what is seen has moved."""

    def __init__(
        self, grey: _Grey, body: Body, size: tuple[int, int], noise: Mapping[str, _Noise]
    ) -> None:
        self.shape = grey.shape
        boxes = {"head": _slices(body.head, grey), "trunk": _slices(body.trunk, grey)}
        cm = body.cm_per_px * size[0] / grey.shape[1]
        beside = np.ones(grey.shape[1], bool)
        for box in boxes.values():
            if box is not None:
                beside[box[1]] = False
        self._light = _Light(grey, beside)
        self._parts = {
            part: _Part(grey, box, cm, noise[part])
            for part, box in boxes.items()
            if box is not None
        }

    def begin_after(self, last: _Grey) -> None:
        """The glance before was *last*."""
        lit = self._light.evened(last)
        for part in self._parts.values():
            part.begin_after(lit)

    def change(self, now: _Grey) -> Change:
        lit = self._light.evened(now)
        told = {name: part.moved(lit) for name, part in self._parts.items()}
        return Change(
            _most([since_look for since_look, _ in told.values()]),
            _most([since_glance for _, since_glance in told.values()]),
            told["trunk"][0] if "trunk" in told else None,
        )


class _Part:
    """Head or trunk in the picture of the last look.

    ``last``: the same place at the glance before, in the same light.
    """

    def __init__(self, before: _Grey, box: _Slices, cm: float, noise: _Noise) -> None:
        self.last: _Patch | None = None
        self._box = box
        self._before = _Patch(before[box])
        self._noise = noise
        down, right = (np.asarray(slope, np.float32) for slope in np.gradient(before[box]))
        self._steep = _mean(down * down + right * right) / 2
        self._cm = cm

    def begin_after(self, lit: _Grey) -> None:
        """The glance before was *lit*."""
        self.last = _Patch(lit[self._box])

    def moved(self, lit: _Grey) -> tuple[float | None, float | None]:
        """How far since the look, and since the glance before; see Change."""
        now = _Patch(lit[self._box])
        last, self.last = self.last, now
        step = None if last is None else last.left_over(now)
        if step is not None:
            self._noise.see(step)
        noise = self._noise.level
        if noise is None:
            return None, None
        since_look = self._displacement(self._before.left_over(now), noise)
        return since_look, None if step is None else self._displacement(step, noise)

    def _displacement(self, left_over: float, noise: float) -> float | None:
        """By how many of the centimetres that matter it has moved to leave so much.

        None when as much could hide in the noise.
        """
        least = (_ABOVE_NOISE - 1) * noise
        if self._steep <= 0 or least / self._steep * self._cm**2 > _MATTERS_CM**2:
            return None
        apart = left_over - noise
        return 0.0 if apart < least else math.sqrt(apart / self._steep) * self._cm / _MATTERS_CM


class _Patch:
    """A part of a glance, kept as what its comparison with another takes: a few sums."""

    def __init__(self, grey: _Grey) -> None:
        flat = grey.astype(np.float64).ravel()
        self._off: npt.NDArray[np.float64] = flat - np.add.reduce(flat) / flat.size
        self._variance = self._shared(self)

    def left_over(self, now: _Patch) -> float:
        """Mean square difference of *now* after a fit: the lamp or the screen may light the user
        anew.
        """
        shared = self._shared(now)
        gain = _gain(shared, now._variance)
        return max(0.0, gain * (gain * now._variance - 2 * shared) + self._variance)

    def _shared(self, other: _Patch) -> float:
        return float(np.dot(self._off, other._off)) / self._off.size


class _Room:
    """Nobody is there: how much of it changes more than it is used to."""

    def __init__(self, grey: _Grey, habits: _Habits) -> None:
        self.shape = grey.shape
        self._light = _Light(grey, np.ones(grey.shape[1], bool))
        self._cells = _cells(grey)
        self._last: _Grey | None = None
        self._habits = habits

    def begin_after(self, last: _Grey) -> None:
        """The glance before was *last*."""
        self._last = _cells(self._light.evened(last))

    def change(self, now: _Grey) -> Change:
        cells = _cells(self._light.evened(now))
        last, self._last = self._last, cells
        if last is None:
            return Change(None, None)
        step = np.abs(cells - last)
        usual = self._habits.usual(step)
        apart = np.abs(cells - self._cells)
        return Change(_share(apart > usual) / _SOMEBODY, _share(step > usual) / _SOMEBODY)


class _Habits:
    """By how much each cell of an empty room differs from glance to glance."""

    def __init__(self) -> None:
        self._step: _Grey | None = None

    def usual(self, step: _Grey) -> _Grey:
        """What is not more than usual; takes *step* as one example more."""
        habit = self._step
        if habit is None or habit.shape != step.shape:
            habit = np.full(step.shape, float(np.median(step)), np.float32)
        usual: _Grey = np.maximum(_UNUSUAL * habit, _LEAST_LEVELS)
        self._step = habit + _HABIT * (np.minimum(step, 2 * usual) - habit)
        return usual


class _Light:
    """The light of one picture, told by some of its columns (``beside``), for others to be put in.

    Exposure and contrast are evened, and lamps' bands across. Where the columns are few, nothing
    is.
    """

    def __init__(self, before: _Grey, beside: npt.NDArray[np.bool_]) -> None:
        self._beside = beside if int(beside.sum()) >= _LEAST_BESIDE else None
        self._before = before[:, beside]

    def evened(self, now: _Grey) -> _Grey:
        """*now* in this light."""
        if self._beside is None:
            return now
        one, other = self._before, now[:, self._beside]
        # Without what has moved there.
        apart = other - one
        apart = np.abs(apart - _median(apart.ravel()))
        still = apart <= _OUTLIER * max(float(_median(apart.ravel())), 0.5)
        gain, level = _fit(one[still], other[still])
        bands = _median(gain * other + level - one)
        evened: _Grey = gain * now + (level - bands)[:, np.newaxis]
        return evened


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
        calmest = sorted(self._steps)[round(_CALMEST * (len(self._steps) - 1))]
        return max(calmest, _LEAST_NOISE)


def _slices(box: Box | None, grey: _Grey) -> _Slices | None:
    if box is None:
        return None
    height, width = grey.shape
    rows = slice(int(box.top * height), int(np.ceil(box.bottom * height)))
    columns = slice(int(box.left * width), int(np.ceil(box.right * width)))
    if (rows.stop - rows.start) * (columns.stop - columns.start) < _LEAST_PIXELS:
        return None
    return rows, columns


def _fit(before: _Grey, now: _Grey) -> tuple[np.float32, np.float32]:
    """Gain and level that give *now* the contrast and brightness of *before*."""
    middle, goal = _mean(now), _mean(before)
    off = now - np.float32(middle)
    gain = _gain(_mean(off * before), _mean(off * off))
    return np.float32(gain), np.float32(goal - gain * middle)


def _gain(shared: float, variance: float) -> float:
    """What gives a picture of this *variance* the contrast of another, *shared* the covariance."""
    # Contrast is of the differences; their own mean is none.
    gain = shared / variance if variance > _LEAST_NOISE else 1.0
    # Pictures that have nothing in common would be flattened away.
    return min(max(gain, 0.5), 2.0)


def _median(of: _Grey) -> _Grey:
    """Along the last axis. For so few pixels a third of the time of ``np.median``."""
    half = of.shape[-1] // 2
    middle: _Grey = np.partition(of, half, axis=-1)[..., half]
    return middle


def _mean(of: _Grey) -> float:
    # For so few pixels half the time of ``of.mean()``, and it is asked for thirty times a glance.
    return float(np.add.reduce(of, axis=None)) / of.size


def _share(of: npt.NDArray[np.bool_]) -> float:
    return int(np.count_nonzero(of)) / of.size


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
