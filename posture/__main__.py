"""``python -m posture``, and the start of a bundled program."""

import sys

from posture.own_command import WORKER


def start() -> int:
    """Be the program, or its worker."""
    if sys.argv[1:] == [WORKER]:
        from posture.sense.worker import main as watch  # noqa: PLC0415 - loads no command line

        watch()
    from posture.cli import main  # noqa: PLC0415 - the worker does without

    return main()


if __name__ == "__main__":
    sys.exit(start())
