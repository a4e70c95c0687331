"""``posture preview`` where no window can be."""

from __future__ import annotations

import os
import subprocess
import sys

from posture.errors import WindowUnavailable


def test_following_a_monitor_without_a_screen_ends_in_one_line() -> None:
    environment = {name: value for name, value in os.environ.items() if "DISPLAY" not in name}
    with subprocess.Popen(
        [sys.executable, "-m", "posture", "preview", "--follow"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        # The monitor goes on telling: its end of the pipe stays open.
        assert process.wait(30) == WindowUnavailable.exit_code
        assert process.stderr is not None
        assert len(process.stderr.read().splitlines()) == 1
