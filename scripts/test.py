"""Run the tests: ``python scripts/test.py [options of pytest]``.

The first run makes the Python environment ``.venv`` and installs the program and pytest into it.
Without options all tests run, in processes side by side; with options pytest runs as they say.
"""

import os
import sys

import environment


def main() -> None:
    """Set up what is missing, then become pytest."""
    environment.ensure("dev")
    os.chdir(environment.ROOT)
    environment.become(
        [str(environment.PYTHON), "-m", "pytest", *(sys.argv[1:] or environment.SIDE_BY_SIDE)]
    )


if __name__ == "__main__":
    main()
