"""``posture log``: the daily log in the terminal."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import click

from posture.cli.looking_back import Looking, day_options, last_day, looking, recorded
from posture.errors import UsageError
from posture.journal import document, paper, terminal
from posture.journal.days import Almanac, almanac
from posture.journal.story import tell

# Sentences wider than this do not read well (chosen).
READABLE = 100
# Wide enough for every table (chosen).
_WITHOUT_TERMINAL = 120

_COLOURS = {
    paper.GOOD_SLOT: "green",
    paper.STRAINED_SLOT: "yellow",
    paper.SEATED_SLOT: "bright_black",
    paper.UP_SLOT: "blue",
    paper.UNKNOWN_SLOT: "bright_black",
}


@click.command("log")
@day_options
@click.option("--json", "as_json", is_flag=True, help="Print a JSON document.")
@click.option("--csv", "as_csv", is_flag=True, help="Print one line per day, comma-separated.")
def command(
    day: str | None, *, week: bool, month: bool, data_dir: Path | None, as_json: bool, as_csv: bool
) -> None:
    """Show the log of a day, a week or a month in the terminal.

    DATE is a day such as 2026-11-20, today or yesterday; without it, today.

    \b
    Examples:
      posture log
      posture log yesterday
      posture log 2026-11-20 --week
      posture log --month --csv
    """
    if as_json and as_csv:
        raise UsageError("--json and --csv exclude each other.", "Choose one of them.")
    asked = looking(day, week=week, month=month, data_dir=data_dir)
    records = recorded(asked)
    found = almanac(records, asked.shown, asked.zone, asked.goals, today=asked.today)
    if as_json or as_csv:
        asked.log.say(asked.words)
    if as_json:
        text = json.dumps(document.as_json(found, asked.zone), ensure_ascii=False, indent=2) + "\n"
    elif as_csv:
        text = document.as_csv(found, asked.zone)
    else:
        text = _text(found, asked)
    click.echo(text, nl=False)


def _text(found: Almanac, asked: Looking) -> str:
    glyphs = paper.glyphs_for(getattr(sys.stdout, "encoding", None))
    columns = shutil.get_terminal_size((_WITHOUT_TERMINAL, 0)).columns
    words = asked.words
    if not asked.one_day:
        month = len(asked.shown) > 7
        title = terminal.title_of(words, asked.shown, month=month)
        text = terminal.span_text(found, words, paper.Paper(glyphs, _styled, columns), title)
    else:
        story = tell(
            found.days[-1],
            found.week_before,
            asked.goals,
            streak=found.streak,
            now_us=asked.unfinished_us,
            zone_name=str(asked.zone),
        )
        narrow = paper.Paper(glyphs, _styled, min(columns, READABLE))
        text = terminal.day_text(found, story, words, narrow)
        if not found.days[-1].activity:
            text += _where_to_look(asked)
    whose = asked.log.sentence(words)
    return text if whose is None else f"{whose}\n\n{text}"


def _where_to_look(asked: Looking) -> str:
    """Of an empty day: where the log has something to tell."""
    last = last_day(asked.log.directory, asked.zone)
    if last == asked.today and asked.unfinished_us is not None:
        # Something is known of today, but not yet whether anybody sits there.
        return asked.words.say("log.just_begun") + "\n"
    if last is None or last == asked.shown[-1]:
        return ""
    return asked.words.say("log.last_day", day=asked.words.day(last), date=str(last)) + "\n"


def _styled(sign: str, slot: int) -> str:
    # click takes the colours out again where the output is no terminal.
    if slot not in _COLOURS or os.environ.get("NO_COLOR"):
        return sign
    return click.style(sign, fg=_COLOURS[slot])
