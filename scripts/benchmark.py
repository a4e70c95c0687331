"""Measure what posture costs: ``python scripts/benchmark.py [--json] [--only NAME]``.

Runs the program as shipped on live pictures of moving people and prints its cost beside the
naive loop's, the machine and the goals. ``--help`` tells the options.
"""

import importlib.util
import sys
from pathlib import Path

import environment


def main() -> int:
    """Set up what is missing, then measure this checkout."""
    sys.path.insert(0, str(environment.ROOT))
    if importlib.util.find_spec("mediapipe") is None:
        environment.ensure()
        environment.become([str(environment.PYTHON), str(Path(__file__)), *sys.argv[1:]])
    # The imports wait until the libraries are known to be there.
    from benchmarking.command import main as benchmark  # noqa: PLC0415

    return benchmark()


if __name__ == "__main__":
    sys.exit(main())
