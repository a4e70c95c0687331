"""Three days and nights at the desk, with something going wrong every few minutes."""

from __future__ import annotations

import gc
import random
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from desk import neutral_of
from person import LAPTOP, Moves, seen

from posture.clock import US_PER_S, Instant, ManualClock, local_time
from posture.core.effects import Effect, ShowReminder, SpanKind, Status
from posture.core.inputs import (
    Action,
    ActionKind,
    CameraLost,
    Delivered,
    Input,
    Session,
    SessionChanged,
    Tick,
)
from posture.core.landmarks import Landmarks
from posture.core.monitor import Monitor
from posture.core.policy import Policy
from posture.core.reader import Reader
from posture.desktop.glance import glance
from posture.engine import Engine
from posture.journal.export import EVER
from posture.journal.file import open_for_writing
from posture.journal.outspoken import OutspokenJournal
from posture.journal.reader import Reader as LogReader
from posture.journal.store import Journal
from posture.memory_file import MemoryFile

DAYS = 3
STEP_S = 15.0
# chosen: three times what an ordinary day of ten hours takes (docs/log.md): this one has 24, and
# some 30 new beginnings
MOST_BYTES_A_DAY = 90_000
REASONS = ("unplugged", "busy", "denied", "black", "frozen", "stalled", "worker_crashed", "strange")
ZONES = ("Europe/Berlin", "Asia/Tokyo", "America/New_York", "Australia/Lord_Howe")
POSES = [
    seen(moves, LAPTOP)
    for moves in (
        Moves(),
        Moves(),
        Moves(),
        Moves(yaw=30.0),
        Moves(slump=7.0, poke=12.0),
        Moves(forward=12.0),
        Moves(lateral=8.0),
        Moves(up=30.0),
    )
]
EMPTY = Landmarks(POSES[0].at, LAPTOP.size, None, None, 120.0)


@pytest.fixture(autouse=True)
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


