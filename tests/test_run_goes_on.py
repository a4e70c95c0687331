"""A real run that goes on where the last one ended, in the system's language, and follows its
settings file: one process, fed by a landmark trace at its own pace.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from desk import neutral_of
from person import LAPTOP, START, STILL, seen

from posture import calibration_file
from posture.clock import SystemClock
from posture.core.metrics import Metrics
from posture.core.monitor import Monitor
from posture.core.policy import EyesPolicy, LunchPolicy, MovePolicy, Policy
from posture.core.reading import Label, Presence, Reading
from posture.memory_file import MEMORY_NAME, MemoryFile
from posture.sense.trace_writer import TraceWriter

ROOT = Path(__file__).resolve().parents[1]
NEUTRAL = neutral_of(LAPTOP)
PATIENCE_S = 60.0


def environment(home: Path) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if name in {"PATH", "VIRTUAL_ENV"}}
    return own | {"HOME": str(home), "PYTHONPATH": str(ROOT), "LANG": "de_DE.UTF-8"}


def posture(home: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "posture", *words],
        env=environment(home), capture_output=True, text=True, timeout=PATIENCE_S, check=True,
    )  # fmt: skip
    return done.stdout


def recording(path: Path, seconds: int) -> Path:
    """Somebody who sits there, two pictures a second."""
    still = seen(STILL, LAPTOP)
    with TraceWriter(path, START) as writer:
        for index in range(2 * seconds):
            writer.write(type(still)(START.shifted(index / 2), still.size, still.pose, still.face))
    return path


def remember(data_dir: Path, sat_s: float) -> None:
    """Leave behind what a monitor wrote that ended just now, after so long of sitting."""
    data_dir.mkdir(parents=True)
    now = SystemClock().now()
    policy = Policy(
        eyes=EyesPolicy(enabled=False),
        move=MovePolicy(enabled=False),
        lunch=LunchPolicy(enabled=False),
    )
    monitor = Monitor(policy)
    for ago_s in range(int(sat_s), -1, -2):
        at = now.shifted(-ago_s)
        monitor.step(
            Reading(
                at, Presence.PRESENT, Label.UPRIGHT, Metrics(at), now.shifted(-sat_s), at,
                calibrated=True,
            )
        )  # fmt: skip
    MemoryFile(data_dir, NEUTRAL.made_us).save(monitor.snapshot(), {})


@contextmanager
def running(home: Path, trace: Path) -> Iterator[subprocess.Popen[str]]:
    calibration = home / "me.json"
    calibration_file.save(NEUTRAL, calibration)
    process = subprocess.Popen(
        [
            sys.executable, "-m", "posture", "run", "--source", str(trace), "--no-tray",
            "--calibration", str(calibration),
        ],
        env=environment(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def status(home: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(posture(home, "status", "--json"))
    return document


def wait_for(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.3)


def test_a_restart_at_fifty_nine_minutes_reminds_at_sixty_and_settings_hold_at_once(
    tmp_path: Path,
) -> None:
    trace = recording(tmp_path / "desk.jsonl.gz", 60)
    data_dir = tmp_path / ".local" / "share" / "posture"
    remember(data_dir, 59 * 60 + 50)
    # The suite may run at noon.
    posture(tmp_path, "config", "set", "lunch.enabled", "false")

    with running(tmp_path, trace) as process:
        assert process.stdout is not None
        said = next(line for line in process.stdout if "●" in line)
        wait_for(lambda: status(tmp_path)["open_reminder"] is not None)
        before = status(tmp_path)
        posture(tmp_path, "config", "set", "general.language", "en")
        posture(tmp_path, "config", "set", "sitting.repeat_min", "45")
        wait_for(lambda: status(tmp_path)["text"][0] != before["text"][0])
        after = status(tmp_path)
        process.send_signal(signal.SIGTERM)
        _, complaint = process.communicate(timeout=PATIENCE_S)

    assert "Steh kurz auf" in said
    assert "Du sitzt seit 60 Minuten" in said
    assert before["sitting_s"] == pytest.approx(3600, abs=60)
    assert before["text"][0] == "Gute Haltung"
    assert after["text"][0] == "Sitting well"
    assert (process.returncode, complaint) == (0, "")
    kept = json.loads((data_dir / MEMORY_NAME).read_text(encoding="utf-8"))
    assert kept["monitor"]["sitting"]["carry_s"] >= 0
