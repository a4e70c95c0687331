"""Measure how right posture is: ``python scripts/evaluate.py [--quick] [--json]``.

Runs the program as shipped over labelled pictures, sequences, real traces and clips, and prints
its errors beside the goals. ``--help`` tells the options.
"""

import importlib.util
import sys
from pathlib import Path

import environment


def main() -> int:
    """Set up what is missing, then evaluate this checkout."""
    sys.path.insert(0, str(environment.ROOT))
    if importlib.util.find_spec("mediapipe") is None:
        environment.ensure()
        environment.become([str(environment.PYTHON), str(Path(__file__)), *sys.argv[1:]])
    # The imports wait until the libraries are known to be there.
    from evaluation.command import main as evaluate  # noqa: PLC0415

    return evaluate()


if __name__ == "__main__":
    sys.exit(main())
