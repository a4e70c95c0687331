"""Every threshold moves the level it names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posture.clock import Instant
from posture.core.levels import Levels
from posture.core.metrics import Metrics
from posture.core.reading import Level
from posture.core.thresholds import BANDED, NEAR, Thresholds

ZERO = Instant(0.0, 0)


def level_of(banded: str, value: float, thresholds: Thresholds) -> Level:
    measure = {NEAR: "distance_cm", "head_extension_deg": "head_flexion_deg"}.get(banded, banded)
    sign = -1 if banded == "head_extension_deg" else 1
    metrics = Metrics(ZERO, **{measure: sign * value})
    return Levels(0.0, thresholds).judge(metrics)[measure]


@pytest.mark.parametrize("banded", BANDED)
def test_every_threshold_moves_the_level_it_names(banded: str) -> None:
    stem, _, unit = banded.rpartition("_")
    warn, limit = f"{stem}_warn_{unit}", f"{stem}_limit_{unit}"
    usual = Thresholds()
    between = (getattr(usual, warn) + getattr(usual, limit)) / 2
    further = {limit: between + (0.1 if banded == NEAR else -0.1)}
    later = {warn: between + (-0.1 if banded == NEAR else 0.1)}

    assert level_of(banded, between, usual) is Level.WARN
    assert level_of(banded, between, replace(usual, **further)) is Level.LIMIT
    assert level_of(banded, between, replace(usual, **later)) is Level.GOOD


@pytest.mark.parametrize("banded", BANDED)
def test_a_softened_threshold_is_crossed_later(banded: str) -> None:
    usual = Thresholds()
    at_warn = usual.band(banded).warn * (0.999 if banded == NEAR else 1.001)

    assert level_of(banded, at_warn, usual) is Level.WARN
    assert level_of(banded, at_warn, usual.softened({banded: 1.15})) is Level.GOOD


def test_far_and_the_common_scale_count_too() -> None:
    usual = Thresholds()

    assert level_of(NEAR, 105.0, usual) is Level.WARN
    assert level_of(NEAR, 105.0, replace(usual, far_warn_cm=120.0)) is Level.GOOD
    assert level_of("slump_cm", 2.8, usual) is Level.WARN
    assert level_of("slump_cm", 2.8, replace(usual, scale=1.2)) is Level.GOOD
