"""Everything put together: from a plan and settings to a running program, and back to silence."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import threading
from collections.abc import Callable
from functools import partial

from posture import __version__, calibration_file
from posture.app import App, CommandHandler, Inbox, Watcher
from posture.clock import Clock, SystemClock, local_time, local_zone
from posture.core.inputs import Session
from posture.core.monitor import Monitor
from posture.core.neutral import Neutral, expected_face
from posture.core.reader import Reader
from posture.delivery import Delivery, Terminal
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
from posture.desktop.words import speak
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
from posture.saver import Saver
from posture.sense.wire import Assignment
from posture.sense.worker_feed import WorkerFeed
from posture.settings import Settings
from posture.status_document import Program
from posture.windows import LendableFeed, Windows

# Ctrl-C, the end of the session, the end of the terminal (Windows: its window closed).
_ENDINGS = [
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    if hasattr(signal, name)
]


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
        delivery = Delivery(terminal, inbox, settings.notifications, wait=not plan.realtime)
        notifier = Notifier(delivery, clock, loop, fallback=fallback_for_this_system())
        stack.callback(notifier.stop)
        delivery.use(notifier)
        tray = _tray(plan, inbox, clock, loop, terminal)
        reception = _reception(stack, plan, inbox, clock, loop)
        feed = LendableFeed(_feed(plan, settings, inbox))
        profiles = _profiles(plan, settings, reader, memory, inbox, clock, terminal)
        windows = Windows(
            feed, plan, settings.thresholds, inbox, clock,
            profile=lambda: profiles.current, tell=terminal.say,
        )  # fmt: skip
        stack.callback(windows.close)
        published = stack.enter_context(_published(plan, settings, policy.language, terminal))
        obey = partial(_obey, monitor, delivery, windows, profiles, watcher, published)
        desk = _front_desk(plan, live, obey, terminal, tray, reception, watcher, clock, published)
        watchers: list[Watcher] = [
            terminal.watch, desk.watch, windows.watch, profiles.watch, reception.watch,
            published.watch, *([saver.watch] if plan.real else []),
            *([watcher.watch] if watcher is not None else []),
        ]  # fmt: skip
        engine = Engine(monitor, reader, stretch=stretch)
        perform = _performer(windows, profiles, desk)
        app = App(
            engine, clock, inbox, delivery,
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
    delivery: Delivery,
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
    delivery.obey(settings.notifications)
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


def _tray(plan: Plan, inbox: Inbox, clock: Clock, loop: LoopThread, terminal: Terminal) -> Tray:
    prefer = "auto" if plan.tray else "none"
    tray = open_tray(inbox, clock, loop, face(None, Surroundings()), prefer=prefer)
    hidden = tray.why_hidden() if plan.tray else None
    if hidden is not None:
        terminal.say(hidden)
    return tray


def _reception(
    stack: contextlib.ExitStack, plan: Plan, inbox: Inbox, clock: Clock, loop: LoopThread
) -> Reception:
    """Who answers the user's other commands, and may be asked from now on."""
    reception = Reception(inbox, clock)
    server = serve(plan.data_dir, reception, loop)
    server.start()
    stack.callback(server.stop)
    return reception


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
