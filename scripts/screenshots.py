"""Take the documents' pictures of the desktop parts, on a real panel, with a real mouse.

    python scripts/screenshots.py [--out FOLDER] [NAME ...]

Starts its own X server, bus, panel and notification service, as the desktop tests do, and needs
what they need (see .ci/run). Writes small PNG files to docs/images; a NAME takes only that part.
"""

from __future__ import annotations

import argparse
import os
import queue
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), *(str(ROOT / "tests" / room) for room in ("desktop", "sense"))]

from at_home import (  # noqa: E402 - found through the path above
    Typist,
    agree,
    calibrate,
    home_environment,
    posture,
)
from fake_camera import (  # noqa: E402
    away_film,
    close_film,
    covered_film,
    somebody_upright,
    upright_film,
)
from mjpeg_server import MjpegServer  # noqa: E402
from moments import NOW, reading, reminder, status  # noqa: E402
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
from posture.core.effects import Activity, ReminderKind, ShowReminder, Status  # noqa: E402
from posture.core.metrics import Metrics  # noqa: E402
from posture.core.reading import Label, Level, Presence  # noqa: E402
from posture.core.texts import say  # noqa: E402
from posture.desktop import control  # noqa: E402
from posture.desktop.face import Face, face  # noqa: E402
from posture.desktop.icon_state import IconState  # noqa: E402
from posture.desktop.icons import draw  # noqa: E402
from posture.desktop.loop import LoopThread  # noqa: E402
from posture.desktop.menu import Choice, Surroundings, Switch  # noqa: E402
from posture.desktop.notify import Notifier  # noqa: E402
from posture.desktop.tray import Tray, open_tray  # noqa: E402
from posture.errors import PostureError  # noqa: E402

