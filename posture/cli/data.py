"""``posture data``: the log belongs to its owner."""

from __future__ import annotations

import json
import platform
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from typing import TypeVar

import click

from posture import paths
from posture.cli.lazy import Group
from posture.cli.looking_back import REPORTS, language, output, read_date
from posture.cli.which_log import which_log
from posture.clock import SystemClock, local_zone
from posture.errors import JournalError, TracesRemain, UsageError
from posture.journal import activitywatch, erasing, troubles
from posture.journal.calendar import local_date, midnight_us
from posture.journal.export import EVER, copy_sqlite, write_csv, write_json
from posture.journal.file import (
    FILE_NAME,
    Damaged,
    Foreign,
    Trouble,
    is_damage,
    open_for_writing,
    trouble_of,
)
from posture.journal.merge import merge, read_file
from posture.journal.packing import Damaged as DamagedHour
from posture.journal.reader import Reader, refuse_missing
from posture.journal.rows import Records
from posture.journal.schema import migrate, refuse_newer
from posture.journal.texts import Words
from posture.journal.told import told_of
from posture.memory_file import MEMORY_NAME

T = TypeVar("T")
_DAMAGED = "posture-damaged-*"

# The monitor writes for milliseconds at a time; a deletion may wait for it.
PATIENCE_S = 10.0
# From here on it is said that one waits (chosen).
SILENT_S = 1.0
_SUFFIX = {"json": ".json", "csv": ".zip", "sqlite": ".db", "activitywatch": ".json"}

data_dir_option = click.option(
    "--data-dir", type=click.Path(path_type=Path), metavar="D", help="The log in this folder."
)


@click.group("data", cls=Group)
def command() -> None:
    """Export, merge or delete your log.

    It never leaves this computer by itself; what you do with it is yours.

    \b
    Examples:
      posture data path
      posture data export --out log.json
      posture data import log-of-the-laptop.json
      posture data delete --before 2026-01-01
    """


@command.command("path")
@data_dir_option
def path_(data_dir: Path | None) -> None:
    """Print where the log is kept.

    \b
    Examples:
      posture data path
    """
    click.echo(paths.data_dir(data_dir) / FILE_NAME)


@command.command("export")
@data_dir_option
@click.option(
    "--format",
    "as_",
    type=click.Choice(list(_SUFFIX)),
    default="json",
    show_default=True,
    help="json and sqlite hold everything; csv is a zip of tables.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="F", help="Write to this file (- = stdout)."
)
def export(data_dir: Path | None, as_: str, out: Path | None) -> None:
    """Write the whole log to a file.

    \b
    Examples:
      posture data export --out log.json
      posture data export --format csv
      posture data export --format activitywatch --out buckets.json
    """
    directory = _directory(data_dir)
    with Reader(directory) as reader:
        if out == Path("-"):
            _to_stdout(reader, as_)
            return
        target = output(out or Path(f"posture-log{_SUFFIX[as_]}"), directory)
        if as_ == "sqlite":
            copy_sqlite(reader.path, target)
        else:
            paths.write_private(target, _content(reader, as_))
    click.echo(target)


def _directory(data_dir: Path | None) -> Path:
    """The folder of the log that posture log shows; said where it is not the user's own."""
    log = which_log(data_dir)
    if log.demo:
        log.say(Words(language(), local_zone()))
    return log.directory


def _to_stdout(reader: Reader, as_: str) -> None:
    if as_ == "sqlite":
        raise UsageError("An SQLite file cannot be written to stdout.", "Name a file with --out.")
    sys.stdout.buffer.write(_content(reader, as_))


def _content(reader: Reader, as_: str) -> bytes:
    zone = local_zone()
    if as_ == "csv":
        packed = BytesIO()
        write_csv(reader, zone, packed)
        return packed.getvalue()
    text = StringIO()
    if as_ == "json":
        write_json(reader, text)
    else:
        records = Records(reader.spans(*EVER), (), reader.reminders(*EVER), reader.fates(*EVER))
        # ActivityWatch joins lanes of one computer by this name; the log itself never has it.
        hostname = platform.node() or "unknown"
        told = told_of(records, *EVER)
        document = activitywatch.export(records.spans, told, hostname, Words(language(), zone))
        json.dump(document, text, ensure_ascii=False)
    return text.getvalue().encode()


@command.command("import")
@data_dir_option
@click.argument("file", type=click.Path(path_type=Path))
def import_(file: Path, data_dir: Path | None) -> None:
    """Merge an exported log, such as a second computer's.

    FILE is a json or sqlite export. What is there already is not taken twice.

    \b
    Examples:
      posture data import log-of-the-laptop.json
    """
    parts = read_file(file)
    directory = paths.data_dir(data_dir)
    merged = _changing(directory, lambda db: merge(db, parts))
    click.echo(f"{merged.runs} runs read, {merged.new_runs} of them new; {merged.rows} records.")


