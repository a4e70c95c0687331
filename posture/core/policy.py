"""Policy: every interval and switch the core obeys, and its thresholds.

A number without a source is marked "chosen".
"""

from __future__ import annotations

from dataclasses import dataclass, field

from posture.core.described import BadValue, Form, Section, setting
from posture.core.thresholds import Thresholds


@dataclass(frozen=True)
class PosturePolicy(Section):
    """When a posture that is held too long is worth a word."""

    enabled: bool = setting(True, "Remind when a strained posture is held.")
    # RULA calls a posture static after 10 min, ISO 11226 allows 1-8 min; these are chosen.
    warn_s: float = setting(
        180.0,
        "Held this long beyond warn: remind.",
        unit="s",
        lo=20,
        hi=3600,
        gentle=300.0,
        strict=120.0,
    )
    limit_s: float = setting(
        60.0,
        "Held this long beyond limit: remind.",
        unit="s",
        lo=5,
        hi=1800,
        gentle=120.0,
        strict=45.0,
    )
    # ISO 11226 lets the head be held 25 deg down for 8 min; keyboard and phone are looked at less.
    head_down_s: float = setting(
        300.0,
        "Only the head bowed far: remind after this.",
        unit="s",
        lo=30,
        hi=3600,
        gentle=480.0,
        strict=180.0,
    )
    cooldown_min: float = setting(
        10.0,
        "Rest between two posture reminders; 2x and 4x when they are ignored.",
        unit="min",
        lo=1,
        hi=120,
        gentle=20.0,
        strict=8.0,
    )
    max_per_hour: int = setting(
        3, "Most posture reminders in an hour.", lo=1, hi=12, gentle=2, strict=4
    )
    # Science 5: correcting for 10 s or more.
    correct_s: float = setting(
        10.0, "Corrected this long: heeded, and the count starts afresh.", unit="s", lo=2, hi=120
    )
    heed_s: float = setting(
        120.0, "Time to correct before a reminder counts as ignored.", unit="s", lo=10, hi=900
    )

    def check(self) -> None:
        """The limit may not be more patient than the warn."""
        if self.limit_s > self.warn_s:
            raise BadValue("limit_s", self.limit_s, f"at most warn_s ({self.warn_s:g})")


@dataclass(frozen=True)
class ClosePolicy(Section):
    """When too small a distance to the screen is worth a word."""

    enabled: bool = setting(True, "Remind when the eyes are too close to the screen.")
    warn_s: float = setting(60.0, "Held this long close: remind.", unit="s", lo=5, hi=1800)
    limit_s: float = setting(20.0, "Held this long much too close: remind.", unit="s", lo=3, hi=900)
    leave_cm: float = setting(
        3.0,
        "Back by this much beyond the threshold counts as moved back.",
        unit="cm",
        lo=0.5,
        hi=20,
    )
    cooldown_min: float = setting(
        10.0,
        "Rest between two such reminders; 2x and 4x when ignored.",
        unit="min",
        lo=1,
        hi=120,
        gentle=20.0,
    )

    def check(self) -> None:
        """The limit may not be more patient than the warn."""
        if self.limit_s > self.warn_s:
            raise BadValue("limit_s", self.limit_s, f"at most warn_s ({self.warn_s:g})")


@dataclass(frozen=True)
class SittingPolicy(Section):
    """The sitting clock and the reminder to stand up."""

    enabled: bool = setting(True, "Remind to stand up.")
    # HSE L26: 5-10 min per 50-60 min; ROSA: over 60 min continuous is worst.
    nudge_min: float = setting(
        60.0,
        "Sitting this long: stand up and drink some water.",
        unit="min",
        lo=5,
        hi=240,
        gentle=75.0,
        strict=30.0,
        rhythm=20.0,
    )
    soft_before_min: float = setting(
        10.0,
        "So long before it the icon shows a soft sign.",
        unit="min",
        lo=0,
        hi=60,
        strict=5.0,
        rhythm=2.0,
    )
    repeat_min: float = setting(
        15.0, "Say it again after this.", unit="min", lo=3, hi=120, rhythm=10.0
    )
    repeats: int = setting(2, "Say it again at most so often; then only the icon.", lo=0, hi=10)
    # Galinsky 2000, 2007: five-minute breaks; Duran 2023: 5 min per 30.
    break_min: float = setting(
        5.0,
        "Away this long: the sitting clock starts at zero.",
        unit="min",
        lo=1,
        hi=60,
        rhythm=2.0,
    )
    credit: float = setting(
        10.0,
        "Shorter breaks take this many times their length off the clock (chosen).",
        lo=0,
        hi=60,
    )
    min_break_s: float = setting(
        60.0, "Away for less gives no credit; the clock only waits.", unit="s", lo=10, hi=600
    )
    unknown_s: float = setting(
        120.0, "Not seen: the clock runs on for this long, then waits.", unit="s", lo=0, hi=1800
    )

    def check(self) -> None:
        """A short break must be shorter than a whole one."""
        if self.min_break_s > self.break_min * 60:
            allowed = f"at most break_min ({self.break_min:g} min)"
            raise BadValue("min_break_s", self.min_break_s, allowed)


