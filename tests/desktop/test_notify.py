from __future__ import annotations

import asyncio
import queue
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import RecordingServer, serving
from moments import NOW, reminder
from stage import LONG_S, Hands, await_name, heard, notification_service, running, until

from posture.clock import ManualClock
from posture.core.inputs import Action, ActionKind, Delivered
from posture.desktop import notify_macos
from posture.desktop.loop import LoopThread
from posture.desktop.notify import ICON, Notifier

NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
ALL = ["body", "actions", "sound"]

Sink = queue.SimpleQueue[Any]
Make = Callable[..., Notifier]


@pytest.fixture
def make(loop: LoopThread, sink: Sink) -> Iterator[Make]:
    made: list[Notifier] = []

    def build(**options: Any) -> Notifier:
        made.append(Notifier(sink, ManualClock(NOW), loop, **options))
        return made[-1]

    yield build
    for notifier in made:
        notifier.stop()


def test_a_reminder_is_shown_with_its_buttons_and_proven(bus: str, make: Make, sink: Sink) -> None:
    server = RecordingServer(ALL)
    with serving(NAME, {PATH: server}):
        make().show(reminder(7))
        shown = server.shown.get(timeout=LONG_S)

        assert sink.get(timeout=LONG_S) == Delivered(NOW, 7, ok=True)
        assert (shown.program, shown.title) == ("Posture", "Your head has come forward")
        assert shown.text.startswith("It is 6 cm further forward")
        assert shown.icon == ICON.as_uri()
        assert shown.buttons == ["Snooze", "Done", "Wrong alarm"]
        assert "sound-name" not in shown.hints


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Snooze", ActionKind.SNOOZE),
        ("Done", ActionKind.DONE),
        ("Wrong alarm", ActionKind.WRONG_ALARM),
    ],
)
def test_a_button_reaches_the_sink(
    label: str, kind: ActionKind, bus: str, make: Make, sink: Sink
) -> None:
    server = RecordingServer(ALL)
    with serving(NAME, {PATH: server}) as desk:
        make().show(reminder(7))
        shown = server.shown.get(timeout=LONG_S)
        sink.get(timeout=LONG_S)
        desk.post(server.ActionInvoked, shown.number, shown.key(label))

        assert sink.get(timeout=LONG_S) == Action(NOW, kind, reminder_id=7)


def test_the_next_reminder_replaces_the_one_before(bus: str, make: Make, sink: Sink) -> None:
    server = RecordingServer(ALL)
    with serving(NAME, {PATH: server}):
        notifier = make()
        for number in (1, 2, 3):
            notifier.show(reminder(number))
        answers = [sink.get(timeout=LONG_S) for _ in range(3)]

        assert answers == [Delivered(NOW, number, ok=True) for number in (1, 2, 3)]
        assert [server.closed.get(timeout=LONG_S) for _ in range(2)] == [1, 2]
        assert list(server.present) == [3]


def test_a_settled_reminder_is_withdrawn_and_no_other(bus: str, make: Make, sink: Sink) -> None:
    server = RecordingServer(ALL)
    with serving(NAME, {PATH: server}):
        notifier = make()
        notifier.show(reminder(7))
        sink.get(timeout=LONG_S)
        notifier.withdraw(6)
        notifier.withdraw(7)

        assert server.closed.get(timeout=LONG_S) == 1
        assert server.closed.empty()


def test_the_end_takes_the_reminder_along(bus: str, loop: LoopThread, sink: Sink) -> None:
    server = RecordingServer(ALL)
    with serving(NAME, {PATH: server}):
        notifier = Notifier(sink, ManualClock(NOW), loop)
        notifier.show(reminder(7))
        sink.get(timeout=LONG_S)
        notifier.stop()

        assert server.closed.get(timeout=LONG_S) == 1


def test_a_service_without_buttons_gets_none(bus: str, make: Make, sink: Sink) -> None:
    server = RecordingServer(["body"])
    with serving(NAME, {PATH: server}):
        notifier = make()
        notifier.show(reminder(7))

        assert server.shown.get(timeout=LONG_S).buttons == []
        assert sink.get(timeout=LONG_S).ok
        assert not notifier.offer().buttons


def test_a_sound_is_played_when_wanted(bus: str, make: Make) -> None:
    server = RecordingServer(ALL)
    with serving(NAME, {PATH: server}):
        make().show(reminder(7), sound=True)

        assert server.shown.get(timeout=LONG_S).hints["sound-name"] == "default"


def test_no_daemon_is_told_and_the_next_one_is_found(bus: str, make: Make, sink: Sink) -> None:
    notifier = make()
    notifier.show(reminder(1))
    lost = sink.get(timeout=LONG_S)

    assert not lost.ok
    assert lost.why.startswith("no notification service answers (")
    assert NAME in lost.why

    with serving(NAME, {PATH: RecordingServer(ALL)}):
        notifier.show(reminder(2))

        assert sink.get(timeout=LONG_S) == Delivered(NOW, 2, ok=True)


def test_no_bus_is_told(no_desktop: None, make: Make, sink: Sink) -> None:
    make().show(reminder(1))
    lost = sink.get(timeout=LONG_S)

    assert not lost.ok
    assert "DBUS_SESSION_BUS_ADDRESS not set" in lost.why


