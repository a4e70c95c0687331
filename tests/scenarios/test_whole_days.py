"""Whole days as people spend them, with all reminders on and every single event compared.

Times of reminders are those of the rules: while somebody types they wait for up to two minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from posture.core.described import Preset
from posture.settings import describe
from scenarios.story import Story, play

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
# The evening before the clocks are put forward in Berlin.
SATURDAY = datetime(2026, 3, 28, 19, tzinfo=UTC)
RHYTHM = " ".join(
    f"{one.name}={one.presets[Preset.RHYTHM]}" for one in describe() if Preset.RHYTHM in one.presets
)
Tell = Callable[..., Story]


@pytest.fixture(params=[1, 5], ids="{}Hz".format)
def tell(request: pytest.FixtureRequest) -> Tell:
    """Play a day at one of two rates, with jitter and lost pictures."""
    return partial(play, hz=request.param, thin_s=6.0)


def berlin(wall_us: int) -> datetime:
    """Local time where the clocks change."""
    return datetime.fromtimestamp(wall_us / 1e6, ZoneInfo("Europe/Berlin"))


def test_an_office_day(tell: Tell) -> None:
    """Two words for the eyes, a slouch given up in time, lunch, a call, and eyes left alone."""
    day = """
        upright+typing 25m, turned+idle 30s, upright+typing 30m, away+idle 6m,
        upright+typing 18m, slouch+typing 3m, upright+typing 14m, turned+idle 40s,
        reclined+idle 20m, away+idle 2m, upright+typing 15m, away+locked 50m,
        upright+typing 70m, away+idle 8m,
        head_down+idle 90s, upright+typing 15m, phone_at_ear+idle 2m, turned+idle 30s,
        upright+meeting+typing 30m, upright+typing 10m, away+idle 5m30s,
        close+typing 4m, upright+typing 14m, turned+idle 25s, upright+typing 16m
    """
    tell(day, start=MONDAY).expect("""
        0:00 starts upright
        22:05 reminder look_away since 0:00
        24:11 expired look_away
        25:00 posture looking_away
        25:30 posture upright
        47:37 reminder look_away since 25:30
        49:39 expired look_away
        55:30 leaves
        1:01:30 starts upright
        1:19:30 posture slouch
        1:22:30 reminder look_away since 1:01:31
        1:22:30 posture upright
        1:24:35 expired look_away
        1:36:30 posture looking_away
        1:37:10 posture reclined
        1:57:10 leaves
        1:59:10 starts upright
        2:14:10 camera closed locked
        2:14:10 presence away locked
        2:14:10 posture away
        2:14:10 sitting away
        3:04:11 camera open
        3:04:11 starts upright
        4:06:17 reminder stand since 3:04:11
        4:14:10 leaves
        4:15:10 heeded stand
        4:22:10 starts head_down
        4:23:40 posture upright
        4:38:40 posture head_tilt_right
        4:40:40 posture looking_away
        4:41:11 camera closed meeting
        4:41:11 vanishes meeting
        5:11:11 camera open
        5:11:11 comes_back upright
        5:21:10 leaves
        5:26:40 starts too_close
        5:29:46 reminder too_close since 5:26:40
        5:30:40 posture upright
        5:30:50 heeded too_close
        5:44:40 posture looking_away
        5:45:05 posture upright""")


def test_a_day_at_home(tell: Tell) -> None:
    """A bent neck, a covered camera, lunch out, work on the feet, a pause."""
    day = """
        upright+typing 19m, turned+idle 30s, forward_head+typing 5m, upright+typing 12m,
        away+idle 10m, upright+idle 30m, covered+idle 8m, upright+typing 15m,
        away+idle 90s, upright+typing 25m, away+idle 70m,
        standing+typing 35m, upright+typing 12m, away+idle 3m, sip+idle 45s, upright+typing 19m,
        turned+idle 1m, !pause:30m, upright+typing 30m, upright+typing 16m,
        away+idle 20m, upright+typing 15m
    """
    tell(day, start=MONDAY.replace(hour=10)).expect("""
        0:00 starts upright
        19:00 posture looking_away
        19:30 posture forward_head
        22:32 reminder posture since 19:30
        24:30 posture upright
        24:40 heeded posture
        36:30 leaves
        46:30 starts upright
        1:06:38 reminder look_away since 46:31
        1:08:43 expired look_away
        1:16:30 vanishes covered
        1:18:30 sitting unknown
        1:24:30 starts upright
        1:36:42 reminder look_away since 1:06:38
        1:38:46 expired look_away
        1:39:30 leaves
        1:41:00 starts upright
        2:01:06 reminder lunch since 46:30
        2:06:00 leaves
        2:26:07 heeded lunch
        3:16:00 starts standing
        3:16:00 sitting standing
        3:38:07 reminder look_away since 3:16:00
        3:40:12 expired look_away
        3:48:02 reminder standing_long since 3:16:00
        3:51:00 sits upright
        3:53:03 heeded standing_long
        4:03:00 leaves
        4:06:00 starts upright
        4:25:45 posture looking_away
        4:26:45 camera closed paused
        4:26:45 vanishes paused
        4:56:45 camera open
        4:56:45 comes_back looking_away
        4:56:45 posture upright
        5:08:12 reminder stand since 4:06:00
        5:12:45 leaves
        5:13:45 heeded stand
        5:32:45 starts upright""")


def test_an_evening_of_games(tell: Tell) -> None:
    """Full screen is silent throughout; what is still due is said after it."""
    day = """
        upright+idle 10m, slouch+full+typing 50m, upright+full+typing 30m, upright+idle 3m,
        away+idle 4m, slouch+full+typing 40m, slouch+idle 90s, upright+idle 1m, away+idle 8m,
        statue+full+idle 45m,
        statue+idle 2m, turned+idle 30s, upright+full+typing 50m, upright+idle 1m
    """
    tell(day, start=MONDAY.replace(hour=18)).expect("""
        0:00 starts upright
        10:00 posture slouch
        1:00:00 posture upright
        1:30:03 reminder stand since 0:00
        1:33:00 leaves
        1:34:00 heeded stand
        1:37:00 starts slouch
        2:17:03 reminder posture since 1:37:00
        2:18:30 posture upright
        2:18:40 heeded posture
        2:19:03 reminder stand since 0:00
        2:19:30 leaves
        2:20:30 heeded stand
        2:27:30 starts upright
        3:12:30 reminder look_away since 2:27:31
        3:14:30 expired look_away
        3:14:30 posture looking_away
        3:15:00 posture upright
        4:05:03 reminder stand since 2:27:30""")


def test_a_day_of_meetings(tell: Tell) -> None:
    """Silent, the camera let go, a word when a call ends."""
    day = """
        upright+typing 15m, upright+meeting+typing 55m, upright+idle 5m, upright+meeting+typing 30m,
        away+idle 10m, upright+typing 12m, slouch+meeting+idle 45m, upright+typing 10m,
        away+locked 40m, upright+meeting+typing 60m, slouch+typing 90s, upright+typing 10m,
        away+idle 2m, upright+meeting+idle 50m, away+idle 15m, upright+typing 12m
    """
    tell(day, start=MONDAY).expect("""
        0:00 starts upright
        15:00 camera closed meeting
        15:00 vanishes meeting
        1:10:01 camera open
        1:10:01 reminder stand since 0:00
        1:10:01 comes_back upright
        1:15:00 camera closed meeting
        1:15:00 vanishes meeting
        1:20:06 expired stand (not seen)
        1:45:01 camera open
        1:45:01 reminder stand since 0:00
        1:45:01 comes_back upright
        1:45:01 leaves
        1:46:01 heeded stand
        1:55:00 starts upright
        2:07:01 camera closed meeting
        2:07:01 vanishes meeting
        2:09:01 sitting unknown
        2:52:00 camera open
        2:52:00 starts upright
        3:02:01 camera closed locked
        3:02:01 presence away locked
        3:02:01 posture away
        3:02:01 sitting away
        3:42:01 camera closed meeting
        3:42:01 vanishes meeting
        3:42:01 sitting sitting
        4:42:01 camera open
        4:42:01 comes_back upright
        4:42:01 reminder stand since 3:42:01
        4:42:01 posture slouch
        4:43:30 posture upright
        4:52:03 expired stand
        4:53:30 leaves
        4:55:30 camera closed meeting
        4:55:30 vanishes meeting
        4:57:30 sitting unknown
        5:45:31 camera open
        5:45:31 leaves
        6:00:30 starts upright""")


def test_a_day_of_twenty_eight_two(tell: Tell) -> None:
    """The rhythm kept, kept late, and kept by word where the camera cannot tell."""
    day = """
        upright+typing 20m30s, standing+typing 8m, standing+idle 30s,
        away+idle 2m10s,
        upright+typing 20m30s, standing+typing 8m, standing+idle 30s,
        away+idle 2m10s,
        upright+typing 34m, standing+typing 12m, away+idle 3m,
        upright+typing 20m, upright+idle 30s, away+idle 45m,
        upright+typing 21m, !standing, upright+typing 9m, !sitting, away+idle 3m,
        upright+typing 20m, slouch+typing 2m, standing+typing 8m, standing+idle 30s,
        away+idle 3m,
        upright+typing 10m
    """
    tell(day, start=MONDAY.replace(hour=10), settings=RHYTHM).expect("""
        0:00 starts upright
        20:30 stands
        22:06 reminder look_away since 0:00
        24:09 expired look_away
        28:33 reminder standing_long since 20:30
        29:00 leaves
        30:00 heeded standing_long
        31:10 starts upright
        51:40 stands
        53:23 reminder look_away since 31:10
        55:23 expired look_away
        59:43 reminder standing_long since 51:40
        1:00:10 leaves
        1:01:10 heeded standing_long
        1:02:20 starts upright
        1:24:28 reminder stand since 1:02:20
        1:32:07 reminder lunch since 1:02:20
        1:34:29 expired stand
        1:36:20 posture standing
        1:36:29 reminder stand since 1:02:20
        1:36:20 sitting standing
        1:37:20 heeded stand
        1:46:28 reminder standing_long since 1:36:20
        1:48:20 leaves
        1:49:20 heeded standing_long
        1:51:20 starts upright
        2:11:22 reminder stand since 1:51:20
        2:11:50 leaves
        2:12:50 heeded stand
        2:31:51 heeded lunch
        2:56:50 starts upright
        3:17:50 sitting standing
        3:18:54 reminder look_away since 2:56:51
        3:20:58 expired look_away
        3:26:50 sitting sitting
        3:26:50 leaves
        3:29:50 starts upright
        3:49:50 posture slouch
        3:51:50 reminder posture since 3:49:50
        3:51:50 stands
        3:52:01 heeded posture
        3:59:53 reminder standing_long since 3:51:50
        4:00:20 leaves
        4:01:20 heeded standing_long
        4:03:20 starts upright""")


def test_two_restless_half_days_and_the_night_the_clocks_change(tell: Tell) -> None:
    """Restarts, a night and an hour of sleep, a lost camera, a clock set back."""
    day = """
        upright+typing 18m, away+idle 90s, slouch+typing 90s, upright+typing 18m, away+idle 70s,
        upright+typing 12m, away+idle 4m, close+idle 50s, upright+typing 25m, !restart:30s,
        upright+typing 16m, away+idle 8m, upright+typing 10m,
        sleep 9h, upright+typing 30m, !restart:5m, upright+idle 27m, away+idle 50s,
        upright+idle 6m, lost+idle 40s, upright+typing 8m, away+idle 6m, !clock:-1h,
        upright+typing 18m, sleep 1h, upright+typing 25m, turned+idle 30s, upright+typing 37m
    """
    tell(day, start=SATURDAY, local=berlin).expect("""
        0:00 starts upright
        18:00 leaves
        19:30 starts slouch
        21:00 posture upright
        39:00 leaves
        40:10 starts upright
        52:10 leaves
        56:10 starts too_close
        57:00 posture upright
        1:18:14 reminder look_away since 56:10
        1:20:14 expired look_away
        1:22:30 starts upright
        1:38:30 leaves
        1:46:30 starts upright
        1:56:30 presence away asleep
        1:56:30 posture away
        1:56:30 sitting away
        10:56:30 starts upright
        11:18:38 reminder look_away since 10:56:30
        11:20:39 expired look_away
        11:31:30 starts upright
        11:43:45 reminder look_away since 11:18:38
        11:45:47 expired look_away
        11:58:30 steps_out
        11:59:20 comes_back upright
        12:00:20 reminder stand since 10:56:30
        12:05:20 camera lost unplugged
        12:05:20 vanishes unplugged
        12:06:00 comes_back upright
        12:06:00 camera open
        12:10:25 expired stand
        12:14:00 leaves
        12:20:00 starts upright
        12:38:00 presence away asleep
        12:38:00 posture away
        12:38:00 sitting away
        13:38:00 starts upright
        14:00:06 reminder look_away since 13:38:00
        14:02:07 expired look_away
        14:03:00 posture looking_away
        14:03:30 posture upright
        14:40:04 reminder stand since 13:38:00""")
