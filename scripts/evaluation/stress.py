"""The single pictures as worse cameras would have taken them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from evaluation import stills
from evaluation.landmarking import Landmarking
from evaluation.scoring import Scores
from posture.sense.frame import Image

# Strengths: chosen as what bad but usable webcams do.
_DIM, _NOISE = 0.35, 6.0
_BLUR_PX = 1.5
_QUALITY = 25
_SMALL = (320, 240)
# First radial coefficient, over half the picture's diagonal: a cheap wide lens.
_BARREL = -0.12


@dataclass(frozen=True, slots=True)
class Stress:
    """Scores under each alteration; "as taken" among them."""

    scores: Mapping[str, Scores]
    refused: Mapping[str, int]


def evaluate(folder: Path, landmarking: Landmarking) -> Stress:
    """Calibrate and read every picture of *folder* under each alteration."""
    found = {
        name: stills.evaluate(folder, landmarking, alteration)
        for name, alteration in ALTERATIONS.items()
    }
    return Stress(
        {name: each.overall for name, each in found.items()},
        {name: len(each.refused) for name, each in found.items()},
    )


def _dim(image: Image) -> Image:
    noise = np.random.default_rng(1).normal(0.0, _NOISE, image.shape)
    return np.clip(image * _DIM + noise, 0, 255).astype(np.uint8)


def _blurred(image: Image) -> Image:
    return cv2.GaussianBlur(image, (0, 0), _BLUR_PX).astype(np.uint8, copy=False)


def _compressed(image: Image) -> Image:
    _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_BGR), np.uint8)


def _small(image: Image) -> Image:
    return cv2.resize(image, _SMALL, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _barrel(image: Image) -> Image:
    height, width = image.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    x, y = x - width / 2, y - height / 2
    squared = (x * x + y * y) / ((width / 2) ** 2 + (height / 2) ** 2)
    # Straight lines bow outwards, as before a wide lens; the middle keeps its scale.
    stretch = 1 / (1 + _BARREL * squared)
    source_x, source_y = x * stretch + width / 2, y * stretch + height / 2
    return cv2.remap(
        image, source_x, source_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.uint8, copy=False)


ALTERATIONS: Mapping[str, Callable[[Image], Image] | None] = {
    "as taken": None,
    "dim and noisy": _dim,
    "blurred": _blurred,
    "compressed": _compressed,
    "320×240": _small,
    "wide lens": _barrel,
}
