"""Every story is told at four rates of pictures, with jitter and lost pictures."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from scenarios.story import THIN_S, Story, play

Tell = Callable[..., Story]


@pytest.fixture(params=[1, 2, 5, 15], ids="{}Hz".format)
def tell(request: pytest.FixtureRequest) -> Tell:
    """Play a timeline at one of the rates; a module of long stories names its own THIN_S."""
    return partial(play, hz=request.param, thin_s=getattr(request.module, "THIN_S", THIN_S))
