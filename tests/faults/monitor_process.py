"""``posture run`` as a process: a home, a run-time folder, a place for temporary files."""

from __future__ import annotations

import json
import os
import queue
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from person import START, Moves, seen

from posture.sense.trace_writer import TraceWriter

ROOT = Path(__file__).resolve().parents[2]
# A machine under load; nothing waits that long when things work.
LONG_S = 60.0
UPRIGHT = Moves()
T = TypeVar("T")
SLOUCHED = Moves(slump=7.0, poke=12.0)


def write_desk(path: Path, seconds: float, *, hz: float = 2.0, moves: Moves = UPRIGHT) -> Path:
    """A landmark trace of somebody at a desk, who looks a little to and fro."""
    with TraceWriter(path, START) as writer:
        for number in range(round(seconds * hz)):
            turned = Moves(**{**_as_dict(moves), "yaw": 6.0 * (number // 20 % 2)})
            writer.write(seen(turned, at_s=number / hz))
    return path


def _as_dict(moves: Moves) -> dict[str, float]:
    return {name: getattr(moves, name) for name in moves.__dataclass_fields__}


class Home:
    """A user's home, with nothing in it, and no desktop around it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.runtime = folder / "runtime"
        self.temporary = folder / "tmp"
        self.data = folder / "log"
        for made in (self.runtime, self.temporary):
            made.mkdir(mode=0o700)

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        kept = {"PATH", "PYTHONDONTWRITEBYTECODE", "SYSTEMROOT", "VIRTUAL_ENV"}
        own = {name: value for name, value in os.environ.items() if name in kept}
        return own | {
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
            "TMPDIR": str(self.temporary),
            "TZ": "Europe/Berlin",
            "XDG_RUNTIME_DIR": str(self.runtime),
            **(more or {}),
        }

    def ask(self, *words: str) -> subprocess.CompletedProcess[str]:
        """``posture`` with *words*, to its end."""
        return subprocess.run(
            [sys.executable, "-m", "posture", *words],
            env=self.environment(),
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=LONG_S,
            check=False,
        )

    def status(self) -> dict[str, Any]:
        done = self.ask("status", "--json", "--data-dir", str(self.data))
        assert done.returncode == 0, done.stderr
        document: dict[str, Any] = json.loads(done.stdout)
        return document

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the log's file holds at this moment; nothing while there is no file."""
        with (
            suppress(sqlite3.OperationalError),
            closing(
                sqlite3.connect(f"{(self.data / 'posture.db').as_uri()}?mode=ro", uri=True)
            ) as db,
        ):
            return db.execute(query).fetchall()
        return []


class Monitor:
    """A running monitor and all it has said."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said: list[str] = []
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def hears(self, words: str) -> str:
        """Wait for a line with *words*."""
        deadline = time.monotonic() + LONG_S
        while time.monotonic() < deadline:
            with suppress(queue.Empty):
                line = self._lines.get(timeout=0.5)
                if line is None:
                    break
                self.said.append(line)
                if words in line:
                    return line
        raise AssertionError(f"{words!r} was never said, but: {self.said}")

    def end(self, number: signal.Signals | None = None) -> tuple[int, str]:
        """Send it a signal and wait for its end: exit code and complaints."""
        if number is not None:
            self.process.send_signal(number)
        code = self.process.wait(LONG_S)
        self._reader.join(LONG_S)
        while not self._lines.empty():
            line = self._lines.get()
            if line is not None:
                self.said.append(line)
        assert self.process.stderr is not None
        return code, self.process.stderr.read()

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join()
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()


@contextmanager
def monitoring(
    home: Home,
    source: Path | str,
    *words: str,
    tray: bool = False,
    env: Mapping[str, str] | None = None,
    before: Sequence[str] = (),
    in_child: Callable[[], object] | None = None,
) -> Iterator[Monitor]:
    """The monitor of *home* watching *source*; *before*: words in front of the command."""
    own = ["run", "--source", str(source), "--data-dir", str(home.data), *words]
    process = subprocess.Popen(
        [*before, sys.executable, "-m", "posture", *own, *([] if tray else ["--no-tray"])],
        env=home.environment(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=in_child,  # noqa: PLW1509 - nothing else runs in these tests
    )
    monitor = Monitor(process)
    try:
        yield monitor
    finally:
        monitor.close()


def until(
    true: Callable[[], T | None], what: str | Callable[[], str], within_s: float = LONG_S
) -> T:
    """Wait until *true* returns something true and return that."""
    deadline = time.monotonic() + within_s
    while not (found := true()):
        if time.monotonic() >= deadline:
            said = what if isinstance(what, str) else what()
            raise AssertionError(f"waited in vain for {said}")
        time.sleep(0.05)
    return found
