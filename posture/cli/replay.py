"""``posture replay``: the exact engine on a recording, as fast as it goes."""

from __future__ import annotations

import contextlib
import json
import sys
from functools import partial
from pathlib import Path

import click

from posture import calibration_file
from posture.cli import completion
from posture.clock import ManualClock, SystemClock, local_zone, time_in
from posture.core.effects import Effect
from posture.core.monitor import Monitor
from posture.core.neutral import expected_face
from posture.core.reader import Reader
from posture.documents import event_document
from posture.engine import Engine
from posture.errors import UsageError
from posture.journal.store import Journal
from posture.language import system_language
from posture.paths import make_private
from posture.reading_ahead import read_ahead
from posture.sense.landmark_stream import LandmarkStream
from posture.sense.source import open_source
from posture.sense.trace import TraceSource
from posture.settings import Settings
from posture.settings_file import user_settings


@click.command()
@click.argument("source", shell_complete=completion.sources)
@click.option(
    "--calibration", type=click.Path(path_type=Path), help="Calibration file to judge by."
)
@click.option("--config", type=click.Path(path_type=Path), help="Settings file to obey.")
@click.option(
    "--data-dir", type=click.Path(path_type=Path), help="Also keep the daily log, in this folder."
)
@click.option("--jsonl", is_flag=True, help="One JSON object per event, for programs.")
def command(
    source: str,
    calibration: Path | None,
    config: Path | None,
    data_dir: Path | None,
    jsonl: bool,
) -> None:
    """Tell what posture run would have done on a video or landmark trace.

    Shows no reminder and writes no log unless told to; as fast as the source is read.

    \b
    Examples:
      posture replay day.jsonl.gz --calibration me.json
      posture replay clip.mp4 --calibration me.json --jsonl
      posture replay day.jsonl.gz --config strict.toml --data-dir tried/
    """
    neutral = None if calibration is None else calibration_file.load(calibration)
    reader = Reader(neutral)
    settings = Settings() if config is None else user_settings(config)
    # Nobody travels during a replay: asking for the time zone each minute of it takes long.
    local_time = partial(time_in, local_zone())
    monitor = Monitor(settings.policy(system_language()), reader=reader, local_time=local_time)
    engine = Engine(monitor, reader, instant_delivery=True)
    with contextlib.ExitStack() as stack:
        opened = open_source(source, SystemClock())
        stack.callback(opened.close)
        if opened.live or opened.independent:
            raise UsageError(
                f"{source} is no recording in time.", "Replay takes a video or a landmark trace."
            )
        clock = ManualClock(opened.epoch)
        journal = None
        if data_dir is not None:
            make_private(data_dir)
            journal = stack.enter_context(Journal(data_dir, clock, source=opened.name))

        def tell(effects: list[Effect]) -> None:
            if journal is not None:
                journal.record(effects)
            for effect in effects:
                document = event_document(effect, opened.epoch)
                if document is not None:
                    sys.stdout.write((json.dumps(document) if jsonl else _line(document)) + "\n")

        items = iter(LandmarkStream(opened, expected_face(neutral)))
        # A film's pictures come one by one and slowly: nobody is to wait for a block of them.
        for item in read_ahead(items, reader) if isinstance(opened, TraceSource) else items:
            clock.set(item.at)
            tell(engine.take(item))
        tell(monitor.close(clock.now()))
    if neutral is None and not jsonl:
        click.echo(calibration_file.UNCALIBRATED, err=True)


def _line(event: dict[str, object]) -> str:
    told = [
        str(value)
        for key, value in event.items()
        if key not in {"t", "event", "began", "measures", "improvement", "id"} and value is not None
    ]
    return f"{event['t']:9.1f}  {event['event']:12}{' · '.join(told)}"
