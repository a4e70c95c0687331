"""Video files: every picture once, in order, at its own time."""

from __future__ import annotations

from pathlib import Path

import pytest
from media import number_of, turn_film, write_film, write_uneven_film

from posture.clock import Instant
from posture.errors import SourceNotFound, SourceUnreadable, UsageError
from posture.sense.video import VideoSource
from posture.sense.window import Window

EPOCH = Instant(1000.0, 1_700_000_000_000_000)
DESK = Path(__file__).parents[1] / "data" / "sources" / "desk.mp4"
UNEVEN_MS = [0, 33, 900, 1000, 1050, 2500, 2600, 8000, 8033, 8066]
# Longer than what is skipped without decoding before a late start.
LONG_UNEVEN_MS = [0, 40, 3000, 5000, 9000, 15000, 15040, 20000, 27000, 31000]


def seen(source: VideoSource) -> list[tuple[int, int]]:
    """(number of the picture, its time in ms) of everything the source yields."""
    return [
        (number_of(frame.image), round((frame.at - source.epoch) * 1000))
        for frame in source.frames()
    ]


def test_a_real_clip_gives_every_picture_at_its_time() -> None:
    with VideoSource(DESK, EPOCH) as source:
        frames = list(source.frames())
    assert [frame.size for frame in frames] == [(320, 240)] * 12
    assert [frame.at - EPOCH for frame in frames] == pytest.approx(
        [index / 3 for index in range(12)], abs=0.001
    )
    assert [frame.at.wall_us - EPOCH.wall_us for frame in frames] == pytest.approx(
        [index * 1e6 / 3 for index in range(12)], abs=1000
    )
    assert not source.live
    assert not source.independent
    assert source.name == "desk.mp4"


def test_a_source_can_be_read_again() -> None:
    source = VideoSource(DESK, EPOCH)
    assert [f.at for f in source.frames()] == [f.at for f in source.frames()]


def test_an_uneven_film_keeps_its_times(tmp_path: Path) -> None:
    film = write_uneven_film(tmp_path / "film.mkv", UNEVEN_MS)
    assert seen(VideoSource(film, EPOCH)) == list(enumerate(UNEVEN_MS))


def test_times_that_go_back_or_stand_still_are_mended(tmp_path: Path) -> None:
    # Some recorders write such times; every picture still has its own, later than the last.
    film = write_uneven_film(tmp_path / "film.mkv", [0, 100, 100, 40, 700])
    numbers, times = zip(*seen(VideoSource(film, EPOCH)), strict=True)
    assert numbers == (0, 1, 2, 3, 4)
    assert times == (0, 100, 200, 300, 700)


def test_a_window_and_a_rate(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mp4", pictures=20, fps=10)
    window = Window(start_s=0.5, duration_s=1.0, fps=5)
    assert seen(VideoSource(film, EPOCH, window)) == [
        (5, 500), (7, 700), (9, 900), (11, 1100), (13, 1300)
    ]  # fmt: skip


@pytest.mark.parametrize("fps", [5, 10])
def test_a_late_start_gives_the_same_pictures_as_reading_from_the_beginning(
    tmp_path: Path, fps: float
) -> None:
    film = write_film(tmp_path / "film.mp4", pictures=25, fps=1)
    window = Window(start_s=17.0, fps=fps)
    assert seen(VideoSource(film, EPOCH, window)) == [
        (number, number * 1000) for number in range(17, 25)
    ]


@pytest.mark.parametrize("start_s", [12.0, 16.0, 21.0, 28.0])
def test_a_late_start_in_an_uneven_film(tmp_path: Path, start_s: float) -> None:
    film = write_uneven_film(tmp_path / "film.mkv", LONG_UNEVEN_MS)
    expected = [pair for pair in enumerate(LONG_UNEVEN_MS) if pair[1] >= start_s * 1000]
    assert seen(VideoSource(film, EPOCH, Window(start_s=start_s))) == expected


def test_a_window_behind_the_end_is_said(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mp4", pictures=10, fps=10)
    with pytest.raises(UsageError, match=r"film\.mp4 ends at 0\.9 s.*--start"):
        list(VideoSource(film, EPOCH, Window(start_s=100.0)).frames())


def test_a_turned_film_is_shown_upright(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mp4", pictures=3, fps=10)
    assert next(VideoSource(film, EPOCH).frames()).size == (64, 48)
    assert next(VideoSource(turn_film(film), EPOCH).frames()).size == (48, 64)


def test_an_absent_file(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFound, match=r"no\.mp4"):
        VideoSource(tmp_path / "no.mp4", EPOCH)


@pytest.mark.parametrize("content", [b"", b"not a film" * 100, DESK.read_bytes()[:400]])
def test_a_file_that_is_no_video(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(content)
    with pytest.raises(SourceUnreadable, match=r"film\.mp4"):
        VideoSource(path, EPOCH)


def test_a_film_without_pictures(tmp_path: Path) -> None:
    path = write_film(tmp_path / "film.avi", pictures=0, fps=10)
    with pytest.raises(SourceUnreadable, match=r"film\.avi"):
        VideoSource(path, EPOCH)
