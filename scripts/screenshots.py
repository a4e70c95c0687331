"""Take the README's pictures of the desktop parts, on a real panel, with a real mouse.

    python scripts/screenshots.py [OUT]

Needs what the desktop tests need (see .ci/run); writes small PNG files to docs/images.
"""

from __future__ import annotations

import os
import queue
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "desktop")]

from moments import NOW, reading, reminder, status  # noqa: E402 - found through the path above
from stage import (  # noqa: E402
    LONG_S,
    Hands,
    notification_service,
    panel,
    private_bus,
    until,
    x_server,
)

from posture.clock import ManualClock  # noqa: E402
from posture.core.effects import Activity, ReminderKind, Status  # noqa: E402
from posture.core.metrics import Metrics  # noqa: E402
from posture.core.reading import Label, Level, Presence  # noqa: E402
from posture.desktop.face import Face, face  # noqa: E402
from posture.desktop.icons import IconState  # noqa: E402
from posture.desktop.loop import LoopThread  # noqa: E402
from posture.desktop.menu import Choice, Surroundings, Switch  # noqa: E402
from posture.desktop.notify import Notifier  # noqa: E402
from posture.desktop.tray import Tray, open_tray  # noqa: E402

DESK = 0x4A6A7C
CORNER = (0, 0, 44, 29)
FILLS = ((0x2B, 0x8A, 0x57), (0xB3, 0x6E, 0x08))  # of the icons waited for
MARGIN = 12
LINE = 30
AROUND = Surroundings(
    profiles=("Home", "Office"),
    profile="Office",
    autostart=True,
    choices=(
        Choice("preset", "Reminders", (("gentle", "Gentle"), ("strict", "Strict")), "gentle"),
    ),
    switches=(Switch("sound", "Sound", on=False),),
)


def slouch(level: Level) -> Status:
    """Someone who slouches."""
    metrics = Metrics(NOW, distance_cm=47.0)
    return status(reading=reading(label=Label.SLOUCH, metrics=metrics, states={"slump_cm": level}))


STATES: dict[str, Status] = {
    "good posture": status(sitting_today_s=11400.0, upright_today_s=2700.0, upright_goal_s=7200.0),
    "a break is due soon": status(soft=(ReminderKind.STAND,)),
    "drifting": slouch(Level.WARN),
    "bad posture": slouch(Level.LIMIT),
    "away": status(activity=Activity.AWAY),
    "paused or silent": status(silent="meeting"),
    "camera lost": status(camera="lost"),
    "not calibrated": status(reading=reading(calibrated=False, states={})),
    "cannot see you": status(reading=reading(presence=Presence.UNKNOWN, reason="dark", states={})),
}


class Stage:
    """One screen with one bus, and a loop to talk on it."""

    def __init__(self, folder: Path, hands: Hands, loop: LoopThread) -> None:
        self.folder = folder
        self.hands = hands
        self.loop = loop
        self.sink: queue.SimpleQueue[Any] = queue.SimpleQueue()

    @contextmanager
    def tray(self, first: Face) -> Iterator[Tray]:
        """The running tray."""
        tray = open_tray(self.sink, ManualClock(NOW), self.loop, first)
        tray.start()
        runner = Thread(target=tray.run)
        runner.start()
        try:
            yield tray
        finally:
            tray.stop()
            runner.join(LONG_S)

    def steady(
        self, box: tuple[int, int, int, int], other_than: Image.Image | None = None
    ) -> Image.Image:
        """What is in *box* once it has changed and changes no more (menus fade in)."""
        seen = [self.hands.look().crop(box).convert("RGB")]

        def rests() -> bool:
            seen.append(self.hands.look().crop(box).convert("RGB"))
            return seen[-2].tobytes() == seen[-1].tobytes() and (
                other_than is None or seen[-1].tobytes() != other_than.tobytes()
            )

        until(lambda: all(rests() for _ in range(5)), "a still picture")
        return seen[-1]


