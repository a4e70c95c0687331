"""The power fails: what reached the disk is any beginning of what was written."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posture.clock import Instant, ManualClock
from posture.core.effects import SpanKind, WriteSpan
from posture.journal.reader import Reader
from posture.journal.store import Journal

START = Instant(0.0, 1_772_438_400_000_000)
MINUTES = 60


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The log of an hour, a span a minute, as its files are while the monitor has them open."""
    folder = tmp_path_factory.mktemp("log")
    clock = ManualClock(START)
    journal = Journal(folder, clock)
    for minute in range(MINUTES):
        began = START.shifted(60.0 * minute)
        clock.set(began.shifted(60.0))
        value = "upright" if minute % 2 else "slouch"
        journal.record([WriteSpan(SpanKind.POSTURE, value, began, clock.now())])
    yield folder
    journal.close()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(share=st.floats(0.0, 1.0), torn=st.binary(max_size=600))
def test_a_log_after_a_power_loss_is_whole_up_to_a_moment(
    share: float, torn: bytes, running: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The log ahead of the file (WAL) ends anywhere, its last sector half written."""
    after = tmp_path_factory.mktemp("after")
    for name in ("posture.db", "posture.db-wal"):
        shutil.copy(running / name, after / name)
    ahead = after / "posture.db-wal"
    kept = ahead.read_bytes()[: round(ahead.stat().st_size * share)]
    ahead.write_bytes(kept[: max(len(kept) - len(torn), 0)] + torn)

    journal = Journal(after, ManualClock(START.shifted(7200.0)))
    began = START.shifted(7000.0)
    journal.record([WriteSpan(SpanKind.POSTURE, "upright", began, began.shifted(60.0))])
    state = journal.close()

    assert (state.trouble, state.lost, state.waiting) == (None, 0, 0)
    assert journal.take_notices() == []
    with Reader(after) as log:
        spans = log.spans(0, 2**62)
    before, new = spans[:-1], spans[-1]
    assert new.began_us == began.wall_us
    assert [span.began_us for span in before] == [
        START.shifted(60.0 * minute).wall_us for minute in range(len(before))
    ]
    if share == 1.0 and not torn:
        assert len(before) == MINUTES


REWRITE = """
import sys
from pathlib import Path
from posture.paths import write_private
path = Path(sys.argv[1])
for number in range(10**9):
    write_private(path, f"{number:07d}" * 20_000)
    if not number:
        print("begun", flush=True)
"""


def test_a_file_killed_in_mid_write_is_the_old_or_the_new_one(tmp_path: Path) -> None:
    """Settings, calibrations and the memory are written this way."""
    path = tmp_path / "settings.toml"
    for pause_s in (0.0, 0.003, 0.007, 0.013, 0.029):
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(REWRITE), str(path)], stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        with process.stdout:
            assert process.stdout.readline() == b"begun\n"
            time.sleep(pause_s)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()

        text = path.read_text()
        assert text == text[:7] * 20_000
