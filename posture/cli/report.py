"""``posture report``: the page about a day, a week or a month."""

from __future__ import annotations

import sys
import webbrowser
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import click

from posture import paths
from posture.cli.looking_back import REPORTS, Looking, day_options, looking, output, recorded
from posture.errors import UsageError
from posture.journal import demo
from posture.journal.report import MEASURES, Asked, render
from posture.journal.rows import Records


@click.command("report")
@day_options
@click.option("--demo", "made_up", is_flag=True, help="Show a made-up month instead.")
@click.option("--open", "show", is_flag=True, help="Open the page in the browser.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="F", help="Write to this file (- = stdout)."
)
def command(
    day: str | None,
    *,
    week: bool,
    month: bool,
    data_dir: Path | None,
    made_up: bool,
    show: bool,
    out: Path | None,
) -> None:
    """Write the report page of a day, a week or a month.

    DATE is a day such as 2026-11-20, today or yesterday; without it, today. The page is one file
    that needs no network; without --out it is kept in the folder of the log.

    \b
    Examples:
      posture report --open
      posture report --week --out week.html
      posture report --demo --month --open    a made-up month
    """
    if made_up and data_dir is not None:
        raise UsageError("--demo shows no log: --data-dir does not go with it.", "Leave one out.")
    if show and out == Path("-"):
        raise UsageError("What goes to stdout cannot be opened.", "Leave out --open or --out -.")
    asked = looking(day, week=week, month=month, data_dir=data_dir)
    if not made_up:
        asked.log.say(asked.words)
    page = render(_made_up(asked) if made_up else _recorded(asked))
    if out == Path("-"):
        sys.stdout.write(page)
        return
    path = output(out, asked.log.directory) if out else _kept(asked, made_up=made_up)
    paths.write_private(path, page)
    click.echo(path)
    if show and not webbrowser.open(path.absolute().as_uri()):
        click.echo("No browser could be started: open the file yourself.", err=True)


def _recorded(asked: Looking) -> Asked:
    return _about(asked, recorded(asked, MEASURES))


def _made_up(asked: Looking) -> Asked:
    """The example ends with the last day shown that has come, and that day is over."""
    last = min(asked.shown[-1], asked.today)
    language = asked.words.language
    month = demo.month(last, asked.zone, measures=MEASURES, language=language)
    example = _about(asked, month)
    today = asked.shown[-1] + timedelta(days=1) if asked.one_day else asked.today
    return replace(example, today=today, made_up=True)


def _about(asked: Looking, records: Records) -> Asked:
    return Asked(
        records, asked.shown, asked.today, asked.now_us, asked.words, asked.goals, asked.limits
    )


def _kept(asked: Looking, *, made_up: bool) -> Path:
    """A name of its own for every report, beside the log and removed with it."""
    directory = paths.demo_data_dir() if made_up else asked.log.directory
    length = "" if asked.one_day else "-week" if len(asked.shown) == 7 else "-month"
    name = "example" if made_up else "posture"
    folder = paths.make_private(paths.make_private(directory) / REPORTS)
    return folder / f"{name}-{asked.shown[0].isoformat()}{length}.html"
