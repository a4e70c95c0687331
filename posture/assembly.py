"""Everything put together: from a plan and settings to a running program, and back to silence."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from posture import __version__, calibration_file
from posture.app import App, CommandHandler, Inbox, Watcher
from posture.clock import Clock, Instant, SystemClock, local_time, local_zone
from posture.core.effects import Effect, ShowReminder, Status
from posture.core.inputs import Action, Delivered, Session, SessionChanged
from posture.core.monitor import Monitor
from posture.core.neutral import Neutral, expected_face
from posture.core.reader import Reader
from posture.desktop.autostart import autostart_of_this_system
from posture.desktop.control import serve
from posture.desktop.face import face
from posture.desktop.loop import LoopThread
from posture.desktop.menu import Surroundings
from posture.desktop.notify import Notifier, fallback_for_this_system
from posture.desktop.opening import launch, open_file
from posture.desktop.reception import Reception
from posture.desktop.session import SessionWatcher, source_for_this_system
from posture.desktop.tray import Tray, open_tray
from posture.desktop.wishes import Command
from posture.desktop.words import say, speak
from posture.engine import Engine
from posture.footprint import shrink
from posture.front_desk import FrontDesk, Means
from posture.journal.outspoken import OutspokenJournal
from posture.journal.store import Journal
from posture.language import system_language
from posture.live_settings import LiveSettings
from posture.memory_file import MemoryFile, Remembered
from posture.own_command import own_command
from posture.plan import Plan
from posture.profiles import Profiles
from posture.publish.publishers import Publishers, publishers
from posture.sense.wire import Assignment
from posture.sense.worker_feed import WorkerFeed
from posture.settings import NotificationSettings, Settings
from posture.status_document import Program
from posture.windows import LendableFeed, Windows

# What outlives a restart is written this often; a crash loses less. Chosen.
_SAVE_EVERY_S = 60.0
# Ctrl-C, the end of the session, the end of the terminal (Windows: its window closed).
_ENDINGS = [
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    if hasattr(signal, name)
]


class Terminal(Protocol):
    """Where a person may be reading."""

    def say(self, text: str) -> None:
        """Print a line."""

    def show(self, reminder: ShowReminder) -> None:
        """Print a reminder."""

    def watch(self, effects: Sequence[Effect]) -> None:
        """See all effects."""


class Showing:
    """Shows reminders where the user looks: always in the terminal, and as notifications.

    It is also the *inbox* of the notifier: until a notification service was seen to work, printed
    is delivered; from then on what it does not show is not. *wait*: for the answer to each, as
    a film played faster than its time would be far on by then.
    """

    def __init__(
        self,
        terminal: Terminal,
        inbox: Inbox,
        wanted: NotificationSettings,
        *,
        wait: bool = False,
    ) -> None:
        self._terminal = terminal
        self._wait = wait
        self._answers: queue.SimpleQueue[Delivered] = queue.SimpleQueue()
        self._inbox = inbox
        self._wanted = wanted
        self._notifier: Notifier | None = None
        self._works = False

    def obey(self, wanted: NotificationSettings) -> None:
        """Show the next reminders as *wanted*."""
        self._wanted = wanted

    def use(self, notifier: Notifier) -> None:
        """Show reminders through *notifier*, too. A service that comes later is found."""
        self._notifier = notifier
        if not self._wanted.enabled:
            return
        try:
            notifier.offer()
        except OSError:
            self._terminal.say(say("notify.none_yet"))
        else:
            self._works = True

    def put(self, item: Action | Command | Delivered | SessionChanged) -> None:
        """Take the notifier's answers and proofs."""
        if isinstance(item, Delivered):
            self._works = self._works or item.ok
            if not self._works:
                item = Delivered(item.at, item.reminder_id, ok=True)
            if self._wait:
                self._answers.put(item)
                return
        self._inbox.put(item)

    def show(self, reminder: ShowReminder) -> Delivered | None:
        """Show *reminder*; the notifier proves it later, and printed is delivered."""
        self._terminal.show(reminder)
        if self._notifier is None or not self._wanted.enabled:
            return Delivered(reminder.at, reminder.id, ok=True)
        self._notifier.show(reminder, sound=self._wanted.sound)
        if not self._wait:
            return None
        # The notifier answers each within its own time limit.
        while (answer := self._answers.get()).reminder_id != reminder.id:
            pass
        return Delivered(reminder.at, reminder.id, ok=answer.ok, why=answer.why)

    def withdraw(self, reminder_id: int) -> None:
        """Take it away."""
        if self._notifier is not None:
            self._notifier.withdraw(reminder_id)