@contextmanager
def stage() -> Iterator[Stage]:
    """Everything started, and ended again."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pt")))
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = stack.enter_context(private_bus(folder))
        os.environ.pop("WAYLAND_DISPLAY", None)
        os.environ["DISPLAY"] = stack.enter_context(x_server())
        hands = Hands(os.environ["DISPLAY"])
        stack.callback(hands.close)
        hands.paint(DESK)
        loop = LoopThread()
        stack.callback(loop.stop)
        yield Stage(folder, hands, loop)


def tray_states() -> Image.Image:
    """Every state as a dark and a light panel show it, with its name."""
    names = ImageFont.truetype("DejaVuSans.ttf", 13)
    sheet = Image.new("RGB", (290, LINE * len(STATES) + 2 * MARGIN), "white")
    pen = ImageDraw.Draw(sheet)
    for column, dark in enumerate((True, False)):
        for row, picture in enumerate(panel_pictures(dark=dark)):
            sheet.paste(picture, (MARGIN + column * 50, MARGIN + row * LINE))
    for row, name in enumerate(STATES):
        pen.text((120, MARGIN + row * LINE + 7), name, fill="#202020", font=names)
    return sheet


def panel_pictures(*, dark: bool) -> Iterator[Image.Image]:
    """The corner of a real panel for each state."""
    first = face(next(iter(STATES.values())), AROUND)
    with stage() as set_, panel(set_.folder, dark=dark), set_.tray(first) as tray:
        wait_for_icon(set_.hands)
        before: Image.Image | None = None
        for one in STATES.values():
            tray.show(face(one, AROUND))
            before = set_.steady(CORNER, other_than=before)
            yield before


def wait_for_icon(hands: Hands) -> None:
    """Wait until the panel shows an icon, whatever it says."""
    until(lambda: any(hands.find(colour) for colour in FILLS), "an icon")


def tray_menu() -> Image.Image:
    """The open menu while a reminder is on the screen."""
    with stage() as set_, panel(set_.folder):
        shown = face(STATES["good posture"], AROUND)
        with set_.tray(shown):
            wait_for_icon(set_.hands)
            left, top, width, height = set_.hands.open_menu((15, 14))
            # The mouse away from the icon, so that no tooltip covers the menu.
            set_.hands.point(left + width + 60, top + height // 2)
            picture = set_.steady((0, 0, left + width + MARGIN, top + height + MARGIN))
            set_.hands.press("Escape")
            return picture


def tooltip() -> Image.Image:
    """What the mouse over the icon tells."""
    with stage() as set_, panel(set_.folder):
        shown = face(STATES["drifting"], AROUND)
        with set_.tray(shown):
            wait_for_icon(set_.hands)
            set_.hands.point(15, 14)
            left, top, width, height = until(set_.hands.popups, "the tooltip")[0]
            return set_.steady((0, 0, left + width + MARGIN, top + height + MARGIN))


def notification() -> Image.Image:
    """A reminder with its buttons."""
    with stage() as set_, notification_service(set_.folder):
        notifier = Notifier(set_.sink, ManualClock(NOW), set_.loop)
        notifier.show(reminder(1))
        delivered = set_.sink.get(timeout=LONG_S)
        if not delivered.ok:
            raise RuntimeError(delivered.why)
        left, top, width, height = until(set_.hands.popups, "the notification")[0]
        box = (left - MARGIN, top - MARGIN, left + width + MARGIN, top + height + MARGIN)
        picture = set_.steady(box)
        notifier.stop()
        return picture


PICTURES: dict[str, Callable[[], Image.Image]] = {
    "tray-states": tray_states,
    "tray-menu": tray_menu,
    "tray-tooltip": tooltip,
    "notification": notification,
}


def main() -> None:
    """Take them all."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images"
    out.mkdir(parents=True, exist_ok=True)
    if set(IconState) != {face(one, AROUND).glance.icon for one in STATES.values()}:
        raise SystemExit("A state of the icon has no picture: add it to STATES.")
    for name, take in PICTURES.items():
        path = out / f"{name}.png"
        take().quantize(256).save(path, optimize=True)
        print(f"{path} {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
