"""A stored benchmark (``benchmark.py --json``) as the tables of the documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markdown_table import table

Found = Mapping[str, Any]

# Why a goal is missed; a missed goal without a reason here makes the documents stale.
_LOOKS = (
    "finding landmarks, some 35 ms a look on this computer as slow as it was, takes half of it;"
    " pictures on their way to looks and glances a third; the monitor the rest"
)
_WHY = {
    "somebody who moves": _LOOKS,
    "real people who never rest": (
        "they are looked at once in three seconds on average, oftener while something is undecided,"
        " so that a slouch in the midst of it is not missed; " + _LOOKS
    ),
    "replay of a landmark trace": (
        "it is met only while this computer is quick: within one minute the same build replayed"
        " 1,510 and 2,120 pictures a second"
    ),
    "an empty chair": (
        "a look or two a minute and a glance every other second take not quite half of it, the"
        " monitor, the journal and the questions to the desktop the rest; a step of the system's"
        " clock is 0.04 %"
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: what, how it reads, the goal's words, and whether it is met (None: no goal)."""

    name: str
    measured: str
    goal: str = ""
    met: bool | None = None


def rows(found: Found) -> list[Row]:
    """Every figure with its goal. Raises KeyError, TypeError, ValueError when a part is missing."""
    costs: Mapping[str, Any] = found["costs"]
    moving, people = (
        [cost["cores"] for name, cost in costs.items() if name.startswith(f"{part} ")]
        for part in ("moving", "people")
    )
    ratio = min(
        _naive(found, cost) / cost["cores"]
        for name, cost in costs.items()
        if name.startswith("moving ")
    )
    memory = found["memory"]
    peak = max([memory["peak_mb"], *(cost["peak_pss_mb"] for cost in costs.values())])
    least = min(cost["settled_pss_mb"] for cost in costs.values())
    latencies = [latency for several in found["latencies"].values() for latency in several]
    seen = [latency["state_s"] for latency in latencies]
    told = [latency["nudge_s"] for latency in latencies]
    replay = found["replay"]["frames_per_s"]
    return [
        Row(
            "somebody who moves",
            f"{_span(moving, 100)} % of a core, at most 1/{ratio:.0f} of the naive loop",
            "2 %",
            max(moving) <= 0.02,
        ),
        Row(
            "real people who never rest",
            f"{_span(people, 100)} % of a core",
            "2 %",
            max(people) <= 0.02,
        ),
        Row("somebody who sits still", f"{_percent(costs['still']['cores'])} of a core"),
        Row(
            "an empty chair",
            f"{_percent(costs['away']['cores'])} of a core",
            "0.3 %",
            costs["away"]["cores"] <= 0.003,
        ),
        Row("camera closed (paused, locked, meeting)", _percent(costs["camera closed"]["cores"])),
        Row(
            "memory of all its processes (PSS)",
            f"{least:.0f}–{peak:.0f} MB",
            "160 MB",
            peak <= 160,
        ),
        Row(
            "growth over an hour's looks",
            f"{memory['end_mb'] - memory['settled_mb']:+.0f} MB in {memory['looks']} looks",
        ),
        Row(
            "first reading after the start",
            f"{found['first_reading_s']:.1f} s",
            "2 s",
            found["first_reading_s"] <= 2,
        ),
        Row("a slouch until it is seen", f"{_span(seen)} s", "3 s", max(seen) <= 3),
        Row("and until it is told, at 5 s of patience (20 s where it is mild)", f"{_span(told)} s"),
        Row("coming back until it is told", f"{found['back_s']:.1f} s"),
        Row(
            "replay of a landmark trace",
            f"{round(replay, -1):,.0f} pictures a second",
            "2,000",
            replay >= 2000,
        ),
    ]


def figures(found: Found) -> str:
    """The README's table."""
    told = [(row.name, row.measured, _goal(row)) for row in rows(found)]
    return table(("", "measured", "goal"), told)


def missed(found: Found) -> str:
    """Each goal that is not met, with the reason."""
    lines = [f"- {row.name}: {_WHY[row.name]}." for row in rows(found) if row.met is False]
    return "\n".join(lines) or "All goals are met."


def machine(found: Found) -> str:
    """Where and how it was measured."""
    about = found["machine"]
    return (
        f"Measured by `python scripts/benchmark.py` on {about['cores']} cores of an"
        f" {about['cpu']} ({about['system'].split('-')[0]}, Python {about['python']}, load before"
        f" {about['load_before']}), before live pictures (640×480, 10 a second) of rendered people"
        " who really move. The naive loop, both landmarkers on 30 pictures a second, took"
        f" {found['naive_cores']:.0%} of a core in the same run."
    )


def elsewhere(found: Found) -> str:
    """What an earlier benchmark found on a slower computer, in a sentence."""
    told = {row.name: row.measured for row in rows(found)}
    missed = [row.name for row in rows(found) if row.met is False]
    return (
        f"On a slower computer (an {found['machine']['cpu']}), where the naive loop took"
        f" {found['naive_cores']:.0%} of a core, the build before took"
        f" {told['somebody who moves']} for somebody who moves,"
        f" {told['real people who never rest']} for real people who never rest,"
        f" {told['somebody who sits still']} for somebody who sits still and"
        f" {told['an empty chair']} for an empty chair; the first reading came after"
        f" {told['first reading after the start']}, a slouch was seen after"
        f" {told['a slouch until it is seen']}, a trace replayed at"
        f" {told['replay of a landmark trace']}."
        + (f" Not met there: the goals for {', '.join(missed)}." if missed else "")
    )


def parts(found: Found) -> str:
    """Every single scene."""
    told = [
        (
            name,
            _percent(cost["cores"]),
            f"1/{_naive(found, cost) / cost['cores']:.0f}" if cost["cores"] else "–",
            f"{cost['settled_pss_mb']:.0f} MB",
            f"{cost['peak_pss_mb']:.0f} MB",
        )
        for name, cost in found["costs"].items()
    ]
    return table(
        ("scene", "of a core", "of the naive loop then", "PSS when settled", "at most"), told
    )


BLOCKS: Mapping[str, Callable[[Found], str]] = {
    "cost": figures,
    "cost machine": machine,
    "cost missed": missed,
    "cost parts": parts,
}


def _naive(found: Found, cost: Found) -> float:
    """The naive loop's share of a core when *cost* was measured."""
    # It may have found nobody then; the part "naive" of the same run stands in.
    return float(cost["naive_cores"] or found["naive_cores"])


def _goal(row: Row) -> str:
    if row.met is None:
        return row.goal
    return row.goal if row.met else f"{row.goal}, not met"


def _percent(share: float) -> str:
    return f"{share * 100:.2f} %"


def _span(values: Sequence[float], scale: float = 1.0) -> str:
    least, most = (f"{value * scale:.1f}" for value in (min(values), max(values)))
    return least if least == most else f"{least}–{most}"
