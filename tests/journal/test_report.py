"""The report page: self-contained, private, and saying what the log says."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import stat
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from chart_names import OF_A_DAY, OF_DAYS, OF_WEEKS
from days import BERLIN, at, effects, later, story, us

from posture.cli import main
from posture.clock import ManualClock
from posture.core.effects import Fate, MinuteMeasure, ReminderKind, SpanKind
from posture.journal import demo, page
from posture.journal.calendar import month_of, week_of
from posture.journal.report import MEASURES, NECK_MEASURE, Asked, render
from posture.journal.rows import SCORE, Minute, Records, ReminderFateRow, ReminderRow, Span
from posture.journal.store import Journal
from posture.journal.texts import LANGUAGES, Words

FRIDAY = date(2026, 11, 20)
SATURDAY = FRIDAY + timedelta(days=1)
EVENING = us("2026-11-20 20:00")
EXAMPLE = demo.month(FRIDAY, BERLIN, measures=MEASURES)


class Elements(HTMLParser):
    """Every element with its attributes, and the text of scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self._within: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._within = tag if tag in self.raw else None

    def handle_data(self, data: str) -> None:
        if self._within is not None:
            self.raw[self._within].append(data)

    def handle_endtag(self, tag: str) -> None:
        self._within = None


def asked(records: Records, shown: list[date], **more: Any) -> Asked:
    language = more.pop("language", "en")
    today = more.pop("today", SATURDAY)
    return Asked(records, shown, today, EVENING, Words(language, BERLIN), **more)


@pytest.fixture(scope="module")
def example() -> str:
    return render(asked(EXAMPLE, [FRIDAY], made_up=True))


