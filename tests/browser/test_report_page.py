"""The report page as a browser shows it: offline, without a complaint, for everybody."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from chart_names import OF_A_DAY, OF_DAYS, OF_WEEKS
from playwright.sync_api import Browser, Page, sync_playwright

from posture.clock import US_PER_S
from posture.journal import demo
from posture.journal.calendar import midnight_us, month_of, week_of
from posture.journal.report import MEASURES, Asked, render
from posture.journal.texts import Words

pytestmark = pytest.mark.browser

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = date(2026, 11, 20)
SHOWN = {"day": [FRIDAY], "week": week_of(FRIDAY), "month": month_of(FRIDAY)}
CHARTS = {"day": OF_A_DAY, "week": OF_DAYS, "month": OF_DAYS}
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Reported to the test, whatever the page does about it.
WATCH_POLICY = """
window.violations = [];
addEventListener("securitypolicyviolation",
  (event) => violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""
DATA = "JSON.parse(document.getElementById('data').textContent)"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The example's day, week and month as files."""
    folder = tmp_path_factory.mktemp("pages")
    records = demo.month(FRIDAY, BERLIN, measures=MEASURES)
    evening = midnight_us(FRIDAY, BERLIN) + 20 * 3600 * US_PER_S
    paths = {}
    for name, shown in SHOWN.items():
        asked = Asked(
            records,
            shown,
            FRIDAY + timedelta(days=1),
            evening,
            Words("en", BERLIN),
            made_up=True,
        )
        paths[name] = folder / f"{name}.html"
        paths[name].write_text(render(asked), encoding="utf-8")
    return paths


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.fail("No Chromium was found; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield started
        started.close()


class Opened:
    """A page in a window, and everything it complained of or asked for."""

    def __init__(self, browser: Browser, path: Path, **window: Any) -> None:
        window.setdefault("viewport", {"width": 1100, "height": 900})
        self.context = browser.new_context(**window)
        self.context.set_offline(True)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda said: self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.add_init_script(WATCH_POLICY)
        self.page.goto(path.as_uri())
        self.until("document.documentElement.dataset.drawn === 'yes'")

    def until(self, expression: str) -> None:
        """Wait for *expression*; Playwright's own way needs ``eval``, which the page forbids."""
        for _ in range(100):
            if self.page.evaluate(expression):
                return
            self.page.wait_for_timeout(50)
        pytest.fail(f"never came true: {expression}")

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    @property
    def fetched(self) -> list[str]:
        """Requests beside what the page carries within itself."""
        return [url for url in self.requests[1:] if not url.startswith("data:")]

    def violations(self) -> list[str]:
        found: list[str] = self.page.evaluate("violations")
        return found


@pytest.mark.parametrize("name", SHOWN)
def test_opens_offline_without_a_complaint_or_request(
    browser: Browser, pages: dict[str, Path], name: str
) -> None:
    with Opened(browser, pages[name]) as opened:
        assert opened.complaints == []
        assert opened.fetched == []
        assert opened.violations() == []
        assert opened.page.evaluate("document.fonts.check('16px Literata')")


@pytest.mark.parametrize(
    "attempt",
    [
        "fetch('https://example.org/').catch(() => {})",
        "new Image().src = 'https://example.org/x.png'",
        "navigator.sendBeacon('https://example.org/', 'x')",
        "document.body.append(Object.assign(document.createElement('script'), "
        "{ textContent: 'window.ran = true' }))",
        "document.body.append(Object.assign(document.createElement('iframe'), "
        "{ src: 'https://example.org/' }))",
    ],
)
def test_the_policy_forbids_every_way_out(
    browser: Browser, pages: dict[str, Path], attempt: str
) -> None:
    with Opened(browser, pages["day"]) as opened:
        opened.page.evaluate(f"() => {{ {attempt} }}")
        opened.until("violations.length > 0")

        assert opened.page.evaluate("window.ran === undefined")


@pytest.mark.parametrize("name", SHOWN)
def test_every_chart_is_drawn(browser: Browser, pages: dict[str, Path], name: str) -> None:
    with Opened(browser, pages[name]) as opened:
        charts = opened.page.locator("[data-chart]")
        assert charts.evaluate_all("all => all.map(one => one.dataset.chart)") == [
            *CHARTS[name],
            *OF_WEEKS,
        ]
        for key in [*CHARTS[name], *OF_WEEKS]:
            marks = opened.page.locator(f"[data-chart={key}] svg :is(rect, path, circle, line)")
            box = opened.page.locator(f"[data-chart={key}] svg").bounding_box()
            assert marks.count() >= 4, key
            assert box is not None
            assert box["width"] > 300
            assert box["height"] > 100


def test_drawings_agree_with_the_data(browser: Browser, pages: dict[str, Path]) -> None:
    """Every bar of the day is there, and sittings are as tall as they were long."""
    with Opened(browser, pages["day"]) as opened:
        data = opened.page.evaluate(DATA)

        bars = opened.page.locator("[data-chart=timeline] [aria-label=bar] rect")
        dots = opened.page.locator("[data-chart=timeline] [aria-label=dot] circle")
        blocks = opened.page.locator("[data-chart=bouts] [aria-label=rect] :is(rect, path)")
        assert bars.count() == len(data["timeline"]["bars"])
        assert dots.count() == len(data["timeline"]["dots"])
        heights = blocks.evaluate_all("all => all.map(one => one.getBBox().height)")
        minutes = [bout["minutes"] for bout in data["bouts"]["bouts"]]
        scale = max(heights) / max(minutes)
        assert heights == pytest.approx([one * scale for one in minutes], rel=0.02)


def test_dark_and_light_follow_the_system(browser: Browser, pages: dict[str, Path]) -> None:
    seen = {}
    for scheme in ("light", "dark"):
        with Opened(browser, pages["day"], color_scheme=scheme) as opened:
            seen[scheme] = opened.page.evaluate(
                """() => {
                  const style = (selector) => getComputedStyle(document.querySelector(selector));
                  return [style("html").backgroundColor, style("h1").color,
                    style("[data-chart=timeline] [aria-label=bar] rect").fill];
                }"""
            )
    assert seen["light"][0] == "rgb(250, 248, 243)"
    assert seen["dark"][0] == "rgb(25, 28, 27)"
    assert all(light != dark for light, dark in zip(*seen.values(), strict=True))


@pytest.mark.parametrize("width", [320, 768])
@pytest.mark.parametrize("name", SHOWN)
def test_nothing_sticks_out_of_a_narrow_page(
    browser: Browser, pages: dict[str, Path], name: str, width: int
) -> None:
    with Opened(browser, pages[name], viewport={"width": width, "height": 800}) as opened:
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
        assert opened.complaints == []


def test_turning_the_phone_draws_anew(browser: Browser, pages: dict[str, Path]) -> None:
    with Opened(browser, pages["day"], viewport={"width": 375, "height": 800}) as opened:
        opened.page.set_viewport_size({"width": 800, "height": 375})
        opened.until("document.querySelector('[data-chart=timeline] svg').clientWidth > 600")

        assert opened.complaints == []


@pytest.mark.parametrize(("name", "sheets"), [("day", 3), ("week", 2), ("month", 2)])
def test_prints_on_a4(browser: Browser, pages: dict[str, Path], name: str, sheets: int) -> None:
    with Opened(browser, pages[name], color_scheme="dark") as opened:
        pdf = opened.page.pdf(prefer_css_page_size=True, print_background=True)

        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == sheets
        # A4 in points, rounded either way.
        sizes = re.findall(rb"/MediaBox\s*\[0 0 (\d+)\S* (\d+)", pdf)
        assert {int(width) for width, _ in sizes} <= {594, 595}
        assert {int(height) for _, height in sizes} <= {841, 842}
        opened.page.emulate_media(media="print")
        background = "getComputedStyle(document.documentElement).backgroundColor"
        assert opened.page.evaluate(background) == "rgb(255, 255, 255)"
        # A browser leaves backgrounds out unless told otherwise: the key would have no colours.
        mark = "getComputedStyle(document.querySelector('.legend li'), '::before')"
        assert opened.page.evaluate(f"{mark}.printColorAdjust") == "exact"
        assert not opened.page.locator("details").first.is_visible()
        assert opened.complaints == []


class TestKeyboard:
    def test_arrow_keys_step_through_a_chart(
        self, browser: Browser, pages: dict[str, Path]
    ) -> None:
        with Opened(browser, pages["day"]) as opened:
            opened.page.focus("[data-chart=bouts]")
            live = opened.page.locator("#bouts-live")
            tip = opened.page.locator("[data-chart=bouts] [aria-label=tip] text")
            tips = [
                bout["tip"].replace("\n", ", ")
                for bout in opened.page.evaluate(DATA)["bouts"]["bouts"]
            ]

            said = []
            for _ in tips:
                opened.page.keyboard.press("ArrowRight")
                said.append(live.text_content())
                shown = "".join(tip.all_text_contents())
                assert str(said[-1]).split(", ")[0] in shown
            assert said == tips
            opened.page.keyboard.press("Home")
            assert live.text_content() == tips[0]
            opened.page.keyboard.press("End")
            opened.page.keyboard.press("ArrowLeft")
            assert live.text_content() == tips[-2]
            opened.page.keyboard.press("Escape")
            assert live.text_content() == ""
            assert tip.count() == 0

    @pytest.mark.parametrize("shown", SHOWN)
    def test_every_chart_says_and_shows_its_steps(
        self, browser: Browser, pages: dict[str, Path], shown: str
    ) -> None:
        with Opened(browser, pages[shown]) as opened:
            for key in [*CHARTS[shown], *OF_WEEKS]:
                opened.page.focus(f"[data-chart={key}]")
                opened.page.keyboard.press("ArrowRight")
                said = opened.page.locator(f"#{key}-live").text_content() or ""
                tip = opened.page.locator(f"[data-chart={key}] [aria-label=tip] text")
                shown_first = "".join(tip.all_text_contents())
                assert said, key
                assert said.split(", ")[0] in shown_first, key
            assert opened.complaints == []

    def test_everything_can_be_reached_with_tab(
        self, browser: Browser, pages: dict[str, Path]
    ) -> None:
        with Opened(browser, pages["day"]) as opened:
            reached = set()
            for _ in range(40):
                opened.page.keyboard.press("Tab")
                reached.add(
                    opened.page.evaluate(
                        "document.activeElement.dataset.chart ?? document.activeElement.tagName"
                    )
                )

            assert {*CHARTS["day"], *OF_WEEKS, "SUMMARY"} <= reached

    def test_tables_open_with_a_key(self, browser: Browser, pages: dict[str, Path]) -> None:
        with Opened(browser, pages["day"]) as opened:
            opened.page.focus("#bouts summary")
            opened.page.keyboard.press("Enter")

            rows = opened.page.locator("#bouts tbody tr")
            assert rows.count() == len(opened.page.evaluate(DATA)["bouts"]["bouts"])
            assert rows.first.is_visible()


def test_the_pointer_shows_details(browser: Browser, pages: dict[str, Path]) -> None:
    with Opened(browser, pages["day"]) as opened:
        opened.page.locator("[data-chart=distance] svg").hover()

        text = opened.page.locator("[data-chart=distance] [aria-label=tip] text")
        assert re.search(r"\d\d:\d\d.*cm", "".join(text.all_text_contents()), re.DOTALL)


def test_motion_is_left_out_when_unwanted(browser: Browser, pages: dict[str, Path]) -> None:
    animation = "getComputedStyle(document.querySelector('.chart svg')).animationName"
    with Opened(browser, pages["day"], reduced_motion="reduce") as opened:
        assert opened.page.evaluate(animation) == "none"
    with Opened(browser, pages["day"], reduced_motion="no-preference") as opened:
        assert opened.page.evaluate(animation) == "appear"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", SHOWN)
def test_accessible_to_everybody(
    browser: Browser, pages: dict[str, Path], name: str, scheme: str
) -> None:
    """Nothing against WCAG A and AA, nor against axe-core's best practices."""
    with Opened(browser, pages[name], color_scheme=scheme, reduced_motion="reduce") as opened:
        for summary in opened.page.locator("summary").all():
            summary.click()

        results = Axe().run(opened.page)

        assert results.violations_count == 0, results.generate_report()
