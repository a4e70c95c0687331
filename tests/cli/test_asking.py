"""Questions in the terminal, answered as people answer them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator

import click
import pytest

from posture.cli import asking
from posture.desktop import words

Typed = Callable[[str], None]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    words.speak("en")
    yield
    words.speak("en")


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Typed]:
    """Types a text, after which the input ends."""
    reading, writing = os.pipe()
    with os.fdopen(reading, encoding="utf-8") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)

        def type_(text: str) -> None:
            with os.fdopen(writing, "w", encoding="utf-8") as keyboard:
                keyboard.write(text)

        yield type_


@pytest.mark.parametrize(
    ("language", "text", "default", "meant"),
    [
        ("en", "y\n", None, True),
        ("en", " YES \n", None, True),
        ("en", "n\n", True, False),
        ("en", "\n", True, True),
        ("en", "\n", False, False),
        ("en", "\n\nno\n", None, False),
        ("de", "j\n", None, True),
        ("de", "Ja\n", False, True),
        ("de", "y\n", None, True),
        ("de", "nein\n", True, False),
    ],
)
def test_yes_and_no_in_both_languages(
    language: str, text: str, default: bool | None, meant: bool, typed: Typed
) -> None:
    words.speak(language)
    typed(text)
    assert asking.confirmed("May it?", default=default) is meant


def test_what_is_neither_is_asked_again(typed: Typed, capsys: pytest.CaptureFixture[str]) -> None:
    typed("perhaps\ny\n")
    assert asking.confirmed("May it?", default=False)
    assert capsys.readouterr().out == ("May it? [y/N]: Please type y or n.\nMay it? [y/N]: ")


def test_a_number_in_range_is_asked_for(typed: Typed, capsys: pytest.CaptureFixture[str]) -> None:
    typed("nine\n9\n0\n3\n")
    assert asking.chosen(4) == 3
    assert capsys.readouterr().out.count("Please type a number from 1 to 4.") == 3


def test_enter_alone_takes_the_first(typed: Typed) -> None:
    typed("\n")
    assert asking.chosen(4) == 1


@pytest.mark.parametrize("ask", [lambda: asking.confirmed("?"), lambda: asking.chosen(2)])
def test_an_input_that_ends_is_no_answer(ask: Callable[[], object], typed: Typed) -> None:
    typed("")
    with pytest.raises(click.Abort):
        ask()