@dataclass(frozen=True)
class StandingPolicy(Section):
    """Standing: not too long at a time, enough in a day."""

    enabled: bool = setting(True, "Remind when standing still for too long.")
    # Hedge (Cornell): 20 min sitting, 8 standing, 2 moving.
    long_min: float = setting(
        30.0, "Standing this long: move or sit.", unit="min", lo=3, hi=240, rhythm=8.0
    )
    then_move_min: float = setting(
        0.0,
        "Then move this long before sitting down (0 = just sit).",
        unit="min",
        lo=0,
        hi=30,
        rhythm=2.0,
    )
    # Buckley 2015: start at 2 h a day, progress to 4 h.
    goal_h: float = setting(2.0, "Upright hours a day to begin with.", unit="h", lo=0, hi=12)
    goal_max_h: float = setting(
        4.0, "Upright hours a day to grow to, half an hour a week once met.", unit="h", lo=0, hi=12
    )

    def check(self) -> None:
        """The goal grows, it does not shrink."""
        if self.goal_h > self.goal_max_h:
            raise BadValue("goal_h", self.goal_h, f"at most goal_max_h ({self.goal_max_h:g})")


@dataclass(frozen=True)
class EyesPolicy(Section):
    """Rest for the eyes."""

    enabled: bool = setting(True, "Remind to look far away.")
    # 20-20-20 (American Optometric Association).
    near_min: float = setting(
        20.0, "Eyes on the screen this long: look far away.", unit="min", lo=5, hi=120, gentle=30.0
    )
    rest_s: float = setting(20.0, "Looking away this long is a rest.", unit="s", lo=5, hi=300)
    max_ignored: int = setting(
        3, "Ignored this often in a day: silent until tomorrow.", lo=1, hi=50
    )
    before_break_min: float = setting(
        10.0, "Left out when a break is due within this.", unit="min", lo=0, hi=60, rhythm=0.0
    )
    blinks: bool = setting(
        False, "Count blinks (needs 15 pictures a second, costs power); gives a tip only."
    )


@dataclass(frozen=True)
class MovePolicy(Section):
    """Any movement is better than none."""

    enabled: bool = setting(True, "Remind to shift after a long time without any movement.")
    # RULA: static beyond 10 min; 20 min chosen. Waongenngarm 2021: postural shifts help.
    still_min: float = setting(
        20.0, "No shift for this long: move a little.", unit="min", lo=5, hi=120, gentle=30.0
    )
    shift_cm: float = setting(3.0, "A move of this much is a shift.", unit="cm", lo=1, hi=20)
    shift_deg: float = setting(5.0, "A turn of this much is a shift.", unit="deg", lo=2, hi=30)
    shift_s: float = setting(5.0, "It must last this long.", unit="s", lo=1, hi=60)
    quiet_min: float = setting(
        10.0,
        "Not within this time of any other reminder, nor of a break that is due.",
        unit="min",
        lo=0,
        hi=60,
    )


@dataclass(frozen=True)
class DailyPolicy(Section):
    """A word at three totals of sitting in a day."""

    enabled: bool = setting(True, "Say when the day's sitting reaches the hours below.")
    first_h: float = setting(6.0, "First.", unit="h", lo=1, hi=20)
    second_h: float = setting(8.0, "Second.", unit="h", lo=1, hi=20)
    third_h: float = setting(10.0, "Third.", unit="h", lo=1, hi=20)

    def check(self) -> None:
        """They must rise."""
        if not self.first_h < self.second_h < self.third_h:
            allowed = f"between first_h ({self.first_h:g}) and third_h ({self.third_h:g})"
            raise BadValue("second_h", self.second_h, allowed)