DESK = 0x4A6A7C
DESKTOP = "1280x800"
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
    switches=(Switch("sound", "With a sound", on=False),),
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

    def __init__(self, folder: Path, hands: Hands, loop: LoopThread, stack: ExitStack) -> None:
        self.folder = folder
        self._stack = stack
        self.hands = hands
        self.loop = loop
        self.sink: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def start(self, part: AbstractContextManager[None]) -> None:
        """Start *part*, to be ended with the stage."""
        self._stack.enter_context(part)

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
def stage(size: str = "800x600") -> Iterator[Stage]:
    """Everything started, and ended again."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pt")))
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = stack.enter_context(private_bus(folder))
        os.environ.pop("WAYLAND_DISPLAY", None)
        # Where a running program is asked for its status.
        os.environ["XDG_RUNTIME_DIR"] = home_environment(folder)["XDG_RUNTIME_DIR"]
        os.environ["DISPLAY"] = stack.enter_context(x_server(size))
        hands = Hands(os.environ["DISPLAY"])
        stack.callback(hands.close)
        hands.paint(DESK)
        loop = LoopThread()
        stack.callback(loop.stop)
        yield Stage(folder, hands, loop, stack)


def tray_states() -> dict[str, Image.Image]:
    """Every state as a dark and a light panel show it, with its name."""
    names = ImageFont.truetype("DejaVuSans.ttf", 13)
    sheet = Image.new("RGB", (290, LINE * len(STATES) + 2 * MARGIN), "white")
    pen = ImageDraw.Draw(sheet)
    for column, dark in enumerate((True, False)):
        for row, picture in enumerate(panel_pictures(dark=dark)):
            sheet.paste(picture, (MARGIN + column * 50, MARGIN + row * LINE))
    for row, name in enumerate(STATES):
        pen.text((120, MARGIN + row * LINE + 7), name, fill="#202020", font=names)
    return {"tray-states": sheet}


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


def tray_menu() -> dict[str, Image.Image]:
    """The open menu: on its own, and while a reminder is on the screen."""
    reminded = replace(STATES["good posture"], open_reminder=head_forward())
    menus = {"tray-menu": STATES["good posture"], "tray-menu-reminder": reminded}
    return {name: menu_of(shown) for name, shown in menus.items()}


def menu_of(shown: Status) -> Image.Image:
    """The menu that a click on the icon opens."""
    with stage() as set_, panel(set_.folder), set_.tray(face(shown, AROUND)):
        wait_for_icon(set_.hands)
        closed = set_.hands.look().convert("RGB")
        left, top, width, height = set_.hands.open_menu((15, 14))
        # The mouse away from the icon, so that no tooltip covers the menu.
        set_.hands.point(left + width + 60, top + height // 2)
        # Its window is there before anything is drawn in it.
        menu = (left, top, left + width, top + height)
        set_.steady(menu, other_than=closed.crop(menu))
        picture = set_.steady((0, 0, left + width + MARGIN, top + height + MARGIN))
        set_.hands.press("Escape")
        return picture


def head_forward() -> ShowReminder:
    """What is said to someone whose head has come forward."""
    stem = "posture.forward_head_cm"
    return reminder(1, title=say("en", f"{stem}.title"), text=say("en", f"{stem}.text", size=6.0))


def tooltip() -> dict[str, Image.Image]:
    """What the mouse over the icon tells."""
    with stage() as set_, panel(set_.folder):
        shown = face(STATES["drifting"], AROUND)
        with set_.tray(shown):
            wait_for_icon(set_.hands)
            set_.hands.point(15, 14)
            left, top, width, height = until(set_.hands.popups, "the tooltip")[0]
            box = (0, 0, left + width + MARGIN, top + height + MARGIN)
            return {"tray-tooltip": set_.steady(box)}


def notification() -> dict[str, Image.Image]:
    """A reminder with its buttons."""
    with stage() as set_, notification_service(set_.folder):
        notifier = Notifier(set_.sink, ManualClock(NOW), set_.loop)
        notifier.show(head_forward())
        delivered = set_.sink.get(timeout=LONG_S)
        if not delivered.ok:
            raise RuntimeError(delivered.why)
        left, top, width, height = until(set_.hands.popups, "the notification")[0]
        box = (left - MARGIN, top - MARGIN, left + width + MARGIN, top + height + MARGIN)
        picture = set_.steady(box)
        notifier.stop()
        return {"notification": picture}


PANELS = ("#2b2b2b", "#f6f6f6")
SIZES_PX = (16, 22, 24, 32)


def icon_sizes() -> dict[str, Image.Image]:
    """Every state at the sizes of panels, on dark and on light."""
    names = ImageFont.truetype("DejaVuSans.ttf", 13)
    column, row = 44, 40
    width = 2 * MARGIN + column * len(SIZES_PX) * len(PANELS) + 160
    sheet = Image.new("RGB", (width, 2 * MARGIN + row * len(STATES)), "white")
    pen = ImageDraw.Draw(sheet)
    places = [(ground, size) for ground in PANELS for size in SIZES_PX]
    for down, (name, one) in enumerate(STATES.items()):
        now = face(one, AROUND).glance
        y = MARGIN + down * row
        for across, (ground, size) in enumerate(places):
            x = MARGIN + across * column
            pen.rectangle((x, y, x + column - 1, y + row - 1), fill=ground)
            icon = draw(now.icon, size, break_due=now.break_due)
            sheet.paste(icon, (x + (column - size) // 2, y + (row - size) // 2), icon)
        pen.text((MARGIN + len(places) * column + 14, y + 12), name, fill="#202020", font=names)
    return {"icon-sizes": sheet}


def window(set_: Stage) -> Image.Image:
    """The only window on the screen, without its frame."""
    left, top, width, height = until(set_.hands.window, "the window")
    return set_.hands.look().crop((left, top, left + width, top + height)).convert("RGB")


def windows() -> dict[str, Image.Image]:
    """The question before the first picture and each step of the calibration."""
    taken: dict[str, Image.Image] = {}
    with stage(DESKTOP) as set_, somebody_upright() as camera:
        typist = Typist(set_.hands)

        def keep(name: str) -> None:
            taken[name] = window(set_)

        with posture(set_.folder, "calibrate", "--source", camera.url) as program:
            typist.await_question()
            keep("consent")
            typist.type("Return")
            typist.await_question()
            camera_runs(camera)
            keep("calibration-1-welcome")
            typist.type("Return", "2", "4")
            keep("calibration-2-screen")
            typist.type("Return")
            keep("calibration-3-camera")
            typist.type("Return")
            typist.await_countdown()
            camera_runs(camera)
            keep("calibration-4-hold")
            typist.await_question()
            typist.type("6", "2")
            keep("calibration-5-distance")
            typist.type("Return")
            keep("calibration-6-result")
            set_.hands.press("Return")
            code, _, complained = program.end()
        if code:
            raise RuntimeError(complained)
    return taken


def camera_runs(camera: MjpegServer) -> None:
    """Wait for so many pictures that everything on a window has come to rest."""
    begun = camera.sent
    until(lambda: camera.sent > begun + 40, "pictures")


GERMAN = '[general]\nlanguage = "de"\n'
FILMS: dict[str, tuple[Callable[[], tuple[bytes, ...]], dict[str, str]]] = {
    "preview": (upright_film, {"posture": "upright"}),
    "preview-too-close": (close_film, {"posture": "too_close"}),
    "preview-covered": (covered_film, {"presence": "unknown"}),
    "preview-away": (away_film, {"presence": "away"}),
}


def previews() -> dict[str, Image.Image]:
    """The preview of someone who sits well, is too close, has covered the camera, or has gone."""
    return {
        **previews_in("", FILMS),
        "preview-german": previews_in(GERMAN, ["preview-too-close"])["preview-too-close"],
    }


def previews_in(settings: str, names: Iterable[str]) -> dict[str, Image.Image]:
    """The named of :data:`FILMS` in a running program with *settings*."""
    taken: dict[str, Image.Image] = {}
    with stage(DESKTOP) as set_, somebody_upright() as camera:
        settle(set_.folder, settings)
        with posture(set_.folder, "run", "--no-tray", "--source", camera.url):
            for name in names:
                film, wanted = FILMS[name]
                camera.film = film()
                await_status(set_.folder, wanted)
                if not set_.hands.window():
                    with posture(set_.folder, "preview") as asking:
                        asking.end()
                camera_runs(camera)
                taken[name] = window(set_)
    return taken


def settle(home: Path, settings: str) -> None:
    """Agreed and calibrated, with *settings*."""
    agree(home)
    calibrate(home)
    (home / "config" / "posture" / "settings.toml").write_text(settings)


def await_status(home: Path, wanted: dict[str, str]) -> None:
    """Wait until the running monitor says so."""

    def reached() -> bool:
        time.sleep(0.2)  # it answers ten times a second
        try:
            now = control.ask(home / "data" / "posture", {"do": "status"})["status"]
        except PostureError:  # still starting
            return False
        return all(now[name] == value for name, value in wanted.items())

    until(reached, f"{wanted}", within_s=3 * LONG_S)


# Everything that is too close for three seconds is said at once.
SOON = """
[close]
limit_s = 3.0

