"""The start of the bundled program without a console: double-clicked, it is the monitor."""

import sys

from posture.__main__ import start

if __name__ == "__main__":
    # There is no terminal to ask in: consent and calibration have windows.
    sys.argv[1:] = sys.argv[1:] or ["run", "--ask"]
    sys.exit(start())