@dataclass(frozen=True)
class LunchPolicy(Section):
    """Once a day: lunch outside, daylight, someone to talk to."""

    enabled: bool = setting(True, "Suggest lunch outside, once a day.")
    hours: str = setting("11:30-13:30", "When.", form=Form.HOURS)
    away_min: float = setting(20.0, "Away this long was lunch.", unit="min", lo=5, hi=180)

    def check(self) -> None:
        """Lunch needs a time."""
        if not self.hours:
            raise BadValue("hours", self.hours, "HH:MM-HH:MM (switch it off with enabled = false)")


@dataclass(frozen=True)
class TipsPolicy(Section):
    """Weekly advice from what was measured."""

    enabled: bool = setting(True, "Give a tip now and then, from what was measured.")
    every_days: int = setting(7, "Days between tips.", unit="days", lo=1, hi=60)


@dataclass(frozen=True)
class RemindersPolicy(Section):
    """What holds for every reminder."""

    max_per_hour: int = setting(6, "Most reminders of all kinds in an hour.", lo=1, hi=30, gentle=4)
    spacing_s: float = setting(
        120.0, "Least time between any two reminders (chosen).", unit="s", lo=0, hi=1800
    )
    # Bounded deferral (Horvitz 2005).
    defer_s: float = setting(
        120.0, "Wait at most this long for a natural pause in typing.", unit="s", lo=0, hi=600
    )
    pause_s: float = setting(
        3.0, "No key or mouse for this long is a natural pause.", unit="s", lo=1, hi=60
    )
    snooze_min: float = setting(5.0, "Default snooze.", unit="min", lo=1, hi=240)
    learn: bool = setting(True, "A wrong alarm makes that threshold laxer.")
    learn_step: float = setting(0.15, "By this share each time (chosen).", lo=0.01, hi=0.5)
    learn_max: float = setting(1.5, "Never laxer than this many times (chosen).", lo=1, hi=2)


@dataclass(frozen=True)
class SilencePolicy(Section):
    """When to say nothing."""

    in_meetings: bool = setting(True, "Silent while another program uses the camera.")
    release_camera: bool = setting(True, "And let go of the camera meanwhile.")
    in_full_screen: bool = setting(True, "Silent while a program fills the screen.")
    quiet_hours: str = setting("", "No reminders within these hours.", form=Form.HOURS)
    working_days: str = setting("mon-sun", "Days with reminders.", form=Form.DAYS)
    working_hours: str = setting("", "Reminders only within these hours.", form=Form.HOURS)
    close_camera: bool = setting(
        False, "Close the camera in quiet hours, outside working hours and on days off."
    )
    on_battery: str = setting(
        "slow",
        "On battery: look as usual, look less often, or pause (camera closed).",
        choices=("usual", "slow", "pause"),
    )


@dataclass(frozen=True)
class PacePolicy(Section):
    """How often to look."""

    interval_s: float = setting(
        0.5,
        "Shortest time between two looks at you. What does not move is looked at less.",
        unit="s",
        lo=0.05,
        hi=5,
    )
    slow_s: float = setting(
        3.0,
        "The same on battery and while nobody is there.",
        unit="s",
        lo=0.2,
        hi=10,
    )


@dataclass(frozen=True)
class Rules:
    """What the user can set of what the core obeys: one table of the settings file each."""

    posture: PosturePolicy = field(default_factory=PosturePolicy)
    close: ClosePolicy = field(default_factory=ClosePolicy)
    sitting: SittingPolicy = field(default_factory=SittingPolicy)
    standing: StandingPolicy = field(default_factory=StandingPolicy)
    eyes: EyesPolicy = field(default_factory=EyesPolicy)
    move: MovePolicy = field(default_factory=MovePolicy)
    daily: DailyPolicy = field(default_factory=DailyPolicy)
    lunch: LunchPolicy = field(default_factory=LunchPolicy)
    tips: TipsPolicy = field(default_factory=TipsPolicy)
    reminders: RemindersPolicy = field(default_factory=RemindersPolicy)
    silence: SilencePolicy = field(default_factory=SilencePolicy)
    pace: PacePolicy = field(default_factory=PacePolicy)
    thresholds: Thresholds = field(default_factory=Thresholds)


@dataclass(frozen=True)
class Policy(Rules):
    """Everything the core obeys."""

    language: str = "en"
    screen_diagonal_in: float | None = None
