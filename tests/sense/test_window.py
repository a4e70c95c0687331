"""Which pictures of a recording are taken."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest

from posture.errors import UsageError
from posture.sense.window import Sampler, Window


def taken(window: Window, times_s: Sequence[float], first_gap_s: float = 0.0) -> list[float]:
    sampler = Sampler(window, first_gap_s)
    return [t_s for t_s in times_s if sampler.wants(t_s)]


def even(fps: float, seconds: float) -> list[float]:
    return [index / fps for index in range(round(seconds * fps))]


def test_without_wishes_everything_is_taken() -> None:
    assert taken(Window(), even(3, 5)) == even(3, 5)


def test_start_belongs_to_the_window_and_its_end_does_not() -> None:
    window = Window(start_s=1.0, duration_s=1.0)
    assert taken(window, even(4, 5)) == [1.0, 1.25, 1.5, 1.75]


def test_times_rounded_to_milliseconds_are_met() -> None:
    # 30 pictures a second as Matroska tells them: 0, 33, 67, 100 ms ...
    times_s = [round(index / 30, 3) for index in range(60)]
    window = Window(start_s=1 / 3, duration_s=1 / 3)
    assert taken(window, times_s) == times_s[10:20]


@pytest.mark.parametrize("fps", [1, 2, 3, 4, 7, 12.5])
def test_the_pictures_nearest_to_an_even_grid_are_taken(fps: float) -> None:
    times_s = even(30, 10)
    points = [index / fps for index in range(math.ceil(10 * fps))]
    chosen = taken(Window(fps=fps), times_s, 1 / 30)
    assert len(chosen) in (len(points), len(points) - 1)
    for point, t_s in zip(points, chosen, strict=False):
        assert abs(t_s - point) <= 1 / 60 + 0.002


def test_a_source_slower_than_the_grid_is_taken_whole_and_never_twice() -> None:
    assert taken(Window(fps=10), even(3, 5), 1 / 3) == even(3, 5)


def test_the_grid_begins_at_the_start() -> None:
    assert taken(Window(start_s=0.5, fps=1), even(10, 4), 0.1) == [0.5, 1.5, 2.5, 3.5]


def test_a_hole_swallows_no_later_point() -> None:
    times_s = [*even(10, 2), *(10 + t_s for t_s in even(10, 3))]
    assert taken(Window(fps=1), times_s, 0.1) == [0.0, 1.0, 10.0, 11.0, 12.0]


@pytest.mark.parametrize(
    ("start_s", "duration_s", "fps", "named"),
    [
        (-1.0, None, None, "start"),
        (math.nan, None, None, "start"),
        (0.0, 0.0, None, "duration"),
        (0.0, math.inf, None, "duration"),
        (0.0, None, 0.0, "fps"),
        (0.0, None, -2.0, "fps"),
    ],
)
def test_what_makes_no_window_is_refused(
    start_s: float, duration_s: float | None, fps: float | None, named: str
) -> None:
    with pytest.raises(UsageError, match=f"--{named}"):
        Window(start_s, duration_s, fps)
