"""Start posture: ``python scripts/run.py [options of "posture run"]``.

The first start makes the Python environment ``.venv`` and installs the program into it.
"""

import sys

import environment


def main() -> None:
    """Set up what is missing, then become ``posture run``."""
    environment.ensure()
    environment.become([str(environment.COMMAND), "run", *sys.argv[1:]])


if __name__ == "__main__":
    main()