def data_of(html: str) -> dict[str, Any]:
    found = re.search(r'id="data">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    loaded: dict[str, Any] = json.loads(found.group(1))
    return loaded


def visible(html: str) -> str:
    """The words of the page, without its scripts, with ordinary spaces."""
    text = re.sub(r"<(script|style).*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).replace("\u00a0", " ").split())


class TestPage:
    def test_nothing_points_outside(self, example: str) -> None:
        for tag, attributes in Elements(example).tags:
            for name in ("src", "href", "action", "data", "poster", "srcset"):
                value = attributes.get(name)
                assert value is None or value.startswith(("data:", "#")), (tag, value)
            assert "style" not in attributes
            assert not [name for name in attributes if name.startswith("on")]

    def test_the_policy_allows_exactly_what_is_there(self, example: str) -> None:
        elements = Elements(example)
        policy = next(
            attributes["content"] or ""
            for tag, attributes in elements.tags
            if attributes.get("http-equiv") == "Content-Security-Policy"
        )
        allowed = dict(part.split(" ", 1) for part in policy.split("; "))

        def hashes(texts: list[str]) -> set[str]:
            return {
                f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
                for text in texts
            }

        assert allowed["default-src"] == "'none'"
        assert allowed["script-src"].split() == list(
            dict.fromkeys(
                next(iter(hashes([text]))) for text in elements.raw["script"] if text[0] != "{"
            )
        )
        assert hashes(elements.raw["style"]) < set(allowed["style-src"].split())
        assert "unsafe" not in policy
        assert "http" not in policy

    def test_light_enough(self, example: str) -> None:
        assert len(example.encode()) < 1_000_000

    def test_what_is_inlined_is_what_was_published(self) -> None:
        folder = Path(page.__file__).parent / "templates" / "vendor"
        told = dict(
            re.findall(r"\| `(\S+)` \|.*`([0-9a-f]{64})` \|", (folder / "README.md").read_text())
        )

        assert told == {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in folder.iterdir()
            if path.suffix in (".js", ".woff2")
        }

    def test_the_made_up_month_says_so(self, example: str) -> None:
        assert "A made-up example" in visible(example)
        assert "A made-up example" not in visible(render(asked(EXAMPLE, [FRIDAY])))

    def test_the_example_is_the_same_every_time(self, example: str) -> None:
        again = demo.month(FRIDAY, BERLIN, measures=MEASURES)

        assert render(asked(again, [FRIDAY], made_up=True)) == example

    def test_every_chart_has_a_sentence_and_a_table(self, example: str) -> None:
        figures = re.findall(r"<figure id.*?</figure>", example, re.DOTALL)

        assert re.findall(r'data-chart="(\w+)"', example) == [*OF_A_DAY, *OF_WEEKS]
        assert len(figures) == len([*OF_A_DAY, *OF_WEEKS])
        for figure in figures:
            assert re.search(r'<p id="\w+-says">[^<]{15,}</p>', figure)
            assert len(re.findall(r"<tr>", figure)) >= 6

    def test_numbers_stay_with_their_units(self) -> None:
        assert page.tied("6 h 50 min of 61 cm, 3 hops") == (
            "6\u00a0h\u00a050\u00a0min of 61\u00a0cm, 3 hops"
        )

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize(
        "shown", [[FRIDAY], week_of(FRIDAY), month_of(FRIDAY)], ids=["day", "week", "month"]
    )
    def test_day_week_and_month_in_every_language(self, shown: list[date], language: str) -> None:
        html = render(asked(EXAMPLE, shown, language=language))

        assert f'<html lang="{language}">' in html
        assert set(data_of(html)) == {
            *(OF_A_DAY if len(shown) == 1 else OF_DAYS),
            *OF_WEEKS,
        }


def a_monday(posture: str = "", **more: Any) -> Records:
    spans = story(SpanKind.ACTIVITY, "2026-03-02 09:00", "sitting 50m, away 10m, sitting 1h")
    if posture:
        spans += story(SpanKind.POSTURE, "2026-03-02 09:00", posture)
    return Records(spans, **more)


MONDAY = date(2026, 3, 2)
NINE = us("2026-03-02 09:00")


class TestContents:
    def test_the_day_in_sentences(self) -> None:
        text = visible(render(asked(a_monday(), [MONDAY])))

        assert "Monday, 2 March 2026" in text
        assert "09:00 to 11:00, 1 h 50 min at the desk" in text
        assert "You sat for 1 h 50 min in 2 stretches, the longest of 1 h from 10:00." in text

    def test_bars_lie_where_the_spans_lay(self) -> None:
        records = a_monday("upright 40m, slouch 10m, away 10m, reclined 60m")

        chart = data_of(render(asked(records, [MONDAY])))["timeline"]

        bars = [(bar["lane"], bar["kind"], bar["x1"], bar["x2"]) for bar in chart["bars"]]
        assert bars == [
            ("posture", "good", 540, 580),
            ("posture", "strained", 580, 590),
            ("posture", "good", 600, 660),
            ("body", "sitting", 540, 590),
            ("body", "away", 590, 600),
            ("body", "sitting", 600, 660),
        ]
        assert chart["x"] == [540, 660]
        assert chart["ticks"] == [
            [540, "09:00"], [570, "09:30"], [600, "10:00"], [630, "10:30"], [660, "11:00"],
        ]  # fmt: skip

    def test_a_glance_away_leaves_no_slit(self) -> None:
        told = "upright 20m, looking_away 30s, upright 20m, looking_away 2m, upright 5m"

        bars = data_of(render(asked(a_monday(told), [MONDAY])))["timeline"]["bars"]

        lane = [(bar["x1"], bar["x2"]) for bar in bars if bar["lane"] == "posture"]
        assert lane == [(540, 580.5), (582.5, 587.5)]

    def test_reminders_with_their_fates(self) -> None:
        reminders = [
            ReminderRow(number, ReminderKind.POSTURE, later(NINE, minutes=number), NINE, "Sit", "…")
            for number in (1, 2)
        ]
        fates = [
            ReminderFateRow(1, later(NINE, minutes=2), Fate.HEEDED, 12.0, None, {"slump_cm": 3.2}),
            ReminderFateRow(2, later(NINE, minutes=4), Fate.EXPIRED),
        ]

        html = render(asked(a_monday(reminders=reminders, fates=fates), [MONDAY]))

        dots = data_of(html)["timeline"]["dots"]
        assert [(dot["x"], dot["heeded"]) for dot in dots] == [(541, True), (542, False)]
        assert dots[0]["tip"].splitlines() == [
            "09:01  Sit",
            "heeded after 12 s",
            "sitting height lost −3.2 cm",
        ]
        assert "Posture 2 50% 12 s sitting height lost −3.2 cm" in visible(html)

    def test_lines_break_where_nothing_was_measured(self) -> None:
        minutes = [
            Minute(later(NINE, minutes=n), 60, {"distance_cm": MinuteMeasure(62, 60, 65, 60)})
            for n in (*range(10), *range(30, 40))
        ]

        chart = data_of(render(asked(a_monday(minutes=minutes), [MONDAY])))["distance"]

        assert [(point["x"], point["mid"]) for point in chart["points"]] == [
            (542.5, 62),
            (547.5, 62),
            (550, None),
            (572.5, 62),
            (577.5, 62),
        ]
        assert [limit["y"] for limit in chart["limits"]] == [50, 40]

    def test_not_measured_is_said_and_not_drawn(self) -> None:
        html = render(asked(a_monday(), [MONDAY]))

        assert not {"distance", "neck"} & set(data_of(html))
        assert visible(html).count("Not measured.") == 2
        for chart in ("distance", "neck"):
            figure = re.search(rf'<figure id="{chart}".*?</figure>', html, re.DOTALL)
            assert figure is not None
            assert "Not measured." in figure[0]

    def test_one_day_makes_no_pattern(self) -> None:
        html = render(asked(a_monday(), [MONDAY]))

        assert "After two days at the desk, patterns and trends are drawn here." in visible(html)
        assert not {"week_shape", "trend_good", "trend_upright"} & set(data_of(html))

    def test_figures_stand_beside_those_of_before(self, example: str) -> None:
        text = visible(example)

        assert re.search(r"good posture 79% week before: \d\d% 4 weeks: \d\d% on your feet", text)

    def test_a_day_not_judged_has_no_key_to_what_is_not_drawn(self) -> None:
        """Sitting, then a camera in the dark: neither posture nor reminders to explain."""
        spans = [
            *story(SpanKind.ACTIVITY, "2026-03-02 09:00", "sitting 30m, unknown 20m, sitting 10m"),
            *story(SpanKind.PRESENCE, "2026-03-02 09:30", "unknown 20m"),
            Span(SpanKind.PRESENCE, "unknown", NINE - 3_600_000_000, NINE, "dark"),
        ]

        html = render(asked(Records(spans), [MONDAY]))

        text = visible(html)
        assert "09:00 to 10:00: posture could not be judged, no reminders." in text
        assert "Before these hours the camera could not tell for 1 h" in text
        assert "The reason, for most of it: it was too dark." in text
        legend = re.findall(r'<li class="(\w+)">', html)
        assert legend == ["sitting", "unknown"]
        bars = data_of(html)["timeline"]["bars"]
        assert [(bar["kind"], bar["x1"], bar["x2"]) for bar in bars] == [
            ("sitting", 540, 570),
            ("unknown", 570, 590),
            ("sitting", 590, 600),
        ]

    def test_an_hour_hardly_judged_is_not_the_hardest(self) -> None:
        """Six bad minutes after work are drawn, but a whole hour is the one to name."""
        spans = [
            *story(SpanKind.ACTIVITY, "2026-03-02 09:00", "sitting 126m"),
            *story(SpanKind.POSTURE, "2026-03-02 09:00", "upright 1h, upright 45m, slouch 15m"),
            *story(SpanKind.POSTURE, "2026-03-02 11:00", "slouch 6m"),
            *story(SpanKind.ACTIVITY, "2026-03-03 09:00", "sitting 2h"),
        ]

        html = render(asked(Records(spans), [date(2026, 3, 3)]))

        assert "Best on Monday 09:00, hardest on Monday 10:00." in visible(html)
        assert [cell["hour"] for cell in data_of(html)["week_shape"]["cells"]] == [9, 10, 11]

    def test_days_to_come_are_not_counted(self) -> None:
        spans = story(SpanKind.ACTIVITY, "2026-03-02 09:00", "sitting 2h")
        month = month_of(MONDAY)

        over = visible(render(asked(Records(spans), month)))
        begun = visible(render(asked(Records(spans), month, today=MONDAY)))

        assert "1 of 31 days at the desk." in over
        assert "1 of 2 days at the desk." in begun

    def test_nobody_there_is_not_nothing_recorded(self) -> None:
        spans = story(SpanKind.ACTIVITY, "2026-03-02 09:00", "away 3h")

        text = visible(render(asked(Records(spans), [MONDAY])))

        assert "The camera watched for 3 h: nobody was at the desk." in text
        assert "Nothing was recorded" not in text

    def test_an_empty_day(self) -> None:
        html = render(asked(Records(), [MONDAY]))

        assert "Nothing was recorded here." in visible(html)
        assert data_of(html) == {}

    def test_a_day_of_25_hours_names_every_hour(self) -> None:
        """On 25 October 2026 two o'clock comes twice in Berlin."""
        spans = story(SpanKind.ACTIVITY, "2026-10-25 00:00", "sitting 5h")

        chart = data_of(render(asked(Records(spans), [date(2026, 10, 25)])))["timeline"]

        assert chart["ticks"] == [
            [0, "00:00"], [60, "01:00"], [120, "02:00"], [180, "02:00"], [240, "03:00"],
            [300, "04:00"],
        ]  # fmt: skip

    def test_absence_before_and_after_the_desk_is_not_drawn(self) -> None:
        spans = story(SpanKind.ACTIVITY, "2026-03-02 00:00", "away 9h, sitting 2h, away 13h")

        chart = data_of(render(asked(Records(spans), [MONDAY])))["timeline"]

        assert chart["x"] == [540, 660]
        assert [(bar["x1"], bar["x2"]) for bar in chart["bars"]] == [(540, 660)]

    def test_words_of_others_cannot_become_code(self) -> None:
        hostile = "</script><img src=x onerror=alert(1)>"
        reminder = ReminderRow(1, ReminderKind.POSTURE, NINE, NINE, hostile, "…")
        silence = [Span(SpanKind.SILENCE, hostile, NINE, later(NINE, minutes=5))]
        records = a_monday(reminders=[reminder])

        html = render(
            asked(replace(records, spans=[*records.spans, *silence]), [MONDAY], made_up=True)
        )

        assert hostile not in html
        assert not [tag for tag, _ in Elements(html).tags if tag == "img"]
        assert hostile in data_of(html)["timeline"]["dots"][0]["tip"]

    def test_the_score_around_reminders(self) -> None:
        reminder = ReminderRow(1, ReminderKind.POSTURE, later(NINE, minutes=20), NINE, "Sit", "…")
        minutes = [
            Minute(
                later(NINE, minutes=n),
                60,
                {SCORE: MinuteMeasure(score, score, score, 60)},
            )
            for n, score in ((18, 50), (19, 54), (21, 80), (24, 90))
        ]
        fate = ReminderFateRow(1, later(NINE, minutes=21), Fate.HEEDED)
        spans = story(SpanKind.ACTIVITY, "2026-03-02 09:00", "sitting 2h")

        html = render(asked(Records(spans, minutes, [reminder], [fate]), [MONDAY]))

        assert (
            "The posture score was 52 in the three minutes before a reminder and 85 in the five "
            "after it (one reminder; 100 is your neutral)." in visible(html)
        )
        assert [step["x"] for step in data_of(html)["around"]["steps"]] == [-2, -1, 1, 4]

    def test_a_week_shows_its_days_off_and_what_came_up_most(self) -> None:
        html = render(asked(EXAMPLE, week_of(FRIDAY)))

        days = data_of(html)["days"]["days"]
        assert [day["name"] for day in days][-2:] == ["Sat 21 Nov", "Sun 22 Nov"]
        assert "On 4 of 5 days you were on your feet as long as you aim for." in visible(html)
        assert "Stand up once in every hour" in visible(html)

    def test_the_neck_is_the_measure_of_the_monitor(self) -> None:
        chart = data_of(render(asked(EXAMPLE, [FRIDAY])))["neck"]

        assert NECK_MEASURE == "forward_head_deg"
        assert (chart["unit"], [limit["y"] for limit in chart["limits"]]) == ("°", [8, 12])


class TestCommand:
    @pytest.fixture(autouse=True)
    def _home(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("TZ", "Europe/Berlin")
        monkeypatch.setenv("LC_ALL", "C.UTF-8")
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
            monkeypatch.setenv(name, str(tmp_path / "home"))

    @pytest.fixture
    def log(self, tmp_path: Path) -> Path:
        with Journal(tmp_path / "log", ManualClock(at(NINE))) as journal:
            journal.record(effects(list(a_monday("upright 40m").spans)))
        return tmp_path / "log"

    def test_the_page_is_kept_beside_the_log_and_private(
        self, log: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["report", "2026-03-02", "--data-dir", str(log)]) == 0

        path = Path(capsys.readouterr().out.strip())
        assert path == log / "reports" / "posture-2026-03-02.html"
        assert "You sat for 1 h 50 min" in visible(path.read_text(encoding="utf-8"))
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700

    def test_week_and_month_have_names_of_their_own(
        self, log: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for option in ("--week", "--month"):
            assert main(["report", "2026-03-02", option, "--data-dir", str(log)]) == 0

        names = [Path(line).name for line in capsys.readouterr().out.splitlines()]
        assert names == ["posture-2026-03-02-week.html", "posture-2026-03-01-month.html"]

    def test_out_and_standard_output(
        self, log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out = tmp_path / "page.html"
        words = ["report", "2026-03-02", "--data-dir", str(log), "--out"]

        assert main([*words, str(out)]) == 0
        assert capsys.readouterr().out == f"{out}\n"
        assert main([*words, "-"]) == 0
        assert capsys.readouterr().out.splitlines()[0] == "<!doctype html>"
        assert out.read_text(encoding="utf-8").startswith("<!doctype html>")

    def test_a_place_that_cannot_be_written_is_said(
        self, log: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        words = ["report", "2026-03-02", "--data-dir", str(log), "--out", "/nowhere/at/all.html"]

        assert main(words) == 31
        assert "/nowhere/at/all.html cannot be written" in capsys.readouterr().err

    @pytest.mark.parametrize("browser", [True, False])
    def test_open(
        self,
        log: Path,
        browser: bool,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        opened: list[str] = []

        def open_(url: str) -> bool:
            opened.append(url)
            return browser

        monkeypatch.setattr("webbrowser.open", open_)

        assert main(["report", "2026-03-02", "--open", "--data-dir", str(log)]) == 0

        said = capsys.readouterr()
        assert opened == [Path(said.out.strip()).as_uri()]
        assert ("No browser could be started" in said.err) is not browser

    def test_the_example_needs_no_log_and_makes_none(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["report", "--demo"]) == 0

        path = Path(capsys.readouterr().out.strip())
        assert "A made-up example" in visible(path.read_text(encoding="utf-8"))
        assert not list(tmp_path.rglob("*.db"))

    def test_without_a_log_the_example_is_named(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["report"]) == 27
        assert "posture report --demo" in capsys.readouterr().err
