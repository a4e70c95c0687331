"""A crash leaves no picture on the disk: no process of the program may dump its memory."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

CRASH = """
import os, resource, subprocess, sys
_, hard = resource.getrlimit(resource.RLIMIT_CORE)
resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
ask = [sys.executable, "-c", "import resource; print(resource.getrlimit(resource.RLIMIT_CORE))"]
subprocess.run(ask, check=True)
from posture.cli import main
sys.argv = ["posture", "--version"]
main()
subprocess.run(ask, check=True)
os.abort()
"""


def test_a_crash_dumps_no_memory(tmp_path: Path) -> None:
    """Nor may what it starts, such as the process with the camera."""
    done = subprocess.run(
        [sys.executable, "-c", CRASH],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == -signal.SIGABRT, done.stderr
    before, _version, after = done.stdout.splitlines()
    assert before != "(1, 1)"
    # Where the system allows none already, it may stay so.
    assert after == "(1, 1)" or before == after == "(0, 0)"
    assert list(tmp_path.iterdir()) == []
