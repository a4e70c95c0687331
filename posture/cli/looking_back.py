"""What the commands that look back share: which log, which days, in which words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, TypeVar

import click

from posture.cli import completion
from posture.cli.which_log import WhichLog, which_log
from posture.clock import SystemClock, local_zone
from posture.errors import OutputUnwritable, UsageError
from posture.journal.calendar import local_date, month_of, week_of
from posture.journal.day import Goals
from posture.journal.days import SUMMARY_MEASURES, latest_run, read
from posture.journal.drawing import Limits
from posture.journal.file import FILE_NAME
from posture.journal.reader import Reader
from posture.journal.rows import Records
from posture.journal.texts import LANGUAGES, Words
from posture.language import system_language
from posture.settings import AUTO, Settings
from posture.settings_file import user_settings

# chosen: a computer's clock starts in 1970; weeks around them and their moments exist too
_YEARS = range(1970, 3000)
# Report pages are kept here, in the folder of the log.
REPORTS = "reports"

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Looking:
    """The days asked for, seen from now."""

    log: WhichLog
    shown: Sequence[date]
    today: date
    now_us: int
    zone: tzinfo
    goals: Goals
    limits: Limits
    words: Words

    @property
    def one_day(self) -> bool:
        """Is a single day asked for?"""
        return len(self.shown) == 1

    @property
    def unfinished_us(self) -> int | None:
        """Now, when the last day asked for is not over yet."""
        return self.now_us if self.shown[-1] >= self.today else None


def day_options(command: F) -> F:
    """DATE, ``--week``, ``--month`` and ``--data-dir``, as every looking-back command has them."""
    for decorate in (
        click.option(
            "--data-dir",
            type=click.Path(path_type=Path),
            metavar="D",
            help="Read the log in this folder.",
        ),
        click.option("--month", is_flag=True, help="The whole month of DATE."),
        click.option("--week", is_flag=True, help="Monday to Sunday around DATE."),
        click.argument("day", metavar="[DATE]", required=False, shell_complete=completion.days),
    ):
        command = decorate(command)
    return command


def looking(day: str | None, *, week: bool, month: bool, data_dir: Path | None) -> Looking:
    """Understand what was asked. Raises :class:`UsageError`."""
    if week and month:
        raise UsageError("--week and --month exclude each other.", "Choose one of them.")
    zone = local_zone()
    now_us = SystemClock().now().wall_us
    today = local_date(now_us, zone)
    log = which_log(data_dir)
    # A demonstration's quickened clock may have run into tomorrow.
    latest = last_day(log.directory, zone) if log.demo and day is None else None
    chosen = latest or read_date(day, today)
    if chosen > today and not _reaches(log.directory, chosen, zone):
        raise UsageError(f"{chosen.isoformat()} is still to come.", "Name a day up to today.")
    shown = week_of(chosen) if week else month_of(chosen) if month else [chosen]
    settings = user_settings()
    return Looking(
        log=log,
        shown=shown,
        today=today,
        now_us=now_us,
        zone=zone,
        goals=_goals(settings),
        limits=_limits(settings),
        words=Words(language(settings), zone),
    )


def _goals(settings: Settings) -> Goals:
    return Goals(
        upright_s=settings.standing.goal_h * 3600,
        bout_s=settings.sitting.nudge_min * 60,
        near_cm=settings.thresholds.near_warn_cm,
    )


def _limits(settings: Settings) -> Limits:
    thresholds = settings.thresholds
    return Limits(
        near_warn_cm=thresholds.near_warn_cm,
        near_limit_cm=thresholds.near_limit_cm,
        neck_warn_deg=thresholds.forward_head_warn_deg * thresholds.scale,
        neck_limit_deg=thresholds.forward_head_limit_deg * thresholds.scale,
    )


def language(settings: Settings | None = None) -> str:
    """The language of the log and the report."""
    chosen = (settings or user_settings()).general.language
    wanted = system_language() if chosen == AUTO else chosen
    return wanted if wanted in LANGUAGES else LANGUAGES[0]


def read_date(text: str | None, today: date) -> date:
    """A date as people write it. Raises :class:`UsageError`."""
    if text is None or text == "today":
        return today
    if text == "yesterday":
        return today - timedelta(days=1)
    try:
        # Python alone would read more than days, such as 2026-W47.
        day = datetime.strptime(text, "%Y%m%d" if text.isdigit() else "%Y-%m-%d").date()  # noqa: DTZ007
    except ValueError as error:
        raise UsageError(
            f"{text!r} is not a date.", "Write it as 2026-11-20, or say today or yesterday."
        ) from error
    if day.year not in _YEARS:
        raise UsageError(
            f"There is no log of {text}.", f"Name a day from {_YEARS[0]} to {_YEARS[-1]}."
        )
    return day


def output(path: Path, directory: Path) -> Path:
    """*path*, unless writing there would destroy the log in *directory*.

    Raises :class:`OutputUnwritable`.
    """
    if any(_same(path, kept) for kept in directory.glob(f"{FILE_NAME}*")):
        raise OutputUnwritable(f"{path} is the log itself.", "Choose another name.")
    return path


def _same(path: Path, kept: Path) -> bool:
    try:
        return path.samefile(kept)
    except OSError:  # it is not there, or cannot be written, as will be seen
        return False


def recorded(asked: Looking, measures: Sequence[str] = SUMMARY_MEASURES) -> Records:
    """What the log holds of the days asked for and before. Raises :class:`JournalError`."""
    with Reader(asked.log.directory) as reader:
        records = read(reader, asked.shown, asked.zone, measures)
    return latest_run(records) if asked.log.demo else records


def _reaches(directory: Path, day: date, zone: tzinfo) -> bool:
    """Does the log go as far, as one does that was recorded by another clock?"""
    last = last_day(directory, zone)
    return last is not None and last >= day


def last_day(directory: Path, zone: tzinfo) -> date | None:
    """The last day of which anything is known. Raises :class:`JournalError`."""
    with Reader(directory) as reader:
        extent = reader.extent()
    return None if extent is None else local_date(extent[1] - 1, zone)
