"""One self-contained HTML page: everything inlined, nothing requested.

The page's own Content-Security-Policy allows its scripts and styles by hash and no request.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup, escape

from posture.core import texts
from posture.core.texts import NO_BREAK
from posture.journal.drawing import Chart, Json, Table
from posture.journal.texts import Words

# Observable Plot puts this style sheet into every drawing (class name "plot").
_PLOT_STYLE = """:where(.plot) {
  --plot-background: white;
  display: block;
  height: auto;
  height: intrinsic;
  max-width: 100%;
}
:where(.plot text),
:where(.plot tspan) {
  white-space: pre;
}"""
# Minutes stay with their hours.
_REST = re.compile(rf"(?<={NO_BREAK}h) (?=\d)")
_COMMAND = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number in large type, and what it was before."""

    name: str
    value: str
    before: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart and the keys of its legend."""

    chart: Chart
    legend: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Weeks:
    """The part about the weeks before. ``patterns``: none while there are too few days."""

    patterns: Sequence[Drawn]
    trends: Sequence[Drawn]
    around: Drawn
    reminders: Table


@dataclass(frozen=True, slots=True)
class Page:
    """What the page says and shows, in the order it does."""

    heading: str
    when: str = ""
    made_up: bool = False
    paragraphs: Sequence[Sequence[str]] = ()
    notes: Sequence[str] = ()
    figures: Sequence[Figure] = ()
    tips_title: str = ""
    tips: Sequence[str] = ()
    charts: Sequence[Drawn] = ()
    weeks: Weeks | None = None
    version: str = ""
    made_at: str = ""

    @property
    def drawings(self) -> list[Chart]:
        """Every chart on the page."""
        drawn = list(self.charts)
        if self.weeks is not None:
            drawn += [*self.weeks.patterns, *self.weeks.trends, self.weeks.around]
        return [one.chart for one in drawn]


def html(page: Page, words: Words) -> str:
    """The page as one HTML document."""
    style = _file("report.css") + _font_face()
    scripts = [_file("vendor/d3.min.js"), _file("vendor/plot.umd.min.js"), _file("report.js")]
    data = {chart.key: chart.data for chart in page.drawings if chart.data is not None}
    return _template().render(
        {one.name: getattr(page, one.name) for one in fields(page)},
        language=words.language,
        t=words.say,
        icon=_icon(),
        policy=_policy(scripts, [style, _PLOT_STYLE]),
        # From the program's own files, and allowed by hash.
        style=Markup(style),  # noqa: S704
        scripts=[Markup(script) for script in scripts],  # noqa: S704
        data=Markup(_as_script(data)),  # noqa: S704
    )


def tied(text: str) -> str:
    """*text* with numbers tied to their units."""
    return _REST.sub(NO_BREAK, texts.tied(text))


def _sentence(text: str) -> Markup:
    """*text* for the page: numbers tied to their units, commands marked as such."""
    return Markup(_COMMAND.sub(r"<code>\1</code>", str(escape(tied(text)))))  # noqa: S704


def _as_script(data: Mapping[str, Json]) -> str:
    """JSON that cannot end the script element it stands in."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _policy(scripts: Sequence[str], styles: Sequence[str]) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            "script-src " + " ".join(_hash(text) for text in scripts),
            "style-src " + " ".join(_hash(text) for text in styles),
            "font-src data:",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    environment.filters["tied"] = _sentence
    return environment.from_string(_file("report.html.j2"))


def _font_face() -> str:
    font = (_templates() / "vendor" / "literata-latin-wght-normal.woff2").read_bytes()
    source = f"data:font/woff2;base64,{base64.b64encode(font).decode()}"
    return (
        '\n@font-face { font-family: "Literata"; font-weight: 200 900; font-display: block;'
        f' src: url({source}) format("woff2"); }}\n'
    )


def _icon() -> str:
    svg = _file("icon.svg").encode()
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"


def _templates() -> Traversable:
    return resources.files("posture.journal") / "templates"


@cache
def _file(name: str) -> str:
    # An HTML parser turns CRLF into LF: hash what it will see.
    return (_templates() / name).read_text(encoding="utf-8").replace("\r\n", "\n")