class Saver:
    """Writes the monitor's memory now and then."""

    def __init__(self, memory: MemoryFile, monitor: Monitor, reader: Reader) -> None:
        self._memory = memory
        self._monitor = monitor
        self._reader = reader
        self._saved: Instant | None = None

    def watch(self, effects: Sequence[Effect]) -> None:
        """Save when it is time."""
        for effect in effects:
            if isinstance(effect, Status) and (
                self._saved is None or effect.at - self._saved >= _SAVE_EVERY_S
            ):
                self._saved = effect.at
                self.save()

    def save(self) -> None:
        """Save now."""
        self._memory.save(self._monitor.snapshot(), self._reader.drift)


def run(plan: Plan, live: LiveSettings, terminal: Terminal) -> None:
    """Run until the source ends, the plan's time is over or the user stops it.

    ``live``: the settings, and the file in which they may change meanwhile. The caller holds the
    plan's data directory (see ``instance``). Raises what made the source end.
    """
    settings = live.now
    policy = settings.policy(system_language())
    speak(policy.language)
    clock, stretch = plan.clocks()
    memory = MemoryFile(plan.data_dir, 0 if plan.neutral is None else plan.neutral.made_us)
    remembered = memory.load() if plan.real else Remembered()
    reader = Reader(plan.neutral, drift=remembered.drift)
    monitor = Monitor(policy, reader=reader, local_time=local_time)
    saver = Saver(memory, monitor, reader)
    inbox: Inbox = queue.SimpleQueue()
    with contextlib.ExitStack() as stack:
        loop = LoopThread()
        stack.callback(loop.stop)
        watcher: SessionWatcher | None = None
        if plan.real:
            monitor.restore(remembered.monitor, clock.now())
            stack.callback(saver.save)
            watcher = _watch_session(stack, loop, clock, inbox, settings.reminders.pause_s)
        showing = Showing(terminal, inbox, settings.notifications, wait=not plan.realtime)
        notifier = Notifier(showing, clock, loop, fallback=fallback_for_this_system())
        stack.callback(notifier.stop)
        showing.use(notifier)
        tray = open_tray(
            inbox, clock, loop, face(None, Surroundings()), prefer="auto" if plan.tray else "none"
        )
        hidden = tray.why_hidden() if plan.tray else None
        if hidden is not None:
            terminal.say(hidden)
        reception = Reception(inbox, clock)
        server = serve(plan.data_dir, reception, loop)
        server.start()
        stack.callback(server.stop)
        feed = LendableFeed(_feed(plan, settings, inbox))
        profiles = _profiles(plan, settings, reader, memory, inbox, clock, terminal)
        windows = Windows(
            feed, plan, settings.thresholds, inbox, clock,
            profile=lambda: profiles.current, tell=terminal.say,
        )  # fmt: skip
        stack.callback(windows.close)
        published = stack.enter_context(_published(plan, settings, policy.language, terminal))
        obey = partial(_obey, monitor, showing, windows, profiles, watcher, published)
        desk = _front_desk(plan, live, obey, terminal, tray, reception, watcher, clock, published)
        watchers: list[Watcher] = [
            terminal.watch, desk.watch, windows.watch, profiles.watch, reception.watch,
            published.watch, *([saver.watch] if plan.real else []),
        ]  # fmt: skip
        engine = Engine(monitor, reader, stretch=stretch)
        perform = _performer(windows, profiles, desk)
        app = App(
            engine, clock, inbox, showing,
            watchers=watchers, on_command=perform, on_camera=profiles.meet,
            in_real_time=plan.time_scale == 1.0,
        )  # fmt: skip
        app.use(feed)
        _stop_in_time(plan, app, stack)
        shrink()
        _work(app, tray, lambda: _journal(plan, settings, clock), terminal)
    if app.error is not None:
        raise app.error


def _profiles(
    plan: Plan,
    settings: Settings,
    reader: Reader,
    memory: MemoryFile,
    inbox: Inbox,
    clock: Clock,
    terminal: Terminal,
) -> Profiles:
    return Profiles(
        plan,
        inbox,
        clock,
        use=partial(_recalibrate, reader, memory),
        know=reader.know_desks,
        tell=terminal.say,
        automatic=settings.camera.by_fit,
    )


def _performer(windows: Windows, profiles: Profiles, desk: FrontDesk) -> CommandHandler:
    """Who performs commands. What windows and profiles have to say is said in the menu, too."""
    windows.tell = profiles.tell = desk.tell

    def perform(command: Command) -> None:
        if profiles.handle(command):
            desk.use_profile(profiles.current)
        elif not windows.handle(command):
            desk.handle(command)

    return perform