[lunch]
enabled = false

[reminders]
spacing_s = 0.0
defer_s = 0.0
"""


def desktop() -> dict[str, Image.Image]:
    """The running program on a desktop: its icon in the panel and a reminder below it."""
    with stage() as set_, somebody_upright() as camera:
        set_.start(notification_service(set_.folder))
        set_.start(panel(set_.folder, at_the_right=True))
        settle(set_.folder, SOON)
        with posture(set_.folder, "run", "--source", camera.url) as program:
            await_status(set_.folder, {"posture": "upright"})
            camera.film = close_film()
            until(lambda: tallest(set_.hands) > 80, "the reminder", within_s=3 * LONG_S)
            set_.hands.point(100, 500)
            picture = set_.steady((400, 0, 800, 212))
            program.process.terminate()
            program.end()
    return {"desktop": picture}


def tallest(hands: Hands) -> int:
    """Height of the tallest popup, 0 where there is none."""
    return max((height for _, _, _, height in hands.popups()), default=0)


PARTS: dict[str, Callable[[], dict[str, Image.Image]]] = {
    "desktop": desktop,
    "icon-sizes": icon_sizes,
    "tray-states": tray_states,
    "tray-menu": tray_menu,
    "tray-tooltip": tooltip,
    "notification": notification,
    "windows": windows,
    "previews": previews,
}


def main() -> None:
    """Take them all, or the parts named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images", metavar="FOLDER")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="NAME", default=[])
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    if set(IconState) != {face(one, AROUND).glance.icon for one in STATES.values()}:
        raise SystemExit("A state of the icon has no picture: add it to STATES.")
    for part in asked.parts or PARTS:
        for name, picture in PARTS[part]().items():
            keep(picture, asked.out / f"{name}.png")


def keep(picture: Image.Image, path: Path) -> None:
    """Write *picture*, small."""
    picture.quantize(256, kmeans=4, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path} {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
