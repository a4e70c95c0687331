"""The command line of the evaluation."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from evaluation import presence, recording, reminders, sequences, stills, stress, traces
from evaluation.document import document, summary
from evaluation.goals import Parts, goals
from evaluation.landmarking import Landmarking
from evaluation.table import render, worst
from posture.errors import PostureError

_ROOT = Path(__file__).resolve().parents[2]
_DATA = _ROOT.parent / "shared" / "data"
_SMALL = _ROOT / "tests" / "data" / "evaluation"
PARTS = ("stills", "sequences", "reminders", "traces", "presence")
# Takes minutes: only when asked for.
ALL_PARTS = (*PARTS, "stress")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    options = _parser().parse_args(arguments)
    data: Path = _SMALL if options.quick else options.data
    if not data.is_dir():
        print(
            f"evaluate: there is no folder {data}. Give the data with --data, or use --quick.",
            file=sys.stderr,
        )
        return 2
    try:
        with Landmarking(options.cache) as landmarking:
            if options.record is not None:
                recording.write(data, options.record, landmarking)
                return 0
            parts = evaluate(data, landmarking, options.part or PARTS)
    except PostureError as error:
        print(f"evaluate: {error}", file=sys.stderr)
        return 1
    found = goals(parts)
    if options.summary is not None:
        missing = [name for name in ALL_PARTS if getattr(parts, name) is None]
        if missing:
            print(
                f"evaluate: a summary needs every part; missing: {', '.join(missing)}.",
                file=sys.stderr,
            )
            return 2
        text = json.dumps(summary(document(parts, found)), indent=1, ensure_ascii=False)
        options.summary.write_text(f"{text}\n", encoding="utf-8")
    if options.json:
        print(json.dumps(document(parts, found), indent=1, ensure_ascii=False))
    else:
        print(render(parts, found))
        if options.worst and parts.stills is not None:
            print(worst(parts.stills.samples, options.worst))
    return 0


def evaluate(data: Path, landmarking: Landmarking, wanted: Sequence[str] = PARTS) -> Parts:
    """Evaluate the *wanted* parts of *data*; a part whose data is missing stays None."""
    folders = {
        "stills": [path.parent for path in data.glob("synth/stills.jsonl")],
        "sequences": [path.parent for path in data.glob("synth/seq*.csv")],
        "reminders": [path.parent for path in data.glob("synth/seq*.csv")],
        "traces": [path.parent for path in data.glob("traces/*/labels.csv")],
        "presence": list(data.glob("video")),
        "stress": [path.parents[1] for path in data.glob("synth/stills/*.jpg")],
    }
    found = {name: folders[name][0] for name in wanted if folders[name]}
    for name in wanted:
        if name not in found:
            print(f"{data} holds no data for {name}", file=sys.stderr)
    return Parts(
        stills.evaluate(found["stills"], landmarking) if "stills" in found else None,
        sequences.evaluate(found["sequences"], landmarking) if "sequences" in found else None,
        reminders.evaluate(found["reminders"], landmarking) if "reminders" in found else None,
        traces.evaluate(found["traces"], landmarking) if "traces" in found else None,
        presence.evaluate(found["presence"], landmarking) if "presence" in found else None,
        stress.evaluate(found["stress"], landmarking) if "stress" in found else None,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="evaluate.py",
        description="How right posture is: its readings against data whose truth is known.",
    )
    parser.add_argument(
        "--data", type=Path, default=_DATA, help="folder with synth, traces and video (%(default)s)"
    )
    parser.add_argument(
        "--part",
        action="append",
        choices=ALL_PARTS,
        help="only this part; may be given repeatedly. stress: the stills as worse cameras would"
        " have taken them, some minutes",
    )
    parser.add_argument(
        "--quick", action="store_true", help="the small recorded part kept with the tests: seconds"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object in place of tables")
    parser.add_argument(
        "--cache", type=Path, help="folder that keeps landmarks for the next run (no pictures)"
    )
    parser.add_argument(
        "--worst", type=int, default=0, metavar="N", help="also list the N worst pictures"
    )
    parser.add_argument(
        "--summary", type=Path, metavar="FILE", help="also write what the documents show"
    )
    parser.add_argument(
        "--record", type=Path, metavar="DIR", help="only record the small part of the data anew"
    )
    return parser