def test_a_refusal_is_told_with_its_reason(bus: str, make: Make, sink: Sink) -> None:
    server = RecordingServer(ALL, refuse="too many notifications")
    with serving(NAME, {PATH: server}):
        make().show(reminder(1))

        assert sink.get(timeout=LONG_S) == Delivered(
            NOW, 1, ok=False, why="the notification service refused it (too many notifications)"
        )


def test_a_restarted_daemon_is_used_again(bus: str, make: Make, sink: Sink) -> None:
    notifier = make()
    for number in (1, 2):
        server = RecordingServer(ALL)
        with serving(NAME, {PATH: server}) as desk:
            notifier.show(reminder(number))
            shown = server.shown.get(timeout=LONG_S)
            assert sink.get(timeout=LONG_S) == Delivered(NOW, number, ok=True)
            desk.post(server.ActionInvoked, shown.number, shown.key("Snooze"))

            assert sink.get(timeout=LONG_S) == Action(NOW, ActionKind.SNOOZE, reminder_id=number)


def test_a_service_that_hangs_is_given_up(loop: LoopThread, sink: Sink, make: Make) -> None:
    class Hanging:
        async def get_capabilities(self) -> None:
            await asyncio.Event().wait()

    make(make=Hanging, timeout_s=0.05).show(reminder(1))

    assert sink.get(timeout=LONG_S) == Delivered(
        NOW, 1, ok=False, why="the notification service did not answer within 0.05 s"
    )


class Unproven:
    """What desktop-notifier is on macOS for an unsigned Python: it says yes and does nothing."""

    async def get_capabilities(self) -> frozenset[Any]:
        return frozenset()


def test_a_service_that_proves_nothing_is_not_believed(make: Make, sink: Sink) -> None:
    make(make=Unproven).show(reminder(1))

    assert sink.get(timeout=LONG_S).why == (
        "this system takes no notifications from an unsigned program"
    )


def test_the_fallback_is_used_where_nothing_is_proven(make: Make, sink: Sink) -> None:
    sent: list[tuple[str, str]] = []

    async def send(title: str, text: str) -> None:
        sent.append((title, text))

    make(make=Unproven, fallback=send).show(reminder(1, title="Up", text="Please"))

    assert sink.get(timeout=LONG_S) == Delivered(NOW, 1, ok=True)
    assert sent == [("Up", "Please")]


def test_osascript_gets_the_texts_as_arguments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loop: LoopThread
) -> None:
    record = tmp_path / "record"
    script = tmp_path / "osascript"
    script.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {record}\n')
    script.chmod(0o700)
    monkeypatch.setattr(notify_macos, "OSASCRIPT", str(script))
    loop.call(notify_macos.send('A "title"', "it's \\ text"), LONG_S)

    assert record.read_text().splitlines()[-2:] == ['A "title"', "it's \\ text"]


def test_osascript_says_why_it_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loop: LoopThread
) -> None:
    script = tmp_path / "osascript"
    script.write_text("#!/bin/sh\necho not allowed >&2\nexit 1\n")
    script.chmod(0o700)
    monkeypatch.setattr(notify_macos, "OSASCRIPT", str(script))

    with pytest.raises(OSError, match="not allowed"):
        loop.call(notify_macos.send("a", "b"), LONG_S)


def test_dunst_shows_it_and_its_snooze_reaches_the_sink(
    bus: str, screen: Hands, make: Make, sink: Sink, tmp_path: Path
) -> None:
    # dunst offers the buttons of a notification in a menu program: here one that takes Snooze.
    config = tmp_path / "dunstrc"
    config.write_text('[global]\n    dmenu = "/bin/grep Snooze"\n')
    with running("dunst", "-config", str(config), env={"HOME": str(tmp_path)}):
        await_name(NAME)
        make().show(reminder(7))

        assert sink.get(timeout=LONG_S) == Delivered(NOW, 7, ok=True)
        until(screen.popups, "the notification on the screen")
        subprocess.run(["dunstctl", "context"], check=True, timeout=LONG_S)

        assert sink.get(timeout=LONG_S) == Action(NOW, ActionKind.SNOOZE, reminder_id=7)


@pytest.mark.parametrize(
    ("place", "kind"),
    [(0, ActionKind.SNOOZE), (1, ActionKind.DONE), (2, ActionKind.WRONG_ALARM)],
)
def test_a_click_on_the_real_button_reaches_the_sink(
    place: int,
    kind: ActionKind,
    bus: str,
    screen: Hands,
    make: Make,
    sink: Sink,
    folder: Path,
) -> None:
    with notification_service(folder):
        make().show(reminder(7))

        assert sink.get(timeout=LONG_S) == Delivered(NOW, 7, ok=True)

        def click() -> None:
            x, y, width, height = until(screen.popups, "the notification")[0]
            # Three buttons of equal width below the text.
            screen.click(x + width * (2 * place + 1) // 6, y + height - 30)

        assert heard(sink, click, "the button") == Action(NOW, kind, reminder_id=7)