@command.command("delete")
@data_dir_option
@click.option("--before", metavar="DATE", help="Delete the days before this one.")
@click.option("--all", "everything", is_flag=True, help="Delete the whole log.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(data_dir: Path | None, before: str | None, *, everything: bool, yes: bool) -> None:
    """Delete days for good: nothing of them stays in the file.

    Report pages kept beside the log go too, since they show what was deleted.

    \b
    Examples:
      posture data delete --before 2026-01-01
      posture data delete --all --yes
    """
    if everything and before is not None:
        raise UsageError("--before and --all exclude each other.", "Choose one of them.")
    if not everything and before is None:
        raise UsageError("Say what to delete.", "Use --before DATE or --all.")
    zone = local_zone()
    now_us = SystemClock().now().wall_us
    directory = _directory(data_dir)
    refuse_missing(directory)
    today = local_date(now_us, zone)
    cut = None if before is None else read_date(before, today)
    if cut is not None and cut > today:
        raise UsageError(f"{cut.isoformat()} is still to come.", "To delete everything: --all.")
    if not yes:
        _make_sure(_question(directory, cut))
    cut_us = None if cut is None else midnight_us(cut, zone)
    remains = _changing(
        directory, lambda db: _erase(db, cut_us, now_us), when_damaged=troubles.damaged_to_delete
    )
    removed = _remove_beside(directory, everything=everything)
    if remains is not None:
        raise TracesRemain(*troubles.traces_remain(directory / FILE_NAME, remains))
    click.echo("Deleted." if not removed else f"Deleted, with {removed} files beside the log.")
    for kept in sorted(directory.glob(_DAMAGED)):
        click.echo(f"Kept: {kept}, a damaged log that may hold those days; delete it yourself.")


def _make_sure(question: str) -> None:
    try:
        click.confirm(question, abort=True)
    except click.Abort as error:
        if isinstance(error.__context__, EOFError):
            raise UsageError("Nothing was deleted: nobody could be asked.", "Say --yes.") from error
        raise


def _question(directory: Path, cut: date | None) -> str:
    what = "the whole log" if cut is None else f"all days before {cut.isoformat()}"
    return f"Delete {what} in {directory}? It cannot be brought back."


def _erase(db: sqlite3.Connection, cut_us: int | None, now_us: int) -> Trouble | None:
    """Everything before *cut_us* (None: all). Returns why its bytes could not be removed yet."""
    if cut_us is None:
        erasing.erase_all(db, now_us)
    else:
        erasing.erase_before(db, cut_us)
    try:
        if erasing.shrink(db, min(SILENT_S, PATIENCE_S)):
            return None
        click.echo("Another program is reading the log; waiting for it.", err=True)
        return None if erasing.shrink(db, PATIENCE_S) else Trouble.LOCKED
    except sqlite3.OperationalError as error:
        if trouble_of(error) is not Trouble.DISK_FULL:
            raise
        return Trouble.DISK_FULL


def _remove_beside(directory: Path, *, everything: bool) -> int:
    """Report pages; with the whole log also damaged ones and the monitor's memory."""
    files = list((directory / REPORTS).glob("*.html"))
    if everything:
        files += directory.glob(_DAMAGED)
        files += directory.glob(MEMORY_NAME)
    refusal: TracesRemain | None = None
    for file in files:
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            refusal = TracesRemain(
                f"The days are gone from the log, but {file} cannot be deleted: {error.strerror}.",
                "Delete it yourself.",
            )
    if refusal is not None:
        raise refusal
    return len(files)


def _changing(
    directory: Path,
    action: Callable[[sqlite3.Connection], T],
    when_damaged: Callable[[Path, str], tuple[str, str]] = troubles.damaged,
) -> T:
    """Do *action* with the log open for writing. Raises :class:`JournalError` with its cause."""
    path = directory / FILE_NAME
    try:
        with closing(open_for_writing(path, PATIENCE_S)) as db:
            refuse_newer(db, path.name)
            migrate(db, SystemClock().now().wall_us)
            return action(db)
    except Foreign as error:
        raise JournalError(*troubles.foreign(path)) from error
    except (Damaged, DamagedHour) as error:
        raise JournalError(*when_damaged(path, str(error))) from error
    except UnicodeDecodeError as error:  # what SQLite says of broken names is no UTF-8
        raise JournalError(*when_damaged(path, "unreadable names")) from error
    except sqlite3.Error as error:
        trouble = trouble_of(error)
        if trouble is not None:
            raise JournalError(*troubles.unwritable(path, trouble)) from error
        if is_damage(error):
            raise JournalError(*when_damaged(path, str(error))) from error
        raise
