"""The guided calibration in a terminal: the same steps and checks as in the window, as text."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Sequence

import click

from posture import consent
from posture.cli import asking
from posture.cli.at_words import READABLE, at_words
from posture.clock import SystemClock
from posture.core.desk import Place
from posture.core.guide import Guide, Progress, Step
from posture.core.live_checks import Mark
from posture.core.number_field import Key, Problem
from posture.desktop.calibration_words import check_name, doubts, facts, hint, refusal
from posture.desktop.consent_words import promises
from posture.desktop.words import say
from posture.looking import Looking
from posture.sense.landmark_stream import Seen

# Chosen: the line is written anew as often, and when a picture comes.
_TURN_S = 0.25
_ANSWER = re.compile(r"(?:([0-9]+(?:[.,][0-9]*)?)\s*([^\W\d]*))?")
_PLACES = tuple(Place)


def ask_consent(told: Sequence[str]) -> bool:
    """Ask whether the camera may be used, and remember a yes; *told*: who is told of states."""
    click.secho(say("consent.title"), bold=True)
    for promise in promises(told):
        click.echo(at_words(f"- {promise}", widest=READABLE))
    # No default: a camera is not opened by a key pressed by habit.
    if not asking.confirmed(say("consent.question")):
        return False
    consent.remember(SystemClock())
    return True


def guide_in_terminal(guide: Guide, looking: Looking) -> None:
    """Go through *guide* until it is over. Raises what the looking raises, and click.Abort."""
    while not guide.progress.over:
        step = guide.progress.step
        if step is Step.HOLD:
            _hold(guide, looking)
        else:
            _TALKS[step](guide)


def _welcome(guide: Guide) -> None:
    click.secho(say("guide.welcome.title"), bold=True)
    click.echo(at_words(say("guide.welcome.text"), widest=READABLE))
    click.echo(at_words(say("guide.welcome.plan"), widest=READABLE))
    click.echo(say("window.private"))
    asking.line(f"{say('key.enter')}: {say('do.start')}: ")
    guide.press(Key.ENTER)


def _screen(guide: Guide) -> None:
    click.echo()
    click.secho(say("guide.screen.title"), bold=True)
    click.echo(at_words(f"{say('guide.screen.text')} {say('guide.screen.skip')}", widest=READABLE))
    _number(guide, f"{say('unit.inches')} ({say('unit.cm')})")


def _place(guide: Guide) -> None:
    click.echo()
    click.secho(say("guide.place.title"), bold=True)
    for number, place in enumerate(_PLACES, 1):
        click.echo(f"  {number}  {say(f'place.{place.value}')}")
    chosen = asking.chosen(len(_PLACES))
    guide.press(
        {Place.ABOVE: Key.UP, Place.BELOW: Key.DOWN, Place.LEFT: Key.LEFT}.get(
            _PLACES[chosen - 1], Key.RIGHT
        )
    )
    offset_cm = guide.progress.desk.offset_cm
    usual = (
        say("guide.place.skip")
        if offset_cm is None
        else say("guide.place.usual", cm=f"{offset_cm:.0f}")
    )
    click.echo(at_words(usual, widest=READABLE))
    _number(guide, f"{say('guide.place.offset')}, {say('unit.cm')}")


def _hold(guide: Guide, looking: Looking) -> None:
    click.echo()
    click.secho(say("guide.hold.waiting"), bold=True)
    for name in ("back", "feet", "loose", "look"):
        click.echo(f"  - {say(f'guide.hold.{name}')}")
    click.echo(say("guide.hold.soon"))
    # What was seen while a question was open tells nothing of how the user sits now.
    looking.take()
    line = _Line()
    while guide.progress.step is Step.HOLD:
        for item in looking.take(_TURN_S):
            guide.see(item.landmarks if isinstance(item, Seen) else item)
        line.show(guide.progress)
    line.end()


def _distance(guide: Guide) -> None:
    click.echo()
    click.secho(say("guide.distance.title"), bold=True)
    estimate = guide.progress.estimate_cm
    if estimate is not None:
        click.echo(at_words(say("guide.distance.estimate", cm=f"{estimate:.0f}"), widest=READABLE))
    click.echo(at_words(say("guide.distance.no_tape_typed"), widest=READABLE))
    click.echo(say("guide.distance.skip"))
    _number(guide, say("unit.cm"))


def _result(guide: Guide) -> None:
    progress = guide.progress
    click.echo()
    if progress.neutral is None or progress.quality is None:
        click.secho(say("guide.result.refused"), bold=True)
        click.echo(at_words(refusal(progress), widest=READABLE))
        keys = f"{say('key.enter')}: {say('do.again')}, c: {say('do.cancel')}"
    else:
        good = progress.quality.good
        click.secho(say(f"guide.result.{'good' if good else 'fair'}"), bold=True)
        for name, value in facts(progress.neutral):
            click.echo(f"  {name}: {value}")
        for doubt in doubts(progress.quality):
            click.echo(at_words(f"- {doubt}", widest=READABLE))
        keys = f"{say('key.enter')}: {say('do.keep')}, r: {say('do.again')}, c: {say('do.discard')}"
    answer = asking.line(f"{keys}: ").strip().lower()
    guide.press({"r": "r", "c": Key.ESCAPE}.get(answer, Key.ENTER))


_TALKS: dict[Step, Callable[[Guide], None]] = {
    Step.WELCOME: _welcome,
    Step.SCREEN: _screen,
    Step.PLACE: _place,
    Step.DISTANCE: _distance,
    Step.RESULT: _result,
}


def _number(guide: Guide, question: str) -> None:
    """Ask until the guide takes the answer; an empty one leaves it open."""
    step = guide.progress.step
    while guide.progress.step is step:
        problem = type_answer(guide, asking.line(f"{question}: "))
        if problem is Problem.UNLIKELY:
            click.echo(say("problem.unlikely_typed"))
        elif problem is not None:
            click.echo(say(f"problem.{problem.value}"))


def type_answer(guide: Guide, answer: str) -> Problem | None:
    """Type *answer* ("62", "24 inches", "7 cards", "") into the guide's field and press Enter.

    Why it was not taken, or None.
    """
    step, typed = guide.progress.step, guide.progress.typed
    found = _ANSWER.fullmatch(answer.strip())
    if typed is None or found is None:
        return Problem.NO_NUMBER
    for _ in typed.text:
        guide.press(Key.BACKSPACE)
    amount, unit = found.groups()
    if unit and not _change_unit(guide, unit.lower()):
        return Problem.NO_NUMBER
    for key in amount or "":
        guide.press(key)
    guide.press(Key.ENTER)
    still = guide.progress.typed
    return still.problem if still is not None and guide.progress.step is step else None


def _change_unit(guide: Guide, wanted: str) -> bool:
    """Press Tab until the unit begins as *wanted* does, in the user's words or in English."""
    seen: set[str] = set()
    while (typed := guide.progress.typed) is not None and typed.unit.name not in seen:
        names = (typed.unit.name, say(f"unit.{typed.unit.name}").lower())
        if any(name.startswith(wanted) for name in names):
            return True
        seen.add(typed.unit.name)
        guide.press(Key.TAB)
    return False