def _obey(
    monitor: Monitor,
    showing: Showing,
    windows: Windows,
    profiles: Profiles,
    watcher: SessionWatcher | None,
    published: Publishers,
    settings: Settings,
) -> None:
    """Follow other settings from now on."""
    if watcher is not None:
        watcher.pause_s = settings.reminders.pause_s
    policy = settings.policy(system_language())
    speak(policy.language)
    monitor.apply(policy)
    showing.obey(settings.notifications)
    windows.obey(settings.thresholds)
    profiles.obey(automatic=settings.camera.by_fit)
    published.obey(settings)


def _published(plan: Plan, settings: Settings, language: str, terminal: Terminal) -> Publishers:
    """The publishers the user asked for. Demonstrations are not published."""
    made = publishers(settings, language, terminal.say, SystemClock()) if plan.real else {}
    return Publishers(made)


def _recalibrate(reader: Reader, memory: MemoryFile, neutral: Neutral) -> None:
    """Judge by *neutral* from now on; what was learnt about the one before is forgotten."""
    reader.recalibrate(neutral)
    memory.recalibrated(neutral.made_us)


def _watch_session(
    stack: contextlib.ExitStack, loop: LoopThread, clock: Clock, inbox: Inbox, pause_s: float
) -> SessionWatcher:
    source = source_for_this_system(loop, clock)
    watcher = SessionWatcher(source, inbox, clock, pause_s=pause_s)
    watcher.start()
    stack.callback(watcher.stop)
    return watcher


def _front_desk(
    plan: Plan,
    live: LiveSettings,
    obey: Callable[[Settings], None],
    terminal: Terminal,
    tray: Tray,
    reception: Reception,
    watcher: SessionWatcher | None,
    clock: Clock,
    published: Publishers,
) -> FrontDesk:
    program = Program(
        pid=os.getpid(),
        version=__version__,
        since=clock.now(),
        data_dir=str(plan.data_dir),
        source=plan.source,
        profile=plan.profile,
        tray=tray.backend.value,
        tray_trouble=tray.why_hidden(),
    )
    report = own_command("report", "--open", "--data-dir", str(plan.data_dir))
    means = Means(
        apply=obey,
        tell=terminal.say,
        open_report=lambda: launch(report),
        open_file=open_file,
        profiles=calibration_file.profiles,
        session=lambda: Session() if watcher is None else watcher.session,
        publishing=published.said,
    )
    return FrontDesk(
        program,
        live,
        means,
        tray=tray,
        reception=reception,
        autostart=autostart_of_this_system() if plan.real else None,
    )


def _feed(plan: Plan, settings: Settings, inbox: Inbox) -> WorkerFeed:
    assignment = Assignment(
        plan.source,
        paced=plan.realtime,
        # Where one second counts as many, a still scene must be told more often.
        adaptive=plan.time_scale == 1.0,
        expected=expected_face(plan.neutral),
        pose_model=settings.models.pose or None,
        face_model=settings.models.face or None,
    )
    return WorkerFeed(assignment, inbox.put, SystemClock())


def _journal(plan: Plan, settings: Settings, clock: Clock) -> Journal:
    return Journal(
        plan.data_dir,
        clock,
        time_scale=plan.time_scale,
        source=plan.source,
        zone=str(local_zone()),
        retention_days=settings.log.retention_days or None,
    )


def _stop_in_time(plan: Plan, app: App, stack: contextlib.ExitStack) -> None:
    for number in _ENDINGS:
        if signal.getsignal(number) is signal.SIG_IGN:
            continue  # as nohup wants it
        before = signal.signal(number, lambda *_: app.stop())
        stack.callback(signal.signal, number, before)
    if plan.stop_after_s is not None:
        timer = threading.Timer(plan.stop_after_s, app.stop)
        timer.daemon = True
        timer.start()
        stack.callback(timer.cancel)


def _work(app: App, tray: Tray, journal: Callable[[], Journal], terminal: Terminal) -> None:
    """Run *app* beside the tray, which may need the main thread. Raises what the app raises."""
    failure: list[BaseException] = []

    def work() -> None:
        try:
            # SQLite wants its connection used in the thread that made it.
            with OutspokenJournal(journal(), terminal.say) as record:
                app.run(record)
        except BaseException as error:  # noqa: BLE001 - raised again in the main thread
            failure.append(error)
        finally:
            tray.stop()

    thread = threading.Thread(target=work, name="monitor")
    tray.start()
    thread.start()
    tray.run()
    app.stop()
    thread.join()
    if failure:
        raise failure[0]
