"""The start of the bundled command."""

import sys

from posture.__main__ import start

if __name__ == "__main__":
    sys.exit(start())
