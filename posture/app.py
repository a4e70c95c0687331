"""The running program: one inbox, one engine, and the rooms that perform its effects."""

from __future__ import annotations

import queue
from collections.abc import Callable, Sequence
from typing import Protocol

from posture.clock import Clock
from posture.core.effects import Effect, ShowReminder, Status, WantCamera, WithdrawReminder
from posture.core.inputs import Action, CameraLost, Delivered, Input, SessionChanged, Tick
from posture.core.landmarks import Landmarks
from posture.desktop.wishes import Command, CommandKind
from posture.engine import Engine
from posture.errors import PostureError
from posture.sense.sight import SourceEnded
from posture.sense.wire import Opened

# Without news the engine is told every second that time passes.
_TICK_S = 1.0
# Nobody is there, or watched: the camera, the desktop and wishes have news of their own.
_CALM_TICK_S = 10.0  # chosen


class Feed(Protocol):
    """Something that watches and puts what it sees into the inbox."""

    def start(self) -> None:
        """Begin to watch."""

    def want(self, wanted: bool, interval_s: float) -> None:
        """Open or release the camera; look every *interval_s* seconds."""

    def doubt(self, undecided: bool) -> None:
        """Whether the next picture may settle what the last has raised."""

    def stop(self) -> object:
        """End, and release everything."""


class Screen(Protocol):
    """Somewhere reminders are shown."""

    def show(self, reminder: ShowReminder) -> Delivered | None:
        """Show *reminder* in place of the one before.

        Returns the proof, or None where it comes later, as ``Delivered`` in the inbox.
        """

    def withdraw(self, reminder_id: int) -> None:
        """Take it away."""


class Record(Protocol):
    """Somewhere effects are written down."""

    def record(self, effects: Sequence[Effect]) -> object:
        """Take *effects*, which may be none: time passes for the record too."""


class Unrecorded:
    """Nothing is written down."""

    def record(self, effects: Sequence[Effect]) -> None:
        """Let *effects* go."""


InboxItem = (
    Landmarks | CameraLost | SourceEnded | Opened | Action | Command | Delivered | SessionChanged
)
Inbox = queue.SimpleQueue[InboxItem]
Watcher = Callable[[Sequence[Effect]], None]
CommandHandler = Callable[[Command], object]
CameraHandler = Callable[[str], object]


class App:
    """Feeds the engine from one inbox and performs what it asks for.

    ``watchers`` see all effects of every step, after they were performed. ``on_camera`` is told
    the name of each camera that gives pictures. ``in_real_time``: one second is one second, so
    that those in which nobody is there need not be told one by one.
    """

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        inbox: Inbox,
        screen: Screen,
        *,
        watchers: Sequence[Watcher] = (),
        on_command: CommandHandler | None = None,
        on_camera: CameraHandler | None = None,
        in_real_time: bool = True,
    ) -> None:
        self.error: PostureError | None = None
        self.status: Status | None = None
        self._engine = engine
        self._clock = clock
        self._inbox = inbox
        self._screen = screen
        self._watchers = watchers
        self._on_command = on_command
        self._on_camera = on_camera
        self._in_real_time = in_real_time
        self._feed: Feed | None = None
        self._undecided = True
        self._record: Record = Unrecorded()
        self._ended = False

    def use(self, feed: Feed) -> None:
        """Let *feed* deliver the pictures; the engine tells it when to look."""
        self._feed = feed

    def stop(self) -> None:
        """End :meth:`run`; from any thread and from signal handlers."""
        self._inbox.put(Command(self._clock.now(), CommandKind.QUIT))

    def run(self, record: Record) -> None:
        """Work until the source ends or someone wants to quit; effects are written to *record*."""
        self._record = record
        if self._feed is not None:
            self._feed.start()
        try:
            while not self._ended:
                self._turn()
        finally:
            # A camera takes its time to close, in which nobody became unseen.
            ended = self._clock.now()
            if self._feed is not None:
                self._feed.stop()
            last = self._engine.close(ended)
            record.record(last)
            for watch in self._watchers:
                watch(last)

    def _turn(self) -> None:
        try:
            item = self._inbox.get(timeout=self._patience_s)
        except queue.Empty:
            self._take(Tick(self._clock.now()))
            return
        match item:
            case SourceEnded():
                self.error = item.error
                self._ended = True
            case Command(kind=CommandKind.QUIT):
                self._ended = True
            case Opened():
                if self._on_camera is not None:
                    self._on_camera(item.name)
            case Command():
                if self._on_command is not None:
                    self._on_command(item)
            case _:
                self._take(item)

    @property
    def _patience_s(self) -> float:
        status = self.status
        if not self._in_real_time or status is None or not status.calm:
            return _TICK_S
        if status.silent_until is None:
            return _CALM_TICK_S
        # What the user asked for ends on the second.
        return min(max(status.silent_until - status.at, _TICK_S), _CALM_TICK_S)

    def _take(self, given: Input) -> None:
        effects = self._engine.take(given)
        if self._feed is not None and self._undecided is not self._engine.undecided:
            self._undecided = not self._undecided
            self._feed.doubt(self._undecided)
        self._perform(effects)

    def _perform(self, effects: Sequence[Effect]) -> None:
        self._record.record(effects)
        answers: list[Delivered] = []
        for effect in effects:
            match effect:
                case ShowReminder():
                    answer = self._screen.show(effect)
                    if answer is not None:
                        answers.append(answer)
                case WithdrawReminder():
                    self._screen.withdraw(effect.id)
                case WantCamera():
                    if self._feed is not None:
                        self._feed.want(effect.wanted, effect.interval_s)
                case Status():
                    self.status = effect
                case _:
                    pass
        for watch in self._watchers:
            watch(effects)
        for answer in answers:
            self._take(answer)
