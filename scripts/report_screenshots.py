"""Take the README's pictures of the report page, and all others to look at.

    python scripts/report_screenshots.py [OUT]

Without OUT the README's pictures go to docs/images. With OUT every kind of page goes there: day,
week, month, empty and unknown, in each language, light and dark, on a phone and as printed.
Needs Chromium, as the browser tests do (see .ci/run).
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from posture.clock import US_PER_S
from posture.core.effects import Activity, SpanKind
from posture.core.reading import Label, Presence
from posture.journal import demo
from posture.journal.calendar import midnight_us, month_of, week_of
from posture.journal.report import MEASURES, Asked, render
from posture.journal.rows import Records, Span
from posture.journal.texts import LANGUAGES, Words

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FRIDAY = date(2026, 11, 20)
ZONE = ZoneInfo("Europe/Berlin")
DESK = {"width": 1000, "height": 900}
PHONE = {"width": 360, "height": 740}
A4 = {"width": 718, "height": 1000}  # between the page's margins, in CSS pixels


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: which page in which window; ``clip``: to the end of this element."""

    page: str
    window: Mapping[str, Any] = field(default_factory=dict)
    print_: bool = False
    clip: str | None = None


# The README's: from the top of the page to the end of the element.
README = {
    "report-day": Shot("day-en", {"viewport": {"width": 900, "height": 900}}, clip="#timeline"),
    "report-month": Shot("month-en", {"viewport": {"width": 900, "height": 900}}, clip="#days"),
}
LOOKS: dict[str, tuple[Mapping[str, Any], bool]] = {
    "light": ({}, False),
    "dark": ({"color_scheme": "dark"}, False),
    "phone": ({"viewport": PHONE, "device_scale_factor": 2, "is_mobile": True}, False),
    "print": ({"viewport": A4}, True),
}


def example(language: str) -> Records:
    """The made-up weeks in one language."""
    return demo.month(FRIDAY, ZONE, measures=MEASURES, language=language)


def unseen() -> Records:
    """A day at the desk of which the camera could tell nothing."""
    nine = midnight_us(FRIDAY, ZONE) + 9 * 3600 * US_PER_S
    five = nine + 8 * 3600 * US_PER_S
    ten = nine + 1800 * US_PER_S
    run = replace(example("en").runs[0], started_us=nine, seen_us=five, source="0")
    return Records(
        [
            Span(SpanKind.ACTIVITY, str(Activity.SITTING), nine, ten, None, None),
            Span(SpanKind.ACTIVITY, str(Activity.UNKNOWN), ten, five, "dark", None),
            Span(SpanKind.PRESENCE, str(Presence.UNKNOWN), ten, five, "dark", None),
            Span(SpanKind.POSTURE, str(Label.UNKNOWN), nine, five, "dark", None),
        ],
        runs=[run],
    )


def pages() -> Iterator[tuple[str, str]]:
    """Every kind of page with its name."""
    for language in LANGUAGES:
        records = example(language)
        for name, shown in (
            ("day", [FRIDAY]),
            ("week", week_of(FRIDAY)),
            ("month", month_of(FRIDAY)),
        ):
            yield f"{name}-{language}", render(asked(records, shown, language, made_up=True))
    yield "empty-en", render(asked(Records(), [FRIDAY], "en"))
    yield "unseen-en", render(asked(unseen(), [FRIDAY], "en"))


def asked(records: Records, shown: list[date], language: str, *, made_up: bool = False) -> Asked:
    """The page as asked for in the evening of the last day, a single day as if over."""
    evening = midnight_us(FRIDAY, ZONE) + 20 * 3600 * US_PER_S
    today = FRIDAY + timedelta(days=1) if len(shown) == 1 else FRIDAY
    return Asked(records, shown, today, evening, Words(language, ZONE), made_up=made_up)


def chromium() -> str | None:
    """Where Chromium is, if it is."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def opened(browser: Browser, path: Path, shot: Shot | None = None, watch: str = "") -> Page:
    """The page with every chart drawn; ``watch``: a script to run before the page's own."""
    window = shot.window if shot else {}
    context = browser.new_context(**{"viewport": DESK, "reduced_motion": "reduce", **window})
    context.set_offline(True)
    page = context.new_page()
    page.add_init_script(watch)
    if shot and shot.print_:
        page.emulate_media(media="print")
    page.goto(path.as_uri())
    for _ in range(100):
        # Playwright's own way to wait needs eval, which the page forbids.
        if page.evaluate("document.documentElement.dataset.drawn === 'yes'"):
            return page
        page.wait_for_timeout(50)
    raise SystemExit(f"{path.name} was not drawn")


def picture(page: Page, clip: str | None) -> Image.Image:
    """The whole page, or its beginning up to the end of an element."""
    if clip is None:
        return Image.open(io.BytesIO(page.screenshot(full_page=True)))
    box = page.locator(clip).bounding_box()
    width = page.viewport_size["width"] if page.viewport_size else DESK["width"]
    if box is None:
        raise SystemExit(f"{clip} is not on the page")
    area = {"x": 0, "y": 0, "width": width, "height": round(box["y"] + box["height"]) + 16}
    return Image.open(io.BytesIO(page.screenshot(full_page=True, clip=area)))  # type: ignore[arg-type]


def shots(names: list[str]) -> dict[str, Shot]:
    """Every page in every look."""
    return {
        f"{name}-{look}": Shot(name, window, print_)
        for name in names
        for look, (window, print_) in LOOKS.items()
    }


def main() -> None:
    """Take them."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images"
    out.mkdir(parents=True, exist_ok=True)
    program = chromium()
    if program is None:
        raise SystemExit("No Chromium was found; on Debian: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        files = {}
        for name, page in pages():
            files[name] = Path(folder) / f"{name}.html"
            files[name].write_text(page, encoding="utf-8")
        wanted = shots(list(files)) if len(sys.argv) > 1 else README
        for name, shot in wanted.items():
            window = opened(browser, files[shot.page], shot)
            path = out / f"{name}.png"
            picture(window, shot.clip).convert("RGB").quantize(256).save(path, optimize=True)
            window.context.close()
            print(f"{path} {path.stat().st_size} bytes")
        browser.close()


if __name__ == "__main__":
    main()