class Soak:
    """A monitor with its log and its memory, and a world that is unkind to it."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, seed: int) -> None:
        self.folder = folder
        self.clock = ManualClock(Instant(1000.0, 1_774_580_400 * US_PER_S))
        self._patch = patch
        self._chance = random.Random(seed)
        self._disk: sqlite3.Error | None = None
        self._lost: str | None = None
        self._session = Session(locked=False, idle_s=0.0)
        self._pose: Landmarks | None = POSES[0]
        self.said: list[str] = []
        self.happened: Counter[str] = Counter()
        self.shown = 0
        self._begin()

    def _connect(self, path: Path, busy_timeout_s: float) -> sqlite3.Connection:
        if self._disk is not None:
            raise self._disk
        return open_for_writing(path, busy_timeout_s)

    def _begin(self) -> None:
        reader = Reader(neutral_of(LAPTOP))
        self._memory = MemoryFile(self.folder, 1)
        monitor = Monitor(Policy(), reader=reader, local_time=local_time)
        remembered = self._memory.load().monitor
        if remembered is not None:
            monitor.restore(remembered, self.clock.now())
        self._monitor, self._engine = monitor, Engine(monitor, reader)
        self._log = Journal(self.folder, self.clock, retention_days=730, connect=self._connect)
        self._journal = OutspokenJournal(self._log, self.said.append)

    def end(self) -> None:
        self._journal.record(self._monitor.close(self.clock.now()))
        self._memory.save(self._monitor.snapshot(), {})
        self._journal.close()

    def write_down(self) -> None:
        """Nothing waits for the log."""
        self._disk = None
        self._log.flush()
        self._journal.record([])

    def _take(self, given: Input) -> None:
        effects = self._engine.take(given)
        for effect in effects:
            if isinstance(effect, Status):
                assert glance(effect).headline
        self._journal.record(effects)
        for effect in effects:
            self._deliver(effect)

    def _deliver(self, effect: Effect) -> None:
        if isinstance(effect, ShowReminder):
            self.shown += 1
            ok = self._chance.random() < 0.8
            self._take(Delivered(effect.at, effect.id, ok, None if ok else "no service"))
            if self._chance.random() < 0.2:
                kind = self._chance.choice([ActionKind.WRONG_ALARM, ActionKind.SNOOZE])
                self._take(Action(self.clock.now(), kind, None, effect.id))

    def step(self) -> None:
        """A few seconds, in which something may happen."""
        self.clock.advance(STEP_S)
        if self._chance.random() < 0.03:
            trouble = self._chance.choice(list(TROUBLES))
            self.happened[trouble] += 1
            TROUBLES[trouble](self)
        now = self.clock.now()
        if self._lost is not None:
            self._take(CameraLost(now, self._lost))
        elif self._pose is not None:
            self._take(replace(self._pose, at=now))
        else:
            self._take(Tick(now))

    def person_moves(self) -> None:
        self._pose = self._chance.choice([*POSES, EMPTY])

    def camera_fails(self) -> None:
        self._lost = self._chance.choice(REASONS)

    def camera_works(self) -> None:
        self._lost, self._pose = None, POSES[0]

    def picture_changes(self) -> None:
        pose = self._chance.choice(POSES)
        self._pose = replace(pose, size=self._chance.choice([(320, 240), (720, 1280), (1280, 720)]))

    def no_pictures(self) -> None:
        self._pose = None

    def session_changes(self) -> None:
        yes = self._chance.choice([True, False, False, None])
        self._session = replace(
            self._session,
            **{self._chance.choice(["locked", "full_screen", "on_battery", "asleep"]): yes},
            idle_s=self._chance.choice([0.0, 5.0, 900.0, None]),
            camera_used_by=self._chance.choice([None, None, "a meeting"]),
        )
        self._take(SessionChanged(self.clock.now(), self._session))

    def session_is_fine(self) -> None:
        self._session = Session(locked=False, idle_s=0.0)
        self._take(SessionChanged(self.clock.now(), self._session))

    def user_acts(self) -> None:
        kind = self._chance.choice(list(ActionKind))
        self._take(Action(self.clock.now(), kind, self._chance.choice([None, 60.0, 900.0])))

    def clock_is_set(self) -> None:
        now = self.clock.now()
        wall = now.wall_us + round(self._chance.uniform(-3600, 3600) * US_PER_S)
        self.clock.set(Instant(now.mono, wall))

    def journey(self) -> None:
        self._patch.setenv("TZ", self._chance.choice(ZONES))
        time.tzset()

    def sleep(self) -> None:
        self.clock.advance(self._chance.uniform(60.0, 1800.0))

    def disk_fails(self) -> None:
        error = sqlite3.OperationalError("injected")
        error.sqlite_errorcode = self._chance.choice(
            [
                sqlite3.SQLITE_FULL,
                sqlite3.SQLITE_BUSY,
                sqlite3.SQLITE_IOERR,
                sqlite3.SQLITE_READONLY,
            ]
        )
        self._disk = error
        self._log._disconnect()  # the next write opens the file anew, and fails

    def disk_works(self) -> None:
        self._disk = None

    def restart(self) -> None:
        self.end()
        self._begin()

    def kill(self) -> None:
        """No goodbye: what waits for the log is lost, the memory is that of a moment before."""
        self._memory.save(self._monitor.snapshot(), {})
        self._log._disconnect()
        self._begin()


TROUBLES = {
    name: method
    for name, method in vars(Soak).items()
    if callable(method) and not name.startswith("_") and name not in {"end", "step", "write_down"}
}


def held() -> tuple[int, int, int]:
    """Objects, threads, descriptors."""
    gc.collect()
    descriptors = list(Path("/proc/self/fd").iterdir())
    return len(gc.get_objects()), threading.active_count(), len(descriptors)


def test_three_days_of_trouble_leave_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    soak = Soak(tmp_path, monkeypatch, seed=20)
    days = []
    for _ in range(DAYS):
        for _ in range(round(86400 / STEP_S)):
            soak.step()
        soak.write_down()
        days.append(held())
    soak.end()

    assert min(soak.happened[trouble] for trouble in TROUBLES) >= 10
    assert soak.shown >= 10
    # What is held after the first day is all there is to hold.
    assert days[-1][0] < 1.1 * days[0][0]
    assert days[-1][1] == days[0][1]
    assert days[-1][2] <= days[0][2]
    size = sum(path.stat().st_size for path in tmp_path.glob("posture*"))
    assert size < DAYS * MOST_BYTES_A_DAY
    assert sorted(path.name for path in tmp_path.iterdir()) == ["memory.json", "posture.db"]
    with closing(sqlite3.connect(tmp_path / "posture.db")) as log:
        assert log.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with LogReader(tmp_path) as reader:
        assert len(reader.runs(*EVER)) >= 20
        present = [
            one for one in reader.spans(*EVER, [SpanKind.PRESENCE]) if one.value == "present"
        ]
    assert 0 < sum(one.seconds for one in present) < DAYS * 86400
    troubles = Counter(line.partition(";")[0] for line in soak.said)
    assert troubles["The log is being written again"] >= 5