class _Line:
    """One line that is kept up to date; where that cannot be, a new one when something changed."""

    def __init__(self) -> None:
        self._live = sys.stdout.isatty()
        self._last = ""

    def show(self, progress: Progress) -> None:
        """Write how it stands."""
        width = shutil.get_terminal_size().columns - 1
        text = status_text(progress, _marks(), width)
        if text == self._last:
            return
        self._last = text
        if self._live:
            sys.stdout.write(f"\r\x1b[K{text}")
        else:
            sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    def end(self) -> None:
        """Leave the line as it is."""
        if self._live:
            sys.stdout.write("\n")


def status_text(progress: Progress, marks: dict[Mark, str], width: int) -> str:
    """Checks, hint and countdown in at most *width* characters."""
    marked = [f"{check_name(finding)} {marks[finding.mark]}" for finding in progress.findings]
    left_s = progress.remaining_s
    tail = hint(progress.findings) or ""
    if left_s is not None:
        tail = f"… {-int(-left_s // 1)}"
    long = "  ".join([*marked, tail]).rstrip()
    if len(long) <= width:
        return long
    short = "".join(marks[finding.mark] for finding in progress.findings)
    return f"{short}  {tail}"[:width].rstrip()


def _marks() -> dict[Mark, str]:
    try:
        "✓✗·…".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return {Mark.GOOD: "+", Mark.BAD: "!", Mark.WAITING: "."}
    return {Mark.GOOD: "✓", Mark.BAD: "✗", Mark.WAITING: "·"}
