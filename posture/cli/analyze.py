"""``posture analyze``: every picture of a source, measured and judged."""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path

import click

from posture import calibration_file
from posture.cli import completion
from posture.cli.options import start_option
from posture.clock import SystemClock
from posture.core.inputs import CameraLost
from posture.core.neutral import expected_face
from posture.core.reader import Reader
from posture.core.reading import Reading
from posture.documents import reading_document
from posture.errors import CameraUnavailable
from posture.sense.landmark_stream import LandmarkStream
from posture.sense.source import open_source
from posture.sense.trace_writer import TraceWriter
from posture.sense.window import Window


@click.command()
@click.argument("source", shell_complete=completion.sources)
@click.option("--calibration", type=click.Path(path_type=Path), help="Calibration file to use.")
@click.option(
    "--fps", type=float, metavar="N", help="Pictures a second to take (default: every one)."
)
@start_option
@click.option(
    "--duration", type=float, metavar="SECONDS", help="Seconds to take (default: to the end)."
)
@click.option("--jsonl", is_flag=True, help="One JSON object per picture, for programs.")
@click.option(
    "--trace-out", type=click.Path(path_type=Path), help="Also write a landmark trace (no pixels)."
)
def command(
    source: str,
    calibration: Path | None,
    fps: float | None,
    start: float,
    duration: float | None,
    jsonl: bool,
    trace_out: Path | None,
) -> None:
    """Measure the posture in each picture of a file, folder, camera or trace.

    SOURCE is a camera's number or name, a video, a folder of pictures, a landmark trace, an
    http:// MJPEG stream on this computer, or demo.

    \b
    Examples:
      posture analyze clip.mp4
      posture analyze 0 --fps 2 --duration 10
      posture analyze pictures/ --calibration me.json --jsonl
      posture analyze clip.mp4 --trace-out clip.jsonl.gz
    """
    neutral = None if calibration is None else calibration_file.load(calibration)
    window = Window(start, duration, fps)
    with contextlib.ExitStack() as stack:
        opened = open_source(source, SystemClock(), window)
        stack.callback(opened.close)
        writer = None
        if trace_out is not None:
            writer = stack.enter_context(
                TraceWriter(trace_out, opened.epoch, independent=opened.independent)
            )
        reader = Reader(neutral, independent=opened.independent)
        if not jsonl:
            click.echo(_HEADING)
        for landmarks in LandmarkStream(opened, expected_face(neutral)):
            if isinstance(landmarks, CameraLost):
                raise CameraUnavailable(
                    f"The camera gives no pictures: {landmarks.reason}.",
                    "posture doctor says what to do.",
                )
            if writer is not None:
                writer.write(landmarks)
            reading = reader.read(landmarks)
            if jsonl:
                sys.stdout.write(json.dumps(reading_document(reading, opened.epoch)) + "\n")
            else:
                click.echo(_line(reading, reading.at - opened.epoch))
    if neutral is None and not jsonl:
        click.echo(calibration_file.UNCALIBRATED, err=True)


_HEADING = "      t  posture           score  distance   neck  trunk  slump   head"


def _line(reading: Reading, t_s: float) -> str:
    metrics = reading.metrics
    return (
        f"{t_s:7.1f}  {reading.label.value:16}"
        f"{_cell(reading.score, 7, 0, '')}{_cell(metrics.distance_cm, 10, 0, ' cm')}"
        f"{_cell(metrics.forward_head_deg, 7, 0, '°')}"
        f"{_cell(metrics.trunk_inclination_deg, 7, 0, '°')}"
        f"{_cell(metrics.slump_cm, 7, 1, '')}{_cell(metrics.head_flexion_deg, 7, 0, '°')}"
        f"{'  ' + reading.reason if reading.reason else ''}"
    )


def _cell(value: float | None, width: int, decimals: int, unit: str) -> str:
    text = "–" if value is None else f"{value + 0.0:.{decimals}f}{unit}"
    return f"{text:>{width}}"
