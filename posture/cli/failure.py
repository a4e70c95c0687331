"""How the command line fails: one line on stderr, or one JSON object, and an exit code."""

from __future__ import annotations

import json
import os
import re
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import click

from posture.errors import PostureError, UsageError

DEBUG_VARIABLE = "POSTURE_DEBUG"
BUG_EXIT_CODE = PostureError.exit_code
# As a shell reports a program that ended by SIGINT or SIGPIPE: 128 + the signal's number.
INTERRUPTED_EXIT_CODE = 130
BROKEN_PIPE_EXIT_CODE = 141

# click's words, and people's.
_PLAINLY = {"is not a valid float": "is no number", "is not a valid integer": "is no whole number"}
_SURPLUS = re.compile(r"Got unexpected extra arguments? \((.*)\)")


@dataclass
class Outcome:
    """How the command ended."""

    exit_code: int = 0


@contextmanager
def told(words: Sequence[str]) -> Iterator[Outcome]:
    """Run a block as the command line *words*: whatever it raises is told and becomes a code."""
    outcome = Outcome()
    as_json = wants_json(words)
    try:
        yield outcome
    except click.exceptions.Exit as exit_:
        outcome.exit_code = exit_.exit_code
    except (KeyboardInterrupt, click.Abort):
        outcome.exit_code = INTERRUPTED_EXIT_CODE
    except BrokenPipeError:
        _close_stdout()
        outcome.exit_code = BROKEN_PIPE_EXIT_CODE
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        outcome.exit_code = error.exit_code
    except click.ClickException as error:
        outcome.exit_code = tell(_usage_error(error), as_json=as_json)
    except PostureError as error:
        outcome.exit_code = tell(error, as_json=as_json)
    except Exception as error:  # noqa: BLE001 - the last resort of the whole program
        if os.environ.get(DEBUG_VARIABLE):
            traceback.print_exc()
        outcome.exit_code = tell(_bug(error), as_json=as_json)


def wants_json(words: Sequence[str]) -> bool:
    """Whether the command line asks for JSON; also when it cannot be understood otherwise."""
    options = words[: words.index("--")] if "--" in words else words
    return "--json" in options or "--jsonl" in options


def tell(error: PostureError, *, as_json: bool) -> int:
    """Write *error* to stderr and return its exit code."""
    if as_json:
        text = json.dumps({"error": as_object(error)}, ensure_ascii=False)
    else:
        text = f"posture: {_visible(_one_line(str(error)))}"
    click.echo(text, err=True)
    return error.exit_code


def as_object(error: PostureError) -> dict[str, str | int]:
    """Return *error* as the JSON object of the contract: code, exit_code, what, do."""
    name = "Bug" if type(error) is PostureError else type(error).__name__
    return {
        "code": re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower(),
        "exit_code": error.exit_code,
        "what": _one_line(error.what),
        "do": _one_line(error.do),
    }


def _usage_error(error: click.ClickException) -> UsageError:
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context else "posture"
    what = _one_line(error.format_message())
    for jargon, plain in _PLAINLY.items():
        what = what.replace(jargon, plain)
    surplus = _SURPLUS.fullmatch(what)
    if surplus is not None:
        what = f"{path} takes no {surplus[1]}."
        if context is not None and _has_source(context.command):
            # Other commands take it as an argument.
            what = f"{what} A camera, a file or demo is named with --source."
    return UsageError(what if what.endswith((".", "?")) else f"{what}.", f"See: {path} --help")


def _has_source(command: click.Command) -> bool:
    return any("--source" in option.opts for option in command.params)


def _bug(error: Exception) -> PostureError:
    return PostureError(
        f"This is a bug in posture: {type(error).__name__}: {_one_line(str(error))}.",
        f"Set {DEBUG_VARIABLE}=1 and run it again for the details to report.",
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _visible(text: str) -> str:
    """*text* without what a terminal would obey: a file's name may hold anything."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in text
    )


def _close_stdout() -> None:
    """Point stdout nowhere, so that the flush at exit has no broken pipe to complain of."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
