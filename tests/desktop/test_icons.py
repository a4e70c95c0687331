from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from posture.desktop.icon_state import IconState
from posture.desktop.icons import draw

PANELS = {"white": 255, "light": 246, "dark": 43, "black": 0}


def luminance(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """WCAG relative luminance of sRGB 0–1."""
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    result: NDArray[np.float64] = linear @ np.array([0.2126, 0.7152, 0.0722])
    return result


def on_panel(state: IconState, grey: int, size: int = 16) -> NDArray[np.float64]:
    """Relative luminance of each pixel of the icon on a panel of that grey: no colour left."""
    panel = Image.new("RGBA", (size, size), (grey, grey, grey, 255))
    panel.alpha_composite(draw(state, size))
    return luminance(np.asarray(panel.convert("RGB"), dtype=np.float64) / 255)


@pytest.mark.parametrize("panel", PANELS)
def test_every_two_states_differ_at_16_px_without_colour(panel: str) -> None:
    for one, other in combinations(IconState, 2):
        first, second = on_panel(one, PANELS[panel]), on_panel(other, PANELS[panel])
        ratio = (np.maximum(first, second) + 0.05) / (np.minimum(first, second) + 0.05)
        plainly_different = np.count_nonzero(ratio > 1.5)

        assert plainly_different >= 50, f"{one} and {other} are too alike on {panel}"


@pytest.mark.parametrize("state", IconState)
@pytest.mark.parametrize("panel", PANELS)
def test_each_icon_stands_out_on_each_panel(state: IconState, panel: str) -> None:
    ground = luminance(np.full(3, PANELS[panel] / 255))
    icon = on_panel(state, PANELS[panel], 32)
    ratio = (np.maximum(icon, ground) + 0.05) / (np.minimum(icon, ground) + 0.05)

    # Non-text contrast of WCAG 2.1: 3:1; enough of the icon must have it to carry the shape.
    assert np.count_nonzero(ratio >= 3.0) >= 0.13 * icon.size


@pytest.mark.parametrize("size", [16, 22, 48])
def test_an_icon_has_the_size_asked_for_and_uses_its_room(size: int) -> None:
    for state in IconState:
        icon = draw(state, size)
        box = icon.getchannel("A").getbbox()

        assert icon.size == (size, size)
        assert box is not None
        assert max(box[2] - box[0], box[3] - box[1]) >= 0.8 * size


def test_a_break_that_is_due_adds_a_mark_to_every_state() -> None:
    for state in IconState:
        plain = np.asarray(draw(state, 16), dtype=int)
        marked = np.asarray(draw(state, 16, break_due=True), dtype=int)

        assert np.count_nonzero(np.abs(plain - marked).max(axis=2) > 60) >= 12


def test_the_notification_icon_is_the_drawn_one() -> None:
    stored = Image.open(Path("posture/desktop/posture.png")).convert("RGBA")
    drawn = draw(IconState.GOOD, 128)

    assert stored.size == drawn.size
    assert np.abs(np.asarray(stored, dtype=int) - np.asarray(drawn, dtype=int)).mean() < 1.0
